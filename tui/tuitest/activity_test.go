package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/vastapi/vastsim"
)

func TestWhatWasRentedIsFoundInTheActivity(t *testing.T) {
	t.Parallel()
	play(t, 180, 40, func(d *deck) {
		d.loaded()
		d.Press("7")
		d.Has("[7 Activity", "Nothing was done with this account from this machine yet.")
		d.Press("1")
		d.openRent("my-box")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
		id := idOf(d.world, "my-box")
		d.Press("7")
		d.UntilHas(10*time.Second, "● confirmed")
		d.Has("rent", "instance "+id, "my-box", "the server said yes")
		d.Press("enter")
		d.Has("Operation: rent", "plan0000", "about to be sent", "token")
		d.Press("r")
		d.Has("it was done: there is nothing to try again")
		d.Press("C")
		d.UntilHas(5*time.Second, "vastai create instance")
	})
}

func TestOrphanIsShownAndDestroyedFromTheActivity(t *testing.T) {
	t.Parallel()
	play(t, 180, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
		d.openRent("lost-box")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(4*time.Minute, "rented: instance")
		id := idOf(d.world, "lost-box")
		// Another run knows nothing of it: its journal is gone.
		d.journal.forget()
		d.Press("ctrl+r", "7")
		d.UntilHas(30*time.Second, "✗ orphan")
		d.Has("instance "+id, "1 orphan is billed", "7 Activity")
		d.Press("D") // the row under the cursor was another one: nothing may happen
		d.Has("the row under the cursor is gone: move to choose another")
		d.Press("g", "D")
		d.Has("Destroy", "cannot be undone")
		d.Press("esc")
		d.Wait(time.Second)
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 0 {
			t.Errorf("esc sent %d requests", n)
		}
		d.Press("D")
		d.Wait(time.Second)
		d.Type(id[len(id)-4:])
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(time.Minute, "destroyed")
		d.Until(2*time.Minute, func(s string) bool { return !strings.Contains(s, "✗ orphan") && strings.Contains(s, "● confirmed") })
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 1 || idOf(d.world, "lost-box") != "" {
			t.Errorf("%d destroy requests were sent, the world still has %q", n, idOf(d.world, "lost-box"))
		}
	})
}

func TestRefusedRentIsRetriedFromTheActivity(t *testing.T) {
	t.Parallel()
	play(t, 180, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Reset, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
		d.openRent("again")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(time.Second)
		d.Press("esc", "7")
		d.UntilHas(30*time.Second, "7 Activity 1!")
		d.Has("▲ ", "1 open: the account is being read to find out")
		d.Press("r")
		d.Has("it is not known yet what became of it")
		d.Until(10*time.Minute, func(s string) bool { return strings.Contains(s, "✗ absent") })
		d.Wait(time.Second)
		d.Press("esc") // the report, which has come back
		d.Wait(time.Second)
		d.Press("r")
		d.UntilHas(10*time.Second, "[1 Market")
		d.UntilHas(10*time.Second, "What it costs") // the form
		d.Has("again", "pytorch/pytorch")
	})
}

// cupboard is a memory that lasts as long as the test.
type cupboard struct{ kept feed.Memory }

func (c *cupboard) Load() (feed.Memory, string) { return c.kept.Clone(), "" }

func (c *cupboard) Save(change func(*feed.Memory)) error {
	change(&c.kept)
	return nil
}

func TestNextRunBeginsWhereThisOneEnded(t *testing.T) {
	t.Parallel()
	kept := &cupboard{}
	var file command.MemoryFile = kept
	with := func(d *tui.Deps) { d.Command.Memory = file }
	playWith(t, 120, 30, with, func(d *deck) {
		d.loaded()
		d.Press("7")
		d.Wait(2 * time.Second)
	})
	if kept.kept.LastView != 7 {
		t.Fatalf("view %d is remembered", kept.kept.LastView)
	}
	playWith(t, 120, 30, with, func(d *deck) {
		d.UntilHas(time.Second, "[7 Activity")
		d.UntilHas(30*time.Second, "Nothing was done with this account from this machine yet.")
	})
}
