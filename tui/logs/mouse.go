package logs

import "vastdeck/tui/view"

// Click does nothing: a log has nothing to point at.
func (m *Model) Click(view.Env, view.Click) view.Effect { return view.Effect{} }

// Wheel scrolls the log, also while a filter or a search is typed.
func (m *Model) Wheel(env view.Env, w view.Wheel) (view.Effect, bool) {
	m.log.Wheel(w.Lines)
	return m.done(env, view.Effect{}), true
}
