package rental

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// UndoByUpdate is the way back from an update.
const UndoByUpdate Undo = "another update sets what was before; what was in the container does not come back"

// UpdateOptions are what the container of an instance is to be made from. What is
// empty stays as it is.
type UpdateOptions struct {
	Image    string
	Env      Env    // nil = as it is; otherwise the whole environment
	OnStart  string // a script
	Template vastapi.Template
	Recycle  bool // make the container anew at once
}

// UpdateOptionsOf are what i is made from now, for a form to begin with. The
// variable by which the rental is known is left out; it stays.
func UpdateOptionsOf(i *vastapi.Instance) UpdateOptions {
	env := envOf(i)
	delete(env, opVariable)
	return UpdateOptions{Image: i.Image.Wire(), Env: env, OnStart: i.OnStart.Wire()}
}

// envOf is the environment of i as the server tells it.
func envOf(i *vastapi.Instance) Env {
	env := Env{}
	for _, pair := range i.Env {
		env[pair[0].Wire()] = pair[1].Wire()
	}
	return env
}

// Edit is one difference between what an instance is made from and what it is to
// be made from, inert and with the values of variables masked. An empty text is none.
type Edit struct {
	Field         string // "image", "template", "env", "onstart"
	Name          string // for env: the variable or flag
	Before, After string
}

// Edits lists what u changes of i.
func (u UpdateOptions) Edits(i *vastapi.Instance) []Edit {
	var edits []Edit
	if u.Template.Hash != "" && u.Template.Hash != i.TemplateHash {
		edits = append(edits, Edit{"template", "", given(i.Template), given(u.Template.Name)})
	}
	if u.Image != "" && u.Image != i.Image.Wire() {
		edits = append(edits, Edit{"image", "", given(i.Image), safetext.Quote(u.Image, maxImageShown)})
	}
	edits = append(edits, u.envEdits(i)...)
	if u.OnStart != "" && u.OnStart != i.OnStart.Wire() {
		edits = append(edits, Edit{"onstart", "", sized(i.OnStart.Wire()), sized(u.OnStart)})
	}
	return edits
}

// envEdits lists the variables and flags that u adds, changes or leaves out.
func (u UpdateOptions) envEdits(i *vastapi.Instance) []Edit {
	if u.Env == nil {
		return nil
	}
	var edits []Edit
	old := envOf(i)
	delete(old, opVariable)
	names := slices.Sorted(maps.Keys(old.With(u.Env)))
	for _, k := range names {
		before, had := old[k]
		after, has := u.Env[k]
		if had == has && before == after {
			continue
		}
		e := Edit{Field: "env", Name: safetext.Quote(k, maxQuoted)}
		if had {
			e.Before = shownValue(k)
		}
		if has {
			e.After = shownValue(k)
		}
		edits = append(edits, e)
	}
	return edits
}

// shownValue stands for the value of a variable, which may be secret whatever its
// name; a flag has none worth showing, but for the name of the host.
func shownValue(name string) string {
	if isFlag(name) {
		return "set"
	}
	return Masked
}

// given is text from outside in quotes, "" when there is none.
func given(t safetext.Text) string {
	if t.Empty() {
		return ""
	}
	return safetext.Quote(t.String(), maxImageShown)
}

// sized describes a script without showing it: it may hold secrets.
func sized(script string) string {
	if script == "" {
		return ""
	}
	return fmt.Sprintf("%s, %s", counted(strings.Count(strings.TrimRight(script, "\n"), "\n")+1, "line"), counted(len(script), "byte"))
}

// String is the edit in one line: `image: "a" -> "b"`.
func (e Edit) String() string {
	what := e.Field
	if e.Name != "" {
		what += " " + e.Name
	}
	switch {
	case e.Before == Masked && e.After == Masked:
		return what + ": another value, not shown"
	case e.Before == "":
		return what + ": added, " + e.After
	case e.After == "":
		return what + ": left out, was " + e.Before
	}
	return fmt.Sprintf("%s: %s -> %s", what, e.Before, e.After)
}

// Validate says what is wrong with u for i: every field that is wrong, once.
func (u UpdateOptions) Validate(i *vastapi.Instance) []FieldError {
	var wrong []FieldError
	add := func(field, text string) {
		if text != "" {
			wrong = append(wrong, FieldError{field, text})
		}
	}
	if u.Image != "" {
		_, err := ParseImage(u.Image)
		add("image", textOf(err))
	}
	old := envOf(i)
	for _, k := range sortedKeys(u.Env) {
		if v, had := old[k]; had && v == u.Env[k] {
			continue // what is set already needs no leave
		}
		text := checkEntry(k, u.Env[k])
		if k == opVariable {
			text = opVariable + " is used by this program"
		}
		if text != "" {
			add("env", text)
			break
		}
	}
	if u.OnStart != i.OnStart.Wire() {
		add("onstart", checkScript(u.OnStart))
	}
	if len(wrong) == 0 && len(u.Edits(i)) == 0 {
		add("image", "nothing is changed")
	}
	return wrong
}

