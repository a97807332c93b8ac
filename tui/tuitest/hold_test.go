package tuitest_test

import (
	"testing"
	"time"

	"vastdeck/tui"
)

func held(deps *tui.Deps) { deps.DestroyDelay = 5 * time.Second }

// agree opens the plan of destroying the first two marked instances and agrees to it.
func (d *deck) agreeToDestroyTwo() {
	d.loaded()
	d.Press("2", "space", "down", "down", "space", "D")
	d.Wait(time.Second)
	d.Type("destroy 2")
	d.Wait(time.Second)
	d.Press("enter")
	d.Wait(100 * time.Millisecond)
}

func TestDestroyCanBeTakenBackForSomeSeconds(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 34, held, func(d *deck) {
		d.agreeToDestroyTwo()
		d.Has("Nothing has been sent yet. It is sent in 5 s.", "old-notebook", "eval-7b")
		d.Wait(3 * time.Second)
		d.Has("Nothing has been sent yet.")
		d.Lacks("It is sent in 5 s.", "It is sent in 4 s.")
		d.Press("enter", "y", "space") // nothing hastens it
		d.nothingSent()
		d.Press("esc")
		d.Lacks("Nothing has been sent yet")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

func TestHeldDestroyIsSentWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 34, held, func(d *deck) {
		d.agreeToDestroyTwo()
		d.nothingSent()
		d.Wait(time.Minute)
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 2 {
			t.Errorf("%d requests to destroy were sent, want 2\n%s", n, d.Text())
		}
	})
}

func TestLeavingTakesAHeldDestroyBack(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 34, held, func(d *deck) {
		d.agreeToDestroyTwo()
		d.Press("ctrl+c") // asks whether to leave
		d.Wait(6 * time.Second)
		d.Has("was taken back")
		d.nothingSent()
		d.Press("esc")
		d.Wait(time.Minute)
		d.nothingSent()
	})
}

func TestHeldDestroyThatIsNotSeenIsTakenBack(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 34, held, func(d *deck) {
		d.agreeToDestroyTwo()
		d.Resize(50, 12) // only the card is drawn
		d.Wait(6 * time.Second)
		d.Resize(120, 34)
		d.Wait(time.Second)
		d.Has("was taken back")
		d.nothingSent()
	})
}
