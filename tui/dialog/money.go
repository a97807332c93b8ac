package dialog

import (
	"fmt"
	"math"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// money says what a plan changes: per hour before and after, and how long the
// credit lasts. A plan that changes no money has nothing to say.
func money(p rental.Plan) []view.Pair {
	d := p.Cost
	if d.Before == d.After {
		return nil
	}
	out := []view.Pair{{Label: "account $/h", Value: fmt.Sprintf("%s → %s", rate(d.Before), rate(d.After)) + change(d.After-d.Before)}}
	if vastapi.Known(d.Credit) {
		out = append(out, view.Pair{
			Label: "credit",
			Value: fmt.Sprintf("%s lasts %s → %s", figure.Amount(float64(d.Credit)), runway(d.Credit, d.Before), runway(d.Credit, d.After)),
		})
	}
	return out
}

func change(by vastapi.Rate) string {
	if !vastapi.Known(by) {
		return ""
	}
	a := vastapi.Rate(math.Abs(float64(by)))
	verb := "adds"
	if by < 0 {
		verb = "saves"
	}
	return fmt.Sprintf(": %s %s, %s a day, %s a month", verb, rate(a), figure.Amount(float64(a.Day())), figure.Amount(float64(a.Month())))
}

func rate(r vastapi.Rate) string { return figure.Rate(float64(r)) }

// runway says how long credit lasts at a rate.
func runway(credit vastapi.Amount, burn vastapi.Rate) string {
	d, finite := pricing.Runway(credit, burn)
	if !finite {
		return "for ever"
	}
	return figure.Span(d)
}
