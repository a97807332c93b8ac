package chart

import (
	"math"
	"time"
)

// RoundStep is the least distance of ticks that is 1, 2 or 5 times a power of ten, and
// of which at most n lie between low and high.
func RoundStep(low, high float64, n int) float64 {
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) || n < 1 {
		return 0
	}
	base := math.Pow(10, math.Floor(math.Log10(span/float64(n)))) // of a power below
	for ; ; base *= 10 {
		for _, times := range []float64{1, 2, 5} {
			if step := base * times; span/step <= float64(n) {
				return step
			}
		}
	}
}

// scale is the axis of the values: what its bottom and its top stand for, and how far
// apart its ticks are.
type scale struct{ low, high, step float64 }

// scaleOf is a scale with round ends around what lies between low and high, with
// about as many ticks as n. One value alone has room above and below.
func scaleOf(low, high float64, n int, zero bool) scale {
	if zero {
		low, high = min(low, 0), max(high, 0)
	}
	if !(high > low) {
		room := max(math.Abs(low)*0.1, 0.01)
		if low >= 0 {
			low = max(0, low-room)
		} else {
			low -= room
		}
		high += room
	}
	s := scale{step: RoundStep(low, high, max(1, n))}
	if s.step == 0 {
		return scale{low, high, high - low}
	}
	s.low, s.high = math.Floor(low/s.step+tiny)*s.step, math.Ceil(high/s.step-tiny)*s.step
	return s
}

// tiny is what dividing two floats leaves over.
const tiny = 1e-9

// ticks are the round values of the scale, the lowest first.
func (s scale) ticks() []float64 {
	if !(s.step > 0) {
		return nil
	}
	n := int(math.Round((s.high - s.low) / s.step))
	list := make([]float64, 0, min(n, 100)+1)
	for i := 0; i <= n && i <= 100; i++ {
		list = append(list, roundTo(s.low+float64(i)*s.step, s.step))
	}
	return list
}

// roundTo takes away what adding up floats has left.
func roundTo(v, step float64) float64 {
	if r := math.Round(v/step) * step; r != 0 {
		return r
	}
	return 0 // never -0
}

// share is how high v stands: 0 at the bottom, 1 at the top.
func (s scale) share(v float64) float64 {
	return min(1, max(0, (v-s.low)/(s.high-s.low)))
}

// steps of time between ticks, each a round one.
var timeSteps = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 5 * day, 7 * day, 14 * day, 30 * day, 60 * day, 90 * day, 180 * day, 365 * day,
}

const day = 24 * time.Hour

// timeStep is the least round distance of ticks of which at most n lie in span.
func timeStep(span time.Duration, n int) time.Duration {
	n = max(1, n)
	for _, s := range timeSteps {
		if span/s <= time.Duration(n) {
			return s
		}
	}
	last := timeSteps[len(timeSteps)-1]
	return last * (span/last/time.Duration(n) + 1)
}

// timeLayout is how a tick is written: with the day where a step is a day or more.
func timeLayout(step time.Duration) string {
	switch {
	case step >= 180*day:
		return "Jan 2006"
	case step >= day:
		return "Jan 2"
	case step < time.Minute:
		return "15:04:05"
	}
	return "15:04"
}

// timeTicks are the round moments between from and to in a zone.
func timeTicks(from, to time.Time, step time.Duration, zone *time.Location) []time.Time {
	from = from.In(zone)
	at := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone)
	if step < day {
		at = at.Add(from.Sub(at).Truncate(step))
	}
	var list []time.Time
	for n := 0; !at.After(to) && n < 1000; n++ {
		if !at.Before(from) {
			list = append(list, at)
		}
		if step < day {
			at = at.Add(step)
		} else {
			at = at.AddDate(0, 0, int(step/day)) // a day with a change of clocks is one as well
		}
	}
	return list
}
