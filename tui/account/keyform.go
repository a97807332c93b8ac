package account

import (
	"errors"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// keyForm asks for a new API key.
const keyForm = "make an API key"

// The fields of the form.
const (
	fName   = "name"
	fPreset = "preset"
	fRight  = "right/" // and the name of the group
)

// chosenRights is the choice of groups one by one.
const chosenRights = "choose"

// askKey asks what a new key is called and what it may do.
func askKey(env view.Env) view.Effect {
	var options []view.Option
	for _, p := range vastapi.Presets() {
		options = append(options, view.Option{Value: p.Name, Label: p.Name, Help: p.About})
	}
	options = append(options, view.Option{Value: chosenRights, Label: "choose one by one", Help: "each group of permissions by itself."})
	custom := func(v view.Values) bool { return v[fPreset] == chosenRights }
	fields := []view.Field{
		{Key: fName, Label: "name", Limit: vastapi.MaxKeyName, Help: "what it is for or where it lies, e.g. laptop or ci-runner: keys are told apart by it"},
		{Key: fPreset, Label: "it may", Kind: view.Choice, Value: options[0].Value, Options: options, Help: "left and right choose"},
	}
	for _, r := range vastapi.AllRights() {
		on := ""
		if vastapi.GrantOf(vastapi.Presets()[0].Groups...).Has(r).Yes() {
			on = view.Yes
		}
		fields = append(fields, view.Field{Key: fRight + string(r), Label: string(r), Kind: view.Toggle, Value: on, Help: r.Words(), When: custom})
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: keyForm, Title: "Make an API key", Button: "Continue to the plan…",
		Intro: []view.Pair{
			{Label: "shown", Value: "once, when it was made: copy it then. Neither Vast.ai nor this program can show it again"},
			{Label: "least", Value: "give a key no more than it needs: whoever has it can do all that it may"},
		},
		Fields: fields, Panel: keyPanel, Check: checkKey,
		Sum: func(v view.Values) string { return "may: " + permissionsOf(v).String() },
		Submit: func(env view.Env, v view.Values) view.Effect {
			return planKey(env, strings.TrimSpace(v[fName]), permissionsOf(v), keyForm)
		},
	}})
}

// permissionsOf is what the form's values give.
func permissionsOf(v view.Values) vastapi.Permissions {
	for _, p := range vastapi.Presets() {
		if p.Name == v[fPreset] {
			return p.Permissions()
		}
	}
	var groups []vastapi.Right
	for _, r := range vastapi.AllRights() {
		if v.On(fRight + string(r)) {
			groups = append(groups, r)
		}
	}
	return vastapi.Permissions{Groups: groups}
}

// keyPanel says what a key with these values may and may not do.
func keyPanel(v view.Values) []view.Pair {
	p := permissionsOf(v)
	g := p.Grant()
	pairs := []view.Pair{{Value: "What the key may do"}}
	for _, preset := range vastapi.Presets() {
		if preset.Name == v[fPreset] {
			pairs = append(pairs, view.Pair{Label: "here", Value: preset.Allows, Warn: p.Full})
		}
	}
	for _, r := range asked {
		if g.Has(r).Yes() {
			pairs = append(pairs, view.Pair{Label: "●", Value: r.Words(), Warn: r == vastapi.RightBillingWrite})
		} else {
			pairs = append(pairs, view.Pair{Label: "✗", Value: r.Words()})
		}
	}
	return pairs
}

func checkKey(v view.Values) map[string]string {
	errs := map[string]string{}
	p := permissionsOf(v)
	if !p.Full && len(p.Groups) == 0 {
		errs[fRight+string(vastapi.AllRights()[0])] = "at least one group: a key that may do nothing is of no use"
		return errs
	}
	if err := (vastapi.CreateAPIKey{Name: strings.TrimSpace(v[fName]), Permissions: p}).Validate(); err != nil {
		errs[fName] = err.Error()
	}
	return errs
}

// planKey asks about making the key.
func planKey(env view.Env, name string, may vastapi.Permissions, form string) view.Effect {
	p, err := rental.PlanCreateAPIKey(name, may, env.Data.APIKeys.Value, env.Desk)
	if err != nil {
		return failed(form, err)
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return planKey(env, name, may, form) }})
}

// failed gives a form back with a reason, or says it where no form is open.
func failed(form string, err error) view.Effect {
	var field rental.FieldError
	text := view.Sentence(err)
	if errors.As(err, &field) {
		text = field.Error()
	}
	text = safetext.Clean(text, 300)
	if form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Warn})
	}
	return view.Do(view.FormFailed{Form: form, Text: text})
}
