package bids

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
	mouse := m.filter(env).Mouse(m.split(env.Size))
	mouse.Page, mouse.Keys = m.page, func() []view.Action { return m.pageActions(env) }
	mouse.Sorted = func() view.Effect { return m.keepOrder(env) }
	mouse.Again, mouse.Moved = m.toggleDetail, m.atHand
	mouse.Scroll = func(lines int) view.Effect { return m.scrollDetail(env, lines) }
	return mouse
}
