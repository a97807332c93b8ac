package feed

import (
	"math"
	"reflect"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// Lingers is how long a row that has left the market stays in it, marked as gone.
const Lingers = 30 * time.Second

// Row is one line of the market.
type Row struct {
	Offer *vastapi.Offer // in the page it came with; read only
	Key   OfferKey       // unique in its market
	Gone  time.Time      // when it was seen to have left the market; zero = it is there
	Seen  time.Time      // when it was first seen in this run

	search uint32 // which of the market's searches it came with
	walk   uint32 // which of the market's walks it came with; 0 = it came late
}

// Market is the part of one rental type's market that is on this machine. Its
// rows are never changed in place, so a reader may hold one across frames.
type Market struct {
	Rows   []Row // ascending by price, each id once; those without a price last; those that are gone among them
	Bad    int   // rows of the newest answers that could not be read
	More   bool  // the server has offers beyond the dearest one here
	Search vastapi.OfferSearch
	// Since is when the oldest of the offers here were read. A walk through
	// several windows makes the market as young as its first window, once it is through.
	Since time.Time

	passed bool            // this walk has left out offers of one price that the server does not give
	walk   time.Time       // when the walk that is under way read its first window
	walks  uint32          // grows when another walk begins
	steps  int             // windows of the walk that is under way
	fresh  int             // offers of the newest page that the walk had not met before
	search uint32          // grows when another search begins
	gone   int             // rows that have left
	expiry time.Time       // when the first of them drops out
	spare  vastapi.OfferID // the last id in a key that is nobody's
	prior  []Row           // priced for another disk: their keys wait for the end of the walk
	index  rowIndex        // of Rows, or of Rows and what was cut off behind them
}

// foreign marks rows of a search that a newer one has overtaken: that the newer
// one does not bring them back says nothing about them.
const foreign = math.MaxUint32

// Count is how many offers are on the market and here.
func (m Market) Count() int { return len(m.Rows) - m.gone }

// Complete reports whether all that the search admits is here.
func (m Market) Complete() bool { return !m.More && !m.passed && !m.Since.IsZero() }

// Fresh is how many offers of the newest page were not met before in the walk
// that it belongs to. A walk that meets none goes round in circles.
func (m Market) Fresh() int { return m.fresh }

// Windows is how many windows of prices the newest walk has read.
func (m Market) Windows() int { return m.steps }

// Row finds an offer that is here, on the market or just gone. It takes the same
// time however many there are.
func (m Market) Row(id vastapi.OfferID) (*Row, bool) {
	if n := m.index.find(m.Rows, id); n >= 0 {
		return &m.Rows[n], true
	}
	return nil, false
}

// Offer finds an offer that is on the market and here.
func (m Market) Offer(id vastapi.OfferID) (*vastapi.Offer, bool) {
	if r, ok := m.Row(id); ok && r.Gone.IsZero() {
		return r.Offer, true
	}
	return nil, false
}

// SameSearch reports whether two searches ask for the same offers at prices for
// the same disk. Order and Limit are how one answer is cut, not what is asked for.
func SameSearch(a, b vastapi.OfferSearch) bool {
	return KindOf(a.Type) == KindOf(b.Type) && diskOf(a) == diskOf(b) &&
		(len(a.Filter) == 0 && len(b.Filter) == 0 || reflect.DeepEqual(a.Filter, b.Filter))
}

// diskOf is the disk that a search's prices are for; the client sends 10 GB for 0.
func diskOf(s vastapi.OfferSearch) vastapi.GB {
	if s.Storage == 0 {
		return 10
	}
	return s.Storage
}

// With returns the market after one page of a search. A page covers a
// window of prices from `from` up to its dearest row, or without end when no
// more exist; rows in hand that lie inside the window and did not come back are
// gone, and linger, if it is the same search that once brought them, else they are
// left out. A page that was cut may have been cut between offers of one price, so
// those at its dearest price are left to the next window. Offers without a price
// belong to the first window. Prices for another disk are not comparable: rows
// that have such are left out at once.
func (m Market) With(p vastapi.OfferPage, s vastapi.OfferSearch, from vastapi.Rate, more bool, at time.Time) Market {
	m = m.turnedTo(s)
	to := max(from, dearest(p.Offers))
	next := m
	next.Bad, next.More, next.Search = p.Bad, more, s
	if from <= 0 || next.walk.IsZero() {
		next.walk, next.passed, next.steps = at, false, 0
		next.walks++
	}
	next.steps++
	next.passed = next.passed || more && from > 0 && to <= from
	if next.Since.IsZero() || len(m.Rows) == 0 {
		next.Since = next.walk
	}
	if !more {
		next = next.Walked()
	}
	if from > 0 {
		next.Bad += m.Bad
	}
	came := rows(p.Offers, Row{Seen: at, search: next.search, walk: next.walks})
	next.fresh = next.unmet(came)
	kept := m.kept(came, at, func(r *Row) bool {
		price, priced := r.Offer.DphTotal, vastapi.Known(r.Offer.DphTotal)
		return price < from || (more && price >= to) || (!priced && from > 0)
	})
	recall(came, kept, m.prior)
	kept = next.keyed(came, kept, m.prior)
	next.Rows = merge(came, kept)
	next.recount()
	next.index = indexed(next.Rows)
	return next
}

// unmet counts those of a page that its walk has not met before.
func (m Market) unmet(came []Row) int {
	n := len(came)
	for i := range came {
		if r, ok := m.Row(came[i].Offer.ID); ok && r.walk == m.walks {
			n--
		}
	}
	return n
}

// turnedTo is the market as the pages of a search find it: empty when they are of
// another rental type or priced for another disk, but rows that come back keep their keys.
func (m Market) turnedTo(s vastapi.OfferSearch) Market {
	switch {
	case len(m.Rows) == 0 && m.prior == nil:
		m.search++
	case KindOf(s.Type) != KindOf(m.Search.Type):
		return Market{search: m.search + 1, walks: m.walks, spare: m.spare}
	case diskOf(s) != diskOf(m.Search):
		return Market{Search: s, search: m.search + 1, walks: m.walks, spare: m.spare, prior: m.Rows}
	case !SameSearch(s, m.Search):
		m.search++
	}
	return m
}

// kept are the rows in hand that did not come again: those that stay, and for a
// while those that are gone. Rows that did come again give their keys to those of came.
func (m Market) kept(came []Row, at time.Time, stays func(*Row) bool) []Row {
	place := make(map[vastapi.OfferID]int, len(came))
	for n := range came {
		place[came[n].Offer.ID] = n
	}
	kept := make([]Row, 0, len(m.Rows))
	for n := range m.Rows {
		r := m.Rows[n]
		i, back := place[r.Offer.ID]
		switch {
		case back:
			came[i].Key, came[i].Seen = r.Key, r.Seen
			continue
		case !r.Gone.IsZero():
			if !at.Before(r.Gone.Add(Lingers)) {
				continue
			}
		case stays(&r):
		case r.search == m.search:
			r.Gone = at
		default:
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

// recall gives rows the keys they had while they were priced for another disk,
// unless another row has inherited them since.
func recall(came, kept, prior []Row) {
	if len(prior) == 0 {
		return
	}
	had := make(map[vastapi.OfferID]*Row, len(prior))
	for n := range prior {
		had[prior[n].Offer.ID] = &prior[n]
	}
	used := make(map[OfferKey]bool, len(came)+len(kept))
	for _, list := range [][]Row{came, kept} {
		for n := range list {
			used[list[n].Key] = true
		}
	}
	for n := range came {
		if was := had[came[n].Offer.ID]; was != nil && came[n].Key == (OfferKey{}) && !used[was.Key] {
			came[n].Key, came[n].Seen = was.Key, was.Seen
		}
	}
}

// rows are the offers of a page, each id once, in the order of the market; like
// is what is true of all of them.
func rows(page []vastapi.Offer, like Row) []Row {
	seen := make(map[vastapi.OfferID]bool, len(page))
	list := make([]Row, 0, len(page))
	for n := range page {
		if o := &page[n]; !seen[o.ID] {
			seen[o.ID] = true
			like.Offer = o
			list = append(list, like)
		}
	}
	slices.SortStableFunc(list, func(a, b Row) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	})
	return list
}

// before is the order of the market. No comparison with an unknown price holds,
// so that one among the others would leave them unsorted.
func before(a, b Row) bool {
	p, q := a.Offer.DphTotal, b.Offer.DphTotal
	return p < q || (vastapi.Known(p) && !vastapi.Known(q))
}

// merge puts two lists in order into one; of equals those of a come first.
func merge(a, b []Row) []Row {
	all := make([]Row, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if before(b[0], a[0]) {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

// recount counts what is gone and finds when the first of it drops out.
func (m *Market) recount() {
	m.gone, m.expiry = 0, time.Time{}
	for n := range m.Rows {
		if gone := m.Rows[n].Gone; !gone.IsZero() {
			m.gone++
			if end := gone.Add(Lingers); m.expiry.IsZero() || end.Before(m.expiry) {
				m.expiry = end
			}
		}
	}
}

// NextExpiry is when the first row that is gone drops out; zero when none is.
func (m Market) NextExpiry() time.Time { return m.expiry }

// Expired returns the market without the rows that were gone for long enough by now.
func (m Market) Expired(now time.Time) Market {
	if m.expiry.IsZero() || now.Before(m.expiry) {
		return m
	}
	left := make([]Row, 0, len(m.Rows))
	for _, r := range m.Rows {
		if r.Gone.IsZero() || now.Before(r.Gone.Add(Lingers)) {
			left = append(left, r)
		}
	}
	m.Rows = left
	m.recount()
	m.index = indexed(left)
	return m
}

// Walked returns the market at the end of a walk: none of its offers was read
// before the walk's first window.
func (m Market) Walked() Market {
	m.Since, m.prior = m.walk, nil
	return m
}

// Holds reports whether n offers, and n is above 0, cost no more than the dearest
// of a page. Those of windows that are still to come do not count: they are an
// earlier walk's, and may be gone.
func (m Market) Holds(p vastapi.OfferPage, n int) bool {
	top := dearest(p.Offers)
	have := 0
	for i := range m.Rows {
		if r := &m.Rows[i]; r.Gone.IsZero() && r.Offer.DphTotal <= top {
			have++
		}
	}
	return n > 0 && have >= n
}

// Cheapest returns the market without the dearest offers beyond n; all when n is 0.
func (m Market) Cheapest(n int) Market {
	if n <= 0 || m.Count() <= n {
		return m
	}
	for i := range m.Rows {
		if m.Rows[i].Gone.IsZero() {
			if n--; n < 0 {
				m.Rows, m.More = m.Rows[:i:i], true
				break
			}
		}
	}
	m.recount()
	return m
}

// Merge adds rows that arrived late, from a search that a newer one has
// overtaken: they are still true offers. Nothing is taken away. Rows of another
// rental type or priced for another disk are none of this market's.
func (m Market) Merge(p vastapi.OfferPage, s vastapi.OfferSearch, at time.Time) Market {
	if KindOf(s.Type) != KindOf(m.Search.Type) || diskOf(s) != diskOf(m.Search) {
		return m
	}
	mark := uint32(foreign)
	if SameSearch(s, m.Search) {
		mark = m.search
	}
	here := make(map[vastapi.OfferID]bool, len(m.Rows))
	for n := range m.Rows {
		if r := &m.Rows[n]; r.Gone.IsZero() || r.Gone.After(at) {
			here[r.Offer.ID] = true
		}
	}
	came := slices.DeleteFunc(rows(p.Offers, Row{Seen: at, search: mark}), func(r Row) bool { return here[r.Offer.ID] })
	next := m
	kept := m.kept(came, at, func(*Row) bool { return true })
	recall(came, kept, m.prior)
	kept = next.keyed(came, kept, m.prior)
	next.Rows = merge(came, kept)
	next.recount()
	next.index = indexed(next.Rows)
	return next
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
