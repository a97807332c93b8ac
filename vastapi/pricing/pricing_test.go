package pricing

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

var nan = vastapi.Unknown[vastapi.Rate]()

func near[T ~float64](a, b T) bool {
	return math.Abs(float64(a-b)) < 2e-8 || !vastapi.Known(a) && !vastapi.Known(b)
}

func TestOfferPricesAsWorkedByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		offer vastapi.Offer
		disk  vastapi.GB
		want  Breakdown
	}{
		"captured":       {vastapi.Offer{DphBase: 0.24666667, StorageCost: 0.00133333}, 5, Breakdown{0.24666667, 9.259e-06}},
		"sample":         {vastapi.Offer{DphBase: 1, StorageCost: 0.1493333}, 10, Breakdown{1, 0.00207407}},
		"64 GB":          {vastapi.Offer{DphBase: 0.45, StorageCost: 0.12}, 64, Breakdown{0.45, 0.01066667}},
		"bid":            {vastapi.Offer{DphBase: 0.5, MinBid: 0.20, IsBid: true, StorageCost: 0.15}, 32, Breakdown{0.20, 0.00666667}},
		"bid, no floor":  {vastapi.Offer{DphBase: 0.5, MinBid: nan, IsBid: true, StorageCost: 0.15}, 32, Breakdown{0.5, 0.00666667}},
		"another disk":   {vastapi.Offer{DphBase: 0.3, DphTotal: 0.30104, StorageTotal: 0.00104, StorageCost: 0.15}, 100, Breakdown{0.3, 0.02083333}},
		"only the total": {vastapi.Offer{DphBase: nan, DphTotal: 0.31, StorageTotal: 0.01, StorageCost: 0.15}, 0, Breakdown{0.3, 0}},
		"unknown":        {vastapi.Offer{DphBase: nan, DphTotal: nan, StorageCost: 0.15}, 10, Breakdown{nan, 0.00208333}},
	} {
		got := Offer(&c.offer, c.disk)
		if !near(got.GPU, c.want.GPU) || !near(got.Disk, c.want.Disk) || !near(got.Total(), c.want.GPU+c.want.Disk) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got := Bid(&vastapi.Offer{StorageCost: 0.15}, 0.2, 32).Total(); !near(got, 0.20666667) {
		t.Errorf("given bid: %v", got)
	}
	if month := Offer(&vastapi.Offer{DphBase: 0.45, StorageCost: 0.12}, 64).Total().Month(); !near(month, 331.68) {
		t.Errorf("a month comes to %v", month)
	}
}

func machine(actual string) vastapi.Instance {
	return vastapi.Instance{
		Actual: safetext.New(actual), Intended: safetext.New("running"),
		DphBase: 1, DphTotal: 1.00207407, StorageCost: 0.1493333, Disk: 10, BilledNow: nan, IfRunning: nan, StorageTotal: nan,
	}
}

func TestWhatIsBilledFollowsTheStatus(t *testing.T) {
	t.Parallel()
	const all, disk = 1.00207407, 0.00207407
	for actual, want := range map[string]vastapi.Rate{
		"running": all, "frozen": all, "rebooting": all, "recycling": all,
		"": disk, "created": disk, "loading": disk, "stopped": disk, "exited": disk, "scheduling": disk,
		"offline": 0, "unknown": nan, "hibernating": nan,
	} {
		i := machine(actual)
		if got := Now(&i); !near(got, want) {
			t.Errorf("%q: %v, want %v", actual, got, want)
		}
		i.BilledNow = 0.5
		if got := Now(&i); got != 0.5 {
			t.Errorf("%q: the server says 0.5, got %v", actual, got)
		}
	}
}

