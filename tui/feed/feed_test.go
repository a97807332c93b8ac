package feed

import (
	"errors"
	"testing"
	"time"

	"vastdeck/vastapi"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestFailedRefreshKeepsTheOldValueAndItsAge(t *testing.T) {
	t.Parallel()
	broken := errors.New("502")
	var f Feed[string]
	f.Loading = true
	f.Apply("first", noon, nil)
	f.Loading = true
	f.Apply("", noon.Add(time.Minute), broken)
	want := Feed[string]{Value: "first", At: noon, Err: broken, Since: noon.Add(time.Minute), Rev: 1}
	if f != want {
		t.Errorf("after a failure the feed is %+v, want %+v", f, want)
	}
	if age := f.Age(noon.Add(90 * time.Second)); age != 90*time.Second {
		t.Errorf("the value counts as %s old, want 90 s: an error is no newer value", age)
	}
	f.Apply("second", noon.Add(2*time.Minute), nil)
	if f.Value != "second" || f.Err != nil || f.Rev != 2 || !f.At.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("after a success the feed is %+v", f)
	}
}

func TestFailureBeforeAnyAnswerTellsNothing(t *testing.T) {
	t.Parallel()
	var f Feed[int]
	if f.Told() {
		t.Error("a feed that never had an answer says it has one")
	}
	f.Apply(7, noon, errors.New("no connection"))
	if f.Told() || f.Value != 0 || f.Rev != 0 || f.Err == nil {
		t.Errorf("a first failure left %+v", f)
	}
}

func TestFreshnessIsLateAfterTwoIntervalsAndStaleAfterThree(t *testing.T) {
	t.Parallel()
	told := Feed[int]{At: noon}
	for _, c := range []struct {
		feed Feed[int]
		age  time.Duration
		want Freshness
	}{
		{told, 0, Fresh},
		{told, 20 * time.Second, Fresh},
		{told, 20*time.Second + 1, Late},
		{told, 30 * time.Second, Late},
		{told, 30*time.Second + 1, Stale},
		{told, time.Hour, Stale},
		{told, -time.Second, Fresh}, // a clock that was set back
		{Feed[int]{}, time.Hour, Fresh},
	} {
		if got := c.feed.Freshness(noon.Add(c.age), 10*time.Second); got != c.want {
			t.Errorf("told %t, %s old at an interval of 10 s: %d, want %d", c.feed.Told(), c.age, got, c.want)
		}
	}
}

func TestSnapshotFindsInstancesAndAddsUpWhatTheyCost(t *testing.T) {
	t.Parallel()
	var s Snapshot
	if _, ok := s.Instance(7); ok {
		t.Error("an empty snapshot has an instance")
	}
	s.Instances.Value.Instances = []vastapi.Instance{{ID: 7, BilledNow: 0.5, MachineID: 3}, {ID: 8, BilledNow: 0.25}}
	s.Volumes.Value.Volumes = []vastapi.Volume{{ID: 1, Hourly: 0.125}}
	s.Derive()
	if i, ok := s.Instance(7); !ok || i.MachineID != 3 {
		t.Errorf("instance 7 is %+v, %t", i, ok)
	}
	if got := s.Burn.AtLeast; got != 0.875 {
		t.Errorf("the account burns %v, want 0.875", got)
	}
}
