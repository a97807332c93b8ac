package instances

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

const formUpdate = "update"

// The fields of the update form; those that rental speaks of have its names.
const (
	fTemplate = "template"
	fImage    = "image"
	fEnv      = "env"
	fOnStart  = "onstart"
	fRecycle  = "recycle"
)

// update asks what the container of an instance is to be made from.
func (m *Model) update(env view.Env, target vastapi.Instance) view.Effect {
	m.updating = target
	e := view.Do(view.Ask{Form: updateForm(env, target)})
	if !env.Data.Templates.Told() {
		e.Cmd = env.Load.LoadTemplates(vastapi.TemplateQuery{Recommended: true})
	}
	return e
}

// offerTemplates gives an open update form the templates that were read. What it began
// with stays: a field that nobody has touched must not become a change.
func (m *Model) offerTemplates(env view.Env) view.Effect {
	if m.updating.ID == 0 {
		return view.Effect{}
	}
	return view.Do(view.Refit{Form: updateForm(env, m.updating)})
}

// updateForm begins with what the container is made from now.
func updateForm(env view.Env, target vastapi.Instance) view.Form {
	data := env.Data
	was := startingValues(&target)
	read := func(v view.Values) (rental.UpdateOptions, error) { return updateOptions(&target, was, v, data) }
	fields := []view.Field{
		{Key: fTemplate, Label: "template", Limit: 128, Options: templateChoices(data), Help: templateHelp(data)},
		{Key: fImage, Label: "image", Value: was[fImage], Limit: 512, Options: usedImages(data), Help: "with its tag, as docker pull takes it"},
		{Key: fEnv, Label: "env, ports", Value: was[fEnv], Limit: 16384,
			Help: "as docker takes it: -e NAME=VALUE -p 8080:8080. " + rental.Masked + " stands for a value that is not shown and stays as it is; what is taken out is left out"},
		{Key: fOnStart, Label: "on start", Kind: view.Lines, Value: was[fOnStart], Limit: 4048, Help: "a script that runs after every start; empty leaves it as it is. ctrl+e opens it in the editor"},
	}
	if runs(&target) {
		fields = append(fields, view.Field{Key: fRecycle, Label: "recycle at once", Kind: view.Toggle, Help: "makes the container anew, so that it takes effect now; what is in it is lost, except on volumes"})
	}
	ids := []vastapi.InstanceID{target.ID}
	return view.Form{
		ID: formUpdate, Title: "Update instance " + target.ID.String(), Button: "Look at the plan", Focus: fImage,
		Intro: []view.Pair{
			{Label: "name", Value: nameShown(&target)},
			{Label: "template", Value: figure.Text(target.Template.String())},
		},
		Fields: fields,
		Check:  func(v view.Values) map[string]string { return checkUpdate(&target, v, read) },
		Panel:  func(v view.Values) []view.Pair { return updatePanel(&target, v, read) },
		Sum: func(v view.Values) string {
			u, err := read(v)
			if err != nil {
				return "not yet"
			}
			return figure.Plural(len(u.Edits(&target)), "change") + ", " + takesEffect(&target, u)
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			if _, err := read(v); err != nil {
				return failed(formUpdate, err.Error())
			}
			return fromForm(env, formUpdate, ids, func(env view.Env, list []vastapi.Instance) (rental.Plan, error) {
				u, err := updateOptions(&list[0], was, v, env.Data)
				if err != nil {
					return rental.Plan{}, err
				}
				return rental.PlanUpdate(list[0], u, env.Desk)
			})
		},
	}
}

func nameShown(i *vastapi.Instance) string {
	name, _ := rental.SplitLabel(i.Label.String())
	return figure.Text(name)
}

// runs reports whether an instance is wanted to run, so that it can be recycled.
func runs(i *vastapi.Instance) bool { return i.Intended.String() != "stopped" }

// startingValues are what the form begins with.
func startingValues(i *vastapi.Instance) view.Values {
	u := rental.UpdateOptionsOf(i)
	return view.Values{fImage: i.Image.String(), fEnv: u.Env.Veiled(), fOnStart: u.OnStart}
}

// updateOptions reads the form. What is as it was at first changes nothing, whatever
// a line cannot hold of it.
func updateOptions(i *vastapi.Instance, was, v view.Values, data *feed.Snapshot) (rental.UpdateOptions, error) {
	u := rental.UpdateOptions{Recycle: v.On(fRecycle)}
	if image := strings.TrimSpace(v[fImage]); image != was[fImage] {
		u.Image = image
	}
	if v[fOnStart] != was[fOnStart] {
		u.OnStart = v[fOnStart]
	}
	if v[fEnv] != was[fEnv] {
		env, err := rental.ParseEnv(v[fEnv])
		if err != nil {
			return u, rental.FieldError{Field: fEnv, Text: err.Error()}
		}
		u.Env = env.Unveiled(rental.UpdateOptionsOf(i).Env)
	}
	if typed := strings.TrimSpace(v[fTemplate]); typed != "" {
		t, ok := templateOf(typed, data)
		if !ok {
			return u, rental.FieldError{Field: fTemplate, Text: "choose one with ↓, or leave it empty"}
		}
		u.Template = t
	}
	return u, nil
}

