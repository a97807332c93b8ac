package rental

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Doer sends a request that changes the account. It never sends one twice.
type Doer interface {
	Do(context.Context, vastapi.Call) vastapi.Result
}

// Reader reads what Execute has to know.
type Reader interface {
	SearchOffers(context.Context, vastapi.OfferSearch) (vastapi.OfferPage, error)
	Instances(context.Context) (vastapi.InstancePage, error)
	InstancesByLabel(ctx context.Context, labels []string) (vastapi.InstancePage, error)
	// Instance returns nil, or an error of KindNotFound, when there is none.
	Instance(context.Context, vastapi.InstanceID) (*vastapi.Instance, error)
	User(context.Context) (vastapi.User, error)
}

// Deps is what carrying out a plan needs.
type Deps struct {
	API     Doer
	Read    Reader
	Journal Journal
	Policy  Policy
	// Account names the account that the key opens, in any form that stays the
	// same for it ("" = not known yet: what can cost money is refused then). The
	// journal keeps it, since it is of the machine and may speak of several
	// accounts.
	Account string
	// Halt ends the plan gently once it is closed: nothing new is sent, what is
	// in flight is finished and looked for as ever. nil = never.
	Halt <-chan struct{}
}

// Execute carries out p, which has been agreed to, and returns when it is known
// what came of every step, or that it cannot be known yet. It blocks for as
// long as that takes: run it in a goroutine of its own.
//
// A plan is tried once: whatever came of it, its id is used up. When its Basis
// is older than Policy.Fresh it is read again first, and nothing is sent if it
// no longer holds (ErrMoved). Each request is in the journal before it leaves,
// and has a context of its own: when ctx is cancelled nothing new is sent, and
// what is in flight has Policy.Quit left; what is still without an answer then
// stays open in the journal, for Recover.
//
// progress is called from the same goroutine and may be nil.
func Execute(ctx context.Context, deps Deps, p Plan, progress func(Progress)) Report {
	x := newExecution(ctx, deps, p, progress)
	if err := x.begin(); err != nil {
		x.err = err
		return x.report()
	}
	switch p.Mode {
	case FirstN:
		x.firstN()
	case Each:
		x.each()
	default:
		x.chain()
	}
	x.leftBehind()
	return x.report()
}

// execution is one plan being carried out.
type execution struct {
	ctx  context.Context
	deps Deps
	plan Plan
	tell func(Progress)

	attempts []*attempt
	checked  time.Time // when the facts were last known to hold
	moved    []Change
	lower    []Change
	err      error // why no further step is tried
	unknowns int   // lost answers in a row
	brief    bool  // only a glance: nothing more is read for it
	refusals int   // rents that were refused without a reason that is known
}

func newExecution(ctx context.Context, deps Deps, p Plan, progress func(Progress)) *execution {
	x := &execution{ctx: ctx, deps: deps, plan: p, tell: progress, checked: p.Basis.At}
	for n, s := range p.Steps {
		a := &attempt{index: n, step: s, op: fmt.Sprintf("%s/%d", p.ID, n), sends: deps.Policy.Sends, newest: p.Basis.NewestVolume, newestKey: p.Basis.NewestKey}
		a.asked, a.compares = p.Agreed(n)
		x.attempts = append(x.attempts, a)
	}
	return x
}

// begin claims the plan and makes sure that it still holds.
func (x *execution) begin() error {
	if len(x.attempts) == 0 {
		return errors.New("there is nothing to do")
	}
	if err := x.ctx.Err(); err != nil {
		return errCancelled
	}
	if blocked(x.plan.Checks) {
		return ErrBudget
	}
	if err := accountKnown(x.deps.Account, x.plan); err != nil {
		return err
	}
	if err := claim(x.deps.Journal, x.plan.ID); err != nil {
		return err
	}
	return x.recheck()
}

var errCancelled = errors.New("cancelled: nothing more was sent")

// each tries every step, then looks at what came of them together.
func (x *execution) each() {
	for _, a := range x.attempts {
		if a.stage == stageUntried && !x.send(a) {
			break
		}
	}
	x.settle(x.attempts)
}

