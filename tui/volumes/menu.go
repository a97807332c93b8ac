package volumes

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
)

// choice is one line of a menu.
type choice struct {
	label, detail string
	class         theme.Class
	why           string             // why it cannot be chosen, "" when it can
	do            func() view.Effect // enter
}

// menu is a short list to choose from.
type menu struct {
	title string
	empty string // what is said where there is nothing to choose
	verb  string // what enter does
	list  func(env view.Env) []choice
	at    int
	over  page // what is shown again when it is left, nil = the list
}

func (n *menu) capturing() bool { return false }

// chosen is the line under the cursor.
func (n *menu) chosen(env view.Env) (choice, bool) {
	list := n.list(env)
	if len(list) == 0 {
		return choice{}, false
	}
	n.at = max(0, min(n.at, len(list)-1))
	return list[n.at], true
}

func (n *menu) actions(m *Model, env view.Env) []view.Action {
	c, ok := n.chosen(env)
	why := c.why
	if !ok {
		why = n.empty
	}
	move := func(by int) func() view.Effect {
		return func() view.Effect {
			n.at = max(0, min(n.at+by, len(n.list(env))-1))
			return view.Effect{}
		}
	}
	return []view.Action{
		{Key: view.Bind("enter", n.verb, "enter"), Group: section, Disabled: why, Do: func() view.Effect { m.page = n.over; return c.do() }},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: move(1)},
	}
}

func (n *menu) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (n *menu) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

// draw shows the lines around the cursor; a label keeps what room it needs, the
// detail takes the rest.
func (n *menu) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	th := env.Theme
	head := " " + th.Ink(theme.Strong).Paint(fit.Cut(n.title, max(0, w-2)))
	list := n.list(env)
	if len(list) == 0 {
		if h < 2 {
			return fit.Block([]string{head}, w, h), nil
		}
		return fit.Line(head, w) + "\n" + pane.Notes(th, w, h-1, pane.Note{Class: theme.Dim, Text: n.empty}), nil
	}
	at := max(0, min(n.at, len(list)-1))
	label := 0
	for _, c := range list {
		label = max(label, fit.Width(c.label))
	}
	label = min(label, max(8, w/2))
	room := max(1, h-2)
	top := max(0, min(at-room/2, len(list)-room))
	lines := []string{head, ""}
	for i := top; i < len(list) && i < top+room; i++ {
		c := list[i]
		mark, ink := "  ", th.Ink(c.class)
		if i == at {
			mark, ink = "▸ ", th.InkOn(theme.OnSelected, c.class)
		}
		text := c.detail
		if c.why != "" {
			text = c.why
		}
		lines = append(lines, ink.Paint(fit.Line(mark+fit.Line(c.label, label)+"  "+text, w)))
	}
	return fit.Block(lines, w, h), nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
