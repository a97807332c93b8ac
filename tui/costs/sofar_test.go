package costs

import (
	"math"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// read takes readings of one instance in, each at its time, and returns the trace.
func read(list ...vastapi.Instance) feed.Trace {
	var r feed.Roll
	for n, i := range list {
		at := i.Start.Add(time.Duration(n+1) * time.Hour)
		r, _ = r.With(feed.Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{i}, Total: 1}, At: at}, feed.Around{})
	}
	return r.Traces[list[0].ID]
}

// dearer is i at another price of its GPUs.
func dearer(i vastapi.Instance, gpu vastapi.Rate) vastapi.Instance {
	i.DphTotal += gpu - i.DphBase
	i.DphBase = gpu
	i.BilledNow = vastapi.Unknown[vastapi.Rate]()
	return i
}

func TestTimeBeforeAPriceChangeIsCountedAtThePriceOfThen(t *testing.T) {
	t.Parallel()
	i := dearer(running(1, "a"), 0.78) // with its disk of 0.02 it is 0.80
	up := dearer(i, 1.48)
	down := dearer(i, 0.38)
	a := pricing.Accrue(feed.Stretches(&down, read(i, i, up, up, down), time.Time{}, i.Start.Add(6*time.Hour)))
	// An hour that nobody saw and two at 0.80, two at 1.50, and one at 0.40.
	if want := 3*0.80 + 2*1.50 + 0.40; math.Abs(float64(a.Total)-want) > 1e-6 || a.GuessedFor != time.Hour || a.SeenFor != 5*time.Hour {
		t.Errorf("it came to %+v, want %v", a, want)
	}
	window := pricing.Accrue(feed.Stretches(&down, read(i, i, up, up, down), i.Start.Add(90*time.Minute), i.Start.Add(210*time.Minute)))
	if want := 1.5*0.80 + 0.5*1.50; math.Abs(float64(window.Total)-want) > 1e-6 || window.Estimated() {
		t.Errorf("two hours of it came to %+v, want %v", window, want)
	}
}

func TestWhatTheServerSaidIsBilledThenCounts(t *testing.T) {
	t.Parallel()
	i := running(1, "a")
	i.BilledNow = 0.5 // whatever the parts come to
	later := i
	later.BilledNow = 0.1
	a := pricing.Accrue(feed.Stretches(&later, read(i, later), i.Start.Add(time.Hour), i.Start.Add(3*time.Hour)))
	if math.Abs(float64(a.Total)-0.6) > 1e-9 || a.Estimated() {
		t.Errorf("%+v", a)
	}
}

func TestTheExplanationNamesThePriceThatChanged(t *testing.T) {
	t.Parallel()
	i := dearer(running(1, "a"), 0.78)
	up := dearer(i, 1.48)
	trace := read(i, up)
	w := world{instances: []vastapi.Instance{up}, traces: map[vastapi.InstanceID]feed.Trace{1: trace}, now: i.Start.Add(4 * time.Hour)}
	var e explained
	e.soFar(rowsOf(w, nil)[0])
	var text string
	for _, in := range e.inputs {
		text += in.name + " " + in.value + " " + in.source + "\n"
	}
	if !strings.Contains(text, "the price changed $0.800000/h → $1.500000/h") || !strings.Contains(text, "estimated") {
		t.Errorf("it says:\n%s", text)
	}
}
