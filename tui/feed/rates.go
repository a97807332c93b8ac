package feed

import (
	"math"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// RateAt is what an instance was billed, in $/h, from a moment on, as readings have
// told it. It is small because there are many.
type RateAt struct {
	Unix    int64 // the moment, in seconds since 1970
	Now     vastapi.Rate
	Running vastapi.Rate
	Stopped vastapi.Rate
}

// At is the moment, to the second.
func (r RateAt) At() time.Time { return time.Unix(r.Unix, 0) }

// RateOf is what i was billed when it was read.
func RateOf(i *vastapi.Instance, at time.Time) RateAt {
	return RateAt{Unix: at.Unix(), Now: pricing.Now(i), Running: pricing.Running(i).Total(), Stopped: pricing.Stopped(i)}
}

// same reports whether the two are the same rates.
func (r RateAt) same(as RateAt) bool {
	return alike(r.Now, as.Now) && alike(r.Running, as.Running) && alike(r.Stopped, as.Stopped)
}

func alike(a, b vastapi.Rate) bool {
	return a == b || !vastapi.Known(a) && !vastapi.Known(b) || math.Abs(float64(a-b)) < 1e-9
}

// rated are the rates with those of a reading, when they are others; at most keep of
// them, the newest. The older slice stays as it is.
func rated(list []RateAt, r RateAt, keep int) []RateAt {
	n := len(list)
	if n > 0 && list[n-1].same(r) {
		return list[max(0, n-keep):]
	}
	list = list[max(0, n-keep+1):]
	out := make([]RateAt, 0, len(list)+1)
	return append(append(out, list...), r)
}
