package feed

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// on is an offer of a machine.
func on(machine, gpus, id int, price vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{ID: vastapi.OfferID(id), MachineID: vastapi.MachineID(machine), NumGPUs: gpus, DphTotal: price}
}

// next is the market after another whole page of the same search, some seconds later.
func next(m Market, seconds int, list ...vastapi.Offer) Market {
	return m.With(page(list...), m.Search, 0, false, noon.Add(time.Duration(seconds)*time.Second))
}

// key is the key of an offer, gone or not.
func key(t *testing.T, m Market, id int) OfferKey {
	t.Helper()
	for _, r := range m.Rows {
		if r.Offer.ID == vastapi.OfferID(id) {
			return r.Key
		}
	}
	t.Fatalf("offer %d is not there: %s", id, ids(m))
	return OfferKey{}
}

func TestOfferAloneIsKnownByMachineSizeAndType(t *testing.T) {
	t.Parallel()
	m := Market{}.With(page(on(7, 2, 1, 0.1)), vastapi.OfferSearch{Type: vastapi.Interruptible}, 0, false, noon)
	k := key(t, m, 1)
	if k.Machine != 7 || k.GPUs != 2 || k.Kind() != vastapi.Interruptible || k.ID != 0 {
		t.Errorf("its key is %+v of type %q", k, k.Kind())
	}
	if other := key(t, holding(on(7, 2, 1, 0.1)), 1); other == k {
		t.Error("the same machine has one key for two rental types")
	}
}

func TestOfferThatIsListedAnewKeepsItsKey(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2))
	was := key(t, m, 1)
	m = next(m, 5, on(7, 1, 901, 0.05), on(8, 1, 2, 0.2))
	if key(t, m, 901) != was {
		t.Errorf("its key is %+v, was %+v", key(t, m, 901), was)
	}
	if len(m.Rows) != 2 || m.Count() != 2 {
		t.Errorf("the one it replaces is still there: %+v", m.Rows)
	}
}

// The window in which the new offer lies may be read after the old one was missed.
func TestOfferThatIsListedAnewAMomentLaterKeepsItsKey(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2))
	was := key(t, m, 1)
	m = next(next(m, 5, on(8, 1, 2, 0.2)), 20, on(7, 1, 901, 0.1), on(8, 1, 2, 0.2))
	if key(t, m, 901) != was || len(m.Rows) != 2 {
		t.Errorf("the key is %+v, was %+v; rows %+v", key(t, m, 901), was, m.Rows)
	}
}

// What is marked or under the cursor was chosen at a price.
func TestOfferThatIsListedAnewDearerBeginsAnew(t *testing.T) {
	t.Parallel()
	bid := func(id int, least vastapi.Rate) vastapi.Offer {
		o := on(7, 1, id, 0.5)
		o.MinBid = least
		return o
	}
	reserved := func(id int, price vastapi.Rate) vastapi.Offer {
		o := on(7, 1, id, 0.5)
		o.DiscountedDphTotal = price
		return o
	}
	plain := func(id int, price vastapi.Rate) vastapi.Offer { return on(7, 1, id, price) }
	for _, c := range []struct {
		name     string
		kind     vastapi.RentalType
		make     func(int, vastapi.Rate) vastapi.Offer
		was, now vastapi.Rate
		inherits bool
	}{
		{"the same price", "", plain, 0.4, 0.4, true},
		{"cheaper", "", plain, 0.4, 0.3, true},
		{"dearer by less than is shown", "", plain, 0.4001, 0.4003, true},
		{"dearer by a shown digit", "", plain, 0.4, 0.401, false},
		{"ten times dearer", "", plain, 0.4, 4, false},
		{"price not told any more", "", plain, 0.4, unknown, false},
		{"price told now only", "", plain, unknown, 0.4, false},
		{"price never told", "", plain, unknown, unknown, true},
		{"a higher least bid", vastapi.Interruptible, bid, 0.2, 0.3, false},
		{"a lower least bid", vastapi.Interruptible, bid, 0.2, 0.1, true},
		{"reserved, dearer", vastapi.Reserved, reserved, 0.2, 0.3, false},
		{"reserved, cheaper", vastapi.Reserved, reserved, 0.2, 0.1, true},
	} {
		m := Market{}.With(page(c.make(1, c.was)), vastapi.OfferSearch{Type: c.kind}, 0, false, noon)
		was := key(t, m, 1)
		m = next(m, 5, c.make(901, c.now))
		if got := key(t, m, 901) == was; got != c.inherits {
			t.Errorf("%s: inherited is %t", c.name, got)
		}
		if gone := len(left(m)) == 1; gone == c.inherits {
			t.Errorf("%s: gone are %v", c.name, left(m))
		}
		if !c.inherits && key(t, m, 1) != was {
			t.Errorf("%s: the one that is gone has lost its key", c.name)
		}
	}
}