func TestWhatWillBeBilledFollowsWhereItIsHeaded(t *testing.T) {
	t.Parallel()
	const all, disk = 1.00207407, 0.00207407
	for name, c := range map[string]struct {
		actual, intended, cur, status string
		billed                        vastapi.Rate
		want                          vastapi.Rate
		heading                       bool
	}{
		"rented just now":            {"", "running", "running", "", disk, all, true},
		"created":                    {"created", "running", "running", "", disk, all, true},
		"pulling":                    {"loading", "running", "running", "Downloading", disk, all, true},
		"scheduling":                 {"scheduling", "running", "stopped", "", disk, all, true},
		"waits for its GPU":          {"exited", "running", "stopped", "", disk, all, true},
		"its machine is away":        {"offline", "running", "running", "", 0, all, true},
		"no sign of life":            {"unknown", "running", "running", "", nan, all, true},
		"no sign of life, stopped":   {"unknown", "stopped", "running", "", nan, nan, false},
		"away and stopped":           {"offline", "stopped", "stopped", "", 0, disk, false},
		"runs":                       {"running", "running", "running", "", all, all, false},
		"runs at another rate":       {"running", "running", "running", "", 0.9, 0.9, false},
		"reboots":                    {"rebooting", "running", "running", "", all, all, false},
		"could not be started":       {"created", "running", "stopped", "Error response from daemon: manifest unknown", disk, disk, false},
		"failed while loading":       {"loading", "running", "running", "OCI runtime create failed: runc", disk, disk, false},
		"ended by itself":            {"exited", "running", "running", "", disk, disk, false},
		"is being stopped":           {"running", "stopped", "running", "", all, disk, false},
		"stopped before it came up":  {"loading", "stopped", "stopped", "", disk, disk, false},
		"stopped":                    {"exited", "stopped", "stopped", "", disk, disk, false},
		"stopped at a dearer disk":   {"exited", "stopped", "stopped", "", 0.01, 0.01, false},
		"is being destroyed":         {"running", "running", "unloaded", "", all, all, false},
		"is destroyed on its way up": {"loading", "running", "unloaded", "", disk, disk, false},
		"nobody said what for":       {"exited", "", "stopped", "", disk, disk, false},
		"stopped in a strange state": {"hibernating", "stopped", "stopped", "", nan, nan, false},
	} {
		i := machine(c.actual)
		i.Intended, i.Cur, i.Status, i.BilledNow = safetext.New(c.intended), safetext.New(c.cur), safetext.New(c.status), c.billed
		if got := Will(&i); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if Heading(&i) != c.heading {
			t.Errorf("%s: heading %t", name, !c.heading)
		}
	}
}

func TestChangesAreToWhatWillBeBilled(t *testing.T) {
	t.Parallel()
	i := machine("loading")
	i.BilledNow = 0.00207407
	if got := Stopping(&i); !near(got, -1) {
		t.Errorf("stopping one on its way changes %v", got)
	}
	if got := Destroying(&i); !near(got, -1.00207407) {
		t.Errorf("destroying one on its way changes %v", got)
	}
	i.Actual, i.Intended, i.BilledNow = safetext.New("running"), safetext.New("stopped"), 1.00207407
	if got := Starting(&i); !near(got, 1) {
		t.Errorf("starting one that is being stopped changes %v", got)
	}
	if i.Actual = safetext.New("created"); !Idle(&i) {
		t.Error("a container that is to be stopped computes")
	}
	if i.Intended = safetext.New("running"); Idle(&i) {
		t.Error("one on its way counts as idle")
	}
}

func TestPartsThatAreNotToldAreWorkedOut(t *testing.T) {
	t.Parallel()
	i := machine("running")
	i.DphBase = nan
	if got := Running(&i); !near(got.GPU, 1) || !near(got.Total(), 1.00207407) {
		t.Errorf("from dph_total: %+v", got)
	}
	i.DphTotal, i.IfRunning = nan, 1.00207407
	if got := Running(&i); !near(got.GPU, 1) {
		t.Errorf("from search.totalHour: %+v", got)
	}
	i.StorageCost, i.StorageTotal = vastapi.Unknown[vastapi.PerGBMonth](), 0.002
	if got := Stopped(&i); got != 0.002 {
		t.Errorf("disk %v", got)
	}
	i.StorageTotal = nan
	if vastapi.Known(Running(&i).Total()) || vastapi.Known(Stopped(&i)) {
		t.Error("an unknown disk price passed for none")
	}
}

