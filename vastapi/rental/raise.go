package rental

import (
	"fmt"
	"math"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// What a raise goes beyond the price to hold: prices move between two readings, and a
// bid that just meets the price is outbid by the next cent. It is as much as the price
// has been seen to rise at once, and within these shares of it. The least is what a bid
// needs not to be at risk, so that a raise that no limit cuts is enough.
const (
	LeastAboveHold = pricing.SafeMargin
	MostAboveHold  = 0.20
)

// Moved is by how much of itself a price to hold was seen to rise at most, and in which
// time: "within an hour, in this run". The zero Moved has seen nothing.
type Moved struct {
	Rise float64
	When string
}

// bidStep is the smallest step of a bid that a raise proposes, in $/h.
const bidStep = 0.001

// Raise is what raising a bid until it holds comes to. Rates are in $/h for all GPUs
// of the instance.
type Raise struct {
	Price  vastapi.Rate // what is proposed: the price to hold and Beyond of it, or Most
	Hold   vastapi.Rate // the price to hold now
	Beyond float64      // the share of Hold that is added, LeastAboveHold to MostAboveHold
	Most   vastapi.Rate // above it nothing is proposed; unknown = there is no limit
	Limit  string       // which limit that is: "the on-demand price"; "" = none
	moved  Moved
}

// RaiseToHold works out the bid with which i holds its GPU again: the price to hold and
// as much more as that was seen to rise, by at least a step. Its limit is the
// lower of the on-demand price of the same GPUs, as far as that is known, and caps.Raise
// of the present bid. What a limit has cut may still be at risk; it is never less than
// the price to hold. An error is a sentence that says why nothing is proposed, also
// because what would be is bid already.
func RaiseToHold(i *vastapi.Instance, onDemand vastapi.Rate, moved Moved, caps Caps) (Raise, error) {
	r := Raise{Hold: i.MinBid, Most: vastapi.Unknown[vastapi.Rate](), Beyond: LeastAboveHold}
	if moved.Rise > r.Beyond {
		r.Beyond, r.moved = min(moved.Rise, MostAboveHold), moved
	}
	r.limit(onDemand, "the on-demand price")
	if caps.Raise > 0 {
		r.limit(i.DphBase*vastapi.Rate(1+caps.Raise), fmt.Sprintf("your limit of %.0f%% over the bid (bids.most_over)", 100*caps.Raise))
	}
	r.limit(MostBid(i), "the highest bid that the API takes")
	switch {
	case !i.Bid:
		return r, fmt.Errorf("instance %d is rented on demand: its price is no bid", i.ID)
	case !(r.Hold > 0):
		return r, fmt.Errorf("the price to hold is not known now, so no bid is proposed")
	case r.Hold > r.Most:
		return r, fmt.Errorf("the price to hold is %s, above %s, %s", pricing.ShownEnough(r.Hold), r.Limit, pricing.Shown(r.Most))
	}
	r.Price = max(steps(max(r.Hold*vastapi.Rate(1+r.Beyond), r.Hold+bidStep), math.Ceil), vastapi.MinBidPrice)
	if r.Price > r.Most {
		r.Price = max(r.Hold, steps(r.Most, math.Floor))
	}
	if r.Price <= i.DphBase {
		return r, fmt.Errorf("its bid is %s, and %s", pricing.Shown(i.DphBase), r.enough(i.DphBase))
	}
	return r, nil
}

// enough says of a bid why not more is proposed.
func (r Raise) enough(bid vastapi.Rate) string {
	if pricing.AtRisk(bid, r.Hold) {
		return "not more is proposed than " + pricing.Shown(r.Most) + ", " + r.Limit
	}
	return "holds with as much to spare as is proposed"
}

// Rule says in one line how the proposal came about.
func (r Raise) Rule() string {
	text := fmt.Sprintf("the price to hold, %s, and %.0f%% beyond it", pricing.ShownEnough(r.Hold), 100*r.Beyond)
	switch {
	case r.moved.Rise > MostAboveHold:
		text += fmt.Sprintf(", the most that is added: it rose by %.0f%% %s", 100*r.moved.Rise, r.moved.When)
	case r.moved.Rise > 0:
		text += fmt.Sprintf(", as much as it rose %s", r.moved.When)
	default:
		text += ", the least that is added"
	}
	if vastapi.Known(r.Most) {
		text += "; at most " + pricing.Shown(r.Most) + ", " + r.Limit
	}
	return text
}

// limit lowers what is proposed at most.
func (r *Raise) limit(most vastapi.Rate, name string) {
	if most > 0 && !(most >= r.Most) {
		r.Most, r.Limit = most, name
	}
}

// steps is a rate in whole steps. The slack keeps what is a whole step already.
func steps(r vastapi.Rate, round func(float64) float64) vastapi.Rate {
	const slack = 1e-6
	n := float64(r) / bidStep
	if near := math.Round(n); math.Abs(n-near) < slack {
		n = near
	}
	return vastapi.Rate(math.Round(round(n)) / (1 / bidStep))
}

// ByRenter reports whether the instance is stopped because its renter wanted that,
// as far as readings and orders have shown; an outbid one is not.
func (w Watched) ByRenter() bool { return w.asked() }

// Outbids counts how often the instance was seen to lose its GPU to a higher bid. One
// that was outbid when it was seen first counts. A machine that could not be reached
// for a while begins no new one.
func (w Watched) Outbids() int {
	n, held := 0, true
	for _, s := range w.States {
		switch {
		case s.State.Word == "OUTBID":
			if held {
				n++
			}
			held = false
		case s.State.Class != ClassLost:
			held = true
		}
	}
	return n
}
