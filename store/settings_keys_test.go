package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func settingsOf(t *testing.T, text string) (Settings, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := LoadSettings(path)
	if err != nil {
		return s, strings.ReplaceAll(err.Error(), path, "config.toml")
	}
	return s, ""
}

func TestKeysAreReadOneOrSeveralOrNone(t *testing.T) {
	t.Parallel()
	s, wrong := settingsOf(t, "[keys]\npreset = \"vim\"\nmarket.rent = \"N\"\n[keys.tables]\nrow-down = [\"n\", \"down\"]\nmark = []\n")
	if wrong != "" {
		t.Fatal(wrong)
	}
	var got []string
	for _, b := range s.KeyBindings() {
		got = append(got, b.Where+"="+b.Scope+"/"+b.Action+":"+strings.Join(b.Keys, ","))
	}
	want := "keys.market.rent=market/rent:N keys.tables.mark=tables/mark: keys.tables.row-down=tables/row-down:n,down"
	if strings.Join(got, " ") != want || s.KeyPreset() != "vim" {
		t.Errorf("got %v, preset %q", got, s.KeyPreset())
	}
	var at *SettingsError
	if err := s.Mistake("keys.tables.row-down", "is wrong"); !errors.As(err, &at) || at.Line != 5 || at.Column != 1 {
		t.Errorf("a mistake stands at %+v", at)
	}
}

func TestCommandsAreReadWithTheirPlaces(t *testing.T) {
	t.Parallel()
	s, wrong := settingsOf(t, `
[[commands]]
name = "top"
run = "ssh -p {ssh_port} 'root@{ssh_host}' -- nvidia-smi '{{x}}'"
mode = "exec"
[[commands]]
name = "why"
run = "echo \"$VASTDECK_NAME\" {not a place}"
shell = true
ask = [{ name = "why", label = "why?" }]
`)
	if wrong != "" {
		t.Fatal(wrong)
	}
	names, ok := s.Commands[0].Places()
	if got := strings.Join(s.Commands[0].Words(), "|"); got != "ssh|-p|{ssh_port}|root@{ssh_host}|--|nvidia-smi|{{x}}" || !ok || strings.Join(names, " ") != "ssh_port ssh_host" {
		t.Errorf("got %q and %v, %v", got, names, ok)
	}
	if names, ok := s.Commands[1].Places(); len(names) != 0 || !ok || s.Commands[1].Ask[0].Label != "why?" {
		t.Errorf("a script has %v, %v", names, ok)
	}
	var at *SettingsError
	if err := s.Mistake("commands[2].run", "is wrong"); !errors.As(err, &at) || at.Line != 8 {
		t.Errorf("a mistake stands at %+v", at)
	}
	if err := s.Mistake("commands[2].key", "is wrong"); !errors.As(err, &at) || at.Line != 6 {
		t.Errorf("a mistake about what is left out stands at %+v", at)
	}
}

func TestMistakesInKeysAndCommandsAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[keys]\nmarket = \"r\"\n":                                                           "config.toml:2:1: keys.market: must be a table of actions",
		"[keys]\npreset = 3\n":                                                               "config.toml:2:1: keys.preset: must be the name",
		"[keys.market]\nrent = 3\n":                                                          "config.toml:2:1: keys.market.rent: must be a key, or a list of keys",
		"[keys.market]\nrent = [\"\"]\n":                                                     "config.toml:2:1: keys.market.rent: must be a key",
		"[[commands]]\nname = \"x\"\nrun = \"echo 'x\"\n":                                    "config.toml:3:1: commands[1].run: a quote is not closed",
		"[[commands]]\nrun = \"echo\"\n":                                                     "config.toml:1:3: commands[1].name: must name the command",
		"[[commands]]\nname = \"x\"\nrun = \"{name} a\"\n":                                   "config.toml:3:1: commands[1].run: the program itself must stand there",
		"[[commands]]\nname = \"x\"\nrun = \"a\"\nmode = \"b\"\n":                            "config.toml:4:1: commands[1].mode: must be background or exec",
		"[[commands]]\nname = \"x\"\nrun = \"a\"\nenv = [\"VAST_API_KEY\"]\n":                "config.toml:4:1: commands[1].env: the API key is never passed",
		"[[commands]]\nname = \"x\"\nrun = \"a\"\nask = [{ name = \"A b\" }]\n":              "config.toml:4:1: commands[1].ask: a name has small letters",
		"[[commands]]\nname = \"x\"\nrun = \"a\"\n[[commands]]\nname = \"x\"\nrun = \"b\"\n": "config.toml:5:1: commands[2].name: another command has this name",
		"[[commands]]\nname = \"x\"\nrun = \"a\"\nkeys = \"b\"\n":                            "config.toml:4:1: commands.keys: unknown key",
	} {
		if _, got := settingsOf(t, text); !strings.HasPrefix(got, want) {
			t.Errorf("%q gives\n%s\nwant\n%s", text, got, want)
		}
	}
}

func TestACommandNeverHasTheAPIKey(t *testing.T) {
	t.Parallel()
	env := CommandEnv(func(name string) string { return "value-of-" + name }, []string{"VAST_API_KEY", "vast_api_key", "AWS_PROFILE", "PATH"})
	all := strings.Join(env, "\n") + "\n"
	if strings.Contains(all, "VAST") {
		t.Errorf("it has the key: %v", env)
	}
	if !strings.Contains(all, "AWS_PROFILE=value-of-AWS_PROFILE\n") || strings.Count(all, "\nPATH=")+strings.Count(all[:5], "PATH=") != 1 {
		t.Errorf("it has %v", env)
	}
}
