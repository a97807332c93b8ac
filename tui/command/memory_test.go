package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
)

// drawer is a MemoryFile that lasts as long as the test.
type drawer struct {
	mu      sync.Mutex
	kept    feed.Memory
	saves   int
	writing int
	err     error
	slow    time.Duration
}

func (d *drawer) Load() (feed.Memory, string) { return d.kept.Clone(), "a notice" }

func (d *drawer) Save(change func(*feed.Memory)) error {
	d.mu.Lock()
	d.writing++
	if d.writing > 1 {
		panic("two saves at once")
	}
	d.mu.Unlock()
	time.Sleep(d.slow)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writing--
	d.saves++
	if d.err != nil {
		return d.err
	}
	change(&d.kept)
	return nil
}

func keeping(t *testing.T, file MemoryFile) *Set {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return New(ctx, Config{Memory: file})
}

func word(w string) func(*feed.Memory) { return func(m *feed.Memory) { m.Query += w } }

// saved runs commands at once and gives the errors of those that saved.
func saved(cmds ...tea.Cmd) []error {
	var wg sync.WaitGroup
	answers := make([]error, 0, len(cmds))
	var mu sync.Mutex
	for _, c := range cmds {
		if c == nil {
			continue
		}
		wg.Go(func() {
			msg := c().(MemorySaved)
			mu.Lock()
			defer mu.Unlock()
			answers = append(answers, msg.Err)
		})
	}
	wg.Wait()
	return answers
}

func TestChangesThatComeTogetherAreSavedTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &drawer{}
		s := keeping(t, file)
		if m, notice := s.LoadMemory(); notice != "a notice" || m.Query != "" {
			t.Errorf("loaded %+v with notice %q", m, notice)
		}
		begun := time.Now()
		got := saved(s.Remember(word("a")), s.Remember(word("b")), s.Remember(word("c")))
		if len(got) != 1 || got[0] != nil || file.saves != 1 || file.kept.Query != "abc" {
			t.Errorf("answers %v, %d saves of %q", got, file.saves, file.kept.Query)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestChangesDuringASaveWaitTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &drawer{slow: 10 * time.Second}
		s := keeping(t, file)
		first := s.Remember(word("a"))
		done := make(chan []error)
		go func() { done <- saved(first) }()
		time.Sleep(time.Second) // the first is being written
		var rest []tea.Cmd
		for n := range 3 {
			rest = append(rest, s.Remember(word(fmt.Sprint(n))))
		}
		if rest[0] == nil || rest[1] != nil {
			t.Error("what comes during a save needs one save of its own")
		}
		if got := saved(rest...); len(got) != 1 || got[0] != nil {
			t.Errorf("answers %v", got)
		}
		<-done
		if file.kept.Query != "a012" || file.saves != 2 {
			t.Errorf("%d saves of %q", file.saves, file.kept.Query)
		}
	})
}

func TestWhatWaitsIsWrittenAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &drawer{}
		s := keeping(t, file)
		c := s.Remember(word("last"))
		if err := s.KeepMemory(); err != nil || file.kept.Query != "last" {
			t.Errorf("kept %q, %v", file.kept.Query, err)
		}
		saved(c) // comes too late and finds nothing to do
		if err := s.KeepMemory(); err != nil || file.saves != 1 {
			t.Errorf("%d saves, %v", file.saves, err)
		}
	})
}

func TestFailedSaveIsToldAndTheNextOneIsTried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := &drawer{err: errors.New("no space left on device")}
		s := keeping(t, file)
		if got := saved(s.Remember(word("a"))); len(got) != 1 || !errors.Is(got[0], file.err) {
			t.Errorf("answers %v", got)
		}
		file.err = nil
		if got := saved(s.Remember(word("b"))); len(got) != 1 || got[0] != nil || file.kept.Query != "b" {
			t.Errorf("answers %v, kept %q", got, file.kept.Query)
		}
	})
}

func TestMistakeInAChangeDoesNotEndTheProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := keeping(t, &drawer{})
		got := saved(s.Remember(func(*feed.Memory) { panic("a mistake") }))
		if len(got) != 1 || got[0] == nil || !strings.Contains(got[0].Error(), "memory") {
			t.Errorf("answers %v", got)
		}
	})
}

func TestNothingIsKeptWithoutAFile(t *testing.T) {
	t.Parallel()
	s := keeping(t, nil)
	if m, notice := s.LoadMemory(); notice != "" || m.Query != "" {
		t.Errorf("loaded %+v, %q", m, notice)
	}
	if s.Remember(word("a")) != nil || s.KeepMemory() != nil {
		t.Error("something is saved")
	}
}
