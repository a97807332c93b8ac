package dialog

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// The widest a dialog gets; longer lines are harder to read than wrapped ones.
const (
	widest        = 96
	widestColumns = 150 // of a form in two columns
)

// box is a frame with a title, a body that scrolls when it is too long, and a
// foot that is always visible.
type box struct {
	title  string
	danger bool
	wide   bool // two columns
	body   []string
	foot   []string
	scroll int
}

// width is the outer width a dialog takes in an area.
func width(area view.Size) int { return max(1, min(widest, area.W-2)) }

func (b box) width(area view.Size) int {
	if b.wide {
		return max(1, min(widestColumns, area.W-2))
	}
	return width(area)
}

// inner is the width of a line inside the frame.
func inner(w int) int { return max(1, w-4) }

// draw makes the lines and reports the row of the first foot line and how far
// the body can be scrolled.
func (b box) draw(th *theme.Theme, area view.Size) (p Picture, footAt, maxScroll int) {
	w := b.width(area)
	in := inner(w)
	room := max(0, area.H-2-len(b.foot))
	body := b.body
	maxScroll = max(0, len(body)-room)
	off := min(b.scroll, maxScroll)
	more := len(body) - off - room
	if len(body) > room {
		body = body[off : off+room]
	}
	ink := th.Dialog.Title
	if b.danger {
		ink = th.Dialog.Danger
	}
	lines := make([]string, 0, len(body)+len(b.foot)+2)
	lines = append(lines, edge(th, "╭", "╮", ink.Paint(fit.Cut(b.title, max(0, in-2))), w))
	for _, l := range body {
		lines = append(lines, side(th, l, w))
	}
	footAt = len(lines)
	for _, l := range b.foot {
		lines = append(lines, side(th, l, w))
	}
	note := ""
	switch {
	case more > 0:
		note = th.Dialog.Hint.Paint("↓ more below: pgdn")
	case off > 0:
		note = th.Dialog.Hint.Paint("↑ more above: pgup")
	}
	lines = append(lines, edge(th, "╰", "╯", note, w))
	if len(lines) > area.H {
		lines = lines[:max(0, area.H)]
	}
	return Picture{Lines: lines, W: w}, footAt, maxScroll
}

func edge(th *theme.Theme, left, right, label string, w int) string {
	rule := th.Dialog.Hint
	if w < 4 {
		return fit.Line(rule.Paint(strings.Repeat("─", w)), w)
	}
	if label == "" {
		return rule.Paint(left + strings.Repeat("─", w-2) + right)
	}
	fill := max(0, w-5-fit.Width(label))
	return fit.Line(rule.Paint(left+"─")+" "+label+" "+rule.Paint(strings.Repeat("─", fill)+right), w)
}

func side(th *theme.Theme, s string, w int) string {
	if w < 4 {
		return fit.Line(s, w)
	}
	bar := th.Dialog.Hint.Paint("│")
	return bar + " " + fit.Line(s, w-4) + " " + bar
}

// pairs draws labelled facts with the values in one column.
func pairs(th *theme.Theme, list []view.Pair, w int) []string {
	label := 0
	for _, p := range list {
		label = max(label, fit.Width(p.Label))
	}
	label = min(label, w/2)
	var lines []string
	for _, p := range list {
		if p.Label == "" && p.Value != "" {
			lines = append(lines, th.Ink(theme.Strong).Paint(fit.Cut(p.Value, w)))
			continue
		}
		ink := th.Dialog.Text
		if p.Warn {
			ink = th.Ink(theme.Warn)
		}
		for i, part := range fit.Wrap(p.Value, max(1, w-label-2)) {
			name := p.Label
			if i > 0 {
				name = ""
			}
			lines = append(lines, th.Dialog.Label.Paint(fit.Line(name, label))+"  "+ink.Paint(part))
		}
	}
	return lines
}
