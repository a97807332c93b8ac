package command

import (
	"context"
	"errors"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

// good is an offer that the default policy lets pass.
func good(id vastapi.OfferID, gpu string, price vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{
		ID: id, MachineID: vastapi.MachineID(id), HostID: vastapi.HostID(id), NumGPUs: 1, GPUName: safetext.New(gpu), DphTotal: price,
		Verification: safetext.New("verified"), Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo, External: vastapi.FlagNo,
	}
}

// look looks at a watch and takes the answer in.
func look(t *testing.T, c *Set, d *feed.Snapshot, w feed.Watch, now time.Time) WatchLooked {
	t.Helper()
	m := c.LookAt(d, w, now)().(WatchLooked)
	if !c.Current(m) {
		t.Fatal("the look does not count")
	}
	m.Fold(d)
	return m
}

func TestWatchAsksWhatItIsAboutAndChecksWhatComes(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{good(1, "RTX 4090", 0.5), good(2, "RTX 4090", 0.4), good(3, "H100", 0.1)}, Asked: lookLimit}}
	c := set(t, s, Market{})
	for n := range s.page.Offers {
		s.page.Offers[n].MinBid = s.page.Offers[n].DphTotal
	}
	w := feed.Watch{Query: "4090", Kind: vastapi.Interruptible}
	d := feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}, Workload: feed.Workload{Disk: 40}, Blocks: []feed.Block{{Host: 9}, {Machine: 8, Until: noon}}}}
	m := look(t, c, &d, w, noon)
	q := s.searches[0]
	if q.Type != vastapi.Interruptible || q.Storage != 40 || q.Filter["host_id"] == nil || q.Filter["machine_id"] != nil || q.Filter["rentable"] == nil {
		t.Errorf("asked was %+v", q)
	}
	if got := d.Watches[w.ID()]; !m.Asked || got.Standing != feed.WatchAvailable || got.Offers != 2 || got.Cheapest != 0.4 || got.More {
		t.Errorf("it is %+v", got)
	}
	machine := feed.Watch{Machine: 8}
	d.Memory.Watches = append(d.Memory.Watches, machine)
	look(t, c, &d, machine, noon)
	if f := s.searches[1].Filter; f["machine_id"]["eq"] == nil || f["verified"] != nil || f["host_id"] != nil {
		t.Errorf("for a machine, asked was %v", f)
	}
	if got := d.Watches[machine.ID()]; got.Standing != feed.WatchGone {
		t.Errorf("machine 8 is %+v though the server sent others", got)
	}
}

func TestAnswerToAnotherQuestionDoesNotMeanGone(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{good(3, "H100", 0.1)}, Asked: 1, Rows: 1}}
	w := feed.Watch{Query: "4090"}
	d := feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}}}
	look(t, set(t, s, Market{}), &d, w, noon)
	if got := d.Watches[w.ID()]; got.Err == nil || got.Standing != feed.WatchUnseen {
		t.Errorf("a full page of other offers says %+v", got)
	}
}

func TestWatchThatCannotBeReadAsksNobody(t *testing.T) {
	t.Parallel()
	s := &server{}
	c := set(t, s, Market{})
	w := feed.Watch{Query: "num_gpu>="}
	d := feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}}}
	look(t, c, &d, w, noon)
	if len(s.searches) != 0 || d.Watches[w.ID()].Err == nil || d.Watches[w.ID()].Standing != feed.WatchUnseen {
		t.Errorf("asked %v, it is %+v", s.searches, d.Watches)
	}
}

// loaded is a snapshot whose on-demand market was loaded whole for a query.
func loaded(t *testing.T, c *Set, query string, more bool) *feed.Snapshot {
	t.Helper()
	q, err := offerql.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	d := &feed.Snapshot{}
	takeIn(t, c, d, OffersFound{
		Answer: Answer{At: noon}, More: more, Search: vastapi.OfferSearch{Filter: q.WithDefaults().Filter(false), Storage: 10},
		Page: vastapi.OfferPage{Offers: []vastapi.Offer{good(1, "RTX 4090", 0.5), good(2, "RTX 4090", 0.4), good(3, "H100", 9)}},
	})
	return d
}

func TestWholeMarketAnswersAWatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		market string
		more   bool
		watch  feed.Watch
		disk   vastapi.GB
		after  time.Duration
		asks   bool
	}{
		{"part of the whole market", "", false, feed.Watch{Query: "4090 dph<1"}, 10, 59 * time.Second, false},
		{"the same query", "dph<1", false, feed.Watch{Query: "dph<1 4090"}, 10, 0, false},
		{"the market is old", "", false, feed.Watch{Query: "4090"}, 10, time.Minute, true},
		{"the server has more", "", true, feed.Watch{Query: "4090"}, 10, 0, true},
		{"another type", "", false, feed.Watch{Query: "4090", Kind: vastapi.Interruptible}, 10, 0, true},
		{"another disk", "", false, feed.Watch{Query: "4090"}, 40, 0, true},
		{"another bound", "dph<1", false, feed.Watch{Query: "dph<2"}, 10, 0, true},
		{"wider than the default policy", "", false, feed.Watch{Machine: 1}, 10, 0, true},
	} {
		s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{good(1, "RTX 4090", 0.3)}}}
		cmd := set(t, s, Market{})
		d := loaded(t, cmd, c.market, c.more)
		d.Memory = feed.Memory{Watches: []feed.Watch{c.watch}, Workload: feed.Workload{Disk: c.disk}}
		m := look(t, cmd, d, c.watch, noon.Add(c.after))
		if m.Asked != c.asks || (len(s.searches) > 0) != c.asks {
			t.Errorf("%s: asked %t", c.name, m.Asked)
		}
		if got := d.Watches[c.watch.ID()]; got.Standing != feed.WatchAvailable || (!c.asks && (got.Offers != 2 || got.Cheapest != 0.4)) {
			t.Errorf("%s: it is %+v", c.name, got)
		}
	}
}

func TestLookInVainChangesNothingButItsError(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Asked: lookLimit}}
	c := set(t, s, Market{})
	w := feed.Watch{Query: "4090"}
	d := feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}}}
	look(t, c, &d, w, noon)
	WatchLooked{Answer: Answer{Err: context.Canceled, At: noon.Add(time.Hour)}, Watch: w.ID()}.Fold(&d)
	if got := d.Watches[w.ID()]; got.Err != nil || !got.Looked.Before(time.Now().Add(time.Second)) {
		t.Errorf("a look that was given up left %+v", got)
	}
	s.err = errors.New("502")
	if look(t, c, &d, w, noon.Add(time.Minute)); d.Watches[w.ID()].Err == nil || d.Watches[w.ID()].Standing != feed.WatchGone {
		t.Errorf("after a failure it is %+v", d.Watches[w.ID()])
	}
}

func TestWatchesShareTheirTurns(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{1: time.Minute, 5: time.Minute, 10: 2 * time.Minute, 50: 10 * time.Minute} {
		if got := WatchPeriod(n); got != want {
			t.Errorf("each of %d watches is looked at every %s", n, got)
		}
	}
	a, b := feed.Watch{Query: "a"}, feed.Watch{Query: "b"}
	d := feed.Snapshot{}
	if _, _, ok := NextWatch(&d, noon); ok {
		t.Error("nothing is watched, and something is looked at")
	}
	d.Memory.Watches = []feed.Watch{a, b}
	d.SetWatch(a.ID(), feed.Sighting{}, noon, nil)
	if w, wait, _ := NextWatch(&d, noon.Add(time.Second)); w != b || wait != 0 {
		t.Errorf("next is %+v in %s, want the one that was never looked at", w, wait)
	}
	d.SetWatch(b.ID(), feed.Sighting{}, noon.Add(10*time.Second), nil)
	if w, wait, _ := NextWatch(&d, noon.Add(20*time.Second)); w != a || wait != 40*time.Second {
		t.Errorf("next is %+v in %s", w, wait)
	}
}

