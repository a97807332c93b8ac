package feed

import (
	"sort"
	"time"

	"vastdeck/vastapi"
)

// Market is the part of the market that is on this machine.
type Market struct {
	Offers []vastapi.Offer // ascending by price, each id once; those without a price last
	Bad    int             // rows of the newest answers that could not be read
	More   bool            // the server has offers beyond the dearest one here
	Search vastapi.OfferSearch
	// Since is when the oldest of the offers here were read. A walk through
	// several windows makes the market as young as its first window, once it is through.
	Since time.Time
	walk  time.Time // when the walk that is under way read its first window
}

// With returns the market after one page of the same search. A page covers a
// window of prices from `from` up to its dearest row, or without end when no
// more exist; rows in hand that lie inside the window and did not come back are gone.
// A page that was cut may have been cut between offers of one price, so those at
// its dearest price are left to the next window. Offers without a price belong to
// the first window.
func (m Market) With(p vastapi.OfferPage, s vastapi.OfferSearch, from vastapi.Rate, more bool, at time.Time) Market {
	to := max(from, dearest(p.Offers))
	next := Market{Bad: p.Bad, More: more, Search: s, Since: m.Since, walk: m.walk}
	if from <= 0 || next.walk.IsZero() {
		next.walk = at
	}
	if !more || next.Since.IsZero() || len(m.Offers) == 0 {
		next = next.Walked()
	}
	if from > 0 {
		next.Bad += m.Bad
	}
	seen := make(map[vastapi.OfferID]bool, len(m.Offers)+len(p.Offers))
	next.Offers = make([]vastapi.Offer, 0, len(m.Offers)+len(p.Offers))
	add := func(o vastapi.Offer) {
		if !seen[o.ID] {
			seen[o.ID] = true
			next.Offers = append(next.Offers, o)
		}
	}
	for _, o := range p.Offers {
		add(o)
	}
	for _, o := range m.Offers {
		price, priced := o.DphTotal, vastapi.Known(o.DphTotal)
		if price < from || (more && price >= to) || (!priced && from > 0) {
			add(o)
		}
	}
	ascend(next.Offers)
	return next
}

// Walked returns the market at the end of a walk: none of its offers was read
// before the walk's first window.
func (m Market) Walked() Market {
	m.Since = m.walk
	return m
}

// Holds reports whether n offers, and n is above 0, cost no more than the dearest
// of a page. Those of windows that are still to come do not count: they are an
// earlier walk's, and may be gone.
func (m Market) Holds(p vastapi.OfferPage, n int) bool {
	top := dearest(p.Offers)
	return n > 0 && sort.Search(len(m.Offers), func(i int) bool { return !(m.Offers[i].DphTotal <= top) }) >= n
}

// Cheapest returns the market without the dearest offers beyond n; all when n is 0.
func (m Market) Cheapest(n int) Market {
	if n > 0 && len(m.Offers) > n {
		m.Offers, m.More = m.Offers[:n:n], true
	}
	return m
}

// Merge adds rows that arrived late, from a search that a newer one has
// overtaken: they are still true offers. Nothing is taken away.
func (m Market) Merge(p vastapi.OfferPage) Market {
	next := m
	have := make(map[vastapi.OfferID]bool, len(m.Offers))
	next.Offers = append([]vastapi.Offer(nil), m.Offers...)
	for _, o := range m.Offers {
		have[o.ID] = true
	}
	for _, o := range p.Offers {
		if !have[o.ID] {
			have[o.ID] = true
			next.Offers = append(next.Offers, o)
		}
	}
	ascend(next.Offers)
	return next
}

// ascend sorts by price. No comparison with an unknown price holds, so that one
// among the others would leave them unsorted.
func ascend(offers []vastapi.Offer) {
	sort.SliceStable(offers, func(i, j int) bool {
		a, b := offers[i].DphTotal, offers[j].DphTotal
		return a < b || (vastapi.Known(a) && !vastapi.Known(b))
	})
}

func dearest(offers []vastapi.Offer) vastapi.Rate {
	var top vastapi.Rate
	for i := range offers {
		if r := offers[i].DphTotal; r > top {
			top = r
		}
	}
	return top
}
