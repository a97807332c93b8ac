package reader

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

// more stands at an edge behind which a line goes on; it takes one cell.
const more = "›"

// Draw returns the text in exactly h lines of w cells: its title with the position, the text, and a line that
// says what the keys do, or the search as it is typed.
func (m *Model) Draw(w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	if m.fresh && m.lastW == w && m.lastH == h {
		return m.last
	}
	m.w, m.h = w, max(0, h-2)
	if m.wrap && m.top < m.lines.Len() {
		m.part = min(m.part, m.parts(m.top)-1)
	}
	m.settle()
	lines := make([]string, 0, h)
	lines = append(lines, "") // the title, which says how far the text is drawn
	end := m.text(&lines)
	for len(lines) < 1+m.h {
		lines = append(lines, fit.Spaces(w))
	}
	lines[0] = m.head(end, w)
	if h > 1 {
		lines = append(lines, m.foot(w))
	}
	m.last, m.lastW, m.lastH, m.fresh = strings.Join(lines, "\n"), w, h, true
	return m.last
}

// text appends the lines of the window and returns the line behind the last one drawn.
func (m *Model) text(lines *[]string) (end int) {
	room := m.h
	part := m.part
	for i := m.top; i < m.lines.Len() && room > 0; i++ {
		line := m.line(i)
		if !m.wrap {
			*lines = append(*lines, m.window(i, line))
			room--
			end = i + 1
			continue
		}
		cuts := breaks(line, m.w)
		for ; part < len(cuts)-1 && room > 0; part++ {
			*lines = append(*lines, m.painted(i, line, cuts[part], cuts[part+1], m.w))
			room--
		}
		if part == len(cuts)-1 {
			end = i + 1
		}
		part = 0
	}
	return end
}

// line returns a line as far as it is drawn.
func (m *Model) line(i int) string {
	s := m.lines.Line(i)
	if len(s) > LongestLine {
		s = strings.ToValidUTF8(s[:LongestLine], "")
	}
	if strings.IndexByte(s, '\t') >= 0 {
		s = strings.ReplaceAll(s, "\t", "    ")
	}
	return s
}

// parts returns how many drawn lines a line takes when it is wrapped.
func (m *Model) parts(i int) int {
	s := m.line(i)
	if len(s) <= m.w {
		return 1 // no letter takes more cells than bytes
	}
	return len(breaks(s, m.w)) - 1
}

// partOf returns the part of a wrapped line in which a byte stands.
func (m *Model) partOf(line string, at int) int {
	cuts := breaks(line, m.w)
	for p := len(cuts) - 2; p > 0; p-- {
		if at >= cuts[p] {
			return p
		}
	}
	return 0
}

// breaks returns the bytes at which the drawn lines of a wrapped line begin, and its length.
func breaks(s string, w int) []int {
	cuts := make([]int, 1, len(s)/max(1, w)+2)
	if fit.Width(s) == len(s) { // each byte takes one cell
		for at := w; at < len(s); at += w {
			cuts = append(cuts, at)
		}
		return append(cuts, len(s))
	}
	cells, at := 0, 0
	for rest := s; rest != ""; {
		cluster, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		if cells+width > w && cells > 0 {
			cuts = append(cuts, at)
			cells = 0
		}
		cells += width
		at += len(cluster)
		rest = rest[len(cluster):]
	}
	return append(cuts, len(s))
}

// window draws what of a line stands in the window when lines are not wrapped.
func (m *Model) window(i int, line string) string {
	from := 0
	if m.left > 0 {
		from = byteAt(line, m.left)
	}
	rest := line[from:]
	if fit.Width(rest) <= m.w {
		return m.painted(i, line, from, len(line), m.w)
	}
	to := from + byteAt(rest, m.w-1)
	return m.painted(i, line, from, to, m.w-1) + m.theme.Pager.Hint.Paint(more)
}

// byteAt returns the byte of the letter at a cell, or the length.
func byteAt(s string, cell int) int {
	if fit.Width(s) == len(s) {
		return min(cell, len(s))
	}
	cells, at := 0, 0
	for rest := s; rest != ""; {
		cluster, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if cluster == "" || cells+width > cell {
			break
		}
		cells += width
		at += len(cluster)
		rest = rest[len(cluster):]
	}
	return at
}

// painted draws the bytes from (inclusive) to (exclusive) of a line in exactly w cells, with what was
// searched for marked.
func (m *Model) painted(i int, line string, from, to, w int) string {
	f := &m.find
	if f.needle == "" {
		return fit.Line(line[from:to], w)
	}
	var b strings.Builder
	ink := m.theme.Pager.Found
	if i == f.at {
		ink = m.theme.Pager.FoundNow
	}
	drawn := from
	for at := 0; at < to; {
		n, size := f.in(line[at:])
		if n < 0 {
			break
		}
		begin, end := max(drawn, at+n), min(to, at+n+size)
		if begin < end {
			b.WriteString(line[drawn:begin])
			b.WriteString(ink.Paint(line[begin:end]))
			drawn = end
		}
		at += n + size
	}
	b.WriteString(line[drawn:to])
	return fit.Line(b.String(), w)
}

// head is the title with the position: "report  1-40 of 1,204  3 %".
func (m *Model) head(end, w int) string {
	n := m.lines.Len()
	pos := "empty"
	if n > 0 {
		pos = fmt.Sprintf("%s-%s of %s", figure.Count(m.top+1), figure.Count(max(end, m.top+1)), figure.Count(n))
		if end < n || m.top > 0 {
			pos += "  " + strconv.Itoa(100*end/n) + " %"
		}
	}
	if room := w - 2 - fit.Width(pos); room >= 8 {
		return m.theme.Pager.Title.Paint(fit.Line(" "+m.title, room)) + m.theme.Pager.Position.Paint("  "+pos)
	}
	return m.theme.Pager.Title.Paint(fit.Line(" "+m.title, w))
}

// foot is the last line.
func (m *Model) foot(w int) string {
	if m.typing {
		line, x := m.entry.Draw(max(1, w-1))
		m.column = min(w-1, 1+x)
		return fit.Line(m.theme.Query.Prompt.Paint("/")+line, w)
	}
	hint := "/ searches · w wraps · h l sideways · g G ends"
	switch {
	case m.find.note != "":
		hint = "/" + m.find.needle + ": " + m.find.note
	case m.find.needle != "":
		hint = "/" + m.find.needle + " · n next · N before · esc ends the search"
	case m.wrap:
		hint = "/ searches · w does not wrap · g G ends"
	}
	return m.theme.Pager.Hint.Paint(fit.Line(" "+hint, w))
}
