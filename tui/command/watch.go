package command

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// Watching is the topic of looking at watches: one look at a time.
const Watching Topic = "watch"

// lookLimit is how many offers a look asks for: whether there are any and what
// the cheapest costs needs no more.
const lookLimit = 64

const (
	// EveryWatch is how often a watch is looked at when there are few.
	EveryWatch = time.Minute
	// apart is the least time between looks at two watches, so that all of them
	// together leave half of the ten searches a minute to what is looked at.
	apart = 12 * time.Second
)

// WatchPeriod is how often each of n watches is looked at.
func WatchPeriod(n int) time.Duration { return max(EveryWatch, time.Duration(n)*apart) }

// NextWatch is the watch that is to be looked at next, and in how long: the
// period, doubled with each look in a row that failed for a reason of the watch's
// own, twice at most. ok is false when nothing is watched.
func NextWatch(d *feed.Snapshot, now time.Time) (w feed.Watch, wait time.Duration, ok bool) {
	var due time.Time
	period := WatchPeriod(len(d.Memory.Watches))
	for _, one := range d.Memory.Watches {
		state, at := d.Watches[one.ID()], time.Time{}
		if !state.Looked.IsZero() {
			at = state.Looked.Add(period << min(state.Failed, 2))
		}
		if !ok || at.Before(due) {
			w, due, ok = one, at, true
		}
	}
	return w, max(0, due.Sub(now)), ok
}

// WatchLooked answers LookAt.
type WatchLooked struct {
	Answer
	Watch feed.WatchID
	Found feed.Sighting
	Asked bool // a request was made; else the market in hand answered
}

// Fold keeps what was found, and notes what has come or gone.
func (m WatchLooked) Fold(s *feed.Snapshot) {
	if !Cancelled(m.Err) {
		s.SetWatch(m.Watch, m.Found, m.At, m.Err)
	}
}

// LookAt finds out whether what is watched is on the market. When the market in
// hand is whole, young and of the same type, nobody is asked.
func (s *Set) LookAt(d *feed.Snapshot, w feed.Watch, now time.Time) tea.Cmd {
	q, err := watched(w, d.Memory.Blocks, now)
	search := vastapi.OfferSearch{
		Filter: q.Filter(false), Type: feed.KindOf(w.Kind), Storage: d.Memory.Workload.Disk,
		Limit: lookLimit, Order: [][2]string{{"dph_total", "asc"}},
	}
	look := func(a Answer, v sighted) tea.Msg {
		return WatchLooked{Answer: a, Watch: w.ID(), Found: v.Sighting, Asked: v.asked}
	}
	if err != nil {
		return Run(s.Runner, Watching, func(context.Context) (sighted, error) { return sighted{}, err }, look)
	}
	if f := d.OffersOf(w.Kind); answers(f, search, now) {
		return Run(s.Runner, Watching, func(context.Context) (sighted, error) { return sighted{sight(f.Value, q, w.Kind), false}, nil }, look)
	}
	api := s.api
	return Run(s.Runner, Watching, func(ctx context.Context) (sighted, error) {
		page, err := api.SearchOffers(vastapi.WithPriority(ctx, vastapi.PriorityWatch), search)
		if err != nil {
			return sighted{asked: true}, err
		}
		found := seen(page, q, w.Kind)
		if found.Offers == 0 && found.More {
			return sighted{asked: true}, errors.New("the server sends offers that were not asked for: whether this is on the market cannot be told")
		}
		return sighted{found, true}, nil
	}, look)
}

// sighted is a sighting, and whether a request was made for it.
type sighted struct {
	feed.Sighting
	asked bool
}

// watched is the query that finds what a watch is about. What is blocked is not
// what anybody waits for, unless it is the watched machine itself.
func watched(w feed.Watch, list []feed.Block, now time.Time) (offerql.Query, error) {
	if w.Machine != 0 {
		q, err := offerql.Parse(fmt.Sprintf("machine_id=%d verified=any external=any", w.Machine))
		return q.WithDefaults(), err
	}
	q, err := offerql.Parse(w.Query)
	var (
		hosts    []vastapi.HostID
		machines []vastapi.MachineID
	)
	for _, b := range list {
		switch {
		case !b.Until.IsZero() && !now.Before(b.Until):
		case b.Host != 0:
			hosts = append(hosts, b.Host)
		case b.Machine != 0:
			machines = append(machines, b.Machine)
		}
	}
	return q.WithDefaults().Excluding(hosts, machines), err
}

// answers reports whether a market holds everything that a search would find now.
func answers(f feed.Feed[feed.Market], s vastapi.OfferSearch, now time.Time) bool {
	m := f.Value
	if !f.Told() || f.Err != nil || !m.Complete() || now.Sub(m.Since) >= EveryWatch || !covers(m.Search.Filter, s.Filter) {
		return false
	}
	s.Filter = m.Search.Filter
	return feed.SameSearch(m.Search, s) // of the same type, priced for the same disk
}

// sight counts what of a market satisfies a query.
func sight(m feed.Market, q offerql.Query, kind vastapi.RentalType) feed.Sighting {
	found := feed.Sighting{Cheapest: vastapi.Unknown[vastapi.Rate]()}
	for n := range m.Rows {
		if r := &m.Rows[n]; r.Gone.IsZero() && q.Match(r.Offer) {
			count(&found, r.Offer, kind)
		}
	}
	return found
}

// seen counts what of a page satisfies a query; filters have been seen to be ignored.
func seen(p vastapi.OfferPage, q offerql.Query, kind vastapi.RentalType) feed.Sighting {
	found := feed.Sighting{Cheapest: vastapi.Unknown[vastapi.Rate]()}
	for n := range p.Offers {
		if o := &p.Offers[n]; q.Match(o) {
			count(&found, o, kind)
		}
	}
	found.More = p.Full()
	return found
}

// count adds an offer to what was found, at the price that the market lists it
// with for that rental type. One that has none is there all the same.
func count(found *feed.Sighting, o *vastapi.Offer, kind vastapi.RentalType) {
	found.Offers++
	price := pricing.Headline(o, feed.KindOf(kind))
	if c := found.Cheapest; vastapi.Known(price) && (!vastapi.Known(c) || price < c) {
		found.Cheapest = price
	}
}

// covers reports whether everything that narrow admits is admitted by wide too:
// each condition of wide is one of narrow's.
func covers(wide, narrow vastapi.Filter) bool {
	for column, ops := range wide {
		for op, v := range ops {
			if !reflect.DeepEqual(narrow[column][op], v) {
				return false
			}
		}
	}
	return true
}
