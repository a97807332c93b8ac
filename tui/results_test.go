package tui

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// renting is a program with a plan to rent want of the offers 1 to n, being
// carried out in sight.
func renting(t *testing.T, n, want, least int) (*Model, rental.Plan) {
	t.Helper()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(18820341, "running", 0.4)})
	var list []vastapi.Offer
	for i := range n {
		o := offer(i + 1)
		o.MachineID, o.HostID, o.DiskSpace, o.DphBase = vastapi.MachineID(i+100), vastapi.HostID(i+10), 500, 0.4
		list = append(list, o)
	}
	p, err := rental.PlanFleet(list, time.Now(), rental.FleetOptions{
		Rent: rental.RentOptions{Image: "me/app:1", Disk: 40, Name: "train"}, Count: want, Least: least, Ceiling: 9,
	}, m.env().Desk)
	if err != nil {
		t.Fatal(err)
	}
	m.execute(p)
	return m, p
}

func result(p rental.Plan, n int, contract vastapi.InstanceID) rental.StepResult {
	s := rental.StepResult{Index: n, Step: p.Steps[n], Outcome: vastapi.OutcomeConfirmed, Contract: contract, Verified: true, Sent: time.Now()}
	if contract == 0 {
		s.Outcome, s.Verified, s.Why = vastapi.OutcomeRejected, false, "it was refused"
	}
	return s
}

// choose presses the key beside an action of the report on top.
func choose(t *testing.T, m *Model, kind rental.ActionKind, s *rental.StepResult, a rental.Action) {
	t.Helper()
	d, ok := m.stack.Top().(*dialog.Progress)
	if !ok || d.Report() == nil {
		t.Fatalf("on top is %T", m.stack.Top())
	}
	a.Kind = kind
	m.answer(dialog.Outcome{Verdict: dialog.Chosen, Plan: d.Plan(), Action: a, Step: s, Report: d.Report()})
}

func TestFleetThatCameOutAsWantedShowsItsListAndLeadsToTheMachines(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{result(p, 0, 777), result(p, 1, 778)}})
	has(t, m, "Done: rented 2 of 2.", "777", "778")
	m.answer(dialog.Outcome{Verdict: dialog.Closed, Report: m.ended.Report()})
	if m.active != view.Instances || !m.stack.Empty() {
		t.Errorf("view %d is shown, on top is %T", m.active, m.stack.Top())
	}
	m.watch()
	has(t, m, "Done: rented 2 of 2.") // W brings it back
}

func TestFleetNobodyWatchedInterruptsNothing(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	typed(m, "esc", "/", "4")
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{result(p, 0, 777), result(p, 1, 778)}})
	if !m.stack.Empty() || m.active != view.Market {
		t.Errorf("%T is on top, view %d", m.stack.Top(), m.active)
	}
	if got := toasted(m); !strings.Contains(got, "rented 2 of 2") || !strings.Contains(got, "W shows the list") {
		t.Errorf("the toast says %q", got)
	}
}

func TestEveryDestroyOfAReportAsksForItsOwnWords(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 6, 3, 3)
	left := result(p, 1, 0)
	left.Contract = 901
	differs := result(p, 0, 777)
	label := differs.Step.Call.(vastapi.CreateInstance).Label
	differs.Delivered = &vastapi.Instance{ID: 777, HostID: 10, Actual: safetext.New("running"), Label: safetext.New(label)}
	differs.Differences = []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB"}}
	differs.Seen = time.Now().Add(time.Hour)
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{differs}, Failed: []rental.StepResult{left}})
	for kind, words := range map[rental.ActionKind]string{
		dialog.ActTakeBack: "destroy 2", dialog.ActLeftover: "901", rental.ActDestroy: "777",
	} {
		choose(t, m, kind, &differs, rental.Action{Instances: []vastapi.InstanceID{777}})
		c, ok := m.stack.Top().(*dialog.Confirm)
		if !ok {
			t.Fatalf("%s opens %T: %s", kind, m.stack.Top(), toasted(m))
		}
		if got := c.Plan().Consent; got.Kind != rental.ConsentType || got.Words != words || c.Plan().Verb != "destroy" {
			t.Errorf("%s asks for %+v, want %q", kind, got, words)
		}
		if len(m.work) != 0 {
			t.Errorf("%s began something", kind)
		}
		typed(m, "esc")
		if _, back := m.stack.Top().(*dialog.Progress); !back {
			t.Errorf("esc leads from %s to %T", kind, m.stack.Top())
		}
	}
}

func TestBlockOfAReportIsRememberedForAWeek(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	differs := result(p, 0, 777)
	differs.Delivered = &vastapi.Instance{ID: 777, HostID: 10}
	differs.Differences = []rental.Difference{{What: "disk", Asked: "40 GB", Got: "10 GB"}}
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{differs, result(p, 1, 778)}})
	for range 2 { // twice is one block
		choose(t, m, rental.ActBlock, &differs, rental.Action{Machine: 100})
	}
	list := m.data.Memory.Blocks
	if len(list) != 1 || list[0].Host != 10 || list[0].Machine != 0 || !strings.Contains(list[0].Reason, "disk is 10 GB") || list[0].Until.Sub(list[0].Since) != 7*24*time.Hour {
		t.Errorf("blocked is %+v", list)
	}
}

