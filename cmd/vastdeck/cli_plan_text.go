package main

import (
	"fmt"
	"io"
	"strings"

	figures "vastdeck/tui/widget/figure"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// writePlan shows a plan to whoever is asked about it: every target, what it costs
// before and after, what to be careful of, and what would be sent.
func writePlan(w io.Writer, p rental.Plan) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", p.Title)
	if p.Mode == rental.FirstN {
		fmt.Fprintf(&b, "Candidates are tried in this order until %d are rented.\n", p.Want)
	}
	for n, s := range p.Steps {
		price := ""
		if p.Mode == rental.FirstN {
			price = "  " + pricing.Shown(s.Rate)
		}
		fmt.Fprintf(&b, "  %d  %s  %s%s  %s (%s)\n", n+1, s.Verb, s.Target, price, s.Detail, s.Undo)
	}
	b.WriteByte('\n')
	lines := append(costLines(p), p.Facts...)
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Label))
	}
	for _, l := range lines {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, l.Label, l.Value)
	}
	b.WriteByte('\n')
	for _, c := range p.Checks {
		switch c.State() {
		case rental.CheckFail:
			b.WriteString("✗ " + c.Text + "\n")
		case rental.CheckWarn:
			b.WriteString("! " + c.Text + "\n")
		}
	}
	for _, warning := range p.Warnings {
		mark := "! "
		if warning.Level == rental.Note {
			mark = "- "
		}
		b.WriteString(mark + warning.Text + "\n")
	}
	writeRequests(&b, p)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeRequests shows what is sent, and what the official client would be told.
func writeRequests(b *strings.Builder, p rental.Plan) {
	first := p.Steps
	if p.Mode == rental.FirstN && len(first) > 0 {
		first = first[:1] // they differ in the offer alone
	}
	b.WriteString("\nWhat is sent:\n")
	for _, s := range first {
		body, err := s.Call.Preview()
		if err != nil {
			body = nil
		}
		fmt.Fprintf(b, "  %s %s %s\n", s.Call.Method(), s.PathShown(), body)
	}
	b.WriteString("With the official client:\n")
	for _, s := range first {
		for line := range strings.SplitSeq(s.Official(), "\n") {
			b.WriteString("  " + line + "\n")
		}
	}
}

// costLines say what the plan does to the bill.
func costLines(p rental.Plan) []rental.Line {
	d := p.Cost
	list := []rental.Line{{Label: "per hour", Value: pricing.Shown(d.Before) + " → " + pricing.Shown(d.After)}}
	if d.Change != 0 {
		word := "more"
		change := d.Change
		if change < 0 {
			word, change = "less", -change
		}
		list[0].Value += fmt.Sprintf(", %s %s, %s a month", pricing.Shown(change), word, pricing.Money(change.Month()))
	}
	if d.DueNow != 0 {
		list = append(list, rental.Line{Label: "due now", Value: pricing.Money(d.DueNow)})
	}
	return append(list, rental.Line{
		Label: "credit", Value: pricing.Money(d.Credit) + ", lasts " + lasts(d.RunwayBefore) + " → " + lasts(d.RunwayAfter),
	})
}

func lasts(s pricing.Span) string {
	switch {
	case !s.Known:
		return pricing.Unpriced
	case !s.Finite:
		return "for ever"
	}
	return figures.Span(s.Lasts)
}
