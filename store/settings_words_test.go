package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAValueOfAnotherKindIsToldInWordsOfTheFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`fps = "x"`:                 "fps: must be a whole number, without quotes, and is a text",
		`fps = 1.5`:                 "fps: must be a whole number, without quotes, and is a number with a point",
		`ascii = 1`:                 "ascii: must be true or false, without quotes, and is a whole number",
		`theme = 3`:                 `theme: must be a text in quotes, e.g. "x", and is a whole number`,
		`theme = ["a"]`:             `theme: must be a text in quotes, e.g. "x", and is a list`,
		`theme = 2020-01-01`:        `theme: must be a text in quotes, e.g. "x", and is a date or a time`,
		`caps = 3`:                  "caps: must be a table, and is a whole number",
		"[caps]\ntotal = \"a\"":     "caps.total: must be a number, without quotes, and is a text",
		"[caps]\ntotal = true":      "caps.total: must be a number, without quotes, and is true or false",
		"[alerts]\nmute = \"x\"":    `alerts.mute: must be a list of texts, e.g. ["x", "y"], and is a text`,
		`commands = "x"`:            "commands: must be a list of tables, and is a text",
		"[profiles]\nwork = 3":      "profiles.work: must be a table, and is a whole number",
		"[ssh]\nway = {}":           `ssh.way: must be a text in quotes, e.g. "x", and is a table`,
		"[theme]\nx = 1":            `theme: must be a text in quotes, e.g. "x", and is a table`,
		"fps = 1\nfps = 2":          "already defined",
		"[[commands]]\nname = 3\n":  `commands.name: must be a text in quotes, e.g. "x", and is a whole number`,
		"[profiles.work]\nurl = []": `profiles.work.url: must be a text in quotes, e.g. "x", and is a list`,
	} {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadSettings(path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		for _, inner := range []string{"struct", "float64", "store.", "TOML"} {
			if err != nil && strings.Contains(err.Error(), inner) {
				t.Errorf("%q: %v names %q of the inside", text, err, inner)
			}
		}
	}
}