func TestSiblingsLeaveKeysAlone(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1), on(8, 1, 2, 0.2))
	one, two := key(t, m, 1), key(t, m, 2)
	m = next(m, 5, on(7, 1, 1, 0.1), on(7, 1, 901, 0.05), on(8, 1, 2, 0.2), on(8, 1, 902, 0.3))
	if key(t, m, 1) != one || key(t, m, 2) != two || key(t, m, 901) == one || key(t, m, 902) == two {
		t.Errorf("siblings changed the keys: %+v", m.Rows)
	}
	sibling := key(t, m, 901)
	m = next(m, 10, on(7, 1, 901, 0.05), on(8, 1, 2, 0.2))
	if key(t, m, 901) != sibling || key(t, m, 2) != two {
		t.Errorf("the keys changed when siblings left: %+v", m.Rows)
	}
}

func TestKeyIsInheritedOnlyWithoutDoubt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, after []vastapi.Offer }{
		"two went, one came":  {[]vastapi.Offer{on(7, 1, 1, 0.1), on(7, 1, 2, 0.1)}, []vastapi.Offer{on(7, 1, 901, 0.1)}},
		"one went, two came":  {[]vastapi.Offer{on(7, 1, 1, 0.1)}, []vastapi.Offer{on(7, 1, 901, 0.1), on(7, 1, 902, 0.1)}},
		"another size":        {[]vastapi.Offer{on(7, 1, 1, 0.1)}, []vastapi.Offer{on(7, 4, 901, 0.1)}},
		"another machine":     {[]vastapi.Offer{on(7, 1, 1, 0.1)}, []vastapi.Offer{on(8, 1, 901, 0.1)}},
		"machine is not told": {[]vastapi.Offer{on(0, 1, 1, 0.1)}, []vastapi.Offer{on(0, 1, 901, 0.1)}},
	} {
		m := holding(c.before...)
		old := m.Rows
		m = next(m, 5, c.after...)
		for _, o := range c.after {
			k := key(t, m, int(o.ID))
			if slices.ContainsFunc(old, func(r Row) bool { return r.Key == k }) {
				t.Errorf("%s: offer %d took the key %+v", name, o.ID, k)
			}
		}
		if gone := len(m.Rows) - m.Count(); gone != len(c.before) {
			t.Errorf("%s: %d rows are marked as gone, want %d", name, gone, len(c.before))
		}
	}
}

func TestOfferThatComesBackIsNotItsHeir(t *testing.T) {
	t.Parallel()
	for name, first := range map[string][]vastapi.Offer{
		"alone":                {on(7, 1, 1, 0.1)},
		"known by its id once": {on(7, 1, 1, 0.1), on(7, 1, 2, 0.2)},
	} {
		m := holding(first...)
		was := key(t, m, 1)
		m = next(m, 5, append([]vastapi.Offer{on(7, 1, 901, 0.1)}, first[1:]...)...)
		if key(t, m, 901) != was {
			t.Fatalf("%s: the heir has %+v, not %+v", name, key(t, m, 901), was)
		}
		m = next(m, 10, append([]vastapi.Offer{on(7, 1, 1, 0.1), on(7, 1, 901, 0.1)}, first[1:]...)...)
		if key(t, m, 901) != was || key(t, m, 1) == was {
			t.Errorf("%s: the heir has %+v and the first %+v", name, key(t, m, 901), key(t, m, 1))
		}
	}
}

