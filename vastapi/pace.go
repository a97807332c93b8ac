package vastapi

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Priority orders reads that wait for the pacer; writes go before all of them.
type Priority int8

// The priorities, the most urgent first.
const (
	PriorityReread   Priority = 3 // a price before money moves
	PriorityTyped    Priority = 2 // a query the user has just typed
	PriorityNormal   Priority = 1 // a refresh of what is looked at
	PriorityWatch    Priority = 0 // a watch in the background
	PriorityRecorder Priority = -1
)

type priorityKey struct{}

// WithPriority gives the requests made with the context a place in the queue.
func WithPriority(ctx context.Context, p Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

func priorityOf(ctx context.Context) Priority {
	if p, ok := ctx.Value(priorityKey{}).(Priority); ok {
		return p
	}
	return PriorityNormal
}

// Stage is how far a request has come.
type Stage uint8

// The stages of a request.
const (
	StageWaiting  Stage = iota // held back until Progress.Until, for the rate limit
	StageSent                  // on its way: cancelling now no longer undoes it
	StageRetrying              // failed; a read is tried again at Progress.Until at the earliest
)

// Progress tells how far a request has come.
type Progress struct {
	Stage Stage
	Route Route
	Until time.Time // for StageWaiting and StageRetrying
	Try   int       // 1 for the first
}

type progressKey struct{}

// WithProgress has tell called for each stage the requests made with the context
// go through, on the goroutine that made the request. It must not block.
func WithProgress(ctx context.Context, tell func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

func report(ctx context.Context, p Progress) {
	if tell, ok := ctx.Value(progressKey{}).(func(Progress)); ok {
		tell(p)
	}
}

// pacer spaces requests. There is one per client, or one for several of them (see
// WithPacerOf): what several parts of a program ask for shares one limit on the server.
type pacer struct {
	intervals Intervals

	mu    sync.Mutex
	gates map[Route]*gate
	free  time.Time   // when anything may leave again
	reads []time.Time // when the latest reads left, oldest first
	queue []*waiter   // the most urgent first
}

// gate is the state of one route.
type gate struct {
	least   time.Duration
	free    time.Time
	strikes int // answers "too frequent" in a row

	most int     // requests within any minute, 0 = no such limit
	sent []*slot // the latest most of them, oldest first
}

// slot is a request's place in the minute's budget of its route. The server
// counts from when a request arrives, which is between at as it leaves and at
// as it is answered: the later time is the safe one.
type slot struct{ at time.Time }

type waiter struct {
	request *request
	gate    *gate
	write   bool
	order   Priority
	wake    chan struct{}
}

func newPacer(i Intervals) *pacer {
	return &pacer{intervals: i, gates: map[Route]*gate{}}
}

// paced holds a request back until its route and the common limits admit it.
func (c *Client) paced(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		if err := c.pacer.wait(ctx, r); err != nil {
			r.untouched = true
			return nil, c.failure(r, err)
		}
		report(ctx, Progress{Stage: StageSent, Route: r.route})
		a, err := next(ctx, r)
		c.pacer.learn(r, err)
		return a, err
	}
}

// wait returns when r may leave, or with the context's error.
func (p *pacer) wait(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	w := p.join(r, priorityOf(ctx))
	for {
		rest, ok := p.try(w)
		if ok {
			return nil
		}
		report(ctx, Progress{Stage: StageWaiting, Route: r.route, Until: time.Now().Add(rest)})
		if err := w.sleep(ctx, rest); err != nil {
			p.leave(w)
			return err
		}
	}
}

func (w *waiter) sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.wake:
	case <-t.C:
	}
	return nil
}

func (p *pacer) join(r *request, order Priority) *waiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &waiter{request: r, gate: p.gate(r.route), write: r.write, order: order, wake: make(chan struct{}, 1)}
	at := slices.IndexFunc(p.queue, w.before)
	if at < 0 {
		at = len(p.queue)
	}
	p.queue = slices.Insert(p.queue, at, w)
	return w
}

