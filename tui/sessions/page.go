package sessions

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
)

// page is what stands in place of the list until it is closed. It has the
// keyboard meanwhile.
type page interface {
	// actions are what keys do on the page beside closing it.
	actions(m *Model, env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(env view.Env, msg tea.Msg) view.Effect
	// news tells the page that something was taken in.
	news(m *Model, env view.Env)
	// draw gives exactly h lines of w cells.
	draw(env view.Env, w, h int) string
}

// show opens a page.
func (m *Model) show(p page) view.Effect {
	m.query.Blur()
	m.page = p
	return view.Effect{}
}

// pageActions are what keys do while a page is open.
func (m *Model) pageActions(env view.Env) []view.Action {
	return append(m.page.actions(m, env), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect { m.closePage(env); return view.Effect{} },
	})
}

// closePage shows the list again. What the page still waits for is given up.
func (m *Model) closePage(env view.Env) {
	if p, open := m.page.(*doctorPage); open && p.running {
		env.Load.GiveUp(command.ExamineTopic(p.id))
	}
	if p, copies := m.page.(*copyPage); copies {
		m.page = p.over
		return
	}
	m.page = nil
}

// choice is one line of a menu.
type choice struct {
	label  string
	class  theme.Class
	detail func(view.Env) string // what stands behind it; asked for the lines on the screen alone
	why    func(view.Env) string // why it cannot be chosen, "" = it can; nil = it always can
	do     func(view.Env) view.Effect
}

// refused is why it cannot be chosen now, "" when it can.
func (c choice) refused(env view.Env) string {
	if c.why == nil {
		return ""
	}
	return c.why(env)
}

// menu is a short list to choose from.
type menu struct {
	title string
	empty string // what is said where there is nothing to choose
	verb  string // what enter does
	list  func(env view.Env) []choice
	at    int

	begun bool // the cursor has been put on the first line that can be chosen

	top, drawn int  // the first line drawn last, and how many were
	still      bool // they stay where they are drawn: the mouse is on one of them
}

// menuHead is how many lines stand above those to choose from: the title and a blank one.
const menuHead = 2

// Click moves the cursor to the line that was clicked. What enter does with it is left to the key.
func (n *menu) Click(_ view.Env, _, y int) (enter bool) {
	if y -= menuHead; y >= 0 && y < n.drawn {
		n.at, n.still = n.top+y, true
	}
	return false
}

func (n *menu) chosen(env view.Env) (choice, bool) {
	list := n.list(env)
	if len(list) == 0 {
		return choice{}, false
	}
	n.begin(env, list)
	n.at = max(0, min(n.at, len(list)-1))
	return list[n.at], true
}

// begin puts the cursor on the first line that can be chosen, once there is a line.
func (n *menu) begin(env view.Env, list []choice) {
	if n.begun || len(list) == 0 {
		return
	}
	n.begun = true
	n.at = max(0, slices.IndexFunc(list, func(c choice) bool { return c.refused(env) == "" }))
}

func (n *menu) actions(m *Model, env view.Env) []view.Action {
	c, ok := n.chosen(env)
	why := c.refused(env)
	if !ok {
		why = n.empty
	}
	move := func(by int) func() view.Effect {
		return func() view.Effect {
			n.at, n.still = max(0, min(n.at+by, len(n.list(env))-1)), false
			return view.Effect{}
		}
	}
	return []view.Action{
		{Key: view.Bind("enter", n.verb, "enter"), Group: section, Disabled: why, Do: func() view.Effect { m.page = nil; return c.do(env) }},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
		{Key: view.Bind("pgup", "ten lines up", "pgup"), Group: section, Hidden: true, Do: move(-10)},
		{Key: view.Bind("pgdn", "ten lines down", "pgdown"), Group: section, Hidden: true, Do: move(10)},
	}
}

func (n *menu) key(view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (n *menu) news(*Model, view.Env)             {}

// draw shows the lines around the cursor; a label keeps what room it needs, the
// detail takes the rest.
func (n *menu) draw(env view.Env, w, h int) string {
	th := env.Theme
	head := " " + th.Ink(theme.Strong).Paint(fit.Cut(n.title, max(0, w-2)))
	list := n.list(env)
	n.drawn = 0
	if len(list) == 0 {
		if h < 2 {
			return fit.Block([]string{head}, w, h)
		}
		return fit.Line(head, w) + "\n" + pane.Notes(th, w, h-1, pane.Note{Class: theme.Dim, Text: n.empty})
	}
	n.begin(env, list)
	at := max(0, min(n.at, len(list)-1))
	label := 0
	room := max(1, h-menuHead)
	if !n.still || at < n.top || at >= n.top+room {
		n.top = at - room/2
	}
	n.top = max(0, min(n.top, len(list)-room))
	n.drawn = min(room, len(list)-n.top)
	for i := n.top; i < n.top+n.drawn; i++ {
		label = max(label, fit.Width(list[i].label))
	}
	label = min(label, max(8, w/2))
	lines := []string{head, ""}
	for i := n.top; i < n.top+n.drawn; i++ {
		c := list[i]
		mark, ink := "  ", th.Ink(c.class)
		if i == at {
			mark, ink = "▸ ", th.InkOn(theme.OnSelected, c.class)
		}
		detail := c.detail(env)
		if why := c.refused(env); why != "" {
			detail = "not now: " + why
		}
		lines = append(lines, ink.Paint(fit.Line(mark+fit.Line(c.label, label)+"  "+detail, w)))
	}
	return fit.Block(lines, w, h)
}
