package solo

import (
	"iter"
	"testing"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// Frame draws a view. The test ends when the frame has not exactly the size asked for, or when its text cursor stands
// outside it.
func Frame(t testing.TB, v view.View, env view.Env, s view.Size) view.Frame {
	t.Helper()
	f := v.Draw(env, s)
	if err := fit.Exact(f.Body, s.W, s.H); err != nil {
		t.Fatalf("%dx%d: %v", s.W, s.H, err)
	}
	if c := f.Cursor; c != nil && (c.X < 0 || c.X >= s.W || c.Y < 0 || c.Y >= s.H) {
		t.Fatalf("%dx%d: the text cursor stands at %d,%d", s.W, s.H, c.X, c.Y)
	}
	return f
}

// quickly is the step of tests that are to be short.
const quickly = 1009

// Sizes are those that a view has to fit: from 60x10 to 300x100 one of step, those about the widths where views change,
// and from a single cell up to 59x12 more of them.
func Sizes(step int) iter.Seq[view.Size] {
	if testing.Short() {
		step = max(step, quickly)
	}
	return func(yield func(view.Size) bool) {
		for n := 0; n < 241*91; n += step {
			if !yield(view.Size{W: 60 + n%241, H: 10 + n/241}) {
				return
			}
		}
		for _, edge := range []int{view.Narrow, view.Wide, 60, 300} {
			for w := edge - 1; w <= min(300, edge+1); w++ {
				if !yield(view.Size{W: w, H: 10}) || !yield(view.Size{W: w, H: 37}) {
					return
				}
			}
		}
		for n := 0; n < 59*12; n += max(1, step/14) {
			if !yield(view.Size{W: 1 + n%59, H: 1 + n/59}) {
				return
			}
		}
	}
}
