package feed

import (
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// Stretches are the times at which an instance was billed, from a moment on (zero =
// since it was made). What this run has seen of its states is counted as it was, at
// what was billed then; the time before that in the state and at the rate it was first
// seen with.
func Stretches(i *vastapi.Instance, t Trace, from, now time.Time) []pricing.Stretch {
	begin := i.Start
	if begin.IsZero() {
		if from.IsZero() {
			return []pricing.Stretch{{Rate: vastapi.Unknown[vastapi.Rate](), For: time.Nanosecond}}
		}
		begin = from
	}
	if from.After(begin) {
		begin = from
	}
	states := t.Watched.States
	c := bill{rates: t.Rates, at: begin, end: now}
	if len(c.rates) == 0 { // nothing is known of it but how it is now
		r := RateOf(i, begin)
		if len(states) > 0 {
			r.Now = vastapi.Unknown[vastapi.Rate]()
		}
		c.rates = []RateAt{r}
	}
	for n, s := range states {
		if n == 0 {
			c.until(s.At, &s.State, false)
		}
		if n == len(states)-1 {
			c.until(now, &s.State, true)
		} else {
			c.until(states[n+1].At, &s.State, true)
		}
	}
	if len(states) == 0 {
		c.until(now, nil, false)
	}
	return c.list
}

// bill goes through the life of an instance.
type bill struct {
	rates []RateAt  // at least one
	at    time.Time // how far it has come
	end   time.Time
	list  []pricing.Stretch
}

// until goes on until a moment. All the time is spent in one state, nil = which one is
// not known. seen says that readings have shown it.
func (c *bill) until(when time.Time, state *rental.State, seen bool) {
	if when.After(c.end) {
		when = c.end
	}
	for c.at.Before(when) {
		told, early, next := c.told()
		stop := when
		if !next.IsZero() && next.Before(when) {
			stop = next
		}
		rate, sure := told.Now, true
		if !vastapi.Known(rate) && state != nil {
			rate, sure = billedIn(told, *state)
		}
		c.list = append(c.list, pricing.Stretch{Rate: rate, For: stop.Sub(c.at), Seen: seen && sure && !early})
		c.at = stop
	}
}

// told are the rates that hold now, and when others follow, zero = no others do. For the
// time before the first of them that one is the best there is, but for what was billed
// in the state of that moment: early.
func (c *bill) told() (r RateAt, early bool, next time.Time) {
	first := c.rates[0]
	if at := first.At(); at.After(c.at) {
		first.Now = vastapi.Unknown[vastapi.Rate]()
		return first, true, at
	}
	for n, r := range c.rates[1:] {
		if at := r.At(); at.After(c.at) {
			return c.rates[n], false, at
		}
	}
	return c.rates[len(c.rates)-1], false, time.Time{}
}

// billedIn is what is billed in a state, and whether that is sure.
func billedIn(r RateAt, s rental.State) (vastapi.Rate, bool) {
	switch {
	case s.Class == rental.ClassRunning, s.Word == "FROZEN":
		return r.Running, true
	case s.Word == "OFFLINE":
		return 0, true
	case s.Class == rental.ClassLost, s.Class == rental.ClassOther:
		return r.Running, false
	}
	return r.Stopped, true
}
