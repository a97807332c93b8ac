package remote

import (
	"math/rand/v2"
	"time"
)

// Backoff says how long to wait before something is tried again.
type Backoff struct {
	First time.Duration // after the first failure
	Most  time.Duration // never more than this
	// Jitter is the part of the wait that is left to chance, 0 to 1, so that twenty
	// tunnels that broke together do not come back together.
	Jitter float64
	// Chance returns a number from 0 up to 1; nil is the process's own.
	Chance func() float64
}

// After is the wait after a number of failures in a row: First, doubled for each
// further one, up to Most, and less by chance.
func (b Backoff) After(failures int) time.Duration {
	wait := b.First
	for i := 1; i < failures && wait < b.Most; i++ {
		wait *= 2
	}
	wait = min(wait, b.Most)
	chance := b.Chance
	if chance == nil {
		chance = rand.Float64
	}
	return wait - time.Duration(float64(wait)*b.Jitter*chance())
}
