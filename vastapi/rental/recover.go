package rental

import (
	"context"
	"time"

	"vastdeck/vastapi"
)

// Settled is what was found out about an operation that had been left open.
type Settled struct {
	Op        Op
	State     OpState              // OpConfirmed, OpAbsent, or OpUnknown when it still is not known
	Contracts []vastapi.InstanceID // every instance with the token of a rent; more than one is one too many
	Why       string               // in the user's words
}

// Recover finds out what became of the operations that the journal left open,
// by reading alone: it never sends a change. An operation that another process
// has in flight is looked for as well; that does no harm. It blocks until each is settled,
// which for a rent that did not happen is Policy.Settle after it can have been
// on its way, or until ctx is cancelled. Operations of another account than
// Deps.Account are left alone: this account cannot tell what became of them. progress is called for each as it is settled, from
// the same goroutine, and may be nil.
func Recover(ctx context.Context, deps Deps, progress func(Settled)) ([]Settled, error) {
	ops, err := Open(deps.Journal)
	if err != nil {
		return nil, err
	}
	open := ops.OpenFor(deps.Account)
	x := &execution{ctx: ctx, deps: deps}
	for n, op := range open {
		x.attempts = append(x.attempts, lookedFor(n, op, deps.Policy))
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
		out = append(out, settled(open[n], a))
	}
	return out, x.err
}

// lookedFor is an attempt that is only looked for, never sent.
func lookedFor(n int, op Op, policy Policy) *attempt {
	a := &attempt{
		index: n, op: op.ID, stage: stageUnknown, sent: lastOnItsWay(op, policy), stamp: op.last, contract: op.Contract, said: op.said,
		step: Step{Verb: op.Verb, Subject: op.Subject, Token: op.Token, Rate: op.MaxRate, Call: callOf(op)},
	}
	a.why = whyUnknown(a)
	if a.step.Call == nil {
		a.unseeable, a.why = true, "no record is kept of what it was: look at the instances"
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
		return vastapi.CreateInstance{Offer: op.Subject.Offer, Label: op.Label, Disk: op.Disk, Image: op.Image, Price: op.Bid}
	case "destroy":
		return vastapi.DestroyInstance{ID: op.Subject.Instance}
	case "start", "stop":
		return vastapi.SetInstanceState{ID: op.Subject.Instance, State: op.Asked}
	case "rename":
		return vastapi.LabelInstance{ID: op.Subject.Instance, Label: op.Label}
	}
	return nil
}

func settled(op Op, a *attempt) Settled {
	s := Settled{Op: op, State: OpUnknown, Contracts: a.copies, Why: sentence(a.why)}
	switch a.stage {
	case stageAccepted, stageDone:
		s.State = OpConfirmed
	case stageFailed:
		s.State = OpAbsent
	}
	return s
}
