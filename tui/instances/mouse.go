package instances

import (
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// Click moves the cursor, the order or the text cursor; a second click on a row shows its detail.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	if m.page != nil {
		if n, ok := m.page.(*menu); ok {
			n.Click(env, c.Y, env.Size.H)
		}
		return view.Effect{}
	}
	if overview, _ := m.above(env.Size); overview && c.Y == 1 && !m.query.Completing() {
		if t, ok := m.tileAt(env, env.Size.W, c.X); ok {
			return m.leads(env, t)
		}
		return view.Effect{}
	}
	return m.mouse(env).Click(c)
}

// Wheel scrolls the list or the detail.
func (m *Model) Wheel(env view.Env, w view.Wheel) (e view.Effect, ok bool) {
	if m.page != nil {
		return e, false
	}
	return m.mouse(env).Wheel(w), true
}

// mouse is what the mouse does on the list.
func (m *Model) mouse(env view.Env) listing.Mouse {
	return listing.Mouse{
		Line: &m.query.Model, Table: &m.table, Split: m.split(env, env.Size), Top: m.topHeight(env.Size),
		Leave:  func() view.Effect { return m.enter(env) },
		Sorted: func() view.Effect { return m.keepOrder(env) },
		Again:  m.toggleDetail,
		Scroll: func(lines int) view.Effect { return m.scrollDetail(env, lines) },
	}
}
