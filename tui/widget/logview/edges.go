package logview

import (
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

// head is the first line: "train-1  / error -debug  3 s old                 following  1,204-1,243 of 2,341".
func (m *Model) head(pos, w int) string {
	right := m.where(pos)
	room := w - fit.Width(right) - 3
	if room < 8 {
		right, room = "", w
	}
	title, rest := " "+m.title, ""
	if m.filter.text != "" {
		rest += "  / " + m.filter.text
		if m.filtering() {
			rest += " …"
		}
	}
	if m.age != "" {
		rest += "  " + m.age
	}
	title = fit.Cut(title, room)
	line := m.theme.Pager.Title.Paint(title) + m.theme.Pager.Position.Paint(fit.Line(rest, room-fit.Width(title)))
	if right != "" {
		line += m.theme.Pager.Position.Paint("  " + right + " ")
	}
	return fit.Line(line, w)
}

// where is the position and whether the end is followed.
func (m *Model) where(pos int) string {
	n := m.count()
	text := "empty"
	if n > 0 {
		_, last := m.onScreen()
		text = fmt.Sprintf("%s-%s of %s", figure.Count(pos+1), figure.Count(last+1), figure.Count(n))
		if !m.follow {
			text += "  " + strconv.Itoa(100*(last+1)/n) + " %"
		}
	}
	if m.follow {
		return "following  " + text
	}
	return text
}

// foot is the last line.
func (m *Model) foot(w int) string {
	if m.typing != nothing {
		return m.typedLine(w)
	}
	return m.theme.Pager.Hint.Paint(fit.Line(" "+m.hint(), w))
}

func (m *Model) hint() string {
	f := &m.find
	switch {
	case m.choice.on:
		first, last := m.choice.span()
		n := m.position(last+1) - m.position(first)
		return figure.Count(n) + " chosen · j k g G move · y copies · esc ends"
	case f.note != "":
		return "&" + f.needle.text + ": " + f.note
	case m.note != "":
		return m.note
	case f.needle.text != "":
		return "&" + f.needle.text + " · n next · N before · esc ends the search"
	}
	var b strings.Builder
	b.WriteString("/ filters · & searches · ")
	if m.follow {
		b.WriteString("f stops following")
	} else {
		b.WriteString("f follows")
	}
	if m.wrap {
		b.WriteString(" · w does not wrap")
	} else {
		b.WriteString(" · w wraps")
	}
	b.WriteString(" · t times · v chooses · y copies · s saves · q leaves")
	return b.String()
}

// typedLine is the search or the filter as it is typed, with what is wrong with it.
func (m *Model) typedLine(w int) string {
	prompt, wrong := "&", ""
	if m.typing == aFilter {
		prompt, wrong = "/", m.filter.wrong
	}
	room := max(1, w-1)
	if wrong != "" {
		room = max(1, min(room, w/2))
	}
	line, x := m.entry.Draw(room)
	m.column = min(w-1, 1+x)
	line = m.theme.Query.Prompt.Paint(prompt) + line
	if rest := w - 1 - room; wrong != "" && rest > 0 {
		line += m.theme.Query.Message.Paint(fit.Line(" "+wrong, rest))
	}
	return fit.Line(line, w)
}
