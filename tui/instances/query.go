package instances

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// fieldOf is what the columns are called in the query, as far as words are looked
// for in them.
var fieldOf = map[string]string{
	"id": "id", "status": "status", "machine": "machine_id", "gpu": "gpu_name", "name": "name", "region": "geolocation", "image": "image",
}

// filter is the line with the table that it narrows.
func (m *Model) filter(env view.Env) listing.Filter[vastapi.InstanceID, row] {
	return listing.Filter[vastapi.InstanceID, row]{
		Line: &m.query, Table: &m.table, Rows: m.plain, Fields: fieldOf,
		Refilter: func() view.Effect { return m.refilter(env) }, Remember: m.rememberTable,
	}
}

// key gives a key or a paste to the line, or to the table.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.query.Focused() {
		return m.filter(env).Press(msg)
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.table.Update(k) {
		m.atHand()
	}
	return view.Effect{}
}

// atHand is called when the cursor was moved by hand, to another row or to none.
func (m *Model) atHand() { m.want, m.scroll, m.trail = 0, 0, nil }

// point shows the words of the query in the rows.
func (m *Model) point() { listing.Point(&m.query, &m.table, fieldOf) }
