package offers

import (
	"fmt"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// askReports opens the detail and asks what renters reported about a machine,
// unless that was read a moment ago.
func (m *Model) askReports(env view.Env, id vastapi.MachineID) view.Effect {
	m.detail.open = true
	m.scrollDetail(env, furthest) // they stand at the end
	cmd := env.Load.LoadReports(id)
	if cmd != nil {
		m.detail.asked = id
	}
	return view.Wait(cmd)
}

// furthest is more lines than a detail has.
const furthest = 1 << 16

// mostReports is how many reports the detail quotes.
const mostReports = 5

// reportFacts are what renters reported about a machine.
func (m *Model) reportFacts(env view.Env, id vastapi.MachineID) []pane.Fact {
	have, known := env.Data.Reports[id]
	facts := group("reports", "what renters reported in public")
	switch {
	case !known && m.detail.asked == id:
		return append(facts, pane.Fact{Value: "asking…", Class: theme.Dim})
	case !known:
		return append(facts, pane.Fact{Value: "not asked for: p asks", Class: theme.Dim})
	}
	if have.Err != nil {
		facts = append(facts, pane.Fact{Value: view.Sentence(have.Err) + ": p asks again", Class: theme.Bad})
	}
	if !have.Told() {
		return facts
	}
	if len(have.Value) == 0 {
		return append(facts, pane.Fact{Value: "none", Class: theme.Good})
	}
	total := 0
	for _, p := range have.Value {
		total += p.Count
	}
	facts = append(facts, pane.Fact{Label: "in all", Value: figure.Plural(total, "report"), Class: theme.Warn})
	for i, p := range have.Value {
		if i == mostReports {
			facts = append(facts, pane.Fact{Value: fmt.Sprintf("and %d more kinds", len(have.Value)-i), Class: theme.Dim})
			break
		}
		facts = append(facts, pane.Fact{Label: figure.Text(p.Problem.String()), Value: said(env, p)})
	}
	return facts
}

// said is when and how often something was reported, and in which words.
func said(env view.Env, p vastapi.Report) string {
	when := ""
	if !p.At.IsZero() {
		when = elapsed(env.Now.Sub(p.At))
	}
	if p.Count > 1 {
		when = fmt.Sprintf("%d times, last %s", p.Count, figure.Text(when))
	}
	text := p.Message.String()
	if text == "" {
		text = "no words"
	}
	if when == "" {
		return text
	}
	return when + ": " + text
}