func TestRentingTheNextBestOpensTheFormWithTheSameValues(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	refused := result(p, 0, 0)
	m.finish(rental.Report{Plan: p, Failed: []rental.StepResult{refused}})
	spec := m.specOf(dialog.Outcome{Plan: p, Step: &refused}, true)
	if spec.Image != "me/app:1" || spec.Disk != 40 || spec.Name != "train-1" || spec.GPU != "RTX 4090" || spec.NumGPUs != 1 || spec.Machine != 0 || spec.RunType != "ssh" || !spec.Direct {
		t.Errorf("the form is %+v", spec)
	}
	choose(t, m, rental.ActRentNext, &refused, rental.Action{})
	f, ok := m.stack.Top().(*dialog.Form)
	if !ok || m.active != view.Market {
		t.Fatalf("on top is %T in view %d", m.stack.Top(), m.active)
	}
	if !strings.HasPrefix(f.ID(), "rent/") {
		t.Errorf("the form is %q", f.ID())
	}
	has(t, m, "me/app:1")
	if len(m.work) != 0 {
		t.Error("something was begun")
	}
}

func TestLinksOfAReportAreCopiedAndNothingElse(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	m.finish(rental.Report{Plan: p, Failed: []rental.StepResult{result(p, 0, 0)}})
	choose(t, m, rental.ActAddCredit, nil, rental.Action{Link: "https://cloud.vast.ai/billing/"})
	if _, stays := m.stack.Top().(*dialog.Progress); !stays || !strings.Contains(toasted(m), "https://cloud.vast.ai/billing/") {
		t.Errorf("on top is %T, the toast says %q", m.stack.Top(), toasted(m))
	}
}

func TestFailedDestroysAreTriedAgainAndOnlyThose(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{instance(1001, "running", 0.4), instance(1002, "running", 0.4), instance(1003, "running", 0.4)})
	p, err := rental.PlanDestroy(m.data.Instances.Value.Instances, m.env().Desk)
	if err != nil {
		t.Fatal(err)
	}
	m.execute(p)
	at := func(n int) rental.StepResult { return rental.StepResult{Index: n, Step: p.Steps[n], Why: "no"} }
	ok := at(0)
	ok.Verified = true
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{ok}, Failed: []rental.StepResult{at(1)}, Unknown: []rental.StepResult{at(2)}})
	choose(t, m, rental.ActRetry, nil, rental.Action{})
	c, isOpen := m.stack.Top().(*dialog.Confirm)
	if !isOpen || len(c.Plan().Steps) != 1 || c.Plan().Steps[0].Subject.Instance != 1002 || c.Plan().Consent.Kind != rental.ConsentType {
		t.Fatalf("on top is %T", m.stack.Top())
	}
}

func TestReportOfAnotherAccountIsForgotten(t *testing.T) {
	t.Parallel()
	m, p := renting(t, 4, 2, 0)
	m.finish(rental.Report{Plan: p, Done: []rental.StepResult{result(p, 0, 777), result(p, 1, 778)}})
	m.logOut("the key was taken back")
	if m.ended != nil || !m.stack.Empty() {
		t.Errorf("%T is left", m.stack.Top())
	}
}

func TestWhatCameOfAnAPIKeyIsLookedAtAmongTheKeys(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	asked := 0
	ask := func(env view.Env, _ string) view.Effect {
		asked++
		p, err := rental.PlanDeleteAPIKey(vastapi.APIKey{ID: 8, Name: safetext.New("old")}, false, env.Desk)
		if err != nil {
			t.Error(err)
		}
		return view.Do(view.Confirm{Plan: p})
	}
	p := ask(m.env(), "").Intents[0].(view.Confirm).Plan
	m.again[p.ID] = ask
	m.execute(p)
	for _, w := range m.work {
		m.begun(w.Plan()) // the seconds in which it can be taken back are over
	}
	if m.work[p.ID] == nil {
		m.begun(p)
	}
	failed := rental.StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindRejected, Status: 404}, Why: "No."}
	m.finish(rental.Report{Plan: p, Failed: []rental.StepResult{failed}})
	has(t, m, "Look at the API keys", "Try again what failed")
	choose(t, m, rental.ActRetry, &failed, rental.Action{})
	if asked != 2 {
		t.Errorf("trying again asked %d times", asked)
	}
	m.clearStack()
	m.stack.Push(m.ended)
	choose(t, m, rental.ActLook, &failed, rental.Action{Place: rental.AtAPIKeys})
	if m.active != view.Account || m.here().at != view.ShowAPIKeys {
		t.Errorf("view %d is shown, at %v", m.active, m.here().at)
	}
}

func TestPartsOfTheAccountAreGoneBackTo(t *testing.T) {
	t.Parallel()
	m := told(root(t, true, nil), time.Now(), nil)
	m.open(view.Account, nil)
	typed(m, "V", "1", "[")
	if m.active != view.Account || m.here().at != view.ShowVariables {
		t.Errorf("view %d is shown, at %v", m.active, m.here().at)
	}
}
