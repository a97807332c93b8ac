package account

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
)

func TestEveryPartOfTheAccountHasACopyMenuWithoutSecrets(t *testing.T) {
	t.Parallel()
	for part, lines := range map[string]map[string]string{
		"I": {"i": "4711", "e": "ada@example.org", "n": "ada", "m": "23.4", "d": "902", "v": "vastai show user", "c": "/api/v0/users/current/", "U": "https://"},
		"K": {"i": "90", "v": "vastai show api-keys", "x": "vastai delete api-key 90", "J": "\"rights\": [", "o": "\n"},
		"V": {"n": "EMPTY_ONE", "r": `"$EMPTY_ONE"`, "f": "-e EMPTY_ONE", "a": "HF_TOKEN\nWANDB_API_KEY", "v": "vastai show env-vars"},
		"A": {"r": "\t", "f": "/", "v": "vastai show audit-logs", "J": "\"api_route\""},
	} {
		got := solo.Copies(t, func() (view.View, func() view.Env) {
			b := full(t)
			b.press(part)
			return b.m, b.env
		})
		for letter, want := range lines {
			if !strings.Contains(got[letter].Text, want) {
				t.Errorf("%s: %s copies %q, want %q", part, letter, got[letter].Text, want)
			}
		}
		for letter, c := range got {
			if strings.Contains(c.Text, secret) {
				t.Errorf("%s: %s copies a key", part, letter)
			}
			if strings.Contains(c.Text, "Bearer") && !strings.Contains(c.Text, "Bearer $VAST_API_KEY") {
				t.Errorf("%s: %s copies %q", part, letter, c.Text)
			}
		}
	}
}

func TestAVariableThatNoShellHasIsNotCopiedForOne(t *testing.T) {
	t.Parallel()
	b := full(t).vars("A$(reboot)")
	b.press("V", "y")
	if why := b.reason("r"); why != "no variable of a shell is called so" {
		t.Errorf("r says %q", why)
	}
	if c := wish[view.Copy](t, b.press("f")); c.Text != "-e 'A$(reboot)'" {
		t.Errorf("f copies %q", c.Text)
	}
}

func TestOtherPartsAndTheNewKeyCloseTheCopyMenu(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("K", "y")
	b.has("Copy of API key", "Overview", "▸ i  id")
	b.click("Variables")
	b.lacks("Copy of")
	b.press("y")
	b.tell(view.Hidden{})
	b.lacks("Copy of")
	b.press("K", "y")
	b.tell(madeKey(t, "ci-runner"))
	b.tell(view.Shown{})
	if c := wish[view.Copy](t, b.press("y")); c.Text != secret {
		t.Errorf("y copies %q", c.What)
	}
}

func TestASecondClickOnALineCopiesIt(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("y")
	b.has("▸ i  account")
	if e := b.click("user"); len(e.Intents) > 0 {
		t.Errorf("one click copies: %+v", e)
	}
	b.has("▸ n  user")
	if c := wish[view.Copy](t, b.click("user")); c.Text != "ada" || c.What != "the name of the user" {
		t.Errorf("copied is %+v", c)
	}
	b.lacks("Copy of")
}
