package listing

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
)

// Typing is what the keys do while a query is typed.
type Typing struct {
	Section string // the group of the keys in the help
	Name    string // what the line is called: filter, query
	Enter   func() view.Effect
	More    []view.Action             // keys of the view's own, behind enter
	Press   func(tea.Msg) view.Effect // gives a key to the line
	Ask     func()                    // offers what may stand at the cursor
	Leave   func() view.Effect        // leaves the line as it is; nil = esc does something else
	Move    func(rows int)            // moves the cursor of the list
}

// Actions are the keys that work while the query is typed. While something is offered to complete it, the line itself
// takes esc, tab and the arrows.
func (t Typing) Actions(q *queryline.Model) []view.Action {
	key := func(name, label string, hidden bool, do func() view.Effect) view.Action {
		return view.Action{Key: view.Bind(name, label, name), Group: t.Section, Typing: true, Hidden: hidden, Do: do}
	}
	list := append([]view.Action{key("enter", "back to the list", false, t.Enter)}, t.More...)
	if q.Completing() {
		pass := func(code rune) func() view.Effect {
			return func() view.Effect { return t.Press(tea.KeyPressMsg{Code: code}) }
		}
		return append(list,
			key("tab", "take it", false, pass(tea.KeyTab)),
			key("esc", "as it was typed", false, pass(tea.KeyEscape)),
			key("up", "the one above", true, pass(tea.KeyUp)),
			key("down", "the one below", true, pass(tea.KeyDown)),
		)
	}
	ask := func() view.Effect { q.Ask(); t.Ask(); return view.Effect{} }
	move := func(n int) func() view.Effect {
		return func() view.Effect { t.Move(n); return view.Effect{} }
	}
	list = append(list,
		key("tab", "what may come next", false, ask),
		view.Action{Key: view.Bind("ctrl+space", "what may come next", "ctrl+space", "ctrl+@"), Group: t.Section, Typing: true, Hidden: true, Do: ask},
	)
	if t.Leave != nil {
		list = append(list, key("esc", "leave the "+t.Name, false, t.Leave))
	}
	return append(list,
		key("up", "one row up", true, move(-1)),
		key("down", "one row down", true, move(1)),
	)
}
