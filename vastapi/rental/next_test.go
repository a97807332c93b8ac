package rental

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

// kinds lists the kinds of the first actions.
func kinds(list []Action) string {
	var out []string
	for _, a := range list {
		out = append(out, string(a.Kind))
	}
	return strings.Join(out, ", ")
}

func TestEveryRefusalHasASentenceAndSomethingToDo(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(77), noon, someOptions, deskOf()))
	for kind, want := range map[vastapi.Kind]struct {
		trouble Trouble
		actions string
	}{
		vastapi.KindGone:        {TroubleGone, "rent next, search"},
		vastapi.KindNotFound:    {TroubleGone, "rent next, search"},
		vastapi.KindCredit:      {TroubleCredit, "add credit, rent next, search"},
		vastapi.KindSpendLimit:  {TroubleSpendLimit, "add credit, look, search"},
		vastapi.KindImage:       {TroubleImage, "edit"},
		vastapi.KindEnv:         {TroubleEnv, "edit"},
		vastapi.KindSSHKey:      {TroubleSSHKey, "add key, retry"},
		vastapi.KindBid:         {TroubleBid, "edit, rent next"},
		vastapi.KindAuth:        {TroubleAuth, "log in"},
		vastapi.KindRateLimited: {TroubleRate, "wait, retry"},
		vastapi.KindRejected:    {TroubleRefused, "edit, rent next"},
	} {
		e := &vastapi.Error{Kind: kind, Status: 400, MinBid: 0.31}
		s := StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeRejected, Err: e, Why: "It was refused."}
		next := s.Next()
		if next.Trouble != want.trouble || kinds(next.Actions) != want.actions {
			t.Errorf("%s: %s, %s", kind, next.Trouble, kinds(next.Actions))
		}
		if len(next.Sentence) < 10 || !strings.HasSuffix(next.Sentence, ".") {
			t.Errorf("%s: %q", kind, next.Sentence)
		}
		for _, a := range next.Actions {
			if a.Text == "" {
				t.Errorf("%s: %s has no text", kind, a.Kind)
			}
		}
	}
	e := &vastapi.Error{Kind: vastapi.KindBid, Status: 400, MinBid: 0.31}
	if s := (StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeRejected, Err: e}).Next().Sentence; !strings.Contains(s, "$0.310/h") {
		t.Errorf("the lowest bid is not named: %q", s)
	}
	if a := (StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeRejected, Err: e}).Next().Actions[0]; a.Field != "bid" {
		t.Errorf("the bid is to be changed at %q", a.Field)
	}
}

func TestOtherEndsHaveSomethingToDoToo(t *testing.T) {
	t.Parallel()
	rent := must(t)(PlanRent(offer(77), noon, someOptions, deskOf())).Steps[0]
	all := []vastapi.Instance{instance(5, "a")}
	destroy := must(t)(PlanDestroy(all, deskOf(all...))).Steps[0]
	for name, c := range map[string]struct {
		s       StepResult
		trouble Trouble
		actions string
	}{
		"lost":              {StepResult{Step: rent, Outcome: vastapi.OutcomeUnknown, Err: errLost, Why: "No answer."}, TroubleLost, "look"},
		"left behind":       {StepResult{Step: rent, Outcome: vastapi.OutcomeRejected, Contract: 9, Err: &vastapi.Error{Kind: vastapi.KindBid}}, TroubleLeftover, "destroy, look"},
		"offline":           {StepResult{Step: rent, Outcome: vastapi.OutcomeNotSent, Err: errLost, Why: "No connection."}, TroubleOffline, "retry"},
		"moved":             {StepResult{Step: rent, Outcome: vastapi.OutcomeNotSent, Why: "Dearer."}, TroubleMoved, "rent next, search"},
		"well":              {StepResult{Step: rent, Outcome: vastapi.OutcomeConfirmed, Contract: 9}, TroubleNone, ""},
		"differs":           {StepResult{Step: rent, Outcome: vastapi.OutcomeConfirmed, Contract: 9, Differences: []Difference{{What: "GPU"}}}, TroubleDelivered, "destroy, block, look"},
		"destroy refused":   {StepResult{Step: destroy, Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindRejected}, Why: "No."}, TroubleRefused, "retry, look"},
		"destroy, no key":   {StepResult{Step: destroy, Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindAuth}}, TroubleAuth, "log in"},
		"destroy, was lost": {StepResult{Step: destroy, Outcome: vastapi.OutcomeUnknown, Err: errLost}, TroubleLost, "retry, look"},
	} {
		if next := c.s.Next(); next.Trouble != c.trouble || kinds(next.Actions) != c.actions || next.Trouble != TroubleNone && next.Sentence == "" {
			t.Errorf("%s: %+v", name, next)
		}
	}
}

