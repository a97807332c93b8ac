package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// touch tells the shown view, once, that the user begins to use it.
func (m *Model) touch() {
	v := m.current()
	if m.session.phase == loggedOut || m.touched[v] {
		return
	}
	if m.touched == nil {
		m.touched = map[view.View]bool{}
	}
	m.touched[v] = true
	m.apply(v.Update(m.env(), view.Touched{}), true)
}

// touchBy is touch for a key, unless it is one of the program's own: who opens another
// view has not begun to use this one.
func (m *Model) touchBy(k tea.KeyPressMsg, typing bool) {
	if m.touched[m.current()] {
		return
	}
	own := func(a view.Action) bool { return key.Matches(k, a.Key) }
	if typing || !slices.ContainsFunc(m.actions(), own) {
		m.touch()
	}
}
