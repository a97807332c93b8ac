package dialog

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"vastdeck/tui/view"
)

// sample is a form of three fields, of which disk must be a number without letters.
func sample() view.Form {
	return view.Form{
		ID: "sample", Title: "Rent something", Button: "Continue…",
		Intro: []view.Pair{{Label: "offer", Value: "77 on machine 512"}},
		Fields: []view.Field{
			{Key: "image", Label: "image", Value: "pytorch", Help: "a docker image"},
			{Key: "disk", Label: "disk", Value: "10", Unit: "GB", Limit: 12, Help: "8 to 500 GB"},
			{Key: "name", Label: "name", Help: "optional"},
		},
		Panel: func(v view.Values) []view.Pair {
			return []view.Pair{{Label: "costs", Value: "for " + v["disk"] + " GB"}}
		},
		Check: func(v view.Values) map[string]string {
			errs := map[string]string{}
			if strings.ContainsAny(v["disk"], "abcdefghijklmnopqrstuvwxyz") {
				errs["disk"] = "a number of GB, e.g. 40"
			}
			if v["image"] == "" {
				errs["image"] = "an image is needed"
			}
			return errs
		},
	}
}

func line(t *testing.T, text, word string) (int, string) {
	t.Helper()
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(l, word) {
			return i, l
		}
	}
	t.Fatalf("%q is not there:\n%s", word, text)
	return 0, ""
}

// focus is the label of the field that has the keyboard, "button" when the button does.
func focus(t *testing.T, d *Form) string {
	t.Helper()
	if d.at == len(d.fields) {
		return "button"
	}
	_, l := line(t, plain(d, 80, 30), "▸ ")
	return strings.Fields(strings.SplitN(l, "▸", 2)[1])[0]
}

func TestFormFieldsFollowEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		want []string
	}{
		{"tab", []string{"disk", "name", "button", "image"}},
		{"down", []string{"disk", "name", "button", "image"}},
		{"shift+tab", []string{"button", "name", "disk", "image"}},
		{"up", []string{"button", "name", "disk", "image"}},
		{"enter", []string{"disk", "name"}},
	} {
		d := NewForm(sample())
		if got := focus(t, d); got != "image" {
			t.Fatalf("it begins at %s", got)
		}
		for n, want := range c.want {
			if o := d.Update(press(c.key), noon); o.Verdict != Open {
				t.Fatalf("%s gave verdict %d", c.key, o.Verdict)
			}
			if got := focus(t, d); got != want {
				t.Errorf("%s pressed %d times leads to %s, want %s", c.key, n+1, got, want)
			}
		}
	}
}

func TestFormIsHandedInFromItsLastFieldOrItsButton(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"enter", "enter", "enter"}, {"tab", "tab", "enter"}, {"shift+tab", "enter"}} {
		c := clock{NewForm(sample()), noon}
		o := c.press(0, keys...)
		if o.Verdict != Submitted || o.Form.ID != "sample" {
			t.Fatalf("%v gave verdict %d", keys, o.Verdict)
		}
		if diff := cmp.Diff(view.Values{"image": "pytorch", "disk": "10", "name": ""}, o.Values); diff != "" {
			t.Errorf("%v handed in (-want +got):\n%s", keys, diff)
		}
	}
}

func TestErrorsStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "ctrl+u", "tab")
	c.text("xy")
	c.press(0, "tab")
	if o := c.press(0, "enter"); o.Verdict != Open {
		t.Fatalf("a form with two errors was handed in: verdict %d", o.Verdict)
	}
	if got := focus(t, d); got != "image" {
		t.Errorf("the keyboard is at %s, want the first field with an error", got)
	}
	s := plain(d, 80, 30)
	for label, text := range map[string]string{"▸ image": "an image is needed", "10xy": "a number of GB, e.g. 40"} {
		at, _ := line(t, s, label)
		if below, _ := line(t, s, text); below != at+1 {
			t.Errorf("%q stands in line %d, its field in line %d:\n%s", text, below, at, s)
		}
	}
	c.text("cuda") // mends the first
	if s := plain(d, 80, 30); strings.Contains(s, "an image is needed") || !strings.Contains(s, "a number of GB") {
		t.Errorf("the errors do not follow what is typed:\n%s", s)
	}
	c.press(0, "tab", "backspace", "backspace", "tab")
	o := c.press(0, "enter")
	if o.Verdict != Submitted || o.Values["image"] != "cuda" || o.Values["disk"] != "10" {
		t.Errorf("after mending: verdict %d, %v", o.Verdict, o.Values)
	}
}

func TestFailedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "tab", "tab")
	c.text("train")
	if o := c.press(0, "enter"); o.Verdict != Submitted {
		t.Fatalf("verdict %d", o.Verdict)
	}
	d.Fail("this offer has just left the market: choose another one")
	s := plain(d, 80, 30)
	for _, want := range []string{"this offer has just left the market", "train", "pytorch"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not there:\n%s", want, s)
		}
	}
	if o := c.press(0, "enter"); o.Verdict != Submitted || o.Values["name"] != "train" {
		t.Errorf("the second try: verdict %d, %v", o.Verdict, o.Values)
	}
	d.Fail("no connection")
	c.text("2")
	if s := plain(d, 80, 30); strings.Contains(s, "no connection") || !strings.Contains(s, "train2") {
		t.Errorf("the failure is still told after typing:\n%s", s)
	}
}

