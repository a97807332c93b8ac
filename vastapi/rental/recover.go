package rental

import (
	"context"
	"time"

	"vastdeck/vastapi"
)

// Settled is what was found out about an operation that had been left open.
type Settled struct {
	Op        Op
	State     OpState              // OpConfirmed, OpAbsent, OpUnknown when it still is not known, OpClosed when it never will be
	Contracts []vastapi.InstanceID // every instance with the token of a rent; more than one is one too many
	Why       string               // in the user's words

	Delivered   *vastapi.Instance // what a rent got, nil when none was seen
	Differences []Difference      // where that differs from what the journal keeps of what was asked for
}

// Recover finds out what became of the operations that the journal left open,
// by reading alone: it never sends a change. An operation that another process
// has in flight is looked for as well; that does no harm. It blocks until each is settled,
// which for a rent that did not happen is Policy.Settle after it can have been
// on its way, or until ctx is cancelled. Operations of another account than
// Deps.Account are left alone: this account cannot tell what became of them. Where
// it is not told whose an operation is, or whose account is read, what is seen is
// believed, and what is missing is not. What is still not known a day after it was
// last heard of is closed: it is told once more, and no longer looked for or held
// against the caps. progress is called for each as it is settled, from the same
// goroutine, and may be nil.
func Recover(ctx context.Context, deps Deps, progress func(Settled)) ([]Settled, error) {
	ops, err := Open(deps.Journal)
	if err != nil {
		return nil, err
	}
	open := ops.OpenFor(deps.Account)
	x := &execution{ctx: ctx, deps: deps}
	for n, op := range open {
		a := lookedFor(n, op, deps.Policy)
		a.doubted = op.Account == "" || op.Account != deps.Account
		x.attempts = append(x.attempts, a)
	}
	x.tell = func(p Progress) {
		if a := x.attempts[p.Step]; progress != nil && !a.pending() {
			progress(settled(open[p.Step], a))
		}
	}
	x.settle(x.attempts)
	if x.err == nil && ctx.Err() != nil {
		x.err = ctx.Err()
	}
	var out []Settled
	for n, a := range x.attempts {
		one := settled(open[n], a)
		if x.close(a, open[n]) {
			one.State, one.Why = OpClosed, sentence("it never became known what came of it, and it is not looked for any more: "+whereToLook(open[n]))
		}
		out = append(out, one)
	}
	return out, x.err
}

// closedAfter is how long after it was last heard of an operation that no reading
// can tell about is given up.
const closedAfter = 24 * time.Hour

// close ends an operation that was looked for in vain, or cannot be looked for, a
// day after it was last heard of.
func (x *execution) close(a *attempt, op Op) bool {
	if a.stage != stageUnknown || !a.unseeable || time.Since(op.When()) < closedAfter || x.ctx.Err() != nil {
		return false
	}
	return x.note(a, record{Kind: recordUnknown, Plan: op.Plan, Status: op.said.status, Error: string(op.said.kind), Closed: true})
}

// whereToLook says what shows what became of an operation.
func whereToLook(op Op) string {
	switch {
	case op.Verb == "prepay":
		return "the invoices in the console show whether it was paid"
	case op.Verb == "rent":
		return "look whether an instance is there that you do not know"
	case op.Verb == verbCreateAPIKey || op.Verb == verbDeleteAPIKey:
		return "look at the API keys of the account"
	case op.Verb == verbSetVariable || op.Verb == verbDropVariable:
		return "look at the variables of the account; a value cannot be read, only set again"
	case op.Verb == verbCopyData || op.Verb == verbCancelCopy:
		return "the message of the instances shows whether something is copied"
	case op.Subject.Instance != 0:
		return "look at instance " + op.Subject.Instance.String()
	}
	return "look at the instances"
}

// lookedFor is an attempt that is only looked for, never sent.
func lookedFor(n int, op Op, policy Policy) *attempt {
	a := &attempt{
		index: n, op: op.ID, stage: stageUnknown, sent: lastOnItsWay(op, policy), stamp: op.last, contract: op.Contract, said: op.said,
		newest: op.newestVolume, newestKey: op.newestKey,
		step: Step{Verb: op.Verb, Subject: op.Subject, Token: op.Token, Rate: op.MaxRate, Call: callOf(op)},
	}
	a.why = whyUnknown(a)
	a.asked, a.compares = op.Agreed()
	a.step.Was = wasOf(op)
	switch c := a.step.Call.(type) {
	case nil:
		a.unseeable, a.why = true, "no record is kept of what it was: look at the instances"
	case vastapi.UpdateInstance:
		a.unseeable = c.Image == "" && c.Template == "" // variables and scripts are not kept
	}
	return a
}

// lastOnItsWay is when the request may have been on its way the latest: until it
// was given up or, when no record tells, for as long as it may wait and take,
// since its process may be alive. That is not longer from now even if the clock
// was set back.
func lastOnItsWay(op Op, policy Policy) time.Time {
	at := op.last
	if op.State == OpSent {
		at = at.Add(policy.Wait + policy.Request)
	}
	latest := time.Now().Add(policy.Wait + policy.Request)
	if op.last.IsZero() || at.After(latest) {
		return latest
	}
	return at
}

