package instances

import (
	"maps"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// material is what rows are made from. It is a value of its own, and nothing it
// holds changes: thousands of rows are made on another goroutine.
type material struct {
	list    []vastapi.Instance
	at, now time.Time
	traces  map[vastapi.InstanceID]feed.Trace
	starts  map[vastapi.InstanceID]rental.Startup
	agreed  map[vastapi.InstanceID]rental.Asked
	failed  map[vastapi.InstanceID]string
	deeds   deeds
}

// reading is what a look at all instances comes to.
type reading struct {
	rows    []*row
	starts  map[vastapi.InstanceID]rental.Startup
	wrong   []wrong
	differ  map[vastapi.InstanceID][]rental.Difference
	members map[string][]*row // by the name of their group
	groups  int
	sum     tally
	values  offerql.Known // nil when there are few rows: they are counted when they are asked for
}

// Topics of what is worked out away from Update.
const (
	making    command.Topic = "instances/rows"
	folds     command.Topic = "instances/fold"
	arranging command.Topic = "instances/arrange"
)

// atOnce is how many instances are looked at within a message: each takes some
// microseconds. More of them are looked at by a command.
const atOnce = 150

// load takes in an answer, or the part of one: only what has changed since is news.
func (m *Model) load(env view.Env) view.Effect {
	f := env.Data.Instances
	if f.Rev == m.seen {
		return view.Effect{}
	}
	m.seen = f.Rev
	m.deeds.read(env)
	if len(m.failed)+len(m.known)+len(m.noted) > 0 {
		m.forgetGone(f.Value.Instances)
	}
	return m.judge(env)
}

// judge works out anew how the instances stand, and notes what is news.
func (m *Model) judge(env view.Env) view.Effect {
	f := env.Data.Instances
	if !f.Told() {
		return view.Effect{}
	}
	in := material{
		list: f.Value.Instances, at: f.At, now: env.Now, traces: env.Data.Traces,
		starts: m.starts, agreed: maps.Clone(m.agreed), failed: maps.Clone(m.failed), deeds: m.deeds,
	}
	if len(in.list) > atOnce {
		return view.Wait(command.Compute(env.Load, making, in.read))
	}
	return m.take(env, in.read())
}

// worked takes in what was worked out elsewhere.
func (m *Model) worked(env view.Env, msg command.Computed[reading]) view.Effect {
	if msg.Err != nil {
		m.seen = -1 // the next answer is worked out anew
		return view.Effect{}
	}
	return m.take(env, msg.Value)
}

// take shows what was worked out, and notes what is news in it.
func (m *Model) take(env view.Env, r reading) view.Effect {
	m.plain, m.starts, m.wrong, m.differ, m.members, m.groups, m.sum = r.rows, r.starts, r.wrong, r.differ, r.members, r.groups, r.sum
	m.query.Renew(r.values)
	e := view.Join(m.unfoldFor(env, m.want), m.fill(env))
	m.selectWanted()
	return view.Join(e, view.Do(append(m.startEvents(env), m.differEvents(env)...)...))
}

// read works it all out.
func (in material) read() reading {
	r := reading{starts: in.followed(), wrong: in.compared(), differ: map[vastapi.InstanceID][]rental.Difference{}}
	for _, w := range r.wrong {
		r.differ[w.id] = w.list
	}
	r.rows = make([]*row, len(in.list))
	for n := range in.list {
		r.rows[n] = in.row(n, &r)
		r.sum.add(r.rows[n])
	}
	r.members, r.groups = membersOf(r.rows)
	if len(r.rows) > atOnce {
		r.values = language.Known(r.rows)
	}
	return r
}

// row is one instance with what follows from it.
func (in *material) row(n int, r *reading) *row {
	i := &in.list[n]
	trace := in.traces[i.ID]
	one := &row{
		Instance: *i, state: trace.Watched.State(i), word: trace.Watched.Word(i, in.now), at: in.now, problems: trace.Problems,
		start: r.starts[i.ID], wrong: r.differ[i.ID], leftover: in.deeds.leftover[i.ID], failed: in.failed[i.ID],
	}
	one.name, _ = rental.SplitLabel(i.Label.String())
	one.idleSince = trace.Watched.IdleSince
	one.spent = pricing.Accrue(feed.Stretches(&one.Instance, trace, time.Time{}, one.at))
	if one.start.Instance != 0 {
		one.verdict = one.start.Verdict(in.now, 0).Kind
	}
	if one.state.Class == rental.ClassStopped && pricing.Now(i) > 0 {
		one.word += " " + billing
	}
	one.troubled = len(one.problems)+len(one.wrong) > 0 || one.leftover || one.failed != "" ||
		one.state.Class == rental.ClassMoving && one.verdict >= rental.VerdictSlow
	return one
}

// readAt is when an instance was read last.
func (in *material) readAt(id vastapi.InstanceID) time.Time {
	if t := in.traces[id].ReadAt; t.After(in.at) {
		return t
	}
	return in.at
}

// tally counts what there is, for the strip above the list.
type tally struct {
	total, running, stopped, moving, waiting, failed, other int
	troubled                                                int
	firstEnd                                                time.Time // of the contracts, zero = none is known
	leaking                                                 int       // billed, and not computing
}

func (t *tally) add(r *row) {
	t.total++
	switch r.state.Class {
	case rental.ClassRunning:
		t.running++
	case rental.ClassMoving:
		t.moving++
	case rental.ClassStopped:
		t.stopped++
	case rental.ClassWaiting:
		t.waiting++
	case rental.ClassFailed, rental.ClassLost:
		t.failed++
	default:
		t.other++
	}
	if r.troubled {
		t.troubled++
	}
	if !r.End.IsZero() && (t.firstEnd.IsZero() || r.End.Before(t.firstEnd)) {
		t.firstEnd = r.End
	}
	if r.leaks() {
		t.leaking++
	}
}

// leaks reports whether it is billed without computing.
func (r *row) leaks() bool { return pricing.Idle(&r.Instance) && pricing.Now(&r.Instance) > 0 }
