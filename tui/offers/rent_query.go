package offers

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// described is a rent form that waits for what its query finds.
type described struct {
	view.RentQuery
	at time.Time
}

// rentDescribed searches for what a line describes; the form opens about the best of
// what is found, and nothing is sent before its plan is agreed to.
func (m *Model) rentDescribed(env view.Env, q view.RentQuery) view.Effect {
	m.renting.described = nil // what opening the market calls is not about it yet
	m.line.Blur()
	e := m.open(env, feed.SavedSearch{Query: q.Query, Kind: feed.KindOf(q.Kind)})
	m.renting.described = &described{q, env.Now}
	return view.Join(e, view.Do(view.Toast{Text: "searching for the best offer: the form opens when it is found"}))
}

// resumeDescribed opens the form that waits, once all that its query admits is in
// hand. Somebody who has gone on to something else is not interrupted.
func (m *Model) resumeDescribed(env view.Env) view.Effect {
	d := m.renting.described
	switch {
	case d == nil:
		return view.Effect{}
	case strings.TrimSpace(m.line.Value()) != strings.TrimSpace(d.Query), feed.KindOf(d.Kind) != m.kind(), env.Shown != view.Market:
		m.renting.described = nil
		return view.Effect{}
	case env.Typing, m.list.table.Pending():
		return view.Effect{}
	case !m.search.here(m.query, m.market(env)):
		if env.Now.Sub(d.at) < patience {
			return view.Effect{}
		}
	}
	m.renting.described = nil
	list := m.ranked()
	if len(list) == 0 {
		text := "no offer fits: "
		if m.clash != "" {
			text += m.clash
		} else {
			text += "change the query, the form is not opened"
		}
		return view.Do(view.Toast{Text: text, Level: view.Warn})
	}
	o := order{offers: list[:1], kind: m.kind(), required: m.renting.drafted.required}
	if whole(d.Filled[fCount]) > 1 {
		o.offers, o.shown = list[:min(len(list), mostCandidates)], true
	}
	draft := maps.Clone(m.draftFor(o))
	if draft == nil {
		draft = view.Values{}
	}
	maps.Copy(draft, d.Filled)
	return m.openRent(env, o, draft)
}

// ranked are the offers shown that can be rented, in the order of the list, but the best
// first: the cheapest with disk and traffic, then the most reliable.
func (m *Model) ranked() []vastapi.Offer {
	var list []vastapi.Offer
	best := 0
	for n := range m.list.table.Shown() {
		r, ok := m.list.table.At(n)
		if !ok || !r.Gone.IsZero() || r.Offer.Rentable.No() || r.Offer.Rented.Yes() || !vastapi.Known(vastapi.Rate(m.query.prices.allIn(r.Offer))) {
			continue
		}
		if list = append(list, *r.Offer); m.better(r.Offer, &list[best]) {
			best = len(list) - 1
		}
	}
	if len(list) > 0 {
		list[0], list[best] = list[best], list[0]
	}
	return list
}

// better reports whether a is to be rented rather than b.
func (m *Model) better(a, b *vastapi.Offer) bool {
	order := cmp.Or(
		cmp.Compare(m.query.prices.allIn(a), m.query.prices.allIn(b)),
		cmp.Compare(b.Reliability, a.Reliability), cmp.Compare(a.ID, b.ID),
	)
	return order < 0
}

// tellSought says when a machine that was asked for is not on the market.
func (m *Model) tellSought(env view.Env) view.Effect {
	id := m.sought
	switch {
	case id == 0:
		return view.Effect{}
	case strings.TrimSpace(m.line.Value()) != machineQuery(id):
		m.sought = 0
		return view.Effect{}
	case m.list.table.Pending() || !m.search.here(m.query, m.market(env)):
		return view.Effect{}
	}
	m.sought = 0
	for n := range m.list.table.Shown() {
		if r, ok := m.list.table.At(n); ok && r.Gone.IsZero() {
			return view.Effect{}
		}
	}
	text := fmt.Sprintf("machine %s is not on the market now", id)
	if seen := lastSeen(env.Data, id, m.kind(), env.Now); seen != "" {
		text += ": last seen " + seen
	} else {
		text += ", and was not seen from here before"
	}
	return view.Do(view.Toast{Text: text, Level: view.Warn})
}

// lastSeen says when a machine was on the market last, as far as this machine has
// seen it, and what it cost then; "" when it was not.
func lastSeen(data *feed.Snapshot, id vastapi.MachineID, kind vastapi.RentalType, now time.Time) string {
	rows := data.OffersOf(kind).Value.Rows
	for n := range rows {
		if r := &rows[n]; r.Offer.MachineID == id && !r.Gone.IsZero() {
			return fmt.Sprintf("%s at %s", elapsed(now.Sub(r.Gone)), figure.Rate(float64(r.Offer.DphTotal)))
		}
	}
	best, price := -1, 0.0
	for slot, trend := range data.Past.Trends {
		if slot.Machine != id || slot.Kind != feed.KindOf(kind) {
			continue
		}
		for n, v := range trend {
			if n > best && vastapi.Known(vastapi.Rate(v)) {
				best, price = n, v
			}
		}
	}
	if best < 0 {
		if t, ok := data.Past.Machines[id]; ok && !t.Last.IsZero() {
			return elapsed(now.Sub(t.Last)) + ", when it was rented from here"
		}
		return ""
	}
	part := feed.TrendSpan / feed.TrendParts
	ago := now.Sub(data.Past.At) + time.Duration(feed.TrendParts-1-best)*part
	return fmt.Sprintf("at most %s ago at %s", figure.Age(ago+part), figure.Rate(price))
}

// Subject is the offer under the cursor.
func (m *Model) Subject(view.Env) view.Subject {
	if o, ok := m.under(); ok && m.page == nil {
		return view.Subject{Offer: &o}
	}
	return view.Subject{}
}

// spot is what the market shows.
type spot struct {
	query string
	kind  vastapi.RentalType
	most  vastapi.Rate
	by    bool // most is about the price listed
	at    feed.OfferKey
}

// Place is what leads back to what is shown. Marks stay by themselves.
func (m *Model) Place(view.Env) any {
	at, _ := m.list.table.CursorKey()
	return spot{strings.TrimSpace(m.line.Value()), m.kind(), m.query.most, m.query.listed, at}
}

// returnTo shows again what was shown.
func (m *Model) returnTo(env view.Env, s spot) view.Effect {
	m.line.Blur()
	var e view.Effect
	now, _ := m.Place(env).(spot)
	if now.query != s.query || now.kind != s.kind {
		e = m.open(env, feed.SavedSearch{Query: s.query, Kind: s.kind})
	}
	if m.query.most != s.most || m.query.listed != s.by {
		e = view.Join(e, m.limit(env, s.most, s.by))
	}
	m.list.table.Select(s.at)
	return e
}
