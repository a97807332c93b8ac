package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// door is the log-in screen of a run that can keep keys in several places.
type door struct {
	t      testing.TB
	m      *Login
	set    *command.Set
	places command.KeyPlaces
	did    []string
	err    error
}

const phrase = "correct horse battery"

func newDoor(t testing.TB, places command.KeyPlaces) *door {
	t.Helper()
	d := &door{t: t, m: NewLogin(), places: places}
	note := func(words ...any) (command.Connected, error) {
		d.did = append(d.did, strings.TrimSpace(fmt.Sprintln(words...)))
		return command.Connected{}, d.err
	}
	d.set = command.New(t.Context(), command.Config{Keys: command.Keys{
		Places: func(context.Context) (command.KeyPlaces, error) { return d.places, nil },
		Unlock: func(_ context.Context, p string) (command.Connected, error) { return note("unlock", p) },
		Keep: func(_ context.Context, k string, in command.KeepIn, p string) (command.Connected, error) {
			return note("keep", k, int(in), p)
		},
		Import: func(_ context.Context, in command.KeepIn, p string, remove bool) (command.Connected, error) {
			return note("import", int(in), p, remove)
		},
		Decline: func(context.Context) error { _, err := note("decline"); return err },
	}})
	d.m.Because("no key is stored")
	d.run(d.m.Update(d.env(), command.Beat{}))
	return d
}

func (d *door) env() view.Env {
	return view.Env{Data: &feed.Snapshot{}, Theme: theme.New(true), Load: d.set.Loads()}
}

// run carries a command out and tells the screen what comes of it.
func (d *door) run(e view.Effect) {
	d.t.Helper()
	if e.Cmd != nil {
		d.m.Update(d.env(), e.Cmd())
	}
}

func (d *door) press(names ...string) {
	d.t.Helper()
	for _, name := range names {
		d.run(d.key(name))
	}
}

func (d *door) key(name string) view.Effect {
	for _, a := range d.m.Actions(d.env()) {
		if slices.Contains(a.Key.Keys(), name) {
			if a.Disabled != "" {
				return view.Effect{}
			}
			return a.Do()
		}
	}
	special := map[string]tea.Key{"space": {Code: tea.KeySpace, Text: " "}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}}
	k, ok := special[name]
	if !ok {
		k = tea.Key{Code: []rune(name)[0], Text: name}
	}
	return d.m.Update(d.env(), tea.KeyPressMsg(k))
}

func (d *door) paste(text string) { d.m.Update(d.env(), tea.PasteMsg{Content: text}) }

func (d *door) plain() string {
	return strings.Join(strings.Fields(ansi.Strip(d.m.Draw(d.env(), view.Size{W: 120, H: 40}).Body)), " ")
}

func (d *door) has(want ...string) {
	d.t.Helper()
	for _, w := range want {
		if !strings.Contains(d.plain(), w) {
			d.t.Errorf("%q is not there:\n%s", w, d.plain())
		}
	}
}

func (d *door) lacks(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if strings.Contains(d.plain(), text) {
			d.t.Errorf("%q is there:\n%s", text, d.plain())
		}
	}
}

func (d *door) done(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.did, want) {
		d.t.Errorf("it did %q, want %q", d.did, want)
	}
}

const noBus = "There is no D-Bus session bus, through which the system keyring is reached."

func TestWithAKeyringTheKeyGoesThere(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{})
	d.has("No key is stored.", "‹ keyring ›")
	d.paste(secret)
	d.press("enter")
	d.done("keep " + secret + " 0")
}

func TestWithoutAKeyringAChoiceIsOffered(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{Keyring: noBus})
	d.has(noBus, "this run only, or the file that a passphrase encrypts", "‹ this run only ›")
	d.paste(secret)
	d.press("enter")
	d.done("keep " + secret + " 1")
}

func TestTheEncryptedFileAsksForItsPassphraseTwice(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{Keyring: noBus})
	d.lacks("once more")
	d.paste(secret)
	d.press("tab", "right")
	d.has("‹ encrypted file ›", "once more")
	d.press("enter") // to the passphrase
	d.done()
	d.paste("short")
	d.press("enter")
	d.done()
	d.press("ctrl+u")
	d.paste(phrase)
	d.press("enter")
	d.paste(phrase + "x")
	d.press("enter")
	d.done()
	d.press("ctrl+u")
	d.paste(phrase)
	d.press("enter")
	d.done("keep " + secret + " 2 " + phrase)
}

func TestAPassphraseIsNeverDrawnAndForgottenOnceItWasOfUse(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{Locked: "/home/ada/.local/state/vastdeck/default/key.age"})
	d.paste(phrase)
	d.lacks("correct", "horse", "battery")
	d.err = errBroken
	d.press("enter")
	d.has("The account does not answer: it is tried again.")
	d.err = nil
	d.press("enter")
	if d.m.phrase.Value() != "" || d.m.line.Value() != "" {
		t.Error("what was typed is kept")
	}
	d.done("unlock "+phrase, "unlock "+phrase)
}

func TestAKeyThatWaitsForItsPassphraseIsAskedForAtOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{})
	d.m.Update(d.env(), command.KeyFound{Answer: command.Answer{Err: &command.LockedError{Path: "/state/key.age", Why: "The key file is locked."}}})
	d.has("/state/key.age", "Type the passphrase", "passphrase")
	if why, _ := d.m.lacking(); why != "type the passphrase first" {
		t.Errorf("without a passphrase: %q", why)
	}
	d.press("esc")
	d.has("Create a key", "API key")
	d.press("ctrl+p")
	d.has("/state/key.age")
}

