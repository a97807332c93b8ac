package rental

import (
	"errors"
	"fmt"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// The ways back from answering a price increase.
const (
	UndoAccept Undo = "destroy ends it; the old price does not come back"
	UndoReject Undo = "the host may ask again"
)

// Rise is what a price increase changes for an instance.
type Rise struct {
	Old, New pricing.Breakdown // while it runs; unknown where the host's price is
}

// RiseOf is what p changes for i. What the increase leaves out stays as it is.
func RiseOf(i *vastapi.Instance, p vastapi.PriceIncrease) Rise {
	now := pricing.Running(i)
	r := Rise{Old: now, New: now}
	if vastapi.Known(p.OldGPU) {
		r.Old.GPU = p.OldGPU
	}
	if vastapi.Known(p.NewGPU) {
		r.New.GPU = p.NewGPU
	}
	if vastapi.Known(p.OldDisk) {
		r.Old.Disk = p.OldDisk.Hourly(i.Disk)
	}
	if vastapi.Known(p.NewDisk) {
		r.New.Disk = p.NewDisk.Hourly(i.Disk)
	}
	return r
}

// Change is by how much the instance gets dearer while it runs.
func (r Rise) Change() vastapi.Rate { return r.New.Total() - r.Old.Total() }

// billed is by how much what i Will be billed changes: its disk alone when it is
// to be stopped.
func (r Rise) billed(i *vastapi.Instance) vastapi.Rate {
	if i.Intended.String() == "stopped" {
		return r.New.Disk - r.Old.Disk
	}
	return r.Change()
}

// PlanAcceptIncrease plans to agree to the higher prices in list, of those targets
// that have one in it. Each is one step by its own id, and no two may be about one
// instance.
func PlanAcceptIncrease(targets []vastapi.Instance, list []vastapi.PriceIncrease, d Desk) (Plan, error) {
	d = d.sure()
	p, pairs, err := planIncrease("accept", targets, list, d)
	if err != nil {
		return Plan{}, err
	}
	var total vastapi.Rate
	for _, x := range pairs {
		rise := RiseOf(&x.target, x.increase)
		rate := rise.billed(&x.target)
		total += rate
		p.addStep(&x.target, instanceDetail(&x.target), UndoAccept, vastapi.AcceptPriceIncrease{Increase: x.increase.ID, Instance: x.target.ID})
		p.Steps[len(p.Steps)-1].Rate = max(0, rate)
		p.addRise(&x.target, x.increase, rise)
	}
	p.Cost = pricing.Between(d.Before(), total, d.Credit)
	d.Budget = Budget{} // refusing it would end the contract, so that no budget stands against it
	p.Checks, p.Ceiling = checkCaps(total, d)
	p.Consent = overCaps(Consent{Kind: ConsentChoose}, p.Checks)
	var w warnings
	w.add(true, Note, "the higher price counts from then on")
	w.credit(total, d)
	p.Warnings = w
	return p, nil
}

// PlanRejectIncrease plans to refuse the higher prices in list, of those targets
// that have one in it. Each is one step by its own id, and no two may be about one
// instance.
func PlanRejectIncrease(targets []vastapi.Instance, list []vastapi.PriceIncrease, d Desk) (Plan, error) {
	d = d.sure()
	p, pairs, err := planIncrease("reject", targets, list, d)
	if err != nil {
		return Plan{}, err
	}
	for _, x := range pairs {
		p.addStep(&x.target, instanceDetail(&x.target), UndoReject, vastapi.RejectPriceIncrease{Increase: x.increase.ID, Instance: x.target.ID})
		p.addRise(&x.target, x.increase, RiseOf(&x.target, x.increase))
	}
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	p.Consent = Consent{Kind: ConsentChoose}
	var w warnings
	w.add(true, Caution, "the price stays, but the host need not prolong: the contract then ends when it was to end, and the instance is stopped for good")
	for _, x := range pairs {
		w.add(!x.increase.ContractEnd.IsZero(), Note, "the contract of #%d ends in %s", x.target.ID, span(x.increase.ContractEnd.Sub(d.Now)))
	}
	w.uncertain(d)
	p.Warnings = w
	return p, nil
}

// risen is an instance and what its host asks for.
type risen struct {
	target   vastapi.Instance
	increase vastapi.PriceIncrease
}

func planIncrease(verb string, targets []vastapi.Instance, list []vastapi.PriceIncrease, d Desk) (Plan, []risen, error) {
	targets, _, err := remaining(targets)
	if err != nil {
		return Plan{}, nil, err
	}
	var pairs []risen
	var with []vastapi.Instance
	asks := make(map[vastapi.InstanceID]vastapi.PriceIncrease, len(list))
	for _, p := range list {
		if other, twice := asks[p.Instance]; twice && other.ID != p.ID {
			return Plan{}, nil, fmt.Errorf("the host of instance %d asks more than once: answer one increase after the other", p.Instance)
		}
		asks[p.Instance] = p
	}
	for _, i := range targets {
		if p, ok := asks[i.ID]; ok {
			pairs, with = append(pairs, risen{i, p}), append(with, i)
		}
	}
	if len(pairs) == 0 {
		return Plan{}, nil, errors.New("no price increase is waiting for an answer here")
	}
	p := lifecyclePlan(verb, with, d)
	p.Title = capital(verb) + " the higher price of " + counted(len(with), "instance")
	if len(with) == 1 {
		p.Title = fmt.Sprintf("%s the higher price of instance %d", capital(verb), with[0].ID)
	}
	p.Keep = "Cancel"
	return p, pairs, nil
}

// addRise adds the lines with the prices before and after, and the fact that the
// increase waits at these prices.
func (p *Plan) addRise(i *vastapi.Instance, inc vastapi.PriceIncrease, r Rise) {
	p.Basis.Facts[len(p.Basis.Facts)-1].Increase = &inc
	p.addMoney(i, fmt.Sprintf("%s -> %s while it runs, %s a month", pricing.Shown(r.Old.Total()), pricing.Shown(r.New.Total()), signed(r.Change().Month())))
	if pricing.Shown(r.Old.Disk) != pricing.Shown(r.New.Disk) {
		p.addMoney(i, fmt.Sprintf("of that the disk: %s -> %s, also while stopped", pricing.Shown(r.Old.Disk), pricing.Shown(r.New.Disk)))
	}
	for _, t := range []struct {
		what     string
		old, new vastapi.PerGB
	}{{"traffic in", inc.OldDown, inc.NewDown}, {"traffic out", inc.OldUp, inc.NewUp}} {
		if vastapi.Known(t.new) && t.new != t.old {
			p.addMoney(i, fmt.Sprintf("%s: %s -> %s", t.what, perGB(t.old), perGB(t.new)))
		}
	}
}

// signed is an amount with its sign.
func signed(a vastapi.Amount) string {
	if a >= 0 {
		return "+" + pricing.Money(a)
	}
	return pricing.Money(a)
}
