package feed

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

var unknown = vastapi.Unknown[vastapi.Rate]()

// at is an offer with a price.
func at(id int, price vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{ID: vastapi.OfferID(id), DphTotal: price}
}

func page(list ...vastapi.Offer) vastapi.OfferPage { return vastapi.OfferPage{Offers: list} }

// ids are the offers that are on the market, in their order.
func ids(m Market) string {
	var s []string
	for _, r := range m.Rows {
		if r.Gone.IsZero() {
			s = append(s, fmt.Sprint(int(r.Offer.ID)))
		}
	}
	return strings.Join(s, " ")
}

// holding is a market with these offers, read at once.
func holding(list ...vastapi.Offer) Market {
	return Market{}.With(page(list...), vastapi.OfferSearch{}, 0, false, noon)
}

func TestWindowReplacesWhatLiesInItAndNothingElse(t *testing.T) {
	t.Parallel()
	have := holding(at(1, 0.1), at(2, 0.2), at(3, 0.3), at(4, 0.4), at(5, 0.5))
	for _, c := range []struct {
		name string
		page vastapi.OfferPage
		from vastapi.Rate
		more bool
		want string
	}{
		{"whole market", page(at(2, 0.2), at(6, 0.6)), 0, false, "2 6"},
		{"whole market, now empty", page(), 0, false, ""},
		{"first window: what is dearer stays", page(at(1, 0.1), at(9, 0.3)), 0, true, "1 9 3 4 5"},
		{"middle window", page(at(3, 0.3), at(7, 0.4)), 0.3, true, "1 2 3 7 4 5"},
		{"last window: what is dearer is gone", page(at(3, 0.3)), 0.3, false, "1 2 3"},
		{"last window, now empty", page(), 0.3, false, "1 2"},
		{"an offer that became dearer", page(at(1, 0.35)), 0, true, "1 4 5"},
		{"an offer that became cheaper than its window", page(at(5, 0.05), at(1, 0.1)), 0, true, "5 1 2 3 4"},
		{"listed twice in one page", page(at(1, 0.1), at(1, 0.1), at(2, 0.2)), 0, false, "1 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := have.With(c.page, vastapi.OfferSearch{}, c.from, c.more, noon)
			if ids(got) != c.want {
				t.Errorf("the market holds %q, want %q", ids(got), c.want)
			}
			if got.More != c.more {
				t.Errorf("more is %t", got.More)
			}
			if ids(have) != "1 2 3 4 5" {
				t.Errorf("the older market was changed: %s", ids(have))
			}
		})
	}
}

// A page that is cut inside a run of equal prices says nothing about those of
// the run that are not on it: the next window does.
func TestPageCutBetweenEqualPricesDropsNoneOfThem(t *testing.T) {
	t.Parallel()
	have := holding(at(1, 0.1), at(2, 0.2), at(3, 0.2), at(4, 0.2), at(5, 0.5))
	first := have.With(page(at(1, 0.1), at(2, 0.2)), vastapi.OfferSearch{}, 0, true, noon)
	if ids(first) != "1 2 3 4 5" {
		t.Errorf("after the first window: %q, want all five", ids(first))
	}
	second := first.With(page(at(2, 0.2), at(4, 0.2), at(5, 0.5)), vastapi.OfferSearch{}, 0.2, false, noon)
	if ids(second) != "1 2 4 5" {
		t.Errorf("after the second window: %q, want 1 2 4 5", ids(second))
	}
}

func TestNewestRowOfAnOfferIsKept(t *testing.T) {
	t.Parallel()
	have := holding(at(1, 0.9))
	got := have.With(page(at(1, 0.4)), vastapi.OfferSearch{}, 0, true, noon)
	if len(got.Rows) != 1 || got.Rows[0].Offer.DphTotal != 0.4 {
		t.Errorf("the market holds %+v, want offer 1 at 0.4", got.Rows)
	}
}

func TestOfferWithoutPriceNeitherHidesNorMixesTheOthers(t *testing.T) {
	t.Parallel()
	have := holding(at(1, 0.1), at(2, 0.2), at(3, 0.3))
	got := have.With(page(at(8, unknown), at(1, 0.1)), vastapi.OfferSearch{}, 0, true, noon)
	if ids(got) != "1 2 3 8" {
		t.Errorf("the market is %q, want 1 2 3 and the one without a price last", ids(got))
	}
	if d := got.Rows[2].Offer.DphTotal; d != 0.3 {
		t.Errorf("the dearest offer costs %v, want 0.3", d)
	}
	next := got.With(page(at(2, 0.2), at(3, 0.3)), vastapi.OfferSearch{}, 0.2, false, noon)
	if ids(next) != "1 2 3 8" {
		t.Errorf("a later window took %q; the first window alone speaks of offers without a price", ids(next))
	}
	gone := next.With(page(at(1, 0.1)), vastapi.OfferSearch{}, 0, true, noon)
	if ids(gone) != "1 2 3" {
		t.Errorf("an offer without a price that did not come back is still there: %q", ids(gone))
	}
}

