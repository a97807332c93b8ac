package volumes

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// fieldOf is what the columns are called in the query, as far as words are looked
// for in them.
var fieldOf = map[string]string{
	"id": "id", "status": "status", "machine": "machine_id", "name": "name", "region": "geolocation", "attached": "attached",
}

// key gives a key or a paste to the line, or to the table.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.query.Focused() {
		return m.narrow(env, m.query.Press(msg, m.plain))
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.table.Update(k) {
		m.want, m.scroll = 0, 0
	}
	return view.Effect{}
}

// narrow shows at once what the line admits, when it asks for something else than before.
func (m *Model) narrow(env view.Env, other bool) view.Effect {
	if !other {
		return view.Effect{}
	}
	e := m.refilter(env)
	m.point()
	return e
}

// point shows the words of the query in the rows.
func (m *Model) point() { listing.Point(&m.query, &m.table, fieldOf) }

// enter leaves the line, unless there is a mistake in it.
func (m *Model) enter(env view.Env) view.Effect {
	other, left := m.query.Enter()
	e := m.narrow(env, other)
	if !left {
		return e
	}
	return view.Join(e, m.rememberTable())
}

// leaveQuery leaves the line as it is.
func (m *Model) leaveQuery() view.Effect {
	m.query.Blur()
	return m.rememberTable()
}

// clearQuery shows everything again.
func (m *Model) clearQuery(env view.Env) view.Effect {
	return view.Join(m.narrow(env, m.query.Clear()), m.rememberTable())
}
