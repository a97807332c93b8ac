package feed

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// watching is a snapshot in which a machine and a query are watched.
func watching() *Snapshot {
	return &Snapshot{Memory: Memory{Watches: []Watch{{Name: "cheap\x1b[2J", Query: "4090"}, {Machine: 7}}}}
}

func TestChangeOfAWatchIsNotedOnce(t *testing.T) {
	t.Parallel()
	s := watching()
	id := s.Memory.Watches[0].ID()
	look := func(minute, found int, err error) {
		s.SetWatch(id, Sighting{Offers: found, Cheapest: 0.4}, noon.Add(time.Duration(minute)*time.Minute), err)
	}
	for minute, c := range []struct {
		found  int
		err    error
		want   Standing
		since  int // minute
		events int
	}{
		{2, nil, WatchAvailable, 0, 0}, // the first look is no news
		{1, nil, WatchAvailable, 0, 0},
		{0, nil, WatchGone, 2, 1},
		{0, nil, WatchGone, 2, 1},
		{9, errors.New("502"), WatchGone, 2, 1},
		{3, nil, WatchBack, 5, 2},
		{4, nil, WatchBack, 5, 2},
		{0, nil, WatchGone, 7, 3},
	} {
		look(minute, c.found, c.err)
		got := s.Watches[id]
		if got.Standing != c.want || !got.Since.Equal(noon.Add(time.Duration(c.since)*time.Minute)) || len(s.Events) != c.events || !errors.Is(got.Err, c.err) {
			t.Errorf("minute %d: %+v with %d events, want %+v", minute, got, len(s.Events), c)
		}
	}
	if e := s.Events[1]; e.Kind != "watch" || e.Level != EventGood || !strings.Contains(e.Text, "is back on the market, from $0.400/h") || strings.ContainsRune(e.Text, 0x1b) {
		t.Errorf("the event is %+v", e)
	}
	if e := s.Events[0]; e.Level != EventWarn || e.Query != "4090" || !strings.HasSuffix(e.Text, "has left the market") {
		t.Errorf("the event is %+v", e)
	}
}

func TestGoneAtTheFirstLookIsNoNews(t *testing.T) {
	t.Parallel()
	s := watching()
	s.SetWatch(WatchID{Machine: 7, Kind: vastapi.OnDemand}, Sighting{}, noon, nil)
	if len(s.Events) != 0 || s.Watches[s.Memory.Watches[1].ID()].Standing != WatchGone {
		t.Errorf("events %v, states %+v", s.Events, s.Watches)
	}
	s.SetWatch(WatchID{Machine: 7, Kind: vastapi.OnDemand}, Sighting{Offers: 1, Cheapest: vastapi.Unknown[vastapi.Rate]()}, noon.Add(time.Minute), nil)
	if len(s.Events) != 1 || s.Events[0].Text != "machine 7 is back on the market" {
		t.Errorf("events %v", s.Events)
	}
}

func TestWhatIsNoLongerWatchedIsForgotten(t *testing.T) {
	t.Parallel()
	s := watching()
	one, two := s.Memory.Watches[0].ID(), s.Memory.Watches[1].ID()
	s.SetWatch(one, Sighting{Offers: 1}, noon, nil)
	s.SetWatch(two, Sighting{Offers: 1}, noon, nil)
	held := s.Watches
	s.Memory.Watches = s.Memory.Watches[1:]
	s.SetWatch(one, Sighting{}, noon.Add(time.Minute), nil)
	if _, still := s.Watches[one]; still || len(s.Events) != 0 || len(s.Watches) != 1 {
		t.Errorf("states %+v, events %v", s.Watches, s.Events)
	}
	if len(held) != 2 {
		t.Error("what a reader holds was changed")
	}
}

func TestEventsOfAWatchDoNotGrowWithoutBound(t *testing.T) {
	t.Parallel()
	s := watching()
	id := s.Memory.Watches[0].ID()
	var held []Event
	for n := range 3000 {
		s.SetWatch(id, Sighting{Offers: n % 2, Cheapest: unknown}, noon.Add(time.Duration(n)*time.Minute), nil)
		if n == 2000 {
			held = s.Events
		}
	}
	if len(s.Events) != MaxEvents || s.Noted != 2999 {
		t.Errorf("%d events are kept of %d", len(s.Events), s.Noted)
	}
	if last := s.Events[MaxEvents-1]; !last.At.Equal(noon.Add(2999 * time.Minute)) {
		t.Errorf("the newest is of %s", last.At)
	}
	if len(held) != MaxEvents || !held[MaxEvents-1].At.Equal(noon.Add(2000*time.Minute)) {
		t.Error("what a reader holds was changed")
	}
	if got := s.NewEvents(2); len(got) != 2 || got[1] != s.Events[MaxEvents-1] {
		t.Errorf("the last two are %+v", got)
	}
	if got := s.NewEvents(9999); len(got) != MaxEvents {
		t.Errorf("of more than are kept %d come", len(got))
	}
}

func TestOnlyWhatWouldHappenToAnyWatchConcernsAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err error
		all bool
	}{
		{&vastapi.Error{Kind: vastapi.KindTransport}, true},
		{&vastapi.Error{Kind: vastapi.KindTimeout}, true},
		{&vastapi.Error{Kind: vastapi.KindPaused}, true},
		{&vastapi.Error{Kind: vastapi.KindAuth}, true},
		{&vastapi.Error{Kind: vastapi.KindRateLimited}, true},
		{&vastapi.Error{Kind: vastapi.KindRejected}, false},
		{&vastapi.Error{Kind: vastapi.KindServer}, false},
		{errors.New("the query cannot be read"), false},
	} {
		if got := ConcernsAll(c.err); got != c.all {
			t.Errorf("%v concerns all: %t", c.err, got)
		}
		s := watching()
		id := s.Memory.Watches[0].ID()
		for range 3 {
			s.SetWatch(id, Sighting{}, noon, c.err)
		}
		if got := s.Watches[id].Failed; got != map[bool]int{true: 0, false: 3}[c.all] {
			t.Errorf("%v counts %d times against the watch", c.err, got)
		}
		s.SetWatch(id, Sighting{}, noon, nil)
		if got := s.Watches[id].Failed; got != 0 {
			t.Errorf("after a look that succeeded %d failures count", got)
		}
	}
}
