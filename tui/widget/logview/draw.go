package logview

import (
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// Marks at the edges of a line; each takes one cell.
const (
	more       = "›" // the line goes on behind the edge
	chosenMark = "●"
	cursorMark = "▌"
	foundMark  = "▸"
)

// Draw returns the log in exactly h lines of w cells: its title with filter, age and position, the lines, and a line
// that says what the keys do or what is typed. Only lines on the screen are looked at, and what was drawn last is
// returned when nothing has changed.
func (m *Model) Draw(w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	if m.fresh && m.lastW == w && m.lastH == h {
		return m.last
	}
	m.w, m.h = w, max(0, h-2)
	pos, part := m.window()
	if !m.follow && m.typing != aFilter && m.count() > 0 {
		m.goTo(pos, part) // where a filter has led is where one is when it is taken away
	}
	var b strings.Builder
	b.Grow(len(m.last) + 256)
	b.WriteString(m.head(pos, w))
	m.rows(&b, pos, part)
	if h > 1 {
		b.WriteByte('\n')
		b.WriteString(m.foot(w))
	}
	m.last, m.lastW, m.lastH, m.fresh = b.String(), w, h, true
	return m.last
}

// rows draws the lines of the window, each after a line break.
func (m *Model) rows(b *strings.Builder, pos, part int) {
	room, count := m.h, m.count()
	for ; pos < count && room > 0; pos++ {
		r := row{line: m.number(pos)}
		r.record = m.at(r.line)
		m.prepare(&r)
		body := r.body()
		if !m.wrap {
			b.WriteByte('\n')
			m.unwrapped(b, &r, body)
			room--
			continue
		}
		if len(body) <= m.textW {
			b.WriteByte('\n')
			m.cells(b, &r, true, 0, len(body), m.textW, "")
			room--
			continue
		}
		cuts := breaks(body, m.textW)
		for ; part < len(cuts)-1 && room > 0; part++ {
			b.WriteByte('\n')
			m.cells(b, &r, part == 0, cuts[part], cuts[part+1], m.textW, "")
			room--
		}
		part = 0
	}
	if count == 0 && room > 0 {
		b.WriteByte('\n')
		b.WriteString(m.theme.Pager.Hint.Paint(fit.Line(" "+m.nothing(), m.w)))
		room--
	}
	for ; room > 0; room-- {
		b.WriteByte('\n')
		b.WriteString(fit.Spaces(m.w))
	}
}

func (m *Model) nothing() string {
	switch {
	case m.n == 0:
		return m.empty
	case m.filtering():
		return "filtering …"
	}
	return "no line passes the filter: / changes it, esc takes it away"
}

// row is a line as it is drawn.
type row struct {
	*record
	line  int
	text  theme.Ink
	mark  string
	marks theme.Ink // of the mark
	hits  []hit
}

// hit is a part of a line that was searched or filtered for.
type hit struct {
	from, to int
	ink      theme.Ink
}

// prepare finds out how a line looks.
func (m *Model) prepare(r *row) {
	r.text, r.mark = m.theme.Ink(theme.Plain), " "
	if r.flags&missing != 0 {
		r.text = m.theme.Ink(theme.Warn)
	}
	switch {
	case m.choice.on && r.line == m.choice.cursor:
		r.mark, r.text = cursorMark, m.theme.InkOn(theme.OnBoth, theme.Plain)
		r.marks = r.text
	case m.choice.has(r.line):
		r.mark, r.text = chosenMark, m.theme.InkOn(theme.OnMarked, theme.Plain)
		r.marks = r.text
	case r.line == m.find.at:
		r.mark, r.marks = foundMark, m.theme.Table.Gutter
	}
	if r.flags&missing == 0 {
		r.hits = m.hits(r.body(), r.line == m.find.at)
	}
}

// mostHits is how many hits of one term are marked in a line.
const mostHits = 200

// hits returns what is marked in a line, in order.
func (m *Model) hits(s string, now bool) (hits []hit) {
	found := m.theme.Pager.Found
	for i := range m.filter.terms {
		t := &m.filter.terms[i]
		switch {
		case t.not:
		case t.expr != nil:
			for _, at := range t.expr.FindAllStringIndex(s, mostHits) {
				hits = append(hits, hit{at[0], at[1], found})
			}
		default:
			hits = t.word.hits(hits, s, found)
		}
	}
	if m.find.needle.text != "" {
		ink := found
		if now {
			ink = m.theme.Pager.FoundNow
		}
		hits = m.find.needle.hits(hits, s, ink)
	}
	inOrder(hits)
	return hits
}

// inOrder puts the hits of a line in order. They are few, and a row of runs that are in order already.
func inOrder(hits []hit) {
	for i := range hits {
		for j := i; j > 0 && hits[j].from < hits[j-1].from; j-- {
			hits[j], hits[j-1] = hits[j-1], hits[j]
		}
	}
}

func (n *needle) hits(hits []hit, s string, ink theme.Ink) []hit {
	for base, most := 0, len(hits)+mostHits; len(hits) < most; {
		i := n.in(s[base:])
		if i < 0 {
			break
		}
		from := base + i
		base = from + len(n.text)
		hits = append(hits, hit{from, base, ink})
	}
	return hits
}

// unwrapped draws what of a line stands in the window.
func (m *Model) unwrapped(b *strings.Builder, r *row, body string) {
	from := 0
	if m.left > 0 {
		from = byteAt(body, m.left)
	}
	rest := body[from:]
	if len(rest) <= m.textW || fit.Width(rest) <= m.textW {
		m.cells(b, r, true, from, len(body), m.textW, "")
		return
	}
	m.cells(b, r, true, from, from+byteAt(rest, m.textW-1), m.textW-1, more)
}

// cells draws one line of the screen: the mark, the source and the time when it is the first of its line, and the bytes
// from (inclusive) to (exclusive) of the text in w cells, with what stands at its edge.
func (m *Model) cells(b *strings.Builder, r *row, first bool, from, to, w int, edge string) {
	if m.gutW > 0 {
		b.WriteString(r.marks.Paint(r.mark))
	}
	if m.nameW > 0 {
		m.name(b, r, first)
	}
	if m.timeW > 0 {
		text := ""
		if first {
			text = m.clock(r.record)
		}
		b.WriteString(m.theme.Ink(theme.Dim).Paint(fit.Line(text, m.timeW)))
	}
	body := r.body()
	piece := body[from:to]
	if width := fit.Width(piece); width == len(piece) && width <= w {
		r.paint(b, body, from, to)
		b.WriteString(r.text.Paint(fit.Spaces(w - width)))
	} else {
		// Letters that are drawn in pieces may take other cells than together: they are measured as drawn.
		var styled strings.Builder
		r.paint(&styled, body, from, to)
		b.WriteString(fit.Line(styled.String(), w))
	}
	if edge != "" {
		b.WriteString(m.theme.Pager.Hint.Paint(edge))
	}
}

// paint draws a part of the text with its hits.
func (r *row) paint(b *strings.Builder, body string, from, to int) {
	drawn := from
	for _, h := range r.hits {
		begin, end := max(drawn, h.from), min(to, h.to)
		if begin >= end {
			continue
		}
		b.WriteString(r.text.Paint(body[drawn:begin]))
		b.WriteString(h.ink.Paint(body[begin:end]))
		drawn = end
	}
	b.WriteString(r.text.Paint(body[drawn:to]))
}

func (m *Model) name(b *strings.Builder, r *row, first bool) {
	w := m.nameW - fit.Width(behindName)
	name := ""
	if first {
		name = m.sources[r.src].name
	}
	b.WriteString(m.theme.Ink(nameClass(r.src)).Paint(fit.Line(name, w)))
	b.WriteString(m.theme.Ink(theme.Dim).Paint(behindName))
}

// clock returns when a line was written; "≤" stands before the time at which it was there already.
func (m *Model) clock(r *record) string {
	if r.when == noTime {
		return ""
	}
	text := time.Unix(0, r.when).In(m.zone).Format(timeForm)
	if r.flags&stamped != 0 {
		return " " + text
	}
	return "≤" + text
}
