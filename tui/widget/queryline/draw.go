package queryline

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

const (
	prompt = "/"
	// leastText is the room that the text keeps beside message and chips.
	leastText = 16
)

// Draw returns exactly one line of w cells.
func (m *Model) Draw(w int) string {
	if w <= 0 {
		m.column = 0
		return ""
	}
	ink := m.theme.Query.PromptIdle
	if m.Focused() {
		ink = m.theme.Query.Prompt
	}
	message := m.message(w)
	room := w - len(prompt) - fit.Width(message)
	text, used := m.text(room)
	return ink.Paint(prompt) + text + m.chipRow(room-used) + m.theme.Query.Message.Paint(message)
}

// Cursor returns where the terminal's cursor belongs, from the left end of the line as last drawn;
// nil while the line does not have the keyboard.
func (m *Model) Cursor() *tea.Cursor {
	if !m.Focused() {
		return nil
	}
	c := tea.NewCursor(m.column, 0)
	c.Color = m.theme.Query.Cursor
	return c
}

// message returns what is wrong, for the right end of the line, with a space before it.
func (m *Model) message(w int) string {
	if m.problem == nil || m.problem.Message == "" {
		return ""
	}
	full := fit.Width(string(m.input.Value())) + 2
	room := max(w/2, w-len(prompt)-full)
	room = min(room, w-len(prompt)-leastText) - 1
	if room < 4 {
		return ""
	}
	return " " + fit.Cut(m.problem.Message, room)
}

// text returns the part of the query around the cursor in at most room cells, and how many it takes.
func (m *Model) text(room int) (line string, used int) {
	if room <= 0 {
		m.column = 0
		return "", 0
	}
	value := []rune(m.Value())
	if len(value) == 0 {
		m.offset = 0
		m.column = len(prompt)
		return m.emptyText(room)
	}
	r := measure(value)
	pos := r.first[min(m.Pos(), len(value))]
	m.scroll(r, pos, room)
	m.column = len(prompt) + r.between(m.offset, pos)
	end := m.offset
	for end < len(value) && r.between(m.offset, r.next(end)) <= room {
		end = r.next(end)
	}
	used = r.between(m.offset, end)
	line = m.marked(value, r, end)
	if m.problem != nil && m.problem.From >= len(value) && end == len(value) && used < room {
		line += m.theme.Query.Bad.Paint("_") // what is missing at the end
		used++
	}
	return line, used
}

func (m *Model) emptyText(room int) (string, int) {
	if m.Focused() || m.Placeholder == "" {
		return "", 0
	}
	s := fit.Cut(" "+m.Placeholder, room)
	return m.theme.Query.Placeholder.Paint(s), fit.Width(s)
}

// scroll moves the window, no further than needed, so that the cursor at rune pos is in it.
func (m *Model) scroll(r ruler, pos, room int) {
	m.offset = r.first[max(0, min(m.offset, pos))]
	for m.offset < pos && r.between(m.offset, pos) >= room {
		m.offset = r.next(m.offset)
	}
	// When text has been deleted, the window goes back to show as much as it can.
	last := len(r.cell) - 1
	for m.offset > 0 {
		back := r.first[m.offset-1]
		if r.between(back, last) >= room {
			break
		}
		m.offset = back
	}
}

// marked paints the runes from the window's start to end, with the part that is wrong apart.
func (m *Model) marked(value []rune, r ruler, end int) string {
	from, to := end, end
	if p := m.problem; p != nil {
		from = r.first[max(m.offset, min(p.From, end))]
		to = from
		for to < end && to < max(p.To, p.From+1) {
			to = r.next(to)
		}
	}
	q := m.theme.Query
	return q.Text.Paint(string(value[m.offset:from])) + q.Bad.Paint(string(value[from:to])) +
		q.Text.Paint(string(value[to:end]))
}

// chipRow returns the chips in exactly room cells. Those that do not fit are
// counted, so that no filter applies unseen: "[verified=true] +3".
func (m *Model) chipRow(room int) string {
	var b strings.Builder
	left, shown := room, 0
	for i, c := range m.chips {
		text := "[" + c.Text + "]"
		need := fit.Width(text) + gapBefore(i)
		if rest := len(m.chips) - i - 1; need > left || (rest > 0 && need+fit.Width(count(rest))+1 > left) {
			break
		}
		left -= need
		shown++
		b.WriteString(fit.Spaces(gapBefore(i)))
		b.WriteString(m.chipInk(c).Paint(text))
	}
	if rest := len(m.chips) - shown; rest > 0 {
		if text := count(rest); fit.Width(text)+gapBefore(shown) <= left {
			left -= fit.Width(text) + gapBefore(shown)
			b.WriteString(fit.Spaces(gapBefore(shown)) + m.theme.Query.Chip.Paint(text))
		}
	}
	return b.String() + fit.Spaces(left)
}

// gapBefore is the room before the chip with index i.
func gapBefore(i int) int {
	if i == 0 {
		return 2
	}
	return 1
}

// count stands for n chips that do not fit.
func count(n int) string { return "+" + strconv.Itoa(n) }

func (m *Model) chipInk(c Chip) theme.Ink {
	if c.Off {
		return m.theme.Dialog.Struck
	}
	return m.theme.Query.Chip
}
