package rental

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/vastsim"
)

// market is the real client over a simulated market, with everything that a
// plan needs.
type market struct {
	t      *testing.T
	world  *vastsim.World
	client *vastapi.Client
	j      *memory
}

func newMarket(t *testing.T, opts ...vastsim.Option) *market {
	t.Helper()
	opts = append([]vastsim.Option{vastsim.WithQuietMarket(), vastsim.WithOffers(200), vastsim.WithRateLimits(true)}, opts...)
	w := vastsim.New(opts...)
	c, err := vastapi.New(
		vastapi.WithTransport(w.Transport()),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "sim" })),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &market{t, w, c, &memory{}}
}

func (m *market) deps() Deps {
	return Deps{API: m.client, Read: m.client, Journal: m.j, Policy: DefaultPolicy(), Account: "1"}
}

func (m *market) desk() Desk {
	m.t.Helper()
	ctx := m.t.Context()
	instances, err := m.client.Instances(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	volumes, err := m.client.Volumes(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	user, err := m.client.User(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	ops, err := Open(m.j)
	if err != nil {
		m.t.Fatal(err)
	}
	return Desk{
		Now: time.Now(), Caps: DefaultCaps(), Credit: user.Spendable(), OpenRate: ops.ReservedFor("", instances.Instances),
		Burn: pricing.Account(instances.Instances, volumes.Volumes), Instances: instances.Instances, At: time.Now(),
	}
}

// cheapest finds the cheapest offer with room for a disk of 32 GB.
func (m *market) cheapest(kind vastapi.RentalType) vastapi.Offer {
	m.t.Helper()
	page, err := m.client.SearchOffers(m.t.Context(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"rentable": {"eq": true}, "verified": {"eq": true}, "disk_space": {"gte": 100}},
		Order:  [][2]string{{"dph_total", "asc"}}, Type: kind, Storage: 32,
	})
	if err != nil || len(page.Offers) == 0 {
		m.t.Fatalf("%d offers, %v", len(page.Offers), err)
	}
	return page.Offers[0]
}

func (m *market) rentPlan(opt RentOptions) Plan {
	m.t.Helper()
	d := m.desk()
	kind := vastapi.OnDemand
	if opt.Bid != nil {
		kind = vastapi.Interruptible
	}
	return must(m.t)(PlanRent(m.cheapest(kind), time.Now(), opt, d))
}

func (m *market) creates() int { return len(m.world.Calls(http.MethodPut, "/api/v0/asks/")) }

// ours counts the contracts that carry a token.
func (m *market) ours() int {
	n := 0
	for _, i := range m.world.Instances() {
		if _, token := SplitLabel(i.Label); token != "" {
			n++
		}
	}
	return n
}

// newest is the contract with the highest number.
func (m *market) newest() vastapi.InstanceID {
	var id int64
	for _, i := range m.world.Instances() {
		id = max(id, i.ID)
	}
	return vastapi.InstanceID(id)
}

func TestFromAnOfferToADestroyedInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		before := len(m.world.Instances())
		r := Execute(t.Context(), m.deps(), m.rentPlan(someOptions), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		id := r.Done[0].Contract
		if !r.Done[0].Verified || len(r.Done[0].Differences) > 0 {
			t.Errorf("delivered %+v", r.Done[0])
		}
		time.Sleep(5 * time.Minute)
		i, err := m.client.Instance(t.Context(), id)
		if err != nil || Display(*i).Word != "RUNNING" || i.Label.String() != Label("train", r.Plan.Steps[0].Token) {
			t.Fatalf("%+v, %v", i, err)
		}
		if want := r.Plan.Steps[0].Rate; math.Abs(float64(pricing.Now(i)-want)) > 1e-6 {
			t.Errorf("billed %v, planned %v", pricing.Now(i), want)
		}
		d := m.desk()
		r = Execute(t.Context(), m.deps(), must(t)(PlanDestroy([]vastapi.Instance{*i}, d)), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if n := len(m.world.Calls(http.MethodDelete, "")); n != 1 || !r.Done[0].Verified || len(m.world.Instances()) != before {
			t.Errorf("%d destroys, %+v", n, r.Done[0])
		}
		if got, err := Open(m.j); err != nil || len(got.Open()) != 0 {
			t.Errorf("left open: %v, %v", got.Open(), err)
		}
	})
}

func TestStopStartAndRenameOnTheMarket(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		run := func(make func(Desk) (Plan, error)) Report {
			t.Helper()
			r := Execute(t.Context(), m.deps(), must(t)(make(m.desk())), nil)
			checkCounts(t, r, 1, 0, 0, 0, 0)
			if !r.Done[0].Verified {
				t.Errorf("%s was not verified: %+v", r.Plan.Verb, r.Done[0])
			}
			return r
		}
		id := run(func(Desk) (Plan, error) { return m.rentPlan(someOptions), nil }).Done[0].Contract
		target := func(d Desk) vastapi.Instance { return *findInstance(d.Instances, id) }
		time.Sleep(5 * time.Minute)
		run(func(d Desk) (Plan, error) { return PlanStop([]vastapi.Instance{target(d)}, d) })
		time.Sleep(time.Minute)
		if d := m.desk(); Display(target(d)).Word != "STOPPED" {
			t.Errorf("state %+v", Display(target(d)))
		}
		run(func(d Desk) (Plan, error) { return PlanRename(target(d), "eval", d) })
		run(func(d Desk) (Plan, error) { return PlanStart([]vastapi.Instance{target(d)}, d) })
		name, token := SplitLabel(target(m.desk()).Label.String())
		if name != "eval" || token == "" {
			t.Errorf("label %q %q", name, token)
		}
	})
}

