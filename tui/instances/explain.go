package instances

import (
	"fmt"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// copyOfficial copies the line with which the official client shows what is chosen.
func copyOfficial(rows []*row) view.Effect {
	lines := make([]string, len(rows))
	for n, r := range rows {
		lines[n] = officialLine(r.ID)
	}
	return view.Do(view.Copy{Text: strings.Join(lines, "\n"), What: "the line of the official client", Shown: lines[0]})
}

// openSum shows what the money figures of an instance are made of.
func (m *Model) openSum(env view.Env, r *row) view.Effect {
	facts := costFacts(env, r)
	label := 0
	for _, f := range facts {
		label = max(label, fit.Width(f.Label))
	}
	var lines []string
	for _, f := range facts {
		lines = append(lines, strings.TrimRight(fit.Line(f.Label, label)+"  "+f.Value, " "))
	}
	title := "What instance " + r.ID.String() + " costs"
	text := listing.NewText(title, "the sum", strings.Join(lines, "\n"), env.Theme)
	return m.show(textPage{&text})
}

// costFacts are the figures with what goes into each, and how old that is.
func costFacts(env view.Env, r *row) []pane.Fact {
	i := &r.Instance
	rate := func(v vastapi.Rate) string { return figure.Rate(float64(v)) }
	parts := func(b pricing.Breakdown) string {
		return fmt.Sprintf("%s = GPU %s + disk %s", rate(b.Total()), rate(b.GPU), rate(b.Disk))
	}
	running, stopped := pricing.Running(i), pricing.Stopped(i)
	facts := []pane.Fact{
		{Label: "billed now", Value: rate(pricing.Now(i)) + ", as the server tells it while it is " + strings.ToLower(r.state.Word)},
		{Label: "a day", Value: rate(pricing.Now(i)) + " × 24 h = " + figure.Amount(float64(pricing.Now(i).Day()))},
		{Label: "a month", Value: fmt.Sprintf("%s × %v h = ", rate(pricing.Now(i)), vastapi.HoursPerMonth) + figure.Amount(float64(pricing.Now(i).Month()))},
		{Label: "running", Value: parts(running)},
		{Label: "stopped", Value: rate(stopped) + ", the disk alone"},
		{Label: "disk", Value: fmt.Sprintf("%s × %s a GB and month / %v h = %s", figure.GB(float64(i.Disk)), figure.Amount(float64(i.StorageCost)), vastapi.HoursPerMonth, rate(running.Disk))},
	}
	if !i.Start.IsZero() && env.Now.After(i.Start) {
		facts = append(facts, pane.Fact{Label: "so far", Value: fmt.Sprintf("%s seen in %s, and %s for the %s before, at what it was first seen to cost, = %s",
			figure.Amount(float64(r.spent.Seen)), figure.Span(r.spent.SeenFor), figure.Amount(float64(r.spent.Total-r.spent.Seen)), figure.Span(r.spent.GuessedFor), figure.Accrued(soFar(r), r.spent.Estimated()))})
	}
	if !r.idleSince.IsZero() && env.Now.After(r.idleSince) {
		idle := env.Now.Sub(r.idleSince)
		facts = append(facts, pane.Fact{Label: "idle", Value: fmt.Sprintf("%s × %s without use = %s", rate(pricing.Now(i)), figure.Span(idle), figure.Amount(float64(pricing.Now(i).For(idle))))})
	}
	at := env.Data.Instances.At
	if t := env.Data.Traced(r.ID).ReadAt; t.After(at) {
		at = t
	}
	return append(facts, pane.Fact{}, pane.Fact{Label: "read", Value: at.UTC().Format("15:04:05") + " UTC, " + figure.Span(env.Now.Sub(at)) + " old; traffic is billed beside all this"})
}
