package solo

import (
	"strings"
	"testing"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// Find is the cell of the view at which a text stands; of several the first. Without one the test ends.
func Find(t testing.TB, v view.View, env view.Env, text string) (x, y int) {
	t.Helper()
	screen := Plain(v, env, env.Size)
	for y, line := range strings.Split(screen, "\n") {
		if at := strings.Index(line, text); at >= 0 {
			return fit.Width(line[:at]), y
		}
	}
	t.Fatalf("%q is not there:\n%s", text, screen)
	return 0, 0
}

// ClickOn clicks on the first letter of a text that stands on the screen.
func ClickOn(t testing.TB, v view.View, env view.Env, text string) view.Effect {
	t.Helper()
	x, y := Find(t, v, env, text)
	p, ok := v.(view.Pointed)
	if !ok {
		t.Fatalf("%T does not heed the mouse", v)
	}
	return p.Click(env, view.Click{X: x, Y: y})
}

// ClicksLook clicks twice on cells all over a view and turns the wheel there. The test fails when that wants more than
// to look, to copy and to remember, or when what is drawn then has not exactly its size. The second half of the clicks
// comes after the area has become another one and before anything was drawn for it.
func ClicksLook(t testing.TB, v view.View, env func() view.Env) {
	t.Helper()
	p, ok := v.(view.Pointed)
	if !ok {
		t.Fatalf("%T does not heed the mouse", v)
	}
	heed := func(e view.Effect) {
		for _, in := range e.Intents {
			switch in.(type) {
			case view.Copy, view.Toast, view.Goto, view.Remember, view.Leave:
			default:
				t.Fatalf("a click wants %T", in)
			}
		}
	}
	for _, shrunk := range []int{0, 7} {
		e := env()
		for y := range e.Size.H {
			for x := 7 * y % 29; x < e.Size.W; x += 29 {
				e := env()
				Frame(t, v, e, e.Size)
				e.Size.W, e.Size.H = max(1, e.Size.W-3*shrunk), max(1, e.Size.H-shrunk)
				heed(p.Click(e, view.Click{X: x, Y: y}))
				heed(p.Click(e, view.Click{X: x, Y: y}))
				for _, lines := range []int{3, -3} {
					scrolled, _ := p.Wheel(e, view.Wheel{X: x, Y: y, Lines: lines})
					heed(scrolled)
				}
			}
		}
		e = env()
		Frame(t, v, e, e.Size)
	}
}
