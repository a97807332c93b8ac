package tui

import (
	"slices"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

func TestReservedRentalIsToldAsOneMachine(t *testing.T) {
	t.Parallel()
	p := rental.Plan{Verb: "rent", Mode: rental.Chain, Title: "Rent", Steps: []rental.Step{{Verb: "rent"}, {Verb: "prepay"}}}
	r := rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Contract: 77, Verified: true}, {Step: p.Steps[1], Verified: true}}}
	if got, want := summary(r), "rented: instance 77, and paid ahead"; got != want || !clean(r) {
		t.Errorf("it says %q, want %q", got, want)
	}
}

func TestVolumesAreReadAgainWhenAPlanMayHaveChangedThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		step rental.Step
		want bool
	}{
		"a rent":                                {rental.Step{Call: vastapi.CreateInstance{}}, false},
		"a rent with a volume":                  {rental.Step{Call: vastapi.CreateInstance{Volume: &vastapi.VolumeMount{Path: "/data"}}}, true},
		"a destroy":                             {rental.Step{Call: vastapi.DestroyInstance{}, Was: &vastapi.Instance{}}, false},
		"a new volume":                          {rental.Step{Call: vastapi.CreateVolume{}}, true},
		"a copy of a volume":                    {rental.Step{Call: vastapi.CloneVolume{}}, true},
		"the end of a volume":                   {rental.Step{Call: vastapi.DeleteVolume{}}, true},
		"a destroy of an instance with volumes": {rental.Step{Call: vastapi.DestroyInstance{}, Was: &vastapi.Instance{Volumes: []vastapi.VolumeID{5}}}, true},
	} {
		r := rental.Report{Plan: rental.Plan{Steps: []rental.Step{c.step}}}
		if got := slices.Contains(changed(r, false), command.Volumes); got != c.want {
			t.Errorf("after %s the volumes are read: %t", name, got)
		}
	}
}

func TestReportNamesTheVolumeThatWasMade(t *testing.T) {
	t.Parallel()
	p := rental.Plan{Verb: "create volume", Mode: rental.Chain, Title: "Create a volume", Steps: []rental.Step{{Verb: "create volume", Call: vastapi.CreateVolume{}}}}
	r := rental.Report{Plan: p, Done: []rental.StepResult{{Step: p.Steps[0], Volume: 881, Verified: true}}}
	if got, want := summary(r), "made: volume 881"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

func TestDeletingVolumesIsHeldBackAsDestroyingIs(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) { d.DestroyDelay = time.Second })
	for name, c := range map[string]struct {
		call vastapi.Call
		want bool
	}{"a delete": {vastapi.DeleteVolume{ID: 1}, true}, "a destroy": {vastapi.DestroyInstance{}, true}, "a new volume": {vastapi.CreateVolume{}, false}} {
		if got := m.holds(rental.Plan{Steps: []rental.Step{{Call: c.call}}}); got != c.want {
			t.Errorf("%s is held back: %t", name, got)
		}
	}
}

func TestFormIsOpenedAtTheFieldThatTheServerRefused(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	refused := result(p, 0, 0)
	m.finish(rental.Report{Plan: p, Failed: []rental.StepResult{refused}})
	choose(t, m, rental.ActEdit, &refused, rental.Action{Field: "image"})
	if _, ok := m.stack.Top().(*dialog.Form); !ok {
		t.Fatalf("on top is %T", m.stack.Top())
	}
	has(t, m, "▸ image")
}

func TestKeysThatWereAttachedAreCountedInInstances(t *testing.T) {
	t.Parallel()
	three := []rental.StepResult{{}, {}, {}}
	for verb, want := range map[string]string{"attach": "key attached to 3 instances", "detach": "key detached from 3 instances", "destroy": "destroyed 3"} {
		if got := done(rental.Report{Plan: rental.Plan{Verb: verb}, Done: three}); got != want {
			t.Errorf("%s: %q, want %q", verb, got, want)
		}
	}
}