// TestNoFaultRentsTwiceOrLosesARental is the heart of the money tests: whatever
// happens to the answer of a rent, one request is sent, and what the report says
// is what the account holds.
func TestNoFaultRentsTwiceOrLosesARental(t *testing.T) {
	for name, c := range map[string]struct {
		fault  vastsim.Fault
		rented bool
	}{
		"lost answer":    {vastsim.Fault{Kind: vastsim.LostAnswer}, true},
		"truncated":      {vastsim.Fault{Kind: vastsim.Truncate}, true},
		"late by 20 s":   {vastsim.Fault{Kind: vastsim.LateCommit, Delay: 20 * time.Second}, true},
		"late by 170 s":  {vastsim.Fault{Kind: vastsim.LateCommit, Delay: 170 * time.Second}, true},
		"reset":          {vastsim.Fault{Kind: vastsim.Reset}, false},
		"slow":           {vastsim.Fault{Kind: vastsim.Latency, Delay: 2 * time.Minute}, true},
		"slow drip":      {vastsim.Fault{Kind: vastsim.SlowDrip, Delay: 30 * time.Second}, true},
		"huge":           {vastsim.Fault{Kind: vastsim.HugeBody}, true},
		"429":            {vastsim.Fault{Kind: vastsim.Status, Status: 429}, false},
		"429 detail":     {vastsim.Fault{Kind: vastsim.Status, Status: 429, Body: vastsim.BodyLimitedDetail}, false},
		"401":            {vastsim.Fault{Kind: vastsim.Status, Status: 401}, false},
		"500":            {vastsim.Fault{Kind: vastsim.Status, Status: 500}, false},
		"502 page":       {vastsim.Fault{Kind: vastsim.Status, Status: 502, Body: vastsim.BodyGateway}, false},
		"page with 200":  {vastsim.Fault{Kind: vastsim.Status, Status: 200, Body: vastsim.BodyGateway}, false},
		"400":            {vastsim.Fault{Kind: vastsim.Status, Status: 400}, false},
		"redirect":       {vastsim.Fault{Kind: vastsim.Status, Status: 302, Body: "{}"}, false},
		"success false":  {vastsim.Fault{Kind: vastsim.Status, Status: 200, Body: `{"success":false,"msg":"no"}`}, false},
		"404 from a box": {vastsim.Fault{Kind: vastsim.Status, Status: 404, Body: "<html>not found</html>"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t)
				had := m.ours()
				p := m.rentPlan(someOptions)
				c.fault.Method, c.fault.Path, c.fault.Times = http.MethodPut, "/api/v0/asks/", 1
				m.world.Fault(c.fault)
				r := Execute(t.Context(), m.deps(), p, nil)
				if c.rented {
					checkCounts(t, r, 1, 0, 0, 0, 0)
				} else {
					checkCounts(t, r, 0, 1, 0, 0, 0)
				}
				if got := m.ours() - had; m.creates() != 1 || got != len(r.Done) {
					t.Errorf("%d requests, %d rented, report %+v", m.creates(), got, r)
				}
				again := Execute(t.Context(), m.deps(), p, nil)
				if !errors.Is(again.Err, ErrUsed) || m.creates() != 1 {
					t.Errorf("the plan was carried out again: %v", again.Err)
				}
			})
		})
	}
}

