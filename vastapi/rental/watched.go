package rental

import (
	"slices"
	"time"

	"vastdeck/vastapi"
)

// What readings in a row are held against.
const (
	maxStates  = 64               // of a timeline
	maxReadGap = 10 * time.Minute // readings further apart say nothing about the time between
)

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
}

// Seen takes in a reading of the instance at the given time. Older readings change
// nothing.
func (w Watched) Seen(i *vastapi.Instance, at time.Time) Watched {
	if at.Before(w.LastAt) {
		return w
	}
	state := Display(*i)
	if starts(state) && w.Startup.Instance != 0 && w.began() {
		w.Startup = Startup{}
	}
	w.Startup = w.Startup.Seen(i, at)
	if n := len(w.States); n == 0 || w.States[n-1].State.Word != state.Word {
		w.States = append(slices.Clip(w.States[max(0, n-maxStates+1):]), StateAt{at, state})
	}
	gap := !w.LastAt.IsZero() && at.Sub(w.LastAt) > maxReadGap
	switch {
	case !unused(i):
		w.IdleSince = time.Time{}
	case w.IdleSince.IsZero() || gap:
		w.IdleSince = at
	}
	w.LastAt = at
	return w
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
// that matters: "LOADING 3m", "SCHEDULING 40s", "RUNNING".
func (w Watched) Word(i *vastapi.Instance, now time.Time) string {
	state := Display(*i)
	if state.Class != ClassMoving && state.Class != ClassWaiting && state.Class != ClassLost || w.Since().IsZero() {
		return state.Word
	}
	if n := len(w.States); w.States[n-1].State.Word != state.Word {
		return state.Word
	}
	return state.Word + " " + span(now.Sub(w.Since()))
}
