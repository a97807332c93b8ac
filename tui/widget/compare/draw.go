package compare

import (
	"fmt"
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

const (
	bestMark  = "▲"
	worstMark = "▽"

	leastLabel = 6
	mostLabel  = 22
	leastValue = 12 // cells below which a thing is moved off the screen
	mostValue  = 34
)

// sizes are the cells of the label and of each thing.
type sizes struct{ label, value, n int }

// layout shares w cells: labels give way first, then values, then the last things.
func (m *Model) layout(w int) sizes {
	s := sizes{n: len(m.heads)}
	for _, r := range m.rows {
		if len(r.Values) > 0 {
			s.label = max(s.label, fit.Width(r.Label))
		}
	}
	s.label = min(s.label, mostLabel)
	if s.n == 0 {
		return s
	}
	wanted := m.widest()
	least := min(leastLabel, s.label)
	s.value = (w - 1 - s.label) / s.n
	if s.value < wanted+1 {
		s.label = max(least, min(s.label, w-1-s.n*(wanted+1)))
		s.value = (w - 1 - s.label) / s.n
	}
	for s.n > 1 && s.value < leastValue {
		s.n--
		s.value = (w - 1 - s.label) / s.n
	}
	s.value = max(0, min(s.value, mostValue))
	return s
}

// widest is the width of the widest value with its mark.
func (m *Model) widest() (n int) {
	for _, r := range m.rows {
		for _, v := range r.Values {
			n = max(n, fit.Width(v.Text)+2)
		}
	}
	return n
}

// Draw returns exactly h lines of w cells: the heads, the rows, and a line that says what the marks
// mean and what is not on the screen.
func (m *Model) Draw(w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	if m.fresh && m.lastW == w && m.lastH == h {
		return m.last
	}
	s := m.layout(w)
	m.fit, m.lines = max(1, s.n), max(0, h-2)
	m.clamp()
	rows := m.shown()
	lines := make([]string, 0, h)
	lines = append(lines, m.heading(s))
	for i := m.top; i < len(rows) && i < m.top+m.lines; i++ {
		lines = append(lines, m.row(rows[i], s))
	}
	if m.only && len(rows) == 0 && m.lines > 0 {
		lines = append(lines, m.theme.Compare.Label.Paint(fit.Cut(" they are equal in everything: d shows all rows", w)))
	}
	for len(lines) < 1+m.lines {
		lines = append(lines, "")
	}
	m.last, m.lastW, m.lastH, m.fresh = fit.Block(append(lines, m.foot(rows, w)), w, h), w, h, true
	return m.last
}

func (m *Model) heading(s sizes) string {
	var b strings.Builder
	b.WriteString(fit.Spaces(1 + s.label))
	for i := m.left; i < m.left+s.n && i < len(m.heads); i++ {
		b.WriteString(m.theme.Compare.Title.Paint(fit.Line("  "+fit.Cut(m.heads[i], s.value-2), s.value)))
	}
	return b.String()
}

func (m *Model) row(r Row, s sizes) string {
	if len(r.Values) == 0 {
		return m.theme.Compare.Group.Paint(" " + r.Label)
	}
	var b strings.Builder
	b.WriteString(m.theme.Compare.Label.Paint(" " + fit.Line(r.Label, s.label)))
	best, worst := r.Judge()
	for i := m.left; i < m.left+s.n && i < len(r.Values); i++ {
		v := r.Values[i]
		ink, mark := m.theme.Ink(v.Class), ""
		switch {
		case best[i]:
			ink, mark = m.theme.Compare.Best, bestMark
		case worst[i]:
			ink, mark = m.theme.Compare.Worst, worstMark
		}
		// The mark stands before the value, so that a long value cannot push it off.
		b.WriteString(ink.Paint(fit.Line(" "+fit.Line(mark, 1)+fit.Cut(v.Text, s.value-2), s.value)))
	}
	return b.String()
}

func (m *Model) foot(rows []Row, w int) string {
	parts := []string{bestMark + " best  " + worstMark + " worst"}
	if m.only {
		parts = append(parts, fmt.Sprintf("d shows the %d equal rows", countValues(m.rows)-countValues(rows)))
	} else {
		parts = append(parts, "d shows differences only")
	}
	if rest := len(m.heads) - m.left - m.fit; rest > 0 || m.left > 0 {
		parts = append(parts, fmt.Sprintf("%d to %d of %d, h l move", m.left+1, min(m.left+m.fit, len(m.heads)), len(m.heads)))
	}
	if rest := len(rows) - m.top - m.lines; rest > 0 {
		parts = append(parts, fmt.Sprintf("%d more rows below", rest))
	}
	return m.theme.Ink(theme.Dim).Paint(fit.Cut(" "+strings.Join(parts, " · "), w))
}

// countValues returns how many rows are no headings.
func countValues(rows []Row) (n int) {
	for _, r := range rows {
		if len(r.Values) > 0 {
			n++
		}
	}
	return n
}
