package chart

import (
	"math"
	"strings"

	"vastdeck/tui/widget/fit"
)

// Look is what characters a line is made of.
type Look uint8

// The looks.
const (
	Blocks  Look = iota // ▁▂▃▄▅▆▇█, one value a cell
	Braille             // ⣀⣠⣴⣾, two values a cell
	ASCII               // _.-:=+*#, one value a cell, for terminals without the others
)

// Options say how a line is drawn. The zero Options are blocks between the least
// and the greatest of the values.
type Options struct {
	Look Look
	// Scale says that values lie between Min and Max, which then are the bottom and
	// the top of the line; values beyond them are drawn there. Without it the least
	// and the greatest of the values are.
	Scale    bool
	Min, Max float64
	// Low and High stand before and behind the line where there is room for them
	// and for a few cells of it, "" = nothing does.
	Low, High string
}

// leastCells is how much of the line must be left before labels are drawn.
const leastCells = 4

// Sparkline draws values, the oldest first, in exactly w cells. The newest stands at
// the right. More values than there is room for are drawn as the means of as many of
// them; with fewer the line begins with spaces. NaN and the infinite are gaps. It
// holds no colours.
func Sparkline(values []float64, w int, o Options) string {
	if w <= 0 {
		return ""
	}
	low, high := "", ""
	if o.Low != "" {
		low = o.Low + " "
	}
	if o.High != "" {
		high = " " + o.High
	}
	room := w - fit.Width(low) - fit.Width(high)
	if room < leastCells {
		low, high, room = "", "", w
	}
	return low + line(values, room, o) + high
}

// line is the line without labels, in exactly w cells.
func line(values []float64, w int, o Options) string {
	per := 1
	if o.Look == Braille {
		per = 2
	}
	slots := squeezed(values, w*per)
	bottom, top := o.Min, o.Max
	if !o.Scale {
		bottom, top = bounds(slots)
	}
	var b strings.Builder
	lead := w*per - len(slots)
	for cell := range w {
		at := cell*per - lead
		switch o.Look {
		case Braille:
			b.WriteRune(dots(level(slots, at, bottom, top, 4), level(slots, at+1, bottom, top, 4)))
		case ASCII:
			b.WriteByte(" _.-:=+*#"[level(slots, at, bottom, top, 8)])
		default:
			b.WriteRune([]rune(" ▁▂▃▄▅▆▇█")[level(slots, at, bottom, top, 8)])
		}
	}
	return b.String()
}

// squeezed is values in at most n: each is the mean of its share of them.
func squeezed(values []float64, n int) []float64 {
	if len(values) <= n {
		return values
	}
	out := make([]float64, n)
	for i := range out {
		from, to := i*len(values)/n, (i+1)*len(values)/n
		out[i] = mean(values[from:to])
	}
	return out
}

// mean of what is known among values, NaN when nothing is.
func mean(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if known(v) {
			sum += v
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// bounds are the least and the greatest of what is known, NaN when nothing is.
func bounds(values []float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, v := range values {
		if !known(v) {
			continue
		}
		if !(low <= v) {
			low = v
		}
		if !(high >= v) {
			high = v
		}
	}
	return low, high
}

// level is how high the value at stands: 1 to steps, 0 for a gap. A line without
// any height lies at its bottom.
func level(values []float64, at int, bottom, top float64, steps int) int {
	if at < 0 || at >= len(values) || !known(values[at]) {
		return 0
	}
	part := (values[at] - bottom) / (top - bottom)
	if !known(part) {
		return 1
	}
	return 1 + min(steps-1, int(min(1, max(0, part))*float64(steps)))
}

// dots is a cell of two columns, each filled up to its level of 0 to 4.
func dots(left, right int) rune {
	if left == 0 && right == 0 {
		return ' '
	}
	columns := [2][5]rune{{0, 0x40, 0x44, 0x46, 0x47}, {0, 0x80, 0xa0, 0xb0, 0xb8}}
	return 0x2800 | columns[0][left] | columns[1][right]
}

func known(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Span is what a series comes to: its newest known value, its least and its
// greatest; all NaN when none is known.
type Span struct{ Now, Min, Max float64 }

// SpanOf works out the Span of values, the oldest first. Now is the last of them, NaN
// when that is a gap.
func SpanOf(values []float64) Span {
	s := Span{Now: math.NaN()}
	s.Min, s.Max = bounds(values)
	if n := len(values); n > 0 && known(values[n-1]) {
		s.Now = values[n-1]
	}
	return s
}
