package figure

import (
	"math"
	"strconv"
)

// Unknown stands for a figure that nobody has told.
const Unknown = "—"

// Text is s, or a dash when there is nothing.
func Text(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// Count returns n with a comma between thousands: "10,000".
func Count(n int) string { return grouped(strconv.Itoa(n)) }

// Plural returns n of something: "1 bid", "10,000 bids".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// Rate returns dollars an hour: "$0.412/h", with three decimals below ten dollars and two from there on.
func Rate(perHour float64) string {
	if !known(perHour) {
		return Unknown
	}
	decimals := 3
	// Rounding may lift 9.9996 to ten, which has two decimals.
	if math.Round(math.Abs(perHour)*1000) >= 10_000 {
		decimals = 2
	}
	return dollars(perHour, decimals) + "/h"
}

// ExactRate returns dollars an hour with as many digits as what is worked out from them
// needs to come out right: "$0.087200/h".
func ExactRate(perHour float64) string {
	if !known(perHour) {
		return Unknown
	}
	return dollars(perHour, 6) + "/h"
}

// Amount returns dollars to the cent: "$41.20", "-$1,234.50".
func Amount(usd float64) string {
	if !known(usd) {
		return Unknown
	}
	return dollars(usd, 2)
}

// Accrued is an amount that grew over time, with a sign before it when a part of it is
// estimated: "~$12.30".
func Accrued(usd float64, estimated bool) string {
	if estimated && known(usd) {
		return "~" + Amount(usd)
	}
	return Amount(usd)
}

// Percent returns a figure that is already in percent: Percent(99.1) is "99.1%". What is not quite
// 100 or not quite 0 never looks as if it were.
func Percent(p float64) string {
	switch {
	case !known(p):
		return Unknown
	case p < 100 && p >= 99.95:
		return "99.9%"
	case p > 0 && p < 0.05:
		return "<0.1%"
	}
	return fixed(p, 1) + "%"
}

// Share returns a fraction in percent: Share(0.991) is "99.1%".
func Share(f float64) string { return Percent(f * 100) }

// GB returns gigabytes: "24 GB", with a decimal below ten when there is one, and terabytes from
// 10,000 GB on.
func GB(gb float64) string {
	switch {
	case !known(gb):
		return Unknown
	case math.Abs(gb) >= 9_999.5:
		return short(gb/1000) + " TB"
	}
	return short(gb) + " GB"
}

// MiB returns mebibytes, the unit of memory on the wire, in whole units of 1,024: MiB(24564) is "24 GB".
// Below 1,000 it stays with "MB".
func MiB(mib float64) string {
	switch {
	case !known(mib):
		return Unknown
	case math.Abs(mib) < 999.5:
		return fixed(mib, 0) + " MB"
	}
	return fixed(mib/1024, 0) + " GB"
}

// Mbps returns megabits a second: "812 Mbps", from 1,000 on "1.2 Gbps".
func Mbps(v float64) string {
	switch {
	case !known(v):
		return Unknown
	case math.Abs(v) >= 999.5:
		return short(v/1000) + " Gbps"
	}
	return short(v) + " Mbps"
}

// Decimal returns v with the given number of decimals and commas between thousands.
func Decimal(v float64, decimals int) string {
	if !known(v) {
		return Unknown
	}
	return fixed(v, decimals)
}

func known(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// short writes one decimal below ten unless it is zero, and none above.
func short(v float64) string {
	if r := math.Round(v*10) / 10; math.Abs(r) < 10 && r != math.Trunc(r) {
		return fixed(v, 1)
	}
	return fixed(v, 0)
}

func dollars(v float64, decimals int) string {
	s := fixed(v, decimals)
	if s[0] == '-' {
		return "-$" + s[1:]
	}
	return "$" + s
}

// fixed is grouped and never "-0".
func fixed(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if s[0] == '-' && zero(s) {
		s = s[1:]
	}
	return grouped(s)
}

func zero(s string) bool {
	for i := range len(s) {
		if s[i] >= '1' && s[i] <= '9' {
			return false
		}
	}
	return true
}

// grouped puts a comma between the thousands of a decimal number.
func grouped(s string) string {
	first, end := 0, len(s)
	if s[0] == '-' {
		first = 1
	}
	for i := range len(s) {
		if s[i] == '.' {
			end = i
			break
		}
	}
	if end-first <= 3 {
		return s
	}
	out := make([]byte, 0, len(s)+(end-first)/3)
	for i := range len(s) {
		if i > first && i < end && (end-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, s[i])
	}
	return string(out)
}