// chain tries one step after the other and ends with the first that is not done.
func (x *execution) chain() {
	for n, a := range x.attempts {
		if n > 0 {
			before := x.attempts[n-1]
			if err := before.carries(); err != nil {
				x.stop(err)
				return
			}
			a.step = a.step.about(before)
		}
		if a.stage != stageUntried || !x.send(a) {
			return
		}
		x.settle([]*attempt{a})
		if a.stage != stageDone {
			return
		}
	}
}

// carries says why nothing may be built on what a rent made, nil when it was seen
// to be what was asked for, and once.
func (a *attempt) carries() error {
	switch {
	case !isRent(a.step.Call):
		return nil
	case len(a.copies) > 1:
		return fmt.Errorf("%s; nothing was paid ahead", twiceWords(a.copies))
	case len(a.differs) > 0:
		return fmt.Errorf("instance %d is not what was asked for; nothing was paid ahead", a.contract)
	case !a.verified || a.delivered == nil:
		return fmt.Errorf("instance %d was not seen to be what was asked for; nothing was paid ahead: look at it, then pay ahead for it there", a.contract)
	}
	return nil
}

// about is the step with the instance that the step before it made, when that is
// what it is for: as it was seen then, so that a payment can be told by what a
// later reading shows of it.
func (s Step) about(made *attempt) Step {
	if c, ok := s.Call.(vastapi.PrepayInstance); ok && c.ID == 0 {
		c.ID = made.contract
		s.Call, s.Subject.Instance, s.Was = c, made.contract, made.delivered
	}
	return s
}

// send writes down and sends one request, and takes note of the answer. It
// returns false when nothing more may be sent.
func (x *execution) send(a *attempt) bool {
	if x.ctx.Err() != nil || x.halted() {
		return x.stop(errCancelled)
	}
	if err := x.underCeiling(a); err != nil {
		return x.stop(err)
	}
	if err := x.announce(a); err != nil {
		return x.stop(err)
	}
	x.progress(a, StateSending, "")
	a.tries++
	a.looks, a.stage = 0, stageUnknown
	res := x.do(a)
	// It may have left just before it was given up: what comes late comes
	// late after that.
	a.sent = time.Now()
	return x.answered(a, res)
}

func (x *execution) stop(why error) bool {
	x.err = why
	return false
}

// announce puts on disk that the request is about to leave.
func (x *execution) announce(a *attempt) error {
	if a.tries == 0 {
		intent := intentOf(x.deps.Account, x.plan.ID, a.op, a.step)
		intent.Newest, intent.NewestV = x.plan.Basis.newest(), x.plan.Basis.NewestVolume
		intent.NewestK = x.plan.Basis.NewestKey
		if err := x.write(a, intent); err != nil {
			return err
		}
	}
	return x.write(a, record{Kind: recordSent, Plan: x.plan.ID, Op: a.op})
}

// write appends a record of a. Its time is after that of the last one even if
// the clock was set back, since the time orders the records of an operation.
func (x *execution) write(a *attempt, r record) error {
	r.Time = time.Now().UTC()
	if !r.Time.After(a.stamp) {
		r.Time = a.stamp.Add(time.Nanosecond)
	}
	a.stamp = r.Time
	return write(x.deps.Journal, r)
}

// halted reports whether the user wants nothing new to be sent.
func (x *execution) halted() bool {
	select {
	case <-x.deps.Halt:
		return true
	default:
		return false
	}
}

// do sends the request on a context of its own: neither closing a view nor
// quitting takes back a request that has left. One that still waits for its turn
// is taken back at once. Waiting is bounded apart from the request itself.
func (x *execution) do(a *attempt) vastapi.Result {
	policy := x.deps.Policy
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.ctx), policy.Wait+policy.Request)
	defer cancel()
	t := &turn{cancel: cancel}
	if a.left.IsZero() {
		a.left = time.Now()
	}
	ctx = vastapi.WithProgress(ctx, func(p vastapi.Progress) {
		switch p.Stage {
		case vastapi.StageWaiting:
			x.progress(a, StateWaiting, "its turn comes in "+span(time.Until(p.Until)+time.Second-1))
			t.wait()
		case vastapi.StageSent:
			t.leave()
			if a.tries == 1 {
				a.left = time.Now()
			}
			x.progress(a, StateSending, "")
		}
	})
	quit := context.AfterFunc(x.ctx, func() { t.quit(policy.Quit) })
	defer quit()
	ended := make(chan struct{})
	defer close(ended)
	if x.deps.Halt != nil {
		go func() {
			select {
			case <-x.deps.Halt:
				t.halt()
			case <-ended:
			}
		}()
	}
	return x.deps.API.Do(ctx, a.step.Call)
}

