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
