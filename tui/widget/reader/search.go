package reader

import (
	"fmt"
	"strings"
	"unicode"

	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

// budget is how many bytes one key press searches: a search must not be felt.
const budget = 1 << 19

// search is what was searched for and where it stands.
type search struct {
	needle string
	fold   bool // capitals do not count
	at     int  // the line found last, -1 for none
	from   int  // where a search that was not finished goes on
	note   string
}

// newSearch returns a search; capitals count when there are any in it.
func newSearch(s string) search {
	return search{needle: s, fold: strings.IndexFunc(s, unicode.IsUpper) < 0, at: -1, from: -1}
}

// next goes to the next line in a direction that holds what was searched for.
func (m *Model) next(dir int) {
	f := &m.find
	from := m.top
	switch {
	case f.from >= 0:
		from = f.from
	case f.at >= 0:
		from = f.at + dir
	}
	m.search(dir, from)
}

// search looks from a line on, round the end of the text, at no more than budget bytes.
func (m *Model) search(dir, from int) {
	f := &m.find
	n := m.lines.Len()
	f.note = ""
	if f.needle == "" {
		f.note = "nothing was searched for yet: / begins"
		return
	}
	looked := 0
	for step := range n {
		i := ((from+dir*step)%n + n) % n
		line := m.lines.Line(i)
		if at, _ := f.in(line); at >= 0 {
			f.at, f.from = i, -1
			m.show(i, at)
			return
		}
		if looked += f.cost(line); looked > budget && step < n-1 {
			f.from = ((i+dir)%n + n) % n
			f.note = fmt.Sprintf("not yet found, line %s of %s: n goes on", figure.Count(i+1), figure.Count(n))
			return
		}
	}
	f.at, f.from = -1, -1
	f.note = "not found"
}

// cost is how long looking through a line takes, in bytes of a plain search.
func (f *search) cost(line string) int {
	if f.fold && f.needle[0] >= 0x80 {
		return 16*len(line) + 1
	}
	return len(line) + 1
}

// in returns the first place in line that holds what is searched for, in bytes, and how many it
// takes; at is -1 when there is none.
func (f *search) in(line string) (at, size int) {
	size = len(f.needle)
	switch {
	case size == 0:
		return -1, 0
	case !f.fold:
		return strings.Index(line, f.needle), size
	}
	first := f.needle[0]
	if first >= 0x80 {
		return f.inRunes(line), size
	}
	other := byte(unicode.ToUpper(rune(first)))
	for base := 0; len(line)-base >= size; {
		i := nearest(line[base:len(line)-size+1], first, other)
		if i < 0 {
			return -1, size
		}
		if base += i; strings.EqualFold(line[base:base+size], f.needle) {
			return base, size
		}
		base++
	}
	return -1, size
}

// nearest returns the first place of either letter.
func nearest(s string, a, b byte) int {
	i := strings.IndexByte(s, a)
	if a == b || i == 0 {
		return i
	}
	if i > 0 {
		s = s[:i]
	}
	if j := strings.IndexByte(s, b); j >= 0 {
		return j
	}
	return i
}

// inRunes looks for something that begins with a letter beyond ASCII.
func (f *search) inRunes(line string) int {
	for i := range line {
		if len(line)-i < len(f.needle) {
			break
		}
		if strings.EqualFold(line[i:i+len(f.needle)], f.needle) {
			return i
		}
	}
	return -1
}

// show moves the window, no further than needed, so that byte at of line i is in it.
func (m *Model) show(i, at int) {
	line := m.line(i)
	cell := fit.Width(line[:min(at, len(line))])
	if m.wrap {
		m.showPart(i, m.partOf(line, at))
		return
	}
	if i < m.top || i >= m.top+m.h {
		m.top = i - m.h/2
	}
	if cell < m.left || cell >= m.left+m.w-1 {
		m.left = max(0, cell-m.w/2)
	}
	m.settle()
}

// showPart puts a part of a wrapped line in the window: in its middle when it is not there.
func (m *Model) showPart(i, part int) {
	row := -m.part
	for l := m.top; l <= i && row < m.h; l++ {
		if l == i {
			if row += part; row >= 0 && row < m.h {
				return
			}
			break
		}
		row += m.parts(l)
	}
	m.top, m.part = i, part
	m.scroll(-m.h / 2)
}
