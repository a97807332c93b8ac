package tuitest_test

import (
	"testing"
	"time"
)

func TestPausedMarketIsNotAskedForUntilItGoesOn(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("P")
		d.Has("paused")
		asked := len(d.world.Calls("POST", "/api/v0/bundles/"))
		d.Wait(3 * time.Minute)
		d.Has("paused, 3 min old: P goes on", "STALE")
		if n := len(d.world.Calls("POST", "/api/v0/bundles/")); n != asked {
			t.Errorf("asked %d times while paused", n-asked)
		}
		// What the user asks for is asked for all the same.
		d.Press("ctrl+r")
		d.Wait(10 * time.Second)
		if n := len(d.world.Calls("POST", "/api/v0/bundles/")); n == asked {
			t.Error("ctrl+r asks for nothing")
		}
		d.Has("paused")
		asked = len(d.world.Calls("POST", "/api/v0/bundles/"))
		d.Press("P")
		d.Lacks("paused")
		d.Wait(2 * time.Minute)
		if n := len(d.world.Calls("POST", "/api/v0/bundles/")); n < asked+2 {
			t.Errorf("asked %d times in two minutes", n-asked)
		}
	})
}

func TestPatternIsAppliedHereAndAllInCeilingIsAChip(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("~^rtx.40 !4090")
		d.Press("enter")
		d.Wait(10 * time.Second)
		d.Has("RTX 40", "checked here only: ~^rtx.40")
		d.Lacks("RTX 3060", "RTX 4090")
		d.Press("<")
		d.Type("0.2")
		d.Press("enter", "space", "enter")
		d.Has("[all-in≤$0.200/h]")
		d.Press("esc")
		d.Lacks("[all-in", "~^rtx")
		d.Press("/")
		d.Type("dph<0.1 dph>0.5 ")
		d.Has("cannot both hold", "it is not sent")
	})
}
