package rental

import (
	"errors"
	"fmt"
	"time"

	"vastdeck/vastapi"
)

// firstN goes through candidates until as many as wanted are confirmed. A rent
// without an answer counts as one until it is known not to have happened, so
// that there are never more than wanted.
func (x *execution) firstN() {
	for x.candidates() {
		x.settle(x.attempts)
	}
}

// candidates tries candidates for as long as more are wanted. It reports
// whether settling may make room for another round.
func (x *execution) candidates() bool {
	tried := false
	for _, a := range x.attempts {
		if x.err != nil || x.taken() >= x.plan.Want {
			break
		}
		if a.stage != stageUntried || !x.stillHolds() || a.stage != stageUntried {
			continue
		}
		tried = true
		if !x.send(a) || !x.goOn(a) {
			break
		}
	}
	if !tried {
		x.settle(x.attempts)
	}
	return tried
}

// taken counts what is rented or may be.
func (x *execution) taken() int {
	n := 0
	for _, a := range x.attempts {
		if a.stage == stageAccepted || a.stage == stageUnknown || a.stage == stageDone {
			n++
		}
	}
	return n
}

// stillHolds reads the remaining candidates again, all in one search, when that
// was too long ago.
func (x *execution) stillHolds() bool {
	if time.Since(x.checked) <= x.deps.Policy.Refresh {
		return true
	}
	if err := x.recheck(); err != nil {
		x.err = err
	}
	return x.err == nil
}

// goOn decides whether the next candidate is tried after what came of a.
func (x *execution) goOn(a *attempt) bool {
	if a.stage == stageUnknown {
		x.unknowns++
		if x.unknowns >= 2 {
			return x.stop(errors.New("two requests in a row had no clear answer: no more is rented until it is known what came of them"))
		}
		return true
	}
	x.unknowns = 0
	if a.stage != stageFailed {
		return true
	}
	switch kind := vastapi.KindOf(a.err); {
	case kind == vastapi.KindGone || kind == vastapi.KindNotFound:
		a.stage = stageSkipped
		x.progress(a, StateSkipped, a.why)
	case a.unsent || kind == vastapi.KindAuth || kind == vastapi.KindCredit:
		return x.stop(fmt.Errorf("no more is tried: %s", a.why))
	}
	return true
}
