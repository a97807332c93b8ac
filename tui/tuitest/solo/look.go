package solo

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/view"
)

// Plain is what a view draws, as letters only.
func Plain(v view.View, env view.Env, s view.Size) string { return ansi.Strip(v.Draw(env, s).Body) }

// Has fails the test for each text that is not on the screen.
func Has(t testing.TB, screen string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			t.Errorf("%q is not there:\n%s", text, screen)
		}
	}
}

// Lacks fails the test for each text that is on the screen.
func Lacks(t testing.TB, screen string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			t.Errorf("%q is there:\n%s", text, screen)
		}
	}
}

// Wish is the first wish of its type in an effect. Without one the test ends.
func Wish[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	for _, in := range e.Intents {
		if one, ok := in.(T); ok {
			return one
		}
	}
	var none T
	t.Fatalf("no %T in %+v", none, e.Intents)
	return none
}

// Only is the one wish of an effect. When it wants something else, or more, the test ends.
func Only[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	if len(e.Intents) != 1 {
		t.Fatalf("it wants %+v", e.Intents)
	}
	in, ok := e.Intents[0].(T)
	if !ok {
		t.Fatalf("it wants %+v", e.Intents[0])
	}
	return in
}

// Messages are what a command, which may be a batch of several, comes to.
func Messages(c tea.Cmd) []tea.Msg {
	if c == nil {
		return nil
	}
	switch msg := c().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, c := range msg {
			all = append(all, Messages(c)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}
