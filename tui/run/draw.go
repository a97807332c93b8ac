package run

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

const (
	listW    = 38 // cells of the list where it stands beside the output
	topLines = 3  // the command line, the ways, what came of the last command
	leastOut = 4  // lines of output for which the list gives way
)

// Draw shows the command line, which way is taken and why, the hosts, and what one
// of them has printed.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.W < 1 || s.H < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	prompt, x := m.prompt(env, s.W)
	lines := []string{prompt, m.ways(env, s.W), m.summary(env, s.W)}
	lines = lines[:min(topLines, s.H)]
	if rest := s.H - len(lines); rest > 0 {
		lines = append(lines, m.body(env, s.W, rest))
	}
	f := view.Frame{Body: strings.Join(lines, "\n")}
	switch c := m.pane().Cursor(); {
	case m.typing:
		f.Cursor = tea.NewCursor(min(x, s.W-1), 0)
	case c != nil && s.H > topLines:
		left, above := m.corner(s.W, s.H-topLines)
		f.Cursor = tea.NewCursor(c.X+left, c.Y+topLines+above)
	}
	return f
}

// prompt is the command line, with its length where the API takes only so much.
func (m *Model) prompt(env view.Env, w int) (string, int) {
	ink := env.Theme.Query.PromptIdle
	if m.typing {
		ink = env.Theme.Query.Prompt
	}
	right := ""
	class := theme.Dim
	if n := len(strings.Join(strings.Fields(m.line.Value()), " ")); len(by(m.now, viaAPI)) > 0 {
		right = fmt.Sprintf(" %d of %d ", n, vastapi.MaxCommand)
		if n > vastapi.MaxCommand {
			class, right = theme.Bad, fmt.Sprintf(" %d of %d: too long ", n, vastapi.MaxCommand)
		}
	}
	const mark = " $ "
	room := w - fit.Width(mark) - fit.Width(right)
	if room < 8 {
		right, room = "", w-fit.Width(mark)
	}
	if room < 1 {
		return fit.Line(mark, w), w - 1
	}
	text, x := m.line.Draw(room)
	if !m.typing && m.line.Value() == "" {
		text = env.Theme.Query.Placeholder.Paint(fit.Line("e types a command", room))
	}
	return ink.Paint(mark) + text + env.Theme.Ink(class).Paint(right), fit.Width(mark) + x
}

// ways says how the command gets to its hosts, or what is wrong with it.
func (m *Model) ways(env view.Env, w int) string {
	if m.note != "" {
		return env.Theme.Ink(theme.Bad).Paint(fit.Line("   "+m.note, w))
	}
	left, right := "   "+sumUp(m.now), ""
	if len(by(m.now, overSSH)) > 0 {
		right = "  time-out " + limitWords(m.timeout) + " "
		if env.ReadOnly {
			left += " · read-only keeps the account as it is; commands over ssh run all the same"
		}
	}
	class := theme.Dim
	if len(by(m.now, noWay)) > 0 {
		class = theme.Warn
	}
	room := w - fit.Width(right)
	if room < 20 {
		right, room = "", w
	}
	return env.Theme.Ink(class).Paint(fit.Line(left, room)) + env.Theme.Ink(theme.Dim).Paint(right)
}

// summary says what came of the command before.
func (m *Model) summary(env view.Env, w int) string {
	if m.batch == nil {
		return fit.Spaces(w)
	}
	right := m.batch.sum(env) + " "
	room := w - fit.Width(right)
	if room < w/3 {
		room = w / 3
		right = fit.Line(right, w-room)
	}
	return env.Theme.Pager.Title.Paint(fit.Line(" "+safetext.Clean(m.batch.line, longestLine), room)) + env.Theme.Ink(theme.Strong).Paint(right)
}

// shape says how an area is shared: the list beside the output where there is room,
// above it otherwise, and not at all for one host.
func (m *Model) shape(w, h int) (lw, lh int, beside bool) {
	n := m.rows()
	switch {
	case n < 2 || h < leastOut+2:
		return 0, 0, false
	case w >= view.Narrow:
		return listW, h, true
	}
	return w, min(n, max(2, h/3)), false
}

// corner is where the output stands in the area.
func (m *Model) corner(w, h int) (x, y int) {
	lw, lh, beside := m.shape(w, h)
	if beside {
		return lw + 1, 0
	}
	return 0, lh
}

func (m *Model) body(env view.Env, w, h int) string {
	if m.batch == nil {
		return pane.Notes(env.Theme, w, h,
			pane.Note{Class: theme.Dim, Text: "Nothing has run here yet: type a command and press enter. On several instances it is asked about first."},
			pane.Note{Class: theme.Dim, Text: "Over ssh it runs in a shell of its own; the API runs only ls, rm and du, on stopped instances too."})
	}
	lw, lh, beside := m.shape(w, h)
	switch {
	case lh == 0:
		return m.pane().Draw(w, h)
	case !beside:
		return strings.Join(m.list(env, lw, lh), "\n") + "\n" + m.pane().Draw(w, h-lh)
	}
	left := m.list(env, lw, lh)
	right := strings.Split(m.pane().Draw(w-lw-1, h), "\n")
	rule := env.Theme.Ink(theme.Dim).Paint("│")
	for n := range left {
		left[n] += rule + right[n]
	}
	return strings.Join(left, "\n")
}

// list are the hosts with how far each is; the one that is shown stays in sight.
func (m *Model) list(env view.Env, w, h int) []string {
	n := m.rows()
	lines := make([]string, 0, h)
	for at := m.first(h); at < n && len(lines) < h; at++ {
		lines = append(lines, m.row(env, at, w))
	}
	for len(lines) < h {
		lines = append(lines, fit.Spaces(w))
	}
	return lines
}

// row is one line of the list.
func (m *Model) row(env view.Env, at, w int) string {
	name, text, class := "all, merged", "", theme.Plain
	if at > 0 {
		j := m.batch.jobs[at-1]
		name = j.name
		text, class = j.state(env.Now, env.Busy[j.id] != "")
		text = wayMark(j.way) + text
	}
	mark, ground := "  ", theme.OnBase
	if at == m.at {
		mark, ground = "▸ ", theme.OnSelected
	}
	nameW := max(1, min(18, w/2)-2)
	head := env.Theme.InkOn(ground, theme.Plain).Paint(mark + fit.Line(name, nameW) + " ")
	rest := w - fit.Width(mark) - nameW - 1
	if rest < 1 {
		return fit.Line(head, w)
	}
	return head + env.Theme.InkOn(ground, class).Paint(fit.Line(text, rest))
}

// wayMark says in a list which way a host is reached.
func wayMark(w way) string {
	switch w {
	case overSSH:
		return "ssh · "
	case viaAPI:
		return "API · "
	}
	return "– · "
}
