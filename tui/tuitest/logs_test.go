package tuitest_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// named is an instance of the world whose state is the given one.
func (d *deck) named(actual string) vastsim.InstanceState {
	d.t.Helper()
	for _, i := range d.world.Instances() {
		if i.Actual == actual && i.Label != "" {
			return i
		}
	}
	d.t.Fatalf("no instance is %s", actual)
	return vastsim.InstanceState{}
}

// pick shows one instance alone, under the cursor.
func (d *deck) pick(i vastsim.InstanceState) {
	d.t.Helper()
	d.Press("2", "/")
	d.Type(itoa(i.ID))
	d.Press("enter")
	d.Has(itoa(i.ID))
}

// askedForLogs are the times at which logs were asked for.
func (d *deck) askedForLogs() (at []time.Time) {
	for _, c := range d.world.Calls("PUT", "/api/v0/instances/request_logs/") {
		at = append(at, c.At)
	}
	return at
}

var stepLine = regexp.MustCompile(`step (\d+) loss`)

// steps are the steps of a training run that are on the screen.
func (d *deck) steps() (list []int) {
	for _, m := range stepLine.FindAllStringSubmatch(d.Text(), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			d.t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

func TestLogsAreFollowedWithoutRepeats(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.pick(d.named("running"))
		d.Press("l")
		d.UntilHas(30*time.Second, "loss")
		d.Has("container log · last 1,000 lines", "as of now", "asked again in", "following")
		newest := slices.Max(d.steps())
		for range 10 {
			d.Wait(20 * time.Second)
			seen := d.steps()
			if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) {
				t.Fatalf("steps are repeated or out of order: %v\n%s", seen, d.Text())
			}
		}
		if now := slices.Max(d.steps()); now < newest+200 {
			t.Errorf("after 200 s the newest step went from %d to %d", newest, now)
		}
		at := d.askedForLogs()
		for n := 1; n < len(at); n++ {
			if gap := at[n].Sub(at[n-1]); gap < 12*time.Second {
				t.Errorf("asked again after %v", gap)
			}
		}
	})
}

func TestLeavingTheLogsStopsAskingForThem(t *testing.T) {
	t.Parallel()
	for _, leave := range []string{"esc", "1", "tab"} {
		play(t, 120, 36, func(d *deck) {
			d.loaded()
			d.pick(d.named("running"))
			d.Press("l")
			d.UntilHas(30*time.Second, "loss")
			d.Wait(time.Minute)
			d.Press(leave)
			d.Lacks("container log")
			before := len(d.askedForLogs())
			d.Wait(5 * time.Minute)
			if n := len(d.askedForLogs()); n != before {
				t.Errorf("after %s they were asked for %d times", leave, n-before)
			}
		})
	}
}

func TestLogsOfSeveralInstancesAreMerged(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "l")
		d.UntilHas(time.Minute, "loss")
		d.Wait(30 * time.Second)
		var prefixes []string
		for _, i := range d.world.Instances() {
			if name, _, _ := strings.Cut(i.Label, " vx-"); i.Actual == "running" && strings.Contains(d.Text(), name+" ") {
				prefixes = append(prefixes, name)
			}
		}
		if len(prefixes) < 2 {
			t.Errorf("only %v are named\n%s", prefixes, d.Text())
		}
	})
}

func TestAFilterOfLogsIsLive(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.pick(d.named("running"))
		d.Press("l")
		d.UntilHas(30*time.Second, "loss")
		d.Press("/")
		d.Type("warning")
		d.Lacks("INFO")
		d.Press("enter", "esc")
		d.Has("INFO")
		d.Press("esc")
		d.Lacks("container log")
		d.Has("Instances")
	})
}

func TestLogsSayWhyThereAreNone(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.world.Fault(vastsim.Fault{Method: "PUT", Path: "/api/v0/instances/request_logs/", Kind: vastsim.Status, Status: 429, Body: vastsim.BodyLimitedText})
		i := d.named("running")
		d.pick(i)
		d.Press("l")
		d.UntilHas(5*time.Minute, "asked again in")
		d.Has("Vast.ai")
		d.world.RemoveInstance(i.ID)
		d.Wait(2 * time.Minute)
		d.Has("not asked again by itself")
	})
}

func TestNamesOfLogsCannotForgeTheScreen(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"\x1b]52;c;cm0gLXJmIC8K\a", "\x1b]0;pwned\a", "\u202eRLO", "two\nrows", "\u009b31m", "e" + strings.Repeat("\u0301", 900)} {
		play(t, 120, 36, func(d *deck) {
			i := d.named("running")
			d.world.SetInstanceLabel(i.ID, label)
			d.loaded()
			d.pick(i)
			d.Press("l")
			d.UntilHas(30*time.Second, "loss")
			if strings.Contains(d.Title(), "pwned") || strings.ContainsAny(d.Title(), "\x1b\a") {
				t.Errorf("the window title became %q", d.Title())
			}
		})
	}
}

func TestFollowingLogsNeverMeetsTheRateLimit(t *testing.T) {
	t.Parallel()
	play(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "l")
		d.UntilHas(time.Minute, "loss")
		began := time.Now()
		for range 6 {
			d.Wait(2 * time.Minute)
			d.Press("r")
		}
		last := map[string]time.Time{}
		for _, c := range d.world.Calls("", "") {
			if c.Status == 429 {
				t.Fatalf("%s %s was refused as too frequent", c.Method, c.Path)
			}
			if strings.Contains(c.Path, "request_logs") && c.At.After(began) {
				if gap := c.At.Sub(last[c.Path]); gap < time.Second {
					t.Errorf("%s was asked for again after %v", c.Path, gap)
				}
				last[c.Path] = c.At
			}
		}
		if n := len(d.askedForLogs()); n < 100 {
			t.Errorf("only %d requests in twelve minutes", n)
		}
	})
}
