package rental

import (
	"vastdeck/vastapi"
)

// answered takes note of what came of a request, first on disk. It returns
// false when nothing more may be sent.
func (x *execution) answered(a *attempt, res vastapi.Result) bool {
	a.err, a.queued, a.said = res.Err, res.Queued, replyOf(res)
	if res.Contract != 0 {
		a.contract = res.Contract
	}
	if res.Volume != 0 {
		a.volume = res.Volume
	}
	if res.Output.Given() {
		a.output = res.Output
	}
	if res.Key.ID != 0 || res.Key.Given() {
		a.key = res.Key
	}
	switch outcomeOf(a.step.Call, res) {
	case vastapi.OutcomeConfirmed:
		a.err = nil
		return x.accept(a)
	case vastapi.OutcomeRejected:
		return x.reject(a)
	case vastapi.OutcomeNotSent:
		a.stage, a.unsent, a.why = stageFailed, true, whyNotSent(a.err)
		x.progress(a, StateFailed, a.why)
		return x.note(a, record{Kind: recordNotSent})
	}
	return x.lose(a)
}

// outcomeOf mends what an answer claims by what it holds: a rent without an id
// may have happened or not, and what is gone needs no destroying.
func outcomeOf(c vastapi.Call, res vastapi.Result) vastapi.Outcome {
	switch {
	case isRent(c) && res.Outcome == vastapi.OutcomeConfirmed && res.Contract == 0:
		return vastapi.OutcomeUnknown
	case isDestroy(c) && res.Outcome == vastapi.OutcomeRejected && vastapi.KindOf(res.Err) == vastapi.KindNotFound:
		return vastapi.OutcomeConfirmed
	}
	return res.Outcome
}

func (x *execution) accept(a *attempt) bool {
	a.stage = stageAccepted
	note := ""
	if a.queued {
		a.stage = stageDone
		a.why = "the GPU is in use: it starts when the GPU is free; stop cancels that"
		note = "waits for the GPU"
	}
	x.progress(a, StateAccepted, note)
	return x.note(a, record{Kind: recordConfirmed, Contract: a.contract, Via: "response"})
}

func (x *execution) reject(a *attempt) bool {
	kind := vastapi.KindOf(a.err)
	if kind == vastapi.KindRateLimited && isRent(a.step.Call) {
		found, sure := x.foundAfterAll(a)
		switch {
		case found:
			return x.err == nil
		case !sure:
			return x.lose(a)
		}
	}
	a.stage, a.refused, a.why = stageFailed, true, whyRejected(a)
	if kind == vastapi.KindRateLimited && a.repeatable() && a.tries < a.sends {
		a.stage = stageRepeat
		x.progress(a, StateWaiting, "the server asks to slow down; it is tried again")
	} else {
		x.progress(a, StateFailed, a.why)
	}
	return x.note(a, x.rejection(a))
}

func (x *execution) rejection(a *attempt) record {
	return record{Kind: recordRejected, Contract: x.named(a), Status: a.said.status, Error: string(a.said.kind)}
}

// named is the instance that the journal keeps of an answer that is no clear yes:
// what it was to be destroyed by, were it found later, so never one that was there
// before.
func (x *execution) named(a *attempt) vastapi.InstanceID {
	if x.wasThere(a.contract) {
		return 0
	}
	return a.contract
}

// foundAfterAll looks once for a rent that was refused for coming too early: an
// answer like that has been seen from something in between, after the rent. What
// is not found is surely not there only when the look showed everything.
func (x *execution) foundAfterAll(a *attempt) (found, sure bool) {
	s, err := x.look([]*attempt{a})
	if err != nil {
		return false, false
	}
	if list := s.rentals[a.step.Token]; len(list) > 0 {
		x.found(a, list)
		return true, true
	}
	return false, !s.partial
}

// lose notes that no answer came, or none that says what was done. After a
// cancel the journal keeps the operation as sent, which is just as open, unless
// the answer named an instance to look for.
func (x *execution) lose(a *attempt) bool {
	a.stage, a.why = stageUnknown, whyUnknown(a)
	unknown := record{Kind: recordUnknown, Contract: x.named(a), Status: a.said.status, Error: string(a.said.kind)}
	if x.ctx.Err() != nil {
		x.progress(a, StateUnknown, a.said.brief()+"; the next start looks for it")
		if unknown.Contract != 0 && !x.note(a, unknown) {
			return false
		}
		return x.stop(errCancelled)
	}
	x.progress(a, StateUnknown, a.said.brief()+"; reading the account to find out, at most "+minutes(x.looksFor(a)))
	return x.note(a, unknown)
}

// note puts an outcome on disk. It cannot undo what happened, but when the disk
// fails nothing further may be sent.
func (x *execution) note(a *attempt, r record) bool {
	r.Plan, r.Op = x.plan.ID, a.op
	if err := x.write(a, r); err != nil {
		return x.stop(err)
	}
	return true
}
