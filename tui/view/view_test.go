package view

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestReadOnlyRunSaysSoUnlessAnotherReasonComesFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		readOnly bool
		why      string
		want     string
	}{
		{false, "", ""},
		{false, "no offer is selected", "no offer is selected"},
		{true, "no offer is selected", "no offer is selected"},
		{true, "", "this run is read-only: start without --read-only to change anything"},
	} {
		if got := (Env{ReadOnly: c.readOnly}).Changing(c.why); got != c.want {
			t.Errorf("read-only %t, %q: %q, want %q", c.readOnly, c.why, got, c.want)
		}
	}
}

func TestEffectsHoldWhatTheyAreMadeOf(t *testing.T) {
	t.Parallel()
	if e := Do(Toast{Text: "a"}, Copy{Text: "b"}); e.Cmd != nil || len(e.Intents) != 2 || e.Intents[0] != Intent(Toast{Text: "a"}) {
		t.Errorf("wishes became %+v", e)
	}
	called := false
	e := Wait(func() tea.Msg { called = true; return nil })
	if len(e.Intents) != 0 || called {
		t.Errorf("a command became %+v, called %t", e, called)
	}
	if e.Cmd(); !called {
		t.Error("the command is another one")
	}
}

func TestBindingKeepsKeysApartFromWhatIsShown(t *testing.T) {
	t.Parallel()
	b := Bind("pgdn", "one screen", "pgdown", "ctrl+f")
	if !slices.Equal(b.Keys(), []string{"pgdown", "ctrl+f"}) || b.Help().Key != "pgdn" || b.Help().Desc != "one screen" || !b.Enabled() {
		t.Errorf("it is %v, %+v", b.Keys(), b.Help())
	}
}
