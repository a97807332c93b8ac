package rental

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// someTemplate is a template with a value in every field that matters.
func someTemplate() vastapi.Template {
	return vastapi.Template{
		Hash: "a1b2c3", Name: safetext.New("PyTorch \x1b[31m(Vast)"), Image: safetext.New("vastai/pytorch"), Tag: safetext.New("2.7-cuda12.8"),
		Env:     safetext.New(`-p 1111:1111 -e DATA=/workspace -e PORTAL_CONFIG="localhost:1111:11111:/:Instance Portal"`),
		OnStart: safetext.New("entrypoint.sh\n"), RunType: safetext.New("jupyter"), JupDirect: vastapi.FlagYes, JupyterLab: vastapi.FlagYes,
		JupyterDir: safetext.New("/workspace"), Disk: 40,
	}
}

func TestATemplateFillsTheForm(t *testing.T) {
	t.Parallel()
	tmpl := someTemplate()
	opt, err := TemplateOptions(&tmpl)
	if err != nil || opt.Template.Hash != "a1b2c3" || opt.Image != "vastai/pytorch:2.7-cuda12.8" || opt.Disk != 40 || opt.OnStart != "entrypoint.sh\n" {
		t.Fatalf("%+v, %v", opt, err)
	}
	if r, err := opt.RunType(); err != nil || r != RunJupyterDirect || !opt.Launch.JupyterLab || opt.Launch.JupyterDir != "/workspace" {
		t.Errorf("%q %+v, %v", r, opt.Launch, err)
	}
	if got := opt.Env.Text(); got != `-p 1111:1111 -e DATA=/workspace -e PORTAL_CONFIG='localhost:1111:11111:/:Instance Portal'` {
		t.Error(got)
	}
	if over := opt.Overrides(); len(over) != 0 {
		t.Errorf("overrides itself: %+v", over)
	}
	small := someTemplate()
	small.Disk, small.Env = 3, safetext.New("-e A=1 --gpus all")
	opt, err = TemplateOptions(&small)
	if _, ok := errors.AsType[*EnvError](err); !ok || opt.Disk != vastapi.MinDisk || opt.Env != nil || opt.Image == "" {
		t.Errorf("%+v, %v", opt, err)
	}
	serve := vastapi.Template{Hash: "1", RunType: safetext.New("args"), Args: safetext.New(`--model "a b"`)}
	if opt, err = TemplateOptions(&serve); err != nil || fmt.Sprint(len(opt.Launch.Args), opt.Launch.Args) != "2 [--model a b]" {
		t.Errorf("%q, %v", opt.Launch.Args, err)
	}
	for want, l := range map[RunType]vastapi.Template{
		RunSSHDirect: {UseSSH: vastapi.FlagYes, SSHDirect: vastapi.FlagYes},
		RunSSHProxy:  {UseSSH: vastapi.FlagYes, JupDirect: vastapi.FlagYes},
		"":           {},
	} {
		if got := launchType(templateLaunch(&l)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhatOverridesATemplateIsListed(t *testing.T) {
	t.Parallel()
	tmpl := someTemplate()
	opt, err := TemplateOptions(&tmpl)
	if err != nil {
		t.Fatal(err)
	}
	opt.Image, opt.Disk, opt.Launch, opt.OnStart = "a/b\x1b:1", 64, DefaultLaunch, "x\ny\n"
	opt.Env = Env{"DATA": "hunter2", "NEW": "hunter2", "-p 1111:1111": "1", "-p 80:80": "1"}
	got := fmt.Sprint(opt.Overrides())
	want := `[{image "vastai/pytorch:2.7-cuda12.8" "a/b\x1b:1"} {disk 40 GB 64 GB} ` +
		`{launch jupyter_direc ssh_direc ssh_proxy with JupyterLab in "/workspace" ssh_direc ssh_proxy} ` +
		`{env "DATA" "DATA" with another value} {env none "NEW"} {env none "-p 80:80"} {onstart 1 line, 14 bytes 2 lines, 4 bytes instead}]`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	empty := RentOptions{Template: tmpl, Disk: 40}
	if over := empty.Overrides(); len(over) != 0 {
		t.Errorf("what is left empty overrides nothing: %+v", over)
	}
	if over := someOptions.Overrides(); over != nil {
		t.Errorf("without a template: %+v", over)
	}
}

func TestARentFromATemplateSendsOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	opt := RentOptions{Template: someTemplate(), Disk: 40}
	p := must(t)(PlanRent(offer(77), noon, opt, fixed()))
	body, err := p.Steps[0].Call.Body()
	if err != nil || !strings.Contains(string(body), `"template_hash_id":"a1b2c3"`) || !strings.Contains(string(body), `"image":null`) || strings.Contains(string(body), "runtype") {
		t.Errorf("%s, %v", body, err)
	}
	golden(t, "rent-template", draw(p))
	o := offer(77)
	opt.Required = []string{"DATA", "HF_TOKEN"} // the template has the first
	if problems := opt.Validate(&o); len(problems) != 1 || problems[0].Text != "missing: HF_TOKEN" {
		t.Errorf("%v", problems)
	}
	opt.Required, opt.Template.Hash = nil, "../x"
	if problems := opt.Validate(&o); len(problems) != 1 || problems[0].Field != "template" {
		t.Errorf("%v", problems)
	}
}
