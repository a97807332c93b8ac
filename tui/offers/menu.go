package offers

import (
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
	do            func() view.Effect // enter; nil = nothing to do
	drop          func() view.Effect // D; nil = it cannot be taken away
}

// menu is a short list to choose from.
type menu struct {
	title string
	empty string // what is said where there is nothing to choose
	verb  string // what enter does
	away  string // what D does, "" = nothing
	list  func(env view.Env) []choice
	at    int
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

func (n *menu) actions(env view.Env) []view.Action {
	c, ok := n.chosen(env)
	none := ""
	if !ok {
		none = n.empty
	}
	if c.do == nil && none == "" {
		none = "there is nothing to do with this line"
	}
	do := func(f func() view.Effect) func() view.Effect {
		return func() view.Effect {
			if f == nil {
				return view.Effect{}
			}
			return f()
		}
	}
	list := []view.Action{
		{Key: view.Bind("enter", n.verb, "enter"), Group: section, Disabled: none, Do: do(c.do)},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: n.move(env, -1)},
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: n.move(env, 1)},
	}
	if n.away != "" {
		why := ""
		switch {
		case !ok:
			why = n.empty
		case c.drop == nil:
			why = "this line cannot be taken away"
		}
		list = append(list, view.Action{Key: view.Bind("D", n.away, "D"), Group: section, Disabled: why, Do: do(c.drop)})
	}
	return list
}

func (n *menu) move(env view.Env, by int) func() view.Effect {
	return func() view.Effect {
		n.at = max(0, min(n.at+by, len(n.list(env))-1))
		return view.Effect{}
	}
}

func (n *menu) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (n *menu) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

// draw shows the lines around the cursor; a label keeps what room it needs, the
// detail takes the rest.
func (n *menu) draw(env view.Env, w, h int) (string, *tea.Cursor) { return n.picture(env, w, h), nil }

func (n *menu) picture(env view.Env, w, h int) string {
	th := env.Theme
	head := " " + th.Ink(theme.Strong).Paint(fit.Cut(n.title, max(0, w-2)))
	list := n.list(env)
	if len(list) == 0 {
		if h < 2 {
			return fit.Block([]string{head}, w, h)
		}
		return fit.Line(head, w) + "\n" + pane.Notes(th, w, h-1, pane.Note{Class: theme.Dim, Text: n.empty})
	}
	n.at = max(0, min(n.at, len(list)-1))
	label := 0
	for _, c := range list {
		label = max(label, fit.Width(c.label))
	}
	label = min(label, max(8, w/2))
	room := max(1, h-2)
	top := max(0, min(n.at-room/2, len(list)-room))
	lines := []string{head, ""}
	for i := top; i < len(list) && i < top+room; i++ {
		c := list[i]
		mark := "  "
		ink := th.Ink(c.class)
		if i == n.at {
			mark, ink = "▸ ", th.InkOn(theme.OnSelected, c.class)
		}
		lines = append(lines, ink.Paint(fit.Line(mark+fit.Line(c.label, label)+"  "+c.detail, w)))
	}
	return fit.Block(lines, w, h)
}
