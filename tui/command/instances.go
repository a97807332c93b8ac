package command

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// Some is the topic of reading some instances by their ids, and judging that of
// working out anew what is wrong with those that are known.
const (
	Some    Topic = "instances/some"
	judging Topic = "instances/judge"
)

// Many is how many instances are too many to be read all of them each time: a walk
// over more takes longer than what is on the screen may be old.
const Many = 100

// SomeAtOnce is how many instances are read by their ids at once: four requests.
const SomeAtOnce = 100

// InstancesLoaded answers LoadInstances, LoadSome and Judge. The page holds all
// instances, whichever were read.
type InstancesLoaded struct {
	Answer
	Page  vastapi.InstancePage
	Of    []vastapi.InstanceID // only these were read; nil = all
	Again bool                 // nothing was read: what is known was judged anew
	News  feed.RollNews

	roll *feed.Roll // worked out where the answer was waited for
}

// Fold keeps the instances, and works out what the account spends.
func (m InstancesLoaded) Fold(s *feed.Snapshot) {
	if m.Of != nil && !m.Again {
		s.Closely.Apply(struct{}{}, m.At, m.Err)
	}
	roll := m.roll
	if roll == nil && m.Err == nil {
		r, _ := s.Roll().With(feed.Reading{Page: m.Page, Of: m.Of, At: m.At}, feed.Around{})
		roll = &r
	}
	switch {
	case m.Of == nil && !m.Again:
		s.Instances.Apply(m.Page, m.since(), m.Err)
	case m.Err != nil:
		return
	default:
		s.Instances.Value = roll.Page
		s.Instances.Rev++
	}
	if roll != nil {
		s.SetRoll(*roll)
	}
	s.Derive()
}

// long is a walk that takes so long that what it began with is no longer of the
// moment in which it ends.
const long = 15 * time.Second

// since is when all that was read was true.
func (m InstancesLoaded) since() time.Time {
	if m.Took > long {
		return m.At.Add(-m.Took)
	}
	return m.At
}

// roster is what readings of an account's instances have come to. Several calls may
// read at once, and their commands take the answers in one after the other, hence
// the lock, which Update never takes.
type roster struct {
	around atomic.Pointer[feed.Around] // what readings are held against
	listed atomic.Int64                // how many instances the newest reading of all has shown
	read   atomic.Int64                // how many the walk under way has read
	total  atomic.Int64                // and how many there are

	mu   sync.Mutex
	roll feed.Roll
}

// newRoster begins anew, e.g. with the instances of another account.
func newRoster(idle time.Duration) *roster {
	r := &roster{}
	r.around.Store(&feed.Around{Idle: idle})
	return r
}

// enter takes a reading in.
func (r *roster) enter(in feed.Reading) InstancesLoaded {
	r.mu.Lock()
	defer r.mu.Unlock()
	next, news := r.roll.With(in, *r.around.Load())
	r.roll = next
	if in.Of == nil {
		r.listed.Store(int64(len(next.Page.Instances)))
	}
	return InstancesLoaded{Page: next.Page, Of: in.Of, News: news, roll: &next}
}

// judge works out anew what is wrong with what is known.
func (r *roster) judge(now time.Time) InstancesLoaded {
	r.mu.Lock()
	defer r.mu.Unlock()
	next, news := r.roll.Judged(now, *r.around.Load())
	r.roll = next
	return InstancesLoaded{Page: next.Page, Again: true, News: news, roll: &next}
}

func (r *roster) walked(read, total int) {
	r.read.Store(int64(read))
	r.total.Store(int64(total))
}

// Walked is how many instances the newest walk over all has read, of how many; 0
// before its first page.
func (s *Set) Walked() (read, total int) {
	return int(s.roster.read.Load()), int(s.roster.total.Load())
}

// LoadInstances asks for all of the account's instances.
func (l Loads) LoadInstances() tea.Cmd {
	if l.closed() {
		return nil
	}
	api, roster := l.s.api, l.s.roster
	many := roster.listed.Load() > Many
	l.s.patient[Instances] = many
	return Run(l.s.Runner, Instances, func(ctx context.Context) (InstancesLoaded, error) {
		began := time.Now()
		if many { // minutes of walking give way to whatever is looked at
			ctx = vastapi.WithPriority(ctx, vastapi.PriorityWatch)
		}
		page, err := api.Instances(vastapi.WithWalk(ctx, roster.walked))
		if err != nil {
			return InstancesLoaded{}, err
		}
		return roster.enter(feed.Reading{Page: page, Began: began, At: time.Now()}), nil
	}, answering)
}

// LoadSome asks for those of the given instances that exist, SomeAtOnce at most.
func (s *Set) LoadSome(ids []vastapi.InstanceID) tea.Cmd {
	if s.Loads().closed() || len(ids) == 0 {
		return nil
	}
	api, roster, ids := s.api, s.roster, slices.Clone(ids[:min(len(ids), SomeAtOnce)])
	return Run(s.Runner, Some, func(ctx context.Context) (InstancesLoaded, error) {
		began := time.Now()
		page, err := api.InstancesByID(ctx, ids)
		if err != nil {
			return InstancesLoaded{}, err
		}
		return roster.enter(feed.Reading{Page: page, Of: ids, Began: began, At: time.Now()}), nil
	}, func(a Answer, m InstancesLoaded) tea.Msg {
		m.Of = ids
		return answering(a, m)
	})
}

func answering(a Answer, m InstancesLoaded) tea.Msg {
	m.Answer = a
	return m
}

// Judge works out anew what is wrong with the instances that are known, because
// more is known about them: what was ordered, what hosts ask for.
func (s *Set) Judge() tea.Cmd {
	if s.Loads().closed() {
		return nil
	}
	roster := s.roster
	return Run(s.Runner, judging, func(context.Context) (InstancesLoaded, error) {
		return roster.judge(time.Now()), nil
	}, answering)
}

// Know changes what readings of instances are held against from now on.
func (s *Set) Know(change func(*feed.Around)) {
	around := *s.roster.around.Load()
	change(&around)
	s.roster.around.Store(&around)
}
