package queryline

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

// mostCandidates is how many lines the list has at most.
const mostCandidates = 10

// Candidate is something that may stand at the cursor.
type Candidate struct {
	// Text is what the list shows.
	Text string
	// Insert is what is put into the line when it is more or other than Text.
	Insert string
	// Help says what it is, in a few words; Unit is the unit of its values.
	Help, Unit string
	// Count is how many rows have it; it is drawn when it is positive.
	Count int
}

// completion is the list below the line.
type completion struct {
	from, to int // the runes a candidate takes the place of
	list     []Candidate
	on       int // the one that Tab takes
	top      int // the first one drawn
	silent   bool
	before   *text // what was typed, while the last change was taking a candidate
	drawn    shape
}

// shape is where the list was drawn last: from a cell of the line on, so many lines of so many cells, the first of them y
// lines below the line.
type shape struct{ x, y, w, lines int }

// text is a query with its cursor.
type text struct {
	value string
	pos   int
}

// Complete offers candidates for the runes from (inclusive) to (exclusive); none closes the list.
// It is to be called after every change of the query. Nothing is offered after Escape until the
// query is changed again.
func (m *Model) Complete(from, to int, list []Candidate) {
	c := &m.complete
	if c.silent || !m.Focused() {
		list = nil
	}
	was, stays := m.Candidate()
	stays = stays && from == c.from
	c.from, c.to, c.list, c.on, c.top = from, to, slices.Clone(list), 0, 0
	if i := slices.IndexFunc(list, func(x Candidate) bool { return x.Text == was.Text }); stays && i > 0 {
		c.on = i
	}
}

// Ask makes the next Complete offer candidates although Escape has closed the list.
func (m *Model) Ask() { m.complete.silent = false }

// Completing reports whether Escape belongs to the line: candidates are offered, or one has just
// been taken and can be given back.
func (m *Model) Completing() bool { return len(m.complete.list) > 0 || m.complete.before != nil }

// EndCompletion closes the list and keeps the query as it is, as leaving the line with Enter does.
func (m *Model) EndCompletion() { m.complete = completion{silent: m.complete.silent} }

// Candidate returns the candidate that Tab takes.
func (m *Model) Candidate() (c Candidate, ok bool) {
	if len(m.complete.list) == 0 {
		return c, false
	}
	return m.complete.list[m.complete.on], true
}

// completionKey acts upon the keys of the list and reports whether this was one of them.
func (m *Model) completionKey(k tea.KeyPressMsg) bool {
	c := &m.complete
	open := len(c.list) > 0
	switch k.String() {
	case "esc":
		return m.escape()
	case "tab":
		if open {
			m.takeCandidate()
		}
	case "down", "ctrl+n":
		c.move(1)
	case "up", "ctrl+p":
		c.move(-1)
	default:
		return false
	}
	return open
}

// escape closes the list and gives back what was typed before a candidate was taken.
func (m *Model) escape() bool {
	if !m.Completing() {
		return false
	}
	before := m.complete.before
	m.complete = completion{silent: true}
	if before != nil {
		m.SetValue(before.value)
		m.SetPos(before.pos)
	}
	return true
}

func (m *Model) takeCandidate() {
	c := &m.complete
	before := c.before
	if before == nil {
		before = &text{m.Value(), m.Pos()}
	}
	x := c.list[c.on]
	put := x.Insert
	if put == "" {
		put = x.Text
	}
	m.Replace(c.from, c.to, put)
	m.complete = completion{before: before}
}

func (c *completion) move(n int) {
	if len(c.list) > 0 {
		c.on = (c.on + n + len(c.list)) % len(c.list)
	}
}

// Popup returns the list of candidates as exact lines of one width, and the cell of the query line,
// as last drawn, below which they belong. There are at most h lines of at most w cells, and none
// when nothing is offered. Lay puts them over the lines below: fit.Lay(body, lines, x, 0, w).
func (m *Model) Popup(w, h int) (lines []string, x int) {
	c := &m.complete
	n := min(len(c.list), h, mostCandidates)
	c.drawn = shape{}
	if n <= 0 || w < 8 {
		return nil, 0
	}
	c.top = max(c.on-n+1, min(c.top, c.on, len(c.list)-n), 0)
	col := c.columns(w)
	x = max(0, min(m.cellOf(c.from), w-col.all))
	c.drawn = shape{x, 1, col.all, n}
	for i := c.top; i < c.top+n; i++ {
		lines = append(lines, m.candidate(c.list[i], col, i == c.on, c.more(i, n)))
	}
	return lines, x
}

// more is the sign at the right of the first or last line behind which there are others.
func (c *completion) more(i, n int) string {
	switch {
	case i == c.top && c.top > 0:
		return "▴"
	case i == c.top+n-1 && i < len(c.list)-1:
		return "▾"
	}
	return " "
}

// widths are the cells of a line's parts; all is their sum with the gaps.
type widths struct{ text, help, note, all int }

// columns shares at most w cells. The help gives way first, then the count.
func (c *completion) columns(w int) widths {
	var d widths
	for _, x := range c.list {
		d.text = max(d.text, fit.Width(x.Text))
		d.help = max(d.help, fit.Width(x.Help))
		d.note = max(d.note, fit.Width(x.note()))
	}
	const frame = 3 // the mark of the selected one, and a margin with the sign for more
	room := w - frame
	d.text = min(d.text, room)
	if d.note > 0 && d.text+2+d.note > room {
		d.note = 0
	}
	room -= d.text
	if d.note > 0 {
		room -= d.note + 2
	}
	const least = 8 // cells below which a sentence that is cut says nothing
	if room-2 < min(d.help, least) {
		d.help = 0
	}
	d.help = min(d.help, room-2)
	d.all = frame + d.text
	for _, n := range []int{d.help, d.note} {
		if n > 0 {
			d.all += n + 2
		}
	}
	return d
}

// note is what stands at the right of a candidate: its count or its unit.
func (x Candidate) note() string {
	var parts []string
	if x.Unit != "" {
		parts = append(parts, x.Unit)
	}
	if x.Count > 0 {
		parts = append(parts, figure.Count(x.Count))
	}
	return strings.Join(parts, " ")
}

func (m *Model) candidate(x Candidate, col widths, on bool, more string) string {
	q := m.theme.Query
	mark, name, rest := " ", q.Option, q.OptionHelp
	if on {
		mark, name, rest = "▸", q.OptionOn, q.OptionOnHelp
	}
	s := mark + fit.Line(x.Text, col.text)
	tail := ""
	if col.help > 0 {
		tail += "  " + fit.Line(x.Help, col.help)
	}
	if col.note > 0 {
		tail += "  " + fit.Right(x.note(), col.note)
	}
	return name.Paint(s) + rest.Paint(tail+" "+more)
}

// cellOf returns the cell of a rune in the line as last drawn.
func (m *Model) cellOf(at int) int {
	r := measure([]rune(m.Value()))
	last := len(r.cell) - 1
	return len(prompt) + max(0, r.between(min(m.offset, last), r.first[max(0, min(at, last))]))
}
