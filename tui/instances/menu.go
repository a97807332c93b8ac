package instances

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// menu is a short list to choose from.
type menu struct{ listing.Menu }

func (n *menu) capturing() bool { return false }

func (n *menu) actions(m *Model, env view.Env) []view.Action {
	return n.Actions(env, section, func() { m.page = nil })
}

func (n *menu) key(*Model, view.Env, tea.Msg) view.Effect         { return view.Effect{} }
func (n *menu) back(*Model, view.Env) (view.Effect, bool)         { return view.Effect{}, true }
func (n *menu) draw(env view.Env, w, h int) (string, *tea.Cursor) { return n.Draw(env, w, h), nil }
