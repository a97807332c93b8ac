package account

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// varRow is one variable of the account.
type varRow struct {
	vastapi.EnvVar
}

// varPart is the list of the account's variables.
type varPart struct {
	list[varRow]
	made int // revision of what is listed
}

func newVarPart(th *theme.Theme) *varPart {
	p := &varPart{list: newList("variables", func(r *varRow) string { return r.Name.String() }, varColumns(), th)}
	p.table.Sort("name", false)
	return p
}

func varColumns() []table.Column[*varRow] {
	return []table.Column[*varRow]{
		{ID: "name", Title: "Name", Min: 16, Ideal: 40, Str: func(r *varRow) string { return r.Name.String() },
			Cell: func(r *varRow) (string, theme.Class) { return figure.Text(r.Name.String()), theme.Strong }},
		{ID: "value", Title: "Value", Min: 12, Ideal: 24, Str: (*varRow).value,
			Cell: func(r *varRow) (string, theme.Class) { return r.value(), theme.Dim }},
	}
}

// value stands for the value, which the server never tells.
func (r *varRow) value() string {
	if !r.Set {
		return "○ empty"
	}
	return "•••••••• hidden"
}

func (p *varPart) title(env view.Env) (string, string) {
	if !env.Data.EnvVars.Told() {
		return "Variables", ""
	}
	return "Variables", strconv.Itoa(len(env.Data.EnvVars.Value))
}

func (p *varPart) capturing() bool                                 { return false }
func (p *varPart) back(*Model, view.Env) (view.Effect, bool)       { return view.Effect{}, p.list.back() }
func (p *varPart) key(_ *Model, _ view.Env, m tea.Msg) view.Effect { p.move(m); return view.Effect{} }
func (p *varPart) load(env view.Env) tea.Cmd                       { return env.Load.LoadEnvVars() }
func (p *varPart) every() time.Duration                            { return command.EveryKeys }

func (p *varPart) news(_ *Model, env view.Env, msg tea.Msg) view.Effect {
	e := p.hear(env, msg)
	if f := env.Data.EnvVars; f.Rev != p.made {
		p.made = f.Rev
		rows := make([]*varRow, len(f.Value))
		for n := range f.Value {
			rows[n] = &varRow{f.Value[n]}
		}
		e = view.Join(e, p.take(env, rows))
	}
	return e
}

func (p *varPart) none(env view.Env) string {
	f := env.Data.EnvVars
	if _, ok := p.table.Cursor(); ok {
		return ""
	}
	switch {
	case f.Err != nil && !f.Told():
		return "the variables could not be read"
	case !f.Told():
		return "the variables are still being read"
	case p.table.Total() == 0:
		return "the account has no variable: n makes one"
	}
	return "the variable under the cursor is gone: move to choose another"
}

func (p *varPart) actions(m *Model, env view.Env) []view.Action {
	none := p.none(env)
	name := ""
	r, ok := p.table.Cursor()
	if ok {
		name = r.Name.String()
	}
	list := []view.Action{
		act("n", "new variable…", env.ChangingBy(vastapi.RightUserWrite, ""), func() view.Effect { return askVar(env, "") }),
		act("e", "another value…", env.ChangingBy(vastapi.RightUserWrite, none), func() view.Effect { return askVar(env, name) }),
		act("D", "delete…", env.ChangingBy(vastapi.RightUserWrite, none), func() view.Effect { return deleteVar(env, name) }),
		quiet("y", "copy…", none, func() view.Effect { return m.copyMenu("Copy of variable "+name, "the variable is gone", r.copies) }),
		quiet("J", "raw JSON", env.Asking(vastapi.RightUserRead, ""), func() view.Effect { return m.openRaw(env, command.RawEnvVars{}) }),
		quiet("C", "copy the request", "", func() view.Effect { return view.Do(view.Copy{Text: "vastai show env-vars", What: "the request"}) }),
	}
	return append(list, p.list.actions(env, none, func(r *varRow) []pane.Fact { return varDetail(env, r) })...)
}

