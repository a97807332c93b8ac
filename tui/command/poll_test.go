package command

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// between fails unless low ≤ d ≤ low and a fifth.
func between(t *testing.T, what string, d, low time.Duration) {
	t.Helper()
	if d < low || d > low+low/5 {
		t.Errorf("%s: %s, want %s and at most a fifth more", what, d, low)
	}
}

func TestPaceNeverGoesBelowTheInterval(t *testing.T) {
	t.Parallel()
	p := NewPace(1)
	for _, d := range []time.Duration{EveryMotion, EverySteady, EveryAway, EveryOffers, EveryAccount} {
		for range 200 {
			between(t, d.String(), p.Next("x", d, nil), d)
		}
	}
}

func TestPaceIsJittered(t *testing.T) {
	t.Parallel()
	p, q := NewPace(1), NewPace(2)
	var least, most time.Duration
	same := 0
	for i := range 500 {
		a, b := p.Next("x", 10*time.Second, nil), q.Next("x", 10*time.Second, nil)
		if a == b {
			same++
		}
		if i == 0 {
			least, most = a, a
		}
		least, most = min(least, a), max(most, a)
	}
	if same > 5 {
		t.Errorf("two seeds gave the same pause %d times of 500", same)
	}
	if least > 10200*time.Millisecond || most < 11800*time.Millisecond {
		t.Errorf("500 pauses lie between %s and %s, want all of 10 to 12 s used", least, most)
	}
}

func TestPaceDoublesUpToAMinuteWhileItFails(t *testing.T) {
	t.Parallel()
	p := NewPace(1)
	broken := errors.New("no route to host")
	for n, want := range []time.Duration{20, 40, 60, 60, 60} {
		between(t, fmt.Sprintf("failure %d", n+1), p.Next("x", 10*time.Second, broken), want*time.Second)
	}
	between(t, "another topic", p.Next("y", 10*time.Second, nil), 10*time.Second)
	between(t, "after a success", p.Next("x", 10*time.Second, nil), 10*time.Second)
	between(t, "first failure after it", p.Next("x", 10*time.Second, broken), 20*time.Second)
	between(t, "a call given up on purpose is no failure", p.Next("x", 10*time.Second, fmt.Errorf("search: %w", context.Canceled)), 10*time.Second)
	for range 5000 {
		p.Next("z", 10*time.Second, broken)
	}
	between(t, "after 5,000 failures", p.Next("z", 10*time.Second, broken), time.Minute)
}

func TestPaceTakesTheThresholdThatTheAnswerNames(t *testing.T) {
	t.Parallel()
	limited := func(wait time.Duration) error {
		return fmt.Errorf("instances: %w", &vastapi.Error{Kind: vastapi.KindRateLimited, Status: 429, Wait: wait})
	}
	for _, c := range []struct {
		interval, wait, want time.Duration
	}{
		{10 * time.Second, 0, 20 * time.Second},
		{10 * time.Second, 4 * time.Second, 20 * time.Second},  // below the interval: the interval counts
		{10 * time.Second, 25 * time.Second, 50 * time.Second}, // above it: the threshold does
		{10 * time.Second, 45 * time.Second, time.Minute},
		{time.Minute, 5 * time.Second, time.Minute},
		{10 * time.Second, 3 * time.Minute, 3 * time.Minute}, // never sooner than the server asks
	} {
		p := NewPace(7)
		between(t, fmt.Sprintf("interval %s, threshold %s", c.interval, c.wait), p.Next("x", c.interval, limited(c.wait)), c.want)
	}
}

func TestIntervalsAreThoseThatWerePublished(t *testing.T) {
	t.Parallel()
	least := vastapi.DefaultIntervals().Least
	for _, c := range []struct {
		route vastapi.Route
		every time.Duration
	}{
		{vastapi.RouteSearch, EveryOffers}, {vastapi.RouteInstances, EveryMotion},
		{vastapi.RouteVolumes, EveryAccount}, {vastapi.RouteUser, EveryAccount},
	} {
		if least[c.route] > c.every {
			t.Errorf("%s is polled every %s; the server wants %s between two", c.route, c.every, least[c.route])
		}
	}
	if QuietAfterKey != 400*time.Millisecond || EveryOffers != 30*time.Second || EverySteady != 30*time.Second ||
		EveryMotion != 10*time.Second || EveryAway != time.Minute || EveryAccount != time.Minute || RestAfter != 15*time.Minute {
		t.Error("an interval differs from the table that was agreed to")
	}
}

func TestWhatWorksAgainIsNotHeldBackByOlderFailures(t *testing.T) {
	t.Parallel()
	p := NewPace(1)
	for range 5 {
		p.Next(Watching, time.Second, errors.New("502"))
	}
	p.Mended(Watching)
	if d := p.Next(Watching, time.Second, errors.New("502")); d > 3*time.Second {
		t.Errorf("the next failure counts as one of many: %s", d)
	}
}

func TestWhatTheKeyMayNotReadIsAskedForSeldom(t *testing.T) {
	t.Parallel()
	p := NewPace(1)
	refused := &vastapi.Error{Kind: vastapi.KindRights, Status: 401}
	for range 5 {
		if d := p.Next(Instances, EveryMotion, refused); d < AfterRefusal || d > 2*AfterRefusal {
			t.Errorf("again in %v", d)
		}
	}
	if d := p.Next(Instances, EveryMotion, nil); d > 2*EveryMotion {
		t.Errorf("once it is allowed: %v", d)
	}
}
