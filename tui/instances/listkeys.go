package instances

import (
	"vastdeck/tui/view"
)

// act makes an action that the bottom line shows, quiet one that only the help does.
var act, quiet = view.In(section)

// listActions are about the list: what of it is shown, and in which order.
func (m *Model) listActions(env view.Env) []view.Action {
	worst := act("!", "go to the next problem", m.noTrouble(), func() view.Effect { return m.goToTrouble(env) })
	worst.Hidden = m.noTrouble() != ""
	return []view.Action{
		act("/", "filter", "", func() view.Effect { m.query.Focus(); return view.Effect{} }),
		worst,
		quiet("P", m.problemsLabel(), m.noProblems(), func() view.Effect { return m.toggleProblems(env) }),
		quiet("z", "one row for each group", m.noGroups(), func() view.Effect { return m.toggleFold(env) }),
		quiet("o", "sort by the next column", "", func() view.Effect { m.table.NextSort(); return m.keepOrder(env) }),
		quiet("O", "reverse the order", "", func() view.Effect { m.table.Reverse(); return m.keepOrder(env) }),
		quiet("ctrl+o", "sort by…", "", func() view.Effect { return m.show(newSortPage(m)) }),
		quiet("c", "columns", "", func() view.Effect { return m.show(newColumnPage(m, env.Theme)) }),
		quiet("'", "overview", m.noOverview(), func() view.Effect { return m.show(m.overview()) }),
		quiet("L", "what the words and signs mean", "", func() view.Effect { return m.show(newLegendPage(env)) }),
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

// typing are the keys that work while the query is typed.
func (m *Model) typing(env view.Env) []view.Action { return m.filter(env).Typing(section) }
