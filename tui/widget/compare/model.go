package compare

import (
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
)

// Better says which figures of a row are the better ones.
type Better uint8

// The directions of a row.
const (
	Neither Better = iota // the values are not judged
	Higher
	Lower
)

// Value is what one of the things has in a row.
type Value struct {
	// Text is drawn; it must be inert. Two values differ when their texts do.
	Text string
	// Num is what is judged; NaN is unknown and neither best nor worst.
	Num float64
	// Class is the look of the text when it is not marked.
	Class theme.Class
}

// Row is one line. A row without values is a heading.
type Row struct {
	Label  string
	Values []Value
	Better Better
}

// Model is a comparison. A Model must not be copied once it is in use.
type Model struct {
	theme *theme.Theme
	heads []string
	rows  []Row
	only  bool // rows that differ
	top   int  // first row drawn
	left  int  // first thing drawn
	lines int  // rows drawn last
	fit   int  // things drawn last

	last         string // the last drawing
	lastW, lastH int
	fresh        bool // last is still what would be drawn
}

// New returns an empty comparison.
func New(th *theme.Theme) Model { return Model{theme: th, lines: 1, fit: 1} }

// SetTheme replaces the theme.
func (m *Model) SetTheme(th *theme.Theme) { m.theme, m.fresh = th, false }

// Set replaces what is compared: one head for each thing and, in each row, as many values. The place
// in the list stays where it can.
func (m *Model) Set(heads []string, rows []Row) {
	m.heads, m.rows = slices.Clone(heads), slices.Clone(rows)
	m.clamp()
}

// OnlyDifferences reports whether rows in which all values are equal are left out.
func (m *Model) OnlyDifferences() bool { return m.only }

// Update acts upon the keys that scroll (up down j k pgup pgdown ctrl+u ctrl+d g G home end), those that
// move sideways where not all things have room (left right h l), and d, which leaves out what is equal. It
// reports whether the key was one of them.
func (m *Model) Update(k tea.KeyPressMsg) bool {
	page := max(1, m.lines)
	switch k.String() {
	case "up", "k":
		m.top--
	case "down", "j":
		m.top++
	case "pgup":
		m.top -= page
	case "pgdown", "space":
		m.top += page
	case "ctrl+u":
		m.top -= max(1, page/2)
	case "ctrl+d":
		m.top += max(1, page/2)
	case "g", "home":
		m.top = 0
	case "G", "end":
		m.top = len(m.rows)
	case "left", "h":
		m.left--
	case "right", "l":
		m.left++
	case "d":
		m.only = !m.only
	default:
		return false
	}
	m.clamp()
	return true
}

func (m *Model) clamp() {
	m.fresh = false
	m.top = max(0, min(m.top, len(m.shown())-m.lines))
	m.left = max(0, min(m.left, len(m.heads)-m.fit))
}

// shown returns the rows that are drawn: all, or those that differ and the headings above them.
func (m *Model) shown() []Row {
	if !m.only {
		return m.rows
	}
	var rows []Row
	var heading *Row
	for i := range m.rows {
		r := &m.rows[i]
		switch {
		case len(r.Values) == 0:
			heading = r
		case r.Differs():
			if heading != nil {
				rows, heading = append(rows, *heading), nil
			}
			rows = append(rows, *r)
		}
	}
	return rows
}

// Differs reports whether not all texts of the row are the same.
func (r Row) Differs() bool {
	return slices.ContainsFunc(r.Values, func(v Value) bool { return v.Text != r.Values[0].Text })
}

// Judge returns which values are the best and which the worst, for each value. Nothing is either
// when fewer than two are known, or all that are known look or are the same.
func (r Row) Judge() (best, worst []bool) {
	best, worst = make([]bool, len(r.Values)), make([]bool, len(r.Values))
	low, high, known := math.Inf(1), math.Inf(-1), 0
	var lowText, highText string
	for _, v := range r.Values {
		if math.IsNaN(v.Num) {
			continue
		}
		known++
		if v.Num < low {
			low, lowText = v.Num, v.Text
		}
		if v.Num > high {
			high, highText = v.Num, v.Text
		}
	}
	if r.Better == Neither || known < 2 || low == high || lowText == highText {
		return best, worst
	}
	top, bottom := high, low
	topText, bottomText := highText, lowText
	if r.Better == Lower {
		top, bottom, topText, bottomText = low, high, lowText, highText
	}
	for i, v := range r.Values {
		known := !math.IsNaN(v.Num)
		// Figures that are shown as equal are equally good.
		best[i] = known && (v.Num == top || v.Text == topText)
		worst[i] = known && (v.Num == bottom || v.Text == bottomText)
	}
	return best, worst
}
