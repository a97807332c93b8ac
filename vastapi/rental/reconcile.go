package rental

import (
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// judgeRent decides what a look means for a rent: one that was accepted is
// compared with what was asked for, one without an answer is found or, after
// long enough, is not.
func (x *execution) judgeRent(a *attempt, s sight) {
	found := s.rentals[a.step.Token]
	switch {
	case len(found) > 0 && a.stage == stageAccepted:
		x.deliver(a, pick(found, a.contract))
	case len(found) > 0:
		x.found(a, found)
	case a.stage == stageAccepted:
		x.unseen(a)
	case s.partial:
		// Its row may be one of those that could not be read.
	default:
		a.looks++
		if a.looks >= x.deps.Policy.Checks && s.at.Sub(a.sent) >= x.deps.Policy.Settle {
			x.absent(a, whyAbsent(a))
		}
	}
}

func pick(found []*vastapi.Instance, id vastapi.InstanceID) *vastapi.Instance {
	for _, i := range found {
		if i.ID == id {
			return i
		}
	}
	return found[0]
}

// found ends the search for a rent whose answer was lost. Every instance with
// its token is named; none is ever destroyed for being one too many.
func (x *execution) found(a *attempt, found []*vastapi.Instance) {
	i := pick(found, a.contract)
	a.contract, a.stage, a.err = i.ID, stageAccepted, nil
	a.why = fmt.Sprintf("%s, but it was rented: instance %d", a.said, i.ID)
	for _, other := range found {
		a.copies = append(a.copies, other.ID)
	}
	if len(found) > 1 {
		a.why = fmt.Sprintf("it was rented %d times: instances %v; destroy those you do not want", len(found), a.copies)
	}
	x.note(a, record{Kind: recordConfirmed, Contract: i.ID, Via: "reading"})
	x.deliver(a, i)
}

// deliver compares what a rent got with what was asked for, once the instance
// tells what it is.
func (x *execution) deliver(a *attempt, i *vastapi.Instance) {
	a.delivered = i
	told := i.NumGPUs > 0 && !i.GPUName.Empty() && vastapi.Known(pricing.Running(i).Total())
	if !told && time.Since(a.sent) < x.deps.Policy.Seen {
		return
	}
	a.stage, a.verified = stageDone, true
	if f, ok := x.factOf(a); ok {
		a.differs = refuses(f.delivered(i)) // a lower price is no complaint
	}
	if len(a.differs) > 0 {
		a.why = fmt.Sprintf("instance %d is not what was asked for: %s; look at it, and destroy it if you do not want it", i.ID, a.differs[0])
	}
	x.progress(a, StateVerified, a.why)
}

func (x *execution) unseen(a *attempt) {
	if time.Since(a.sent) < x.deps.Policy.Seen {
		return
	}
	a.stage = stageDone
	a.why = fmt.Sprintf("rented as instance %d, which is not listed yet", a.contract)
	x.progress(a, StateAccepted, a.why)
}

func (x *execution) factOf(a *attempt) (Fact, bool) {
	for _, f := range x.plan.Basis.Facts {
		if f.Subject == a.step.Subject {
			return f, true
		}
	}
	return Fact{}, false
}

// delivered lists how an instance differs from the offer it was rented as. What
// it does not tell is no difference.
func (f Fact) delivered(i *vastapi.Instance) []Change {
	d := differences{subject: Subject{Instance: i.ID, Machine: i.MachineID}}
	if !i.GPUName.Empty() {
		d.text("GPU", f.GPU, i.GPUName)
	}
	if i.NumGPUs > 0 {
		d.number("GPUs", f.GPUs, i.NumGPUs)
	}
	if i.MachineID != 0 {
		d.number("machine", int(f.Subject.Machine), int(i.MachineID))
	}
	const rounding = 0.5
	if i.Disk < f.Disk-rounding {
		d.add("disk", gb(f.Disk), gb(i.Disk))
	}
	if i.Bid != (f.Bid != nil) {
		d.add("type", typeWord(f.Bid != nil), typeWord(i.Bid))
	}
	if price := pricing.Running(i).Total(); vastapi.Known(price) {
		d.price("price", f.Price.Total(), price, pricing.Shown)
	}
	return d.list
}

func typeWord(bid bool) string {
	if bid {
		return "interruptible"
	}
	return "on-demand"
}

func sameLabel(sent string, i *vastapi.Instance) bool {
	return safetext.New(sent).Equal(i.Label)
}
