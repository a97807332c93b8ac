package vastapi

import (
	"context"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"time"
)

// maxTries is how often a read is sent at most.
const maxTries = 4

// retried sends a read again when the server was busy, broken or not to be
// reached. A write passes untouched: no answer does not mean it was not done,
// and a rent sent twice may rent twice.
func (c *Client) retried(next link) link {
	return func(ctx context.Context, r *request) (*answer, error) {
		if r.write {
			return next(ctx, r)
		}
		var before error
		for try := 1; ; try++ {
			a, err := next(ctx, r)
			if e := asError(err); e != nil && e.Kind == KindPaused && before != nil {
				return nil, before // the failure that led to the pause says more
			}
			if err == nil || try == maxTries || !isRetryable(err) {
				return a, err
			}
			before = err
			rest := c.intervals.backoff(try)
			report(ctx, Progress{Stage: StageRetrying, Route: r.route, Until: time.Now().Add(rest), Try: try + 1})
			if sleep(ctx, rest) != nil {
				return nil, c.failure(r, context.Cause(ctx))
			}
		}
	}
}

// backoff is a random part of the base doubled with each try, so that many
// clients that failed together do not return together. The pacer sees to it
// that the endpoint's own interval passes as well.
func (i Intervals) backoff(try int) time.Duration {
	whole := min(i.RetryBase<<(try-1), i.RetryMax)
	if whole <= 0 {
		return 0
	}
	return rand.N(whole + 1)
}

func isRetryable(err error) bool {
	e := asError(err)
	if e == nil || e.patient {
		return false
	}
	switch e.Kind {
	case KindRateLimited, KindServer, KindTimeout:
		return true
	case KindTransport:
		return !isUntrusted(e.Cause) && !errors.Is(e.Cause, errForeignHost)
	}
	return false
}

// isUntrusted reports failures of the server's certificate, which no second try mends.
func isUntrusted(err error) bool {
	var (
		invalid   x509.CertificateInvalidError
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
	)
	return errors.As(err, &invalid) || errors.As(err, &authority) || errors.As(err, &name)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 { // a timer that is due already would be fired here, which virtual time and the race detector do not bear together
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
