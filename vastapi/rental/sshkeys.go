package rental

import (
	"errors"
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// The ways back from changes of keys.
const (
	UndoAddKey    Undo = "deleting it takes it back"
	UndoDeleteKey Undo = "adding it again takes it back"
	UndoAttachKey Undo = "detaching it takes it back"
	UndoDetachKey Undo = "attaching it again takes it back"
)

// PlanAddKey plans to add a public key, one line of text, to the account.
func PlanAddKey(public string, d Desk) (Plan, error) {
	call := vastapi.AddSSHKey{Key: strings.TrimSpace(public)}
	if err := call.Validate(); err != nil {
		return Plan{}, FieldError{"key", err.Error()}
	}
	p := d.keyPlan("add key", "Add an ssh key to the account", "Add")
	p.Consent = Consent{Kind: ConsentChoose}
	p.addKeyStep(keyName(call.Key), "instances rented from now on let it in", UndoAddKey, call)
	p.Facts = append(p.Facts, keyLines(call.Key)...)
	var w warnings
	w.add(len(d.Instances) > 0, Note, "instances that exist do not get it by themselves: attach it to those that are to let it in")
	p.Warnings = w
	return p, nil
}

// PlanDeleteKey plans to take a public key from the account. Words are typed: who
// has no other key cannot get into what is rented next.
func PlanDeleteKey(key vastapi.SSHKey, d Desk) (Plan, error) {
	call := vastapi.DeleteSSHKey{Key: key.ID}
	if err := call.Validate(); err != nil {
		return Plan{}, err
	}
	public := key.Public.Wire()
	p := d.keyPlan("delete key", "Delete an ssh key of the account", "Delete")
	p.Keep = "Keep it"
	words := fmt.Sprint(key.ID)
	p.Consent = Consent{Kind: ConsentType, Words: words[max(0, len(words)-4):]}
	p.addKeyStep(fmt.Sprintf("key %d %s", key.ID, keyName(public)), "instances rented from now on do not let it in", UndoDeleteKey, call)
	p.Facts = append(p.Facts, keyLines(public)...)
	var w warnings
	w.add(true, Caution, "who has no other key of this account cannot get into what is rented next")
	w.add(true, Note, "instances that have it keep it: detach it there, or destroy them")
	p.Warnings = w
	return p, nil
}

// PlanAttachKey plans to let a public key, one line of text, into targets. Those
// that are being destroyed are left out, with a warning.
func PlanAttachKey(targets []vastapi.Instance, public string, d Desk) (Plan, error) {
	d = d.sure()
	call := vastapi.AttachSSHKey{ID: 1, Key: strings.TrimSpace(public)}
	if err := call.Validate(); err != nil {
		return Plan{}, FieldError{"key", err.Error()}
	}
	targets, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	with := keepIf(targets, func(i *vastapi.Instance) bool { return i.RunType.Empty() || RunType(i.RunType.String()).SSH() })
	if len(with) == 0 {
		return Plan{}, errors.New("no ssh runs there: these were rented to run a program of their own (run type args)")
	}
	p := lifecyclePlan("attach", with, d)
	p.Title, p.Button, p.Keep = "Let an ssh key into "+counted(len(with), "instance"), "Attach", "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	for n := range with {
		i := &with[n]
		call.ID = i.ID
		p.addStep(i, instanceDetail(i), UndoAttachKey, call)
	}
	p.Facts = append(p.Facts, keyLines(call.Key)...)
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	var w warnings
	w.leftOut(leaving, "being destroyed")
	w.add(len(with) < len(targets), Note, "%s without ssh left out", counted(len(targets)-len(with), "instance"))
	w.add(true, Note, "whoever has the private half gets in as root; it works 10 to 15 seconds later")
	p.Warnings = w
	return p, nil
}

// PlanDetachKey plans to keep a public key, which is one of those of target, out of
// it again.
func PlanDetachKey(target vastapi.Instance, key vastapi.SSHKey, d Desk) (Plan, error) {
	d = d.sure()
	call := vastapi.DetachSSHKey{ID: target.ID, Key: key.ID}
	if err := call.Validate(); err != nil {
		return Plan{}, err
	}
	targets, _, err := remaining([]vastapi.Instance{target})
	if err != nil {
		return Plan{}, err
	}
	public := key.Public.Wire()
	p := lifecyclePlan("detach", targets, d)
	p.Title, p.Button, p.Keep = fmt.Sprintf("Keep an ssh key out of instance %d", target.ID), "Detach", "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	p.addStep(&targets[0], instanceDetail(&targets[0]), UndoDetachKey, call)
	p.Facts = append(p.Facts, keyLines(public)...)
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	var w warnings
	w.add(true, Caution, "who has no other key of it does not get in any more; connections that are open stay open")
	p.Warnings = w
	return p, nil
}

// keyPlan is a plan about the keys of the account.
func (d Desk) keyPlan(verb, title, button string) Plan {
	d = d.sure()
	return Plan{
		ID: d.newID(), Verb: verb, Mode: Each, Title: title, Button: button, Keep: "Cancel",
		Basis: d.basis(d.At), Cost: pricing.Between(d.Before(), 0, d.Credit),
	}
}

func (p *Plan) addKeyStep(target, detail string, undo Undo, call vastapi.Call) {
	p.Steps = append(p.Steps, Step{Verb: p.Verb, Target: target, Detail: detail, Undo: undo, Call: call})
}

// keyName is what tells a key from others for a reader: its comment, else its end.
func keyName(public string) string {
	words := strings.Fields(public)
	switch {
	case len(words) > 2:
		return safetext.Quote(strings.Join(words[2:], " "), maxQuoted)
	case len(words) == 2:
		return safetext.Quote("…"+words[1][max(0, len(words[1])-12):], maxQuoted)
	}
	return "unnamed"
}

// keyLines are the facts about a key.
func keyLines(public string) []Line {
	words := strings.Fields(public)
	if len(words) < 2 {
		return nil
	}
	return []Line{
		{"key", keyName(public)},
		{"type", safetext.Quote(words[0], maxQuoted)},
		{"fingerprint", Fingerprint(public)},
	}
}
