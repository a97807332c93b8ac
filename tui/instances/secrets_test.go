package instances

import (
	"strings"
	"testing"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func TestNoValueOfAVariableIsShownInTheUpdateForm(t *testing.T) {
	t.Parallel()
	i := running(9, "x")
	for _, pair := range [][2]string{{"DATABASE_URL", "postgres://me:hunter2@db/x"}, {"HF", "hf_abcdef"}, {"-p 8080:8080", "1"}} {
		i.Env = append(i.Env, [2]safetext.Text{safetext.New(pair[0]), safetext.New(pair[1])})
	}
	s := newStage(t).load(i)
	f := form(t, s.press("u"))
	line := filled(f, nil)["env"]
	if strings.Contains(line, "hunter2") || strings.Contains(line, "hf_abcdef") || !strings.Contains(line, "-p 8080:8080") {
		t.Errorf("the line begins as %q", line)
	}
	v := filled(f, view.Values{"env": strings.ReplaceAll(line, "HF="+rental.Masked, "HF=other")})
	call := plan(t, f.Submit(s.env(), v)).Plan.Steps[0].Call.(vastapi.UpdateInstance)
	if call.Env["HF"] != "other" || call.Env["DATABASE_URL"] != "postgres://me:hunter2@db/x" {
		t.Errorf("it would send %v", call.Env)
	}
}

func TestTheDetailMasksSecretsInTheStartScript(t *testing.T) {
	t.Parallel()
	i := running(7, "a")
	i.OnStart = safetext.New("export HF_TOKEN=hunter2\ncurl -H 'Authorization: Bearer hunter2' https://me:hunter2@x.example/\ncd /workspace")
	s := newStage(t).load(i)
	s.press("enter")
	s.size = view.Size{W: 200, H: 80}
	s.lacks("hunter2")
	s.has("export HF_TOKEN=…", "cd /workspace")
}

func TestTemplatesThatComeLateChangeNothingElseInTheUpdateForm(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(made())
	f := form(t, s.press("u"))
	begun := filled(f, nil)
	other := made()
	other.Image = safetext.New("other/image:2") // changed elsewhere meanwhile
	s.load(other)
	msg := command.TemplatesRead{Answer: command.Answer{At: s.now}, List: feed.TemplateList{Templates: []vastapi.Template{{Hash: "abc123", Name: safetext.New("ComfyUI")}}}}
	msg.Fold(s.data)
	var late view.Form
	for _, in := range s.m.Update(s.env(), msg).Intents {
		if r, ok := in.(view.Refit); ok {
			late = r.Form
		}
	}
	if len(late.Fields) == 0 || len(late.Fields[0].Options) != 1 {
		t.Fatalf("the templates are not offered: %+v", late.Fields)
	}
	if got := panel(late, begun); !strings.Contains(got, "nothing is changed yet") {
		t.Errorf("what nobody has touched is a change:\n%s", got)
	}
}
