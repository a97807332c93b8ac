package pricing

import (
	"math"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestEveryResourceIsListedAtWhatItIsBilled(t *testing.T) {
	t.Parallel()
	nan := vastapi.Unknown[vastapi.Rate]()
	run := vastapi.Instance{ID: 1, Actual: safetext.New("running"), Intended: safetext.New("running"), DphBase: 0.8, DphTotal: nan, IfRunning: nan, BilledNow: nan, StorageCost: 0.18, Disk: 40}
	bid := run
	bid.ID, bid.Bid, bid.Actual, bid.Intended = 2, true, safetext.New("stopped"), safetext.New("stopped")
	got := Resources([]vastapi.Instance{run, bid}, []vastapi.Volume{{ID: 7, Size: 200, Hourly: vastapi.PerGBMonth(0.1).Hourly(200)}})
	want := []Resource{
		{Kind: AI, Instance: 1, Now: 0.81, Running: 0.81},
		{Kind: Interruptible, Instance: 2, Now: 0.01, Running: 0.81, Leaks: true},
		{Kind: Storage, Volume: 7, Size: 200, Now: 20.0 / 720, Running: 20.0 / 720, Leaks: true},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	near := func(a, b vastapi.Rate) bool { return math.Abs(float64(a-b)) < 1e-12 }
	for n := range want {
		g, w := got[n], want[n]
		if !near(g.Now, w.Now) || !near(g.Running, w.Running) {
			t.Errorf("%+v, want %+v", g, w)
		}
		g.Now, g.Running, w.Now, w.Running = 0, 0, 0, 0
		if g != w {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
}

func TestEightyCentsAnHourAre576DollarsAMonth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate  vastapi.Rate
		hours float64
		want  string
	}{
		{0.8, MonthHours, "$576.00"}, {0.8, 730, "$584.00"}, {vastapi.PerGBMonth(0.1).Hourly(200), MonthHours, "$20.00"},
	} {
		if got := Money(Monthly(c.rate, c.hours)); got != c.want {
			t.Errorf("%v for %v hours: %s, want %s", c.rate, c.hours, got, c.want)
		}
	}
}