// before reports whether w is more urgent than other; equals keep their order.
func (w *waiter) before(other *waiter) bool {
	if w.write != other.write {
		return w.write
	}
	return !w.write && w.order > other.order
}

func (p *pacer) gate(route Route) *gate {
	g := p.gates[route]
	if g == nil {
		g = &gate{least: p.intervals.least(route)}
		if route == RouteSearch {
			g.most = p.intervals.SearchesPerMinute
		}
		p.gates[route] = g
	}
	return g
}

// try lets w go if it is the first that may, and else says how long to wait
// before that can be so. Requests that wait for their own route do not hold up
// those behind them.
func (p *pacer) try(w *waiter) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	ahead := map[*gate]int{}
	for _, q := range p.queue {
		at := p.earliest(q, ahead[q.gate])
		if q == w && !at.After(now) {
			p.release(w, now)
			return 0, true
		}
		if q == w {
			return at.Sub(now), false
		}
		if !at.After(now) {
			// Somebody more urgent is about to go and will wake the others.
			return max(p.intervals.Between, time.Millisecond), false
		}
		ahead[q.gate]++
	}
	return 0, true
}

// earliest is when q may leave with ahead others of its route before it.
func (p *pacer) earliest(q *waiter, ahead int) time.Time {
	at := p.free
	if q.gate.free.After(at) {
		at = q.gate.free
	}
	at = at.Add(time.Duration(ahead) * q.gate.least)
	if t := q.gate.budget(ahead, p.intervals.Minute); t.After(at) {
		at = t
	}
	if n := p.intervals.ReadsPerMinute; !q.write && n > 0 && len(p.reads) >= n {
		if t := p.reads[len(p.reads)-n].Add(p.intervals.Minute); t.After(at) {
			at = t
		}
	}
	return at
}

// budget is when the minute's budget admits one more after ahead others; zero
// when it does now, or when those others decide it.
func (g *gate) budget(ahead int, minute time.Duration) time.Time {
	if i := len(g.sent) - g.most + ahead; g.most > 0 && i >= 0 && i < len(g.sent) {
		return g.sent[i].at.Add(minute)
	}
	return time.Time{}
}

// release takes w from the queue and starts the intervals it stands for. What
// has left counts, even when it is cancelled a moment later.
func (p *pacer) release(w *waiter, now time.Time) {
	w.gate.free = now.Add(w.gate.least)
	if g := w.gate; g.most > 0 {
		w.request.slot = &slot{now}
		g.sent = append(g.sent, w.request.slot)
		g.sent = slices.Clone(g.sent[max(0, len(g.sent)-g.most):])
	}
	p.free = now.Add(p.intervals.Between)
	if n := p.intervals.ReadsPerMinute; !w.write && n > 0 {
		p.reads = append(p.reads, now)
		p.reads = p.reads[max(0, len(p.reads)-n):]
	}
	p.drop(w)
}

func (p *pacer) leave(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(w)
}

// drop takes w from the queue and has the others look again.
func (p *pacer) drop(w *waiter) {
	p.queue = slices.DeleteFunc(p.queue, func(q *waiter) bool { return q == w })
	for _, q := range p.queue {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
}

// learn makes a route rest after "too frequent", for everybody: for the
// interval the answer names or ours, doubled with each answer of that kind in a
// row. A named interval longer than ours is kept.
func (p *pacer) learn(r *request, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.gate(r.route)
	if r.slot != nil {
		r.slot.at = time.Now()
	}
	e := asError(err)
	if e == nil || e.Kind != KindRateLimited {
		g.strikes = 0
		return
	}
	if named := withSlack(e.threshold); named > g.least {
		g.least = min(named, p.intervals.RetryMax)
	}
	rest := g.least << min(g.strikes, 10)
	if r.route == RouteCreate {
		rest = max(rest, withSlack(p.intervals.CreatePenalty))
	}
	rest = max(min(rest, p.intervals.RetryMax), min(e.retryAfter, p.intervals.RetryAfterMax))
	g.strikes++
	e.Wait = max(e.Wait, rest)
	if until := time.Now().Add(rest); until.After(g.free) {
		g.free = until
	}
}
