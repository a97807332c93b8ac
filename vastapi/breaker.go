package vastapi

import (
	"context"
	"sync"
	"time"
)

// maxFailures in a row make reads rest.
const maxFailures = 5

// breaker keeps a client from hammering a server that is down. It never holds
// back a write: a destroy must be tried even then.
type breaker struct {
	first, most time.Duration

	mu       sync.Mutex
	failures int
	pause    time.Duration
	until    time.Time
	probing  bool // one read is finding out whether the server is back
}

func newBreaker(i Intervals) *breaker { return &breaker{first: i.Pause, most: i.PauseMax} }

// fused refuses reads at once while the server is taken to be down.
func (c *Client) fused(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		if !r.write {
			if rest := c.fuse.enter(); rest > 0 {
				e := c.newError(r, KindPaused)
				e.Wait = rest
				r.untouched = true
				return nil, e
			}
		}
		a, err := next(ctx, r)
		c.fuse.settle(err, !r.write)
		return a, err
	}
}

// enter returns 0 when a read may go, and else how long reads still rest.
func (b *breaker) enter() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < maxFailures || b.first <= 0 {
		return 0
	}
	if rest := time.Until(b.until); rest > 0 {
		return rest
	}
	if b.probing {
		return max(b.pause/10, time.Millisecond)
	}
	b.probing = true
	return 0
}

// settle counts how a request ended.
func (b *breaker) settle(err error, read bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if read {
		b.probing = false
	}
	e := asError(err)
	switch {
	case e != nil && e.Kind == KindCancelled:
		return // says nothing about the server
	case e == nil || !isFailure(e.Kind):
		b.failures, b.pause, b.until = 0, 0, time.Time{}
		return
	}
	if b.failures++; b.failures < maxFailures {
		return
	}
	if time.Now().Before(b.until) {
		return // a write failed during the pause
	}
	b.pause = min(max(b.first, 2*b.pause), b.most)
	b.until = time.Now().Add(b.pause)
}

func isFailure(k Kind) bool {
	return k == KindServer || k == KindTransport || k == KindTimeout
}

func (b *breaker) state() (failures int, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Now().Before(b.until) {
		until = b.until
	}
	return b.failures, until
}
