package pricing

import (
	"time"

	"vastdeck/vastapi"
)

// Stretch is a length of time at one rate. Seen says that readings have shown the
// rate; otherwise it is taken to have been that one.
type Stretch struct {
	Rate vastapi.Rate
	For  time.Duration
	Seen bool
}

// Accrued is what something has come to so far.
type Accrued struct {
	Total      vastapi.Amount // of all stretches; unknown when the rate of one is
	Seen       vastapi.Amount // of those that were seen
	SeenFor    time.Duration
	GuessedFor time.Duration // 0 = nothing is guessed
}

// Estimated reports whether a part of the total was not seen.
func (a Accrued) Estimated() bool { return a.GuessedFor > 0 }

// Accrue adds up stretches. Those of no length, or of a negative one, count for nothing.
func Accrue(list []Stretch) Accrued {
	var a Accrued
	for _, s := range list {
		if s.For <= 0 {
			continue
		}
		cost := s.Rate.For(s.For)
		a.Total += cost
		if s.Seen {
			a.Seen, a.SeenFor = a.Seen+cost, a.SeenFor+s.For
		} else {
			a.GuessedFor += s.For
		}
	}
	return a
}

// And is the sum of two.
func (a Accrued) And(b Accrued) Accrued {
	return Accrued{a.Total + b.Total, a.Seen + b.Seen, a.SeenFor + b.SeenFor, a.GuessedFor + b.GuessedFor}
}

// Deviation is by how much an estimate is above what was charged, in percent of that;
// below 0 it is under it. It is unknown when one of the two is, or nothing was charged.
func Deviation(estimate, charged vastapi.Amount) float64 {
	if !(charged > 0) {
		return vastapi.Unknown[float64]()
	}
	return float64((estimate - charged) / charged * 100)
}
