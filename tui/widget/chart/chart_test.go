package chart

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/widget/fit"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func dollars(v float64) string { return fmt.Sprintf("$%.3f", v) }

// wave is a price that goes up and down, with a gap in it.
func wave(n int, every time.Duration) []Point {
	var out []Point
	for i := range n {
		v := 0.4 + 0.1*math.Sin(float64(i)/7)
		if i > n/2 && i < n/2+n/10 {
			v = math.NaN()
		}
		out = append(out, Point{noon.Add(time.Duration(i) * every), v})
	}
	return out
}

func week() Line {
	return Line{Series: []Series{{Name: "this", Points: wave(168, time.Hour)}}, Unit: dollars, Stepped: true}
}

func days(n int) Bars {
	b := Bars{Kinds: []string{"gpu", "disk", "up", "down"}, Unit: func(v float64) string { return fmt.Sprintf("$%.2f", v) }, Cursor: -1}
	for i := range n {
		f := float64(i % 9)
		b.Bars = append(b.Bars, Bar{Label: noon.AddDate(0, 0, i).Format("Jan 2"), Parts: []float64{f * 2, 1 + f/4, f / 3, 0.2}, Unset: i == 3})
	}
	return b
}

func banded() Line {
	l := week()
	for _, p := range l.Series[0].Points {
		l.Low, l.High = append(l.Low, Point{p.At, p.Value - 0.05}), append(l.High, Point{p.At, p.Value + 0.08})
	}
	l.Series = append(l.Series, Series{Name: "others", Points: []Point{{noon, 0.55}, {noon.Add(160 * time.Hour), 0.35}}})
	return l
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another picture now:\n%s\nwant\n%s", path, got, want)
	}
}

func TestChartsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	cursor := week()
	cursor.Cursor = noon.Add(50 * time.Hour)
	barCursor := days(30)
	barCursor.Cursor = 25
	for name, draw := range map[string]func(w, h int) string{
		"line":   func(w, h int) string { return week().Draw(w, h, nil) },
		"cursor": func(w, h int) string { return cursor.Draw(w, h, nil) },
		"band":   func(w, h int) string { return banded().Draw(w, h, nil) },
		"ascii":  func(w, h int) string { l := banded(); l.ASCII = true; return l.Draw(w, h, nil) },
		"bars":   func(w, h int) string { return barCursor.Draw(w, h, nil) },
		"bars-ascii": func(w, h int) string {
			b := days(12)
			b.ASCII = true
			return b.Draw(w, h, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, w := range []int{60, 100, 160} {
				golden(t, fmt.Sprintf("%s-%d.txt", name, w), draw(w, 14)+"\n")
			}
		})
	}
}

func TestChartsAreExactAtEverySize(t *testing.T) {
	t.Parallel()
	one := Line{Series: []Series{{Points: []Point{{noon, 3}}}}, Unit: dollars}
	flat := Line{Series: []Series{{Points: []Point{{noon, 0}, {noon.Add(time.Hour), 0}}}}, Zero: true}
	huge := Line{Series: []Series{{Points: []Point{{noon, -1e18}, {noon.AddDate(90, 0, 0), 1e18}}}}, Unit: dollars}
	hostile := banded()
	hostile.Series[0].Name, hostile.Series[1].Name = strings.Repeat("世界", 90), "a\nb"
	cursor := banded()
	cursor.Cursor = noon.Add(24 * time.Hour)
	zero := days(5)
	for n := range zero.Bars {
		zero.Bars[n].Parts = nil
	}
	marked := days(400)
	marked.Cursor = 399
	none := days(1)
	none.Bars[0].Unset = true
	charts := map[string]func(w, h int) string{}
	for name, l := range map[string]Line{
		"week": week(), "empty": {}, "one": one, "flat": flat, "huge": huge, "hostile": hostile, "cursor": cursor,
		"nothing known": {Series: []Series{{Points: []Point{{noon, math.NaN()}}}}}, "reversed": {From: noon, To: noon.Add(-time.Hour), Series: one.Series},
		"elsewhere": {From: noon.AddDate(1, 0, 0), To: noon.AddDate(2, 0, 0), Series: week().Series, Stepped: true},
	} {
		charts["line "+name] = func(w, h int) string { return l.Draw(w, h, nil) }
		l.ASCII = true
		charts["ascii "+name] = func(w, h int) string {
			s := l.Draw(w, h, nil)
			if name != "hostile" && strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f && r != '…' && r != '·' && r != '—' }) {
				t.Errorf("%s at %dx%d is not ASCII:\n%s", name, w, h, s)
			}
			return s
		}
	}
	for name, b := range map[string]Bars{"month": days(30), "one": days(1), "empty": {}, "zero": zero, "many": marked, "unset": none} {
		charts["bars "+name] = func(w, h int) string { return b.Draw(w, h, nil) }
	}
	for name, draw := range charts {
		for h := 1; h < 30; h += 3 {
			for w := 1; w < 200; w += 7 {
				if err := fit.Exact(draw(w, h), w, h); err != nil {
					t.Fatalf("%s at %dx%d: %v", name, w, h, err)
				}
			}
		}
	}
}

func TestAxisHasRoundTicksAroundTheValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		low, high float64
		n         int
		zero      bool
		want      []float64
	}{
		{0.301, 0.52, 4, false, []float64{0.3, 0.4, 0.5, 0.6}}, {0, 97, 5, false, []float64{0, 20, 40, 60, 80, 100}},
		{0.3, 0.5, 3, true, []float64{0, 0.2, 0.4, 0.6}}, {-1, 1, 2, false, []float64{-1, 0, 1}}, {5, 5, 4, false, []float64{4.5, 5, 5.5}},
	} {
		got := scaleOf(c.low, c.high, c.n, c.zero).ticks()
		same := slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
		if c.low == c.high {
			same = len(got) > 1 && got[0] < c.low && got[len(got)-1] > c.high
		}
		if !same {
			t.Errorf("from %v to %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
}

func TestTicksOfTimeAreRoundAndInTheZone(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 5*3600+1800)
	step := timeStep(26*time.Hour, 6)
	if step != 6*time.Hour {
		t.Fatalf("the step is %v", step)
	}
	list := timeTicks(noon, noon.Add(26*time.Hour), step, zone)
	if len(list) != 5 {
		t.Errorf("there are %d ticks: %v", len(list), list)
	}
	for _, at := range list {
		if at.In(zone).Hour()%6 != 0 || at.In(zone).Minute() != 0 {
			t.Errorf("%v is not round", at)
		}
	}
}

func TestCursorTellsTheValueOfItsColumnAndStaysInside(t *testing.T) {
	t.Parallel()
	l := Line{Series: []Series{{Points: []Point{{noon, 1}, {noon.Add(10 * time.Hour), 2}}}}, Unit: dollars}
	at := l.Move(time.Time{}, 0, 80, 14)
	if !at.Equal(noon.Add(10 * time.Hour)) {
		t.Errorf("it begins at %v", at)
	}
	for range 200 {
		at = l.Move(at, -1, 80, 14)
	}
	if !at.Equal(noon) {
		t.Errorf("its left end is %v", at)
	}
	seen := map[time.Time]bool{}
	for range 60 {
		at = l.Move(at, 1, 80, 14)
		if seen[at] {
			t.Fatalf("a step leads nowhere at %v", at)
		}
		seen[at] = true
	}
	l.Cursor = noon.Add(5 * time.Hour)
	if !strings.Contains(l.Draw(80, 14, nil), "17:00  $1.500") {
		t.Errorf("between two points:\n%s", l.Draw(80, 14, nil))
	}
	l.Stepped = true
	if !strings.Contains(l.Draw(80, 14, nil), "17:00  $1.000") {
		t.Errorf("a stepped line:\n%s", l.Draw(80, 14, nil))
	}
}

func TestLowestHighestAndLastAreNamed(t *testing.T) {
	t.Parallel()
	l := Line{Series: []Series{{Points: []Point{{noon, 2}, {noon.Add(time.Hour), 1}, {noon.Add(2 * time.Hour), 5}, {noon.Add(3 * time.Hour), math.NaN()}, {noon.Add(4 * time.Hour), 3}}}}, Unit: dollars}
	got := l.Draw(90, 12, nil)
	for _, want := range []string{"▼ low $1.000 13:00", "▲ high $5.000 14:00", "● last $3.000 16:00"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if strings.Count(got, "▼") != 2 || strings.Count(got, "▲") != 2 || strings.Count(got, "●") != 2 {
		t.Errorf("the marks are not in the plot:\n%s", got)
	}
}

func TestGapsAreLeftOut(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	l := Line{ASCII: true, Series: []Series{{Points: []Point{{noon, 1}, {noon.Add(time.Hour), nan}, {noon.Add(9 * time.Hour), nan}, {noon.Add(10 * time.Hour), 1}}}}}
	plot := l.plot(l.frame(60, 12))
	for x := range plot.w {
		ink := 0
		for y := range plot.h {
			if plot.at(x, y).r != ' ' {
				ink++
			}
		}
		if edge := x < 1 || x > plot.w-2; !edge && ink > 0 {
			t.Errorf("column %d of a gap has ink", x)
		}
	}
}

func TestStackedPartsTellTheWholeBar(t *testing.T) {
	t.Parallel()
	b := days(10)
	b.Cursor = 8
	got := b.Draw(90, 14, nil)
	for _, want := range []string{"Mar 9  $21.87", "gpu $16.00", "disk $3.00", "up $2.67", "down $0.20"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	if b.Move(5) != 9 || b.Move(-20) != 0 || (Bars{Cursor: -1, Bars: b.Bars}).Move(-1) != 9 || (Bars{}).Move(1) != -1 {
		t.Error("the cursor leaves the bars")
	}
	b.Cursor = 3
	if !strings.Contains(b.Draw(90, 14, nil), "not read yet") {
		t.Error("a day that nobody has told of looks like one without charges")
	}
}

func TestPaintedChartsKeepTheirCells(t *testing.T) {
	t.Parallel()
	parts := map[Part]bool{}
	paint := func(p Part, text string) string {
		parts[p] = true
		return "\x1b[3" + fmt.Sprint(int(p)%8) + "m" + text + "\x1b[m"
	}
	l := banded()
	l.Cursor = noon.Add(90 * time.Hour)
	if err := fit.Exact(l.Draw(80, 16, paint), 80, 16); err != nil {
		t.Error(err)
	}
	if err := fit.Exact(days(20).Draw(80, 16, paint), 80, 16); err != nil {
		t.Error(err)
	}
	for _, p := range []Part{Axis, Label, Text, Cursor, Shade, First, First + 1, First + 2} {
		if !parts[p] {
			t.Errorf("part %d is never painted", p)
		}
	}
}

func BenchmarkLineOfTenThousandPoints(b *testing.B) {
	l := Line{Series: []Series{{Points: wave(10_000, time.Minute)}}, Unit: dollars, Stepped: true}
	for b.Loop() {
		l.Draw(120, 30, nil)
	}
}

// TestNoTwoTicksOfBarsAreWrittenAlike holds that small sums, and none at all, have no axis
// that names one figure at two heights.
func TestNoTwoTicksOfBarsAreWrittenAlike(t *testing.T) {
	t.Parallel()
	for _, high := range []float64{0, 0.001, 0.004, 0.012, 0.03, 0.4, 22} {
		b := Bars{Bars: []Bar{{Label: "a", Parts: []float64{high}}, {Label: "b", Unset: true}}, Kinds: []string{"gpu"}, Unit: dollars, Cursor: -1}
		for h := 8; h < 30; h++ {
			seen := map[string]bool{}
			for _, l := range strings.Split(b.Draw(60, h, nil), "\n") {
				label, _, found := strings.Cut(l, "┤")
				if found && seen[label] {
					t.Errorf("%v in %d lines: %s stands at two heights", high, h, label)
				}
				seen[label] = found
			}
		}
	}
}
