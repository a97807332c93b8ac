package pricing_test

import (
	"math"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func priced() *vastapi.Offer {
	return &vastapi.Offer{
		DphBase: 0.4, DphTotal: 0.41, StorageTotal: 0.01, StorageCost: 0.72, MinBid: 0.2, DiscountedDphTotal: 0.31,
		InetDownCost: 0.002, InetUpCost: 0.01, NumGPUs: 2,
	}
}

func TestEachRentalTypeHasAPriceOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind           vastapi.RentalType
		headline, gpus vastapi.Rate
	}{
		{vastapi.OnDemand, 0.41, 0.4},
		{"", 0.41, 0.4},
		{vastapi.Interruptible, 0.2, 0.2},
		{vastapi.Reserved, 0.31, 0.3},
	} {
		if got := pricing.Headline(priced(), c.kind); !near(float64(got), float64(c.headline)) {
			t.Errorf("%q is listed at %v, want %v", c.kind, got, c.headline)
		}
		got := pricing.For(priced(), c.kind, 100)
		if !near(float64(got.GPU), float64(c.gpus)) || !near(float64(got.Disk), 0.1) {
			t.Errorf("%q costs %+v, want GPUs at %v and the disk at 0.1", c.kind, got, c.gpus)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// What an offer does not tell must never look cheap: a bid's price is not its
// price on demand, and a zero stands for "none".
func TestPriceOfAnotherTypeIsUnknownWhereItIsNotTold(t *testing.T) {
	t.Parallel()
	bid := priced()
	bid.IsBid, bid.DphTotal, bid.DphBase = true, 0.21, 0.2
	none := priced()
	none.MinBid, none.DiscountedDphTotal = 0, 0
	untold := &vastapi.Offer{MinBid: vastapi.Unknown[vastapi.Rate](), DiscountedDphTotal: vastapi.Unknown[vastapi.Rate]()}
	for _, c := range []struct {
		name  string
		offer *vastapi.Offer
		kind  vastapi.RentalType
	}{
		{"a bid's price on demand", bid, vastapi.OnDemand},
		{"an offer without bids", none, vastapi.Interruptible},
		{"an offer without a reserved price", none, vastapi.Reserved},
		{"a bid that is not told", untold, vastapi.Interruptible},
		{"a reserved price that is not told", untold, vastapi.Reserved},
	} {
		if got := pricing.Headline(c.offer, c.kind); vastapi.Known(got) {
			t.Errorf("%s: listed at %v", c.name, got)
		}
		if got := pricing.For(c.offer, c.kind, 10).Total(); vastapi.Known(got) {
			t.Errorf("%s: costs %v", c.name, got)
		}
	}
}

func TestJobAddsHoursDiskAndTraffic(t *testing.T) {
	t.Parallel()
	c := pricing.ForJob(priced(), vastapi.OnDemand, pricing.Job{Disk: 100, Hours: 10, In: 500, Out: 20})
	// 0.4 + 0.1 = 0.5 an hour, 1.00 in, 0.20 out.
	if !near(float64(c.In), 1) || !near(float64(c.Out), 0.2) || !near(float64(c.Total()), 6.2) || !near(float64(c.AllIn()), 0.62) {
		t.Errorf("the job comes to %+v: %v, %v an hour; want 6.2 and 0.62", c, c.Total(), c.AllIn())
	}
	if sum := float64(c.AllIn()) * 10; !near(sum, float64(c.Total())) {
		t.Errorf("all-in times the hours is %v, the total %v", sum, c.Total())
	}
}

func TestTrafficThatIsNotWantedNeedsNoPrice(t *testing.T) {
	t.Parallel()
	o := priced()
	o.InetUpCost, o.InetDownCost = vastapi.Unknown[vastapi.PerGB](), vastapi.Unknown[vastapi.PerGB]()
	c := pricing.ForJob(o, vastapi.OnDemand, pricing.Job{Disk: 100, Hours: 10})
	if !near(float64(c.AllIn()), 0.5) || !near(float64(c.Total()), 5) {
		t.Errorf("without traffic: %v an hour, %v", c.AllIn(), c.Total())
	}
	c = pricing.ForJob(o, vastapi.OnDemand, pricing.Job{Disk: 100, Hours: 10, Out: 1})
	if vastapi.Known(c.AllIn()) || vastapi.Known(c.Total()) {
		t.Errorf("with traffic of unknown price: %v an hour, %v; nobody knows", c.AllIn(), c.Total())
	}
}

func TestJobOfNoLengthHasNoTrafficPerHour(t *testing.T) {
	t.Parallel()
	if got := pricing.ForJob(priced(), vastapi.OnDemand, pricing.Job{Disk: 100, In: 5}).AllIn(); vastapi.Known(got) {
		t.Errorf("it costs %v an hour", got)
	}
	if got := pricing.ForJob(priced(), vastapi.OnDemand, pricing.Job{Disk: 100}).AllIn(); !near(float64(got), 0.5) {
		t.Errorf("without traffic it costs %v an hour, want 0.5", got)
	}
}

func TestJobsThatCannotBeAreNotValid(t *testing.T) {
	t.Parallel()
	good := pricing.Job{Disk: 10, Hours: 24}
	if !good.Valid() {
		t.Error("an ordinary job is not valid")
	}
	for _, j := range []pricing.Job{
		{Disk: 10}, {Disk: -1, Hours: 1}, {Hours: -1}, {Hours: math.NaN()}, {Hours: math.Inf(1)},
		{Hours: 1, In: vastapi.GB(math.NaN())}, {Hours: 1, Out: -2}, {Hours: 1, In: vastapi.GB(math.Inf(1))},
	} {
		if j.Valid() {
			t.Errorf("%+v is valid", j)
		}
	}
}