func TestFormThatWaitsTakesNothingButEsc(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "tab", "tab", "enter")
	if s := plain(d, 80, 30); !strings.Contains(s, "working it out") {
		t.Errorf("it does not say what it waits for:\n%s", s)
	}
	c.text("typed")
	d.Update(tea.PasteMsg{Content: "pasted"}, noon)
	if o := c.press(0, "enter"); o.Verdict != Open {
		t.Errorf("it was handed in twice: verdict %d", o.Verdict)
	}
	if s := plain(d, 80, 30); strings.Contains(s, "typed") || strings.Contains(s, "pasted") {
		t.Errorf("it took what was typed:\n%s", s)
	}
	if p := d.Draw(dark, view.Size{W: 80, H: 30}, noon); p.Cursor != nil {
		t.Error("it shows a text cursor")
	}
	if o := c.press(0, "esc"); o.Verdict != Closed {
		t.Errorf("esc gave verdict %d", o.Verdict)
	}
	d.Settle()
	if o := c.press(0, "enter"); o.Verdict != Submitted || o.Values["name"] != "" {
		t.Errorf("after the waiting: verdict %d, %v", o.Verdict, o.Values)
	}
}

// What is typed on while the plan is worked out was meant for the plan.
func TestFormThatComesBackHasItsButtonFocused(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "tab", "tab")
	c.text("train")
	c.press(0, "enter")
	d.Settle()
	if got := focus(t, d); got != "button" {
		t.Errorf("the keyboard is at %s, want the button", got)
	}
	c.text("xyz")
	c.paste("pasted")
	if got := d.values()["name"]; got != "train" {
		t.Errorf("what is typed on went into a field: %q", got)
	}
	d.Wait()
	if s := plain(d, 80, 30); !strings.Contains(s, "working it out") {
		t.Errorf("it does not say that it waits:\n%s", s)
	}
	if o := c.press(0, "enter"); o.Verdict != Open {
		t.Errorf("waiting, it was handed in: verdict %d", o.Verdict)
	}
	d.Fail("no connection")
	if o := c.press(0, "enter"); o.Verdict != Submitted || o.Values["name"] != "train" {
		t.Errorf("given back: verdict %d, %v", o.Verdict, o.Values)
	}
}

func TestEscClosesAForm(t *testing.T) {
	t.Parallel()
	c := clock{NewForm(sample()), noon}
	c.text("abc")
	if o := c.press(0, "esc"); o.Verdict != Closed {
		t.Errorf("verdict %d", o.Verdict)
	}
}

func TestPasteFillsAFieldAndNothingElse(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "tab", "tab")
	if o := c.paste("a\nb\r\nc\n"); o.Verdict != Open || d.values()["name"] != "a b  c" && d.values()["name"] != "a b c" {
		t.Errorf("verdict %d, the field holds %q", o.Verdict, d.values()["name"])
	}
	c.press(0, "tab") // the button
	if o := c.paste("x\n"); o.Verdict != Open {
		t.Errorf("a paste pressed the button: verdict %d", o.Verdict)
	}
	c.press(0, "shift+tab", "shift+tab")
	c.paste(strings.Repeat("9", 500))
	if n := len(d.values()["disk"]); n > 12 {
		t.Errorf("a field of 12 letters holds %d", n)
	}
}

func TestPanelFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	c := clock{d, noon}
	c.press(0, "tab")
	c.text("0")
	if s := plain(d, 80, 30); !strings.Contains(s, "for 100 GB") {
		t.Errorf("the panel does not follow:\n%s", s)
	}
}

func TestFocusedFieldIsAlwaysInSight(t *testing.T) {
	t.Parallel()
	f := sample()
	for n := range 20 {
		f.Fields = append(f.Fields, view.Field{Key: fmt.Sprint("f", n), Label: fmt.Sprintf("field%d", n), Help: "some words about it"})
	}
	for _, size := range []view.Size{{W: 60, H: 14}, {W: 100, H: 20}, {W: 40, H: 10}} {
		d := NewForm(f)
		for n := range f.Fields {
			p := d.Draw(dark, size, noon)
			if p.Cursor == nil {
				t.Fatalf("field %d at %dx%d shows no cursor", n, size.W, size.H)
			}
			if s := plain(d, size.W, size.H); !strings.Contains(s, "▸ "+f.Fields[n].Label) || !strings.Contains(s, "Continue…") {
				t.Fatalf("field %d or the button is out of sight at %dx%d:\n%s", n, size.W, size.H, s)
			}
			d.Update(press("tab"), noon)
		}
	}
}

func TestFormIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	long := sample()
	long.Title, long.Button = hostile[1], hostile[0]
	long.Intro = []view.Pair{{Label: hostile[1], Value: hostile[2]}, {Label: "place", Value: hostile[6]}}
	long.Fields[0].Value, long.Fields[1].Help, long.Fields[2].Label = hostile[1], hostile[0], hostile[1]
	for name, f := range map[string]view.Form{"sample": sample(), "long": long, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := NewForm(f)
			step := 29
			if name == "sample" {
				step = 3
			}
			everySize(t, d, step)
			c := clock{d, noon}
			c.press(0, "tab", "x", "tab", "tab", "enter")
			everySize(t, d, 29)
			d.Fail(hostile[0])
			everySize(t, d, 97)
			d.busy = true
			everySize(t, d, 97)
		})
	}
}
