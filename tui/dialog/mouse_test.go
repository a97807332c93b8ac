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
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi/rental"
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
	c.now = c.now.Add(time.Second)
	if hit := d.Click(x, y, c.now); hit != Cancel {
		t.Errorf("a click on the button that keeps all as it is came to %d", hit)
	}
	d.agree = false
	for _, at := range [][2]int{{x, y - 1}, {0, 0}, {x + 1000, y + 1000}} {
		c.now = c.now.Add(time.Second)
		if hit := d.Click(at[0], at[1], c.now); hit != Heeded || d.agree {
			t.Errorf("a click beside the buttons came to %d, the focus is on the other: %t", hit, d.agree)
		}
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
	fresh := NewConfirm(rent(t, "RTX 4090"), noon, false, false)
	shown(fresh)
	x, y := findIn(t, fresh, 100, 40, fresh.plan.Keep)
	if hit := fresh.Click(x, y, noon.Add(100*ms)); hit != Heeded {
		t.Error("a click that was meant for what was there before cancels a question that has just been opened")
	}
	alone := NewConfirm(rent(t, "RTX 4090"), noon, true, false)
	shown(alone)
	x, y = findIn(t, alone, 100, 40, alone.plan.Button)
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

func TestOnlyWhatLosesNothingIsClosedByAClickBesideIt(t *testing.T) {
	t.Parallel()
	typedIn := func(d Dialog, keys ...string) Dialog {
		c := clock{d, noon.Add(time.Minute)}
		for _, k := range keys {
			c.press(time.Second, k)
		}
		return d
	}
	form := func() Dialog {
		return NewForm(view.Form{ID: "f", Fields: []view.Field{{Key: "a", Label: "first", Value: "one"}, {Key: "b", Label: "second", Kind: view.Toggle}}})
	}
	found := func(string) Found { return Found{} }
	for name, c := range map[string]struct {
		d    Dialog
		want bool
	}{
		"form as it was opened":       {form(), true},
		"form that was moved through": {typedIn(form(), "tab", "tab", "shift+tab"), true},
		"form with a letter":          {typedIn(form(), "x"), false},
		"form with a choice":          {typedIn(form(), "tab", "space"), false},
		"form that was handed in":     {typedIn(form(), "ctrl+s"), false},
		"palette":                     {NewPalette(nil, found), true},
		"palette with a letter":       {typedIn(NewPalette(nil, found), "x"), false},
		"help":                        {NewHelp(nil), true},
		"help with a filter":          {typedIn(NewHelp(nil), "x"), false},
		"notices":                     {NewNotices(func() []Notice { return nil }), true},
		"leaving":                     {NewQuit(nil), true},
		"print-out":                   {NewPrintout("what", nil), true},
		"print-out that is searched":  {typedIn(NewPrintout("what", nil), "/"), false},
		"question":                    {NewConfirm(rent(t, "RTX 4090"), noon, false, false), true},
		"question that just came":     {NewConfirm(rent(t, "RTX 4090"), noon, true, false), false},
		"words that agree":            {typedIn(NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false), "d"), false},
		"words not typed yet":         {NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false), true},
	} {
		l, may := c.d.(Lossless)
		if got := may && l.Lossless(); got != c.want {
			t.Errorf("%s: a click beside it closes it: %t, want %t", name, got, c.want)
		}
	}
	var held Dialog = NewHold(rental.Plan{}, noon)
	if _, may := held.(Lossless); may {
		t.Error("a click beside what is held back takes back what words were typed for")
	}
}

func TestAClickOnTheButtonTakesBackWhatIsHeldBack(t *testing.T) {
	t.Parallel()
	d := NewHold(destroy(t, instance(18820341, "a")), noon.Add(5*time.Second))
	x, y := findIn(t, d, 80, 24, d.plan.Keep)
	if hit := d.Click(x, y, noon); hit != Cancel {
		t.Errorf("a click on it came to %d", hit)
	}
	if hit := d.Click(x, y-1, noon); hit != Heeded {
		t.Errorf("a click above it came to %d", hit)
	}
}

