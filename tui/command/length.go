package command

import (
	"sync"

	"vastdeck/vastapi"
)

// leastLimit is the limit of the server's that is known (64, its default). What
// is shorter holds all there is.
const leastLimit = 64

// lengths is what has been learnt in this run about how long an answer to a
// search can be. A server may give fewer offers than it is asked for and not say
// so; then an answer that looks whole is not. Commands write it when an answer is
// taken in, hence the lock.
type lengths struct {
	mu    sync.Mutex
	limit int // answers as long as this are cut; 0 = not known to be so
	whole int // answers of up to this length hold all there is
}

// cut reports whether the server may have more than is on a page: for sure
// enough to go on or, with probe, to find out with one more search whether the
// page's length is the server's limit.
func (l *lengths) cut(p vastapi.OfferPage, first bool) (more, probe bool) {
	n := rowsOf(p)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.whole = max(l.whole, n-1) // whatever the limit is, it is not below n
	if l.limit > 0 && n > l.limit {
		l.limit = 0 // it was another one's, or an offer came while it was looked for
	}
	switch {
	case p.Full(): // which the search has told
	case l.limit > 0 && n == l.limit:
		return true, false
	case first && n > leastLimit && n > l.whole:
		return true, true
	}
	return false, false
}

// learn keeps what a search beyond an answer of n offers has found: whether the
// server had more.
func (l *lengths) learn(n int, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if more {
		l.limit = n
	} else {
		l.whole = max(l.whole, n)
	}
}

// rowsOf is how many offers an answer held, those that could not be read included.
func rowsOf(p vastapi.OfferPage) int { return max(p.Rows, len(p.Offers)+p.Bad) }
