package pricing

import (
	"math"

	"vastdeck/vastapi"
)

// Delta is what a change does to the cost of an account.
type Delta struct {
	Before vastapi.Rate   // the whole account per hour, before
	After  vastapi.Rate   // and after
	Change vastapi.Rate   // After − Before; may be known where those are not
	DueNow vastapi.Amount // paid at once; renting bills by the second, so 0 for it
	Credit vastapi.Amount

	RunwayBefore Span
	RunwayAfter  Span
}

// tiny is the error that adding up floats of this size leaves behind.
const tiny = 1e-9

// Between is the Delta of an account that is billed before and whose rate
// changes by change.
func Between(before, change vastapi.Rate, credit vastapi.Amount) Delta {
	after := before + change
	if math.Abs(float64(after)) < tiny {
		after = 0
	}
	return Delta{
		Before: before, After: after, Change: change, Credit: credit,
		RunwayBefore: SpanOf(credit, before),
		RunwayAfter:  SpanOf(credit, after),
	}
}

// PerDay is what the change comes to in 24 hours; below 0 it saves.
func (d Delta) PerDay() vastapi.Amount { return d.Change.Day() }

// PerMonth is what the change comes to in a month of 720 hours; below 0 it saves.
func (d Delta) PerMonth() vastapi.Amount { return d.Change.Month() }

// Starting is by how much the rate changes when i goes from where it is headed
// to running.
func Starting(i *vastapi.Instance) vastapi.Rate {
	return Running(i).Total() - Will(i)
}

// Stopping is by how much the rate that i is headed for changes when it is
// stopped: never above 0.
func Stopping(i *vastapi.Instance) vastapi.Rate {
	change := Stopped(i) - Will(i)
	if change > 0 {
		return 0 // billed below its disk: stopping makes nothing dearer
	}
	return change
}

// Destroying is by how much the rate that i is headed for changes when it is
// destroyed.
func Destroying(i *vastapi.Instance) vastapi.Rate { return -Will(i) }
