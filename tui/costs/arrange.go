package costs

import (
	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
)

type arrangement = table.Arrangement[string, *row]

// fill puts the rows into the table. The cursor stays on its row.
func (m *Model) fill(env view.Env) view.Effect {
	m.table.SetFlash(env.Now)
	keep := m.keep()
	m.limit()
	if m.folded {
		m.table.Filter(nil)
		m.table.SetRows(fold(m.plain, keep))
	} else {
		m.table.Filter(keep)
		m.table.SetRows(m.plain)
	}
	return m.arrange(env)
}

// toggleFold shows groups as one row each, or their members. The cursor goes with its
// row: to its group, or to the first member.
func (m *Model) toggleFold(env view.Env) view.Effect {
	under, on := m.table.Cursor()
	m.folded = !m.folded
	e := m.fill(env)
	switch {
	case !on || m.table.Select(under.key):
	case under.members != nil && m.table.Select(under.members[0].key):
	case under.group != "" && m.table.Select("g"+under.group):
	default:
		m.table.Home() // the user's own wish: nothing has vanished
	}
	return e
}

// refilter shows what the query and the switch for leaks admit now.
func (m *Model) refilter(env view.Env) view.Effect {
	if m.folded {
		return m.fill(env)
	}
	m.limit()
	m.table.Filter(m.keep())
	return m.arrange(env)
}

// fewWords is how many rows are filtered within a key.
const fewWords = 200

// limit leaves the arranging of more rows than can be filtered within a key to a command.
func (m *Model) limit() {
	if m.folded || m.query.Typed.Empty() {
		m.table.ArrangeAtOnce(table.AtOnce)
		return
	}
	m.table.ArrangeAtOnce(fewWords)
}

// keep is what a row has to be for the list; nil = any will do.
func (m *Model) keep() func(*row) bool {
	typed, only := m.query.Typed, m.only
	if typed.Empty() && !only {
		return nil
	}
	return func(r *row) bool { return (!only || r.leaks) && (typed.Empty() || typed.Match(r)) }
}

// arrange has the table arranged elsewhere when there is too much of it for here.
func (m *Model) arrange(env view.Env) view.Effect {
	job, ok := m.table.Job()
	if !ok {
		return view.Effect{}
	}
	return view.Wait(command.Compute(env.Load, arranging, job.Run))
}

// arranged shows what was arranged elsewhere.
func (m *Model) arranged(env view.Env, msg command.Computed[arrangement]) view.Effect {
	if msg.Err != nil {
		m.table.Drop() // the next change of the list arranges it anew
		return view.Effect{}
	}
	m.table.Install(msg.Value)
	m.point()
	return m.arrange(env)
}

// memoryName is what the table's state is remembered under.
const memoryName = "costs"

// begin takes over what was remembered, once: columns, order, the query and how long
// a month is.
func (m *Model) begin(env view.Env) view.Effect {
	m.synced = true
	m.reckon(env)
	state := env.Data.Memory.Tables[memoryName]
	listing.Recall(&m.table, state, choice)
	e := m.filter(env).Narrow(m.query.Recall(state.Query))
	return view.Join(e, m.arrange(env))
}

// nameOf is the name of a row in every run: its key, and none for a group.
func nameOf(r *row) string {
	if r.members != nil {
		return ""
	}
	return r.key
}

// keyNamed reads such a name.
func keyNamed(name string) (string, bool) { return name, name != "" }

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
