package tuitest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi/vastsim"
)

// withKeys plays a scenario in which a key can be kept, as far as a run without a
// keyring can.
func withKeys(t *testing.T, w, h int, do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	var running *deck
	change := func(d *tui.Deps) {
		d.Demo, d.Source = false, "keyring"
		d.Command.Keys.Keep = func(ctx context.Context, key string, _ command.KeepIn, _ string) (command.Connected, error) {
			c, err := running.tryKey(ctx, key)
			c.Source = "this run only"
			return c, err
		}
	}
	playWith(t, w, h, change, func(d *deck) { running = d; do(d) }, opts...)
}

func TestAReadOnlyKeyIsMadeUsedAndSaysWhatItMayNot(t *testing.T) {
	t.Parallel()
	withKeys(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("8")
		d.UntilHas(20*time.Second, "API key of this run")
		d.Has("● rent or change instances and volumes")
		d.Press("K")
		d.UntilHas(20*time.Second, "● in use")
		d.Press("n")
		d.Has("Make an API key", "it may", "read only")
		d.Type("ci-runner")
		d.Press("ctrl+s")
		d.agree()
		d.UntilHas(20*time.Second, "is shown this once")
		d.Has(`"ci-runner"`)
		d.Press("y")
		d.Has("It was sent to the clipboard")
		d.Press("u")
		d.UntilHas(30*time.Second, "READ-ONLY KEY")
		d.Lacks("is shown this once")
		d.UntilHas(20*time.Second, "✗ rent or change instances and volumes: not given")
		d.Has("this run only")
		d.Press("K")
		d.UntilHas(20*time.Second, "ci-runner")
		d.Press("n")
		d.Has("This API key may not change keys and variables of the account")
		d.Press("1")
		d.UntilHas(30*time.Second, "offers shown")
		d.Wait(8 * time.Second)
		d.Press("r")
		d.Has("This API key may not rent or change instances and volumes")
		d.Press("2")
		d.Wait(12 * time.Second)
		d.Press("D")
		d.Has("This API key may not rent or change instances and volumes")
		d.nothingSent()
		for _, line := range d.journal.copy().lines {
			if strings.Contains(string(line), "secret") {
				t.Errorf("the journal holds %s", line)
			}
		}
	})
}

func TestLoggingOutLeavesNothingOfTheAccountOnTheScreen(t *testing.T) {
	t.Parallel()
	withKeys(t, 120, 36, func(d *deck) {
		d.loaded()
		d.Press("8")
		d.UntilHas(20*time.Second, "API key of this run")
		d.Has("@")
		mail := ""
		for _, word := range strings.Fields(d.Text()) {
			if strings.Contains(word, "@") {
				mail = word
			}
		}
		d.Has(mail, "credit $")
		d.Press("X")
		d.Has("Log out", "what runs goes on and is", mail)
		d.Press("esc")
		d.Has(mail, "credit $")
		d.Press("X", "enter")
		d.Has("You have logged out", "API key")
		d.Lacks(mail, "credit $", "burn")
		calls := len(d.world.Calls("", ""))
		d.Wait(5 * time.Minute)
		if n := len(d.world.Calls("", "")) - calls; n > 0 {
			t.Errorf("%d requests were sent while nobody is logged in", n)
		}
	})
}

func TestDeletingTheKeyInUseSaysWhatItMeansAndLogsOut(t *testing.T) {
	t.Parallel()
	withKeys(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("8", "K")
		d.UntilHas(20*time.Second, "● in use")
		d.Press("n")
		d.Type("second")
		d.Press("tab", "right", "right", "right", "ctrl+s") // full
		d.Wait(time.Second)
		d.agree()
		d.UntilHas(20*time.Second, "is shown this once")
		d.Press("u")
		d.UntilHas(30*time.Second, "this run only")
		d.Press("K")
		d.UntilHas(time.Minute, "● in use")
		for n := 0; n < 3 && !strings.Contains(d.onCursor(), "in use"); n++ {
			d.Press("down")
		}
		id := strings.Fields(strings.TrimLeft(d.onCursor(), "▌ "))[0]
		d.Press("D")
		d.Has("program uses this key", "logged out by it")
		d.Wait(time.Second)
		d.Type(id[max(0, len(id)-4):])
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(2*time.Minute, "Paste it here")
		d.Lacks("credit $", "renter@")
	})
}

// onCursor is the line that the cursor of a list stands on.
func (d *deck) onCursor() string {
	for _, line := range strings.Split(d.Text(), "\n") {
		if strings.HasPrefix(line, "▌") {
			return line
		}
	}
	return ""
}
