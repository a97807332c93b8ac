package chart

import (
	"math"
	"strings"

	"vastdeck/tui/widget/fit"
)

// Bar is one bar of Bars.
type Bar struct {
	Label string    // below the axis: "Nov 12"
	Parts []float64 // by kind, in the order of Bars.Kinds; what is missing or NaN is 0
	Unset bool      // nobody has told yet what it holds
}

// Total is the sum of the parts that are known.
func (b Bar) Total() float64 {
	sum := 0.0
	for _, v := range b.Parts {
		if known(v) {
			sum += v
		}
	}
	return sum
}

// Bars is a chart of stacked bars, e.g. one for each day. It is a value: drawing it
// changes nothing.
type Bars struct {
	Kinds  []string // what the parts of a bar are called, the lowest first
	Bars   []Bar    // from left to right; where there is no room for all, the last ones are shown
	Unit   func(v float64) string
	Tick   func(v float64) string // beside the axis; nil = Unit does
	Cursor int                    // the bar whose parts are told; −1 = none
	ASCII  bool                   // no other characters are drawn
	Empty  string                 // what is said where there is no bar; "" = "no data yet"
}

// Draw returns the chart in exactly h lines of w cells, joined by line breaks. Where
// there is no room for axes it is a sentence and a line without any.
func (b Bars) Draw(w, h int, p Paint) string {
	if w < 1 || h < 1 {
		return fit.Block(nil, max(0, w), h)
	}
	if len(b.Bars) == 0 {
		text := b.Empty
		if text == "" {
			text = "no data yet"
		}
		return fit.Block([]string{p.paint(Text, fit.Cut(text, w))}, w, h)
	}
	head, part := b.head(w)
	top := p.paint(part, fit.Line(head, w))
	if w < leastWidth || h < leastHeight {
		var totals []float64
		for _, one := range b.Bars {
			totals = append(totals, b.total(one))
		}
		o := Options{Scale: true, Max: maxOf(totals)}
		if b.ASCII {
			o.Look = ASCII
		}
		spark := p.paint(First, Sparkline(totals, w, o))
		if h == 1 {
			return spark
		}
		return fit.Block([]string{top, spark}, w, h)
	}
	return fit.Block(append([]string{top, b.legend(w, p)}, b.plot(w, h-4, p)...), w, h)
}

func (b Bars) total(one Bar) float64 {
	if one.Unset {
		return math.NaN()
	}
	return one.Total()
}

func maxOf(values []float64) float64 {
	_, high := bounds(values)
	if !known(high) || high <= 0 {
		return 1
	}
	return high
}

func (b Bars) unit(v float64) string {
	return Line{Unit: b.Unit}.unit(v)
}

// head tells the parts of the bar under the cursor, or the lowest, highest and last
// bar.
func (b Bars) head(w int) (string, Part) {
	if b.Cursor >= 0 && b.Cursor < len(b.Bars) {
		return b.under(w), Cursor
	}
	return b.Extremes(w), Text
}

// Extremes names the lowest, the highest and the last bar, in at most w cells where
// their figures alone take no more.
func (b Bars) Extremes(w int) string {
	low, high, last := -1, -1, -1
	for n, one := range b.Bars {
		if one.Unset {
			continue
		}
		if low < 0 || one.Total() < b.Bars[low].Total() {
			low = n
		}
		if high < 0 || one.Total() > b.Bars[high].Total() {
			high = n
		}
		last = n
	}
	if last < 0 {
		return "nothing has been told yet"
	}
	say := func(word string, n int, when bool) string {
		text := word + " " + b.unit(b.Bars[n].Total())
		if when {
			text += " " + b.Bars[n].Label
		}
		return text
	}
	for _, when := range []bool{true, false} {
		text := say("low", low, when) + " · " + say("high", high, when) + " · " + say("last", last, when)
		if fit.Width(text) <= w || !when {
			return text
		}
	}
	return ""
}

func (b Bars) under(w int) string {
	one := b.Bars[b.Cursor]
	if one.Unset {
		return one.Label + "  not read yet"
	}
	text := one.Label + "  " + b.unit(one.Total())
	long := text
	for n, kind := range b.Kinds {
		if n < len(one.Parts) && known(one.Parts[n]) {
			long += "  " + kind + " " + b.unit(one.Parts[n])
		}
	}
	if fit.Width(long) <= w {
		return long
	}
	return fit.Cut(strings.ReplaceAll(long, "  ", " "), w)
}

// fills tell kinds apart where there are no colours.
var (
	fills      = []rune("█▓▒░")
	plainFills = []rune("#=o.")
)

func (b Bars) fill(n int) rune {
	if b.ASCII {
		return plainFills[n%len(plainFills)]
	}
	return fills[n%len(fills)]
}

func (b Bars) legend(w int, p Paint) string {
	var out strings.Builder
	used := 0
	for n, kind := range b.Kinds {
		text := fit.Cut(strings.Repeat(string(b.fill(n)), 2)+" "+kind+"  ", w-used)
		used += fit.Width(text)
		out.WriteString(p.paint(First+Part(n), text))
	}
	return out.String() + fit.Spaces(w-used)
}

