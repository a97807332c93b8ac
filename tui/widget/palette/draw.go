package palette

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// The widths of the columns, in cells.
const (
	kindWidth = 9
	keyWidth  = 9
)

// Draw gives exactly h lines of w cells: the entries from first on, with the one at lit.
func Draw(th *theme.Theme, list []Entry, first, at, w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	lines := make([]string, 0, h)
	for i := first; i < len(list) && len(lines) < h; i++ {
		lines = append(lines, list[i].draw(th, i == at, w))
	}
	return fit.Block(lines, w, h)
}

// First is the entry that the first of h lines shows, so that the one at is shown.
func First(n, at, h int) int { return max(0, min(at-h/2, n-h)) }

func (e Entry) draw(th *theme.Theme, lit bool, w int) string {
	mark, name, other := "  ", th.Query.Option, th.Query.OptionHelp
	if lit {
		mark, name, other = "▸ ", th.Query.OptionOn, th.Query.OptionOnHelp
	}
	if e.Disabled != "" && !lit {
		name = other
	}
	left := mark + fit.Line(e.Kind, kindWidth)
	if w < 4*kindWidth {
		left = mark
	}
	right := ""
	if e.Key != "" && w >= 4*kindWidth {
		right = " " + fit.Right(e.Key, keyWidth)
	}
	room := max(0, w-fit.Width(left)-fit.Width(right))
	title := fit.Cut(e.Name, room)
	detail := e.Detail
	if e.Disabled != "" {
		detail = strings.TrimSuffix("not now: "+e.Disabled+" · "+detail, " · ")
	}
	rest := room - fit.Width(title)
	if detail == "" || rest < 4 {
		detail = ""
	} else {
		detail = fit.Cut("  "+detail, rest)
	}
	pad := fit.Spaces(max(0, rest-fit.Width(detail)))
	return fit.Line(other.Paint(left)+name.Paint(title)+other.Paint(detail+pad+right), w)
}
