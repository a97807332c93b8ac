package feed

import (
	"fmt"
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// WatchID tells watches apart: by what is watched, not by its name.
type WatchID struct {
	Machine vastapi.MachineID // 0 when a query is watched
	Query   string
	Kind    vastapi.RentalType
}

// ID is what tells the watch from others.
func (w Watch) ID() WatchID {
	if w.Machine != 0 {
		return WatchID{Machine: w.Machine, Kind: KindOf(w.Kind)}
	}
	return WatchID{Query: w.Query, Kind: KindOf(w.Kind)}
}

// Label is what the user knows the watch by, inert.
func (w Watch) Label() string {
	switch {
	case w.Name != "":
		return safetext.New(w.Name).String()
	case w.Machine != 0:
		return "machine " + w.Machine.String()
	case w.Query == "":
		return "every offer"
	}
	return safetext.New(w.Query).String()
}

// Standing is whether what is watched is on the market.
type Standing int

// The ways in which a watch can stand.
const (
	WatchUnseen    Standing = iota // not looked at yet
	WatchAvailable                 // on the market
	WatchGone                      // not on the market
	WatchBack                      // on the market again
)

// WatchState is what is known about one watch.
type WatchState struct {
	Standing Standing
	Since    time.Time    // when it was first seen to stand so
	Looked   time.Time    // when it was looked at last, also in vain; zero = never
	Offers   int          // how many there were when it was last seen
	More     bool         // there are more than that
	Cheapest vastapi.Rate // of these, for the workload's disk, as the watch's rental type is priced; unknown when there is none
	Err      error        // why the last look failed; the rest is of an older one
	Failed   int          // looks in a row that failed for a reason of this watch alone
	// Prices are the cheapest of the latest looks of this run, the oldest first, NaN
	// where there was none; replaced, never changed in place.
	Prices []float64
}

// keptPrices is how many looks are remembered of a watch.
const keptPrices = 48

// Sighting is what one look at a watch found.
type Sighting struct {
	Offers   int
	More     bool
	Cheapest vastapi.Rate // unknown when there is none
}

// Seen is the state after a look, and whether what is watched has come or gone
// since the look before. The first look is no news: nothing is known to have changed.
func (w WatchState) Seen(found Sighting, at time.Time) (next WatchState, news bool) {
	next = w
	next.Looked, next.Err, next.Failed = at, nil, 0
	next.Offers, next.More, next.Cheapest = found.Offers, found.More, found.Cheapest
	next.Prices = append(slices.Clone(w.Prices[max(0, len(w.Prices)-keptPrices+1):]), float64(found.Cheapest))
	was := w.Standing
	switch {
	case found.Offers == 0:
		next.Standing = WatchGone
	case was == WatchGone:
		next.Standing = WatchBack
	case was == WatchUnseen:
		next.Standing = WatchAvailable
	}
	if next.Standing != was {
		next.Since = at
	}
	return next, next.Standing != was && was != WatchUnseen
}

// missed is the state after a look that failed.
func (w WatchState) missed(at time.Time, err error) WatchState {
	w.Looked, w.Err = at, err
	if !ConcernsAll(err) {
		w.Failed++
	}
	return w
}

// ConcernsAll reports whether what a look failed with would happen to a look at
// any watch: there is no connection, the key will not do, or there were too many
// requests. Anything else is taken to be wrong with that watch alone, also a
// server that breaks over one query: one that is down makes all reads rest.
func ConcernsAll(err error) bool {
	switch vastapi.KindOf(err) {
	case vastapi.KindTransport, vastapi.KindTimeout, vastapi.KindPaused, vastapi.KindRedirect, vastapi.KindAuth, vastapi.KindRateLimited:
		return true
	}
	return false
}

// SetWatch takes in what a look at a watch found, or why it failed. When what is
// watched has come or gone, that is noted as an event. What is no longer
// watched is forgotten, and an answer about it does nothing.
func (s *Snapshot) SetWatch(id WatchID, found Sighting, at time.Time, err error) {
	next := make(map[WatchID]WatchState, len(s.Memory.Watches))
	for _, w := range s.Memory.Watches {
		if _, twice := next[w.ID()]; twice {
			continue
		}
		state, known := s.Watches[w.ID()]
		news := false
		switch {
		case w.ID() != id && !known:
			continue
		case w.ID() != id:
		case err != nil:
			state = state.missed(at, err)
		default:
			state, news = state.Seen(found, at)
		}
		next[w.ID()] = state
		if news {
			s.Note(state.event(w, at))
		}
	}
	s.Watches = next
}

// event says that what is watched has come or gone.
func (w WatchState) event(of Watch, at time.Time) Event {
	e := Event{At: at, Kind: "watch", Machine: of.Machine, Query: of.Query, Level: EventWarn, Text: of.Label() + " has left the market"}
	if w.Standing == WatchBack {
		e.Level, e.Text = EventGood, of.Label()+" is back on the market"
		if vastapi.Known(w.Cheapest) {
			e.Text += fmt.Sprintf(", from $%.3f/h", float64(w.Cheapest))
		}
	}
	return e
}
