package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/widget/fit"
)

// Point is a value at a moment. NaN and the infinite are gaps.
type Point struct {
	At    time.Time
	Value float64
}

// Series is values over time, the oldest first.
type Series struct {
	Name   string // what it is called where there are several; "" = nothing
	Points []Point
}

// Line is a chart of values over time. It is a value: drawing it changes nothing.
type Line struct {
	Series []Series
	// Low and High are the edges of a band that is shaded behind the series; both or none.
	Low, High []Point
	// From and To are where the axis of time begins and ends; zero = with the points.
	From, To time.Time
	// Unit writes a value: "$0.412". nil = a plain number.
	Unit func(v float64) string
	// Tick writes a value beside the axis; nil = Unit does.
	Tick func(v float64) string
	// Stepped holds a value until the next one; without it points are joined.
	Stepped bool
	Zero    bool           // the axis of values has 0 on it
	ASCII   bool           // no other characters are drawn
	Zone    *time.Location // of what is shown; nil = UTC
	// Cursor is the moment whose values are told; zero = none.
	Cursor time.Time
	Empty  string // what is said where there is no value; "" = "no data yet"
}

// least sizes: below them there is no room for axes.
const (
	leastWidth  = 24
	leastHeight = 6
)

// Draw returns the chart in exactly h lines of w cells, joined by line breaks. Where
// there is no room for axes it is a sentence and a line without any.
func (l Line) Draw(w, h int, p Paint) string {
	if w < 1 || h < 1 {
		return fit.Block(nil, max(0, w), h)
	}
	if !l.any() {
		return fit.Block([]string{p.paint(Text, fit.Cut(l.empty(), w))}, w, h)
	}
	if w < leastWidth || h < leastHeight {
		return l.small(w, h, p)
	}
	f := l.frame(w, h)
	lines := []string{p.paint(l.headPart(), fit.Line(l.head(w), w))}
	if legend := l.legend(w, p); legend != "" {
		lines = append(lines, legend)
	}
	g := l.plot(f)
	return fit.Block(append(lines, l.framed(f, g, p)...), w, h)
}

func (l Line) empty() string {
	if l.Empty != "" {
		return l.Empty
	}
	return "no data yet"
}

func (l Line) headPart() Part {
	if l.Cursor.IsZero() {
		return Text
	}
	return Cursor
}

// frame is where the parts of a chart of one size stand.
type frame struct {
	values   scale
	from, to time.Time
	left     int // cells of the labels of the values, with the axis
	w, h     int // of the plot
}

// lines above and below the plot.
func (l Line) frame(w, h int) frame {
	over := 1
	if l.named() {
		over = 2
	}
	f := frame{h: h - over - 2}
	f.from, f.to = l.bounds()
	low, high := l.values(f.from, f.to)
	f.values = scaleOf(low, high, max(2, f.h/3), l.Zero)
	for _, v := range f.values.ticks() {
		f.left = max(f.left, fit.Width(l.tick(v)))
	}
	f.left = min(f.left, w/3) + 1
	f.w = w - f.left
	return f
}

// named reports whether a line is needed that tells several series apart.
func (l Line) named() bool { return len(l.Series) > 1 || len(l.Low) > 0 }

func (l Line) unit(v float64) string {
	if !known(v) {
		return "—"
	}
	if l.Unit == nil {
		return fmt.Sprintf("%.4g", v)
	}
	return l.Unit(v)
}

func (l Line) tick(v float64) string {
	if l.Tick != nil {
		return l.Tick(v)
	}
	return l.unit(v)
}

func (l Line) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// any reports whether there is a value to draw.
func (l Line) any() bool {
	from, to := l.bounds()
	low, _ := l.values(from, to)
	return known(low) && !to.Before(from)
}

