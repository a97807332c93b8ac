package volumes

import (
	"fmt"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// newExplainPage takes the figures of a volume apart.
func newExplainPage(env view.Env, r *row, all tally) *factsPage {
	facts := explain(r, all)
	return &factsPage{title: "What volume " + r.ID.String() + " costs, and why", facts: func(view.Env) []pane.Fact {
		return append(facts, pane.Fact{}, pane.Fact{Label: "read", Value: ago(env.Now.Sub(r.at)), Class: theme.Dim})
	}}
}

func explain(r *row, all tally) []pane.Fact {
	head := func(label, text string) pane.Fact { return pane.Fact{Label: label, Value: text, Class: theme.Header} }
	is := func(text string) pane.Fact { return pane.Fact{Label: "=", Value: text, Class: theme.Money} }
	facts := []pane.Fact{
		head("an hour", "storage_total_cost, as the server tells it"),
		{Label: "worked out", Value: hourlyFormula(r)},
		is(exactly(float64(r.Hourly)) + "/h"),
		{},
		head("a month", fmt.Sprintf("of %d hours", pricing.MonthHours)),
		{Label: "formula", Value: fmt.Sprintf("%s/h × %d h", exactly(float64(r.Hourly)), pricing.MonthHours)},
		is(amount(r.Hourly.Month())),
		{},
		head("so far", "an estimate: the account is not asked what was really billed"),
		{Label: "formula", Value: soFarFormula(r)},
		is("≈ " + figure.Amount(r.soFar())),
		{},
		head("all volumes", "the sum of the rates that are known"),
		is(all.money()),
	}
	if all.unknown > 0 {
		facts = append(facts, pane.Fact{Label: "beware", Value: "the rate of " + figure.Plural(all.unknown, "volume") + " is not known", Class: theme.Warn})
	}
	billed := "a volume is billed for as long as it exists, used or not"
	if !r.Network() {
		billed += "; only while its machine is offline it is not"
	}
	return append(facts, pane.Fact{}, pane.Fact{Label: "beware", Value: billed, Class: theme.Dim})
}

func soFarFormula(r *row) string {
	if !vastapi.Known(r.age()) {
		return "not known: it is not told when it was made, or the clocks differ"
	}
	return fmt.Sprintf("%s h since it was made × %s/h", figure.Decimal(r.age(), 1), exactly(float64(r.Hourly)))
}

func hourlyFormula(r *row) string {
	text := fmt.Sprintf("%s × %s a GB and month ÷ %d h", size(r.Size), exactly(r.perGB()), pricing.MonthHours)
	if vastapi.Known(r.StorageCost) && vastapi.Known(r.Size) {
		text += " = " + exactly(float64(r.StorageCost.Hourly(r.Size))) + "/h"
	}
	return text
}

// exactly is an amount with enough decimals to add it up by hand.
func exactly(v float64) string {
	if !vastapi.Known(v) {
		return figure.Unknown
	}
	return "$" + figure.Decimal(v, 6)
}
