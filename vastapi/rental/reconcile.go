package rental

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// judgeRent decides what a look means for a rent: one that was accepted is
// compared with what was asked for, one without an answer is found or, after
// long enough, is not.
func (x *execution) judgeRent(a *attempt, s sight) {
	found := s.rentals[a.step.Token]
	named := s.targets[a.contract]
	a.foreign = a.foreign || named != nil && a.stage == stageUnknown && !x.ours(a, named)
	switch {
	case len(found) > 0 && a.stage == stageAccepted:
		x.arrived(a, found)
	case len(found) > 0:
		x.found(a, found)
	case a.stage == stageAccepted:
		x.unseen(a)
	case named != nil && x.ours(a, named):
		x.found(a, []*vastapi.Instance{named})
	case s.partial:
		// Its row may be one of those that could not be read.
	case a.contract != 0 && x.brief:
		// It was not looked for by its number.
	default:
		a.looks++
		if a.looks >= x.deps.Policy.Checks && s.at.Sub(a.sent) >= x.deps.Policy.Settle {
			x.absent(a, whyAbsent(a))
		}
	}
}

func pick(found []*vastapi.Instance, id vastapi.InstanceID) *vastapi.Instance {
	if i := among(found, id); i != nil {
		return i
	}
	return found[0]
}

func among(found []*vastapi.Instance, id vastapi.InstanceID) *vastapi.Instance {
	for _, i := range found {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// ours reports whether i, which an answer named, can be what the rent a made. It
// carries the token, or what is left of a label that was lost on the way; one
// that was there before is another one.
func (x *execution) ours(a *attempt, i *vastapi.Instance) bool {
	label := i.Label.String()
	if _, token := SplitLabel(label); token != "" && token == a.step.Token {
		return true
	}
	const skew = time.Hour // between the clock of the server and this one
	if !i.Start.IsZero() && !a.sent.IsZero() && i.Start.Before(a.sent.Add(-skew)) {
		return false
	}
	return strings.HasPrefix(labelOf(a), label) && !x.wasThere(i.ID)
}

// wasThere reports whether the account had the instance before the plan was made.
func (x *execution) wasThere(id vastapi.InstanceID) bool {
	return slices.ContainsFunc(x.plan.Basis.Listed, func(l Listed) bool { return l.Instance == id })
}

// arrived holds a rent that was accepted against the instances with its token.
// The answer may have named another one than they are, or one more.
func (x *execution) arrived(a *attempt, found []*vastapi.Instance) {
	if among(found, a.contract) == nil {
		if x.brief {
			return
		}
		named, err := x.instance(a.contract)
		switch {
		case err != nil && time.Since(a.sent) < x.deps.Policy.Seen:
			return
		case named != nil && x.ours(a, named):
			found = append([]*vastapi.Instance{named}, found...)
		default:
			a.contract = found[0].ID
			x.note(a, record{Kind: recordConfirmed, Contract: a.contract, Via: "reading"})
		}
	}
	a.copied(found)
	x.deliver(a, pick(found, a.contract))
}

// copied takes note of the instances that one rent made.
func (a *attempt) copied(found []*vastapi.Instance) {
	if len(a.copies) > 1 {
		a.why = "" // it is said again if it is still so
	}
	a.copies = nil
	for _, i := range found {
		a.copies = append(a.copies, i.ID)
	}
	slices.Sort(a.copies)
	if len(a.copies) > 1 {
		a.why = twiceWords(a.copies) + "; destroy those you do not want"
	}
}

// found ends the search for a rent whose answer was lost. Every instance with
// its token is named; none is ever destroyed for being one too many.
func (x *execution) found(a *attempt, found []*vastapi.Instance) {
	i := pick(found, a.contract)
	a.contract, a.stage, a.err = i.ID, stageAccepted, nil
	a.why = fmt.Sprintf("%s, but it was rented: instance %d", a.said, i.ID)
	a.copied(found)
	x.note(a, record{Kind: recordConfirmed, Contract: i.ID, Via: "reading"})
	x.deliver(a, i)
}

// deliver compares what a rent got with what was asked for, once the instance
// tells what it is. One that does not in time was rented, but is not verified.
func (x *execution) deliver(a *attempt, i *vastapi.Instance) {
	a.delivered, a.seenAt = i, time.Now()
	if !Told(i) && time.Since(a.sent) < x.deps.Policy.Seen {
		return
	}
	a.stage, a.verified = stageDone, Told(i)
	a.foreign = !x.ours(a, i)
	a.differs = a.gotOtherwise(i)
	var why []string
	if len(a.copies) > 1 {
		why = append(why, a.why)
	}
	switch {
	case len(a.differs) > 0:
		x.checked = time.Time{} // what was read of the other offers may be as wrong
		then := "look at it, and destroy it if you do not want it"
		if a.foreign {
			then = "the answer named it, but it is another one: look at it before you rent again"
		}
		why = append(why, fmt.Sprintf("instance %d is not what was asked for: %s; %s", i.ID, a.differs[0], then))
	case !a.verified:
		why = append(why, fmt.Sprintf("rented as instance %d, which does not tell yet what it is: look at it in a minute", i.ID))
	}
	if len(why) > 0 {
		a.why = strings.Join(why, ". ")
	}
	state := StateVerified
	if !a.verified {
		state = StateAccepted
	}
	x.progress(a, state, a.why)
}

// unseen handles a look that did not show a rent that was accepted. Its label
// may not be the one that was sent, so it is asked for by its number as well.
func (x *execution) unseen(a *attempt) {
	a.looks++
	if a.looks >= unlabelledAfter && a.contract != 0 && !x.brief {
		if i, err := x.instance(a.contract); err == nil && i != nil {
			x.deliver(a, i)
			return
		}
	}
	if time.Since(a.sent) < x.deps.Policy.Seen {
		return
	}
	a.stage = stageDone
	a.why = fmt.Sprintf("rented as instance %d, which is not listed yet", a.contract)
	x.progress(a, StateAccepted, a.why)
}

// unlabelledAfter so many looks by its label a rent is looked for by its number.
const unlabelledAfter = 2

func typeWord(bid bool) string {
	if bid {
		return "interruptible"
	}
	return "on-demand"
}

func sameLabel(sent string, i *vastapi.Instance) bool {
	return safetext.New(sent).Equal(i.Label)
}
