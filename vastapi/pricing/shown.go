package pricing

import (
	"math"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// Unpriced is what is shown for a price that is not known.
const Unpriced = "unknown"

// Shown is r as people see it: "$0.412/h", three decimals below $10 and two
// from there on. Prices that are shown alike count as the same.
func Shown(r vastapi.Rate) string {
	if !finite(float64(r)) {
		return Unpriced
	}
	return dollars(float64(r), rateDecimals(r)) + "/h"
}

func rateDecimals(r vastapi.Rate) int {
	if math.Abs(float64(r)) < 9.9995 { // 9.9995 is shown as 10.00
		return 3
	}
	return 2
}

// Money is a as people see it: "$41.20", "-$3.00", "$1,058.40".
func Money(a vastapi.Amount) string {
	if !finite(float64(a)) {
		return Unpriced
	}
	return dollars(float64(a), 2)
}

// Enough is a least price that is still enough as it is Shown: rounded up to a shown
// digit, so that whoever types what a sentence says is not refused.
func Enough(r vastapi.Rate) vastapi.Rate {
	if !(r > 0) {
		return r // not known, or nothing: what is rounded up to 0 would be -0
	}
	steps := 1000.0
	if rateDecimals(r) == 2 {
		steps = 100
	}
	return vastapi.Rate(math.Ceil(float64(r)*steps-1e-6) / steps)
}

// ShownEnough is Enough as it is Shown: what a price to hold is called by wherever
// somebody may bid what it says.
func ShownEnough(r vastapi.Rate) string { return Shown(Enough(r)) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func dollars(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	for n := len(whole) - 3; n > 0; n -= 3 {
		whole = whole[:n] + "," + whole[n:]
	}
	sign := ""
	if v < 0 && strings.Trim(s, "0.") != "" {
		sign = "-"
	}
	return sign + "$" + whole + "." + fraction
}
