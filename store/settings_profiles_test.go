package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAProfileHasAColourOfTheSetOrNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	write(t, path, []byte("[profiles.prod]\ncolor = \"red\"\nurl = \"https://one.example\"\n[profiles.play]\n"), 0o600)
	s, err := LoadSettings(path)
	if err != nil || s.Profiles["prod"].Color != "red" || s.Profiles["play"].Color != "" {
		t.Errorf("%+v, %v", s.Profiles, err)
	}
	write(t, path, []byte("theme = \"dark\"\n\n[profiles.prod]\n  color = \"pink\"\n"), 0o600)
	_, err = LoadSettings(path)
	if err == nil || !strings.Contains(err.Error(), ":4:3: profiles.prod.color: must be one of red, orange") {
		t.Errorf("an unknown colour: %v", err)
	}
}

func TestProfilesAreThoseThatAreNamedOrWereUsed(t *testing.T) {
	t.Parallel()
	p := Paths{State: t.TempDir()}
	for _, dir := range []string{"used/journal", "empty", "crash", "not a name/journal"} {
		if err := os.MkdirAll(filepath.Join(p.State, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(p.State, "remembers", stateName), []byte("{}"), 0o600)
	write(t, filepath.Join(p.State, "vastdeck.log"), nil, 0o600)
	got := p.ProfileNames(Settings{Profiles: map[string]Profile{"work": {}, "default": {}, "used": {}}}, "default")
	if want := []string{"default", "remembers", "used", "work"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (Paths{State: filepath.Join(p.State, "nowhere")}).ProfileNames(Settings{}, "default"); !slices.Equal(got, []string{"default"}) {
		t.Errorf("before the first run: %q", got)
	}
}
