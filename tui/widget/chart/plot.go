package chart

import (
	"math"

	"vastdeck/tui/widget/fit"
)

// plot draws the band, the series, the marks and the cursor, one upon the other.
func (l Line) plot(f frame) grid {
	g := newGrid(f.w, f.h)
	l.band(f, g)
	for n := len(l.Series) - 1; n >= 0; n-- { // the first one is on top
		l.series(f, g, n)
	}
	l.mark(f, g)
	l.cursor(f, g)
	return g
}

// band shades what lies between the edges.
func (l Line) band(f frame, g grid) {
	if len(l.Low) == 0 || len(l.High) == 0 {
		return
	}
	for x := range f.w {
		at := f.moment(x)
		low, high := l.valueAt(l.Low, at), l.valueAt(l.High, at)
		if !known(low) || !known(high) {
			continue
		}
		for y := f.row(max(low, high)); y <= f.row(min(low, high)); y++ {
			g.set(x, y, l.shade(), Shade)
		}
	}
}

// series draws one line. With dots there are two columns and four rows of them in a
// cell; without, one sign in each column it passes.
func (l Line) series(f frame, g grid, n int) {
	part := First + Part(n)
	across, down := 2, 4
	if l.ASCII {
		across, down = 1, 1
	}
	last := -1
	columns := f.w * across
	fine := frame{values: f.values, from: f.from, to: f.to, w: columns, h: f.h * down}
	held := l.columns(fine, l.Series[n].Points)
	for x, c := range held {
		if !known(c.low) {
			last = -1
			continue
		}
		top, bottom := fine.row(c.high), fine.row(c.low)
		first := fine.row(c.first)
		if last >= 0 { // joined with the column before
			top, bottom = min(top, max(last, first)), max(bottom, min(last, first))
			if last < top {
				top = last
			}
			if last > bottom {
				bottom = last
			}
		}
		for y := top; y <= bottom; y++ {
			l.dot(g, x/across, y/down, x%across, y%down, n, part)
		}
		last = fine.row(c.last)
	}
}

// held is what a series is within one column.
type held struct{ first, last, low, high float64 }

// columns sums a series up by column: nothing between two points is left out, and
// nothing is drawn where it is not known.
func (l Line) columns(f frame, points []Point) []held {
	out := make([]held, f.w)
	for x := range out {
		v := l.valueAt(points, f.moment(x))
		out[x] = held{v, v, v, v}
	}
	for _, p := range points {
		if !known(p.Value) || p.At.Before(f.from) || p.At.After(f.to) {
			continue
		}
		x := max(0, min(f.w-1, f.column(p.At)))
		c := &out[x]
		if !known(c.low) {
			*c = held{p.Value, p.Value, p.Value, p.Value}
			continue
		}
		c.low, c.high = math.Min(c.low, p.Value), math.Max(c.high, p.Value)
	}
	return out
}

// dotBits are the bits of a cell of braille, by column and row.
var dotBits = [2][4]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// dot draws one dot of a cell; what stands there already is kept where both are dots.
func (l Line) dot(g grid, x, y, dx, dy, n int, part Part) {
	c := g.at(x, y)
	if c == nil {
		return
	}
	if l.ASCII {
		*c = cell{signs[n%len(signs)], part}
		return
	}
	bits := dotBits[dx][dy]
	if c.r >= 0x2800 && c.r < 0x2900 {
		bits |= c.r - 0x2800
	}
	*c = cell{0x2800 | bits, part}
}

// mark shows where the lowest, the highest and the last value are.
func (l Line) mark(f frame, g grid) {
	low, high, last, ok := l.extremes()
	if !ok {
		return
	}
	m := l.marks()
	g.set(f.column(low.At), f.row(low.Value), m.low, Mark)
	g.set(f.column(high.At), f.row(high.Value), m.high, Mark)
	g.set(f.column(last.At), f.row(last.Value), m.last, Mark)
}

// cursor draws the column whose values are told.
func (l Line) cursor(f frame, g grid) {
	if l.Cursor.IsZero() {
		return
	}
	x := f.column(l.Cursor)
	r := '│'
	if l.ASCII {
		r = '|'
	}
	for y := range f.h {
		if c := g.at(x, y); c != nil {
			if c.r == ' ' || c.part == Shade {
				c.r = r
			}
			c.part = Cursor
		}
	}
}

// framed puts the axes around a plot.
func (l Line) framed(f frame, g grid, p Paint) []string {
	axis := axisLook(l.ASCII)
	labels := map[int]string{}
	for _, v := range f.values.ticks() {
		labels[f.row(v)] = l.tick(v)
	}
	var lines []string
	for y := range f.h {
		lines = append(lines, beside(labels, y, f.left, axis, p)+g.line(y, p))
	}
	foot := newGrid(f.w, 2)
	for x := range f.w {
		foot.set(x, 0, axis.along, Axis)
	}
	l.times(f, foot, axis)
	corner := p.paint(Axis, fit.Spaces(f.left-1)+string(axis.corner))
	return append(lines, corner+foot.line(0, p), fit.Spaces(f.left)+foot.line(1, p))
}

// look is what axes are drawn with.
type look struct{ along, up, corner, tickUp, tickAlong rune }

func axisLook(ascii bool) look {
	if ascii {
		return look{'-', '|', '+', '+', '+'}
	}
	return look{'─', '│', '└', '┤', '┴'}
}

// beside is what stands at the left of a line of the plot.
func beside(labels map[int]string, y, left int, axis look, p Paint) string {
	text, tick := labels[y]
	sign := axis.up
	if tick {
		sign = axis.tickUp
	}
	return p.paint(Label, fit.Right(text, left-1)) + p.paint(Axis, string(sign))
}

// times draws ticks and their labels, as many as do not touch.
func (l Line) times(f frame, foot grid, axis look) {
	span := f.to.Sub(f.from)
	step := timeStep(span, max(1, f.w/10))
	free := 0
	for _, at := range timeTicks(f.from, f.to, step, l.zone()) {
		x := f.column(at)
		text := at.Format(timeLayout(step))
		if step < day && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
			text = at.Format("Jan 2") // where a day begins
		}
		from := max(0, min(x-len(text)/2, f.w-len(text)))
		if from < free || from+len(text) > f.w {
			continue
		}
		free = from + len(text) + 1
		foot.set(x, 0, axis.tickAlong, Axis)
		for n, r := range text {
			foot.set(from+n, 1, r, Label)
		}
	}
}
