package vastapi

import (
	"context"
	"sync"
	"time"
)

// quotas are the routes that the server has said it answers no more reads on for longer
// than a read waits: a quota of searches is used up for hours (search_quota_exceeded, a 429
// with Retry-After). A request that waited for so long would look like a program that
// hangs, so reads are refused at once, with the time that is left. Writes pass: a destroy
// must be tried even then. They belong to a client, for a quota is that of an account.
type quotas struct {
	mu    sync.Mutex
	spent map[Route]spentQuota
}

// spentQuota is a refusal, and until when it holds.
type spentQuota struct {
	said  Error
	until time.Time
}

// spared keeps reads from being sent while the server has said that it will not answer.
func (c *Client) spared(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		if r.write {
			return next(ctx, r)
		}
		if e := c.quotas.refuse(c.newError(r, KindRateLimited), r.route); e != nil {
			r.untouched = true
			return nil, e
		}
		a, err := next(ctx, r)
		if e := asError(err); e != nil && e.Kind == KindRateLimited && c.intervals.RetryAfterMax > 0 && e.retryAfter > c.intervals.RetryAfterMax {
			e.patient = true
			c.quotas.learn(r.route, e)
		}
		return a, err
	}
}

// learn remembers a refusal for as long as it is to hold.
func (q *quotas) learn(route Route, e *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.spent == nil {
		q.spent = map[Route]spentQuota{}
	}
	q.spent[route] = spentQuota{*e, time.Now().Add(e.retryAfter)}
}

// refuse fills in e with what the server has said of a route, nil when it may be asked.
func (q *quotas) refuse(e *Error, route Route) *Error {
	q.mu.Lock()
	defer q.mu.Unlock()
	spent, has := q.spent[route]
	if !has {
		return nil
	}
	rest := spent.until.Sub(e.At)
	if rest <= 0 {
		delete(q.spent, route)
		return nil
	}
	e.Status, e.Code, e.Message, e.Wait, e.patient = spent.said.Status, spent.said.Code, spent.said.Message, rest, true
	return e
}
