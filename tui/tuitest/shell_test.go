package tuitest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/vastapi/vastsim"
)

func TestFramesAreExactAtEverySize(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		for _, keys := range [][]string{{"1"}, {"enter"}, {"r"}, {"esc", "esc", "2"}, {"enter"}, {"D"}, {"esc", "esc", "?"}, {"esc"}} {
			d.Press(keys...)
			for _, size := range [][2]int{{40, 10}, {60, 16}, {61, 17}, {80, 24}, {99, 30}, {120, 40}, {160, 45}, {200, 50}, {300, 100}, {1, 1}, {10, 3}, {5, 200}} {
				d.Resize(size[0], size[1])
				d.Wait(50 * time.Millisecond)
			}
		}
		d.Resize(120, 36)
		d.nothingSent()
	})
}

func TestNarrowAndWideScreens(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
		play(t, size[0], size[1], func(d *deck) {
			d.loaded()
			d.Golden(fmt.Sprintf("market-%dx%d", size[0], size[1]))
			d.Press("enter")
			d.Golden(fmt.Sprintf("market-detail-%dx%d", size[0], size[1]))
			d.Press("esc", "2")
			d.Wait(5 * time.Second)
			d.Golden(fmt.Sprintf("instances-%dx%d", size[0], size[1]))
			d.Press("D")
			d.Golden(fmt.Sprintf("destroy-%dx%d", size[0], size[1]))
		})
	}
}

func TestSmallTerminalShowsWhatIsSpent(t *testing.T) {
	t.Parallel()
	play(t, 40, 10, func(d *deck) {
		d.UntilHas(30*time.Second, "burn $")
		d.Has("q quits", "needs 60x16")
	})
}

func TestHelpListsEveryKeyAndFilters(t *testing.T) {
	t.Parallel()
	play(t, 120, 80, func(d *deck) {
		d.loaded()
		d.Press("?")
		d.Has("rent…", "search", "quit", "refresh now", "mark the row")
		d.Type("rent")
		d.Has("rent…")
		d.Lacks("refresh now")
		d.Press("esc")
		d.Has("refresh now")
		d.Press("esc")
		d.Lacks("Help")
	})
}

func TestQuitAsksWhileMachinesKeepCosting(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("q")
		d.Has("keep costing money", "q again leaves")
		d.Press("esc")
		d.Lacks("q again leaves")
		d.Press("q", "q")
		d.Wait(time.Second)
		if !d.Exited() {
			t.Error("q twice did not leave")
		}
	})
}

func TestQuitLeavesAtOnceWhenNothingCosts(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("q")
		d.Wait(time.Second)
		if !d.Exited() {
			t.Errorf("q did not leave\n%s", d.Text())
		}
	}, vastsim.WithEmptyAccount())
}

func TestControlCTwiceLeavesFromAnywhere(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090")
		d.Press("ctrl+c", "ctrl+c")
		d.Wait(time.Second)
		if !d.Exited() {
			t.Error("ctrl+c twice did not leave")
		}
		d.nothingSent()
	})
}

func TestQuittingWaitsForARequestInFlight(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		before := len(d.world.Instances())
		d.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: "PUT", Path: "/api/v0/asks/", Delay: 3 * time.Second, Times: 1})
		d.openRent("leaving")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Press("ctrl+c")
		d.Has("still under way")
		d.Press("ctrl+c")
		d.Wait(time.Second)
		if !d.Exited() {
			t.Fatal("the program did not end")
		}
		d.model.Drain(5 * time.Second)
		if n := len(d.world.Instances()); n != before+1 {
			t.Errorf("%d instances, want %d", n, before+1)
		}
		if n := d.sent("PUT", "/api/v0/asks/"); n != 1 {
			t.Errorf("%d rent requests", n)
		}
		if last := string(d.journal.lines[len(d.journal.lines)-1]); last == "" {
			t.Error("the journal does not know what became of it")
		}
	})
}

func TestNextStartSettlesWhatWasLeftOpen(t *testing.T) {
	t.Parallel()
	var left *memory
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 502, Method: "GET", Path: "/api/v1/instances/"})
		d.openRent("orphan")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Wait(3 * time.Second)
		left = d.journal.copy() // as a process that dies now leaves it
	})
	found := false
	for _, l := range left.lines {
		found = found || strings.Contains(string(l), "sent")
	}
	if !found {
		t.Fatal("nothing was left open")
	}
	playWith(t, 140, 40, func(deps *tui.Deps) { deps.Command.Journal = left }, func(d *deck) {
		d.Wait(10 * time.Minute)
		d.nothingSent()
		open := 0
		for _, l := range left.lines {
			if strings.Contains(string(l), "absent") {
				open++
			}
		}
		if open == 0 {
			for _, l := range left.lines {
				t.Logf("%s", l)
			}
			t.Errorf("the rent that this world does not have is not settled as absent\n%s", d.Text())
		}
	})
}

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	t.Parallel()
	playWith(t, 140, 40, func(deps *tui.Deps) { deps.ReadOnly = true }, func(d *deck) {
		d.loaded()
		d.Has("READ-ONLY")
		d.Press("2", "D")
		d.Has("read-only")
		d.Press("S")
		d.Has("read-only")
		d.Press("1", "r")
		d.Has("read-only")
		d.nothingSent()
	})
}

func TestWithoutKeyTheStepsAreExplained(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 36, func(deps *tui.Deps) { deps.API, deps.Demo = nil, false }, func(d *deck) {
		d.UntilHas(10*time.Second, "API key")
		d.Has("No key is stored.", "cloud.vast.ai/manage-keys", "VAST_API_KEY", "vastdeck login")
		d.Golden("login")
		d.Type("q1?wrong") // letters are typed, no key acts
		d.Has("••••••••")
		d.Lacks("q1?wrong")
		d.Press("enter")
		d.UntilHas(20*time.Second, "user key")
		d.Press("ctrl+u")
		d.Paste("right-key\n")
		d.Press("enter")
		d.UntilHas(30*time.Second, "offers shown")
		d.Lacks("right-key")
	}, vastsim.WithKey("right-key"))
}

func TestLostKeyLeadsToTheLoginScreen(t *testing.T) {
	t.Parallel()
	playWith(t, 120, 36, nil, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 401, Path: "/api/v0/users/current"})
		d.UntilHas(3*time.Minute, "API key")
	})
}