// TestARentWithoutItsVolumeIsNotTakenForALostOffer holds that the volume is named, not the
// offer, and that the form is where another one is chosen.
func TestARentWithoutItsVolumeIsNotTakenForALostOffer(t *testing.T) {
	t.Parallel()
	e := &vastapi.Error{Kind: vastapi.KindNotFound, Status: 404, Code: "no_such_volume", Message: "Volume with that ID does not exist."}
	rent := must(t)(PlanRent(offer(77), noon, someOptions, deskOf())).Steps[0]
	why := whyRejected(&attempt{step: rent, err: e})
	next := (StepResult{Step: rent, Outcome: vastapi.OutcomeRejected, Err: e, Why: why}).Next()
	if !strings.Contains(next.Sentence, "the volume it was to have is gone, and nothing was rented") || next.Trouble != TroubleForm || len(next.Actions) != 1 || next.Actions[0].Field != "volume" {
		t.Errorf("%+v", next)
	}
	if why := whyRejected(&attempt{step: Step{Call: vastapi.CloneVolume{}}, err: e}); !strings.Contains(why, "the volume that was to be copied is gone") {
		t.Errorf("a copy: %q", why)
	}
	e.Code = ""
	if why := whyRejected(&attempt{step: rent, err: e}); !strings.Contains(why, "the offer is gone") {
		t.Errorf("an offer: %q", why)
	}
}

func TestWhatFailedIsLookedAtWhereItIs(t *testing.T) {
	t.Parallel()
	key := must(t)(PlanDeleteAPIKey(vastapi.APIKey{ID: 8}, false, deskOf())).Steps[0]
	variable := must(t)(PlanDeleteEnvVar("TOKEN", deskOf())).Steps[0]
	all := []vastapi.Instance{instance(5, "a")}
	destroy := must(t)(PlanDestroy(all, deskOf(all...))).Steps[0]
	volume := Step{Call: vastapi.DeleteVolume{ID: 7}}
	for want, c := range map[string]struct {
		step  Step
		place Place
	}{
		"Look at the API keys": {key, AtAPIKeys}, "Look at the variables": {variable, AtVariables}, "Look at the instances": {destroy, AtInstances},
		"Look at the volumes": {volume, AtVolumes}, "Look at the ssh keys": {Step{Call: vastapi.DeleteSSHKey{}}, AtSSHKeys},
	} {
		s := StepResult{Step: c.step, Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindRejected}, Why: "No."}
		list := s.Next().Actions
		if len(list) != 2 || list[1].Text != want || list[1].Place != c.place || c.place != AtInstances && list[1].Instances != nil {
			t.Errorf("%s: %+v", want, list)
		}
	}
}

func TestTheNextBestIsTheSameOnAnotherMachine(t *testing.T) {
	t.Parallel()
	was := place(1, 0.3, "SE")
	other := place(2, 0.5, "SE")
	best := place(3, 0.4, "DE")
	same := place(4, 0.2, "SE")
	same.MachineID = was.MachineID
	bigger := place(5, 0.1, "SE")
	bigger.NumGPUs = 2
	older := place(6, 0.1, "SE")
	older.GPUName = safetext.New("RTX 3090")
	small := place(7, 0.1, "SE")
	small.DiskSpace = 16
	gone := place(8, 0.1, "SE")
	gone.Rentable = vastapi.FlagNo
	list := []vastapi.Offer{was, other, best, same, bigger, older, small, gone}
	if o, ok := NextBest(list, was, someOptions); !ok || o.ID != best.ID {
		t.Errorf("next best %v, %v", o.ID, ok)
	}
	if o, ok := NextBest(list, was, someOptions, best.ID); !ok || o.ID != other.ID {
		t.Errorf("without the best %v, %v", o.ID, ok)
	}
	if o, ok := NextBest(list, was, someOptions, best.ID, other.ID); ok {
		t.Errorf("there is another: %v", o.ID)
	}
}

