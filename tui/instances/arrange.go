package instances

import (
	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
)

type arrangement = table.Arrangement[vastapi.InstanceID, *row]

// folding is the rows of groups, made elsewhere; turn tells a late one from the one
// that is waited for.
type folding struct {
	rows []*row
	turn int
}

// fill puts the rows into the table. The cursor stays on its instance.
func (m *Model) fill(env view.Env) view.Effect {
	m.table.SetFlash(env.Now)
	keep := m.keep()
	m.limit()
	m.turn++
	if !m.folded {
		m.table.Filter(keep)
		m.table.SetRows(m.plain)
		return m.arrange(env)
	}
	plain, turn := m.plain, m.turn
	if len(plain) > atOnce {
		m.table.Hold() // the groups shown hold members that the query may not admit any more
		return view.Wait(command.Compute(env.Load, folds, func() folding { return folding{fold(plain, keep), turn} }))
	}
	return m.fillFolded(env, fold(plain, keep))
}

// fillFolded shows groups. They are made of what the query admits, so that what is
// done to one of them is done to that alone.
func (m *Model) fillFolded(env view.Env, rows []*row) view.Effect {
	grown := m.unmarkGrown(rows)
	m.table.Filter(nil)
	m.table.SetRows(rows)
	return view.Join(m.arrange(env), grown)
}

func (m *Model) foldedRows(env view.Env, msg command.Computed[folding]) view.Effect {
	rows := msg.Value.rows
	switch {
	case !m.folded || msg.Err == nil && msg.Value.turn != m.turn:
		return view.Effect{}
	case msg.Err != nil:
		rows = fold(m.plain, m.keep()) // late is better than never
	}
	e := m.fillFolded(env, rows)
	m.settle()
	return view.Join(e, m.unfoldFor(env, m.want))
}

// settle puts the cursor where it was to go as soon as the rows asked for are shown.
func (m *Model) settle() {
	if m.table.Pending() {
		return
	}
	if was := m.trail; was != nil {
		m.trail = nil
		if !m.follow(was) {
			m.table.Home() // the user's own wish: nothing has vanished
		}
	}
	m.selectWanted()
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
	m.settle()
	return m.arrange(env)
}

// refilter shows what the query and the switch for problems admit now.
func (m *Model) refilter(env view.Env) view.Effect {
	if m.folded {
		m.leaveTrail()
		e := m.fill(env)
		m.settle()
		return e
	}
	m.limit()
	m.table.Filter(m.keep())
	m.settle()
	return m.arrange(env)
}

// leaveTrail remembers the row under the cursor: the cursor follows it into other rows.
func (m *Model) leaveTrail() {
	if under, on := m.table.Cursor(); on {
		m.trail = under
	}
}

// How many rows are filtered within a key, which has a millisecond for all it does: a
// word is looked for in several texts of each row, which takes up to two microseconds,
// and a pattern more than that.
const (
	fewWords    = 200
	fewPatterns = 100
)

// limit leaves the arranging of more rows than can be filtered within a key to a command.
func (m *Model) limit() {
	switch {
	case m.folded || m.query.Typed.Empty():
		m.table.ArrangeAtOnce(table.AtOnce)
	case m.query.Typed.HasPattern():
		m.table.ArrangeAtOnce(fewPatterns)
	default:
		m.table.ArrangeAtOnce(fewWords)
	}
}

// keep is what a row has to be for the list; nil = any will do.
func (m *Model) keep() func(*row) bool {
	typed, only := m.query.Typed, m.only
	switch {
	case typed.Empty() && !only:
		return nil
	case typed.Empty():
		return func(r *row) bool { return r.troubled }
	case !only:
		return func(r *row) bool { return typed.Match(r) }
	}
	return func(r *row) bool { return r.troubled && typed.Match(r) }
}
