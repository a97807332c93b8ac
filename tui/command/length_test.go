package command

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// short is a server that gives no more than limit offers at once and does not say
// so. With repeat it does not heed windows: it sends the same again, dearer.
type short struct {
	server
	offers []vastapi.Offer
	limit  int
	repeat bool
}

func (s *short) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	s.searches = append(s.searches, q)
	p := vastapi.OfferPage{Asked: q.Limit}
	from, _ := q.Filter["dph_total"]["gte"].(float64)
	for _, o := range s.offers {
		if s.repeat {
			o.DphTotal += vastapi.Rate(len(s.searches))
		}
		if (s.repeat || float64(o.DphTotal) >= from) && len(p.Offers) < min(s.limit, q.Limit) {
			p.Offers = append(p.Offers, o)
		}
	}
	p.Rows = len(p.Offers)
	return p, nil
}

// many are n offers, one at each price.
func many(n int) []vastapi.Offer {
	var list []vastapi.Offer
	for id := 1; id <= n; id++ {
		list = append(list, priced(vastapi.OfferID(id), vastapi.Rate(id)/1000))
	}
	return list
}

// walk loads a market as the view does, and tells how many searches that took and
// how the last one ended.
func walk(t *testing.T, c *Set, d *feed.Snapshot) (searches int, last MarketFolded) {
	t.Helper()
	cmd := c.Loads().SearchOffers(vastapi.OfferSearch{})
	for {
		if searches++; searches > 1000 {
			t.Fatal("the walk does not end")
		}
		a := cmd().(OffersFound)
		c.Current(a)
		if last = folded(t, c, d, c.FoldOffers(d, a, false)); last.Through || last.Stuck {
			return searches, last
		}
		from := last.Top
		if from == last.From {
			from += 1e-9
		}
		cmd = c.Loads().MoreOffers(last.Search, from)
	}
}

func TestLimitOfTheServerIsLearntAndTheMarketIsLoadedWhole(t *testing.T) {
	t.Parallel()
	s := &short{offers: many(1700), limit: 500}
	c := set(t, &s.server, Market{Limit: 1000, Max: 5000})
	c.Use(s)
	var d feed.Snapshot
	for walks, want := range []int{4, 4} {
		n, last := walk(t, c, &d)
		if n != want || !last.Through || d.Offers.Value.Count() != 1700 || !d.Offers.Value.Complete() {
			t.Errorf("walk %d: %d searches, %d offers, whole %t: %+v", walks, n, d.Offers.Value.Count(), d.Offers.Value.Complete(), last)
		}
	}
	s.offers = many(499)
	if n, _ := walk(t, c, &d); n != 1 || !d.Offers.Value.Complete() {
		t.Errorf("what is shorter than the limit took %d searches, whole %t", n, d.Offers.Value.Complete())
	}
	s.offers = many(500)
	if n, _ := walk(t, c, &d); n != 2 || !d.Offers.Value.Complete() || d.Offers.Value.Count() != 500 {
		t.Errorf("what is as long as the limit took %d searches, whole %t", n, d.Offers.Value.Complete())
	}
}

// Whoever gives all there is, is asked once more the first time only.
func TestShortMarketCostsOneSearchMoreOnce(t *testing.T) {
	t.Parallel()
	s := &short{offers: many(300), limit: 1000}
	c := set(t, &s.server, Market{Limit: 1000, Max: 5000})
	c.Use(s)
	var d feed.Snapshot
	var took []int
	for _, n := range []int{40, 64, 300, 300, 290, 100, 300, 310, 310, 305} {
		s.offers = many(n)
		searches, last := walk(t, c, &d)
		if took = append(took, searches); !last.Through || !d.Offers.Value.Complete() || d.Offers.Value.Count() != n {
			t.Errorf("of %d offers %d are here, whole %t", n, d.Offers.Value.Count(), d.Offers.Value.Complete())
		}
	}
	if want := []int{1, 2, 2, 1, 1, 1, 1, 2, 1, 1}; !slices.Equal(took, want) {
		t.Errorf("it took %v searches, want %v", took, want)
	}
}

