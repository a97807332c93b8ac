package status

import (
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/rental"
)

// Timeline lists the newest of the states that were seen, most at the most and the newest first, with when each was
// seen first and how long it lasted. earlier says how many more there are.
func Timeline(seen []rental.StateAt, now time.Time, most int, earlier func(n int) string) []pane.Fact {
	var facts []pane.Fact
	label := "timeline"
	for n := len(seen) - 1; n >= 0; n-- {
		if len(facts) == most {
			return append(facts, pane.Fact{Value: earlier(n + 1), Class: theme.Dim})
		}
		s := seen[n]
		lasted, end := "until now, ", now
		if n < len(seen)-1 {
			lasted, end = "", seen[n+1].At
		}
		facts = append(facts, pane.Fact{
			Label: label, Class: Class(s.State.Class),
			Value: Moment(s.At, now) + " " + Glyph(s.State) + " " + fit.Cut(s.State.Word, 16) + " " + lasted + figure.Span(max(0, end.Sub(s.At))),
		})
		label = ""
	}
	return facts
}

// Moment is a time of day, with the date when that is another one than today.
func Moment(t, now time.Time) string {
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("Jan 2 15:04")
}
