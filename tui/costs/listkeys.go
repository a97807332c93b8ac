package costs

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// act makes an action that the bottom line shows, quiet one that only the help does.
func act(key, label, disabled string, do func() view.Effect) view.Action {
	return view.Action{Key: view.Bind(key, label, key), Group: section, Disabled: disabled, Do: do}
}

func quiet(key, label, disabled string, do func() view.Effect) view.Action {
	a := act(key, label, disabled, do)
	a.Hidden = true
	return a
}

// listActions are about the list: what of it is shown, and in which order.
func (m *Model) listActions(env view.Env) []view.Action {
	return []view.Action{
		act("/", "filter", "", func() view.Effect { m.query.Focus(); return view.Effect{} }),
		act("P", m.leakLabel(), m.noLeak(), func() view.Effect { m.only = !m.only; return m.refilter(env) }),
		quiet("z", "one row for each group", m.noGroups(), func() view.Effect { return m.toggleFold(env) }),
		quiet("p", m.monthLabel(), "", func() view.Effect { return m.switchMonth(env) }),
		quiet("o", "sort by the next column", "", func() view.Effect { m.table.NextSort(); return m.keepOrder(env) }),
		quiet("O", "reverse the order", "", func() view.Effect { m.table.Reverse(); return m.keepOrder(env) }),
		quiet("ctrl+o", "sort by…", "", func() view.Effect { return m.show(newSortPage(m)) }),
		quiet("c", "columns", "", func() view.Effect { return m.show(newColumnPage(m, env.Theme)) }),
	}
}

// modalActions are the keys while a page or the query line has the keyboard.
func (m *Model) modalActions(env view.Env) (list []view.Action, modal bool) {
	switch {
	case m.page != nil:
		return m.pageActions(env), true
	case m.query.Focused():
		return m.typing(env), true
	}
	return nil, false
}

// typing are the keys that work while the query is typed. While something is
// offered to complete it, the line itself takes esc, tab and the arrows.
func (m *Model) typing(env view.Env) []view.Action {
	key := func(name, label string, hidden bool, do func() view.Effect) view.Action {
		return view.Action{Key: view.Bind(name, label, name), Group: section, Typing: true, Hidden: hidden, Do: do}
	}
	move := func(n int) func() view.Effect {
		return func() view.Effect { m.table.Move(n); return view.Effect{} }
	}
	list := []view.Action{key("enter", "back to the list", false, func() view.Effect { return m.enter(env) })}
	if m.query.Completing() {
		pass := func(code rune) func() view.Effect {
			return func() view.Effect { return m.pressLine(env, code) }
		}
		return append(list,
			key("tab", "take it", false, pass(tea.KeyTab)),
			key("esc", "as it was typed", false, pass(tea.KeyEscape)),
			key("up", "the one above", true, pass(tea.KeyUp)),
			key("down", "the one below", true, pass(tea.KeyDown)),
		)
	}
	ask := func() view.Effect { m.query.Ask(); m.suggest(env, true); return view.Effect{} }
	return append(list,
		key("tab", "what may come next", false, ask),
		view.Action{Key: view.Bind("ctrl+space", "what may come next", "ctrl+space", "ctrl+@"), Group: section, Typing: true, Hidden: true, Do: ask},
		key("esc", "leave the filter", false, m.leaveQuery),
		key("up", "one row up", true, move(-1)),
		key("down", "one row down", true, move(1)),
	)
}
