package bids

import (
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// memoryName is what the table's state is remembered under.
const memoryName = "bids"

// begin takes over what was remembered, once: columns, order and the query.
func (m *Model) begin(env view.Env) view.Effect {
	m.synced = true
	var e view.Effect
	state := env.Data.Memory.Tables[memoryName]
	if state.Columns != nil {
		m.showColumns(state.Columns)
	}
	m.table.SetWidths(state.Widths)
	if state.Sort != "" {
		m.table.Sort(state.Sort, state.Desc)
	}
	if state.Query != "" && m.query.Value() == "" {
		m.query.SetValue(state.Query)
		e = m.readText(env, state.Query+" ") // it is whole
	}
	return join(e, m.arrange(env))
}

// rememberTable keeps columns, order and query for the next run. A query that cannot
// be read is not kept.
func (m *Model) rememberTable() view.Effect {
	if !m.synced {
		return view.Effect{}
	}
	id, desc := m.table.SortBy()
	state := feed.TableState{Columns: m.table.VisibleColumns(), Widths: m.table.Widths(), Sort: id, Desc: desc, Query: strings.TrimSpace(m.query.Value())}
	if slices.Equal(state.Columns, ownChoice()) {
		state.Columns = nil
	}
	bad := m.bad
	return view.Do(view.Remember{Change: func(f *feed.Memory) {
		next := state
		if bad {
			next.Query = f.Tables[memoryName].Query
		}
		f.SetTable(memoryName, next)
	}})
}

// keepOrder remembers order and columns after they have been changed.
func (m *Model) keepOrder(env view.Env) view.Effect { return join(m.arrange(env), m.rememberTable()) }
