package tui

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// cabinet is a memory that lasts as long as the test.
type cabinet struct {
	kept   feed.Memory
	notice string
	err    error
	saves  int
}

func (s *cabinet) Load() (feed.Memory, string) { return s.kept.Clone(), s.notice }

func (s *cabinet) Save(change func(*feed.Memory)) error {
	s.saves++
	if s.err == nil {
		change(&s.kept)
	}
	return s.err
}

func remembering(t *testing.T, file command.MemoryFile) *Model {
	t.Helper()
	return root(t, true, func(d *Deps) { d.Command.Memory = file })
}

func TestChangeIsInTheSnapshotAtOnceAndOnTheDiskSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &cabinet{}
		m := remembering(t, file)
		before := m.data.Memory
		c := m.apply(view.Do(view.Remember{Change: func(mem *feed.Memory) { mem.Query = "H100"; mem.SetTable("market", feed.TableState{Sort: "dph"}) }}), true)
		if m.data.Memory.Query != "H100" || before.Query != "" || before.Tables != nil || file.saves != 0 {
			t.Errorf("now %+v, before %+v, %d saves", m.data.Memory, before, file.saves)
		}
		for _, msg := range after(c) {
			m.Update(msg)
		}
		if file.kept.Query != "H100" || file.kept.Tables["market"].Sort != "dph" {
			t.Errorf("kept %+v", file.kept)
		}
	})
}

func TestFailureToKeepIsToldOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &cabinet{err: errors.New("no space left on device")}
		m := remembering(t, file)
		change := func() {
			for _, msg := range after(m.remember(func(mem *feed.Memory) { mem.Query += "x" })) {
				m.Update(msg)
			}
		}
		change()
		if got := m.View().Content; !strings.Contains(got, "no space left on device") {
			t.Errorf("the reason is not told:\n%s", got)
		}
		m.toasts.Clear()
		change()
		if got := m.View().Content; strings.Contains(got, "no space left on device") {
			t.Error("it is told again")
		}
		file.err = nil
		change()
		file.err = errors.New("input/output error")
		change()
		if got := m.View().Content; !strings.Contains(got, "input/output error") {
			t.Error("after it went well, the next failure is not told")
		}
	})
}

func TestProgramBeginsInTheViewThatWasOpenLast(t *testing.T) {
	t.Parallel()
	for last, want := range map[int]view.ID{0: view.Market, 2: view.Instances, 7: view.Activity, 9: view.Market, -1: view.Market} {
		m := remembering(t, &cabinet{kept: feed.Memory{LastView: last}, notice: "the file was damaged"})
		if m.active != want {
			t.Errorf("after view %d it begins in %d, want %d", last, m.active, want)
		}
		if got := m.View().Content; !strings.Contains(got, "the file was damaged") {
			t.Error("what was wrong with the file is not told")
		}
	}
	m := remembering(t, &cabinet{})
	typed(m, "7")
	if m.data.Memory.LastView != 7 || m.data.Memory.Workload != feed.DefaultWorkload() {
		t.Errorf("remembered is %+v", m.data.Memory)
	}
}

func TestWhatWaitsIsKeptWhenTheProgramEnds(t *testing.T) {
	t.Parallel()
	file := &cabinet{}
	m := remembering(t, file)
	m.remember(func(mem *feed.Memory) { mem.Query = "last" })
	if err := m.Keep(); err != nil || file.kept.Query != "last" {
		t.Errorf("kept %q, %v", file.kept.Query, err)
	}
}

func TestAnotherKeyKeepsTheMemoryAndForgetsTheRest(t *testing.T) {
	t.Parallel()
	m := remembering(t, &cabinet{})
	m.remember(func(mem *feed.Memory) { mem.Query = "H100" })
	m.note(feed.Event{Text: "of the other account"})
	m.connect(command.Connected{API: world{}, Source: "keyring"}, nil)
	if m.data.Memory.Query != "H100" || len(m.data.Events) != 0 || m.data.Journal.Told() {
		t.Errorf("left is %+v", m.data)
	}
}

func TestEventsAreBoundedAndNeverChangedInPlace(t *testing.T) {
	t.Parallel()
	m := remembering(t, &cabinet{})
	var old []feed.Event
	for n := range feed.MaxEvents + 50 {
		if n == 10 {
			old = m.data.Events
		}
		m.apply(view.Do(view.Note{Event: feed.Event{At: time.Unix(int64(n), 0), Kind: "watch", Text: fmt.Sprint(n)}}), false)
	}
	if n := len(m.data.Events); n != feed.MaxEvents || m.data.Events[n-1].Text != fmt.Sprint(feed.MaxEvents+49) {
		t.Errorf("%d events, the last %+v", n, m.data.Events[n-1])
	}
	var want []feed.Event
	for n := range 10 {
		want = append(want, feed.Event{At: time.Unix(int64(n), 0), Kind: "watch", Text: fmt.Sprint(n)})
	}
	if !reflect.DeepEqual(old, want) {
		t.Errorf("an older list became %+v", old)
	}
	typed(m, "7")
	if got := m.View().Content; !strings.Contains(got, fmt.Sprint(feed.MaxEvents+49)) {
		t.Errorf("the newest event is not shown:\n%s", got)
	}
}
