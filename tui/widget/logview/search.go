package logview

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// search is what was searched for and where it stands.
type search struct {
	needle needle
	at     int // the line found last, -1 for none
	from   int // where a search that is not finished goes on
	dir    int
	left   int // lines it has still to look at
	of     int // lines it had to look at
	note   string
}

// begin searches for something from the top of the screen on; for nothing it goes on with what was searched for last.
// Capitals count when there are any in it.
func (m *Model) begin(text string) {
	if text != "" {
		m.find = search{needle: newNeedle(text, strings.IndexFunc(text, unicode.IsUpper) < 0), at: -1}
	}
	pos, _ := m.window()
	m.start(pos, 1)
}

// EndSearch forgets what was searched for.
func (m *Model) EndSearch() { m.find, m.fresh = search{at: -1}, false }

// next goes to the next line in a direction that holds what was searched for.
func (m *Model) next(dir int) {
	pos, _ := m.window()
	if m.find.at >= 0 {
		pos = m.position(m.find.at)
		if there := pos < m.count() && m.number(pos) == m.find.at; there || dir < 0 {
			pos += dir
		}
	}
	m.start(pos, dir)
}

// start begins looking at a place among the lines shown, round the end of the log.
func (m *Model) start(pos, dir int) {
	f := &m.find
	f.note, f.left = "", 0
	if f.needle.text == "" {
		f.needle = m.filter.sought()
	}
	n := m.count()
	switch {
	case f.needle.text == "":
		m.note = "nothing was searched for yet: & begins"
	case n == 0:
		f.note = "not found"
	default:
		f.from, f.dir, f.left, f.of = m.number((pos%n+n)%n), dir, n, n
		f.note = "searching …"
	}
}

// seek goes on with a search that was begun, as far as a budget reaches.
func (m *Model) seek(budget int) {
	f := &m.find
	n := m.count()
	if n == 0 {
		f.left, f.note = 0, "not found"
		return
	}
	pos := m.position(f.from)
	for f.left > 0 && budget > 0 {
		pos = (pos + n) % n
		line := m.number(pos)
		r := m.at(line)
		if at := f.in(r); at >= 0 {
			f.at, f.left, f.note = line, 0, ""
			m.freeze()
			m.showLine(pos, at)
			return
		}
		budget -= perLine + f.needle.cost(r.body())
		f.left--
		pos += f.dir
	}
	if f.left == 0 {
		f.at, f.note = -1, "not found"
		return
	}
	f.from = m.number((pos + n) % n)
	f.note = fmt.Sprintf("searching … %s %%", strconv.Itoa(100*(f.of-f.left)/f.of))
}

func (f *search) in(r *record) int {
	if r.flags&missing != 0 {
		return -1
	}
	return f.needle.in(r.body())
}