// One offer that is listed between two searches looks like a limit.
func TestLimitThatWasNoneIsForgotten(t *testing.T) {
	t.Parallel()
	s := &short{offers: many(300), limit: 1000}
	c := set(t, &s.server, Market{Limit: 1000, Max: 5000})
	c.Use(s)
	var d feed.Snapshot
	a := c.Loads().SearchOffers(vastapi.OfferSearch{})().(OffersFound)
	m := folded(t, c, &d, c.FoldOffers(&d, a, false))
	s.offers = many(301)
	a = c.Loads().MoreOffers(m.Search, m.Top)().(OffersFound)
	if m = folded(t, c, &d, c.FoldOffers(&d, a, false)); !m.Through || !d.Offers.Value.Complete() || d.Offers.Value.Count() != 301 {
		t.Errorf("the walk ended with %+v", m)
	}
	for n, want := range []int{2, 1} { // longer than the limit that was thought to be; then that is known to be whole
		if got, _ := walk(t, c, &d); got != want || !d.Offers.Value.Complete() {
			t.Errorf("walk %d took %d searches, want %d", n, got, want)
		}
	}
}

func TestWalkEndsWhenTheServerRepeatsItself(t *testing.T) {
	t.Parallel()
	for _, most := range []int{0, 100, 5000} {
		s := &short{offers: many(64), limit: 64, repeat: true}
		c := set(t, &s.server, Market{Limit: 1000, Max: most})
		c.Use(s)
		var d feed.Snapshot
		n, last := walk(t, c, &d)
		if n != 2 || !last.Stuck || last.Through || d.Offers.Value.Complete() {
			t.Errorf("of %d: after %d searches it ended with %+v, whole %t", most, n, last, d.Offers.Value.Complete())
		}
	}
}

// endless has a new offer for every price.
type endless struct{ short }

func (s *endless) SearchOffers(ctx context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	for n := range s.offers[:4] {
		s.offers[n].ID += 1_000_000
	}
	return s.short.SearchOffers(ctx, q)
}

func TestWalkEndsWhenThereAreTooManyWindows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ most, asked, windows int }{
		{5000, 1000, 158}, {5000, 64, 158}, {10, 64, 3}, {1, 1, 3}, {100, 10, 22}, {0, 64, 3127}, {5000, 0, 5002},
	} {
		if got := mostWindows(c.most, c.asked); got != c.windows {
			t.Errorf("of %d offers, %d at once: %d windows, want %d", c.most, c.asked, got, c.windows)
		}
	}
	s := &endless{short{offers: many(64), limit: 64, repeat: true}}
	c := set(t, &s.server, Market{Limit: 64, Max: 640})
	c.Use(s)
	var d feed.Snapshot
	if n, last := walk(t, c, &d); n > mostWindows(640, 64) || !last.Stuck && !last.Through {
		t.Errorf("after %d searches it ended with %s", n, fmt.Sprint(last.Stuck, last.Through))
	}
}

func TestPageBelowItsWindowEndsTheWalk(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	below := found(0, "", priced(1, 0.1))
	below.From, below.More = 0.5, true
	if m := takeIn(t, c, &d, below); !m.Stuck || m.Through {
		t.Errorf("it tells %+v", m)
	}
}

func TestPageOfOnePriceIsNoRepetition(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	var d feed.Snapshot
	for n := range 2 {
		same := found(0, "", priced(1, 0.5), priced(2, 0.5))
		same.More, same.From = true, 0.5*vastapi.Rate(n)
		if m := takeIn(t, c, &d, same); m.Stuck || m.Through {
			t.Errorf("window %d: it tells %+v", n, m)
		}
	}
}
