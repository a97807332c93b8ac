package store

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func loadSettings(t *testing.T, text string) (Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), fileMode); err != nil {
		t.Fatal(err)
	}
	return LoadSettings(path)
}

func TestMissingSettingsAreTheDefaults(t *testing.T) {
	t.Parallel()
	s, err := LoadSettings(filepath.Join(t.TempDir(), "none", "config.toml"))
	if err != nil || !reflect.DeepEqual(s, DefaultSettings()) {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestDefaultSettingsHaveNoProblem(t *testing.T) {
	t.Parallel()
	if found := DefaultSettings().problems(); len(found) != 0 {
		t.Errorf("the defaults are refused: %v", found)
	}
}

func TestSettingsAreReadOverTheDefaults(t *testing.T) {
	t.Parallel()
	s, err := loadSettings(t, `
theme = "dark"
fps = 60
read_only = true
key_command = "pass vast"
caps = { per_action = 2, total = 0.5 }

[budget]
day = 40
month = 600.5
block = true

[market]
max = 2000

[ssh]
window = "tmux"
way = "proxy"
identity = "~/.ssh/vast"

[alerts]
bell = true
desktop = "osc9"
idle_after = 30
mute = ["ready", "idle"]
quiet = "22:30-07:00"

[history]
search = false

[profiles.work]
key_command = "pass 'vast work'"
url = "http://127.0.0.1:8787"
[profiles.other]
`)
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultSettings()
	want.Theme, want.FPS, want.ReadOnly, want.KeyCommand = "dark", 60, true, "pass vast"
	want.Caps.PerAction, want.Caps.Total = 2, 0.5
	want.Market.Max = 2000
	want.Budget = Budget{Day: 40, Month: 600.5, Block: true}
	want.Alerts = Alerts{Bell: true, Desktop: "osc9", IdleAfter: 30, Mute: []string{"ready", "idle"}, Quiet: "22:30-07:00"}
	want.History = HistorySettings{Record: true}
	want.SSH = SSH{Window: "tmux", Way: "proxy", Identity: "~/.ssh/vast"}
	want.Profiles = map[string]Profile{"work": {KeyCommand: "pass 'vast work'", URL: "http://127.0.0.1:8787"}, "other": {}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v\nwant %+v", s, want)
	}
	for profile, command := range map[string]string{"work": "pass 'vast work'", "other": "pass vast", "new": "pass vast"} {
		if got := s.KeyCommandOf(profile); got != command {
			t.Errorf("profile %s uses %q, want %q", profile, got, command)
		}
	}
}

func TestSettingsMistakesHaveLineAndColumn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		at   string // line:column: key
	}{
		{"them = \"dark\"", "1:1: them: unknown key"},
		{"fps = 60\n  [caps]\n    per_acton = 1", "3:5: caps.per_acton: unknown key"},
		{"[profile.work]\nurl = \"https://x\"", "1:2: profile"},
		{"[profiles.work]\nkey = \"SECRET-KEY\"", "2:1: profiles.work.key: unknown key"},
		{"fps = 121", "1:1: fps: must be"},
		{"\n\nfps = 0", "3:1: fps: must be"},
		{"theme = \"pink\"", "1:1: theme: must be"},
		{"[caps]\ntotal = inf", "2:1: caps.total: must be"},
		{"[caps]\nper_action = nan", "2:1: caps.per_action: must be"},
		{"caps.runway_hours = -1", "1:6: caps.runway_hours: must be"},
		{"caps = { total = 1, per_action = -0.5 }", "1:21: caps.per_action: must be"},
		{"[budget]\nday = inf", "2:1: budget.day: must be"},
		{"budget.month = -1", "1:8: budget.month: must be"},
		{"[budget]\nblock = true", "2:1: budget.block: needs"},
		{"[budget]\nweek = 1", "2:1: budget.week: unknown key"},
		{"[market]\nlimit = 0", "2:1: market.limit: must be"},
		{"[market]\nlimit = 6000", "2:1: market.limit: market.max"},
		{"[market]\n\nmax = 999", "3:1: market.max: market.max"},
		{"[ssh]\nwindow = \"tab\"", "2:1: ssh.window: must be"},
		{"[ssh]\nway = \"\"", "2:1: ssh.way: must be"},
		{"ssh.identity = \"vast\"", "1:5: ssh.identity: must be"},
		{"ssh.identity = \"~/.ssh/id.pub\"", "1:5: ssh.identity: must be"},
		{"[ssh]\nidentity = \"/a\\u001bb\"", "2:1: ssh.identity: must be"},
		{"[alerts]\ndesktop = \"growl\"", "2:1: alerts.desktop: must be"},
		{"alerts.idle_after = 0", "1:8: alerts.idle_after: must be"},
		{"[alerts]\nmute = [\"idle\", \"everything\"]", "2:1: alerts.mute: may name"},
		{"[alerts]\nquiet = \"late\"", "2:1: alerts.quiet: must be"},
		{"[alerts]\nquiet = \"22:00-25:00\"", "2:1: alerts.quiet: must be"},
		{"[alerts]\nquiet = \"22:00-22:00\"", "2:1: alerts.quiet: must be"},
		{"key_command = \"pass 'vast\"", "1:1: key_command: a quote"},
		{"[profiles.\"a b\"]\nurl=\"https://x\"", "1:11: profiles.a b: a profile's name"},
		{"[profiles.a]\nurl = \"ftp://x\"", "2:1: profiles.a.url: must be"},
		{"[profiles.a]\nurl = \"https://me:SECRET-KEY@x\"", "2:1: profiles.a.url: must be"},
		{"fps = \"SECRET-KEY\"", "1:7: fps"},
		{"fps = \n", "1:7: "},
		{"fps = 1\nfps = 2", "2:1: "},
		{"key = SECRET-KEY", "1:7: "},
	}
	for _, test := range tests {
		s, err := loadSettings(t, test.text)
		var wrong *SettingsError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %v, want a SettingsError", test.text, err)
			continue
		}
		if !strings.Contains(err.Error(), "config.toml:"+test.at) {
			t.Errorf("%q: got %q, want %q", test.text, err, test.at)
		}
		if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: the error repeats the value: %v", test.text, err)
		}
		if !reflect.DeepEqual(s, DefaultSettings()) {
			t.Errorf("%q: the settings beside the error are not the defaults", test.text)
		}
	}
}

func TestAllSettingsMistakesComeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := loadSettings(t, "a = 1\nb = 2\n[caps]\nc = 3\n")
	if err == nil || strings.Count(err.Error(), "unknown key") != 3 {
		t.Errorf("got %v, want three mistakes", err)
	}
	_, err = loadSettings(t, "fps = 0\ntheme = \"\"\n")
	if err == nil || strings.Count(err.Error(), "must be") != 2 {
		t.Errorf("got %v, want two mistakes", err)
	}
}

func TestSettingsMayBeALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "dotfiles.toml"), filepath.Join(dir, "config.toml")
	if err := os.WriteFile(target, []byte("fps = 30"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if s, err := LoadSettings(link); err != nil || s.FPS != 30 {
		t.Errorf("got %d fps, %v", s.FPS, err)
	}
	if _, err := LoadSettings(dir); err == nil {
		t.Error("a folder was read as settings")
	}
}
