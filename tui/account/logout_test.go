package account

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
)

func TestLeavingTheAccountIsAskedAboutAndSaysWhatBecomesOfTheKey(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"keyring":                  "`vastdeck logout` deletes it",
		"encrypted file":           "`vastdeck logout` deletes it",
		"environment VAST_API_KEY": "`vastdeck logout` does not change that",
		"key_command":              "`vastdeck logout` does not change that",
		view.RunOnly:               "is kept nowhere",
	} {
		b := full(t)
		b.session.Source = source
		effect := b.press("X")
		for _, wish := range effect.Intents {
			if _, out := wish.(view.LogOut); out {
				t.Fatalf("X alone logs out of a key from the %s", source)
			}
		}
		form := wish[view.Ask](t, effect).Form
		said := ""
		for _, line := range form.Intro {
			said += line.Value + "\n"
		}
		for _, part := range []string{want, "goes on and is billed"} {
			if !strings.Contains(said, part) {
				t.Errorf("with a key from the %s the question says %q, not %q", source, said, part)
			}
		}
	}
}

func TestALowScreenStillSaysHowToGetAKey(t *testing.T) {
	t.Parallel()
	for _, h := range []int{18, 20, 21, 22} {
		d := newDoor(t, command.KeyPlaces{Keyring: noBus})
		d.m.Because(noBus + " Run vastdeck in a desktop session or under dbus-run-session, set VAST_API_KEY, or enter a key for this run.")
		text := ansi.Strip(d.m.Draw(d.env(), view.Size{W: 80, H: h}).Body)
		for _, part := range []string{"There is no D-Bus", "https://cloud.vast.ai/manage-keys/", "instance_read", "Paste it here", "API key"} {
			if !strings.Contains(text, part) {
				t.Errorf("at 80x%d %q is out of sight:\n%s", h, part, text)
			}
		}
	}
}
