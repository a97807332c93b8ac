package rental

import (
	"fmt"
	"math"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// AboveHold is by how much of the price to hold a raise goes beyond it: prices move
// between two readings, and a bid that just meets the price is outbid by the next cent.
const AboveHold = 0.05

// bidStep is the smallest step of a bid that a raise proposes, in $/h.
const bidStep = 0.001

// Raise is what raising a bid until it holds comes to. Rates are in $/h for all GPUs
// of the instance.
type Raise struct {
	Price vastapi.Rate // what is proposed: the price to hold and AboveHold of it, or Most
	Hold  vastapi.Rate // the price to hold now
	Most  vastapi.Rate // above it nothing is proposed; unknown = there is no limit
	Limit string       // which limit that is: "the on-demand price"; "" = none
}

// RaiseToHold works out the bid with which i holds its GPU again. Its limit is the
// lower of the on-demand price of the same GPUs, as far as that is known, and caps.Raise
// of the present bid. An error is a sentence that says why nothing is proposed.
func RaiseToHold(i *vastapi.Instance, onDemand vastapi.Rate, caps Caps) (Raise, error) {
	r := Raise{Hold: i.MinBid, Most: vastapi.Unknown[vastapi.Rate]()}
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
		return r, fmt.Errorf("the price to hold is %s, above %s, %s", pricing.Shown(r.Hold), r.Limit, pricing.Shown(r.Most))
	}
	r.Price = max(steps(r.Hold*(1+AboveHold), math.Ceil), vastapi.MinBidPrice)
	if r.Price > r.Most {
		r.Price = max(r.Hold, steps(r.Most, math.Floor))
	}
	return r, nil
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
