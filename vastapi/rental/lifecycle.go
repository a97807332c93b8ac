package rental

import (
	"errors"
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

var errNoTarget = errors.New("no instance is chosen")

// PlanDestroy plans to end the contracts of targets and erase their disks. Those
// that are being destroyed already are left out, with a warning.
func PlanDestroy(targets []vastapi.Instance, d Desk) (Plan, error) {
	d = d.sure()
	targets, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	p := lifecyclePlan("destroy", targets, d)
	p.Keep = keep(targets)
	p.Consent = Consent{Kind: ConsentType, Words: destroyWords(targets)}
	for n := range targets {
		i := &targets[n]
		p.addStep(i, instanceDetail(i)+" · disk "+gb(i.Disk)+" is erased", UndoNever, vastapi.DestroyInstance{ID: i.ID})
		p.addMoney(i, destroyMoney(i))
	}
	p.Cost = pricing.Between(d.Before(), sum(targets, pricing.Destroying), d.Credit)
	p.Warnings = destroyWarnings(targets, leaving, d)
	return p, nil
}

// PlanStop plans to stop targets. Those that are stopped or being destroyed
// already are left out, with a warning; when all are, there is nothing to plan.
func PlanStop(targets []vastapi.Instance, d Desk) (Plan, error) {
	d = d.sure()
	all, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	targets = keepIf(all, func(i *vastapi.Instance) bool { return i.Intended.String() != "stopped" })
	if err := nothingTo(all, targets, "stopped"); err != nil {
		return Plan{}, err
	}
	p := lifecyclePlan("stop", targets, d)
	p.Keep = "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	for n := range targets {
		i := &targets[n]
		p.addStep(i, instanceDetail(i), UndoByStart, vastapi.SetInstanceState{ID: i.ID, State: "stopped"})
		p.addMoney(i, stopMoney(i))
	}
	p.Cost = pricing.Between(d.Before(), sum(targets, pricing.Stopping), d.Credit)
	p.Warnings = stopWarnings(targets, len(all)-len(targets), leaving, d)
	return p, nil
}

// PlanStart plans to start targets. Those that run or are being destroyed already
// are left out, with a warning; a contract that has ended cannot be started.
func PlanStart(targets []vastapi.Instance, d Desk) (Plan, error) {
	d = d.sure()
	all, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	targets = keepIf(all, func(i *vastapi.Instance) bool { return i.Intended.String() != "running" })
	if err := nothingTo(all, targets, "running"); err != nil {
		return Plan{}, err
	}
	for n := range targets {
		if i := &targets[n]; ended(i, d.Now) {
			return Plan{}, fmt.Errorf("the contract of instance %d has ended, so it cannot be started: copy its data, then destroy it", i.ID)
		}
	}
	p := lifecyclePlan("start", targets, d)
	p.Keep = "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	for n := range targets {
		p.addStart(&targets[n])
	}
	rate := sum(targets, pricing.Starting)
	p.Cost = pricing.Between(d.Before(), rate, d.Credit)
	p.Warnings = startWarnings(targets, len(all)-len(targets), leaving, rate, d)
	// Nothing gets cheaper by being started, whatever is billed now for what is just being stopped.
	p.Checks, p.Ceiling = checkCaps(sum(targets, raising), d)
	p.Consent = overCaps(p.Consent, p.Checks)
	return p, nil
}

// raising is by how much starting i raises the bill, never below 0.
func raising(i *vastapi.Instance) vastapi.Rate { return max(0, pricing.Starting(i)) }

// PlanRename plans to give target another name. The token in its label stays.
func PlanRename(target vastapi.Instance, name string, d Desk) (Plan, error) {
	d = d.sure()
	if _, _, err := remaining([]vastapi.Instance{target}); err != nil {
		return Plan{}, err
	}
	if text := checkName(name); text != "" {
		return Plan{}, FieldError{"name", text}
	}
	old, token := SplitLabel(target.Label.String())
	if old == name {
		return Plan{}, FieldError{"name", "it has this name already"}
	}
	label := name
	if token != "" {
		label = Label(name, token)
	}
	p := lifecyclePlan("rename", []vastapi.Instance{target}, d)
	p.Keep = "Cancel"
	p.addStep(&target, "becomes "+named(name), UndoByRename, vastapi.LabelInstance{ID: target.ID, Label: label})
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	return p, nil
}

