package instances

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// page is what stands in place of the list until it is closed: a list to choose
// from, a long text. It has the keyboard meanwhile.
type page interface {
	// actions are what keys do on the page beside closing it.
	actions(m *Model, env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(m *Model, env view.Env, msg tea.Msg) view.Effect
	// back is esc; it reports whether the page is to be closed by it.
	back(m *Model, env view.Env) (view.Effect, bool)
	// draw gives exactly h lines of w cells, and where the text cursor stands.
	draw(env view.Env, w, h int) (string, *tea.Cursor)
	// capturing reports whether the page has a text line with the keyboard.
	capturing() bool
}

// show opens a page.
func (m *Model) show(p page) view.Effect {
	m.page = p
	return view.Effect{}
}

// pageActions are what keys do while a page is open.
func (m *Model) pageActions(env view.Env) []view.Action {
	p := m.page
	return append(p.actions(m, env), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect {
			e, closed := p.back(m, env)
			if closed {
				m.page = nil
			}
			return e
		},
	})
}

// textPage is a text to read, to search and to copy.
type textPage struct{ *listing.Text }

func (p textPage) capturing() bool { return p.Capturing() }

func (p textPage) actions(*Model, view.Env) []view.Action { return []view.Action{p.Copy(section)} }

func (p textPage) key(_ *Model, _ view.Env, msg tea.Msg) view.Effect {
	p.Update(msg)
	return view.Effect{}
}

func (p textPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, p.Back() }

func (p textPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) { return p.Draw(w, h), p.Cursor() }
