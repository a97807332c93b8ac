package rental

import (
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// settle reads the account until it is known what came of the given attempts,
// or ctx is cancelled, or nothing could be read for too long. Reads happen at
// once and then less and less often; sending again starts over.
func (x *execution) settle(list []*attempt) {
	list = slices.Clone(list)
	begun, read := time.Now(), time.Now()
	for n := 0; ; n++ {
		list = slices.DeleteFunc(list, func(a *attempt) bool { return !a.pending() })
		if len(list) == 0 || !x.wait(begun.Add(x.deps.Policy.lookAt(n))) {
			return
		}
		s, err := x.look(list)
		if err == nil {
			read = time.Now()
		}
		if time.Since(read) > x.deps.Policy.GiveUp {
			return
		}
		if err == nil && x.judgeAll(list, s) {
			begun, n = time.Now(), 0
		}
	}
}

// wait sleeps until at; false means cancelled.
func (x *execution) wait(at time.Time) bool {
	d := time.Until(at)
	if d <= 0 { // a timer that is due already would be fired here, which virtual time and the race detector do not bear together
		return x.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-x.ctx.Done():
		return false
	case <-t.C:
		return x.ctx.Err() == nil
	}
}

// judgeAll holds every attempt against what was seen, and reports whether one
// was sent again.
func (x *execution) judgeAll(list []*attempt, s sight) bool {
	again := false
	for _, a := range list {
		if x.judge(a, s) {
			again = true
		}
	}
	return again
}

// judge decides what one look means for a. It reports whether a was sent again.
func (x *execution) judge(a *attempt, s sight) bool {
	switch c := a.step.Call.(type) {
	case vastapi.CreateInstance:
		x.judgeRent(a, s)
		return false
	case vastapi.RebootInstance, vastapi.RecycleInstance, vastapi.PrepayInstance:
		x.judgeTrace(a, s.targets[a.step.Subject.Instance], s.at)
		return false
	case vastapi.AcceptPriceIncrease, vastapi.RejectPriceIncrease:
		x.judgeIncrease(a, s.targets[a.step.Subject.Instance], s.at)
		return false
	case vastapi.AddSSHKey, vastapi.DeleteSSHKey, vastapi.AttachSSHKey, vastapi.DetachSSHKey:
		x.judgeKey(a, s.targets[a.step.Subject.Instance], s.at)
		return false
	case vastapi.CreateAPIKey, vastapi.DeleteAPIKey, vastapi.CreateEnvVar, vastapi.UpdateEnvVar, vastapi.DeleteEnvVar:
		x.judgeAccount(a, s.at)
		return false
	case vastapi.CreateVolume, vastapi.DeleteVolume, vastapi.CloneVolume:
		return x.judgeVolume(a, s.at)
	case vastapi.ExecuteCommand, vastapi.CopyData, vastapi.CancelCopy:
		x.judgeUnseen(a)
		return false
	default:
		i := s.targets[a.step.Subject.Instance]
		switch {
		case happened(c, i):
			x.seen(a, i)
		case i == nil:
			x.absent(a, "the instance is gone")
		default:
			return x.notYet(a, s.at)
		}
	}
	return false
}

// happened reports whether i, nil when it does not exist, is as c asks. A start
// or a stop shows in intended_status at once, long before actual_status.
func happened(c vastapi.Call, i *vastapi.Instance) bool {
	switch c := c.(type) {
	case vastapi.DestroyInstance:
		return i == nil
	case vastapi.SetInstanceState:
		return i != nil && i.Intended.String() == c.State
	case vastapi.LabelInstance:
		return i != nil && sameLabel(c.Label, i)
	case vastapi.UpdateInstance:
		return i != nil && updated(c, i)
	case vastapi.ChangeBid:
		return i != nil && pricing.Shown(i.DphBase) == pricing.Shown(c.Price)
	}
	return false
}

// judgeUnseen ends an attempt whose result no read can show.
func (x *execution) judgeUnseen(a *attempt) {
	a.unseeable = true
	if a.stage == stageAccepted {
		a.stage = stageDone
	}
}

// seen ends an attempt whose result was seen.
func (x *execution) seen(a *attempt, i *vastapi.Instance) {
	if a.doubted && i == nil {
		x.doubt(a)
		return
	}
	late := a.stage != stageAccepted
	a.stage, a.verified, a.why, a.err = stageDone, true, "", nil
	note := ""
	if c, ok := a.step.Call.(vastapi.SetInstanceState); ok && c.State == "running" && Display(*i).Class == ClassWaiting {
		a.queued = true
		a.why = "the GPU is in use: it starts when the GPU is free; stop cancels that"
		note = "waits for the GPU"
	}
	x.progress(a, StateVerified, note)
	if late {
		x.note(a, record{Kind: recordConfirmed, Via: "reading"})
	}
}

// notYet handles a look that did not show the result: look on, send again, or
// end. It reports whether a was sent again.
func (x *execution) notYet(a *attempt, at time.Time) bool {
	a.looks++
	if x.mayRepeat(a) {
		x.send(a)
		return true
	}
	if a.looks < x.deps.Policy.Checks || at.Sub(a.sent) < x.patience(a) {
		return false
	}
	if a.stage == stageAccepted && !a.repeatable() {
		a.stage, a.why = stageDone, "the server accepted it, but the instance does not show it yet: look again in a minute"
		x.progress(a, StateAccepted, a.why)
		return false
	}
	x.absent(a, whyAbsent(a))
	return false
}

// mayRepeat reports whether a is sent again now: it can do no harm, a read has
// just shown that it has not happened, and it has had time to.
func (x *execution) mayRepeat(a *attempt) bool {
	if !a.repeatable() || a.tries >= a.sends || x.ctx.Err() != nil || x.err != nil || x.halted() {
		return false
	}
	waited := time.Since(a.sent)
	switch a.stage {
	case stageRepeat:
		return waited >= max(pause(a.err), 2*x.deps.Policy.Pace)
	case stageUnknown:
		return a.looks >= 2
	}
	return waited >= x.deps.Policy.Seen
}

func pause(err error) time.Duration {
	if e, ok := apiError(err); ok {
		return e.Wait
	}
	return 0
}

// patience is how long the result of a is looked for. What costs money if it
// comes late is looked for longest.
func (x *execution) patience(a *attempt) time.Duration {
	if a.stage == stageUnknown && spends(a.step.Call) {
		return x.deps.Policy.Settle
	}
	return x.deps.Policy.Seen
}

// looksFor is how long a request without an answer is looked for when every read
// succeeds and nothing of it shows: until the first look after its patience ends,
// and as many times as it may be sent.
func (x *execution) looksFor(a *attempt) time.Duration {
	policy := x.deps.Policy
	patience := x.patience(a)
	n := max(0, policy.Checks-1)
	for policy.Pace > 0 && policy.lookAt(n) < patience {
		n++
	}
	took := max(policy.lookAt(n), patience)
	if a.repeatable() {
		took += time.Duration(max(0, a.sends-a.tries)) * policy.lookAt(1)
	}
	return took
}

// absent ends an attempt that did not happen.
func (x *execution) absent(a *attempt, why string) {
	if a.doubted {
		x.doubt(a)
		return
	}
	open := a.stage == stageUnknown
	a.stage, a.why = stageFailed, why
	x.progress(a, StateFailed, why)
	if open {
		x.note(a, record{Kind: recordAbsent, Checks: a.looks})
	}
}

// doubt ends the search for something that is missing in what may be another
// account.
func (x *execution) doubt(a *attempt) {
	a.unseeable = true
	a.why = "it is not here, but it may be of another account: log in with that key, or look at its instances"
	x.progress(a, StateUnknown, a.why)
}
