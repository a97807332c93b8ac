package rental

import (
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// maxStates is how many states a timeline holds.
const maxStates = 64

// MaxReadGap is how far readings may be apart: those further apart say nothing about
// the time between.
const MaxReadGap = 10 * time.Minute

// StateAt is one state of an instance and when it was first seen.
type StateAt struct {
	At    time.Time
	State State
}

// Watched is what readings of one instance have shown over time. It is a value:
// Seen returns the next one, and a copy stays as it was. The zero Watched has seen
// nothing.
type Watched struct {
	Startup Startup   // of the latest start that was seen
	States  []StateAt // the timeline, oldest first; at most 64
	// IdleSince is when the first of the latest readings in a row was made that
	// show a running instance with an unused GPU; zero = it is used, or not known.
	IdleSince time.Time
	LastAt    time.Time

	order   Order     // the last one of this machine
	ranAt   time.Time // when it was last seen to be meant to run
	upUntil time.Time // when it was last seen in a state before the one of its latest start
	halted  bool      // it was seen being stopped by its renter, not outbid
	fresh   bool      // its first reading followed one in which it was not there
}

// Appeared notes before the first reading that the instance was not there before:
// what is seen first of it is its beginning.
func (w Watched) Appeared() Watched {
	w.fresh = true
	return w
}

// Seen takes in a reading of the instance at the given time. Older readings change
// nothing.
func (w Watched) Seen(i *vastapi.Instance, at time.Time) Watched {
	if at.Before(w.LastAt) {
		return w
	}
	w = w.halting(i, at)
	state := w.state(i, at)
	if starts(state) && w.Startup.Instance != 0 && w.began() {
		w.Startup, w.upUntil = Startup{}, w.LastAt
	}
	first := len(w.States) == 0 && !w.fresh
	w.Startup = w.Startup.Seen(i, at)
	w.Startup.early = w.Startup.early || first && starts(state)
	w.Startup = w.begun()
	if n := len(w.States); n == 0 || w.States[n-1].State.Word != state.Word {
		w.States = append(slices.Clip(w.States[max(0, n-maxStates+1):]), StateAt{at, state})
	}
	gap := !w.LastAt.IsZero() && at.Sub(w.LastAt) > MaxReadGap
	switch {
	case !unused(i):
		w.IdleSince = time.Time{}
	case w.IdleSince.IsZero() || gap:
		w.IdleSince = at
	}
	w.LastAt = at
	return w
}

// Kept is w with a timeline of at most so many states, the newest.
func (w Watched) Kept(most int) Watched {
	if over := len(w.States) - most; over > 0 {
		w.States = slices.Clone(w.States[over:])
	}
	return w
}

// Ordered notes what was last asked of the instance from this machine.
func (w Watched) Ordered(o Order) Watched {
	if !o.At.Before(w.order.At) {
		w.order = o
		w.Startup = w.begun()
	}
	return w
}

// orderHolds is how long a start that is first seen may have been under way since
// it was ordered.
const orderHolds = 2 * time.Hour

// begun is the latest start, counted from the order that led to it, if that is known.
func (w Watched) begun() Startup {
	s, o := w.Startup, w.order
	led := o.Running && o.At.Before(s.Began) && s.Began.Sub(o.At) <= orderHolds && o.At.Add(crossing).After(w.upUntil)
	if led && !s.Ready() {
		s.Began, s.early = o.At, false
	}
	return s
}

// halting notes whether the renter has stopped the instance: it is seen on its way
// there, or stopped while its bid would win. What was outbid before is not.
func (w Watched) halting(i *vastapi.Instance, at time.Time) Watched {
	state := Display(*i)
	switch {
	case i.Intended.String() != "stopped":
		w.ranAt, w.halted = at, false
	case outbids(i) || !vastapi.Known(i.MinBid):
	case state.Word == "STOPPING", state.Word == "STOPPED" && w.word() != "OUTBID":
		w.halted = true
	}
	return w
}

// asked reports whether the instance is stopped because its renter wanted that.
func (w Watched) asked() bool {
	return w.halted || !w.order.At.IsZero() && !w.order.Running && w.order.At.Add(crossing).After(w.ranAt)
}

// crossing is how long after an order a reading may arrive that was made before it.
const crossing = 15 * time.Second

// word is the latest word of the timeline.
func (w Watched) word() string {
	if n := len(w.States); n > 0 {
		return w.States[n-1].State.Word
	}
	return ""
}

// State is the one status of i to show. It knows more than Display: who stopped an
// interruptible instance, and whether the contract has ended.
func (w Watched) State(i *vastapi.Instance) State { return w.state(i, w.LastAt) }

func (w Watched) state(i *vastapi.Instance, now time.Time) State {
	state := Display(*i)
	switch {
	case over(i, now) && (state.Class == ClassStopped || state.Class == ClassWaiting || state.Class == ClassFailed):
		return State{"ENDED", ClassFailed, "the contract has ended: it cannot be started again, and its disk may be deleted 48 hours after the end"}
	case i.Bid && w.asked() && (state.Word == "OUTBID" || state.Word == "STOPPED"):
		state = State{"STOPPED", ClassStopped, "stopped as asked; the disk is billed: " + pricing.Shown(pricing.Stopped(i))}
		if outbids(i) {
			state.Why += "; the price to hold is above its bid now"
		}
	}
	return state
}

// over reports whether the contract of i has ended.
func over(i *vastapi.Instance, now time.Time) bool {
	return !i.End.IsZero() && !now.IsZero() && !i.End.After(now)
}

// starts reports whether a state is one of an instance on its way up.
func starts(s State) bool { return s.Word == "LOADING" || s.Word == "CREATING" }

// began reports whether an instance that is on its way up now was made or started
// once more since the last reading: it was something else then, and not just away.
func (w Watched) began() bool {
	n := len(w.States)
	if n == 0 {
		return false
	}
	last := w.States[n-1].State
	return !starts(last) && last.Class != ClassLost
}

// unused reports whether i runs and its GPU is known to do next to nothing.
func unused(i *vastapi.Instance) bool {
	return Display(*i).Class == ClassRunning && i.GPUUtil < busy
}

// Since is when the present state was first seen, zero when nothing was.
func (w Watched) Since() time.Time {
	if len(w.States) == 0 {
		return time.Time{}
	}
	return w.States[len(w.States)-1].At
}

// Word is the state of i as it is shown, with how long it has been under way where
// that matters: "LOADING 3m", "SCHEDULING 40s", "RUNNING"; "LOADING ≥3m" when it was
// so already at the first reading.
func (w Watched) Word(i *vastapi.Instance, now time.Time) string {
	state := w.State(i)
	if state.Class != ClassMoving && state.Class != ClassWaiting && state.Class != ClassLost || w.Since().IsZero() {
		return state.Word
	}
	if n := len(w.States); w.States[n-1].State.Word != state.Word {
		return state.Word
	}
	if now.Sub(w.Since()) < time.Second {
		return state.Word // it was seen for the first time just now: how long it lasts is not known
	}
	text := span(now.Sub(w.Since()))
	if len(w.States) == 1 && !w.fresh && !w.Startup.Began.Before(w.Since()) {
		text = "≥" + text // it was so when it was first seen
	}
	return state.Word + " " + text
}
