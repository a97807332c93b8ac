package pricing

import (
	"math"
	"time"

	"vastdeck/vastapi"
)

// Runway is how long credit lasts at burn. It is not finite when nothing is
// billed, and neither when one of the two is not known; Span tells those apart.
// Credit that is used up lasts 0.
func Runway(credit vastapi.Amount, burn vastapi.Rate) (d time.Duration, finite bool) {
	s := SpanOf(credit, burn)
	return s.Lasts, s.Finite
}

// Span is a runway: how long the credit lasts.
type Span struct {
	Lasts  time.Duration // 0 unless Finite
	Finite bool
	Known  bool // false: the credit or what is billed is not known
}

// SpanOf is the runway of credit at burn.
func SpanOf(credit vastapi.Amount, burn vastapi.Rate) Span {
	switch {
	case !vastapi.Known(credit) || !vastapi.Known(burn):
		return Span{}
	case burn <= 0:
		return Span{Known: true}
	case credit <= 0:
		return Span{Finite: true, Known: true}
	}
	ns := float64(credit) / float64(burn) * float64(time.Hour)
	if ns >= math.MaxInt64 {
		ns = math.MaxInt64 - 1024 // the greatest float64 that fits: 292 years
	}
	return Span{Lasts: time.Duration(ns), Finite: true, Known: true}
}

// UsedUp reports whether there is nothing left while something is billed.
func (s Span) UsedUp() bool { return s.Known && s.Finite && s.Lasts <= 0 }

// Zero is when credit that was read at a moment will be used up. It is the zero time
// when that is never, not known, or past.
func (s Span) Zero(read time.Time) time.Time {
	if !s.Known || !s.Finite || s.UsedUp() || read.IsZero() {
		return time.Time{}
	}
	return read.Add(s.Lasts)
}

// Press says how near the end of a runway is.
type Press uint8

// The steps of Press.
const (
	LastsLong  Press = iota // three days or more, or for ever, or not known
	LastsDays               // less than three days
	LastsADay               // less than a day
	LastsHours              // less than six hours
)

// Pressing is how near the end of s is.
func Pressing(s Span) Press {
	switch {
	case !s.Known || !s.Finite || s.Lasts >= 72*time.Hour:
		return LastsLong
	case s.Lasts < 6*time.Hour:
		return LastsHours
	case s.Lasts < 24*time.Hour:
		return LastsADay
	}
	return LastsDays
}
