package main

import (
	"slices"
	"testing"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/theme"
)

func TestSettingsKnowEveryThemeAndNoOther(t *testing.T) {
	t.Parallel()
	if !slices.Equal(store.ThemeNames(), theme.Names()) {
		t.Errorf("the settings know %v, the program %v", store.ThemeNames(), theme.Names())
	}
}

func TestLookFlagsGoBeforeTheSettings(t *testing.T) {
	t.Parallel()
	d := shared(store.DefaultSettings())
	if (&lookFlags{}).apply(&d); d.Theme != "auto" || d.ASCII || d.NoMouse {
		t.Errorf("without flags it is %q, %t, %t", d.Theme, d.ASCII, d.NoMouse)
	}
	(&lookFlags{theme: "light", ascii: true, noMouse: true}).apply(&d)
	if d.Theme != "light" || !d.ASCII || !d.NoMouse {
		t.Errorf("with flags it is %q, %t, %t", d.Theme, d.ASCII, d.NoMouse)
	}
	other := tui.Deps{Theme: "16", ASCII: true, NoMouse: true}
	if (&lookFlags{}).apply(&other); other.Theme != "16" || !other.ASCII || !other.NoMouse {
		t.Errorf("what the settings say is gone: %+v", other)
	}
	if err := (&lookFlags{theme: "mauve"}).check(); exitCode(err) != exitUsage {
		t.Errorf("a theme that there is not gives %v", err)
	}
}
