package rental

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestSeveralAreNamedAfterOneNameAndKeepTheirTokens(t *testing.T) {
	t.Parallel()
	targets := []vastapi.Instance{instance(1, "a vx-abcdefghijkl"), instance(2, "train-2"), instance(3, ""), instance(1, "a vx-abcdefghijkl")}
	p := must(t)(PlanNumber(targets, "train", 1, fixed()))
	var labels []string
	for _, s := range p.Steps {
		labels = append(labels, s.Call.(vastapi.LabelInstance).Label)
	}
	if !slices.Equal(labels, []string{"train-1 vx-abcdefghijkl", "train-3"}) || p.Mode != Each || p.Consent.Kind != ConsentNone {
		t.Errorf("it would send %q with mode %v and consent %+v", labels, p.Mode, p.Consent)
	}
	if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Text, "1 is named so already") {
		t.Errorf("it warns of %+v", p.Warnings)
	}
	if p.Title != "Rename 2 instances" || !strings.Contains(p.Steps[0].Detail, `"train-1"`) {
		t.Errorf("it is called %q: %q", p.Title, p.Steps[0].Detail)
	}
	none := must(t)(PlanNumber(targets, "", 7, fixed()))
	if len(none.Steps) != 2 || none.Steps[1].Call.(vastapi.LabelInstance).Label != "" {
		t.Errorf("taking the names away plans %+v", none.Steps)
	}
}

func TestNumberedNamesThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	targets := []vastapi.Instance{instance(1, "x-1"), instance(2, "x-2")}
	for name, c := range map[string]struct {
		name  string
		first int
		field string
	}{
		"as they are":  {"x", 1, "name"},
		"too long":     {strings.Repeat("x", MaxName), 1, "name"},
		"two lines":    {"a\nb", 1, "name"},
		"number zero":  {"y", 0, "first"},
		"too great":    {"y", 999, "first"},
		"like a token": {"y vx-abcdefghijkl", 1, "name"},
	} {
		var wrong FieldError
		if _, err := PlanNumber(targets, c.name, c.first, fixed()); !errors.As(err, &wrong) || wrong.Field != c.field {
			t.Errorf("%s: %v, want it beside %s", name, err, c.field)
		}
	}
	if _, err := PlanNumber(nil, "y", 1, fixed()); !errors.Is(err, errNoTarget) {
		t.Errorf("without targets: %v", err)
	}
}

func TestNextNumberGoesOnWhereTheGroupEnds(t *testing.T) {
	t.Parallel()
	list := []vastapi.Instance{instance(1, "x-1"), instance(2, "x-4 vx-abcdefghijkl"), instance(3, "y-9"), instance(4, "x-5000"), instance(5, "x")}
	if n := NextNumber(list, "x", nil); n != 5 {
		t.Errorf("it is %d, want 5", n)
	}
	if n := NextNumber(list, "x", []vastapi.InstanceID{2}); n != 2 {
		t.Errorf("with the last one left aside it is %d, want 2", n)
	}
	if n := NextNumber(list, "z", nil); n != 1 {
		t.Errorf("of a new group it is %d, want 1", n)
	}
}

func TestWhatIsOpenFromHereIsNamedBeforeItEnds(t *testing.T) {
	t.Parallel()
	targets := []vastapi.Instance{instance(1, "a"), instance(2, "b"), instance(3, "c"), instance(4, "d")}
	d := fixed()
	d.Opened = map[vastapi.InstanceID]Opened{1: {Sessions: 2, Tunnels: 1}, 2: {Copies: 1}, 3: {Copies: 2}, 9: {Sessions: 4}}
	change := UpdateOptionsOf(&targets[0])
	change.Image, change.Recycle = "ubuntu:24.04", true
	plans := map[string]func(n int) (Plan, error){
		"destroy": func(n int) (Plan, error) { return PlanDestroy(targets[:n], d) },
		"stop":    func(n int) (Plan, error) { return PlanStop(targets[:n], d) },
		"reboot":  func(n int) (Plan, error) { return PlanReboot(targets[:n], d) },
		"recycle": func(n int) (Plan, error) { return PlanRecycle(targets[:n], d) },
		"update":  func(int) (Plan, error) { return PlanUpdate(targets[0], change, d) },
	}
	for verb, make := range plans {
		said := func(n int) string {
			var lines []string
			for _, w := range must(t)(make(n)).Warnings {
				if strings.HasPrefix(w.Text, "Open to") && w.Level == Caution {
					lines = append(lines, w.Text)
				}
			}
			return strings.Join(lines, "\n")
		}
		one := `Open to #1 "a" from here, and ended by this: 2 ssh sessions, 1 tunnel.`
		if got := said(1); got != one {
			t.Errorf("%s one: %q", verb, got)
		}
		if verb == "update" {
			continue
		}
		if got, want := said(2), one+"\n"+`Open to #2 "b" from here, and ended by this: 1 copy of files.`; got != want {
			t.Errorf("%s two: %q", verb, got)
		}
		if got, want := said(4), "Open to 3 of them from here, and ended by this: 2 ssh sessions, 1 tunnel, 3 copies of files."; got != want {
			t.Errorf("%s four: %q", verb, got)
		}
	}
	if p := must(t)(PlanStart([]vastapi.Instance{stopped(1, "a")}, d)); strings.Contains(p.Warnings[0].Text, "Open to") {
		t.Error("a start ends what is open")
	}
}
