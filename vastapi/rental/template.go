package rental

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// TemplateOptions are the options that t stands for, to fill a form with. The
// server fills in what a request leaves out, so these are what happens when
// nothing is changed. The error is an *EnvError when the template's environment
// is not understood; Env is nil then and the rest holds: the server's own reading
// of it counts.
func TemplateOptions(t *vastapi.Template) (RentOptions, error) {
	opt := RentOptions{
		Template: *t, Image: t.Ref().Wire(), Launch: templateLaunch(t), OnStart: t.OnStart.Wire(),
	}
	if _, bad := ParseImage(opt.Image); bad != nil {
		opt.Image = "" // the server's own reading of it counts
	}
	if vastapi.Known(t.Disk) && t.Disk > 0 {
		opt.Disk = max(vastapi.MinDisk, t.Disk)
	}
	env, err := ParseEnv(t.Env.Wire())
	opt.Env = env
	if opt.Launch.Mode() == "args" && !t.Args.Empty() {
		args, argErr := SplitWords(t.Args.Wire())
		opt.Launch.Args = append([]string{}, args...)
		err = errors.Join(err, argErr)
	}
	return opt, err
}

// templateLaunch is the Launch that t's flags come to.
func templateLaunch(t *vastapi.Template) Launch {
	l := RunType(t.RunType.String()).Launch()
	if !l.Chosen() && t.UseSSH.Yes() {
		l.SSH = true
	}
	if !l.SSH && !l.Jupyter {
		return l
	}
	l.Direct = l.Direct || l.SSH && t.SSHDirect.Yes() || l.Jupyter && t.JupDirect.Yes()
	if l.Jupyter {
		l.JupyterLab, l.JupyterDir = t.JupyterLab.Yes(), t.JupyterDir.Wire()
	}
	return l
}

// Override is one field in which a rent differs from its template.
type Override struct {
	Field string // key of the form's field: "image", "disk", "env" …
	Was   string // the template's value, inert; "none" without one
	Is    string // the value that is sent, inert; values of variables are masked
}

// Overrides lists where what opt sends wins over its template's values, in the
// order of the form. Nothing without a template.
func (opt RentOptions) Overrides() []Override {
	if opt.Template.Hash == "" {
		return nil
	}
	was, err := TemplateOptions(&opt.Template)
	var out []Override
	add := func(field string, sent bool, was, is string) {
		if sent && was != is {
			out = append(out, Override{field, was, is})
		}
	}
	add("image", opt.Image != "", inert(was.Image), inert(opt.Image))
	add("disk", true, diskWords(was.Disk), diskWords(opt.Disk))
	add("launch", opt.Launch.Chosen(), launchWords(was.Launch), launchWords(opt.Launch))
	if err == nil {
		out = append(out, envOverrides(was.Env, opt.Env)...)
	}
	add("onstart", opt.OnStart != "" && opt.OnStart != was.OnStart, scriptWords(was.OnStart), scriptWords(opt.OnStart)+" instead")
	return out
}

// envOverrides lists the names that env adds to a template's or sets anew. A
// template's names cannot be taken away by a request.
func envOverrides(was, env Env) []Override {
	var out []Override
	for _, name := range env.Names() {
		switch old, had := was[name]; {
		case !had:
			out = append(out, Override{"env", "none", inert(name)})
		case old != env[name]:
			out = append(out, Override{"env", inert(name), inert(name) + " with another value"})
		}
	}
	for _, flag := range env.Flags() {
		if !slices.Contains(was.Flags(), flag) {
			out = append(out, Override{"env", "none", inert(flag)})
		}
	}
	return out
}

// inert is a text from outside for a form: quoted, in printable ASCII.
func inert(s string) string {
	if s == "" {
		return "none"
	}
	return safetext.Quote(s, maxImageShown)
}

func diskWords(size vastapi.GB) string {
	if !(size > 0) {
		return "none"
	}
	return gb(size)
}

func launchWords(l Launch) string {
	if !l.Chosen() {
		return "none"
	}
	r, err := l.RunType()
	if err != nil {
		return "not possible"
	}
	words := r.String()
	if l.JupyterLab {
		words += " with JupyterLab"
	}
	if l.JupyterDir != "" {
		words += " in " + inert(l.JupyterDir)
	}
	if args := l.SentArgs(); args != nil {
		words += " with " + counted(len(args), "argument")
	}
	return words
}

func scriptWords(script string) string {
	if script == "" {
		return "none"
	}
	return fmt.Sprintf("%s, %d bytes", counted(strings.Count(strings.TrimRight(script, "\n"), "\n")+1, "line"), len(script))
}
