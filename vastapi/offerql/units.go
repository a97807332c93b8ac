package offerql

import (
	"math"
	"strconv"
)

// dimension is what a number measures, and so which units it may carry.
type dimension uint8

const (
	plain      dimension = iota
	memory               // typed in GB, on the wire in MB
	cardMemory           // memory that is sold by a round figure: 24 GB are 24,000 to 24,576 MB
	size                 // disk, GB
	days                 // typed in days, on the wire in seconds
	speed                // Mbit/s
	money                // USD
	fraction             // 0 to 1, or percent
	hours                // a length of time, typed in hours
)

// multiplier is the factor of the official client from what is typed to what is sent.
func (d dimension) multiplier() float64 {
	switch d {
	case memory, cardMemory:
		return 1000
	case days:
		return 86400
	}
	return 1
}

// unit is one suffix of a number.
type unit struct {
	dim    dimension
	suffix string  // lower case
	factor float64 // to the unit a bare number has
	exact  bool    // names an exact number of MB of memory: factor goes to MB
}

var units = []unit{
	{memory, "gb", 1, false}, {memory, "g", 1, false}, {memory, "tb", 1000, false}, {memory, "t", 1000, false},
	{memory, "mb", 1, true}, {memory, "m", 1, true}, {memory, "mib", 1, true},
	{memory, "gib", 1024, true}, {memory, "tib", 1024 * 1024, true},
	{size, "gb", 1, false}, {size, "g", 1, false}, {size, "tb", 1000, false}, {size, "t", 1000, false},
	{size, "mb", 0.001, false}, {size, "gib", 1.073741824, false}, {size, "tib", 1099.511627776, false},
	{days, "d", 1, false}, {days, "day", 1, false}, {days, "days", 1, false},
	{days, "h", 1. / 24, false}, {days, "hours", 1. / 24, false}, {days, "min", 1. / 1440, false},
	{days, "w", 7, false}, {days, "week", 7, false}, {days, "weeks", 7, false},
	{days, "hour", 1. / 24, false}, {days, "month", 30, false}, {days, "months", 30, false}, {days, "year", 365, false}, {days, "mo", 30, false}, {days, "y", 365, false},
	{speed, "mbps", 1, false}, {speed, "mbit", 1, false}, {speed, "mbit/s", 1, false},
	{speed, "gbps", 1000, false}, {speed, "gbit", 1000, false}, {speed, "gbit/s", 1000, false},
	{money, "$", 1, false}, {money, "$/h", 1, false}, {money, "/h", 1, false},
	{fraction, "%", 0.01, false},
	{hours, "h", 1, false}, {hours, "hour", 1, false}, {hours, "hours", 1, false}, {hours, "min", 1. / 60, false},
	{hours, "d", 24, false}, {hours, "day", 24, false}, {hours, "days", 24, false}, {hours, "w", 168, false}, {hours, "week", 168, false}, {hours, "weeks", 168, false},
}

// unitsOf are the units by dimension: one is looked for at every number.
var unitsOf = func() (by [hours + 1][]unit) {
	for _, u := range units {
		by[u.dim] = append(by[u.dim], u)
	}
	return by
}()

// findUnit finds what suffix means after a number of f.
func findUnit(f *Field, suffix string) (unit, bool) {
	if suffix == "" {
		return unit{factor: 1}, true
	}
	d := f.dim
	if d == cardMemory {
		d = memory
	}
	for _, u := range unitsOf[d] {
		if len(u.suffix) == len(suffix) && equalFold(u.suffix, suffix) {
			// Prices per GB are no prices per hour.
			if d == money && u.suffix != "$" && f.Unit != "$/h" {
				continue
			}
			return u, true
		}
	}
	if d == plain && f.Unit != "" && len(f.Unit) == len(suffix) && equalFold(f.Unit, suffix) {
		return unit{factor: 1}, true
	}
	return unit{}, false
}

// cutNumber splits s behind the decimal number it begins with; ok is false when
// it begins with none. Hexadecimal numbers, infinities and underscores are none.
func cutNumber(s string) (num, rest string, ok bool) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	first := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	digits := i - first
	// "24..48" is a range, not "24." and ".48".
	if i < len(s) && s[i] == '.' && !(i+1 < len(s) && s[i+1] == '.') {
		i++
		for i < len(s) && isDigit(s[i]) {
			i++
			digits++
		}
	}
	if digits == 0 {
		return "", s, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		if j < len(s) && isDigit(s[j]) {
			for j < len(s) && isDigit(s[j]) {
				j++
			}
			i = j
		}
	}
	return s[:i], s[i:], true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// readNumber reads a finite decimal number.
func readNumber(s string) (float64, bool) {
	// Short whole numbers are most of what is typed.
	if len(s) <= 9 {
		n := 0
		for i := 0; ; i++ {
			if i == len(s) {
				return float64(n), i > 0
			}
			if !isDigit(s[i]) {
				break
			}
			n = n*10 + int(s[i]-'0')
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// printNumber is the shortest text that reads back as v.
func printNumber(v float64) string {
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// tidy removes the noise that a unit's factor leaves: 7 h are 25200 s, not 25199.999999999996.
func tidy(v float64) float64 {
	if r := math.Round(v); math.Abs(v-r) < 1e-6 && r != 0 {
		return r
	}
	return v
}