func TestTheBurnOfAnAccount(t *testing.T) {
	t.Parallel()
	running, off, starting := machine("running"), machine("exited"), machine("loading")
	running.ID, off.ID = 1, 2
	off.Intended = safetext.New("stopped")
	volumes := []vastapi.Volume{
		{ID: 1, Hourly: 0.00694444, Instances: []vastapi.InstanceID{1}},
		{ID: 2, Hourly: 0.01, Instances: []vastapi.InstanceID{2}},
		{ID: 3, Hourly: 0.02},
	}
	b := Account([]vastapi.Instance{running, off, starting}, volumes)
	const disk = 0.00207407
	if !near(b.Committed, 2+3*disk+0.03694444) || b.CommittedAtLeast != b.Committed || b.Heading != 1 || b.Unsure != 0 {
		t.Errorf("committed %+v", b)
	}
	if !near(b.Total, 1+3*disk+0.03694444) || !near(b.Volumes, 0.03694444) || !near(b.Leak, disk+0.03) || b.Unused != 2 || b.Unknown != 0 {
		t.Errorf("burn %+v", b)
	}
	b = Account([]vastapi.Instance{running, machine("unknown")}, nil)
	if vastapi.Known(b.Total) || !near(b.AtLeast, 1+disk) || b.Unknown != 1 {
		t.Errorf("with an unknown: %+v", b)
	}
	if !near(b.Committed, 2*(1+disk)) || b.Heading != 1 {
		t.Errorf("one without a sign of life is taken to come back: %+v", b)
	}
	noPrice := machine("loading")
	noPrice.DphBase, noPrice.DphTotal = nan, nan
	b = Account([]vastapi.Instance{running, noPrice}, []vastapi.Volume{{Hourly: nan}})
	if vastapi.Known(b.Committed) || !near(b.CommittedAtLeast, 1+disk) || b.Unsure != 2 || b.Unknown != 1 {
		t.Errorf("what one on its way will cost is not known: %+v", b)
	}
	if b = Account(nil, nil); b != (Burn{}) {
		t.Errorf("of nothing: %+v", b)
	}
}

func TestRunway(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Amount]()
	for _, c := range []struct {
		credit vastapi.Amount
		burn   vastapi.Rate
		want   Span
	}{
		{41.20, 2.06, Span{20 * time.Hour, true, true}},
		{41.20, 0, Span{0, false, true}},
		{0, 1, Span{0, true, true}},
		{-3, 1, Span{0, true, true}},
		{-3, 0, Span{0, false, true}},
		{unknown, 1, Span{}},
		{1, nan, Span{}},
		{1e12, 1e-9, Span{math.MaxInt64 - 1023, true, true}},
	} {
		d, finite := Runway(c.credit, c.burn)
		got := SpanOf(c.credit, c.burn)
		if got.Lasts.Round(time.Second) != c.want.Lasts.Round(time.Second) || got.Finite != c.want.Finite || got.Known != c.want.Known {
			t.Errorf("%v at %v: %+v, want %+v", c.credit, c.burn, got, c.want)
		}
		if d != got.Lasts || finite != got.Finite || d < 0 {
			t.Errorf("%v at %v: %v %v", c.credit, c.burn, d, finite)
		}
	}
}

func TestDeltas(t *testing.T) {
	t.Parallel()
	d := Between(2.31, -1.47, 41.20)
	if !near(d.After, 0.84) || !near(d.PerMonth(), -1058.4) || !near(d.PerDay(), -35.28) || d.DueNow != 0 {
		t.Errorf("%+v", d)
	}
	if d.RunwayBefore.Lasts >= d.RunwayAfter.Lasts {
		t.Errorf("saving shortens the runway: %+v", d)
	}
	if d := Between(2.31, 0, 1); d.Change != 0 || d.Before != d.After || d.PerMonth() != 0 || d.RunwayBefore != d.RunwayAfter {
		t.Errorf("of nothing: %+v", d)
	}
	if d := Between(0.1+0.2, -0.3, 1); d.After != 0 || d.RunwayAfter.Finite {
		t.Errorf("the error of adding floats is billed: %+v", d)
	}
	if d := Between(nan, 0.5, 1); vastapi.Known(d.After) || d.Change != 0.5 || d.RunwayAfter.Known {
		t.Errorf("of an unknown: %+v", d)
	}
}

