package dialog

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// findIn is where a text stands in a drawn dialog.
func findIn(t *testing.T, d Dialog, w, h int, text string) (x, y int) {
	t.Helper()
	p := d.Draw(theme.New(true), view.Size{W: w, H: h}, noon)
	for y, l := range slices.Backward(p.Lines) { // buttons stand below, and titles above say the same
		l = ansi.Strip(l)
		if at := strings.Index(l, text); at >= 0 {
			return fit.Width(l[:at]), y
		}
	}
	t.Fatalf("%q is not drawn:\n%s", text, ansi.Strip(strings.Join(p.Lines, "\n")))
	return 0, 0
}

func TestAClickOnAButtonMovesTheFocusAndAgreesToNothing(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	d := NewConfirm(p, noon, false, false)
	c := clock{shown(d), noon}
	x, y := findIn(t, d, 100, 40, p.Button)
	c.now = c.now.Add(time.Minute)
	for range 5 {
		d.Click(x, y, c.now)
	}
	if !d.agree {
		t.Fatal("the button that agrees has not got the focus")
	}
	if o := c.press(10*ms, "enter"); o.Verdict != Open {
		t.Errorf("enter right after the click gave %d: it may have been meant for what was there before", o.Verdict)
	}
	x, y = findIn(t, d, 100, 40, p.Keep)
	d.Click(x, y, c.now)
	if o := c.press(time.Second, "enter"); o.Verdict != Closed {
		t.Errorf("enter on the safe button gave %d", o.Verdict)
	}
	d.Click(x, y-1, c.now)
	d.Click(0, 0, c.now)
	d.Click(x+1000, y+1000, c.now)
	if d.agree {
		t.Error("a click beside the buttons moved the focus")
	}
}

func TestAClickCannotStandForTypedWordsOrWakeAQuestion(t *testing.T) {
	t.Parallel()
	d := NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)
	shown(d)
	for y := range 40 {
		for x := 0; x < 100; x += 3 {
			d.Click(x, y, noon.Add(time.Minute))
		}
	}
	if d.agree || d.line.Value() != "" {
		t.Errorf("clicks made agree %t and typed %q", d.agree, d.line.Value())
	}
	alone := NewConfirm(rent(t, "RTX 4090"), noon, true, false)
	shown(alone)
	x, y := findIn(t, alone, 100, 40, alone.plan.Button)
	if alone.Click(x, y, noon.Add(100*ms)); alone.agree {
		t.Error("a question that opened by itself took a click that was meant for what was there before")
	}
}

func TestAClickOnAFormMovesTheFocusAndFillsNothingIn(t *testing.T) {
	t.Parallel()
	f := view.Form{ID: "f", Title: "T", Button: "Plan it", Fields: []view.Field{
		{Key: "a", Label: "first", Value: "one"}, {Key: "b", Label: "second", Kind: view.Toggle, Section: "more"}, {Key: "c", Label: "third", Value: "three"},
	}}
	d := NewForm(f)
	before := d.values()
	for _, c := range []struct {
		text string
		want int
	}{{"second", 1}, {"third", 2}, {"first", 0}, {"Plan it", 3}} {
		x, y := findIn(t, d, 100, 30, c.text)
		if d.Click(x, y, noon); d.at != c.want {
			t.Errorf("a click on %q put the focus on %d, want %d", c.text, d.at, c.want)
		}
		x, y = findIn(t, d, 100, 30, "more")
		if d.Click(x, y, noon); d.at != c.want {
			t.Errorf("a click on a heading moved the focus from %d to %d", c.want, d.at)
		}
	}
	for key, value := range d.values() {
		if value != before[key] {
			t.Errorf("%s became %q", key, value)
		}
	}
}
