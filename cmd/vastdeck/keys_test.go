package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/store"
	"vastdeck/tui/command"
)

func settingsIn(t *testing.T, text string) store.Settings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.LoadSettings(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKeysThatCannotBeAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[keys]\npreset = \"emacs\"\n":                                                     ":2:1: keys.preset: must be one of arrows, vim",
		"[keys.markt]\nrent = \"N\"\n":                                                     ":2:1: keys.markt.rent: there is no view of that name",
		"[keys.market]\nret = \"N\"\n":                                                     ":2:1: keys.market.ret: no action is called so there: perhaps rent",
		"[keys.market]\nrent = \"ctrl+R\"\n":                                               ":2:1: keys.market.rent: \"ctrl+R\" is no key",
		"[keys.market]\nrent = \"/\"\n":                                                    ":2:1: keys.market.rent: / is what does \"search\" in market already",
		"[keys.market]\nrent = \"q\"\n":                                                    ":2:1: keys.market.rent: q is what does \"quit\" everywhere already",
		"[keys.market]\nrent = \"j\"\n":                                                    ":2:1: keys.market.rent: j is what does \"row-down\" in every list already",
		"[keys.market]\nrent = \"2\"\n":                                                    ":2:1: keys.market.rent: 2 is kept",
		"[keys.instances]\ndestroy = \"enter\"\n":                                          ":2:1: keys.instances.destroy: enter cannot lead to a change",
		"[keys.instances]\ndestroy = \"backspace\"\n":                                      ":2:1: keys.instances.destroy: backspace cannot lead to a change",
		"[keys.everywhere]\nhelp = \"f1\"\n":                                               ":2:1: keys.everywhere.help: the key of this cannot be changed",
		"[[commands]]\nname = \"x\"\nkey = \"D\"\nrun = \"a\"\n":                           ":3:1: commands[1].key: D is what does \"destroy\" in instances already",
		"[[commands]]\nname = \"x\"\nkey = \"enter\"\nrun = \"a\"\n":                       ":3:1: commands[1].key: enter cannot lead to a change",
		"[[commands]]\nname = \"x\"\nview = \"home\"\nrun = \"a\"\n":                       ":3:1: commands[1].view: there is no view of that name",
		"[[commands]]\nname = \"x\"\nrun = \"a {nam}\"\n":                                  ":3:1: commands[1].run: there is no {nam}",
		"[[commands]]\nname = \"x\"\nrun = \"a {name\"\n":                                  ":3:1: commands[1].run: a brace is not closed",
		"[[commands]]\nname = \"x\"\nrun = \"sh -c 'echo {name}'\"\n":                      ":3:1: commands[1].run: a shell would run what a value says",
		"[[commands]]\nname = \"x\"\nrun = \"env A=b /bin/bash -l -ec 'a {{ {ip}'\"\n":     ":3:1: commands[1].run: a shell would run what a value says",
		"[keys.market]\nrent = \"f5\"\nsearch = \"f5\"\n":                                  ":3:1: keys.market.search: f5 is what does",
		"[keys.instances]\nlogs = \"f8\"\n[[commands]]\nname=\"x\"\nkey=\"f8\"\nrun=\"a\"": ": f8 is what does",
	} {
		_, _, err := ownKeys(settingsIn(t, text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives\n%v\nwant\n%s", text, err, want)
		}
	}
}

func TestMistakesStandInTheOrderOfTheirLines(t *testing.T) {
	t.Parallel()
	_, _, err := ownKeys(settingsIn(t, "[keys.market]\nrnt = \"N\"\n[[commands]]\nname = \"x\"\nrun = \"a {nam}\"\n[keys.bids]\nchnge = \"N\"\n"))
	if err == nil {
		t.Fatal("it is taken")
	}
	var lines []string
	for _, one := range strings.Split(err.Error(), "\n") {
		_, rest, _ := strings.Cut(one, "config.toml:")
		line, _, _ := strings.Cut(rest, ":")
		lines = append(lines, line)
	}
	if got := strings.Join(lines, " "); got != "2 5 7" {
		t.Errorf("the lines are %s of\n%v", got, err)
	}
}

func TestKeysThatCanBeAreTaken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "[keys]\npreset = \"\"\n", "[keys]\npreset = \"vim\"\n",
		"[[commands]]\nname = \"x\"\nrun = \"sh -c 'printf %s $1; echo ${{a}}' sh {name}\"\n", // as an argument it is inert "[keys]\npreset = \"arrows\"\n",
		"[keys.market]\nrent = \"N\"\nsearch = [\"/\", \"ctrl+f\"]\n",
		"[keys.market]\nrent = \"o\"\nsort-by-the-next-column = \"r\"\n", // they change places
		"[[commands]]\nname = \"x\"\nkey = \"f8\"\nrun = \"a {id} {why}\"\nask = [{ name = \"why\" }]\n",
		"[[commands]]\nname = \"x\"\nview = \"everywhere\"\nkey = \"f9\"\nrun = \"a\"\n",
	} {
		if _, _, err := ownKeys(settingsIn(t, text)); err != nil {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func TestACommandOfTheUsersOwnRunsWithoutTheKey(t *testing.T) {
	t.Parallel()
	o := outside{getenv: func(name string) string {
		if name == "PATH" {
			return os.Getenv("PATH")
		}
		return "value of " + name
	}}
	out, code, err := o.Output(t.Context(), command.Custom{
		Argv: []string{"sh", "-c", "env; echo \"<$VASTDECK_NAME>\"; exit 3"}, Env: map[string]string{"VASTDECK_NAME": "a'; $(b)"}, Pass: []string{"VAST_API_KEY", "EXTRA"},
	}, 1<<16)
	if err != nil || code != 3 {
		t.Fatalf("it ended with %d, %v", code, err)
	}
	text := string(out)
	if strings.Contains(text, "VAST_API_KEY") || !strings.Contains(text, "EXTRA=value of EXTRA") || !strings.Contains(text, "<a'; $(b)>") {
		t.Errorf("its environment is\n%s", text)
	}
	if _, _, err := o.Output(t.Context(), command.Custom{Argv: []string{"/nonexistent/program"}}, 10); err == nil {
		t.Error("a program that is not there runs")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := o.Output(ended, command.Custom{Argv: []string{"sh", "-c", "true"}}, 10); err == nil {
		t.Error("what was given up runs to its end")
	}
}

// TestAThousandHostileValuesStayOneArgument gives values to a real program, which prints
// its arguments as it gets them.
func TestAThousandHostileValuesStayOneArgument(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	pieces := []string{"'", "\"", "$(id)", "`id`", " ", "\t", ";", "|", "&&", "-", "--", "-o", "\\", "{", "}", "{id}", "*", "?", "~", "a", "ü", ">", "#", "!"}
	o := outside{getenv: os.Getenv}
	var argv, want []string
	for range 1000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		want = append(want, b.String())
	}
	argv = append([]string{"sh", "-c", `for a; do printf '<%s>\n' "$a"; done`, "x"}, want...)
	out, code, err := o.Output(t.Context(), command.Custom{Argv: argv}, 1<<20)
	if err != nil || code != 0 {
		t.Fatal(code, err)
	}
	for n, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if line != fmt.Sprintf("<%s>", want[n]) {
			t.Fatalf("argument %d is %s, want <%s>", n, line, want[n])
		}
	}
}
