package tuitest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/feed"
)

func TestMarksOrderWidthsAndPlaceAreAsTheyWereLeft(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	with := func(deps *tui.Deps) { deps.Command.Memory = kept }
	playWith(t, 150, 36, with, func(d *deck) {
		d.loaded()
		d.Press("2", "g", "space", "down", "down", "space", "up", "o")
		d.Press("c", ">", ">", ">", "enter")
		d.Wait(3 * time.Second)
		d.Has("2 marked")
		d.Press("1", "2")
		d.Wait(3 * time.Second)
	})
	left := kept.kept.Tables["instances"]
	if len(left.Marks) != 2 || left.Cursor == 0 || left.Sort == "" || len(left.Widths) != 1 {
		t.Fatalf("it was left with %+v", left)
	}
	playWith(t, 150, 36, with, func(d *deck) {
		d.UntilHas(30*time.Second, "2 marked")
		d.Has("[2 Instances")
		if line := d.cursorLine(); !strings.Contains(line, itoa(left.Cursor)) {
			t.Errorf("the cursor is on %q, want %d", line, left.Cursor)
		}
		d.Press("D")
		d.Has("Destroy 2 instances")
		d.Press("esc", "esc")
		d.Wait(3 * time.Second)
		d.nothingSent()
	})
	// One that is gone by then is dropped, and that is said.
	kept.kept.SetTable("instances", feed.TableState{Marks: append(slices.Clone(left.Marks[:1]), 7), Cursor: 7})
	playWith(t, 150, 36, with, func(d *deck) {
		d.UntilHas(30*time.Second, "1 of 2 instances that were marked are gone")
		d.Has("1 marked")
		d.Wait(5 * time.Second)
	})
	if got := kept.kept.Tables["instances"].Marks; !slices.Equal(got, left.Marks[:1]) {
		t.Errorf("%v is remembered, want %v", got, left.Marks[:1])
	}
}

// A run that only looks sends nothing, whatever is pressed, and every key that would change
// something says why it does not.
func TestAReadOnlyRunSendsNothingWhateverIsPressed(t *testing.T) {
	t.Parallel()
	playWith(t, 130, 36, func(deps *tui.Deps) { deps.ReadOnly = true }, func(d *deck) {
		d.loaded()
		for view, keys := range map[string][]string{
			"1": {"r", "b", "R"}, "2": {"S", "B", "R", "n", "D", "a"}, "3": {"n", "K", "D"}, "4": {"n", "b", "h", "D", "r"},
		} {
			for _, key := range keys {
				d.Press(view, "g", key)
				d.Wait(500 * time.Millisecond)
				d.Press("enter", "tab", "enter")
				d.Wait(time.Second)
				d.Press("enter", "esc", "esc", "esc")
			}
		}
		d.Press("2", "*", "D")
		d.Has("this run is read-only")
		d.Press("space", "space", "esc", "g", "n")
		d.Has("this run is read-only")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}
