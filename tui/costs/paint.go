package costs

import (
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/chart"
)

// kinds are what is charged for, in the order of the bars and of their classes.
var (
	kinds       = []string{"gpu", "disk", "up", "down", "other"}
	kindClasses = []theme.Class{theme.Good, theme.Accent, theme.Warn, theme.Link, theme.Dim}
)

// painter gives the parts of a chart the colours of what they mean.
func painter(th *theme.Theme, series ...theme.Class) chart.Paint {
	return func(p chart.Part, text string) string {
		class := theme.Plain
		switch p {
		case chart.Axis, chart.Shade:
			class = theme.Dim
		case chart.Label, chart.Text:
			class = theme.Dim
		case chart.Cursor:
			class = theme.Found
		case chart.Mark:
			class = theme.Strong
		default:
			if n := int(p - chart.First); n >= 0 && n < len(series) {
				class = series[n]
			}
		}
		return th.Ink(class).Paint(text)
	}
}
