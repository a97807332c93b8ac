package statusbar

import (
	"slices"
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// hintGap is the room between two hints.
const hintGap = 2

// more stands at the end when hints had to be left out; cut does where no key shows them,
// e.g. because a text line takes every letter.
var (
	more = Hint{Key: "?", Label: "more"}
	cut  = Hint{Key: "…"}
)

// Hint says what a key does.
type Hint struct {
	Key   string
	Label string
	// Disabled hints stand in parentheses: the key is taken but will only say why not.
	Disabled bool
}

// Footer returns the hints in exactly one line of w cells: "r rent…  D destroy…  ? help". When there
// is no room, hints go from the end and "? more" stands in their place, or "…" where the help is not
// among them.
func Footer(th *theme.Theme, hints []Hint, w int) string {
	if w <= 0 {
		return ""
	}
	if line, used := hintRow(th, hints); used <= w {
		return line + fit.Spaces(w-used)
	}
	end := cut
	if slices.ContainsFunc(hints, func(h Hint) bool { return h.Key == more.Key }) {
		end = more
	}
	for n := len(hints) - 1; n >= 0; n-- {
		shown := make([]Hint, 0, n+1)
		for _, h := range hints[:n] {
			// The last hint is often the help itself, which "more" replaces.
			if h.Key != more.Key {
				shown = append(shown, h)
			}
		}
		if line, used := hintRow(th, append(shown, end)); used <= w {
			return line + fit.Spaces(w-used)
		}
	}
	return fit.Line(th.Status.Key.Paint(end.Key), w)
}

func hintRow(th *theme.Theme, hints []Hint) (line string, used int) {
	var b strings.Builder
	for i, h := range hints {
		if i > 0 {
			b.WriteString(fit.Spaces(hintGap))
			used += hintGap
		}
		label := ""
		if h.Label != "" {
			label = " " + h.Label
		}
		key, ink := th.Status.Key, th.Status.Label
		if h.Disabled {
			label = " (" + h.Label + ")"
			key, ink = th.Status.Disabled, th.Status.Disabled
		}
		b.WriteString(key.Paint(h.Key))
		b.WriteString(ink.Paint(label))
		used += fit.Width(h.Key) + fit.Width(label)
	}
	return b.String(), used
}