// layout says how wide bars are and which is the first that is shown.
func (b Bars) layout(w int) (each, gap, first int) {
	n := len(b.Bars)
	each = max(1, min(8, w/n))
	if each >= 3 {
		each, gap = each-1, 1
	}
	return each, gap, max(0, n-w/(each+gap))
}

// axis is the axis of values beside h lines of bars, and how many cells its labels take with it.
func (b Bars) axis(w, h int) (s scale, left int) {
	high := 0.0
	for _, one := range b.Bars {
		high = max(high, one.Total())
	}
	for n := max(2, h/3); n > 0; n-- { // fewer of them where two would be written alike
		s, left = scaleOf(0, high, n, true), 0
		written := map[string]bool{}
		for _, v := range s.ticks() {
			written[b.tick(v)] = true
			left = max(left, fit.Width(b.tick(v)))
		}
		if len(written) == len(s.ticks()) {
			break
		}
	}
	return s, min(left, w/3) + 1
}

func (b Bars) tick(v float64) string { return Line{Unit: b.Unit, Tick: b.Tick}.tick(v) }

// At is the bar that is drawn at cell x of a chart in h lines of w cells; ok is false where there is none, and where there
// is no room for axes.
func (b Bars) At(x, w, h int) (bar int, ok bool) {
	if w < leastWidth || h < leastHeight || len(b.Bars) == 0 {
		return 0, false
	}
	_, left := b.axis(w, h-4)
	each, gap, first := b.layout(w - left)
	if x < left || x >= w {
		return 0, false
	}
	bar = first + (x-left)/(each+gap)
	return bar, bar < len(b.Bars)
}

// plot draws h lines of bars with their axis, and two lines below.
func (b Bars) plot(w, h int, p Paint) []string {
	s, left := b.axis(w, h)
	tick := b.tick
	g, foot := newGrid(w-left, h), newGrid(w-left, 2)
	axis := axisLook(b.ASCII)
	for x := range foot.w {
		foot.set(x, 0, axis.along, Axis)
	}
	each, gap, first := b.layout(g.w)
	free := 0
	for n := first; n < len(b.Bars); n++ {
		x := (n - first) * (each + gap)
		b.bar(g, s, n, x, each)
		text := b.Bars[n].Label
		from := x + each/2 - fit.Width(text)/2
		from = max(0, min(from, g.w-fit.Width(text)))
		if from >= free && fit.Width(text) <= g.w {
			free = from + fit.Width(text) + 2
			foot.set(x+each/2, 0, axis.tickAlong, Axis)
			for i, r := range []rune(text) {
				foot.set(from+i, 1, r, Label)
			}
		}
	}
	if n := b.Cursor - first; b.Cursor >= first && b.Cursor < len(b.Bars) {
		sign := '▲'
		if b.ASCII {
			sign = '^'
		}
		foot.set(n*(each+gap)+each/2, 0, sign, Cursor)
	}
	f := frame{values: s, h: h}
	labels := map[int]string{}
	for _, v := range s.ticks() {
		labels[max(0, f.line(v))] = tick(v)
	}
	var lines []string
	for y := range h {
		lines = append(lines, beside(labels, y, left, axis, p)+g.line(y, p))
	}
	return append(lines, p.paint(Axis, fit.Spaces(left-1)+string(axis.corner))+foot.line(0, p), fit.Spaces(left)+foot.line(1, p))
}

// line is the line of a plot of bars in which a bar of that height ends; the lowest
// line for 0.
func (f frame) line(v float64) int {
	return min(f.h-1, f.h-int(math.Round(f.values.share(v)*float64(f.h))))
}

// bar draws bar n, each cells wide, from column x on.
func (b Bars) bar(g grid, s scale, n, x, each int) {
	part := func(p Part) Part {
		if n == b.Cursor {
			return Cursor
		}
		return p
	}
	column := func(y int, r rune, p Part) {
		for i := range each {
			g.set(x+i, y, r, part(p))
		}
	}
	one := b.Bars[n]
	if one.Unset {
		column(g.h-1, '?', Label)
		return
	}
	cells := func(v float64) float64 { return s.share(v) * float64(g.h) }
	sum, from := 0.0, 0
	for kind, v := range one.Parts {
		if !known(v) || v <= 0 {
			continue
		}
		sum += v
		to := int(math.Round(cells(sum)))
		for y := from; y < to; y++ {
			column(g.h-1-y, b.fill(kind), First+Part(kind))
		}
		from = max(from, to)
	}
	if from == 0 && sum > 0 { // what is there is seen
		r := '▁'
		if b.ASCII {
			r = '_'
		}
		column(g.h-1, r, First)
	}
	if n == b.Cursor && from == 0 && sum == 0 {
		r := '│'
		if b.ASCII {
			r = '|'
		}
		column(g.h-1, r, Cursor)
	}
}

// Move is the cursor moved by so many bars; without one it begins at the last bar.
func (b Bars) Move(by int) int {
	if len(b.Bars) == 0 {
		return -1
	}
	if b.Cursor < 0 || b.Cursor >= len(b.Bars) {
		return len(b.Bars) - 1
	}
	return max(0, min(len(b.Bars)-1, b.Cursor+by))
}
