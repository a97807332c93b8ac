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
	say := m.cut // it is told once; what is wrong is told again after the next key
	if say == "" && m.problem != nil {
		say = m.problem.Message
	}
	if say == "" {
		return ""
	}
	full := fit.Width(m.Value()) + 2
	room := max(w/2, w-len(prompt)-full)
	room = min(room, w-len(prompt)-leastText) - 1
	if room < 4 {
		return ""
	}
	return " " + fit.Cut(say, room)
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
	s := fit.Cut(" "+m.hint(room), room)
	return m.theme.Query.Placeholder.Paint(s), fit.Width(s)
}

// hint is the placeholder without those of its examples, which are two spaces
// apart, for which the chips leave no room.
func (m *Model) hint(room int) string {
	parts := strings.Split(m.Placeholder, "  ")
	for len(parts) > 1 && m.chipsThatFit(0, room-1-fit.Width(strings.Join(parts, "  "))) < len(m.chips) {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, "  ")
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
// counted, so that no filter applies unseen: "[verified=true] +3". The one with
// the focus is among those that are drawn.
func (m *Model) chipRow(room int) string {
	first := 0
	for first < m.chip-1 && m.chipsThatFit(first, room) < m.chip-first {
		first++
	}
	var b strings.Builder
	left := room
	put := func(k theme.Ink, text string) {
		gap := 1
		if left == room {
			gap = 2
		}
		if need := gap + fit.Width(text); need <= left {
			left -= need
			b.WriteString(fit.Spaces(gap) + k.Paint(text))
		}
	}
	if first > 0 {
		put(m.theme.Query.Chip, count(first))
	}
	shown := m.chipsThatFit(first, room)
	for i := first; i < first+shown; i++ {
		put(m.chipInk(i), m.chipText(i))
	}
	if rest := len(m.chips) - first - shown; rest > 0 {
		put(m.theme.Query.Chip, count(rest))
	}
	return b.String() + fit.Spaces(left)
}

// chipsThatFit returns how many chips fit from the one with index first on, with the counts of those
// before and behind.
func (m *Model) chipsThatFit(first, room int) (shown int) {
	gap := 2
	if first > 0 {
		room -= gap + fit.Width(count(first))
		gap = 1
	}
	for i := first; i < len(m.chips); i++ {
		need := gap + fit.Width(m.chipText(i))
		rest := len(m.chips) - i - 1
		if need > room || (rest > 0 && need+fit.Width(count(rest))+1 > room) {
			break
		}
		room -= need
		gap = 1
		shown++
	}
	return shown
}

func (m *Model) chipText(i int) string {
	left := "["
	if i == m.chip-1 {
		left = "▸"
	}
	return left + m.chips[i].text() + "]"
}

// count stands for n chips that do not fit.
func count(n int) string { return "+" + strconv.Itoa(n) }

func (m *Model) chipInk(i int) theme.Ink {
	switch {
	case i == m.chip-1:
		return m.theme.Query.ChipOn
	case m.chips[i].Off:
		return m.theme.Dialog.Struck
	}
	return m.theme.Query.Chip
}