// A query that leaves a row out says nothing about it.
func TestWhatAnotherSearchBroughtDoesNotLinger(t *testing.T) {
	t.Parallel()
	m := holding(on(7, 1, 1, 0.1))
	other := vastapi.OfferSearch{Filter: vastapi.Filter{"verified": {"eq": true}}}
	m = m.With(page(on(7, 1, 901, 0.1)), other, 0, false, noon.Add(time.Second))
	if ids(m) != "901" || len(m.Rows) != 1 {
		t.Errorf("what another search had brought lingers: %+v", m.Rows)
	}
	m = m.With(page(on(7, 1, 902, 0.1)), vastapi.OfferSearch{}, 0, false, noon.Add(2*time.Second))
	if ids(m) != "902" {
		t.Errorf("here are %s", ids(m))
	}
}

func TestKeysAreUniqueAndStayWhateverComes(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	var m Market
	searches := []vastapi.OfferSearch{{}, {}, {}, {Filter: vastapi.Filter{"a": {"eq": 1.0}}}, {Storage: 40}}
	had := map[vastapi.OfferID]OfferKey{}
	for step := range 3000 {
		var p vastapi.OfferPage
		for range rnd.IntN(12) {
			id := 1 + rnd.IntN(30)
			p.Offers = append(p.Offers, on(id%5, 1+id%2, id, vastapi.Rate(rnd.IntN(20))/10))
		}
		s, at := searches[rnd.IntN(len(searches))], noon.Add(time.Duration(step)*4*time.Second)
		if rnd.IntN(4) == 0 {
			m = m.Merge(p, s, at)
		} else {
			m = m.With(p, s, vastapi.Rate(rnd.IntN(3))/2, rnd.IntN(2) == 0, at)
		}
		keys, offers := map[OfferKey]bool{}, map[vastapi.OfferID]OfferKey{}
		gone := 0
		for _, r := range m.Rows {
			if r.Key.Machine != r.Offer.MachineID || int(r.Key.GPUs) != r.Offer.NumGPUs {
				t.Fatalf("step %d: the key %+v is of another machine than offer %d", step, r.Key, r.Offer.ID)
			}
			if r.Key == (OfferKey{}) || keys[r.Key] {
				t.Fatalf("step %d: the key %+v is empty or there twice", step, r.Key)
			}
			if old, ok := had[r.Offer.ID]; ok && old != r.Key {
				t.Fatalf("step %d: offer %d had the key %+v and has %+v", step, r.Offer.ID, old, r.Key)
			}
			if _, twice := offers[r.Offer.ID]; twice {
				t.Fatalf("step %d: offer %d is there twice", step, r.Offer.ID)
			}
			keys[r.Key], offers[r.Offer.ID] = true, r.Key
			if found, ok := m.Row(r.Offer.ID); !ok || found.Offer != r.Offer {
				t.Fatalf("step %d: offer %d cannot be found", step, r.Offer.ID)
			}
			if !r.Gone.IsZero() {
				gone++
			}
		}
		for id := range 32 {
			if _, ok := m.Row(vastapi.OfferID(id)); ok != (offers[vastapi.OfferID(id)] != OfferKey{}) {
				t.Fatalf("step %d: that offer %d is here is said to be %t", step, id, ok)
			}
		}
		if m.Count() != len(m.Rows)-gone {
			t.Fatalf("step %d: it counts %d of %d with %d gone", step, m.Count(), len(m.Rows), gone)
		}
		had = offers
	}
}
