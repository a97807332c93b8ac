package pricing

import (
	"time"

	"vastdeck/vastapi"
)

// Allowance is a limit to what is spent in some time, and what is spent of it.
type Allowance struct {
	Limit vastapi.Amount // 0 = there is none
	Spent vastapi.Amount // unknown until it has been read
}

// AllowanceState is how far a limit is used up.
type AllowanceState uint8

// The states of an Allowance.
const (
	AllowanceNone    AllowanceState = iota // there is no limit
	AllowanceUnknown                       // what was spent is not known
	AllowanceUnder
	AllowanceNear // from 80 % on
	AllowanceUsed // from 100 % on
)

// nearly is the part of a limit from which on it is nearly used up.
const nearly = 0.8

// State is how far the limit is used up.
func (a Allowance) State() AllowanceState {
	switch {
	case !(a.Limit > 0):
		return AllowanceNone
	case !vastapi.Known(a.Spent):
		return AllowanceUnknown
	case a.Spent >= a.Limit-tiny:
		return AllowanceUsed
	case a.Spent >= nearly*a.Limit-tiny:
		return AllowanceNear
	}
	return AllowanceUnder
}

// Part is what is used of the limit in percent, unknown without one.
func (a Allowance) Part() float64 {
	if !(a.Limit > 0) {
		return vastapi.Unknown[float64]()
	}
	return float64(a.Spent / a.Limit * 100)
}

// Counted is what was spent: what has been charged, and what the account is billed
// since that was read.
func Counted(charged vastapi.Amount, burn vastapi.Rate, since time.Duration) vastapi.Amount {
	return charged + burn.For(max(0, since))
}
