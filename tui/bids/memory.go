package bids

import (
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// memoryName is what the table's state is remembered under.
const memoryName = "bids"

// begin takes over what was remembered, once: columns, order and the query.
func (m *Model) begin(env view.Env) view.Effect {
	m.synced = true
	state := env.Data.Memory.Tables[memoryName]
	listing.Recall(&m.table, state, choice)
	e := m.filter(env).Narrow(m.query.Recall(state.Query))
	return view.Join(e, m.arrange(env))
}

// rememberTable keeps columns, order and query for the next run.
func (m *Model) rememberTable() view.Effect {
	if !m.synced {
		return view.Effect{}
	}
	return listing.Keep(memoryName, listing.State(&m.table, m.query.Value()), m.query.Bad)
}

// keepOrder remembers order and columns after they have been changed.
func (m *Model) keepOrder(env view.Env) view.Effect {
	return view.Join(m.arrange(env), m.rememberTable())
}
