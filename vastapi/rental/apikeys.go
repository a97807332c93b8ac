package rental

import (
	"errors"
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// The verbs of plans about the account's keys and variables.
const (
	verbCreateAPIKey = "create api key"
	verbDeleteAPIKey = "delete api key"
	verbSetVariable  = "set variable"
	verbDropVariable = "delete variable"
)

// The ways back from changes of the account's keys and variables.
const (
	UndoCreateAPIKey Undo = "deleting it takes it back"
	UndoDeleteAPIKey Undo = UndoNever
	UndoAddVariable  Undo = "deleting it takes it back"
	UndoSetVariable  Undo = "the old value is not known here: only setting it again brings it back"
	UndoDropVariable Undo = "setting it again brings it back, for whoever knows its value"
)

// PlanCreateAPIKey plans to make a key of the account that may do what p says. known
// are the keys that the account has, by which the new one is told from them when its
// answer is lost. The key itself comes once, with the report: Report.NewKey.
func PlanCreateAPIKey(name string, p vastapi.Permissions, known []vastapi.APIKey, d Desk) (Plan, error) {
	call := vastapi.CreateAPIKey{Name: strings.TrimSpace(name), Permissions: p}
	if err := call.Validate(); err != nil {
		field := "name"
		if (vastapi.CreateAPIKey{Name: call.Name, Permissions: vastapi.Permissions{Full: true}}).Validate() == nil {
			field = "permissions"
		}
		return Plan{}, FieldError{field, err.Error()}
	}
	plan := d.keyPlan(verbCreateAPIKey, "Create an API key", "Create")
	plan.Consent = Consent{Kind: ConsentChoose}
	plan.Basis.NewestKey = newestAPIKey(known)
	plan.addKeyStep(shownName(call.Name), "whoever has it may use the account as far as it goes", UndoCreateAPIKey, call)
	plan.Facts = append(plan.Facts, Line{"name", shownName(call.Name)}, Line{"may", call.Permissions.String()})
	var w warnings
	w.add(sameNamed(known, call.Name) > 0, Note, "there is a key of that name already: only their numbers tell them apart")
	w.add(p.Full, Caution, "it may do everything: rent, destroy, make further keys and transfer credit")
	w.add(true, Note, "the server tells it once: copy it when it is shown, it cannot be asked for again")
	plan.Warnings = w
	return plan, nil
}

// PlanDeleteAPIKey plans to take a key from the account. current tells that it is the
// one that this program uses, which could do nothing afterwards. Words are typed:
// whatever uses the key stops working.
func PlanDeleteAPIKey(key vastapi.APIKey, current bool, d Desk) (Plan, error) {
	call := vastapi.DeleteAPIKey{Key: key.ID}
	if err := call.Validate(); err != nil {
		return Plan{}, err
	}
	p := d.keyPlan(verbDeleteAPIKey, "Delete an API key", "Delete")
	p.Keep = "Keep it"
	words := fmt.Sprint(key.ID)
	p.Consent = Consent{Kind: ConsentType, Words: words[max(0, len(words)-4):]}
	p.addKeyStep(fmt.Sprintf("API key %d %s", key.ID, shownText(key.Name)), "whatever uses it is refused from then on", UndoDeleteAPIKey, call)
	p.Facts = append(p.Facts, Line{"name", shownText(key.Name)}, Line{"may", key.Grant.String()})
	if !key.Created.IsZero() {
		p.Facts = append(p.Facts, Line{"created", key.Created.UTC().Format("2006-01-02 15:04 UTC")})
	}
	var w warnings
	w.add(current, Danger, "this program uses this key: it is logged out by it, and what runs on the account goes on and is billed")
	w.add(true, Caution, "programs, machines and people that use it stop working; instances go on and are billed")
	p.Warnings = w
	return p, nil
}

// PlanSetEnvVar plans to give a variable of the account a value: a new one, or another
// value where known, the variables that the account has, holds it.
func PlanSetEnvVar(name string, value vastapi.Secret, known []vastapi.EnvVar, d Desk) (Plan, error) {
	name = strings.ToUpper(strings.TrimSpace(name)) // as the server keeps it
	if err := (vastapi.DeleteEnvVar{Key: name}).Validate(); err != nil {
		return Plan{}, FieldError{"name", err.Error()}
	}
	add := vastapi.CreateEnvVar{Key: name, Value: value}
	if err := add.Validate(); err != nil {
		return Plan{}, FieldError{"value", err.Error()}
	}
	var call vastapi.Call = add
	p := d.keyPlan(verbSetVariable, "Add a variable to the account", "Add")
	undo := UndoAddVariable
	if hasVariable(known, name) {
		call, undo = vastapi.UpdateEnvVar{Key: name, Value: value}, UndoSetVariable
		p.Title, p.Button = "Change a variable of the account", "Change"
	}
	p.Consent = Consent{Kind: ConsentChoose}
	p.addKeyStep(name, "instances rented from now on get it", undo, call)
	p.Facts = append(p.Facts, Line{"variable", name}, Line{"value", "hidden"})
	var w warnings
	w.add(len(d.Instances) > 0, Note, "instances that exist keep what they have")
	w.add(true, Note, "whoever has a shell on an instance, its host included, can read it there")
	p.Warnings = w
	return p, nil
}

// PlanDeleteEnvVar plans to take a variable from the account.
func PlanDeleteEnvVar(name string, d Desk) (Plan, error) {
	call := vastapi.DeleteEnvVar{Key: strings.TrimSpace(name)}
	if err := call.Validate(); err != nil {
		return Plan{}, err
	}
	p := d.keyPlan(verbDropVariable, "Delete a variable of the account", "Delete")
	p.Keep = "Keep it"
	p.Consent = Consent{Kind: ConsentChoose}
	p.addKeyStep(call.Key, "instances rented from now on do not get it", UndoDropVariable, call)
	p.Facts = append(p.Facts, Line{"variable", call.Key})
	var w warnings
	w.add(true, Caution, "its value cannot be read back: note it elsewhere if it is still needed")
	w.add(len(d.Instances) > 0, Note, "instances that exist keep it")
	p.Warnings = w
	return p, nil
}

// NewKey is the API key that the plan made; the zero NewKey when it made none, or its
// answer was lost and with it the key.
func (r Report) NewKey() vastapi.NewKey {
	for _, s := range r.Done {
		if s.Key.Given() {
			return s.Key
		}
	}
	return vastapi.NewKey{}
}

// errKeyLost is why a key that was found by reading is of no use.
var errKeyLost = errors.New("it was made, but its answer was lost and with it the key, which the server tells only once: delete it and make another")

func shownName(name string) string { return safetext.Quote(name, maxQuoted) }

func shownText(t safetext.Text) string { return named(t.String()) }

func newestAPIKey(keys []vastapi.APIKey) int64 {
	var id int64
	for _, k := range keys {
		id = max(id, k.ID)
	}
	return id
}

func sameNamed(keys []vastapi.APIKey, name string) int {
	n := 0
	for _, k := range keys {
		if k.Name.Wire() == name {
			n++
		}
	}
	return n
}

func hasVariable(vars []vastapi.EnvVar, name string) bool {
	for _, v := range vars {
		if strings.EqualFold(v.Name.Wire(), name) {
			return true
		}
	}
	return false
}
