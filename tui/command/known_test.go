package command

import (
	"errors"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// heard is what was handed out to be noted.
type heard struct {
	instances []vastapi.Instance
	volumes   []vastapi.Volume
}

// notingSet is a Set with somebody who notes.
func notingSet(t *testing.T, err error) (*Set, *[]heard) {
	t.Helper()
	var list []heard
	s := New(t.Context(), Config{Known: func(i []vastapi.Instance, v []vastapi.Volume) error {
		list = append(list, heard{i, v})
		return err
	}})
	s.Use(&server{})
	return s, &list
}

// noteAll does what the root does after an answer, and reports whether anything was noted.
func noteAll(s *Set, d *feed.Snapshot) bool {
	c := s.NoteKnown(d)
	if c == nil {
		return false
	}
	s.Current(c().(KnownNoted))
	return true
}

func TestWhatWasReadIsNotedOnceAndNotWhileItIsBeingNoted(t *testing.T) {
	t.Parallel()
	s, got := notingSet(t, nil)
	d := snapshotOf(running(1), running(2))
	c := s.NoteKnown(d)
	if c == nil || s.NoteKnown(snapshotOf(running(3))) != nil {
		t.Fatal("it is not noted, or twice at a time")
	}
	s.Current(c().(KnownNoted))
	if noteAll(s, d) {
		t.Error("the same list is noted again")
	}
	if !noteAll(s, snapshotOf(running(3))) || !noteAll(s, snapshotOf()) {
		t.Error("newer lists are not noted")
	}
	if list := *got; len(list) != 3 || len(list[0].instances) != 2 || list[2].instances == nil || len(list[2].instances) != 0 {
		t.Errorf("noted was %+v", list)
	}
	for _, h := range *got {
		if h.volumes != nil {
			t.Error("volumes that were not read count as none")
		}
	}
}

func TestNothingIsNotedForNobodyAndAFailureIsNoTrouble(t *testing.T) {
	t.Parallel()
	s, got := notingSet(t, errors.New("the disk is full"))
	if !noteAll(s, snapshotOf(running(1))) || len(*got) != 1 {
		t.Error("nothing was noted")
	}
	s.LogOut()
	if noteAll(s, snapshotOf(running(2))) {
		t.Error("it is noted though nobody is logged in")
	}
	s.Use(&server{})
	if !noteAll(s, snapshotOf(running(2))) {
		t.Error("it is not noted for another account")
	}
	without := New(t.Context(), Config{})
	without.Use(&server{})
	if without.NoteKnown(snapshotOf(running(1))) != nil {
		t.Error("something is done though nobody notes anything")
	}
}