func TestAClickOnAnEntryOfThePaletteLightsItWhereItStands(t *testing.T) {
	t.Parallel()
	var list []palette.Entry
	for i := range 60 {
		list = append(list, palette.Entry{Kind: "view", Name: "no. " + itoa(i)})
	}
	for _, size := range []view.Size{{W: 60, H: 14}, {W: 80, H: 22}, {W: 140, H: 38}} {
		d := NewPalette(nil, func(string) Found { return Found{Entries: list, Total: len(list)} })
		for _, below := range []int{0, 3, 7} {
			p := d.Draw(theme.New(true), size, noon)
			y := 3 + below
			name := strings.TrimRight(strings.TrimLeft(ansi.Strip(p.Lines[y]), "│ ▸view"), "│ ")
			hit := d.Click(10, y, noon)
			e, _ := d.Lit()
			drawn := ansi.Strip(d.Draw(theme.New(true), size, noon).Lines[y])
			if e.Name != name || !strings.Contains(drawn, "▸") || (hit == Look) != (below == 0) {
				t.Errorf("%v: a click on %q came to %d and lights %q, drawn as %q", size, name, hit, e.Name, drawn)
			}
			if hit := d.Click(10, y, noon); hit != Look {
				t.Errorf("%v: a second click came to %d", size, hit)
			}
		}
		at := d.at
		for _, y := range []int{0, 1, 2, 200} {
			d.Click(10, y, noon)
		}
		if d.at != at || d.Line() != "" {
			t.Errorf("%v: a click beside the entries lights entry %d, the line is %q", size, d.at, d.Line())
		}
		d.Draw(theme.New(true), size, noon)
		if d.Wheel(3); d.at != at+3 {
			t.Errorf("%v: the wheel goes from %d to %d", size, at, d.at)
		}
	}
}

func TestAClickOnAnOptionLightsItAndASecondOneTakesIt(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 14}, {W: 80, H: 22}, {W: 140, H: 38}} {
		d := NewForm(view.Form{ID: "f", Title: "T", Button: "Plan it", Fields: []view.Field{
			{Key: "image", Label: "image", Options: []view.Option{{Value: "pytorch/pytorch"}, {Value: "vllm/vllm"}, {Value: "pytest/other"}}}, {Key: "b", Label: "second"},
		}})
		d.Draw(theme.New(true), size, noon)
		c := clock{d, noon}
		c.press(time.Second, "p")
		c.press(time.Second, "y")
		x, y := findIn(t, d, size.W, size.H, "pytest/other")
		d.Click(x, y, noon)
		if got := d.values()["image"]; got != "py" || d.fields[0].chosen < 0 {
			t.Errorf("%v: after a click the line holds %q, option %d is lit", size, got, d.fields[0].chosen)
		}
		x, y = findIn(t, d, size.W, size.H, "pytest/other")
		d.Click(x, y, noon)
		if got := d.values()["image"]; got != "pytest/other" || d.at != 0 || d.busy {
			t.Errorf("%v: after the second one it holds %q, the focus is on %d", size, got, d.at)
		}
	}
}

func TestAClickOnANoticeGoesThereAndASecondOneIsEnter(t *testing.T) {
	t.Parallel()
	list := []Notice{{Number: 3, Text: "third"}, {Number: 2, Text: "second"}, {Number: 1, Text: "first"}}
	d := NewNotices(func() []Notice { return list })
	x, y := findIn(t, d, 60, 14, "second")
	if hit := d.Click(x, y, noon); hit != Heeded || d.at != 2 {
		t.Errorf("a click came to %d, the cursor is on %d", hit, d.at)
	}
	if hit := d.Click(x, y, noon); hit != Look {
		t.Errorf("a second one came to %d", hit)
	}
	x, y = findIn(t, d, 60, 14, "marks all")
	if hit := d.Click(x, y, noon); hit != Heeded || d.at != 2 {
		t.Errorf("a click on the keys came to %d, the cursor is on %d", hit, d.at)
	}
}
