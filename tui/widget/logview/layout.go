package logview

import (
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// layout is how the cells of a drawn line are shared out.
type layout struct {
	w, h  int // of the lines when last drawn
	gutW  int // the mark of lines that are chosen or found
	nameW int // the source, with what stands behind it
	timeW int // the timestamp, with the blank behind it
	textW int // the line itself
}

const (
	longestName = 16 // cells
	behindName  = " │ "
	timeForm    = "01-02 15:04:05"
	// narrow is how many cells are left to the line at least when name and timestamp take theirs.
	narrow = 20
)

// arrange shares out the cells. Names are shown when there are several.
func (m *Model) arrange() {
	m.gutW = min(1, max(0, m.w-1))
	m.nameW, m.timeW = 0, 0
	room := m.w - m.gutW
	if w := min(longestName, m.widest) + fit.Width(behindName); len(m.sources) > 1 && room-w >= narrow {
		m.nameW = w
		room -= w
	}
	if w := len(timeForm) + 2; m.stamps && room-w >= narrow {
		m.timeW = w
		room -= w
	}
	m.textW = max(1, room)
}

// nameClass returns the look of a source's name.
func nameClass(src uint32) theme.Class {
	classes := [...]theme.Class{theme.Accent, theme.Money, theme.Warn, theme.Link, theme.Good, theme.Header}
	return classes[int(src)%len(classes)]
}

// body returns the line at a place among those shown, without its timestamp.
func (m *Model) body(pos int) string { return m.at(m.number(pos)).body() }

// parts returns how many drawn lines the line at a place takes when it is wrapped.
func (m *Model) parts(pos int) int {
	s := m.body(pos)
	switch {
	case len(s) <= m.textW:
		return 1 // no letter takes more cells than bytes
	case fit.Width(s) == len(s):
		return (len(s) + m.textW - 1) / m.textW
	}
	return len(breaks(s, m.textW)) - 1
}

// partOf returns the part of a line wrapped to w cells in which a byte stands.
func partOf(s string, at, w int) int {
	cuts := breaks(s, w)
	for p := len(cuts) - 2; p > 0; p-- {
		if at >= cuts[p] {
			return p
		}
	}
	return 0
}

// breaks returns the bytes at which the parts of a line wrapped to w cells begin, and its length.
func breaks(s string, w int) []int {
	cuts := make([]int, 1, len(s)/w+2)
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
