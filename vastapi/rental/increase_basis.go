package rental

import (
	"math"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// whatIncrease is the Change.What of an increase that waits no longer.
const whatIncrease = "price increase"

// increaseChanges reads again the price increases that the plan answers: the host
// can raise one at any time, and only its id is sent. A reader that knows no
// increases changes nothing.
func (x *execution) increaseChanges() ([]Change, error) {
	var facts []Fact
	for _, f := range x.plan.Basis.Facts {
		if f.Increase != nil && x.untried(f.Subject) {
			facts = append(facts, f)
		}
	}
	reader, can := x.deps.Read.(increaseReader)
	if len(facts) == 0 || !can {
		return nil, nil
	}
	ctx, cancel := x.reading()
	defer cancel()
	now, err := reader.PriceIncreases(ctx)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, f := range facts {
		changes = append(changes, f.againstIncreases(now)...)
	}
	return changes, nil
}

// againstIncreases compares the increase of a fact with those that wait now.
func (f Fact) againstIncreases(now vastapi.PriceIncreases) []Change {
	was := f.Increase
	for n := range now.List {
		if is := &now.List[n]; is.ID == was.ID {
			changes := figureChange(f.Subject, "the price that is asked for", was.NewGPU, is.NewGPU, pricing.Shown)
			changes = append(changes, figureChange(f.Subject, "the disk price that is asked for", was.NewDisk, is.NewDisk, monthlyPerGB)...)
			changes = append(changes, figureChange(f.Subject, "the price of traffic in that is asked for", was.NewDown, is.NewDown, perGB)...)
			return append(changes, figureChange(f.Subject, "the price of traffic out that is asked for", was.NewUp, is.NewUp, perGB)...)
		}
	}
	if now.Truncated || now.Bad > 0 {
		return []Change{{Subject: f.Subject, What: whatIncrease, Was: "waiting", Is: "not among those that could be read"}}
	}
	return []Change{{Subject: f.Subject, What: whatIncrease, Gone: true}}
}

// figureChange is the change of one figure, none when it is the same or still not
// told.
func figureChange[T ~float64](s Subject, what string, was, is T, shown func(T) string) []Change {
	if was == is || !vastapi.Known(was) && !vastapi.Known(is) {
		return nil
	}
	return []Change{{Subject: s, What: what, Was: shown(was), Is: shown(is), Lower: is < was}}
}

// monthlyPerGB is a storage price with as many digits as tell two prices apart: a tenth of
// a cent is a large part of what a GB costs, and of the bill for all of them.
func monthlyPerGB(p vastapi.PerGBMonth) string {
	if !vastapi.Known(p) {
		return pricing.Unpriced
	}
	text := pricing.Money(vastapi.Amount(p))
	if cents := float64(p) * 100; math.Abs(cents-math.Round(cents)) >= 0.05 {
		text = strings.TrimSuffix(pricing.Shown(vastapi.Rate(p)), "/h")
	}
	return text + " a GB and month"
}