// PlanUpdate plans to change what the container of target is made from, and to
// make it anew when u says so.
func PlanUpdate(target vastapi.Instance, u UpdateOptions, d Desk) (Plan, error) {
	d = d.sure()
	if _, _, err := remaining([]vastapi.Instance{target}); err != nil {
		return Plan{}, err
	}
	i := &target
	if wrong := u.Validate(i); len(wrong) > 0 {
		return Plan{}, wrong[0]
	}
	edits := u.Edits(i)
	p := lifecyclePlan("update", []vastapi.Instance{target}, d)
	p.Keep = "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	p.addStep(i, instanceDetail(i)+" · "+counted(len(edits), "change"), UndoByUpdate, u.call(i))
	runs := i.Intended.String() != "stopped"
	if u.Recycle && runs {
		p.Mode = Chain
		p.Steps = append(p.Steps, Step{
			Verb: "recycle", Target: p.Steps[0].Target, Detail: "the container is made anew, the GPU is kept",
			Undo: UndoNever, Call: vastapi.RecycleInstance{ID: i.ID}, Subject: p.Steps[0].Subject,
			Was: i,
		})
	}
	for _, e := range edits {
		p.Facts = append(p.Facts, Line{e.Field, e.line()})
	}
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	p.Warnings = u.warnings(i, edits, runs, d)
	return p, nil
}

// line is the edit behind the name of its field.
func (e Edit) line() string {
	text, _ := strings.CutPrefix(e.String(), e.Field)
	return strings.TrimLeft(text, ": ")
}

// call is the request. The whole environment is sent when any of it changes, so
// that it comes to the same whether the server adds to what there is or replaces
// it; the variable by which the rental is known stays in it.
func (u UpdateOptions) call(i *vastapi.Instance) vastapi.UpdateInstance {
	c := vastapi.UpdateInstance{ID: i.ID}
	if u.Template.Hash != i.TemplateHash {
		c.Template = u.Template.Hash
	}
	if u.Image != i.Image.Wire() {
		c.Image = u.Image
	}
	if u.OnStart != i.OnStart.Wire() {
		c.OnStart = u.OnStart
	}
	if len(u.envEdits(i)) > 0 || c.Template != "" {
		env := u.Env
		if env == nil {
			env = Env{} // the template's, but for the mark
		}
		c.Env = maps.Clone(env)
		if token, marked := envOf(i)[opVariable]; marked {
			c.Env[opVariable] = token
		}
	}
	return c
}

func (u UpdateOptions) warnings(i *vastapi.Instance, edits []Edit, runs bool, d Desk) []Warning {
	var w warnings
	switch {
	case u.Recycle && runs:
		w.add(true, Danger, "the container is made anew: everything in it is lost, except on volumes")
		one := []vastapi.Instance{*i}
		w.opened(one, d)
		w.filledDisks(one)
		w.keptInRecycle(one)
		w.computing(one)
	case runs:
		w.add(true, Caution, "the server may make the container anew at once, which loses what is in it, except on volumes; if it does not, a recycle is needed for this to take effect")
	default:
		w.add(true, Caution, "it takes effect at the next start, which makes the container anew: what is in it is lost then, except on volumes")
	}
	gone := slices.DeleteFunc(slices.Clone(edits), func(e Edit) bool { return e.Field != "env" || e.After != "" })
	if len(gone) > 0 {
		w.add(true, Caution, "the server may keep what is left out of the environment (%d): set it to something else if it matters", len(gone))
	}
	if secret := secretEdits(u.Env, edits); len(secret) > 0 {
		w.add(true, Note, "the owner of the machine can read what is handed to it: %s; use what can be withdrawn", strings.Join(secret, ", "))
	}
	w.uncertain(d)
	return w
}

// secretEdits names the variables that are set and look secret.
func secretEdits(env Env, edits []Edit) []string {
	var names []string
	for _, name := range env.Secrets() {
		quoted := safetext.Quote(name, maxQuoted)
		if slices.ContainsFunc(edits, func(e Edit) bool { return e.Name == quoted && e.After != "" }) {
			names = append(names, name)
		}
	}
	return names
}
