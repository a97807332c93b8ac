package feed

import "time"

// Feed is what the program knows about one collection, and how well it knows it.
type Feed[T any] struct {
	Value   T
	At      time.Time // when Value was true; zero = never told
	Err     error     // the last refresh's failure; Value then stays the older one
	Since   time.Time // when the first of the failures in a row happened
	Loading bool      // a request is on its way
	Rev     int       // grows with every new Value; what is drawn from it can be cached by it
}

// Apply records one answer. Values are replaced whole and never changed in
// place, so a reader may hold one across frames.
func (f *Feed[T]) Apply(v T, at time.Time, err error) {
	f.Loading = false
	if err != nil {
		if f.Err == nil {
			f.Since = at
		}
		f.Err = err
		return
	}
	f.Value, f.At, f.Err = v, at, nil
	f.Rev++
}

// Told reports whether there ever was an answer.
func (f Feed[T]) Told() bool { return !f.At.IsZero() }

// Age is how long ago Value was true.
func (f Feed[T]) Age(now time.Time) time.Duration { return now.Sub(f.At) }

// Freshness says how far a value's age is from what its polling interval promises.
type Freshness int

// The steps of Freshness.
const (
	Fresh Freshness = iota
	Late            // older than twice the interval
	Stale           // older than three times the interval
)

// Freshness compares the age with the interval at which the value is asked for.
func (f Feed[T]) Freshness(now time.Time, interval time.Duration) Freshness {
	switch age := f.Age(now); {
	case !f.Told() || age <= 2*interval:
		return Fresh
	case age <= 3*interval:
		return Late
	default:
		return Stale
	}
}
