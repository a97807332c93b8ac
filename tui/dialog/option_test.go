package dialog

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// chosen is a form whose image is an option that has a name of its own.
func chosen(t *testing.T) (*Form, *clock) {
	t.Helper()
	d := NewForm(kinds())
	key(t, d, "image")
	c := &clock{d, noon}
	c.text("pyt 2.5")
	c.press(0, "down", "tab")
	if got := d.values()["image"]; got != "h3" {
		t.Fatalf("tab took %q", got)
	}
	return d, c
}

func TestChosenOptionIsShownByItsNameWithTheFocusToo(t *testing.T) {
	t.Parallel()
	d, _ := chosen(t)
	if s := plain(d, 90, 30); d.focus() != "image" || strings.Contains(s, "h3") || !strings.Contains(s, "PyTorch 2.5") {
		t.Errorf("it is shown as:\n%s", s)
	}
}

func TestTypingOverAChosenOptionReplacesItWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(*clock)
		want string
	}{
		"a letter":  {func(c *clock) { c.text("x") }, "x"},
		"a paste":   {func(c *clock) { c.paste("ubuntu") }, "ubuntu"},
		"backspace": {func(c *clock) { c.press(0, "backspace") }, ""},
		"ctrl+u":    {func(c *clock) { c.press(0, "ctrl+u") }, ""},
		"an arrow":  {func(c *clock) { c.press(0, "left") }, "h3"},
	} {
		d, clock := chosen(t)
		c.do(clock)
		if got := d.values()["image"]; got != c.want {
			t.Errorf("%s makes %q of it, want %q", name, got, c.want)
		}
	}
}

func TestFormBeginsAtTheFieldItIsOpenedFor(t *testing.T) {
	t.Parallel()
	f := kinds()
	for _, c := range []struct{ focus, want string }{{"image", "image"}, {"", f.Fields[0].Key}, {"no such field", f.Fields[0].Key}} {
		f.Focus = c.focus
		if got := NewForm(f).focus(); got != c.want {
			t.Errorf("opened for %q it begins at %q, want %q", c.focus, got, c.want)
		}
	}
	hidden := view.Form{Focus: "b", Fields: []view.Field{{Key: "a"}, {Key: "b", When: func(view.Values) bool { return false }}}}
	if got := NewForm(hidden).focus(); got != "a" {
		t.Errorf("a field that is not shown has the focus: %q", got)
	}
}

func TestBreakAtTheEndOfAScriptIsNoLine(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"#!/bin/sh\necho a\necho b\n": "#!/bin/sh  (+2 lines)",
		"#!/bin/sh\necho a":           "#!/bin/sh  (+1 line)",
		"echo a\n":                    "echo a",
	} {
		if got := firstLine(script); got != want {
			t.Errorf("%q is shown as %q, want %q", script, got, want)
		}
	}
}

// A screen that is turned keeps some lines in sight, and no line is jumped over.
func TestPageKeysTurnAScreenAndEndShowsTheRequests(t *testing.T) {
	t.Parallel()
	c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
	first := bodyOf(plain(c.d, 80, 24))
	c.press(0, "pgdown")
	second := bodyOf(plain(c.d, 80, 24))
	if n := shared(first, second); n < 1 || n > 3 {
		t.Errorf("%d lines are on both screens:\n%s\n---\n%s", n, strings.Join(first, "\n"), strings.Join(second, "\n"))
	}
	c.press(0, "pgup")
	if got := bodyOf(plain(c.d, 80, 24)); strings.Join(got, "\n") != strings.Join(first, "\n") {
		t.Errorf("pgup does not lead back:\n%s", strings.Join(got, "\n"))
	}
	c.d.Update(tea.KeyPressMsg{Code: tea.KeyEnd}, c.now)
	if s := plain(c.d, 80, 24); !strings.Contains(s, "C copies it") || !strings.Contains(s, "more above") {
		t.Errorf("end does not lead to the end:\n%s", s)
	}
	c.d.Update(tea.KeyPressMsg{Code: tea.KeyHome}, c.now)
	if got := bodyOf(plain(c.d, 80, 24)); strings.Join(got, "\n") != strings.Join(first, "\n") {
		t.Errorf("home does not lead back:\n%s", strings.Join(got, "\n"))
	}
}

// bodyOf are the lines of a dialog without its frame and its foot.
func bodyOf(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return lines[1 : len(lines)-3]
}

// shared counts the lines at the end of one screen that begin the other.
func shared(a, b []string) int {
	for n := min(len(a), len(b)); n > 0; n-- {
		if strings.Join(a[len(a)-n:], "\n") == strings.Join(b[:n], "\n") {
			return n
		}
	}
	return 0
}