// bounds are where the axis of time begins and ends. One moment alone has an hour
// around it.
func (l Line) bounds() (from, to time.Time) {
	for _, points := range l.all() {
		for _, p := range points {
			if !known(p.Value) {
				continue
			}
			if from.IsZero() || p.At.Before(from) {
				from = p.At
			}
			if to.IsZero() || p.At.After(to) {
				to = p.At
			}
		}
	}
	if !l.From.IsZero() {
		from = l.From
	}
	if !l.To.IsZero() {
		to = l.To
	}
	if from.Equal(to) {
		from, to = from.Add(-30*time.Minute), to.Add(30*time.Minute)
	}
	return from, to
}

// all are the points of the series and the edges of the band.
func (l Line) all() [][]Point {
	var list [][]Point
	for _, s := range l.Series {
		list = append(list, s.Points)
	}
	if len(l.Low) > 0 && len(l.High) > 0 {
		list = append(list, l.Low, l.High)
	}
	return list
}

// values are the least and the greatest value between two moments; of a stepped
// line also what holds when the first of them comes.
func (l Line) values(from, to time.Time) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	take := func(v float64) {
		if !known(v) {
			return
		}
		if !(low <= v) {
			low = v
		}
		if !(high >= v) {
			high = v
		}
	}
	for _, points := range l.all() {
		before := math.NaN()
		for _, p := range points {
			switch {
			case p.At.Before(from):
				before = p.Value
			case !p.At.After(to):
				take(p.Value)
			}
		}
		if l.Stepped {
			take(before)
		}
	}
	return low, high
}

// head is what is said above the plot: the values under the cursor, or the lowest,
// the highest and the last one with their signs in the plot.
func (l Line) head(w int) string {
	if !l.Cursor.IsZero() {
		return l.under()
	}
	lows, highs, last, ok := l.extremes()
	if !ok {
		return ""
	}
	m := l.marks()
	at := func(p Point) string { return l.moment(p.At) }
	long := fmt.Sprintf("%c low %s %s · %c high %s %s · %c last %s %s", m.low, l.unit(lows.Value), at(lows), m.high, l.unit(highs.Value), at(highs), m.last, l.unit(last.Value), at(last))
	if fit.Width(long) <= w {
		return long
	}
	return fmt.Sprintf("%c low %s · %c high %s · %c last %s", m.low, l.unit(lows.Value), m.high, l.unit(highs.Value), m.last, l.unit(last.Value))
}

type markers struct{ low, high, last rune }

func (l Line) marks() markers {
	if l.ASCII {
		return markers{'v', '^', '@'}
	}
	return markers{'▼', '▲', '●'}
}

// moment is a time as the length of the chart needs it.
func (l Line) moment(at time.Time) string {
	from, to := l.bounds()
	switch span := to.Sub(from); {
	case span > 300*day:
		return at.In(l.zone()).Format("Jan 2 2006")
	case span > 3*day:
		return at.In(l.zone()).Format("Jan 2")
	case span > 20*time.Hour:
		return at.In(l.zone()).Format("Jan 2 15:04")
	}
	return at.In(l.zone()).Format("15:04")
}

// under are the values under the cursor, of each series.
func (l Line) under() string {
	parts := []string{l.Cursor.In(l.zone()).Format("Jan 2 15:04")}
	for _, s := range l.Series {
		text := l.unit(l.valueAt(s.Points, l.Cursor))
		if s.Name != "" && len(l.Series) > 1 {
			text = s.Name + " " + text
		}
		parts = append(parts, text)
	}
	if len(l.Low) > 0 && len(l.High) > 0 {
		parts = append(parts, fmt.Sprintf("from %s to %s", l.unit(l.valueAt(l.Low, l.Cursor)), l.unit(l.valueAt(l.High, l.Cursor))))
	}
	return strings.Join(parts, "  ")
}

// extremes are the lowest, the highest and the last known point of the first series
// that has any.
func (l Line) extremes() (low, high, last Point, ok bool) {
	from, to := l.bounds()
	for _, s := range l.Series {
		for _, p := range s.Points {
			if !known(p.Value) || p.At.Before(from) || p.At.After(to) {
				continue
			}
			if !ok || p.Value < low.Value {
				low = p
			}
			if !ok || p.Value > high.Value {
				high = p
			}
			last, ok = p, true
		}
		if ok {
			return low, high, last, true
		}
	}
	return low, high, last, false
}