func (p *varPart) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	f := env.Data.EnvVars
	notes, ok := unread(f, "the variables of the account")
	if ok {
		notes = []pane.Note{
			{Text: "The account has no environment variable."},
			{Class: theme.Dim, Text: "Every new instance gets those of the account, beside the ones of its own: a token for a registry of models, for example. n makes one; its value is not shown again."},
		}
	}
	parts := append(wrong(f), told(env, f)...)
	if len(f.Value) > 0 {
		parts = append(parts, "every new instance gets them; instances that exist keep what they were given")
	}
	if p.table.CursorVanished() && p.table.Shown() > 0 {
		parts = append(parts, "the variable under the cursor is gone")
	}
	heading := func(r *varRow) string { return "Variable " + r.Name.String() }
	return p.list.draw(env, w, h, notes, heading, func(r *varRow) []pane.Fact { return varDetail(env, r) }, strings.Join(parts, " · ")), nil
}

// varDetail says what a variable comes to.
func varDetail(env view.Env, r *varRow) []pane.Fact {
	var f facts
	f.add("name", figure.Text(r.Name.String()), theme.Strong)
	f.add("value", r.value(), theme.Dim)
	f.add("", "the server tells it to nobody; e gives it another one", theme.Dim)
	f.gap()
	f.add("who gets it", "every instance that is rented from now on, also from the web console", theme.Plain)
	if n := len(env.Data.Instances.Value.Instances); n > 0 {
		f.add("", "not: the "+figure.Plural(n, "instance")+" that exist already", theme.Plain)
	}
	f.add("", "a variable of the same name in the rent form goes before it", theme.Plain)
	f.gap()
	f.add("who sees it", "whoever gets into such an instance, its host included: give it no more than it needs", theme.Warn)
	return f.list
}

// varForm asks for a variable.
const varForm = "set a variable"

const fValue = "value"

// askVar asks for a variable; name is the one that gets another value, "" = a new one.
func askVar(env view.Env, name string) view.Effect {
	title, button := "Set a variable of the account", "Continue to the plan…"
	focus := ""
	if name != "" {
		title, focus = "Give "+name+" another value", fValue
	}
	known, told := env.Data.EnvVars.Value, env.Data.EnvVars.Told()
	return view.Do(view.Ask{Form: view.Form{
		ID: varForm, Title: title, Button: button, Focus: focus,
		Intro: []view.Pair{{Label: "who gets it", Value: "every instance that is rented from now on; those that exist do not"}},
		Fields: []view.Field{
			{Key: fName, Label: "name", Value: name, Limit: 256, Help: "letters, digits and _; the server keeps it in upper case"},
			{Key: fValue, Label: "value", Kind: view.Secret, Limit: vastapi.MaxEnvValue, Help: "not shown while it is typed, and never again; it is not kept on this machine"},
		},
		Check: checkVar,
		Panel: func(v view.Values) []view.Pair {
			name := strings.ToUpper(strings.TrimSpace(v[fName]))
			what := "a new variable"
			if !told {
				what = "not known: the account's variables have not been read, so one of this name may be there"
			}
			for _, k := range known {
				if k.Name.String() == name {
					what = "a new value: the one it has is lost"
				}
			}
			return []view.Pair{{Value: "What is set"}, {Label: "name", Value: figure.Text(name)}, {Label: "that is", Value: what, Warn: what != "a new variable"}}
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			return planVar(env, strings.TrimSpace(v[fName]), vastapi.NewSecret(v[fValue]), varForm)
		},
	}})
}

func checkVar(v view.Values) map[string]string {
	name := strings.TrimSpace(v[fName])
	if err := (vastapi.DeleteEnvVar{Key: name}).Validate(); err != nil {
		return map[string]string{fName: err.Error()}
	}
	if err := (vastapi.CreateEnvVar{Key: name, Value: vastapi.NewSecret(v[fValue])}).Validate(); err != nil {
		return map[string]string{fValue: err.Error()}
	}
	return nil
}

func planVar(env view.Env, name string, value vastapi.Secret, form string) view.Effect {
	p, err := rental.PlanSetEnvVar(name, value, env.Data.EnvVars.Value, env.Desk)
	if err != nil {
		return failed(form, err)
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return planVar(env, name, value, form) }})
}

// deleteVar asks about taking a variable from the account.
func deleteVar(env view.Env, name string) view.Effect {
	p, err := rental.PlanDeleteEnvVar(name, env.Desk)
	if err != nil {
		return failed("", err)
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect {
		for _, v := range env.Data.EnvVars.Value {
			if v.Name.String() == name {
				return deleteVar(env, name)
			}
		}
		return view.Do(view.Toast{Text: "nothing is left to do: the variable is gone"})
	}})
}
