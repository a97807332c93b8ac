package offers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// toggled is a copy of the list with a watch, or without it when it was there.
func toggled(list []feed.Watch, w feed.Watch) (next []feed.Watch, on bool) {
	next = slices.DeleteFunc(slices.Clone(list), func(o feed.Watch) bool { return o.ID() == w.ID() })
	if len(next) < len(list) {
		return next, false
	}
	return append(next, w), true
}

// standing says how a watch stands, in words.
func standing(s feed.WatchState, now time.Time) (string, theme.Class) {
	text, class := "not looked at yet", theme.Dim
	switch s.Standing {
	case feed.WatchAvailable:
		text, class = "AVAILABLE, first seen "+elapsed(now.Sub(s.Since)), theme.Good
	case feed.WatchBack:
		text, class = "BACK "+elapsed(now.Sub(s.Since)), theme.Good
	case feed.WatchGone:
		text, class = "GONE "+elapsed(now.Sub(s.Since)), theme.Warn
	}
	if s.Offers > 0 {
		n := figure.Plural(s.Offers, "offer")
		if s.More {
			n = "more than " + n
		}
		text += fmt.Sprintf(" · %s from %s", n, figure.Rate(float64(s.Cheapest)))
	}
	if s.Err != nil {
		text += " · " + view.Sentence(s.Err)
	}
	return text, class
}

// watchTrend draws what a watch has cost: a machine over the days that are remembered,
// or else what the looks of this run have shown; "" while less than two prices are known.
func watchTrend(w feed.Watch, data *feed.Snapshot) string {
	if w.Machine > 0 {
		if line := trend(machineTrend(data.Past, w)); line != "" {
			return line
		}
	}
	return trend(data.Watches[w.ID()].Prices)
}

// machineTrend is the trend of that of a machine's slots which has the most GPUs.
func machineTrend(past feed.Past, w feed.Watch) (values []float64) {
	most := 0
	for slot, have := range past.Trends {
		if slot.Machine == w.Machine && slot.Kind == feed.KindOf(w.Kind) && slot.GPUs > most {
			values, most = have, slot.GPUs
		}
	}
	return values
}

// watchMenu lists what can be watched here and what is watched, with how it stands.
func watchMenu(m *Model) *menu {
	return &menu{Menu: listing.Menu{
		Title: "Watches: looked at once a minute, changes go to the activity", Verb: "watch it, or open what is watched", Away: "watch it no more",
		Empty: "nothing is watched",
		List: func(env view.Env) []listing.Choice {
			var list []listing.Choice
			for _, w := range m.watchable(env) {
				list = append(list, listing.Choice{Label: "watch " + w.Label(), Detail: kindName(w.Kind), Do: toggle(w, env)})
			}
			for _, w := range env.Data.Memory.Watches {
				detail, class := standing(env.Data.Watches[w.ID()], env.Now)
				if line := watchTrend(w, env.Data); line != "" {
					detail = line + " " + detail
				}
				if feed.KindOf(w.Kind) != vastapi.OnDemand {
					detail = kindName(w.Kind) + " · " + detail
				}
				list = append(list, listing.Choice{Label: w.Label(), Detail: detail, Class: class, Do: func() view.Effect { return m.openWatch(env, w) }, Drop: toggle(w, env)})
			}
			return list
		},
	}}
}

// watchable are the machine under the cursor and the search, unless they are watched.
func (m *Model) watchable(env view.Env) []feed.Watch {
	var list []feed.Watch
	add := func(w feed.Watch) {
		if !slices.ContainsFunc(env.Data.Memory.Watches, func(have feed.Watch) bool { return have.ID() == w.ID() }) {
			list = append(list, w)
		}
	}
	if r, ok := m.list.table.Peek(); ok && r.Offer.MachineID > 0 {
		add(feed.Watch{Machine: r.Offer.MachineID, Kind: m.kind()})
	}
	if !m.bad {
		add(feed.Watch{Query: strings.TrimSpace(m.line.Value()), Kind: m.kind()})
	}
	return list
}

// toggle watches something, or no more.
func toggle(w feed.Watch, env view.Env) func() view.Effect {
	if w.Added.IsZero() {
		w.Added = env.Now
	}
	_, on := toggled(env.Data.Memory.Watches, w)
	return func() view.Effect {
		text := w.Label() + " is watched no more"
		if on {
			text = w.Label() + " is watched: what changes goes to the activity"
		}
		return view.Do(
			view.Remember{Change: func(f *feed.Memory) {
				if next, adds := toggled(f.Watches, w); adds == on {
					f.Watches = next
				}
			}},
			view.Toast{Text: text, Level: view.Good},
		)
	}
}

// openWatch shows the market as a watch sees it.
func (m *Model) openWatch(env view.Env, w feed.Watch) view.Effect {
	text := w.Query
	if w.Machine > 0 {
		text = machineQuery(w.Machine)
	}
	return m.open(env, feed.SavedSearch{Query: text, Kind: w.Kind})
}

// machineQuery finds a machine whatever the default policy says about it.
func machineQuery(id vastapi.MachineID) string {
	return fmt.Sprintf("machine_id=%d verified=any external=any", id)
}

// watchLine says in the status line how the watches stand, "" before any was looked at.
func watchLine(env view.Env) string {
	here, away := 0, 0
	for _, w := range env.Data.Memory.Watches {
		switch env.Data.Watches[w.ID()].Standing {
		case feed.WatchAvailable, feed.WatchBack:
			here++
		case feed.WatchGone:
			away++
		}
	}
	switch {
	case here+away == 0:
		return ""
	case away == 0:
		return fmt.Sprintf("%d watched, all on the market", here)
	}
	return fmt.Sprintf("%d watched, %d gone", here+away, away)
}

func count(n int) string { return figure.Count(n) }
