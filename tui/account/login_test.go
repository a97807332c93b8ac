package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// secret is a key as the service makes them; no part of it may be drawn.
const secret = "9c1f7d3ab55e4f8890aa17cc2be6d4f0132a"

// stage is the login screen with a server that says err to every key.
type stage struct {
	t     *testing.T
	m     *Login
	set   *command.Set
	tried []string
	err   error
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, m: NewLogin()}
	s.set = command.New(t.Context(), command.Config{TryKey: func(_ context.Context, key string) (command.Connected, error) {
		s.tried = append(s.tried, key)
		return command.Connected{}, s.err
	}})
	return s
}

func (s *stage) env() view.Env {
	return view.Env{Data: &feed.Snapshot{}, Theme: theme.New(true), Load: s.set.Loads()}
}

func (s *stage) press(name string) view.Effect {
	for _, a := range s.m.Actions(s.env()) {
		if slices.Contains(a.Key.Keys(), name) {
			if a.Disabled != "" {
				return view.Effect{}
			}
			return a.Do()
		}
	}
	return s.m.Update(s.env(), tea.KeyPressMsg{Code: []rune(name)[0], Text: name})
}

func (s *stage) paste(text string) { s.m.Update(s.env(), tea.PasteMsg{Content: text}) }

// drawn is all that the screen gives away: styled and plain.
func (s *stage) drawn() string {
	var all []string
	for _, size := range []view.Size{{W: 120, H: 37}, {W: 60, H: 13}, {W: 300, H: 20}} {
		body := s.m.Draw(s.env(), size).Body
		all = append(all, body, ansi.Strip(body))
	}
	name, badge := s.m.Title(s.env())
	for _, a := range s.m.Actions(s.env()) {
		all = append(all, a.Disabled, a.Key.Help().Desc)
	}
	return strings.Join(append(all, name, badge), "\n")
}

// hidden fails when any six letters of the key in a row are shown.
func (s *stage) hidden(when string) {
	s.t.Helper()
	screen := s.drawn()
	for i := range len(secret) - 5 {
		if strings.Contains(screen, secret[i:i+6]) {
			s.t.Fatalf("%s: %q of the key is drawn", when, secret[i:i+6])
		}
	}
}

func TestKeyIsNeverDrawn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, r := range secret {
		s.press(string(r))
	}
	s.hidden("typed")
	if !strings.Contains(s.drawn(), strings.Repeat("•", 20)) {
		t.Error("there is no sign that something was typed")
	}
	s.err = errors.New("the key was refused")
	e := s.press("enter")
	s.hidden("while it is checked")
	s.m.Update(s.env(), e.Cmd())
	s.hidden("refused")
	s.press("ctrl+u")
	s.paste(secret)
	s.hidden("pasted")
	for _, dump := range []string{fmt.Sprint(s.m.Title(s.env())), fmt.Sprint(e.Intents)} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q tells the key", dump)
		}
	}
}

func TestKeyIsTrimmedAndForgottenOnceItIsGood(t *testing.T) {
	t.Parallel()
	for _, pasted := range []string{secret, "  " + secret + "\n", "\t" + secret + "\r\n\r\n"} {
		s := newStage(t)
		s.m.Because("no key is stored")
		s.paste(pasted)
		if len(s.tried) != 0 {
			t.Fatalf("pasting %q tried the key by itself", pasted)
		}
		s.m.Update(s.env(), s.press("enter").Cmd())
		if !slices.Equal(s.tried, []string{secret}) {
			t.Errorf("pasting %q tried %d keys, want the key without blanks", pasted, len(s.tried))
		}
		if s.m.line.Value() != "" {
			t.Error("the key is kept after it was found to be good")
		}
		if strings.Contains(s.drawn(), "No key is stored") {
			t.Error("it still says why there is no key")
		}
	}
}

func TestBlanksTypedAroundAKeyAreNotSent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, r := range " " + secret + "  " {
		s.press(string(r))
	}
	s.m.Update(s.env(), s.press("enter").Cmd())
	if !slices.Equal(s.tried, []string{secret}) {
		t.Errorf("tried was a key of %d letters, want %d", len(strings.Join(s.tried, "")), len(secret))
	}
}

func TestRefusedKeyCanBeMended(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.err = errors.New("the key was refused: make a new one")
	s.paste(secret)
	s.m.Update(s.env(), s.press("enter").Cmd())
	if !strings.Contains(s.drawn(), "The key was refused: make a new one.") {
		t.Errorf("the reason is not told:\n%s", s.drawn())
	}
	s.press("x")
	if strings.Contains(s.drawn(), "refused") {
		t.Error("the reason stays while another key is typed")
	}
	s.m.Update(s.env(), s.press("enter").Cmd())
	if want := []string{secret, secret + "x"}; !slices.Equal(s.tried, want) {
		t.Errorf("%d keys were tried, want the second to be the first with a letter more", len(s.tried))
	}
	s.press("ctrl+u")
	if s.m.line.Value() != "" {
		t.Error("ctrl+u does not clear the line")
	}
}

