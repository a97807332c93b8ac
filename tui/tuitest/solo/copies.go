package solo

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/view"
)

// Copies opens the copy menu of a view with y and tries all of it: each line that can be copied has a letter of its own
// that copies at once and closes the menu, the arrows and enter come to the same, esc copies nothing, the menu is drawn
// exactly at 40 and at 140 columns, and no text that is copied or shown acts upon a terminal. It returns what each
// letter copies. Open makes the view anew, with the cursor where it shall be.
func Copies(t testing.TB, open func() (view.View, func() view.Env)) map[string]view.Copy {
	t.Helper()
	v, env := open()
	before := keysOf(v, env())
	Key(v, env(), "y")
	lines := linesOf(v, env())
	if len(lines) == 0 || slices.Equal(before, keysOf(v, env())) {
		t.Fatalf("y opens no menu:\n%s", Plain(v, env(), env().Size))
	}
	for _, w := range []int{40, 140} {
		size := view.Size{W: w, H: 48}
		Frame(t, v, env(), size)
		for _, a := range lines {
			if !strings.Contains(Plain(v, env(), size), a.Key.Help().Key+"  "+ansi.Truncate(a.Key.Help().Desc, 8, "")) {
				t.Errorf("at %d columns the letter %s stands before no line:\n%s", w, a.Key.Help().Key, Plain(v, env(), size))
			}
		}
	}
	if e := Key(v, env(), "esc"); len(e.Intents) > 0 || !slices.Equal(before, keysOf(v, env())) {
		t.Errorf("esc leads to %+v and keys %q", e.Intents, keysOf(v, env()))
	}
	copied := map[string]view.Copy{}
	for n, a := range able(lines) {
		letter := a.Key.Keys()[0]
		v, env := open()
		Press(func(name string) view.Effect { return Key(v, env(), name) }, "y")
		c := Only[view.Copy](t, Key(v, env(), letter))
		if !slices.Equal(before, keysOf(v, env())) {
			t.Errorf("the menu is still there after %s", letter)
		}
		harmless(t, letter, c)
		copied[letter] = c
		v, env = open()
		Key(v, env(), "y")
		for range n {
			Key(v, env(), "down")
		}
		if by := Only[view.Copy](t, Key(v, env(), "enter")); by != c {
			t.Errorf("enter in line %d copies %+v, its letter %s %+v", n, by, letter, c)
		}
	}
	return copied
}

// keysOf are the first keys of all actions.
func keysOf(v view.View, env view.Env) []string {
	var keys []string
	for _, a := range v.Actions(env) {
		keys = append(keys, a.Key.Keys()[0])
	}
	return keys
}

// linesOf are the actions of an open menu that stand for its lines.
func linesOf(v view.View, env view.Env) []view.Action {
	var lines []view.Action
	for _, a := range v.Actions(env) {
		if k := a.Key.Keys()[0]; len([]rune(k)) == 1 && !slices.Contains([]string{"k", "j"}, k) {
			lines = append(lines, a)
		}
	}
	return lines
}

// able are the lines that can be chosen, which stand above the others.
func able(lines []view.Action) []view.Action {
	return slices.DeleteFunc(slices.Clone(lines), func(a view.Action) bool { return a.Disabled != "" })
}

func harmless(t testing.TB, letter string, c view.Copy) {
	t.Helper()
	acts := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r) }
	if c.Text == "" || c.What == "" || strings.ContainsFunc(c.Text, acts) || strings.ContainsFunc(c.Shown, unicode.IsControl) {
		t.Errorf("%s copies %+q", letter, c)
	}
	if strings.ContainsAny(c.Text, "\n\t") && c.Shown == "" {
		t.Errorf("%s shows all of %q", letter, c.Text)
	}
}
