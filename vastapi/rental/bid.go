package rental

import (
	"fmt"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// UndoByBid is the way back from another bid.
const UndoByBid Undo = "another bid takes it back"

// PlanBid plans to bid price, in $/h for the whole instance, for target, which is
// interruptible. A bid above the price to hold lets one that was outbid run again.
func PlanBid(target vastapi.Instance, price vastapi.Rate, d Desk) (Plan, error) {
	d = d.sure()
	if _, _, err := remaining([]vastapi.Instance{target}); err != nil {
		return Plan{}, err
	}
	i := &target
	switch {
	case !i.Bid:
		return Plan{}, fmt.Errorf("instance %d is rented on demand: its price is no bid", i.ID)
	case ended(i, d.Now):
		return Plan{}, fmt.Errorf("the contract of instance %d has ended: copy its data, then destroy it", i.ID)
	case !(price >= vastapi.MinBidPrice && price <= MostBid(i)):
		return Plan{}, FieldError{"bid", fmt.Sprintf("between %s and %s", pricing.Shown(vastapi.MinBidPrice), pricing.Shown(MostBid(i)))}
	case pricing.Shown(price) == pricing.Shown(i.DphBase):
		return Plan{}, FieldError{"bid", "this is what is bid already"}
	}
	rate := bidChange(i, price)
	p := lifecyclePlan("bid", []vastapi.Instance{target}, d)
	p.Title, p.Button, p.Keep = fmt.Sprintf("Change the bid for instance %d", i.ID), "Bid "+pricing.Shown(price), "Cancel"
	p.addStep(i, instanceDetail(i), UndoByBid, vastapi.ChangeBid{ID: i.ID, Price: price})
	p.Steps[0].Rate = max(0, rate)
	p.addMoney(i, fmt.Sprintf("bid %s -> %s, the price to hold is %s", pricing.Shown(i.DphBase), pricing.Shown(price), pricing.ShownEnough(i.MinBid)))
	p.Cost = pricing.Between(d.Before(), rate, d.Credit)
	p.Checks, p.Ceiling = checkCaps(rate, d)
	if price < i.DphBase {
		p.Checks, p.Ceiling = nil, anyCeiling()
		p.Basis.Facts[0].Lowered = i.DphBase // nothing else is held against it
	}
	p.Consent = overCaps(Consent{Kind: ConsentChoose}, p.Checks)
	var w warnings
	w.add(price < i.MinBid, Caution, "the bid is below the price to hold: it is stopped, or stays so, and %s", stoppedBill(i, rate))
	if price < i.MinBid {
		w.copyFirst([]vastapi.Instance{target}, d)
	}
	w.add(price < i.MinBid, Note, "it resumes by itself when the bid wins again, and its GPU is billed again then, also while nobody looks")
	w.add(price >= i.MinBid && pricing.AtRisk(price, i.MinBid), Caution, "%s", stillAtRisk(i, price))
	w.add(!(i.MinBid > 0), Note, "the price to hold is not known now, so it cannot be said whether this bid holds")
	w.add(Display(*i).Word == "OUTBID" && price >= i.MinBid, Note, "it runs again by itself, and is billed for its GPU then")
	w.credit(rate, d)
	p.Warnings = w
	return p, nil
}

// stoppedBill is what i is billed while a bid does not hold. What a plan shows beside
// it is the dearer way.
func stoppedBill(i *vastapi.Instance, rate vastapi.Rate) string {
	disk := pricing.Stopped(i)
	if !vastapi.Known(disk) || rate == 0 {
		return "its disk is billed"
	}
	return "its disk is billed, " + pricing.Shown(disk) + "; the figures above count it as running"
}

// stillAtRisk says that a bid which holds does so by too little, and which one would not.
func stillAtRisk(i *vastapi.Instance, price vastapi.Rate) string {
	now := "then"
	if Display(*i).Class == ClassRunning && pricing.AtRisk(i.DphBase, i.MinBid) {
		now = "still"
	}
	return now + " " + pricing.Risk(price, i.MinBid)
}

// MostBid is the highest bid that the API takes for i, in $/h for all its GPUs: 32 $/h a
// GPU (the official client).
func MostBid(i *vastapi.Instance) vastapi.Rate { return 32 * vastapi.Rate(max(1, i.NumGPUs)) }

// bidChange is by how much a bid changes what i will be billed. One that was
// stopped, not outbid, stays stopped, and one that is outbid stays so with a lower
// bid; one that is outbid by the bid is taken to run on, which is the dearer way.
func bidChange(i *vastapi.Instance, price vastapi.Rate) vastapi.Rate {
	out := Display(*i).Word == "OUTBID"
	switch {
	case out && price < i.DphBase && price < i.MinBid:
		return 0
	case i.Intended.String() == "stopped" && !out:
		return 0
	}
	return price + pricing.Stopped(i) - pricing.Will(i)
}
