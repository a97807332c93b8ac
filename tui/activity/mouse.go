package activity

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
)

// Click moves the cursor, the order or the text cursor; a second click on a row shows its detail.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	if c.Y == 0 {
		m.query.Click(c.X)
		return view.Effect{}
	}
	part, x, y := m.split(env.Size).At(c.X, c.Y-1)
	if part == pane.List && m.query.Focused() {
		m.query.Blur()
	}
	if part != pane.List {
		return view.Effect{}
	}
	switch m.table.Click(x, y) {
	case table.Sorted:
		return m.arranged()
	case table.Again:
		return m.toggleDetail()
	}
	return view.Effect{}
}

// Wheel scrolls the list or the detail.
func (m *Model) Wheel(env view.Env, w view.Wheel) (e view.Effect, ok bool) {
	switch part, _, _ := m.split(env.Size).At(w.X, w.Y-1); part {
	case pane.List:
		m.table.Wheel(w.Lines)
	case pane.Detail:
		return m.scrollDetail(env, w.Lines), true
	}
	return view.Effect{}, true
}
