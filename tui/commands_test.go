package tui

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"vastdeck/tui/view"
)

func hostile(r *rand.Rand) string {
	pieces := []string{"-", "--", "-oProxyCommand=x", "'", "\"", "$(id)", "`id`", " ", "\n", "\r", "\x1b]0;x\a", "\x00", "{id}", "{{", "}", "|", ";", "a", "\u202e", "ü", "\xff"}
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestAThousandHostileNamesAreOneArgumentAndNoOption(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	o := OwnCommand{Name: "x", Argv: []string{"prog", "{name}", "--label={name}", "-n", "at-{name}", "--", "{name}"}}
	run, refused := 0, 0
	for range 1000 {
		name := hostile(r)
		c, err := o.resolve(map[string]string{"name": name, "id": "7"})
		if err != nil {
			if !strings.HasPrefix(strings.TrimSpace(inert(name)), "-") && !strings.HasPrefix(inert(name), "-") {
				t.Errorf("%q is refused: %v", name, err)
			}
			refused++
			continue
		}
		run++
		if len(c.Argv) != len(o.Argv) || strings.HasPrefix(c.Argv[1], "-") || !strings.HasPrefix(c.Argv[2], "--label=") || c.Argv[5] != "--" || c.Argv[6] != inert(name) {
			t.Errorf("%q becomes %q", name, c.Argv)
		}
		for _, a := range append(c.Argv, c.Env["VASTDECK_NAME"]) {
			if strings.ContainsFunc(a, unicode.IsControl) {
				t.Errorf("%q leaves a sign that acts in %q", name, a)
			}
		}
	}
	if run < 300 || refused < 100 {
		t.Errorf("%d ran and %d were refused: the names are not hostile enough", run, refused)
	}
}

func TestAScriptGetsValuesAsVariablesOnly(t *testing.T) {
	t.Parallel()
	o := OwnCommand{Name: "x", Script: "echo \"$VASTDECK_NAME\" {name}"}
	c, err := o.resolve(map[string]string{"name": "a'; rm -rf /"})
	if err != nil || strings.Join(c.Argv, "|") != "sh|-c|"+o.Script+"|vastdeck" || c.Env["VASTDECK_NAME"] != "a'; rm -rf /" {
		t.Errorf("got %q %v %v", c.Argv, c.Env, err)
	}
}

func TestACommandWithoutItsSubjectSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) {
		d.Commands = []OwnCommand{{Where: "commands[1]", Name: "note", Key: "Z", View: "instances", Argv: []string{"note", "{id}"}}}
	})
	m.open(view.Instances, nil)
	list := m.ownActions("instances")
	if len(list) != 1 || !strings.Contains(list[0].Disabled, "{id}") {
		t.Errorf("got %+v", list)
	}
	if len(m.ownActions("market")) != 0 {
		t.Error("it is offered in another view")
	}
}