func TestWhatIsTypedIsNotTakenAwayByWhatIsFoundLater(t *testing.T) {
	t.Parallel()
	d := &door{t: t, m: NewLogin(), places: command.KeyPlaces{Locked: "/state/key.age"}}
	d.set = command.New(t.Context(), command.Config{})
	d.paste(secret)
	d.m.Update(d.env(), command.KeyPlacesFound{Places: d.places})
	if d.m.line.Value() != secret || d.m.mode != entering {
		t.Error("the key that is being typed has given way")
	}
}

func official() command.KeyPlaces {
	return command.KeyPlaces{Import: &command.KeyImport{Path: "/home/ada/.config/vastai/vast_api_key", Shown: "~/.config/vastai/vast_api_key", Tail: "d0f1", Written: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}
}

func TestTheOfficialClientsKeyIsTakenOverOnlyWithConsent(t *testing.T) {
	t.Parallel()
	d := newDoor(t, official())
	d.has("A key of the official client was found at ~/.config/vastai/vast_api_key", "ctrl+o takes it over")
	d.done()
	d.press("ctrl+o")
	d.has("Take over the key of the official client", "ends in d0f1", "since 2026-01-02", "Then delete that file", "[ ] no, I delete it myself")
	d.done()
	d.press("enter")
	d.done("import 0  false")
	d = newDoor(t, official())
	d.press("ctrl+o", "tab", "space")
	d.has("[x] yes, once the key is kept")
	d.press("enter")
	d.done("import 0  true")
}

func TestTheOfferIsMadeOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t, official())
	d.press("ctrl+o", "ctrl+n")
	d.lacks("official client was found", "Take over")
	d.has("Create a key")
	d.done("decline")
}

func TestARefusedKeyFileIsNamed(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{Refused: "The key file can be read by others: chmod 600 it."})
	d.has("The key file can be read by others")
}

func TestEveryWayOfLoggingInIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	step := 97
	if testing.Short() {
		step = 971
	}
	for name, make := range map[string]func() *door{
		"keyring": func() *door { return newDoor(t, command.KeyPlaces{}) },
		"none":    func() *door { return newDoor(t, command.KeyPlaces{Keyring: noBus, Refused: hostile}) },
		"file": func() *door {
			d := newDoor(t, command.KeyPlaces{Keyring: noBus})
			d.press("tab", "right", "tab")
			return d
		},
		"locked":  func() *door { return newDoor(t, command.KeyPlaces{Locked: strings.Repeat("/long", 90)}) },
		"import":  func() *door { d := newDoor(t, official()); d.press("ctrl+o", "tab"); return d },
		"offered": func() *door { return newDoor(t, official()) },
		"last line": func() *door {
			d := newDoor(t, official())
			d.press("ctrl+o", "right", "right", "tab", "tab", "tab")
			return d
		},
	} {
		d := make()
		for n := 0; n < 220*60; n += step {
			size := view.Size{W: 1 + n%220, H: 1 + n/220}
			f := d.m.Draw(d.env(), size)
			if err := fit.Exact(f.Body, size.W, size.H); err != nil {
				t.Fatalf("%s: %dx%d: %v", name, size.W, size.H, err)
			}
			if c := f.Cursor; c != nil && (c.X < 0 || c.X >= size.W || c.Y < 0 || c.Y >= size.H) {
				t.Fatalf("%s: %dx%d: the text cursor stands at %d,%d", name, size.W, size.H, c.X, c.Y)
			}
		}
		low := ansi.Strip(d.m.Draw(d.env(), view.Size{W: 60, H: 13}).Body)
		if !strings.Contains(low, "▸") {
			t.Errorf("%s: on the smallest screen the line with the focus is out of sight:\n%s", name, low)
		}
	}
}

func TestScreensOfLoggingIn(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func() *door{
		"login":         func() *door { return newDoor(t, official()) },
		"login-no-ring": func() *door { d := newDoor(t, command.KeyPlaces{Keyring: noBus}); d.press("tab", "right"); return d },
		"login-locked": func() *door {
			return newDoor(t, command.KeyPlaces{Locked: "/home/ada/.local/state/vastdeck/default/key.age"})
		},
		"login-import": func() *door { d := newDoor(t, official()); d.press("ctrl+o"); return d },
	} {
		for _, w := range []int{60, 100} {
			d := make()
			golden(t, fmt.Sprintf("%s-%d", name, w), ansi.Strip(d.m.Draw(d.env(), view.Size{W: w, H: 30}).Body))
		}
	}
}

func TestANarrowScreenNamesTheOtherWaysBeforeTheKeysOfTheLine(t *testing.T) {
	t.Parallel()
	d := newDoor(t, command.KeyPlaces{Locked: "/home/ada/key.age", Keyring: "There is no D-Bus."})
	d.press("esc")
	d.has("A key of this profile lies in /home/ada/key.age, encrypted: ctrl+p opens it with its passphrase.")
	var keys []string
	for _, a := range d.m.Actions(d.env()) {
		keys = append(keys, a.Key.Help().Key)
	}
	if at, line := slices.Index(keys, "ctrl+p"), slices.Index(keys, "ctrl+u"); at < 0 || at > line {
		t.Errorf("the keys come in this order: %v", keys)
	}
	d.press("ctrl+p")
	d.has("Type the passphrase to unlock it.")
}
