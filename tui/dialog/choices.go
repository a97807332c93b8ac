package dialog

import (
	"fmt"
	"strconv"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/rental"
)

// What can be done about a report as a whole, beside the actions of its steps.
const (
	// ActTakeBack is to destroy what was rented of a fleet that came out short.
	ActTakeBack rental.ActionKind = "take back"
	// ActLeftover is to destroy what refused rents left behind.
	ActLeftover rental.ActionKind = "destroy leftovers"
)

// choice is something that can be done about a report, by a key of its own.
type choice struct {
	action rental.Action
	step   *rental.StepResult // nil = the whole report
}

// mostChoices is how many have a key: 1 to 9.
const mostChoices = 9

// choicesOf lists what can be done about r, the report as a whole first, nothing
// twice. What is done elsewhere is left to the sentence.
func choicesOf(r rental.Report) []choice {
	var list []choice
	add := func(a rental.Action, s *rental.StepResult) {
		for _, c := range list {
			if same(c.action, a) {
				return
			}
		}
		if len(list) < mostChoices {
			list = append(list, choice{a, s})
		}
	}
	if n := len(r.Done) + len(r.Leftovers()); r.Short() && n > 0 {
		text := "Destroy the one that was rented"
		if n > 1 {
			text = fmt.Sprintf("Destroy the %d that were rented", n)
		}
		add(rental.Action{Kind: ActTakeBack, Text: text + ": too few are there"}, nil)
	}
	if n := len(r.Leftovers()); n > 0 {
		add(rental.Action{Kind: ActLeftover, Text: "Destroy what was left behind"}, nil)
	}
	for _, s := range troubled(r) {
		left := s.Next().Trouble == rental.TroubleLeftover
		for _, a := range s.Next().Actions {
			if a.Kind == rental.ActWait || a.Kind == rental.ActLog || left && a.Kind == rental.ActDestroy {
				continue
			}
			if a.Kind == rental.ActRetry && r.Plan.Verb != "rent" {
				a.Text = "Try again what failed"
			}
			if a.Kind == rental.ActLook && r.Plan.Verb != "rent" {
				a.Instances = nil
			}
			add(a, &s)
		}
	}
	return list
}

// same reports whether two actions come to the same.
func same(a, b rental.Action) bool {
	if a.Kind != b.Kind || a.Field != b.Field || a.Place != b.Place || a.Link != b.Link || len(a.Instances) != len(b.Instances) {
		return false
	}
	for n := range a.Instances {
		if a.Instances[n] != b.Instances[n] && (a.Kind == rental.ActDestroy || a.Kind == rental.ActLook) {
			return false
		}
	}
	return a.Kind != rental.ActBlock || a.Machine == b.Machine
}

// troubled are the results about which something can be done. A candidate of a
// fleet that was skipped is none while others took its place.
func troubled(r rental.Report) []rental.StepResult {
	var list []rental.StepResult
	for _, s := range r.Done {
		if len(s.Differences) > 0 || s.Twice() {
			list = append(list, s)
		}
	}
	list = append(list, r.Failed...)
	list = append(list, r.Unknown...)
	if r.Plan.Mode == rental.FirstN && len(r.Done)+len(r.Unknown) < r.Plan.Want {
		list = append(list, r.Skipped...)
	}
	return list
}

// next draws the sentences about what went wrong and the keys of what can be done.
func (d *Progress) next(th *theme.Theme, w int) []string {
	if len(d.report.Moved) > 0 {
		return nil
	}
	var lines []string
	say := func(ink theme.Ink, lead, text string) {
		for i, l := range fit.Wrap(text, max(1, w-fit.Width(lead))) {
			if i > 0 {
				lead = fit.Spaces(fit.Width(lead))
			}
			lines = append(lines, ink.Paint(lead+l))
		}
	}
	said := map[string]bool{}
	for _, s := range troubled(*d.report) {
		if n := s.Next(); d.explains(n.Trouble) && n.Sentence != "" && n.Sentence != s.Why && !said[n.Sentence] {
			said[n.Sentence] = true
			say(th.Ink(theme.Bad), "", n.Sentence)
		}
		for _, x := range s.Differences {
			if m := x.Money(); m != "" {
				say(th.Ink(theme.Bad), "  ", x.What+": "+m)
			}
		}
	}
	if r := d.report; r.Short() && len(r.Done)+len(r.Leftovers()) > 0 {
		say(th.Ink(theme.Bad), "", "What was rented is billed until it is destroyed.")
	}
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	if len(d.choices) > 0 {
		lines = append(lines, "")
	}
	for n, c := range d.choices {
		say(th.Dialog.Text, " "+strconv.Itoa(n+1)+"  ", c.text())
	}
	return lines
}

// explains reports whether a trouble takes a sentence of its own. Of a fleet's
// offers that are gone the table says enough; where one machine differs from what
// was asked for stands above already.
func (d *Progress) explains(t rental.Trouble) bool {
	switch t {
	case rental.TroubleGone, rental.TroubleMoved:
		return d.plan.Verb == "rent" && !d.tabled()
	case rental.TroubleDelivered:
		return d.plan.Verb == "rent" && d.tabled()
	}
	return d.plan.Verb == "rent"
}

// text is what stands beside the key.
func (c choice) text() string {
	text := c.action.Text
	switch c.action.Kind {
	case ActTakeBack, ActLeftover, rental.ActDestroy:
		if len(c.action.Instances) == 1 {
			text += ", instance " + c.action.Instances[0].String()
		}
		return text + "… (asks first)"
	case rental.ActRentNext, rental.ActEdit:
		return text + "…"
	case rental.ActBlock:
		return text + " of machine " + c.action.Machine.String() + " for 7 days"
	case rental.ActLook:
		if len(c.action.Instances) == 1 {
			text += ": " + c.action.Instances[0].String()
		}
	}
	if c.action.Link != "" {
		text += ": " + c.action.Link + " (the key copies it)"
	}
	return text
}

// chosen answers to the keys of a report.
func (d *Progress) chosen(key string) Outcome {
	if d.report == nil {
		return Outcome{}
	}
	if len(key) == 1 && key[0] >= '1' && key[0] <= '9' {
		if n := int(key[0] - '1'); n < len(d.choices) {
			c := d.choices[n]
			return Outcome{Verdict: Chosen, Plan: d.plan, Action: c.action, Step: c.step, Report: d.report}
		}
		return Outcome{}
	}
	if !d.tabled() {
		return Outcome{}
	}
	switch key {
	case "c":
		d.hint = "the table was copied as text"
		return Outcome{Verdict: Copied, Text: d.report.Text(), What: "the table"}
	case "J":
		text, err := d.report.JSON()
		if err != nil {
			d.hint = err.Error()
			return Outcome{}
		}
		d.hint = "what was rented was copied as JSON"
		return Outcome{Verdict: Copied, Text: string(text), What: "what was rented, as JSON,"}
	case "w":
		return Outcome{Verdict: Saving, Plan: d.plan, Report: d.report}
	}
	return Outcome{}
}
