package volumes

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
)

// Click moves the cursor, the order or the text cursor; a second click on a row shows its detail.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	if m.page != nil {
		if n, ok := m.page.(*menu); ok {
			if i, hit := pane.MenuLine(n.at, len(n.list(env)), c.Y, env.Size.H); hit {
				n.at = i
			}
		}
		return view.Effect{}
	}
	if c.Y == 0 {
		m.query.Click(c.X)
		return view.Effect{}
	}
	if m.query.Completing() {
		return view.Effect{} // the list is covered
	}
	e := view.Effect{}
	part, x, y := m.split(env.Size).At(c.X, c.Y-1)
	if part == pane.List && m.query.Focused() {
		e = m.enter(env)
	}
	if part != pane.List {
		return e
	}
	switch m.table.Click(x, y) {
	case table.Sorted:
		return join(e, m.keepOrder(env))
	case table.Again:
		return join(e, m.toggleDetail())
	}
	return e
}

// Wheel scrolls the list or the detail.
func (m *Model) Wheel(env view.Env, w view.Wheel) (e view.Effect, ok bool) {
	if m.page != nil {
		return e, false
	}
	switch part, _, _ := m.split(env.Size).At(w.X, w.Y-1); part {
	case pane.List:
		m.table.Wheel(w.Lines)
	case pane.Detail:
		return m.scrollDetail(env, w.Lines), true
	}
	return view.Effect{}, true
}
