package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// ProfileOpened answers OpenProfile. It is no Answered: whatever was asked for
// meanwhile, what was opened has to be used or given back.
type ProfileOpened[T any] struct {
	Name    string
	Profile T
	Err     error
}

const (
	// openLimit is how long opening a profile may take: its journal lies on a disk.
	openLimit = 20 * time.Second
	// historyTopics begin the topics of the history of prices.
	historyTopics = "history/"
)

// OpenProfile makes the command that has another profile opened: its journal, what
// is remembered of it, and what gets into its instances. It begins once everything
// that an earlier profile of this program held has been given back.
func OpenProfile[T any](s *Set, name string, open func(context.Context, string) (T, error)) tea.Cmd {
	base, crash, leaving := s.Runner.ctx, s.Runner.crash, s.leaving
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(base, openLimit)
		defer cancel()
		p, err := guarded(ctx, "profile", crash, func(ctx context.Context) (p T, err error) {
			if !leaving.wait(openLimit) {
				return p, errors.New("the profile that was left before still gives back what it held: try again in a moment")
			}
			return open(ctx, name)
		})
		return ProfileOpened[T]{name, p, err}
	}
}

// Heir returns a Set for another profile of the same program. Answers to what s has
// asked do not count for it.
func (s *Set) Heir(cfg Config) *Set {
	n := newSet(s.parent, cfg)
	n.gen, n.before, n.leaving = s.gen, s.gen, s.leaving
	return n
}

// Retired tells that a profile has given back all that it held. Err says what could
// not be kept or closed.
type Retired struct{ Err error }

// Retire ends what s does for good: its calls are given up, what is to be remembered
// is written, the shared connections to some instances are closed, and at last done
// gives back what its Config is made of. It must not be called while plans are
// carried out. It is answered by Retired.
func (s *Set) Retire(connections []vastapi.InstanceID, limit time.Duration, done func()) tea.Cmd {
	for topic := range s.live {
		if !strings.HasPrefix(string(topic), historyTopics) {
			s.Cancel(topic)
		}
	}
	clear(s.due)
	s.folds, s.out = nil, true
	s.halt()
	held := s.leaving.begin()
	ledger, remote, crash := s.memoir.ledger, s.cfg.Remote, s.Runner.crash
	ctx := context.WithoutCancel(s.parent)
	return func() tea.Msg {
		defer held()
		defer s.cut()
		_, err := guarded(ctx, "profile", crash, func(ctx context.Context) (struct{}, error) {
			var failed []error
			if remote != nil {
				failed = append(failed, closeSessions(ctx, remote, connections, limit))
			}
			ledger.close(limit)
			failed = append(failed, s.KeepMemory())
			if done != nil {
				done()
			}
			return struct{}{}, errors.Join(failed...)
		})
		return Retired{err}
	}
}

// closeSessions closes shared connections.
func closeSessions(ctx context.Context, r Remote, list []vastapi.InstanceID, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var failed []error
	for _, id := range list {
		if err := r.CloseSession(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("close the connection to instance %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// GiveBack makes the command that closes what was opened and is not used.
func GiveBack(done func()) tea.Cmd {
	if done == nil {
		return nil
	}
	return func() tea.Msg {
		done()
		return nil
	}
}

// Left waits at most limit for profiles that were left to give back what they hold.
// It reports whether all have.
func (s *Set) Left(limit time.Duration) bool { return s.leaving.wait(limit) }

// Running is how many command lines run on instances.
func (s *Set) Running() int {
	n := 0
	for run := range s.runs {
		if s.Busy(runTopic(run)) {
			n++
		}
	}
	return n
}

// leavings counts the profiles that still give back what they held.
type leavings struct{ under sync.WaitGroup }

// begin counts one, until the function it gives is called.
func (l *leavings) begin() (ended func()) {
	l.under.Add(1)
	return l.under.Done
}

// wait waits at most limit until there is none, and reports whether that is so.
func (l *leavings) wait(limit time.Duration) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.under.Wait()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