func TestMarketIsAlwaysInOrderAndHoldsEachOfferOnce(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	price := func() vastapi.Rate {
		if rnd.IntN(12) == 0 {
			return unknown
		}
		return vastapi.Rate(rnd.IntN(30)) / 10
	}
	some := func() vastapi.OfferPage {
		var p vastapi.OfferPage
		for range rnd.IntN(20) {
			p.Offers = append(p.Offers, at(1+rnd.IntN(40), price()))
		}
		return p
	}
	var m Market
	for range 2000 {
		switch rnd.IntN(3) {
		case 0:
			m = m.Merge(some(), vastapi.OfferSearch{}, noon)
		default:
			m = m.With(some(), vastapi.OfferSearch{}, vastapi.Rate(rnd.IntN(3)), rnd.IntN(2) == 0, noon)
		}
		seen := map[vastapi.OfferID]bool{}
		for i, r := range m.Rows {
			o := r.Offer
			if seen[o.ID] {
				t.Fatalf("offer %d is there twice: %s", o.ID, ids(m))
			}
			seen[o.ID] = true
			if i == 0 {
				continue
			}
			before := m.Rows[i-1].Offer.DphTotal
			if before > o.DphTotal || (math.IsNaN(float64(before)) && !math.IsNaN(float64(o.DphTotal))) {
				t.Fatalf("%v stands before %v", before, o.DphTotal)
			}
		}
	}
}

func TestUnreadableRowsAreCountedOverAllWindows(t *testing.T) {
	t.Parallel()
	one := Market{}.With(vastapi.OfferPage{Bad: 2}, vastapi.OfferSearch{}, 0, true, noon)
	two := one.With(vastapi.OfferPage{Bad: 3}, vastapi.OfferSearch{}, 0.5, false, noon)
	if two.Bad != 5 {
		t.Errorf("%d rows could not be read, want 5", two.Bad)
	}
	if again := two.With(vastapi.OfferPage{Bad: 1}, vastapi.OfferSearch{}, 0, true, noon); again.Bad != 1 {
		t.Errorf("a new search begins with %d, want 1", again.Bad)
	}
}

func TestMergeAddsAndTakesNothingAway(t *testing.T) {
	t.Parallel()
	search := vastapi.OfferSearch{Limit: 3}
	have := Market{}.With(vastapi.OfferPage{Offers: []vastapi.Offer{at(2, 0.2), at(4, 0.4)}, Bad: 1}, search, 0, true, noon)
	before := slices.Clone(have.Rows)
	got := have.Merge(page(at(3, 0.3), at(2, 0.9), at(3, 0.3), at(1, 0.1)), search, noon)
	if ids(got) != "1 2 3 4" {
		t.Errorf("the market holds %q, want 1 2 3 4", ids(got))
	}
	if got.Rows[1].Offer.DphTotal != 0.2 {
		t.Errorf("offer 2 costs %v: the answer that came late is the older one", got.Rows[1].Offer.DphTotal)
	}
	if !got.More || got.Bad != 1 || got.Search.Limit != 3 {
		t.Errorf("what is known about the market changed: %+v", got)
	}
	if !slices.Equal(have.Rows, before) {
		t.Error("the older market was changed")
	}
}

func TestDearestOfNothingIsZero(t *testing.T) {
	t.Parallel()
	if d := dearest([]vastapi.Offer{at(1, unknown)}); d != 0 {
		t.Errorf("it is %v", d)
	}
}

func TestCheapestLeavesOutTheDearest(t *testing.T) {
	t.Parallel()
	m := holding(at(1, 0.1), at(2, 0.2), at(3, unknown))
	for n, want := range map[int]string{0: "1 2 3", 1: "1", 2: "1 2", 3: "1 2 3", 9: "1 2 3"} {
		got := m.Cheapest(n)
		if ids(got) != want || got.More != (got.Count() < 3) {
			t.Errorf("the cheapest %d are %q, more %t", n, ids(got), got.More)
		}
	}
}

