package store

import (
	"errors"
	"strings"
	"testing"
)

func TestLooksAreReadFromTheSettings(t *testing.T) {
	t.Parallel()
	if got := DefaultSettings().Looks(); got != (Looks{Theme: "auto", Mouse: true}) {
		t.Errorf("without a file they are %+v", got)
	}
	s, err := parseSettings("config.toml", []byte("theme = \"high-contrast\"\nascii = true\nmouse = false\n"))
	if err != nil || s.Looks() != (Looks{Theme: "high-contrast", ASCII: true}) {
		t.Errorf("they are %+v, %v", s.Looks(), err)
	}
	for _, name := range ThemeNames() {
		if _, err := parseSettings("config.toml", []byte("theme = \""+name+"\"")); err != nil || !KnownTheme(name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = parseSettings("config.toml", []byte("fps = 60\ntheme = \"mauve\""))
	var wrong *SettingsError
	if !errors.As(err, &wrong) || wrong.Line != 2 || !strings.Contains(wrong.Reason, "high-contrast") || strings.Contains(wrong.Reason, "mauve") {
		t.Errorf("an unknown theme gives %v", err)
	}
}
