package rental

import (
	"errors"
	"fmt"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// UndoReboot is what a reboot takes with it.
const UndoReboot Undo = "what ran in it does not come back by itself"

// busy is the GPU use in percent from which an instance is taken to compute.
const busy = 5

// PlanReboot plans to stop and start the containers of targets; GPU and disk are
// kept. Those that do not run are left out, with a warning.
func PlanReboot(targets []vastapi.Instance, d Desk) (Plan, error) {
	p, targets, out, err := planRestart("reboot", targets, d.sure(), CanReboot)
	if err != nil {
		return Plan{}, err
	}
	for n := range targets {
		i := &targets[n]
		p.addStep(i, instanceDetail(i)+" · the container restarts, the GPU is kept", UndoReboot, vastapi.RebootInstance{ID: i.ID})
		p.addMoney(i, stays(i))
	}
	w := out
	w.add(true, Note, "what runs in %s ends; the disk and the GPU are kept, and the start script runs again", containers(targets))
	w.opened(targets, d)
	w.computing(targets)
	w.uncertain(d.sure())
	p.Warnings = w
	return p, nil
}

// PlanRecycle plans to make the containers of targets anew from a freshly pulled
// image, keeping the GPU. Everything but volumes is lost. Those that do not run
// are left out, with a warning.
func PlanRecycle(targets []vastapi.Instance, d Desk) (Plan, error) {
	p, targets, out, err := planRestart("recycle", targets, d.sure(), CanRecycle)
	if err != nil {
		return Plan{}, err
	}
	for n := range targets {
		i := &targets[n]
		p.addStep(i, instanceDetail(i)+" · the container is made anew, the GPU is kept", UndoNever, vastapi.RecycleInstance{ID: i.ID})
		p.addMoney(i, stays(i))
	}
	w := out
	w.add(true, Danger, "everything in %s is lost, except on volumes: copy it first", containers(targets))
	w.opened(targets, d)
	w.filledDisks(targets)
	w.keptInRecycle(targets)
	w.add(true, Note, "the image is pulled again, which takes as long as at the first start; the GPU is billed meanwhile")
	w.computing(targets)
	w.uncertain(d.sure())
	p.Warnings = w
	return p, nil
}

// CanReboot reports whether PlanReboot takes i: it runs, or its container has ended.
func CanReboot(i *vastapi.Instance) bool {
	class := Display(*i).Class
	return class == ClassRunning || class == ClassFailed && i.Actual.String() == "exited"
}

// CanRecycle reports whether PlanRecycle takes i: it is wanted to run and has its GPU.
func CanRecycle(i *vastapi.Instance) bool {
	switch Display(*i).Class {
	case ClassRunning, ClassMoving, ClassFailed:
		return i.Intended.String() != "stopped"
	}
	return false
}

// planRestart is what rebooting and recycling have in common: which targets are
// left, and a warning about those that are not.
func planRestart(verb string, targets []vastapi.Instance, d Desk, can func(*vastapi.Instance) bool) (Plan, []vastapi.Instance, warnings, error) {
	all, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, nil, nil, err
	}
	left := keepIf(all, can)
	if len(left) == 0 {
		return Plan{}, nil, nil, notRunning(all, verb)
	}
	p := lifecyclePlan(verb, left, d)
	p.Keep = "Cancel"
	p.Consent = Consent{Kind: ConsentChoose}
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	var w warnings
	w.leftOut(leaving, "being destroyed")
	if n := len(all) - len(left); n > 0 {
		verb := "do"
		if n == 1 {
			verb = "does"
		}
		w.add(true, Note, "%d %s not run and %s left out", n, verb, isAre(n))
	}
	return p, left, w, nil
}

func notRunning(all []vastapi.Instance, verb string) error {
	if len(all) == 1 {
		return fmt.Errorf("instance %d does not run, so there is nothing to %s: start it instead", all[0].ID, verb)
	}
	return errors.New("none of them runs, so there is nothing to " + verb + ": start them instead")
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func containers(targets []vastapi.Instance) string {
	if len(targets) == 1 {
		return "the container"
	}
	return fmt.Sprintf("%d containers", len(targets))
}

// stays says that the bill does not change.
func stays(i *vastapi.Instance) string {
	if will := pricing.Will(i); vastapi.Known(will) {
		return "stays at " + pricing.Shown(will)
	}
	return "what it costs is not known"
}

// computing warns of targets whose GPU is in use.
func (w *warnings) computing(targets []vastapi.Instance) {
	used := keepIf(targets, func(i *vastapi.Instance) bool { return i.Actual.String() == "running" && i.GPUUtil >= busy })
	if len(used) > oneByOne {
		w.add(true, Caution, "%s compute now", ofThem(used, targets))
		return
	}
	w.each(used, Caution, "#%d computes now, its GPU is used to %s", "#%d to %s", func(i *vastapi.Instance) string { return fmt.Sprintf("%.0f%%", i.GPUUtil) })
}

// keptInRecycle says which volumes stay with their instances.
func (w *warnings) keptInRecycle(targets []vastapi.Instance) {
	with := keepIf(targets, func(i *vastapi.Instance) bool { return len(i.Volumes) > 0 })
	if len(with) > oneByOne {
		w.add(true, Note, "the volumes of %s are kept with what is on them", ofThem(with, targets))
		return
	}
	w.each(with, Note, "#%d keeps its %s with what is on it", "#%d its %s", func(i *vastapi.Instance) string { return counted(len(i.Volumes), "volume") })
}
