package instances

import (
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/rental"
)

// mostStates is how many states of the timeline are listed, the newest.
const mostStates = 16

// timeline lists the states that were seen, the newest first, with when each was seen
// first and how long it lasted.
func timeline(states []rental.StateAt, now time.Time) []pane.Fact {
	var facts []pane.Fact
	label := "timeline"
	for n := len(states) - 1; n >= 0; n-- {
		if len(facts) == mostStates {
			facts = append(facts, pane.Fact{Value: "and " + plural(n+1, "state") + " before that", Class: theme.Dim})
			break
		}
		s := states[n]
		lasted := "until now, "
		end := now
		if n < len(states)-1 {
			lasted, end = "", states[n+1].At
		}
		facts = append(facts, pane.Fact{
			Label: label, Class: class(s.State),
			Value: moment(s.At, now) + " " + glyph(s.State) + " " + fit.Cut(s.State.Word, 16) + " " + lasted + figure.Span(end.Sub(s.At)),
		})
		label = ""
	}
	return facts
}

// moment is a time of day, with the date when that is another one than today.
func moment(t, now time.Time) string {
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("Jan 2 15:04")
}
