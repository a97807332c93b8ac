package costs

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// page is what stands in place of the list until it is closed. It has the keyboard
// meanwhile.
type page interface {
	// actions are what keys do on the page beside closing it.
	actions(m *Model, env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(m *Model, env view.Env, msg tea.Msg) view.Effect
	// back is esc; it reports whether the page is to be closed by it.
	back(m *Model, env view.Env) (view.Effect, bool)
	// draw gives exactly h lines of w cells, and where the text cursor stands.
	draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor)
	// capturing reports whether the page has a text line with the keyboard.
	capturing() bool
}

// show opens a page.
func (m *Model) show(p page) view.Effect {
	m.page = p
	return view.Effect{}
}

// pageActions are what keys do while a page is open.
func (m *Model) pageActions(env view.Env) []view.Action {
	p := m.page
	return append(p.actions(m, env), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect {
			e, closed := p.back(m, env)
			if closed {
				m.page = nil
			}
			return e
		},
	})
}

// line is one line of a list on a page.
type line struct {
	text  string
	class theme.Class
}

// list is a list on a page that is moved through line by line.
type list struct {
	at int

	from  int  // the line of the page on which it begins, as drawn last
	top   int  // the first line drawn last
	drawn int  // how many lines were
	still bool // the lines stay where they are drawn: the mouse is on one of them
}

func (l *list) move(by, n int) { l.at, l.still = max(0, min(l.at+by, n-1)), false }

// click moves the cursor to the line drawn on line y of the page, and reports whether it was there.
func (l *list) click(y int) (again bool) {
	if y -= l.from; y < 0 || y >= l.drawn {
		return false
	}
	was := l.at
	l.at, l.still = l.top+y, true
	return l.at == was
}

// moves are the keys that move through n lines.
func (l *list) moves(n func() int) []view.Action {
	act := func(help string, by int, keys ...string) view.Action {
		return view.Action{Key: view.Bind(keys[0], help, keys...), Group: section, Hidden: true, Do: func() view.Effect { l.move(by, n()); return view.Effect{} }}
	}
	return []view.Action{
		act("one line up", -1, "up", "k"), act("one line down", 1, "down", "j"),
		act("ten lines up", -10, "pgup"), act("ten lines down", 10, "pgdown"),
		act("to the first line", -1<<30, "g", "home"), act("to the last line", 1<<30, "G", "end"),
	}
}

// draw draws those of n lines that are around the cursor, at most h of w cells, from line from of the page on.
func (l *list) draw(th *theme.Theme, n int, of func(int) line, from, w, h int) []string {
	at := max(0, min(l.at, n-1))
	if !l.still || at < l.top || at >= l.top+h {
		l.top = at - h/2
	}
	l.top = max(0, min(l.top, n-h))
	l.from = from
	var out []string
	for i := l.top; i < n && len(out) < h; i++ {
		one := of(i)
		ink := th.Ink(one.class)
		if i == at {
			ink = th.InkOn(theme.OnSelected, one.class)
		}
		out = append(out, ink.Paint(fit.Line(" "+one.text, w)))
	}
	l.drawn = len(out)
	return out
}