// callOf is the request of op as far as the journal tells: enough to recognise
// its result. It is nil for one whose intent is not kept any more.
func callOf(op Op) vastapi.Call {
	switch op.Verb {
	case "rent":
		return vastapi.CreateInstance{
			Offer: op.Subject.Offer, Label: op.Label, Disk: op.Disk, Image: op.Image, Price: op.Bid,
			Template: op.kept.Template, RunType: op.kept.RunType, Env: op.kept.env(), CancelUnavail: true,
		}
	case "destroy":
		return vastapi.DestroyInstance{ID: op.Subject.Instance}
	case "start", "stop":
		return vastapi.SetInstanceState{ID: op.Subject.Instance, State: op.Asked}
	case "rename":
		return vastapi.LabelInstance{ID: op.Subject.Instance, Label: op.Label}
	case "reboot":
		return vastapi.RebootInstance{ID: op.Subject.Instance}
	case "recycle":
		return vastapi.RecycleInstance{ID: op.Subject.Instance}
	}
	return callAboutMoney(op)
}

// callAboutMoney is callOf for requests of which journals of earlier versions do
// not tell enough.
func callAboutMoney(op Op) vastapi.Call {
	switch {
	case op.Verb == "update":
		return vastapi.UpdateInstance{ID: op.Subject.Instance, Image: op.Image, Template: op.kept.Template}
	case op.Verb == "prepay" && op.Amount > 0:
		return vastapi.PrepayInstance{ID: op.Subject.Instance, Amount: op.Amount}
	case op.Verb == "bid" && op.Bid != nil:
		return vastapi.ChangeBid{ID: op.Subject.Instance, Price: *op.Bid}
	case op.Verb == "accept" && op.Increase != 0:
		return vastapi.AcceptPriceIncrease{Increase: op.Increase, Instance: op.Subject.Instance}
	case op.Verb == "reject" && op.Increase != 0:
		return vastapi.RejectPriceIncrease{Increase: op.Increase, Instance: op.Subject.Instance}
	}
	return callAboutOthers(op)
}

// callAboutOthers is callOf for what is not about an instance alone.
func callAboutOthers(op Op) vastapi.Call {
	switch {
	case op.Verb == "create volume":
		return vastapi.CreateVolume{Offer: op.Subject.Offer, Size: op.Disk, Name: op.Label}
	case op.Verb == "clone volume":
		return vastapi.CloneVolume{Source: op.Subject.Volume, Offer: op.Subject.Offer, Size: op.Disk}
	case op.Verb == "delete volume":
		return vastapi.DeleteVolume{ID: op.Subject.Volume}
	case op.Verb == verbCopyData:
		return keptCopy(op)
	case op.Verb == verbCancelCopy:
		return vastapi.CancelCopy{To: vastapi.CopyEnd{Instance: op.Subject.Instance, Volume: op.Subject.Volume}}
	case op.Verb == "add key" && op.Key != "":
		return vastapi.AddSSHKey{Key: op.Key}
	case op.Verb == "attach" && op.Key != "":
		return vastapi.AttachSSHKey{ID: op.Subject.Instance, Key: op.Key}
	case op.Verb == "delete key" && op.KeyID != 0:
		return vastapi.DeleteSSHKey{Key: op.KeyID}
	case op.Verb == "detach" && op.KeyID != 0:
		return vastapi.DetachSSHKey{ID: op.Subject.Instance, Key: op.KeyID}
	}
	return callAboutAccount(op)
}

// callAboutAccount is callOf for the account's keys and variables, whose values and
// permissions are not kept.
func callAboutAccount(op Op) vastapi.Call {
	switch {
	case op.Verb == verbCreateAPIKey && op.About != "":
		return vastapi.CreateAPIKey{Name: op.About, Permissions: permissionsOf(op.may)}
	case op.Verb == verbDeleteAPIKey && op.APIKey != 0:
		return vastapi.DeleteAPIKey{Key: op.APIKey}
	case op.Verb == verbSetVariable && op.About != "" && op.changes:
		return vastapi.UpdateEnvVar{Key: op.About}
	case op.Verb == verbSetVariable && op.About != "":
		return vastapi.CreateEnvVar{Key: op.About}
	case op.Verb == verbDropVariable && op.About != "":
		return vastapi.DeleteEnvVar{Key: op.About}
	}
	return nil
}

// wasOf is the target as it was before the request, as far as the journal tells;
// nil where that is not enough to see a difference.
func wasOf(op Op) *vastapi.Instance {
	unknown := vastapi.Unknown[vastapi.Rate]()
	i := &vastapi.Instance{ID: op.Subject.Instance, Deposit: op.deposit, DphBase: op.was, DphTotal: unknown, IfRunning: unknown}
	switch op.Verb {
	case "prepay":
		return i
	case "accept", "reject":
		if vastapi.Known(op.was) {
			return i
		}
	}
	return nil
}

func settled(op Op, a *attempt) Settled {
	s := Settled{
		Op: op, State: OpUnknown, Contracts: a.copies, Why: sentence(a.why), Delivered: a.delivered, Differences: a.differs,
	}
	switch a.stage {
	case stageAccepted, stageDone:
		s.State = OpConfirmed
	case stageFailed:
		s.State = OpAbsent
	}
	return s
}
