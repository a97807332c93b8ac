package tui

import (
	"slices"
	"testing"

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
		"a destroy of an instance with volumes": {rental.Step{Call: vastapi.DestroyInstance{}, Was: &vastapi.Instance{Volumes: []vastapi.VolumeID{5}}}, true},
	} {
		r := rental.Report{Plan: rental.Plan{Steps: []rental.Step{c.step}}}
		if got := slices.Contains(changed(r, false), command.Volumes); got != c.want {
			t.Errorf("after %s the volumes are read: %t", name, got)
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
