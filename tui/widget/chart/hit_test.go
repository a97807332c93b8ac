package chart

import (
	"testing"
	"time"
)

func TestTheMomentUnderACellIsTheOneThatTheCursorIsDrawnAt(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var points []Point
	for n := range 50 {
		points = append(points, Point{At: begin.Add(time.Duration(n) * time.Hour), Value: float64(n % 7)})
	}
	l := Line{Series: []Series{{Points: points}}}
	for _, size := range [][2]int{{30, 8}, {80, 20}, {140, 36}} {
		w, h := size[0], size[1]
		f := l.frame(w, h)
		for x := range w {
			at, ok := l.At(x, w, h)
			if ok != (x >= f.left) {
				t.Fatalf("%v: cell %d is in the plot: %t, which begins at %d", size, x, ok, f.left)
			}
			if ok && f.column(at) != x-f.left {
				t.Errorf("%v: cell %d is column %d", size, x, f.column(at))
			}
		}
		if at, ok := l.At(w-1, w, h); !ok || !at.Equal(points[49].At) {
			t.Errorf("%v: the last cell is %v", size, at)
		}
	}
	for _, c := range [][3]int{{-1, 80, 20}, {80, 80, 20}, {15, 20, 20}, {30, 80, 4}} {
		if at, ok := l.At(c[0], c[1], c[2]); ok {
			t.Errorf("cell %d of %dx%d is %v", c[0], c[1], c[2], at)
		}
	}
	if _, ok := (Line{}).At(30, 80, 20); ok {
		t.Error("a chart of nothing has moments")
	}
}

func TestTheBarUnderACellIsTheOneThatTheCursorIsDrawnAt(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 7, 30, 200} {
		b := Bars{Cursor: -1}
		for i := range n {
			b.Bars = append(b.Bars, Bar{Label: "d", Parts: []float64{float64(i + 1)}})
		}
		for _, w := range []int{24, 60, 140} {
			_, left := b.axis(w, 8)
			each, gap, first := b.layout(w - left)
			hit := map[int]bool{}
			for x := range w {
				bar, ok := b.At(x, w, 12)
				if !ok {
					continue
				}
				hit[bar] = true
				if from := left + (bar-first)*(each+gap); x < from || x >= from+each+gap {
					t.Fatalf("%d bars, %d cells: cell %d is bar %d, which stands from %d on", n, w, x, bar, from)
				}
			}
			if len(hit) != n-first {
				t.Errorf("%d bars, %d cells: %d of %d can be hit", n, w, len(hit), n-first)
			}
		}
	}
	if _, ok := (Bars{}).At(30, 80, 20); ok {
		t.Error("there is a bar in a chart of none")
	}
}
