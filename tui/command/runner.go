package command

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// Topic names what a call is about. Only the newest call on a topic counts.
type Topic string

// Answer is the part that every reply shares.
type Answer struct {
	Topic Topic
	Err   error
	At    time.Time     // when the reply arrived
	Took  time.Duration // how long the caller waited
	gen   uint64
}

// About makes every type that embeds an Answer an Answered.
func (a Answer) About() Answer { return a }

// Answered is any reply.
type Answered interface{ About() Answer }

// CrashError is what a panic inside a command becomes: the program lives on
// and says so; the stack goes to the crash report only.
type CrashError struct{ Topic Topic }

func (e *CrashError) Error() string {
	return fmt.Sprintf("the program made a mistake while working on %q; a report was written, other work goes on", e.Topic)
}

// flight is a call under way. The client tells how far its request has come
// from the goroutine that waits, hence the atomics.
type flight struct {
	gen    uint64
	cancel context.CancelFunc
	*progress
}

type progress struct {
	sent  atomic.Bool
	until atomic.Int64 // held back until then, Unix ns; 0 = not
	again atomic.Bool  // because the request failed and is tried again, not for the rate limit
}

func (p *progress) tell(g vastapi.Progress) {
	switch g.Stage {
	case vastapi.StageWaiting, vastapi.StageRetrying:
		p.again.Store(g.Stage == vastapi.StageRetrying)
		p.until.Store(g.Until.UnixNano())
	case vastapi.StageSent:
		p.sent.Store(true)
		p.until.Store(0)
	}
}

// Runner starts calls. It is used from Update alone, so it needs no lock.
type Runner struct {
	ctx   context.Context
	live  map[Topic]flight
	due   map[Topic]uint64
	gen   uint64
	crash func(topic Topic, value any, stack []byte)
	// patient are topics that give way to everything: nobody waits for them.
	patient map[Topic]bool
}

// NewRunner returns a Runner whose calls end when ctx does. crash, which may be
// nil, is told of panics inside calls.
func NewRunner(ctx context.Context, crash func(Topic, any, []byte)) *Runner {
	if crash == nil {
		crash = func(Topic, any, []byte) {}
	}
	return &Runner{ctx: ctx, live: map[Topic]flight{}, due: map[Topic]uint64{}, crash: crash, patient: map[Topic]bool{Watching: true, Charges: true, Spent: true}}
}

// Run makes the command for one call. An older one on its topic that still
// waits its turn is given up; one that has been sent is let finish, because it
// counts against the server's limits anyhow and its answer is true. The
// client's own time limits begin when its pacer lets the request go, so none is
// set here.
func Run[T any](r *Runner, topic Topic, do func(context.Context) (T, error), wrap func(Answer, T) tea.Msg) tea.Cmd {
	if old, ok := r.live[topic]; ok && !old.sent.Load() {
		old.cancel()
	}
	r.gen++
	gen := r.gen
	ctx, cancel := context.WithCancel(r.ctx)
	p := &progress{}
	ctx = vastapi.WithProgress(ctx, p.tell)
	r.live[topic] = flight{gen, cancel, p}
	crash := r.crash
	return func() tea.Msg {
		defer cancel()
		start := time.Now()
		v, err := guarded(ctx, topic, crash, do)
		return wrap(Answer{Topic: topic, Err: err, At: time.Now(), Took: time.Since(start), gen: gen}, v)
	}
}

func guarded[T any](ctx context.Context, topic Topic, crash func(Topic, any, []byte), do func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			crash(topic, p, debug.Stack())
			err = &CrashError{Topic: topic}
		}
	}()
	return do(ctx)
}

// Current reports whether a is the newest reply on its topic, and retires it.
func (r *Runner) Current(a Answered) bool {
	h := a.About()
	if f, ok := r.live[h.Topic]; !ok || f.gen != h.gen {
		return false
	}
	delete(r.live, h.Topic)
	return true
}

// Busy reports whether a call on topic is under way.
func (r *Runner) Busy(topic Topic) bool { _, ok := r.live[topic]; return ok }

// Waiting is how long the call that waits longest is still held back: for the
// rate limit or, with again, because it failed and will be tried once more. Patient
// topics, such as looks at watches, do not count.
func (r *Runner) Waiting(now time.Time) (longest time.Duration, again bool) {
	for topic, f := range r.live {
		if r.patient[topic] {
			continue
		}
		if until := f.until.Load(); until != 0 {
			if d := time.Unix(0, until).Sub(now); d > longest {
				longest, again = d, f.again.Load()
			}
		}
	}
	return longest, again
}

// Cancel ends the call on topic; its reply will not be Current.
func (r *Runner) Cancel(topic Topic) {
	if f, ok := r.live[topic]; ok {
		f.cancel()
		delete(r.live, topic)
	}
}

// CancelReads ends every call but the plans that are being carried out; their
// replies will not be Current, and nothing is due any more.
func (r *Runner) CancelReads() {
	for topic, f := range r.live {
		if !strings.HasPrefix(string(topic), planPrefix) {
			f.cancel()
			delete(r.live, topic)
		}
	}
	clear(r.due)
}

// Due says that it is time to ask for a topic again.
type Due struct {
	Topic Topic
	gen   uint64
}

// Again makes the command that says after d that topic is due. A later Again
// on the same topic makes the earlier one count for nothing.
func (r *Runner) Again(topic Topic, d time.Duration) tea.Cmd {
	r.gen++
	gen := r.gen
	r.due[topic] = gen
	return tea.Tick(d, func(time.Time) tea.Msg { return Due{topic, gen} })
}

// Forget makes topic not be due by itself any more.
func (r *Runner) Forget(topic Topic) { delete(r.due, topic) }

// Awaited reports whether topic will be due by itself.
func (r *Runner) Awaited(topic Topic) bool { _, ok := r.due[topic]; return ok }

// IsDue reports whether d is the newest Due of its topic, and retires it. It
// is never due while a call on the topic is under way: one outstanding answer
// each is the rule, also while a child process holds the terminal.
func (r *Runner) IsDue(d Due) bool {
	if d.gen != 0 && r.due[d.Topic] != d.gen {
		return false
	}
	delete(r.due, d.Topic)
	return !r.Busy(d.Topic)
}

// Refresh asks the view that knows what to search for to search now.
type Refresh struct{}

// Beat is the heartbeat that ages and countdowns are drawn by.
type Beat struct{ At time.Time }

// Heartbeat makes the command for the next Beat.
func Heartbeat(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(at time.Time) tea.Msg { return Beat{at} })
}

// Cancelled reports whether err only says that a call was given up on purpose.
func Cancelled(err error) bool { return errors.Is(err, context.Canceled) }