// TestWhateverTheInstance holds the rules that no price may break against many
// random instances.
func TestWhateverTheInstance(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	maybe := func(v float64) float64 {
		if rnd.IntN(6) == 0 {
			return math.NaN()
		}
		return v
	}
	statuses := []string{"running", "loading", "", "exited", "offline", "frozen", "unknown", "new"}
	for range 20_000 {
		i := machine(statuses[rnd.IntN(len(statuses))])
		i.Intended = safetext.New([]string{"running", "running", "stopped", ""}[rnd.IntN(4)])
		i.DphBase, i.DphTotal = vastapi.Rate(maybe(rnd.Float64()*5)), vastapi.Rate(maybe(rnd.Float64()*9))
		i.StorageCost, i.Disk = vastapi.PerGBMonth(maybe(rnd.Float64())), vastapi.GB(maybe(rnd.Float64()*900))
		i.BilledNow = vastapi.Rate(maybe(rnd.Float64()))
		parts := Running(&i)
		if !near(parts.Total(), parts.GPU+parts.Disk) {
			t.Fatalf("%+v is not the sum of its parts", parts)
		}
		if Stopping(&i) > 0 {
			t.Fatalf("stopping raises the rate of %+v", i)
		}
		if s := Destroying(&i); s > 0 || vastapi.Known(s) != vastapi.Known(Will(&i)) {
			t.Fatalf("destroying changes the rate by %v", s)
		}
		b := Account([]vastapi.Instance{i}, nil)
		if vastapi.Known(b.Total) != vastapi.Known(Now(&i)) || b.Leak > b.AtLeast {
			t.Fatalf("burn %+v of %v", b, Now(&i))
		}
		if vastapi.Known(b.Committed) != vastapi.Known(Will(&i)) || vastapi.Known(Will(&i)) && b.Committed != Will(&i) {
			t.Fatalf("committed %+v, will be %v", b, Will(&i))
		}
		if Heading(&i) && vastapi.Known(Running(&i).Total()) && Will(&i) != Running(&i).Total() {
			t.Fatalf("on its way to running, but will be billed %v: %+v", Will(&i), i)
		}
		after := Between(b.Committed, Destroying(&i), 10)
		if vastapi.Known(b.Committed) && after.After != 0 {
			t.Fatalf("destroying everything leaves %v", after.After)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	const total = vastapi.Rate(1.00207407)
	if got := DLPerfPerDollar(total, 22.229415); math.Abs(got-22.183405) > 1e-5 {
		t.Errorf("DLPerf per dollar %v", got)
	}
	if got := PerGiB(total, 24564); !near(got/1024, 4.07944e-05) {
		t.Errorf("per GiB %v", got)
	}
	if got := 1 / PerTFLOPS(total, 27.52512); math.Abs(float64(got)-27.468149) > 1e-5 {
		t.Errorf("TFLOPS per dollar %v", got)
	}
	if PerGPU(2, 4) != 0.5 || PerDLPerf(2, 100) != 0.02 {
		t.Error("per GPU or per DLPerf")
	}
	if vastapi.Known(PerGPU(1, 0)) || vastapi.Known(PerDLPerf(1, 0)) || vastapi.Known(PerDLPerf(1, math.NaN())) || vastapi.Known(DLPerfPerDollar(0, 1)) {
		t.Error("a value out of nothing")
	}
}

func TestPricesAsShown(t *testing.T) {
	t.Parallel()
	for r, want := range map[vastapi.Rate]string{
		0: "$0.000/h", 0.41249: "$0.412/h", 9.9994: "$9.999/h", 9.99951: "$10.00/h", 10: "$10.00/h", 1234.5: "$1,234.50/h",
		-1.47: "-$1.470/h", -0.0001: "$0.000/h", vastapi.Rate(math.Inf(1)): "unknown",
	} {
		if got := Shown(r); got != want {
			t.Errorf("%v: %s, want %s", float64(r), got, want)
		}
	}
	for a, want := range map[vastapi.Amount]string{
		41.2: "$41.20", -3: "-$3.00", 1058.4: "$1,058.40", 1234567.891: "$1,234,567.89", -0.001: "$0.00", 999.999: "$1,000.00",
	} {
		if got := Money(a); got != want {
			t.Errorf("%v: %s, want %s", float64(a), got, want)
		}
	}
	if Shown(nan) != Unpriced || Money(vastapi.Unknown[vastapi.Amount]()) != Unpriced {
		t.Error("an unknown price is shown as a number")
	}
}

func TestALeastPriceIsEnoughAsItIsShown(t *testing.T) {
	t.Parallel()
	for r, want := range map[vastapi.Rate]string{
		0.0604: "$0.061/h", 0.06: "$0.060/h", 0.0600001: "$0.061/h", 0.1 + 0.2: "$0.300/h", 9.9992: "$10.00/h", 12.341: "$12.35/h", 12.34: "$12.34/h",
	} {
		if got := Shown(Enough(r)); got != want {
			t.Errorf("%v: %s, want %s", r, got, want)
		}
		if Enough(r) < r-1e-9 || Enough(r) > r+0.0100001 {
			t.Errorf("%v is not %v", r, Enough(r))
		}
	}
	if vastapi.Known(Enough(vastapi.Unknown[vastapi.Rate]())) {
		t.Error("what is not known became a price")
	}
	if got := strconv.FormatFloat(float64(Enough(0)), 'f', -1, 64); got != "0" {
		t.Errorf("nothing became %s", got)
	}
}