// The price that is named is the one that the market lists the offer with.
func TestWatchNamesThePriceOfItsRentalType(t *testing.T) {
	t.Parallel()
	none := vastapi.Unknown[vastapi.Rate]()
	dear, cheap, unpriced := good(1, "RTX 4090", 1), good(2, "RTX 4090", 2), good(3, "RTX 4090", none)
	dear.MinBid, dear.DiscountedDphTotal = 0.3, 0.9
	cheap.MinBid, cheap.DiscountedDphTotal = 0.2, 0.5
	unpriced.MinBid, unpriced.DiscountedDphTotal = none, 0 // 0 stands for none
	for _, whole := range []bool{false, true} {
		for kind, want := range map[vastapi.RentalType]vastapi.Rate{"": 1, vastapi.OnDemand: 1, vastapi.Interruptible: 0.2, vastapi.Reserved: 0.5} {
			list := []vastapi.Offer{unpriced, dear, cheap}
			c := set(t, &server{page: vastapi.OfferPage{Offers: list}}, Market{})
			w := feed.Watch{Query: "4090", Kind: kind}
			d := &feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}, Workload: feed.Workload{Disk: 10}}}
			if whole {
				q, err := offerql.Parse("")
				if err != nil {
					t.Fatal(err)
				}
				takeIn(t, c, d, OffersFound{
					Answer: Answer{At: noon}, Page: vastapi.OfferPage{Offers: list},
					Search: vastapi.OfferSearch{Filter: q.WithDefaults().Filter(false), Storage: 10, Type: kind},
				})
			}
			if m := look(t, c, d, w, noon); m.Asked == whole || m.Found.Offers != 3 || m.Found.Cheapest != want {
				t.Errorf("%q, asked %t: it found %+v, want the cheapest at %v", kind, m.Asked, m.Found, want)
			}
		}
	}
	w := feed.Watch{Query: "4090"}
	d := &feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{w}}}
	if m := look(t, set(t, &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{unpriced}}}, Market{}), d, w, noon); m.Found.Offers != 1 || vastapi.Known(m.Found.Cheapest) {
		t.Errorf("of one without a price it found %+v", m.Found)
	}
}

func TestBrokenWatchWaitsLongerAndTheOthersDoNot(t *testing.T) {
	t.Parallel()
	broken, other := feed.Watch{Query: "a"}, feed.Watch{Query: "b"}
	d := feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{broken, other}}}
	for n, want := range []time.Duration{2, 4, 4, 4} {
		at := noon.Add(time.Duration(n) * time.Hour)
		d.SetWatch(broken.ID(), feed.Sighting{}, at, errors.New("it cannot be read"))
		d.SetWatch(other.ID(), feed.Sighting{}, at, nil)
		if w, wait, _ := NextWatch(&d, at); w != other || wait != EveryWatch {
			t.Errorf("after %d failures %+v is next, in %s", n+1, w, wait)
		}
		d.SetWatch(other.ID(), feed.Sighting{}, at.Add(time.Hour), nil)
		if w, wait, _ := NextWatch(&d, at); w != broken || wait != want*EveryWatch {
			t.Errorf("after %d failures %+v is looked at again in %s", n+1, w, wait)
		}
	}
	limited := &vastapi.Error{Kind: vastapi.KindRateLimited}
	d = feed.Snapshot{Memory: feed.Memory{Watches: []feed.Watch{broken}}}
	for range 5 {
		d.SetWatch(broken.ID(), feed.Sighting{}, noon, limited)
	}
	if _, wait, _ := NextWatch(&d, noon); wait != EveryWatch {
		t.Errorf("what is nobody's fault makes it wait %s", wait)
	}
}