// signs tell the series apart where there are no colours.
var signs = []rune("*ox+#%")

// legend names the series and the band.
func (l Line) legend(w int, p Paint) string {
	if !l.named() {
		return ""
	}
	var b strings.Builder
	used := 0
	add := func(part Part, text string) {
		if used+fit.Width(text) > w {
			text = fit.Cut(text, w-used)
		}
		used += fit.Width(text)
		b.WriteString(p.paint(part, text))
	}
	for n, s := range l.Series {
		sign := "━━"
		if l.ASCII {
			sign = strings.Repeat(string(signs[n%len(signs)]), 2)
		}
		add(First+Part(n), sign+" "+s.Name+"  ")
	}
	if len(l.Low) > 0 && len(l.High) > 0 {
		add(Shade, strings.Repeat(string(l.shade()), 2)+" lowest to highest")
	}
	return b.String() + fit.Spaces(w-used)
}

func (l Line) shade() rune {
	if l.ASCII {
		return ':'
	}
	return '░'
}

// valueAt is what a series is at a moment: between two points it is the one before
// of a stepped line, else what lies between them. Outside it is not known, but after
// the last point of a stepped line the last value holds.
func (l Line) valueAt(points []Point, at time.Time) float64 {
	n, hit := slices.BinarySearchFunc(points, at, func(p Point, at time.Time) int { return p.At.Compare(at) })
	switch {
	case hit:
		return points[n].Value
	case n == 0:
		return math.NaN()
	case l.Stepped:
		return points[n-1].Value
	case n == len(points):
		return math.NaN()
	}
	a, b := points[n-1], points[n]
	part := float64(at.Sub(a.At)) / float64(b.At.Sub(a.At))
	return a.Value + (b.Value-a.Value)*part
}

// Move is the cursor of a chart of w × h cells moved by so many columns to the right. Without a
// cursor it begins at the right end.
func (l Line) Move(cursor time.Time, by, w, h int) time.Time {
	if !l.any() {
		return time.Time{}
	}
	f := l.frame(max(w, leastWidth), max(h, leastHeight))
	if cursor.IsZero() {
		return f.moment(f.w - 1)
	}
	return f.moment(max(0, min(f.w-1, f.column(cursor)+by)))
}

// At is the moment that is drawn at cell x of a chart in h lines of w cells; ok is false outside the plot, and where there
// is no room for axes.
func (l Line) At(x, w, h int) (at time.Time, ok bool) {
	if w < leastWidth || h < leastHeight || !l.any() {
		return at, false
	}
	f := l.frame(w, h)
	if x < f.left || x >= w {
		return at, false
	}
	return f.moment(x - f.left), true
}

// moment is the middle of a column.
func (f frame) moment(x int) time.Time {
	if f.w < 2 {
		return f.to
	}
	return f.from.Add(time.Duration(float64(f.to.Sub(f.from)) * float64(x) / float64(f.w-1)))
}

// column is the column that a moment falls into.
func (f frame) column(at time.Time) int {
	return int(math.Round(float64(at.Sub(f.from)) / float64(f.to.Sub(f.from)) * float64(f.w-1)))
}

// row is the line of the plot that a value stands in, 0 at the top.
func (f frame) row(v float64) int {
	return f.h - 1 - int(math.Round(f.values.share(v)*float64(f.h-1)))
}

// small is the chart without axes: what is said above it, and a line.
func (l Line) small(w, h int, p Paint) string {
	var line []float64
	from, to := l.bounds()
	f := frame{from: from, to: to, w: w}
	if len(l.Series) > 0 {
		for x := range w {
			line = append(line, l.valueAt(l.Series[0].Points, f.moment(x)))
		}
	}
	o := Options{}
	if l.ASCII {
		o.Look = ASCII
	}
	spark := p.paint(First, Sparkline(line, w, o))
	if h == 1 {
		return spark
	}
	return fit.Block([]string{p.paint(l.headPart(), fit.Line(l.head(w), w)), spark}, w, h)
}
