package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// open shows a view and tells it what to look at. The one that was shown before is
// told that it is no more.
func (m *Model) open(id view.ID, focus any) tea.Cmd {
	if m.tab(id) == nil {
		return nil
	}
	before := m.active
	changed := before != id
	if changed || focus != nil {
		m.leave()
		defer m.unleave()
	}
	var cmds []tea.Cmd
	if changed {
		m.lay(id)
		cmds = append(cmds, m.apply(m.tab(before).Update(m.env(), view.Hidden{}), false))
	}
	if focus != nil {
		cmds = append(cmds, m.apply(m.current().Update(m.env(), view.Focused{On: focus}), true))
	}
	if changed && !id.Page() {
		cmds = append(cmds, m.remember(func(mem *feed.Memory) { mem.LastView = int(id) }))
	}
	if changed {
		cmds = append(cmds, m.apply(m.current().Update(m.env(), view.Shown{}), true), m.shown(id))
	}
	return tea.Batch(cmds...)
}

// lay makes a view the shown one. A page lies over the view that asked for it; one
// that lies under the shown one already comes to light by taking away what is on
// top of it, and the view of a tab by taking away all.
func (m *Model) lay(id view.ID) {
	switch at := slices.Index(m.under, id); {
	case !id.Page():
		m.under = nil
	case at >= 0:
		m.under = m.under[:at:at]
	default:
		m.under = append(m.under, m.active)
	}
	m.active = id
}

// back closes the page that is shown.
func (m *Model) back() tea.Cmd {
	n := len(m.under)
	if n == 0 {
		return nil
	}
	if k := len(m.trail.back); k > 0 && m.trail.back[k-1].id == m.under[n-1] {
		return m.walk(&m.trail.back, &m.trail.ahead) // ] leads to the page again
	}
	return m.open(m.under[n-1], nil)
}

// leavePages shows the view of the active tab, without asking for anything.
func (m *Model) leavePages() tea.Cmd {
	if !m.active.Page() {
		return nil
	}
	page := m.active
	m.lay(m.front())
	return m.apply(m.tab(page).Update(m.env(), view.Hidden{}), false)
}

// front is the view whose tab is the active one: the shown one, or the one that
// pages were opened over.
func (m *Model) front() view.ID {
	if len(m.under) > 0 {
		return m.under[0]
	}
	return m.active
}
