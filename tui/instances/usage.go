package instances

import (
	"fmt"
	"math"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// gauge is one figure of the samples.
type gauge struct {
	label string
	of    func(feed.Sample) float32
	unit  func(float64) string
	full  bool    // in percent: 0 is the bottom of the line and 100 its top
	warns float64 // from here on it is looked at twice; 0 = never
}

var gauges = []gauge{
	{"GPU load", func(s feed.Sample) float32 { return s.GPU }, figure.Percent, true, 0},
	{"GPU temp", func(s feed.Sample) float32 { return s.Temp }, func(v float64) string { return fmt.Sprintf("%.0f °C", v) }, false, 85},
	{"VRAM", func(s feed.Sample) float32 { return s.VRAM }, figure.Percent, true, 97},
	{"CPU load", func(s feed.Sample) float32 { return s.CPU }, figure.Percent, true, 0},
	{"RAM", func(s feed.Sample) float32 { return s.RAM }, figure.Percent, true, 95},
	{"disk used", func(s feed.Sample) float32 { return s.Disk }, figure.Percent, true, 90},
}

// What a line of usage is wide at most, and what at least where it stands beside its
// figures.
const (
	widestLine  = 60
	leastLine   = 12
	labelColumn = 14 // of the detail, with what is around it
)

// fewReadings are too few to say between what a figure moves.
const fewReadings = 3

// untold stands where no reading told a figure. A blank would be lost where lines are
// wrapped.
const untold = "·"

// usageFacts are how much of it is used: now, and once there are a few readings the
// least and the most, with a line of what the polls of this run have shown. Without
// readings it is what it is now.
func usageFacts(samples []feed.Sample, i *vastapi.Instance, w int) []pane.Fact {
	var used []use
	for _, g := range gauges {
		if u, told := g.read(samples); told {
			used = append(used, u)
		}
	}
	if len(used) == 0 {
		return usedNow(i)
	}
	room, widest := max(leastLine, w-labelColumn-4), 0
	for _, u := range used {
		widest = max(widest, fit.Width(u.text))
	}
	beside := room-widest-1 >= leastLine
	if beside {
		room -= widest + 1
	}
	holes := holesIn(samples)
	cells := min(widestLine, room, len(samples)+len(holes))
	var facts []pane.Fact
	for _, u := range used {
		switch line := u.line(cells, holes); {
		case len(samples) < fewReadings:
			facts = append(facts, u.fact(u.text))
		case beside:
			facts = append(facts, u.fact(line+" "+u.text))
		default:
			facts = append(facts, u.fact(u.text), pane.Fact{Value: line, Class: theme.Accent})
		}
	}
	if len(samples) < fewReadings {
		return facts
	}
	first, last := samples[0].At(), samples[len(samples)-1].At()
	return append(facts, pane.Fact{Value: fmt.Sprintf("%s in %s", figure.Plural(len(samples), "reading"), figure.Span(last.Sub(first))), Class: theme.Dim})
}

// use is what the readings tell of one figure.
type use struct {
	gauge
	values []float64
	text   string // what it is, and between what it has moved
	class  theme.Class
}

// read is what samples tell of a figure, if anything.
func (g gauge) read(samples []feed.Sample) (use, bool) {
	u := use{gauge: g, values: make([]float64, len(samples)), text: figure.Unknown + " now"}
	for n, s := range samples {
		u.values[n] = float64(g.of(s))
	}
	span := chart.SpanOf(u.values)
	if !vastapi.Known(span.Min) {
		return u, false
	}
	if vastapi.Known(span.Now) {
		u.text = g.unit(span.Now)
	}
	if len(samples) >= fewReadings {
		u.text += ", " + g.unit(span.Min) + " to " + g.unit(span.Max)
	}
	if g.warns > 0 && span.Now >= g.warns {
		u.class = theme.Warn
	}
	return u, true
}

func (u use) fact(value string) pane.Fact {
	return pane.Fact{Label: u.label, Value: value, Class: u.class}
}

// holesIn are the samples before which so much time went by that nothing is known of
// it.
func holesIn(samples []feed.Sample) (holes []int) {
	for n := 1; n < len(samples); n++ {
		if samples[n].At().Sub(samples[n-1].At()) > rental.MaxReadGap {
			holes = append(holes, n)
		}
	}
	return holes
}

// line is what the readings have shown, in so many cells. A hole in time is one in the
// line, of a cell at least.
func (u use) line(cells int, holes []int) string {
	o := chart.Options{}
	if u.full {
		o.Scale, o.Max = true, 100
	}
	values := u.values
	if total := len(values) + len(holes); len(holes) > 0 && cells > 0 {
		wide := 1
		if total > cells {
			wide = 2 * ((total + cells - 1) / cells) // a cell is the mean of what is known in it
		}
		values = make([]float64, 0, len(u.values)+wide*len(holes))
		from := 0
		for _, n := range holes {
			values = append(values, u.values[from:n]...)
			for range wide {
				values = append(values, math.NaN())
			}
			from = n
		}
		values = append(values, u.values[from:]...)
	}
	return strings.ReplaceAll(chart.Sparkline(values, cells, o), " ", untold)
}

// usedNow is how much of it is used as it was told last.
func usedNow(i *vastapi.Instance) []pane.Fact {
	value := figure.Percent(i.GPUUtil)
	if vastapi.Known(i.GPUTemp) {
		value += fmt.Sprintf(", %.0f °C", i.GPUTemp)
	}
	return []pane.Fact{{Label: "GPU load", Value: value}}
}
