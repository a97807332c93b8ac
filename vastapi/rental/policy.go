package rental

import "time"

// Policy holds every duration and count of carrying out a plan.
type Policy struct {
	Request time.Duration // one request may take this long
	Wait    time.Duration // and before that, wait this long for its turn
	Quit    time.Duration // after a cancel, a request in flight may still take this long
	Fresh   time.Duration // facts younger than this are taken without reading again
	Refresh time.Duration // candidates of a FirstN plan are read again after this

	Settle time.Duration // what is not seen this long after its request did not happen …
	Checks int           // … if at least so many reads have looked for it
	Pace   time.Duration // unit of the look-ups: at 0, 2, 5, 10, 20, 40 of it, then every 40
	Seen   time.Duration // how long the result of an accepted request is looked for
	GiveUp time.Duration // looking for a lost answer ends here when no read succeeds
	Sends  int           // a destroy or a stop is sent so many times at most
}

// DefaultPolicy is the policy of the product.
func DefaultPolicy() Policy {
	return Policy{
		Request: 60 * time.Second,
		Wait:    60 * time.Second,
		Quit:    5 * time.Second,
		Fresh:   10 * time.Second,
		Refresh: 30 * time.Second,
		Settle:  180 * time.Second,
		Checks:  3,
		Pace:    time.Second,
		Seen:    30 * time.Second,
		GiveUp:  time.Hour,
		Sends:   3,
	}
}

// lookAt is when the n-th look-up (from 0) happens, after the request.
func (p Policy) lookAt(n int) time.Duration {
	at := [...]time.Duration{0, 2, 5, 10, 20, 40}
	if n < len(at) {
		return at[n] * p.Pace
	}
	return time.Duration(n-len(at)+2) * 40 * p.Pace
}
