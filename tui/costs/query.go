package costs

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// fieldOf is what the columns are called in the query, as far as words are looked
// for in them.
var fieldOf = map[string]string{"id": "id", "kind": "kind", "status": "status", "what": "what", "name": "name"}

// filter is the line with the table that it narrows.
func (m *Model) filter(env view.Env) listing.Filter[string, row] {
	return listing.Filter[string, row]{
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
func (m *Model) atHand() { m.scroll = 0 }

// point shows the words of the query in the rows.
func (m *Model) point() { listing.Point(&m.query, &m.table, fieldOf) }
