package tuitest_test

import (
	"testing"
	"time"
)

func TestBackAndForwardLeadThroughViewsWithWhatTheyShowed(t *testing.T) {
	t.Parallel()
	play(t, 150, 40, func(d *deck) {
		d.loaded()
		d.Press("[")
		d.Has("this is where it began")
		d.Press("/")
		d.Type("4090 num_gpus=1")
		d.Press("enter", "j", "j")
		d.Wait(8 * time.Second)
		at := d.cursorLine()
		d.Press("2", "3")
		d.say("query 3090")
		d.UntilHas(30*time.Second, "3090")
		d.Has("[1 Market")
		d.Press("[")
		d.Has("[3 Volumes")
		d.Press("[")
		d.Has("[2 Instances")
		d.Press("[")
		d.UntilHas(30*time.Second, "4090 num_gpus=1")
		d.Wait(8 * time.Second)
		if got := d.cursorLine(); got[:40] != at[:40] {
			d.t.Errorf("the cursor is on %q, it was on %q", got, at)
		}
		d.Press("]", "]", "]")
		d.Has("[1 Market")
		d.UntilHas(30*time.Second, "3090")
	})
}

func TestAPageIsFoundAgainAndItsWayIsShown(t *testing.T) {
	t.Parallel()
	play(t, 150, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "l")
		d.UntilHas(20*time.Second, "Instances › Logs")
		d.Press("esc")
		d.Lacks("Instances › Logs")
		d.Press("]")
		d.Has("Instances › Logs")
		d.Press("[")
		d.Lacks("Instances › Logs")
		d.Has("[2 Instances")
	})
}
