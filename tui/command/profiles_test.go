package command

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui/feed"
)

func TestAnHeirBelievesNoAnswerToItsPredecessor(t *testing.T) {
	t.Parallel()
	old := New(t.Context(), Config{})
	ask := func(s *Set) KeyPlacesFound { return s.Loads().LoadKeyPlaces()().(KeyPlacesFound) }
	late := ask(old)
	heir := old.Heir(Config{})
	newest := heir.Loads().LoadKeyPlaces()
	if heir.Current(late) {
		t.Error("an answer to the former profile counts")
	}
	if !heir.Current(newest().(KeyPlacesFound)) {
		t.Error("its own answer does not count")
	}
}

func TestRetiringGivesUpCallsAndKeepsTheMemoryBeforeItGivesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []string
		file := &noted{save: func() { order = append(order, "memory") }}
		s := New(t.Context(), Config{Memory: file, Keys: Keys{Unlock: func(ctx context.Context, _ string) (Connected, error) {
			<-ctx.Done()
			return Connected{}, ctx.Err()
		}}})
		saving := s.Remember(func(m *feed.Memory) { m.Month730 = true })
		call := s.Loads().Unlock("a passphrase")
		answered := make(chan KeyTried, 1)
		go func() { answered <- call().(KeyTried) }()
		synctest.Wait()
		msg := s.Retire(nil, time.Second, func() { order = append(order, "given back") })()
		if r, ok := msg.(Retired); !ok || r.Err != nil {
			t.Errorf("%+v", msg)
		}
		if got := <-answered; !errors.Is(got.Err, context.Canceled) || s.Current(got) {
			t.Errorf("the call that was under way: %v", got.Err)
		}
		if len(order) != 2 || order[0] != "memory" || order[1] != "given back" {
			t.Errorf("in this order: %v", order)
		}
		saving() // comes late, and finds nothing left to write
		if len(order) != 2 {
			t.Errorf("written again: %v", order)
		}
		if s.Loads().LoadInstances() != nil {
			t.Error("a retired profile still asks")
		}
	})
}

// noted is a memory file that tells when it is written.
type noted struct{ save func() }

func (n *noted) Load() (feed.Memory, string) { return feed.Memory{}, "" }
func (n *noted) Save(func(*feed.Memory)) error {
	n.save()
	return nil
}

func TestAProfileIsOpenedOnceTheFormerHasGivenBackWhatItHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(t.Context(), Config{})
		var given atomic.Bool
		retire := s.Retire(nil, time.Second, func() { time.Sleep(2 * time.Second); given.Store(true) })
		heir := s.Heir(Config{})
		go retire()
		synctest.Wait()
		o := OpenProfile(heir, "first", func(context.Context, string) (bool, error) { return given.Load(), nil })().(ProfileOpened[bool])
		if o.Err != nil || !o.Profile || o.Name != "first" {
			t.Errorf("%+v", o)
		}
		if !heir.Left(time.Second) {
			t.Error("something is still held")
		}
	})
}

func TestAProfileThatPanicsIsAnError(t *testing.T) {
	t.Parallel()
	reported := false
	s := New(t.Context(), Config{Crash: func(Topic, any, []byte) { reported = true }})
	o := OpenProfile(s, "x", func(context.Context, string) (int, error) { panic("no") })().(ProfileOpened[int])
	if o.Err == nil || !reported {
		t.Errorf("%v, reported %t", o.Err, reported)
	}
}

func TestWhatCannotBeDoneAboutKeysInThisRunSaysSo(t *testing.T) {
	t.Parallel()
	l := New(t.Context(), Config{}).Loads()
	for name, msg := range map[string]any{
		"unlock": l.Unlock("x")(), "keep": l.KeepKey("k", KeepRun, "")(), "import": l.ImportKey(KeepKeyring, "", false)(),
		"places": l.LoadKeyPlaces()(), "decline": l.DeclineImport()(), "encrypt": l.SaveEncrypted("x")(),
	} {
		if a := msg.(Answered).About(); !errors.Is(a.Err, errNotHere) {
			t.Errorf("%s: %v", name, a.Err)
		}
	}
}
