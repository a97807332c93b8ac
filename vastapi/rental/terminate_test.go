package rental

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

func TestAGroupIsANameWithNumbers(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"train-3 vx-abcdefghijkl": "train", "train": "train", "train-12": "train", "train-x": "train-x", "a-b-7": "a-b", "-3": "-3",
		"": "", "vx-abcdefghijkl": "", "run-2026": "run-2026", "train-": "train-",
	} {
		i := instance(1, label)
		if got := GroupName(&i); got != want {
			t.Errorf("%q belongs to %q, want %q", label, got, want)
		}
	}
}

func TestAGroupIsFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	all := []vastapi.Instance{
		instance(1, "train-1 vx-abcdefghijkl"), instance(2, "train-2"), instance(3, "trainer-1"), instance(4, "train"), instance(5, ""),
		instance(6, "eval-1"), stopped(7, "eval-2"),
	}
	all[1].Cur = safetext.New("unloaded") // being destroyed
	if got := ids(Group(all, "train")); got != "1 4" {
		t.Errorf("train has %s", got)
	}
	if got := ids(Group(all, "")); got != "" {
		t.Errorf("without a name %s", got)
	}
	groups := Groups(all)
	if len(groups) != 2 || groups[0].Name != "eval" || groups[0].Worst.Word != "STOPPED" || groups[1].Name != "train" || len(groups[1].Instances) != 3 {
		t.Errorf("groups %+v", groups)
	}
	if _, err := PlanDestroyGroup(all, "nobody", deskOf(all...)); err == nil {
		t.Error("nobody is to be destroyed")
	}
	p := must(t)(PlanDestroyGroup(all, "eval", deskOf(all...)))
	if p.Consent.Words != "destroy 2" || p.Title != `Destroy 2 instances of the group "eval"` || len(p.Steps) != 2 {
		t.Errorf("%q, %q, %d steps", p.Title, p.Consent.Words, len(p.Steps))
	}
}

func ids(list []vastapi.Instance) string {
	var out []string
	for _, i := range list {
		out = append(out, i.ID.String())
	}
	return strings.Join(out, " ")
}

// TestAFleetIsTerminatedAndEachIsAskedForOnce rents a fleet, destroys it by its
// name, and counts at the server.
func TestAFleetIsTerminatedAndEachIsAskedForOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(3), vastsim.WithCredit(500))
		opt := FleetOptions{Rent: someOptions, Count: 6, Ceiling: 5}
		opt.Rent.Name = "fleet"
		r := Execute(t.Context(), m.deps(), m.fleetPlan(opt), nil)
		if !r.Complete() {
			t.Fatal(r.Summary())
		}
		time.Sleep(5 * time.Minute)
		d := m.desk()
		p := must(t)(PlanDestroyGroup(d.Instances, "fleet", d))
		done := Execute(t.Context(), m.deps(), p, nil)
		if !done.Complete() || done.Label() != "6 of 6" || len(m.world.Instances()) != 3 {
			t.Errorf("%s, %d left", done.Label(), len(m.world.Instances()))
		}
		sent := map[string]int{}
		for _, c := range m.world.Calls(http.MethodDelete, "") {
			sent[c.Path]++
		}
		for path, n := range sent {
			if n != 1 {
				t.Errorf("%s was sent %d times", path, n)
			}
		}
		for _, s := range p.Steps {
			if sent[fmt.Sprintf("/api/v0/instances/%d/", s.Subject.Instance)] != 1 {
				t.Errorf("%s was not asked for", s.Target)
			}
		}
	})
}

// TestWhatAFreshListStillHasIsNotCalledDone has the server say yes and do nothing
// for one of the group.
func TestWhatAFreshListStillHasIsNotCalledDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		for n := range 3 {
			a.instances = append(a.instances, instance(vastapi.InstanceID(n+1), fmt.Sprintf("train-%d", n+1)))
		}
		p := must(t)(PlanDestroyGroup(a.instances, "train", a.desk(t)))
		a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
			return vastapi.Result{Outcome: vastapi.OutcomeConfirmed}, c.(vastapi.DestroyInstance).ID == 2
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 1, 0, 0, 0)
		if r.Complete() || r.Failed[0].Step.Subject.Instance != 2 || !strings.Contains(r.Failed[0].Why, "still there") || len(r.Rest()) != 1 {
			t.Errorf("%+v", r.Failed)
		}
		if next := r.Failed[0].Next(); kinds(next.Actions) != "retry, look" || next.Actions[1].Instances[0] != 2 {
			t.Errorf("next %+v", next)
		}
	})
}

func TestOneOfAGroupThatIsRefusedDoesNotKeepTheOthers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(4))
		for n, i := range m.world.Instances() {
			m.world.SetInstanceLabel(i.ID, fmt.Sprintf("train-%d", n+1))
		}
		d := m.desk()
		p := must(t)(PlanDestroyGroup(d.Instances, "train", d))
		m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 403, Method: http.MethodDelete, Path: fmt.Sprintf("/api/v0/instances/%d/", p.Steps[1].Subject.Instance)})
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 3, 1, 0, 0, 0)
		if r.Failed[0].Step.Subject != p.Steps[1].Subject || r.Failed[0].Why == "" || len(m.world.Instances()) != 1 || r.Label() != "3 of 4" {
			t.Errorf("%s: %+v", r.Label(), r.Failed)
		}
	})
}