// lifecyclePlan is what the plans about existing instances have in common.
func lifecyclePlan(verb string, targets []vastapi.Instance, d Desk) Plan {
	p := Plan{
		ID: d.newID(), Verb: verb, Mode: Each,
		Title:  capital(verb) + " " + counted(len(targets), "instance"),
		Button: fmt.Sprintf("%s %d", capital(verb), len(targets)),
		Basis:  d.basis(d.At),
	}
	if len(targets) == 1 {
		p.Title = fmt.Sprintf("%s instance %d", capital(verb), targets[0].ID)
		p.Button = capital(verb)
	}
	return p
}

func keep(targets []vastapi.Instance) string {
	if len(targets) == 1 {
		return "Keep it"
	}
	return "Keep them"
}

// addStep adds a step and the fact that its target still is the same instance.
func (p *Plan) addStep(i *vastapi.Instance, detail string, undo Undo, call vastapi.Call) {
	fact := existingInstance(i)
	p.Steps = append(p.Steps, Step{
		Verb: p.Verb, Target: instanceTarget(i), Detail: detail,
		Undo: undo, Call: call, Subject: fact.Subject, Was: i,
	})
	p.Basis.Facts = append(p.Basis.Facts, fact)
}

func instanceTarget(i *vastapi.Instance) string { return fmt.Sprintf("#%d %s", i.ID, nameOf(i)) }

// existingInstance is the fact that i still is the same.
func existingInstance(i *vastapi.Instance) Fact {
	return Fact{
		Subject: Subject{Instance: i.ID, Machine: i.MachineID},
		Text:    fmt.Sprintf("instance %d is %s on machine %d", i.ID, nameOf(i), i.MachineID),
		Label:   i.Label,
	}
}

func (p *Plan) addStart(i *vastapi.Instance) {
	p.addStep(i, instanceDetail(i), UndoByStop, vastapi.SetInstanceState{ID: i.ID, State: "running"})
	p.addMoney(i, startMoney(i))
	fact := &p.Basis.Facts[len(p.Basis.Facts)-1]
	fact.Starts, fact.Price = true, pricing.Running(i)
	p.Steps[len(p.Steps)-1].Rate = raising(i)
}

// addMoney adds the line with what a target costs, named by its id alone: its
// name comes from outside.
func (p *Plan) addMoney(i *vastapi.Instance, text string) {
	p.Facts = append(p.Facts, Line{fmt.Sprintf("#%d", i.ID), text})
}

func instanceDetail(i *vastapi.Instance) string {
	return fmt.Sprintf("%d× %s · machine %d", i.NumGPUs, quoted(i.GPUName), i.MachineID)
}

// remaining are the targets, each once, that are not being destroyed already, and
// how many are.
func remaining(targets []vastapi.Instance) (left []vastapi.Instance, leaving int, err error) {
	all := distinct(targets)
	left = keepIf(all, func(i *vastapi.Instance) bool { return Display(*i).Class != ClassTerminal })
	switch {
	case len(left) > 0:
		return left, len(all) - len(left), nil
	case len(all) == 0:
		return nil, 0, errNoTarget
	case len(all) == 1:
		return nil, 1, fmt.Errorf("instance %d is being destroyed already", all[0].ID)
	}
	return nil, len(all), fmt.Errorf("all %d instances are being destroyed already", len(all))
}

func distinct(targets []vastapi.Instance) []vastapi.Instance {
	seen := make(map[vastapi.InstanceID]bool, len(targets))
	return keepIf(targets, func(i *vastapi.Instance) bool {
		first := !seen[i.ID]
		seen[i.ID] = true
		return first
	})
}

func keepIf(list []vastapi.Instance, holds func(*vastapi.Instance) bool) []vastapi.Instance {
	var out []vastapi.Instance
	for n := range list {
		if holds(&list[n]) {
			out = append(out, list[n])
		}
	}
	return out
}

// nothingTo explains why no target is left.
func nothingTo(all, left []vastapi.Instance, state string) error {
	switch {
	case len(left) > 0:
		return nil
	case len(all) == 1:
		return fmt.Errorf("instance %d is to be %s already", all[0].ID, state)
	}
	return fmt.Errorf("all %d instances are to be %s already", len(all), state)
}

func sum(targets []vastapi.Instance, rate func(*vastapi.Instance) vastapi.Rate) vastapi.Rate {
	var total vastapi.Rate
	for n := range targets {
		total += rate(&targets[n])
	}
	return total
}

func ended(i *vastapi.Instance, now time.Time) bool {
	return !i.End.IsZero() && !now.Before(i.End)
}