func TestARentThatComesAfterItWasGivenUpIsAnOrphan(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.LateCommit, Method: http.MethodPut, Path: "/api/v0/asks/", Times: 1, Delay: 10 * time.Minute})
		checkCounts(t, Execute(t.Context(), m.deps(), p, nil), 0, 1, 0, 0, 0)
		time.Sleep(10 * time.Minute)
		ops, err := Open(m.j)
		if err != nil {
			t.Fatal(err)
		}
		d := m.desk()
		orphans := Orphans(d.Instances, ops)
		if len(orphans) != 1 || findInstance(d.Instances, orphans[0]).Label.String() != Label("train", p.Steps[0].Token) {
			t.Errorf("orphans %v", orphans)
		}
	})
}

// A read tells how things stood when it began: one that takes long must not
// shorten the time that a rent has to appear.
func TestASlowReadDoesNotMakeARentAbsentTooSoon(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const list = "/api/v1/instances/"
		m := newMarket(t, vastsim.WithEmptyAccount())
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.LateCommit, Method: http.MethodPut, Path: "/api/v0/asks/", Times: 1, Delay: 170 * time.Second})
		// The look at 160 s is answered before the rent and arrives after 180 s.
		m.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: http.MethodGet, Path: list, Delay: 14 * time.Second, After: 8, Times: 1})
		m.world.Fault(vastsim.Fault{Kind: vastsim.SlowDrip, Method: http.MethodGet, Path: list, Delay: 4 * time.Second, After: 8, Times: 1})
		checkCounts(t, Execute(t.Context(), m.deps(), p, nil), 1, 0, 0, 0, 0)
	})
}

func TestARentIsFoundWhileTheReadsFailToo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: http.MethodPut, Path: "/api/v0/asks/", Times: 1})
		m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Method: http.MethodGet, Path: "/api/v1/instances/", Times: 9, Status: 503})
		checkCounts(t, Execute(t.Context(), m.deps(), p, nil), 1, 0, 0, 0, 0)
	})
}

func TestACappedDiskIsReported(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.CappedDisk, Method: http.MethodPut, Path: "/api/v0/asks/"})
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if got := fmt.Sprint(r.Done[0].Differences); !strings.Contains(got, "disk is 16 GB, asked for was 32 GB") {
			t.Errorf("differences %s", got)
		}
	})
}

func TestABidBelowTheFloorLeavesAStoppedInstanceThatIsNamed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		floor := m.cheapest(vastapi.Interruptible).MinBid
		opt := someOptions
		opt.Bid = &floor
		p := m.rentPlan(opt)
		m.world.SetOfferPrice(int64(p.Steps[0].Subject.Offer), float64(m.cheapest(vastapi.OnDemand).DphBase)*3)
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 0)
		if f := r.Failed[0]; f.Contract == 0 || !strings.Contains(f.Why, "left instance") || m.ours() == 0 {
			t.Errorf("%+v", f)
		}
		ops, err := Open(m.j)
		if got := Orphans(m.desk().Instances, ops); err != nil || len(got) != 1 || got[0] != r.Failed[0].Contract {
			t.Errorf("orphans %v, %v", got, err)
		}
	})
}

func TestAnInterruptibleRentIsABid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		offer := m.cheapest(vastapi.Interruptible)
		price := offer.MinBid * 1.2
		opt := someOptions
		opt.Bid = &price
		p := must(t)(PlanRent(offer, time.Now(), opt, m.desk()))
		time.Sleep(20 * time.Second)
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if i := r.Done[0].Delivered; i == nil || !i.Bid || len(r.Done[0].Differences) > 0 {
			t.Errorf("%+v", r.Done[0])
		}
	})
}

