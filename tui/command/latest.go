package command

import (
	"sync"
	"time"
)

// latest hands the newest of many values on, at most one in a while. What was
// overtaken before it was taken is left out.
type latest[T any] struct {
	pause time.Duration

	mu    sync.Mutex
	value T
	fresh bool
	done  bool
	wake  chan struct{} // holds one when there is something to take, or the end
	taken time.Time
}

func newLatest[T any](pause time.Duration) *latest[T] {
	return &latest[T]{pause: pause, wake: make(chan struct{}, 1)}
}

// put makes v the newest value. It never waits.
func (l *latest[T]) put(v T) {
	l.mu.Lock()
	l.value, l.fresh = v, true
	l.mu.Unlock()
	l.rouse()
}

// close ends it: what was not taken yet is not handed out any more.
func (l *latest[T]) close() {
	l.mu.Lock()
	l.done = true
	l.mu.Unlock()
	l.rouse()
}

func (l *latest[T]) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take waits for a value that has not been taken; false = there is none any more.
// It is called from one goroutine at a time.
func (l *latest[T]) take() (T, bool) {
	if wait := l.pause - time.Since(l.taken); !l.taken.IsZero() && wait > 0 {
		pause := time.NewTimer(wait)
		defer pause.Stop()
		<-pause.C
	}
	for {
		l.mu.Lock()
		v, fresh, done := l.value, l.fresh, l.done
		l.fresh = false
		l.mu.Unlock()
		switch {
		case done:
			l.rouse() // for whoever asks once more
			return v, false
		case fresh:
			l.taken = time.Now()
			return v, true
		}
		<-l.wake
	}
}
