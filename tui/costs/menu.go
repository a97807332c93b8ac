package costs

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// menu is a short list to choose from, in place of the list or over another page.
type menu struct {
	listing.Menu
	over page // what is shown again when it is left, nil = the list
}

func (n *menu) capturing() bool { return false }

func (n *menu) actions(m *Model, env view.Env) []view.Action {
	return n.Actions(env, section, func() { m.page = n.over })
}

func (n *menu) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (n *menu) back(m *Model, _ view.Env) (view.Effect, bool) {
	m.page = n.over
	return view.Effect{}, n.over == nil
}

func (n *menu) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	return n.Draw(env, w, h), nil
}
