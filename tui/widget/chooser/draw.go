package chooser

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

const (
	hint    = "space shows or hides, K J move, < > width, = own width, a all, R as usual, / filters, enter is done, esc undoes"
	shorter = "space shows or hides, K J move, < > width, a all, R as usual, enter is done, esc undoes"
	helpMax = 3 // lines for the sentence about the current item
)

// Draw returns the list in exactly h lines of w cells: a title with the filter, the items, the
// sentence about the current one and what the keys do.
func (m *Model) Draw(w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	found := m.matching()
	foot := m.foot(w)
	if len(foot) > h-3 {
		foot = nil
	}
	m.rows = max(0, h-1-len(foot))
	m.place(found)
	lines := make([]string, 0, h)
	lines = append(lines, m.head(w))
	for n := m.top; n < len(found) && n < m.top+m.rows; n++ {
		lines = append(lines, m.row(found[n], w))
	}
	if len(found) == 0 && m.rows > 0 {
		lines = append(lines, m.theme.Help.Disabled.Paint(fit.Cut("  nothing is called so", w)))
	}
	for len(lines) < 1+m.rows {
		lines = append(lines, "")
	}
	return fit.Block(append(lines, foot...), w, h)
}

// Cursor returns where the terminal's cursor belongs in what was drawn last, while the filter is typed.
func (m *Model) Cursor() *tea.Cursor {
	if !m.filtering {
		return nil
	}
	return tea.NewCursor(m.column, 0)
}

// place moves the window, no further than needed, so that the cursor is in it.
func (m *Model) place(found []int) {
	at := max(0, slices.Index(found, m.cursor))
	m.top = max(min(m.top, at), at-m.rows+1)
	m.top = max(0, min(m.top, len(found)-m.rows))
}

func (m *Model) head(w int) string {
	on := 0
	for _, it := range m.items {
		if it.On {
			on++
		}
	}
	count := " " + strconv.Itoa(on) + " of " + strconv.Itoa(len(m.items))
	title := fit.Cut(m.Title+"  ", max(0, w-1))
	s := m.theme.Help.Title.Paint(title)
	room := w - fit.Width(title)
	if !m.filtering && m.filter.Value() == "" {
		return s + m.theme.Help.Disabled.Paint(fit.Right(count, room))
	}
	tail := ""
	if room > fit.Width(count)+8 {
		tail = count
	}
	line, x := m.filter.Draw(max(0, room-1-fit.Width(tail)))
	m.column = min(w-1, fit.Width(title)+1+x)
	return s + m.theme.Query.Prompt.Paint(fit.Cut("/", room)) + line + m.theme.Help.Disabled.Paint(tail)
}

func (m *Model) row(i, w int) string {
	it := m.items[i]
	mark := "[ ]"
	switch {
	case it.Fixed:
		mark = "[•]"
	case it.On:
		mark = "[x]"
	}
	ground, pointer := theme.OnBase, "  "
	if i == m.cursor {
		ground, pointer = theme.OnSelected, "▸ "
	}
	class := theme.Plain
	if !it.On {
		class = theme.Dim
	}
	text := pointer + mark + " " + it.Title
	if it.Width > 0 {
		text = fit.Line(text, max(0, min(28, w-12))) + "  " + strconv.Itoa(it.Width) + " cells"
	}
	return m.theme.InkOn(ground, class).Paint(fit.Line(text, w))
}

// foot is the sentence about the current item and what the keys do. Its height depends on the width
// alone, so that the list does not jump.
func (m *Model) foot(w int) []string {
	lines := []string{""}
	help := ""
	if it, ok := m.Current(); ok {
		help = it.Help
		if it.Fixed {
			help += " It is always shown."
		}
	}
	for i, l := range fit.Wrap(help, max(1, w-2)) {
		if i < helpMax {
			lines = append(lines, " "+m.theme.Help.Label.Paint(l))
		}
	}
	for len(lines) < 1+helpMax {
		lines = append(lines, "")
	}
	keys := hint
	if fit.Width(hint)+1 > w {
		keys = shorter
	}
	return append(lines, m.theme.Help.Disabled.Paint(fit.Cut(" "+keys, w)))
}