// turn is a request that waits to be let go, or has been.
type turn struct {
	mu     sync.Mutex
	waits  bool
	halted bool
	cancel func()
}

func (t *turn) wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waits = true
	if t.halted {
		t.cancel()
	}
}

func (t *turn) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waits = false
}

// halt takes the request back if it has not left; the context's end does not
// reach one that has.
func (t *turn) halt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.halted = true
	if t.waits {
		t.cancel()
	}
}

// quit is halt, and an end after a while for a request that has left.
func (t *turn) quit(after time.Duration) {
	t.halt()
	time.AfterFunc(after, t.cancel)
}

// underCeiling holds a step that spends against what was agreed to, counting
// what other plans have begun since.
func (x *execution) underCeiling(a *attempt) error {
	if !spends(a.step.Call) {
		return nil
	}
	ops, err := Open(x.deps.Journal)
	if err != nil {
		return err
	}
	total := x.plan.Basis.Committed + a.step.Rate + x.dearer() + ops.pending(reading{
		account: x.deps.Account, at: x.plan.Basis.Account, lag: x.deps.Policy.Seen, listed: x.plan.Basis.Listed,
	})
	if err := x.asAgreed(a); err != nil {
		return err
	}
	if x.plan.Ceiling.admits(total) {
		return nil
	}
	return fmt.Errorf("everything together would come to %s, above the limit of %s: wait until open operations are settled, or raise the limit",
		pricing.Shown(total), pricing.Shown(x.plan.Ceiling.Total))
}

// asAgreed holds a candidate against what all together were agreed to cost, which
// is exceeded only when some were delivered dearer than they were offered.
func (x *execution) asAgreed(a *attempt) error {
	if x.plan.Mode != FirstN || !vastapi.Known(x.plan.Cost.Change) || x.plan.Cost.Change == 0 {
		return nil
	}
	total := a.step.Rate + x.dearer()
	for _, other := range x.attempts {
		if other.takes() {
			total += other.step.Rate
		}
	}
	const slack = 1e-9
	if total <= x.plan.Cost.Change+slack {
		return nil
	}
	return fmt.Errorf("what was rented costs more than it was offered for: with one more it would come to %s, agreed to was %s",
		pricing.Shown(total), pricing.Shown(x.plan.Cost.Change))
}

// dearer is what the rentals of this plan were delivered for above what was
// agreed to, those that came twice included; the journal knows only that.
func (x *execution) dearer() vastapi.Rate {
	var total vastapi.Rate
	for _, a := range x.attempts {
		total += a.step.Rate * vastapi.Rate(max(0, len(a.copies)-1))
		if a.delivered == nil || !a.takes() || !Told(a.delivered) {
			continue
		}
		if extra := pricing.Running(a.delivered).Total() - a.step.Rate; extra > 0 {
			total += extra
		}
	}
	return total
}

func (x *execution) progress(a *attempt, state StepState, note string) {
	if x.tell != nil {
		x.tell(Progress{Step: a.index, State: state, Note: note})
	}
}

// report sorts the steps into the lists of a Report.
func (x *execution) report() Report {
	if x.err == nil && x.ctx.Err() != nil && x.unfinished() {
		x.err = errCancelled
	}
	r := Report{Plan: x.plan, Moved: x.moved, Lower: x.lower, Err: x.err}
	for _, a := range x.attempts {
		result := a.result()
		switch a.stage {
		case stageDone, stageAccepted:
			r.Done = append(r.Done, result)
		case stageFailed, stageRepeat:
			r.Failed = append(r.Failed, result)
		case stageSkipped:
			r.Skipped = append(r.Skipped, result)
		case stageUnknown:
			r.Unknown = append(r.Unknown, result)
		default:
			r.NotTried = append(r.NotTried, result)
		}
	}
	if errors.Is(r.Err, errUnclear) && len(r.Unknown) == 0 {
		r.Err = errCleared
	}
	return r
}

func (x *execution) unfinished() bool {
	for _, a := range x.attempts {
		if a.stage == stageUntried || a.pending() {
			return true
		}
	}
	return false
}
