package tui

import (
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// onInstances goes on from an answer about instances: what it says about the pace of
// the next polls, about open questions, and about what is wrong.
func (m *Model) onInstances(a command.InstancesLoaded) tea.Cmd {
	if a.Of == nil && !a.Again {
		m.session.walk = a.Took
	}
	m.noteInstances(a.At)
	m.noteOpen()
	cmds := []tea.Cmd{m.alert(a.News), m.runway()}
	if a.Again {
		return tea.Batch(cmds...)
	}
	cmds = append(cmds, m.replanned(), m.follow())
	return tea.Batch(append(cmds, m.pollIncreases(a.At))...)
}

// many reports whether there are too many instances to read all of them each time.
func (m *Model) many() bool { return len(m.data.Instances.Value.Instances) > command.Many }

// instancesInterval follows what the last answer showed; see noteInstances. Of very
// many, those in motion are read by themselves.
func (m *Model) instancesInterval() time.Duration {
	shown := m.front() == view.Instances
	switch {
	case m.session.resting && !shown:
		return 0
	case m.session.moving && !m.many():
		return command.EveryMotion
	case m.focused && shown:
		return command.EverySteady
	}
	return command.EveryAway
}

// someInterval is how often those of very many instances are read that are looked
// at, on their way or just changed.
func (m *Model) someInterval() time.Duration {
	switch now := time.Now(); {
	case !m.many() || len(m.closely(now)) == 0:
		return 0
	case m.session.moving || len(m.session.touched.recent(now)) > 0:
		return command.EveryMotion
	case m.focused:
		return command.EverySteady
	}
	return command.EveryAway
}

// pollSome schedules the reading of those of very many instances that are looked at,
// unless that is done. What is looked at is known only once it has been drawn, so the
// heartbeat sees to it.
func (m *Model) pollSome() tea.Cmd {
	if !m.many() || m.session.phase != ready || m.cmd.Awaited(command.Some) || m.awaited(command.Some) {
		return nil
	}
	d := m.someInterval()
	if d == 0 {
		return nil
	}
	return m.cmd.Again(command.Some, m.pace.Next(command.Some, d, nil))
}

// pollIncreases asks for price increases when it is time to. There are none without
// instances. They are asked for so rarely that the heartbeat looks at the clock.
func (m *Model) pollIncreases(now time.Time) tea.Cmd {
	if m.session.phase != ready || len(m.data.Instances.Value.Instances) == 0 || now.Before(m.session.increases) {
		return nil
	}
	return m.load(command.Increases)
}

// onIncreases takes in what hosts ask for, and says when that is looked at again.
func (m *Model) onIncreases(a command.IncreasesLoaded) tea.Cmd {
	m.session.increases = time.Now().Add(m.pace.Next(command.Increases, command.EveryIncreases, a.Err))
	if a.Err != nil {
		return nil
	}
	return m.judge(func(around *feed.Around) { around.Increases = feed.IncreasesOf(a.Increases) })
}

// closely are the instances that are read before all others: those that plans have
// just been carried out on, those on the screen, and those on their way, which take
// turns when they are many.
func (m *Model) closely(now time.Time) []vastapi.InstanceID {
	list := m.session.touched.recent(now)
	if v, ok := m.current().(view.Visible); ok {
		list = append(list, v.Visible(m.env())...)
	}
	list = firstOnes(list, command.SomeAtOnce)
	if n := len(m.data.Moving); n > 0 {
		at := m.session.turn % n
		list = append(append(list, m.data.Moving[at:]...), m.data.Moving[:at]...)
	}
	return firstOnes(list, command.SomeAtOnce)
}

// loadSome reads what is looked at closely. Those on their way that found no room
// this time are the first ones next time.
func (m *Model) loadSome() tea.Cmd {
	ids := m.closely(time.Now())
	if len(m.data.Moving) > command.SomeAtOnce/2 {
		m.session.turn += command.SomeAtOnce / 2
	}
	return m.cmd.LoadSome(ids)
}

// firstOnes are the first n different ones of a list.
func firstOnes(list []vastapi.InstanceID, n int) []vastapi.InstanceID {
	out, seen := make([]vastapi.InstanceID, 0, min(n, len(list))), map[vastapi.InstanceID]bool{}
	for _, id := range list {
		if len(out) < n && !seen[id] && id != 0 {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// noteInstances keeps what the pace of the next polls depends on: whether
// something is on its way to another state, and whether nothing has existed for
// so long that asking can rest.
func (m *Model) noteInstances(now time.Time) {
	list := m.data.Instances.Value.Instances
	m.session.moving = len(m.data.Moving) > 0
	if len(list) > 0 || m.session.emptyFrom.IsZero() {
		m.session.emptyFrom = now
	}
	m.session.resting = len(list) == 0 && now.Sub(m.session.emptyFrom) >= command.RestAfter
}

// lookAgain reads what somebody who comes back wants to see.
func (m *Model) lookAgain() tea.Cmd {
	if m.many() {
		return tea.Batch(m.load(command.Some), m.resume(command.Instances, m.data.Instances.Age(time.Now()), command.EveryAway))
	}
	return m.load(command.Instances)
}

// ordered takes in what was last asked of instances from this machine.
func (m *Model) ordered(orders map[vastapi.InstanceID]rental.Order) tea.Cmd {
	if maps.Equal(orders, m.session.orders) {
		return nil
	}
	m.session.orders = orders
	return m.judge(func(around *feed.Around) { around.Orders = orders })
}

// judge has the instances judged anew, because more is known about them.
func (m *Model) judge(know func(*feed.Around)) tea.Cmd {
	m.cmd.Know(know)
	if !m.data.Instances.Told() || m.session.phase != ready {
		return nil
	}
	return m.cmd.Judge()
}

// shownAt is when the oldest of the instances on the screen was read: of very many
// only they are read often. closely reports whether there are such.
func (m *Model) shownAt() (at time.Time, closely bool) {
	at = m.data.Instances.At
	v, ok := m.current().(view.Visible)
	if !ok || !m.many() {
		return at, false
	}
	var oldest time.Time
	for _, id := range v.Visible(m.env()) {
		if read := m.data.Traced(id).ReadAt; !read.IsZero() && (oldest.IsZero() || read.Before(oldest)) {
			oldest = read
		}
	}
	if oldest.After(at) {
		at = oldest
	}
	return at, !oldest.IsZero()
}

// touchedFor is how long an instance is read often after a plan was carried out on it.
const touchedFor = 2 * time.Minute

// touched are instances that plans were carried out on, and when.
type touched map[vastapi.InstanceID]time.Time

// mostTouched is how many are kept: no more than are read at once.
const mostTouched = command.SomeAtOnce

func (t *touched) at(id vastapi.InstanceID, now time.Time) {
	if _, known := (*t)[id]; id == 0 || !known && len(*t) >= mostTouched {
		return
	}
	if *t == nil {
		*t = touched{}
	}
	(*t)[id] = now
}

func (t *touched) plan(p rental.Plan, now time.Time) {
	t.recent(now)
	for _, s := range p.Steps {
		t.at(s.Subject.Instance, now)
	}
}

func (t *touched) report(r rental.Report, now time.Time) {
	t.plan(r.Plan, now)
	for _, s := range r.Done {
		t.at(s.Contract, now)
	}
}

// recent are those of the last minutes, the newest first.
func (t touched) recent(now time.Time) []vastapi.InstanceID {
	maps.DeleteFunc(t, func(_ vastapi.InstanceID, at time.Time) bool { return now.Sub(at) > touchedFor })
	return slices.SortedFunc(maps.Keys(t), func(a, b vastapi.InstanceID) int {
		if c := t[b].Compare(t[a]); c != 0 {
			return c
		}
		return int(a - b)
	})
}

// destroys notes what a plan is to destroy: it will not be missed.
func (s *session) destroys(p rental.Plan) {
	for _, step := range p.Steps {
		if call, ok := step.Call.(vastapi.DestroyInstance); ok {
			if s.destroyed == nil {
				s.destroyed = map[vastapi.InstanceID]bool{}
			}
			s.destroyed[call.ID] = true
		}
	}
}
