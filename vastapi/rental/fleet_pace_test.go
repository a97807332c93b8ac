package rental

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// fleetMarket has room for fleets of twenty.
func fleetMarket(t *testing.T) *market {
	return newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithCredit(5000), vastsim.WithOffers(400))
}

// offersFor searches the market as a view does.
func (m *market) offersFor(kind vastapi.RentalType) []vastapi.Offer {
	m.t.Helper()
	page, err := m.client.SearchOffers(m.t.Context(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"rentable": {"eq": true}, "verified": {"eq": true}, "disk_space": {"gte": 100}}, Type: kind, Storage: 32,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return page.Offers
}

func (m *market) fleetPlan(opt FleetOptions) Plan {
	m.t.Helper()
	kind := vastapi.OnDemand
	if opt.Rent.Bid != nil {
		kind = vastapi.Interruptible
	}
	offers, read := m.offersFor(kind), time.Now()
	d := m.desk()
	d.Caps = Caps{Action: 1000, Total: 1000, Runway: time.Hour}
	return must(m.t)(PlanFleet(offers, read, opt, d))
}

// paced is what a fleet of so many took.
type paced struct {
	took, planned time.Duration
	hasty         int // requests that came before their time
}

// rentFleet rents a fleet on a healthy market some time after it was planned.
func rentFleet(t *testing.T, count int, thought time.Duration) paced {
	m := fleetMarket(t)
	p := m.fleetPlan(FleetOptions{Rent: someOptions, Count: count, Ceiling: 5})
	time.Sleep(thought)
	begun := time.Now()
	r := Execute(t.Context(), m.deps(), p, nil)
	out := paced{took: time.Since(begun), planned: p.Takes}
	if !r.Complete() || m.creates() != count || m.ours() != count {
		t.Errorf("%s, %d requests, %d machines", r.Summary(), m.creates(), m.ours())
	}
	for _, c := range m.world.Calls("", "") {
		if c.Status == http.StatusTooManyRequests {
			out.hasty++
		}
	}
	return out
}

func TestAFleetTakesAsLongAsItsPlanSays(t *testing.T) {
	for _, thought := range []time.Duration{0, 20 * time.Second, 5 * time.Minute} {
		for _, count := range []int{5, 20} {
			t.Run(fmt.Sprintf("%d after %s", count, thought), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					got := rentFleet(t, count, thought)
					if off := (got.took - got.planned).Abs(); off > got.planned/10 {
						t.Errorf("took %s, planned %s", got.took, got.planned)
					}
					if got.hasty > 0 {
						t.Errorf("%d requests came too early", got.hasty)
					}
				})
			})
		}
	}
}

// BenchmarkFleet prints how long a fleet of twenty takes on virtual time, and
// how much of this machine's time that costs.
func BenchmarkFleet(b *testing.B) {
	const count = 20
	budget := (count-1)*4950*time.Millisecond + 10*time.Second
	var got paced
	run := func(t *testing.T) { synctest.Test(t, func(t *testing.T) { got = rentFleet(t, count, 20*time.Second) }) }
	for b.Loop() {
		all := func(string, string) (bool, error) { return true, nil }
		if !testing.RunTests(all, []testing.InternalTest{{Name: "fleet", F: run}}) {
			b.Fatal("the fleet was not rented")
		}
	}
	verdict := "ok"
	if got.took > budget || got.hasty > 0 {
		verdict = "MISS"
	}
	b.ReportMetric(got.took.Seconds(), "virtual-s")
	fmt.Printf("P12 %d rents %.1f s of %.1f s, %d too early %s\n", count, got.took.Seconds(), budget.Seconds(), got.hasty, verdict)
}