func checkUpdate(i *vastapi.Instance, v view.Values, read func(view.Values) (rental.UpdateOptions, error)) map[string]string {
	u, err := read(v)
	var wrong rental.FieldError
	if errors.As(err, &wrong) {
		return map[string]string{wrong.Field: wrong.Text}
	}
	errs := map[string]string{}
	for _, w := range u.Validate(i) {
		errs[w.Field] = w.Text
	}
	return errs
}

// updatePanel is what changes, and when it takes effect at what loss.
func updatePanel(i *vastapi.Instance, v view.Values, read func(view.Values) (rental.UpdateOptions, error)) []view.Pair {
	list := []view.Pair{{Value: "What changes"}}
	u, err := read(v)
	if err != nil {
		return append(list, view.Pair{Label: "not yet", Value: rental.FieldText(err), Warn: true})
	}
	edits := u.Edits(i)
	if len(edits) == 0 {
		return append(list, view.Pair{Label: "nothing", Value: "is changed yet"})
	}
	for _, e := range edits {
		list = append(list, editPairs(e)...)
	}
	list = append(list, view.Pair{}, view.Pair{Value: "When"}, view.Pair{Label: "it", Value: takesEffect(i, u), Warn: true})
	if u.Recycle {
		lost := "everything in the container"
		if vastapi.Known(i.DiskUsed) {
			lost += ", " + figure.GB(float64(i.DiskUsed)) + " on its disk"
		}
		list = append(list, view.Pair{Label: "lost", Value: lost, Warn: true})
		if n := len(i.Volumes); n > 0 {
			list = append(list, view.Pair{Label: "kept", Value: figure.Plural(n, "volume") + " with what is there"})
		}
	}
	return list
}

// editPairs is a change in as many lines as keep it readable where there is little
// room.
func editPairs(e rental.Edit) []view.Pair {
	text, _ := strings.CutPrefix(e.String(), e.Field)
	if e.Name == "" && e.Before != "" && e.After != "" {
		return []view.Pair{{Label: e.Field, Value: e.Before}, {Label: "becomes", Value: e.After}}
	}
	return []view.Pair{{Label: e.Field, Value: strings.TrimLeft(text, ": ")}}
}

// takesEffect says when a change of the container is one.
func takesEffect(i *vastapi.Instance, u rental.UpdateOptions) string {
	switch {
	case !runs(i):
		return "takes effect at the next start"
	case u.Recycle:
		return "takes effect at once: it is recycled"
	}
	return "needs a recycle (R) to take effect"
}

// mostTemplates is how many templates are offered.
const mostTemplates = 40

func templateChoices(data *feed.Snapshot) []view.Option {
	var list []view.Option
	for _, t := range data.Templates.Value.Templates {
		if t.Hash == "" || len(list) == mostTemplates {
			continue
		}
		list = append(list, view.Option{Value: t.Hash, Label: figure.Text(t.Name.String()), Help: t.Ref().String()})
	}
	return list
}

func templateHelp(data *feed.Snapshot) string {
	f := data.Templates
	switch {
	case f.Err != nil:
		return "optional; templates could not be read: " + view.Sentence(f.Err)
	case !f.Told():
		return "optional; templates are being read…"
	}
	return fmt.Sprintf("optional; %d to choose from with ↓: in place of the one it is made from", len(f.Value.Templates))
}

// templateOf finds a template by its hash or its name.
func templateOf(typed string, data *feed.Snapshot) (vastapi.Template, bool) {
	list := data.Templates.Value.Templates
	n := slices.IndexFunc(list, func(t vastapi.Template) bool {
		return t.Hash != "" && (t.Hash == typed || strings.EqualFold(t.Name.String(), typed))
	})
	if n < 0 {
		return vastapi.Template{}, false
	}
	return list[n], true
}

// usedImages are the images that were rented with before.
func usedImages(data *feed.Snapshot) []view.Option {
	var list []view.Option
	for _, f := range data.Memory.RentForms {
		if f.Image != "" && !slices.ContainsFunc(list, func(o view.Option) bool { return o.Value == f.Image }) {
			list = append(list, view.Option{Value: f.Image, Help: "used before"})
		}
	}
	return list
}
