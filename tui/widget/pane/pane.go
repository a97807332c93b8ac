// Package pane knows how a list and its detail share an area, and how labelled
// facts are drawn. It must not know what either is about.
package pane

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// Split says how an area is shared between a list and its detail.
type Split struct {
	ListW, ListH     int
	DetailW, DetailH int // 0 when there is no detail
	Beside           bool
}

// detailWidth is what a detail beside the list takes; facts get no better when wider.
const detailWidth = 56

// Of shares w×h cells. A detail stands beside the list from wide cells on and
// below it otherwise, where it takes the larger half.
func Of(w, h int, open bool, wide int) Split {
	switch {
	case !open:
		return Split{ListW: w, ListH: h}
	case w >= wide:
		return Split{ListW: w - detailWidth - 1, ListH: h, DetailW: detailWidth, DetailH: h, Beside: true}
	}
	list := max(min(6, h), h*2/5)
	return Split{ListW: w, ListH: list, DetailW: w, DetailH: h - list}
}

// Join puts the drawn parts together, with a rule between them.
func Join(th *theme.Theme, s Split, list, detail string) string {
	switch {
	case s.DetailH == 0 || s.DetailW == 0:
		return list
	case s.ListH == 0:
		return detail
	case !s.Beside:
		rule := th.Ink(theme.Dim).Paint(strings.Repeat("─", s.DetailW))
		lines := strings.Split(detail, "\n")
		return list + "\n" + rule + strings.TrimSuffix("\n"+strings.Join(lines[:len(lines)-1], "\n"), "\n")
	}
	bar := th.Ink(theme.Dim).Paint("│")
	left, right := strings.Split(list, "\n"), strings.Split(detail, "\n")
	for i := range left {
		left[i] += bar + right[i]
	}
	return strings.Join(left, "\n")
}

// Frame puts a line above and a line below a body, in h lines; the body is left
// out where there are no more than two. All of them are exact already: measuring
// them again would cost more than all the rest of a frame.
func Frame(top, body, bottom string, h int) string {
	lines := []string{top}
	if h > 2 {
		lines = append(lines, strings.Split(body, "\n")...)
	}
	return strings.Join(append(lines, bottom)[:h], "\n")
}

// Note is a sentence in place of rows.
type Note struct {
	Class theme.Class
	Text  string
}

// Notes draws sentences where there are no rows, in exactly h lines of w cells.
func Notes(th *theme.Theme, w, h int, notes ...Note) string {
	lines := []string{""}
	for _, n := range notes {
		for _, l := range fit.Wrap(n.Text, max(1, w-4)) {
			lines = append(lines, "  "+th.Ink(n.Class).Paint(l))
		}
	}
	return fit.Block(lines, w, h)
}

// Fact is one line of a detail. An empty label continues the one above; an
// empty fact is a blank line.
type Fact struct {
	Label, Value string
	Class        theme.Class
}

// Facts draws a title and facts in exactly h lines of w cells; long values are
// wrapped. scroll leaves lines out at the top.
func Facts(th *theme.Theme, title string, facts []Fact, scroll, w, h int) string {
	label := labels(facts, w)
	type line struct {
		name, part string
		class      theme.Class
	}
	var lines []line
	for _, f := range facts {
		for i, part := range fit.Wrap(f.Value, max(1, w-label-4)) {
			name := f.Label
			if i > 0 {
				name = ""
			}
			lines = append(lines, line{name, part, f.Class})
		}
	}
	scroll = max(0, min(scroll, len(lines)-(h-1)))
	if len(lines)-scroll > h-1 {
		title += "   } scrolls"
	} else if scroll > 0 {
		title += "   { scrolls back"
	}
	head := " " + th.Ink(theme.Strong).Paint(fit.Cut(title, max(0, w-2)))
	body := []string{head}
	for _, l := range lines[scroll:min(len(lines), scroll+max(0, h-1))] { // of hundreds only these are seen
		body = append(body, " "+th.Ink(theme.Dim).Paint(fit.Line(l.name, label))+"  "+th.Ink(l.class).Paint(l.part))
	}
	return fit.Block(body, w, h)
}

// MaxScroll is how many lines of facts can be scrolled out at the top.
func MaxScroll(facts []Fact, w, h int) int {
	label, lines := labels(facts, w), 0
	for _, f := range facts {
		lines += len(fit.Wrap(f.Value, max(1, w-label-4)))
	}
	return max(0, lines-(h-1))
}

// labels is the width of the column of labels.
func labels(facts []Fact, w int) int {
	label := 0
	for _, f := range facts {
		label = max(label, fit.Width(f.Label))
	}
	return min(label, max(1, w/3))
}