func TestNothingIsTriedWithoutAKeyOrTwiceAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	reason := func() string {
		for _, a := range s.m.Actions(s.env()) {
			if slices.Contains(a.Key.Keys(), "enter") {
				return a.Disabled
			}
		}
		return "no such key"
	}
	if got := reason(); got != "paste or type an API key first" {
		t.Errorf("without a key: %q", got)
	}
	s.paste("   ")
	if got := reason(); got != "paste or type an API key first" {
		t.Errorf("with blanks: %q", got)
	}
	s.paste(secret)
	if got := reason(); got != "" {
		t.Errorf("with a key: %q", got)
	}
	s.press("enter")
	if got := reason(); got != "the key is being checked" {
		t.Errorf("while it is checked: %q", got)
	}
	if f := s.m.Draw(s.env(), view.Size{W: 100, H: 30}); f.Cursor != nil || !strings.Contains(f.Body, "checking the key") {
		t.Error("it does not show that the key is being checked")
	}
	s.press("x")
	s.paste("y")
	if got := strings.TrimSpace(s.m.line.Value()); got != secret {
		t.Error("the line changes while the key is being checked")
	}
}

func TestEveryKeyOfTheLoginWorksWhileTyping(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if !s.m.Capturing() {
		t.Error("the line does not have the keyboard")
	}
	for _, a := range s.m.Actions(s.env()) {
		if !a.Typing {
			t.Errorf("%v does not work while typing", a.Key.Keys())
		}
	}
	for _, key := range []string{"q", "?", "1", ":", "/"} {
		s.press(key)
	}
	if got := s.m.line.Value(); got != "q?1:/" {
		t.Errorf("the line holds %q: letters have to be typed", got)
	}
}

func TestLoginExplainsHowToGetAKey(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.m.Because("no key is stored")
	for _, want := range []string{"No key is stored.", "vast.ai/manage-keys/", "Create a key", "VAST_API_KEY", "vastdeck login", "vastdeck --demo"} {
		screen := strings.Join(strings.Fields(ansi.Strip(s.m.Draw(s.env(), view.Size{W: 120, H: 37}).Body)), " ")
		if !strings.Contains(screen, want) {
			t.Errorf("%q is not there", want)
		}
	}
	s.err = errors.New("the key was refused")
	s.paste(secret)
	s.m.Update(s.env(), s.press("enter").Cmd())
	low := s.m.Draw(s.env(), view.Size{W: 60, H: 13})
	if low.Cursor == nil || !strings.Contains(low.Body, "API key") || !strings.Contains(low.Body, "The key was refused.") {
		t.Errorf("on the smallest screen the line to type into is out of sight:\n%s", ansi.Strip(low.Body))
	}
}

func TestLoginIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.m.Because(strings.Repeat("世界 the keyring did not answer ", 12))
	s.err = errors.New(strings.Repeat("x", 600))
	s.paste(strings.Repeat(secret, 7))
	s.m.Update(s.env(), s.press("enter").Cmd())
	step := 37
	if testing.Short() {
		step = 371
	}
	for n := 0; n < 300*100; n += step {
		size := view.Size{W: 1 + n%300, H: 1 + n/300}
		f := s.m.Draw(s.env(), size)
		if err := fit.Exact(f.Body, size.W, size.H); err != nil {
			t.Fatalf("%dx%d: %v", size.W, size.H, err)
		}
		if c := f.Cursor; c != nil && (c.X < 0 || c.X >= size.W || c.Y < 0 || c.Y >= size.H) {
			t.Fatalf("%dx%d: the text cursor stands at %d,%d", size.W, size.H, c.X, c.Y)
		}
	}
}

// On a low screen the way to get a key is left out before the reason why there is none.
func TestALowScreenStillSaysWhyThereIsNoKey(t *testing.T) {
	t.Parallel()
	m := NewLogin()
	m.Because("You have logged out. 5 machines keep costing money at $2.337/h.")
	for _, h := range []int{13, 9, 7} {
		lines := strings.Split(ansi.Strip(m.Draw(view.Env{Theme: theme.New(true)}, view.Size{W: 60, H: h}).Body), "\n")
		text := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
		if len(lines) != h || !strings.Contains(text, "costing money at $2.337/h") || !strings.Contains(text, "▸ API key") {
			t.Errorf("%d lines:\n%s", h, strings.Join(lines, "\n"))
		}
	}
}