func TestAnOfferThatRisesOrVanishesOnTheMarketIsRefused(t *testing.T) {
	for name, change := range map[string]func(*vastsim.World, vastapi.Offer){
		"dearer": func(w *vastsim.World, o vastapi.Offer) { w.SetOfferPrice(int64(o.ID), float64(o.DphBase)*1.05) },
		"gone":   func(w *vastsim.World, o vastapi.Offer) { w.RemoveOffer(int64(o.ID)) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t)
				o := m.cheapest(vastapi.OnDemand)
				p := must(t)(PlanRent(o, time.Now(), someOptions, m.desk()))
				time.Sleep(20 * time.Second)
				change(m.world, o)
				r := Execute(t.Context(), m.deps(), p, nil)
				if !errors.Is(r.Err, ErrMoved) || len(r.Moved) == 0 || m.creates() != 0 {
					t.Errorf("err %v, moved %v, %d requests", r.Err, r.Moved, m.creates())
				}
			})
		})
	}
}

func TestDestroySurvivesEveryFault(t *testing.T) {
	for name, fault := range map[string]vastsim.Fault{
		"lost answer": {Kind: vastsim.LostAnswer},
		"truncated":   {Kind: vastsim.Truncate},
		"reset":       {Kind: vastsim.Reset},
		"late commit": {Kind: vastsim.LateCommit, Delay: 15 * time.Second},
		"429":         {Kind: vastsim.Status, Status: 429},
		"502":         {Kind: vastsim.Status, Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(6))
				d := m.desk()
				p := must(t)(PlanDestroy(d.Instances[1:5], d))
				fault.Method, fault.Path, fault.Times, fault.After = http.MethodDelete, "/api/v0/instances/", 1, 1
				m.world.Fault(fault)
				r := Execute(t.Context(), m.deps(), p, nil)
				checkCounts(t, r, 4, 0, 0, 0, 0)
				left := m.world.Instances()
				if len(left) != 2 || left[0].ID != int64(d.Instances[0].ID) || left[1].ID != int64(d.Instances[5].ID) {
					t.Errorf("left %+v", left)
				}
			})
		})
	}
}

func TestOnAHealthyServerNothingIsAskedTooOften(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(30))
		d := m.desk()
		r := Execute(t.Context(), m.deps(), must(t)(PlanDestroy(d.Instances[:20], d)), nil)
		checkCounts(t, r, 20, 0, 0, 0, 0)
		if n := len(m.world.Calls(http.MethodDelete, "")); n != 20 {
			t.Errorf("%d requests for 20 instances", n)
		}
		for _, c := range m.world.Calls("", "") {
			if c.Status == http.StatusTooManyRequests {
				t.Errorf("%s %s was too early", c.Method, c.Path)
			}
		}
	})
}

func TestAKilledProcessIsRecoveredOnTheMarket(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: http.MethodPut, Path: "/api/v0/asks/", Delay: time.Minute, Times: 1})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := Execute(ctx, m.deps(), p, nil)
		checkCounts(t, r, 0, 0, 0, 1, 0)
		ops, err := Open(m.j)
		if err != nil || ops.Reserved() != p.Steps[0].Rate {
			t.Errorf("reserved %v, %v", ops.Reserved(), err)
		}
		// It is on the market already, where it is counted.
		d := m.desk()
		if findInstance(d.Instances, m.newest()) == nil || d.OpenRate != 0 || d.Burn.Committed < p.Cost.Before+p.Steps[0].Rate-1e-6 {
			t.Errorf("reserved %v beside %+v, planned %v and %v", d.OpenRate, d.Burn, p.Cost.Before, p.Steps[0].Rate)
		}
		settled, err := Recover(t.Context(), m.deps(), nil)
		if err != nil || len(settled) != 1 || settled[0].State != OpConfirmed || m.creates() != 1 {
			t.Errorf("%+v, %v", settled, err)
		}
	})
}

func TestTheSimulatorBillsWhatPricingSays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithTraffic(false), vastsim.WithCredit(1000))
		time.Sleep(10 * time.Minute) // what loads has come up
		d := m.desk()
		before := m.world.Credit()
		time.Sleep(24 * time.Hour)
		spent := before - m.world.Credit()
		if want := float64(d.Burn.Total.Day()); math.Abs(spent-want) > 0.01 || !vastapi.Known(d.Burn.Total) || want < 1 {
			t.Errorf("a day cost %.4f, pricing says %.4f", spent, want)
		}
		left, finite := pricing.Runway(vastapi.Amount(before), d.Burn.Total)
		if !finite {
			t.Fatal("the credit never ends")
		}
		t.Logf("a day costs %.2f, the credit lasts %s", spent, left)
	})
}
