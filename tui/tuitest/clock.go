package tuitest

import (
	"testing/synctest"
	"time"
)

// settling is longer than four frames of the renderer, or two in a short run. Its odd figure keeps the moments at which a test looks away
// from those at which the program's timers fire.
const settling = 41*time.Millisecond + 3917*time.Nanosecond

// escTimeout is how long Bubble Tea waits for the rest of an escape sequence: 50 ms, and once more, because its first
// timer fires at the deadline and not after it when the clock is exact.
const escTimeout = 100 * time.Millisecond

// settle lets the program answer and the renderer draw.
func (s *Screen) settle() { s.pass(settling) }

func (s *Screen) pass(d time.Duration) {
	s.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	if s.leaving.Load() && !s.Exited() {
		time.Sleep(time.Duration(s.drain.Load()) + settling)
		synctest.Wait()
	}
	s.reportFrame()
}

// Wait lets d of virtual time go by and the screen settle.
func (s *Screen) Wait(d time.Duration) {
	s.t.Helper()
	s.pass(d + settling)
}

// Until lets virtual time go by until the screen's text satisfies cond, and fails the test at the limit. It looks
// about every 40 ms.
func (s *Screen) Until(limit time.Duration, cond func(screen string) bool) {
	s.t.Helper()
	text, seen := s.Text(), s.BytesOut()
	for start := time.Now(); !cond(text); {
		if time.Since(start) >= limit {
			s.t.Fatalf("after %v the screen is not as awaited\n%s", limit, s.describe())
		}
		s.settle()
		if n := s.BytesOut(); n != seen {
			text, seen = s.Text(), n
		}
	}
}

// UntilHas lets virtual time go by until text is on the screen, and fails the test at the limit.
func (s *Screen) UntilHas(limit time.Duration, text string) {
	s.t.Helper()
	s.Until(limit, contains(text))
}

// Elapsed is the virtual time since Start.
func (s *Screen) Elapsed() time.Duration { return time.Since(s.started) }
