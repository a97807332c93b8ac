package tuitest_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func atoi(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEnterAloneDestroysNothing(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "D")
		d.Has("Destroy 5 instances", "type  destroy 5  to agree")
		d.Wait(time.Second)
		d.Press("enter", "enter", "enter")
		d.Wait(5 * time.Second)
		d.nothingSent()
		d.Has("nothing was done")
	})
}

func TestPastedWordsDoNotAgree(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "D")
		d.Wait(time.Second)
		d.Paste("destroy 5\r")
		d.Wait(5 * time.Second)
		d.nothingSent()
		d.Has("Destroy 5 instances")
	})
}

func TestDestroyNamesEveryTarget(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "D")
		for _, i := range d.world.Instances() {
			d.Has(itoa(i.ID))
		}
	})
}

func TestDestroyOfSeveralDestroysExactlyThose(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		all := d.world.Instances()
		d.Press("2", "space", "down", "space", "D")
		d.Has("Destroy 2 instances")
		d.Wait(time.Second)
		d.Type("destroy 2")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "destroyed 2")
		if n := d.sent("DELETE", "/api/v0/instances/"); n != 2 {
			t.Errorf("%d destroy requests were sent", n)
		}
		if n := len(d.world.Instances()); n != len(all)-2 {
			t.Errorf("%d instances are left of %d", n, len(all))
		}
	})
}

func TestStopSaysThatTheDiskKeepsCosting(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "down", "S")
		d.Has("Stop", "disk")
		d.Wait(time.Second)
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "stopping #")
		calls := d.world.Calls("PUT", "/api/v0/instances/")
		if len(calls) != 1 || !strings.Contains(string(calls[0].Body), `"stopped"`) {
			t.Errorf("sent %v", calls)
		}
	})
}

func TestRenameTakesEffect(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "n", "ctrl+u")
		d.Type("new-name")
		d.Press("enter")
		d.Until(time.Minute, func(s string) bool { return row(s, "new-name") != "" })
	})
}

func TestKeysThatCannotActSayWhy(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2")
		for _, key := range []string{"D", "S", "n"} {
			d.Press(key)
			d.Has("there is no instance: rent one in the market")
		}
		d.nothingSent()
	}, vastsim.WithEmptyAccount())
}

func TestHostileLabelsLeaveTheFrameIntact(t *testing.T) {
	t.Parallel()
	for _, label := range []string{
		"\x1b[" + strings.Repeat(";", 32) + "1m", "\x1b]52;c;cm0gLXJmIC8K\a", "\x1b]0;pwned\a", "evil\rID overwritten", "two\nrows",
		"\x1b[8mhidden", "\x1bPq#0\x1b\\", "\x1b_Gf=100\x1b\\", "\u009b31m", "\u202eRLO", "e" + strings.Repeat("\u0301", 5000), "\xf0\x1b]52;c;x\a",
		"\x1b]8;;http://evil.example\x1b\\good\x1b]8;;\x1b\\", strings.Repeat("x", 1<<16), "世界世界世界世界世界世界世界世界",
	} {
		play(t, 120, 36, func(d *deck) {
			id := d.world.Instances()[0].ID
			d.world.SetInstanceLabel(id, label)
			d.loaded()
			d.Press("2")
			d.Has("Instances", "RUNNING")
			if n := strings.Count(d.Text(), "RUNNING"); n < 3 {
				t.Errorf("label %.20q: only %d rows are left\n%s", label, n, d.Text())
			}
			if d.Title() != "" && strings.ContainsAny(d.Title(), "\x1b\a") || strings.Contains(d.Title(), "pwned") {
				t.Errorf("the window title became %q", d.Title())
			}
			d.Press("D")
			d.Has("Destroy", "to agree")
			d.nothingSent()
		})
	}
}

func TestInstanceThatVanishedLeavesNothingUnderTheCursor(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "down")
		d.world.RemoveInstance(d.world.Instances()[1].ID)
		d.Wait(2 * time.Minute) // a destroyed instance lingers in the list for a while
		d.Press("D")
		d.Has("is gone: move to choose another")
		d.nothingSent()
		d.Press("down", "D")
		d.Has("to agree")
	})
}

func TestTargetThatVanishesWhileAskedAboutIsNotMistaken(t *testing.T) {
	t.Parallel()
	play(t, 120, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "D")
		all := d.world.Instances()
		d.world.RemoveInstance(all[0].ID)
		d.Wait(90 * time.Second) // several polls
		d.Has("Review changes")
		d.Press("enter")
		d.Has("nothing is left to do")
		d.Wait(5 * time.Second)
		if n := d.sent("DELETE", ""); n != 0 {
			t.Errorf("%d destroys were sent", n)
		}
	})
}

func TestRentAgainFillsTheFormWithWhatTheInstanceWasRentedWith(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		d.Press("2", "down", "r")
		d.UntilHas(10*time.Second, "Continue to the plan")
		d.Has("[1 Market", "llama-finetune")
		d.nothingSent()
	})
}

func TestOneNodeThatCannotBeDestroyedStaysMarkedWithTheReason(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		all := d.world.Instances()
		d.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 400, Method: "DELETE", Path: "/api/v0/instances/" + itoa(all[1].ID)})
		d.Press("2", "space", "down", "space", "down", "space", "D")
		d.Wait(time.Second)
		d.Type("destroy 3")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "Try again what failed")
		d.Has("failed: destroy #"+itoa(all[1].ID), "2 done, 1 failed")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "1 marked")
		d.Until(2*time.Minute, func(s string) bool {
			return !strings.Contains(s, itoa(all[0].ID)) && !strings.Contains(s, itoa(all[2].ID))
		})
		d.Press("up", "up", "down")
		d.Until(time.Minute, func(s string) bool {
			return strings.Contains(s, itoa(all[1].ID)) && strings.Contains(s, "✗")
		})
		d.Press("D")
		d.Has("to agree", itoa(all[1].ID))
		if n := len(d.world.Instances()); n != len(all)-2 {
			t.Errorf("%d instances are left of %d", n, len(all))
		}
	})
}
