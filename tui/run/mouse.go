package run

import "vastdeck/tui/view"

// Click gives the command line the keyboard, or shows the output of the host that was clicked. It runs nothing.
func (m *Model) Click(env view.Env, c view.Click) view.Effect {
	if c.Y == 0 {
		m.typing = m.typing || m.noTarget() == "" && !m.pane().Capturing()
		return view.Effect{}
	}
	if at, ok := m.rowAt(env.Size, c.X, c.Y); ok {
		m.at = at
	}
	return m.done(env, view.Effect{})
}

// Wheel scrolls the output, also while a command is typed; over the list of hosts it shows the output of another one.
func (m *Model) Wheel(env view.Env, w view.Wheel) (view.Effect, bool) {
	lw, lh, _ := m.shape(env.Size.W, env.Size.H-topLines)
	switch over := w.X < lw && w.Y >= topLines && w.Y-topLines < lh; {
	case !over:
		m.pane().Wheel(w.Lines)
	case w.Lines > 0:
		m.at = min(m.at+1, m.rows()-1)
	default:
		m.at = max(0, m.at-1)
	}
	return m.done(env, view.Effect{}), true
}

// rowAt is the row of the list at a cell.
func (m *Model) rowAt(s view.Size, x, y int) (at int, ok bool) {
	lw, lh, _ := m.shape(s.W, s.H-topLines)
	y -= topLines
	if x < 0 || x >= lw || y < 0 || y >= lh {
		return 0, false
	}
	at = m.first(lh) + y
	return at, at < m.rows()
}

// first is the row on the first of h lines of the list: the one that is shown stays in sight.
func (m *Model) first(h int) int { return max(0, min(m.at-h/2, m.rows()-h)) }
