package volumes

import (
	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
)

type arrangement = table.Arrangement[vastapi.VolumeID, *row]

// arranging is the topic of sorting and filtering away from Update.
const arranging command.Topic = "volumes/arrange"

// load takes in an answer: only what has changed since is news.
func (m *Model) load(env view.Env) view.Effect {
	f, i := env.Data.Volumes, env.Data.Instances
	if f.Rev == m.seen && i.Rev == m.held {
		return view.Effect{}
	}
	m.seen, m.held = f.Rev, i.Rev
	if !f.Told() {
		return view.Effect{}
	}
	m.plain = rowsOf(f.Value.Volumes, i.Value.Instances, f.At)
	m.sum = tallyOf(m.plain)
	m.query.Renew(nil)
	m.table.SetFlash(env.Now)
	m.limit()
	m.table.Filter(m.keep())
	m.table.SetRows(m.plain)
	e := m.arrange(env)
	m.selectWanted()
	return e
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
	m.selectWanted()
	return m.arrange(env)
}

// refilter shows what the query and the switch for problems admit now.
func (m *Model) refilter(env view.Env) view.Effect {
	m.limit()
	m.table.Filter(m.keep())
	return m.arrange(env)
}

// How many rows are filtered within a key, which has a millisecond for all it does.
const (
	fewWords    = 200
	fewPatterns = 100
)

// limit leaves the arranging of more rows than can be filtered within a key to a command.
func (m *Model) limit() {
	switch {
	case m.query.Typed.Empty():
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
		return func(r *row) bool { return r.problem != "" }
	case !only:
		return func(r *row) bool { return typed.Match(r) }
	}
	return func(r *row) bool { return r.problem != "" && typed.Match(r) }
}

// follow asks for the list sooner than it comes by itself while one of its volumes is being
// made and somebody looks: nothing can be done with that volume before it is read as made.
func (m *Model) follow(env view.Env) view.Effect {
	f := env.Data.Volumes
	if !m.shown || !m.coming() || f.Loading || f.Err != nil {
		return view.Effect{}
	}
	if env.Now.Sub(f.At) < command.EveryMotion || env.Now.Sub(m.looked) < command.EveryMotion {
		return view.Effect{}
	}
	m.looked = env.Now
	return view.Wait(env.Load.LoadVolumes())
}

// coming reports whether a volume is being made.
func (m *Model) coming() bool {
	for _, r := range m.plain {
		if r.state == coming {
			return true
		}
	}
	return false
}

// tally is what all volumes come to.
type tally struct {
	size     vastapi.GB
	rate     vastapi.Rate // of those whose rate is known
	unknown  int          // whose rate is not
	troubled int
	wasted   vastapi.Rate // of the troubled
}

func tallyOf(rows []*row) tally {
	var t tally
	for _, r := range rows {
		t.add(r)
	}
	return t
}

func (t *tally) add(r *row) {
	if vastapi.Known(r.Size) {
		t.size += r.Size
	}
	if !vastapi.Known(r.Hourly) {
		t.unknown++
	} else {
		t.rate += r.Hourly
	}
	if r.problem != "" {
		t.troubled++
		if vastapi.Known(r.Hourly) {
			t.wasted += r.Hourly
		}
	}
}

// money is what they come to an hour and a month.
func (t tally) money() string {
	least := ""
	if t.unknown > 0 {
		least = "≥ "
	}
	return least + rate(t.rate) + ", " + least + amount(t.rate.Month()) + " a month"
}
