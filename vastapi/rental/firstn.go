package rental

import (
	"context"
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
		if x.err != nil || x.wanting() && x.strange() || x.taken() >= x.plan.Want {
			break
		}
		if a.stage != stageUntried || !x.stillHolds() || a.stage != stageUntried {
			continue
		}
		if tried {
			x.glance()
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

// taken counts the machines that are rented or may be.
func (x *execution) taken() int {
	n := 0
	for _, a := range x.attempts {
		if a.takes() {
			n += max(1, len(a.copies))
		}
	}
	return n
}

// wanting reports whether fewer rents than wanted have happened or may have.
func (x *execution) wanting() bool {
	n := 0
	for _, a := range x.attempts {
		if a.takes() {
			n++
		}
	}
	return n < x.plan.Want
}

// strange stops for what a user has to look at first: a rent that made more than
// one instance, or one that failed and yet named one.
func (x *execution) strange() bool {
	for _, a := range x.attempts {
		if len(a.copies) > 1 || a.stage == stageFailed && a.contract != 0 {
			x.stop(fmt.Errorf("no more is tried: %s", a.why))
			return true
		}
	}
	return false
}

// glance looks once at what is not yet seen to have happened, in the time that
// has to pass anyway before the next request may leave.
func (x *execution) glance() {
	var labels []string
	var list []*attempt
	for _, a := range x.attempts {
		if a.pending() && isRent(a.step.Call) {
			list = append(list, a)
			labels = append(labels, labelOf(a))
		}
	}
	if len(list) == 0 || x.halted() {
		return
	}
	const short = 4 // less than the pause between two requests to rent
	ctx, cancel := context.WithTimeout(x.ctx, short*x.deps.Policy.Pace)
	defer cancel()
	s := sight{at: time.Now()}
	if err := x.lookForLabels(ctx, &s, labels); err == nil {
		x.brief = true
		x.judgeAll(list, s)
		x.brief = false
	}
}

// Why no more is rented after two requests without a clear answer, while it is not known
// what came of them, and once it is.
var (
	errUnclear = errors.New("two requests in a row had no clear answer: no more is rented until it is known what came of them")
	errCleared = errors.New("two requests in a row had no clear answer: no more was rented, and by now it is known what came of them")
)

// stillHolds reads the remaining candidates again, all in one search, when that
// was too long ago.
func (x *execution) stillHolds() bool {
	if time.Since(x.checked) <= x.deps.Policy.Refresh {
		return true
	}
	err := x.recheck()
	if errors.Is(err, ErrMoved) && x.tried() {
		err = fmt.Errorf("no more is tried: %s", x.moved[0])
		x.moved = nil // they say why nothing at all was sent
	}
	x.err = err
	return err == nil
}

// tried reports whether anything was sent.
func (x *execution) tried() bool {
	for _, a := range x.attempts {
		if a.tries > 0 {
			return true
		}
	}
	return false
}

// goOn decides whether the next candidate is tried after what came of a.
func (x *execution) goOn(a *attempt) bool {
	if a.stage == stageUnknown {
		x.unknowns++
		if x.unknowns >= 2 {
			return x.stop(errUnclear)
		}
		return true
	}
	x.unknowns = 0
	if a.stage != stageFailed {
		return true
	}
	switch kind := vastapi.KindOf(a.err); {
	case a.contract != 0:
		return x.stop(fmt.Errorf("no more is tried: %s", a.why))
	case kind == vastapi.KindGone || kind == vastapi.KindNotFound:
		a.stage = stageSkipped
		x.progress(a, StateSkipped, a.why)
	case a.unsent || x.endsAll(a):
		return x.stop(fmt.Errorf("no more is tried: %s", a.why))
	}
	return true
}

// endsAll reports whether what a was refused for will be so for every candidate:
// the key, the money, the limits of the account or the form. A refusal that does
// not tell is believed to be about the offer once, and not when it comes again.
func (x *execution) endsAll(a *attempt) bool {
	switch t := TroubleOf(a.err); t {
	case TroubleAuth, TroubleCredit, TroubleSpendLimit, TroubleImage, TroubleEnv, TroubleSSHKey:
		return true
	case TroubleForm, TroubleRefused:
		x.refusals++
		return x.refusals >= 2
	}
	return false
}

// leftBehind looks once for instances that refused rents may have left behind
// without saying so.
func (x *execution) leftBehind() {
	var labels []string
	var list []*attempt
	for _, a := range x.attempts {
		if isRent(a.step.Call) && a.stage == stageFailed && a.refused {
			list = append(list, a)
			labels = append(labels, labelOf(a))
		}
	}
	if len(list) == 0 || x.ctx.Err() != nil {
		return
	}
	ctx, cancel := x.reading()
	defer cancel()
	s := sight{at: time.Now()}
	if err := x.lookForLabels(ctx, &s, labels); err != nil {
		return
	}
	for _, a := range list {
		x.leftover(ctx, a, s)
	}
}

// leftover takes note of an instance that a refused rent left: one that carries
// its token, or the one that the refusal named.
func (x *execution) leftover(ctx context.Context, a *attempt, s sight) {
	found := s.rentals[a.step.Token]
	var i *vastapi.Instance
	switch {
	case len(found) > 0:
		i, a.foreign = pick(found, a.contract), false
		a.copied(found)
	case a.contract != 0 && ctx.Err() == nil:
		named, err := x.instance(a.contract)
		if err != nil || named == nil {
			return
		}
		i, a.foreign = named, !x.ours(a, named)
	default:
		return
	}
	known := a.contract == i.ID
	a.delivered, a.seenAt, a.contract = i, s.at, i.ID
	a.why = whyRejected(a)
	if len(a.copies) > 1 {
		a.why += ". " + twiceWords(a.copies)
	}
	x.progress(a, StateFailed, a.why)
	if !known {
		x.note(a, x.rejection(a))
	}
}

func labelOf(a *attempt) string { return a.step.Call.(vastapi.CreateInstance).Label }
