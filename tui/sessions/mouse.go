package sessions

import (
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// Click moves the cursor, the order or the text cursor; a second click on a row shows its detail.
func (m *Model) Click(env view.Env, c view.Click) view.Effect { return m.mouse(env).Click(env, c) }

// Wheel scrolls the list, the detail or the page.
func (m *Model) Wheel(env view.Env, w view.Wheel) (view.Effect, bool) {
	return m.mouse(env).Wheel(env, w)
}

// mouse is what the mouse does on the list, or on the page in place of it.
func (m *Model) mouse(env view.Env) listing.Mouse {
	return listing.Mouse{
		Page: m.page, Keys: func() []view.Action { return m.pageActions(env) },
		Line: &m.query, Table: &m.table, Split: m.split(env.Size),
		Leave:  func() view.Effect { m.query.Blur(); return view.Effect{} },
		Moved:  func() { m.scroll, m.moved = 0, true },
		Sorted: m.arranged,
		Again:  m.toggleDetail,
		Scroll: func(lines int) view.Effect { return m.scrollDetail(env, lines) },
	}
}
