package dialog

import (
	"fmt"

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
	by := d.Change
	if by == 0 {
		by = d.After - d.Before
	}
	out := []view.Pair{
		{Label: "account $/h", Value: fmt.Sprintf("%s → %s", rate(d.Before), rate(d.After)) + changes(by)},
		{Label: fmt.Sprintf("a month, %d h", vastapi.HoursPerMonth), Value: fmt.Sprintf("%s → %s", figure.Amount(float64(d.Before.Month())), figure.Amount(float64(d.After.Month()))) + monthly(by)},
	}
	if d.DueNow > 0 {
		out = append(out, view.Pair{Label: "paid at once", Value: figure.Amount(float64(d.DueNow)), Warn: true})
	}
	if vastapi.Known(d.Credit) {
		out = append(out, view.Pair{Label: "credit", Value: credit(d)})
	}
	return out
}

// credit says how long the credit lasts before and after; what is paid at once
// has left it then.
func credit(d pricing.Delta) string {
	left, held := d.Credit, figure.Amount(float64(d.Credit))
	if d.DueNow > 0 {
		left -= d.DueNow
		held += " → " + figure.Amount(float64(left)) + ","
	}
	return fmt.Sprintf("%s lasts %s → %s", held, runway(d.Credit, d.Before), runway(left, d.After))
}

// changes says what a rate is raised or lowered by, for an hour and a day.
func changes(by vastapi.Rate) string {
	if !vastapi.Known(by) {
		return ""
	}
	verb, a := direction(by)
	return fmt.Sprintf(": %s %s, %s a day", verb, rate(a), figure.Amount(float64(a.Day())))
}

// monthly says the same for a month.
func monthly(by vastapi.Rate) string {
	if !vastapi.Known(by) {
		return ""
	}
	verb, a := direction(by)
	return fmt.Sprintf(": %s %s", verb, figure.Amount(float64(a.Month())))
}

func direction(by vastapi.Rate) (verb string, size vastapi.Rate) {
	if by < 0 {
		return "saves", -by
	}
	return "adds", by
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