// TestALostOfferIsReplacedByTheNextBest goes from a refusal to the next rent as a
// user would.
func TestALostOfferIsReplacedByTheNextBest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		offers := m.offersFor(vastapi.OnDemand)
		o := offers[slices.IndexFunc(offers, func(o vastapi.Offer) bool { _, ok := NextBest(offers, o, someOptions); return ok })]
		d := m.desk()
		p := must(t)(PlanRent(o, time.Now(), someOptions, d))
		m.world.RemoveOffer(int64(o.ID))
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 0)
		next := r.Failed[0].Next()
		if next.Trouble != TroubleGone || next.Actions[0].Kind != ActRentNext || next.Actions[0].Offer != o.ID {
			t.Fatalf("%+v, %v", next, r.Failed[0].Err)
		}
		other, ok := NextBest(offers, o, someOptions)
		if !ok {
			t.Fatal("there is no other")
		}
		checkCounts(t, Execute(t.Context(), m.deps(), must(t)(PlanRent(other, time.Now(), someOptions, m.desk())), nil), 1, 0, 0, 0, 0)
	})
}

func TestWhatARefusedRentLeftBehindIsFoundAndOfferedForDestruction(t *testing.T) {
	for name, silent := range map[string]bool{"named by the answer": false, "found by its token": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithEmptyAccount())
				floor := m.cheapest(vastapi.Interruptible).MinBid
				opt := someOptions
				opt.Bid = &floor
				p := m.rentPlan(opt)
				m.world.SetOfferPrice(int64(p.Steps[0].Subject.Offer), float64(m.cheapest(vastapi.OnDemand).DphBase)*3)
				deps := m.deps()
				if silent {
					deps.API = silentDoer{m.client}
				}
				r := Execute(t.Context(), deps, p, nil)
				checkCounts(t, r, 0, 1, 0, 0, 0)
				if m.creates() != 1 || m.ours() != 1 || len(r.Leftovers()) != 1 || !strings.Contains(r.Failed[0].Why, "left instance") {
					t.Fatalf("%d requests, %d machines, %+v", m.creates(), m.ours(), r.Failed)
				}
				back, ok := r.Leftover(m.desk())
				if !ok || back.Consent.Kind != ConsentType || int64(back.Steps[0].Subject.Instance) != m.world.Instances()[0].ID {
					t.Fatalf("%v, %+v", ok, back)
				}
				checkCounts(t, Execute(t.Context(), m.deps(), back, nil), 1, 0, 0, 0, 0)
				for range 2 {
					if _, again := r.Leftover(m.desk()); m.ours() != 0 || again {
						t.Errorf("%d machines; a plan is offered: %v", m.ours(), again)
					}
					time.Sleep(time.Minute)
				}
			})
		})
	}
}

// silentDoer forgets which instance a refusal names.
type silentDoer struct{ *vastapi.Client }

func (s silentDoer) Do(ctx context.Context, c vastapi.Call) vastapi.Result {
	res := s.Client.Do(ctx, c)
	if res.Outcome == vastapi.OutcomeRejected {
		res.Contract = 0
	}
	return res
}

func TestARefusedRentWithoutALeftoverOffersNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Method: http.MethodPut, Path: "/api/v0/asks/", Status: 400})
		r := Execute(t.Context(), m.deps(), p, nil)
		if plan, ok := r.Leftover(m.desk()); ok || len(r.Leftovers()) > 0 {
			t.Errorf("a plan is offered: %+v", plan)
		}
	})
}

func TestAFleetAsAWholeHasActionsToo(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanFleet(places(9), noon, FleetOptions{Rent: someOptions, Count: 5, Least: 4, Ceiling: 1}, rich()))
	well := func(n int) (list []StepResult) {
		for i := range n {
			list = append(list, StepResult{Step: p.Steps[i], Index: i, Outcome: vastapi.OutcomeConfirmed, Contract: vastapi.InstanceID(i + 1), Verified: true})
		}
		return list
	}
	left := []StepResult{{Step: p.Steps[6], Outcome: vastapi.OutcomeRejected, Contract: 99}}
	lost := []StepResult{{Step: p.Steps[7], Outcome: vastapi.OutcomeUnknown}}
	for name, c := range map[string]struct {
		r    Report
		want string
	}{
		"well":        {Report{Plan: p, Done: well(5)}, ""},
		"enough":      {Report{Plan: p, Done: well(4)}, "rent more"},
		"short":       {Report{Plan: p, Done: well(3)}, "take back, rent more"},
		"none":        {Report{Plan: p}, "rent more"},
		"left behind": {Report{Plan: p, Done: well(3), Failed: left}, "destroy, take back, rent more"},
		"not known":   {Report{Plan: p, Done: well(4), Unknown: lost}, "look"},
	} {
		if got := c.r.Actions(); kinds(got) != c.want {
			t.Errorf("%s: %s", name, kinds(got))
		}
	}
	more := Report{Plan: p, Done: well(3)}.Actions()
	if more[1].Count != 2 || len(more[0].Instances) != 3 {
		t.Errorf("%+v", more)
	}
}
