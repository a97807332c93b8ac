package listing

import (
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
)

// Choice is one line of a menu.
type Choice struct {
	Label, Detail string
	Key           string // that chooses it too, "" = none
	Class         theme.Class
	Why           string             // why it cannot be chosen, "" when it can
	Do            func() view.Effect // enter; nil = nothing to do
	Drop          func() view.Effect // D; nil = it cannot be taken away
}

// Menu is a short list to choose from.
type Menu struct {
	Title string
	Empty string // what is said where there is nothing to choose
	Verb  string // what enter does
	Away  string // what D does, "" = nothing
	Keyed bool   // the letters that choose a line stand in front of it
	// Clicks says that a click on the line under the cursor chooses it. It is for menus that only look, or copy.
	Clicks bool
	List   func(env view.Env) []Choice
	At     int // the line under the cursor, as far as there are so many

	top   int      // the first line drawn last
	drawn []string // the labels of the lines drawn last
	still bool     // the lines stay where they are drawn: the mouse is on one of them
}

// Chosen is the line under the cursor.
func (n *Menu) Chosen(env view.Env) (c Choice, ok bool) {
	list := n.List(env)
	if len(list) == 0 {
		return Choice{}, false
	}
	n.At = max(0, min(n.At, len(list)-1))
	return list[n.At], true
}

// Actions are what keys do in the menu. Before a line is chosen, shut is called; it may be nil.
func (n *Menu) Actions(env view.Env, section string, shut func()) []view.Action {
	c, ok := n.Chosen(env)
	why := c.Why
	switch {
	case !ok:
		why = n.Empty
	case why == "" && c.Do == nil:
		why = "there is nothing to do with this line"
	}
	list := []view.Action{
		{Key: view.Bind("enter", n.Verb, "enter"), Group: section, Disabled: why, Do: choosing(shut, c.Do)},
		{Key: view.Bind("up", "one line up", "up", "k"), Group: section, Hidden: true, Do: n.moving(env, -1)},
		{Key: view.Bind("down", "one line down", "down", "j"), Group: section, Hidden: true, Do: n.moving(env, 1)},
	}
	if n.Away != "" {
		why := ""
		switch {
		case !ok:
			why = n.Empty
		case c.Drop == nil:
			why = "this line cannot be taken away"
		}
		list = append(list, view.Action{Key: view.Bind("D", n.Away, "D"), Group: section, Disabled: why, Do: choosing(nil, c.Drop)})
	}
	return append(list, n.letters(env, section, shut)...)
}

// letters are the keys that choose a line without going there. One that stands before two lines chooses neither.
func (n *Menu) letters(env view.Env, section string, shut func()) (list []view.Action) {
	lines := n.List(env)
	count := map[string]int{}
	for _, c := range lines {
		count[c.Key]++
	}
	for _, c := range lines {
		if c.Key == "" || count[c.Key] > 1 {
			continue
		}
		list = append(list, view.Action{
			Key: view.Bind(c.Key, c.Label, c.Key), Group: section, Hidden: true, Drawn: true, Disabled: c.Why, Do: choosing(shut, c.Do),
		})
	}
	return list
}

// choosing does what stands behind a line, after the menu has been shut.
func choosing(shut func(), do func() view.Effect) func() view.Effect {
	return func() view.Effect {
		if shut != nil {
			shut()
		}
		if do == nil {
			return view.Effect{}
		}
		return do()
	}
}

func (n *Menu) moving(env view.Env, by int) func() view.Effect {
	return func() view.Effect {
		n.At, n.still = max(0, min(n.At+by, len(n.List(env))-1)), false
		return view.Effect{}
	}
}

// Click puts the cursor on the line drawn at y. enter says that it stood there, and that the line may be chosen by a click:
// if it still is what was clicked at.
func (n *Menu) Click(env view.Env, _, y int) (enter bool) {
	y -= menuHead
	if y < 0 || y >= len(n.drawn) {
		return false
	}
	at := n.top + y
	list := n.List(env)
	if at >= len(list) || list[at].Label != n.drawn[y] {
		return false
	}
	was := n.At
	n.At, n.still = at, true
	return n.Clicks && was == at
}

// menuHead is how many lines stand above those to choose from: the title and a blank one.
const menuHead = 2

// Draw gives exactly h lines of w cells, those around the cursor; a label keeps what room it needs, the detail takes
// the rest.
func (n *Menu) Draw(env view.Env, w, h int) string {
	th := env.Theme
	head := " " + th.Ink(theme.Strong).Paint(fit.Cut(n.Title, max(0, w-2)))
	list := n.List(env)
	n.drawn = n.drawn[:0]
	if len(list) == 0 {
		if h < 2 {
			return fit.Block([]string{head}, w, h)
		}
		return fit.Line(head, w) + "\n" + pane.Notes(th, w, h-1, pane.Note{Class: theme.Dim, Text: n.Empty})
	}
	at := max(0, min(n.At, len(list)-1))
	label := 0
	for _, c := range list {
		label = max(label, fit.Width(c.Label))
	}
	label = min(label, max(8, w/2))
	room := max(1, h-menuHead)
	if !n.still || at < n.top || at >= n.top+room {
		n.top = at - room/2
	}
	n.top = max(0, min(n.top, len(list)-room))
	lines := []string{head, ""}
	for i := n.top; i < len(list) && i < n.top+room; i++ {
		lines = append(lines, n.line(th, list[i], i == at, label, w))
		n.drawn = append(n.drawn, list[i].Label)
	}
	return fit.Block(lines, w, h)
}

// line draws one line in w cells, label of them for what it is called.
func (n *Menu) line(th *theme.Theme, c Choice, on bool, label, w int) string {
	mark, ink := "  ", th.Ink(c.Class)
	if on {
		mark, ink = "▸ ", th.InkOn(theme.OnSelected, c.Class)
	}
	if n.Keyed && c.Key != "" {
		mark += c.Key + "  "
	}
	text := c.Detail
	if c.Why != "" {
		text = c.Why
	}
	return ink.Paint(fit.Line(mark+fit.Line(c.Label, label)+"  "+text, w))
}