// A walk through several windows makes the market as young as its first window,
// and only once it is through.
func TestMarketIsAsOldAsItsOldestOffer(t *testing.T) {
	t.Parallel()
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	window := func(m Market, from vastapi.Rate, more bool, at time.Time) Market {
		return m.With(page(within(from)), vastapi.OfferSearch{}, from, more, at)
	}
	m := window(Market{}, 0, true, minute(0))
	if !m.Since.Equal(minute(0)) {
		t.Errorf("after its first window the market is of %s", m.Since)
	}
	m = window(m, 0.5, false, minute(1))
	if !m.Since.Equal(minute(0)) {
		t.Errorf("after its first walk the market is of %s, want the time of the first window", m.Since)
	}
	m = window(m, 0, true, minute(10))
	if !m.Since.Equal(minute(0)) {
		t.Errorf("with one of two windows read again the market is of %s; the dear offers are older", m.Since)
	}
	m = window(m, 0, true, minute(20)) // the walk broke off and a new one begins
	m = window(m, 0.5, false, minute(21))
	if !m.Since.Equal(minute(20)) {
		t.Errorf("after the walk the market is of %s, want the time of its first window", m.Since)
	}
	if got := m.Merge(page(at(9, 0.9)), vastapi.OfferSearch{}, minute(21)); !got.Since.Equal(minute(20)) {
		t.Errorf("rows that came late make the market one of %s", got.Since)
	}
	if got := window(m, 0, false, minute(30)); !got.Since.Equal(minute(30)) {
		t.Errorf("read whole, the market is of %s", got.Since)
	}
}

// within is an offer a little above the floor of a window.
func within(floor vastapi.Rate) vastapi.Offer { return at(1+int(10*floor), floor+0.1) }

func TestOffersAreFoundInWhatIsLeftOfTheMarket(t *testing.T) {
	t.Parallel()
	var list []vastapi.Offer
	for id := 1; id <= 1000; id++ {
		list = append(list, at(64*id, vastapi.Rate(id)/1000))
	}
	few := holding(list...).Cheapest(300)
	if o, ok := few.Offer(64 * 300); !ok || o.ID != 64*300 {
		t.Error("the dearest that is kept is not found")
	}
	for _, id := range []vastapi.OfferID{0, 63, 65, 64 * 301, 64 * 1000, -64} {
		if _, ok := few.Offer(id); ok {
			t.Errorf("offer %d is found, and is not here", id)
		}
	}
	gone := next(few, 1, list[0])
	if r, ok := gone.Row(128); !ok || r.Gone.IsZero() {
		t.Errorf("one that is gone is not found as that: %+v", r)
	}
	late := gone.Expired(noon.Add(time.Hour))
	if _, ok := late.Row(128); ok {
		t.Error("one that has dropped out is found")
	}
	if _, ok := late.Offer(64); !ok {
		t.Error("the one that is left is not found")
	}
	if _, ok := (Market{}).Row(0); ok {
		t.Error("an empty market holds an offer")
	}
}

// A server that does not heed windows sends what the walk has met already.
func TestWalkTellsWhatItHasNotMetBefore(t *testing.T) {
	t.Parallel()
	s := vastapi.OfferSearch{}
	m := Market{}.With(page(at(1, 0.1), at(2, 0.2)), s, 0, true, noon)
	if m.Fresh() != 2 || m.Windows() != 1 {
		t.Errorf("first window: %d new, %d windows", m.Fresh(), m.Windows())
	}
	m = m.With(page(at(2, 0.2), at(3, 0.3)), s, 0.2, true, noon)
	if m.Fresh() != 1 || m.Windows() != 2 {
		t.Errorf("second window: %d new, %d windows", m.Fresh(), m.Windows())
	}
	m = m.With(page(at(1, 0.4), at(3, 0.5)), s, 0.3, true, noon)
	if m.Fresh() != 0 || m.Windows() != 3 {
		t.Errorf("the same at other prices: %d new, %d windows", m.Fresh(), m.Windows())
	}
	m = m.Merge(page(at(4, 0.6)), s, noon).With(page(at(4, 0.6)), s, 0.5, true, noon)
	if m.Fresh() != 1 {
		t.Errorf("one that had come late: %d new", m.Fresh())
	}
	m = m.With(page(at(1, 0.1), at(2, 0.2)), s, 0, true, noon.Add(time.Minute))
	if m.Fresh() != 2 || m.Windows() != 1 {
		t.Errorf("the next walk: %d new, %d windows", m.Fresh(), m.Windows())
	}
}

func BenchmarkWindowOfALargeMarket(b *testing.B) {
	var list []vastapi.Offer
	for id := range 50_000 {
		list = append(list, on(id+1, 1, id+1, vastapi.Rate(id)/1000))
	}
	m := holding(list...)
	p := page(list[20_000:21_000]...)
	for b.Loop() {
		m = m.With(p, m.Search, 20, true, noon)
	}
}
