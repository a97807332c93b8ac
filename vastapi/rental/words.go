package rental

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// maxQuoted is how long a name from outside may be where money is decided.
const maxQuoted = 40

// quoted is text from outside in a plan: printable ASCII between quotes, so
// that a reader sees where our words end.
func quoted(t safetext.Text) string { return safetext.Quote(t.String(), maxQuoted) }

// plainModel is what the marketplace's own names of GPUs look like.
var plainModel = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 .-]{0,23}$`) })

// model is a GPU's name for a title: plain when it looks like one.
func model(t safetext.Text) string {
	switch s := t.String(); {
	case plainModel().MatchString(s):
		return s
	case s == "":
		return "GPU"
	}
	return quoted(t)
}

// nameOf is the name part of an instance's label, quoted; "unnamed" without one.
func nameOf(i *vastapi.Instance) string {
	name, _ := SplitLabel(i.Label.String())
	return named(name)
}

func named(name string) string {
	if name == "" {
		return "unnamed"
	}
	return safetext.Quote(name, maxQuoted)
}

func gb(size vastapi.GB) string {
	if !vastapi.Known(size) {
		return "? GB"
	}
	return strconv.FormatFloat(float64(size), 'f', -1, 64) + " GB"
}

// used is a size that was measured, as the lists show it: whole, with one decimal
// below 10 GB unless that is zero.
func used(size vastapi.GB) string {
	v := float64(size)
	if r := math.Round(v*10) / 10; r < 10 && r != math.Trunc(r) {
		return strconv.FormatFloat(r, 'f', 1, 64) + " GB"
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + " GB"
}

// span is d in its two largest units, cut, so that no time is ever shown longer
// than it is: "2d 3h", "18h 23m", "12m", "45s".
func span(d time.Duration) string {
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0:
		return grouped(days) + "d" + rest(hours, "h")
	case hours > 0:
		return strconv.Itoa(hours) + "h" + rest(minutes, "m")
	case minutes > 0:
		return strconv.Itoa(minutes) + "m"
	}
	return strconv.Itoa(max(0, int(d/time.Second))) + "s"
}

func rest(n int, unit string) string {
	if n == 0 {
		return ""
	}
	return " " + strconv.Itoa(n) + unit
}

// grouped is n with commas between its thousands; n is not below 0.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// minutes is d in whole minutes, rounded up: "4 min".
func minutes(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Minute-1)/time.Minute))) + " min"
}

// counted is "1 instance", "3 instances".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence is s with a capital and a full stop; "" stays.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(strings.TrimRight(s, ".")) + "."
}

// capital is s with its first letter, which is ASCII, in upper case.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// percent is a fraction as a percentage with one decimal.
func percent(fraction float64) string {
	if !vastapi.Known(fraction) {
		return "not known"
	}
	switch p := fraction * 100; {
	case p < 100 && p >= 99.95:
		return "99.9%" // what is not quite 100 never looks as if it were
	case p > 0 && p < 0.05:
		return "<0.1%"
	default:
		return fmt.Sprintf("%.1f%%", p)
	}
}

// decimal is v with one decimal.
func decimal(v float64) string {
	if !vastapi.Known(v) {
		return "not known"
	}
	return fmt.Sprintf("%.1f", v)
}

// trimmed is v without needless decimals: "24", "1.5".
func trimmed(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
