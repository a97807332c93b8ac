package figure

import (
	"math"
	"strconv"
	"time"
)

// Age returns how old something is in steps that seldom change, so that a screen on which nothing
// happens stays as it is: "now", "5 s", "10 s", "30 s", "1 min", "2 min" … "1 h" … "1 d".
// A negative age, from a clock that runs ahead, is "now".
func Age(d time.Duration) string {
	switch {
	case d < 5*time.Second:
		return "now"
	case d < 10*time.Second:
		return "5 s"
	case d < 30*time.Second:
		return "10 s"
	case d < time.Minute:
		return "30 s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	}
	return Count(int(d/(24*time.Hour))) + " d"
}

// Span returns a length of time in its two largest units: "2d 3h", "3h 12m", "12m", "45s".
// A negative length is Unknown.
func Span(d time.Duration) string {
	if d < 0 {
		return Unknown
	}
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0:
		return pair(days, "d", hours, "h")
	case hours > 0:
		return pair(hours, "h", minutes, "m")
	case minutes > 0:
		return strconv.Itoa(minutes) + "m"
	}
	return strconv.Itoa(int(d/time.Second)) + "s"
}

// Hours is Span for a number of hours; NaN, infinite, negative and what no Duration can hold
// are Unknown.
func Hours(h float64) string {
	if !known(h) || h < 0 || h > math.MaxInt64/float64(time.Hour)/2 {
		return Unknown
	}
	return Span(time.Duration(h * float64(time.Hour)))
}

func pair(a int, unitA string, b int, unitB string) string {
	s := Count(a) + unitA
	if b > 0 {
		s += " " + strconv.Itoa(b) + unitB
	}
	return s
}
