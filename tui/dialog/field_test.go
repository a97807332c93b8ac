package dialog

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// kinds is a form with a field of each kind.
func kinds() view.Form {
	return view.Form{
		ID: "kinds", Title: "Kinds", Button: "Go",
		Fields: []view.Field{
			{Key: "kind", Label: "kind", Kind: view.Choice, Section: "What", Value: "b", Options: []view.Option{{Value: "a", Label: "first"}, {Value: "b", Label: "second", Help: "the second one"}, {Value: "c"}}},
			{Key: "extra", Label: "extra", When: func(v view.Values) bool { return v["kind"] == "c" }},
			{Key: "direct", Label: "direct", Kind: view.Toggle},
			{Key: "image", Label: "image", Options: []view.Option{{Value: "h1", Label: "PyTorch 2.4", Help: "cuda 12"}, {Value: "h2", Label: "TensorFlow"}, {Value: "h3", Label: "PyTorch 2.5"}}},
			{Key: "script", Label: "script", Kind: view.Lines, Limit: 100},
			{Key: "envfile", Label: "env file", Kind: view.File},
			{Key: "token", Label: "token", Kind: view.Secret},
		},
		Check: func(v view.Values) map[string]string {
			errs := map[string]string{}
			if v["kind"] == "c" && v["extra"] == "" {
				errs["extra"] = "c needs more"
			}
			if v["envfile"] != "" && strings.Contains(v["envfile"+view.FileText], "bad") {
				errs["envfile"] = "line 1: bad"
			}
			return errs
		},
	}
}

func key(t *testing.T, d *Form, name string) {
	t.Helper()
	for range d.fields {
		if d.focus() == name {
			return
		}
		d.Update(press("tab"), noon)
	}
	t.Fatalf("field %q cannot be reached", name)
}

func ctrl(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }

func TestChoiceIsTurnedAndShowsWhatItMeans(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	if got := d.values()["kind"]; got != "b" {
		t.Fatalf("it begins with %q", got)
	}
	if s := plain(d, 90, 30); !strings.Contains(s, "the second one") || !strings.Contains(s, "●second") || !strings.Contains(s, "What") {
		t.Errorf("what is chosen is not told:\n%s", s)
	}
	for _, c := range []struct{ key, want string }{{"right", "c"}, {"right", "a"}, {"left", "c"}, {"left", "b"}, {"space", "c"}} {
		d.Update(press(c.key), noon)
		if got := d.values()["kind"]; got != c.want {
			t.Errorf("%s leads to %q, want %q", c.key, got, c.want)
		}
	}
}

func TestFieldThatDoesNotApplyIsNeitherShownNorReachedNorWrong(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	if s := plain(d, 90, 30); strings.Contains(s, "extra") {
		t.Errorf("it is shown:\n%s", s)
	}
	d.Update(press("tab"), noon)
	if d.focus() != "direct" {
		t.Errorf("tab leads to %q", d.focus())
	}
	d.Update(press("shift+tab"), noon)
	d.Update(press("right"), noon) // c
	if s := plain(d, 90, 30); !strings.Contains(s, "extra") {
		t.Errorf("now it applies and is not shown:\n%s", s)
	}
	if o := d.Update(ctrl('s'), noon); o.Verdict != Open || d.focus() != "extra" {
		t.Errorf("handed in without it: verdict %d, at %q", o.Verdict, d.focus())
	}
	if s := plain(d, 90, 30); !strings.Contains(s, "c needs more") {
		t.Errorf("its mistake is not told:\n%s", s)
	}
}

func TestMistakeIsToldOnceTheFieldWasLeft(t *testing.T) {
	t.Parallel()
	f := sample()
	d := NewForm(f)
	c := clock{d, noon}
	c.press(0, "ctrl+u")
	if s := plain(d, 90, 30); strings.Contains(s, "an image is needed") {
		t.Errorf("it is told while it is typed:\n%s", s)
	}
	c.press(0, "tab")
	if s := plain(d, 90, 30); !strings.Contains(s, "an image is needed") {
		t.Errorf("it is not told after the field was left:\n%s", s)
	}
}

func TestToggleTurnsWithSpaceAndSaysWhichWay(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "direct")
	for _, c := range []struct {
		key string
		on  bool
	}{{"space", true}, {"space", false}, {"y", true}, {"n", false}} {
		d.Update(press(c.key), noon)
		if d.values().On("direct") != c.on {
			t.Errorf("after %s it is %t", c.key, !c.on)
		}
	}
}

func TestOfferedOptionsFollowWhatIsTypedAndTabTakesOne(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "image")
	c := clock{d, noon}
	c.text("pyt 2.5")
	s := plain(d, 90, 30)
	if strings.Contains(s, "TensorFlow") || strings.Contains(s, "PyTorch 2.4") || !strings.Contains(s, "PyTorch 2.5") {
		t.Errorf("offered is:\n%s", s)
	}
	c.press(0, "down")
	if o := c.press(0, "esc"); o.Verdict != Open {
		t.Fatalf("esc among the options gave verdict %d", o.Verdict)
	}
	if got := d.values()["image"]; got != "pyt 2.5" {
		t.Errorf("esc changed what was typed to %q", got)
	}
	c.press(0, "down", "tab")
	if got := d.values()["image"]; got != "h3" || d.focus() != "image" {
		t.Errorf("tab took %q and went to %q", got, d.focus())
	}
	c.press(0, "tab")
	if s := plain(d, 90, 30); !strings.Contains(s, "PyTorch 2.5") || strings.Contains(s, "h3") {
		t.Errorf("an option that was taken is not shown by its name:\n%s", s)
	}
}

func TestSecretIsNeverDrawn(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "token")
	c := clock{d, noon}
	c.text("hunter2")
	if s := plain(d, 90, 30); strings.Contains(s, "hunter2") || !strings.Contains(s, "•••••••") {
		t.Errorf("it is drawn:\n%s", s)
	}
	if got := d.values()["token"]; got != "hunter2" {
		t.Errorf("it holds %q", got)
	}
}

func TestPasteOfSeveralLinesStaysWhole(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "script")
	c := clock{d, noon}
	c.paste("apt update\r\n\x1b[31mpip install x\n")
	if got := d.values()["script"]; strings.ContainsRune(got, 0x1b) || !strings.HasPrefix(got, "apt update\n") || !strings.HasSuffix(got, "pip install x") {
		t.Errorf("it holds %q", got)
	}
	if s := plain(d, 90, 30); !strings.Contains(s, "apt update  (+1 line)") {
		t.Errorf("it is shown as:\n%s", s)
	}
	c.text("x")
	if got := d.values()["script"]; !strings.HasPrefix(got, "apt update\n") {
		t.Errorf("a letter changed a text that is not seen: %q", got)
	}
	if o := d.Update(ctrl('e'), noon); o.Verdict != Editing || o.Key != "script" || !strings.HasPrefix(o.Values["script"], "apt update\n") {
		t.Errorf("ctrl+e gave %+v", o)
	}
	c.press(0, "ctrl+u")
	if got := d.values()["script"]; got != "" {
		t.Errorf("ctrl+u left %q", got)
	}
}

func TestFileIsReadBeforeTheFormIsHandedIn(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "envfile")
	c := clock{d, noon}
	c.text("a.env")
	o := d.Update(ctrl('s'), noon)
	if o.Verdict != Reading || o.Key != "envfile" || o.Path != "a.env" {
		t.Fatalf("handing in gave %+v", o)
	}
	if o := d.Loaded("envfile", "b.env", "X=1", nil); o.Verdict != Open {
		t.Fatalf("another file's text handed it in: %+v", o)
	}
	d = NewForm(kinds())
	key(t, d, "envfile")
	c = clock{d, noon}
	c.text("a.env")
	d.Update(ctrl('s'), noon)
	if o = d.Loaded("envfile", "a.env", "X=1", nil); o.Verdict != Submitted || o.Values["envfile"+view.FileText] != "X=1" {
		t.Fatalf("the file was read and the form gave %+v", o)
	}
	d.Fail("no")
	d.Fill(view.Values{"envfile": "c.env"})
	key(t, d, "envfile")
	if o := d.Update(press("tab"), noon); o.Verdict != Reading || o.Path != "c.env" {
		t.Errorf("leaving the field gave %+v", o)
	}
	d.Loaded("envfile", "c.env", "", errors.New("there is no such file: check the path"))
	if s := plain(d, 90, 40); !strings.Contains(s, "there is no such file") {
		t.Errorf("why it cannot be read is not told:\n%s", s)
	}
	if o := d.Update(ctrl('s'), noon); o.Verdict != Open {
		t.Errorf("a form with a file that cannot be read was handed in: %+v", o)
	}
}

func TestRefitKeepsWhatWasTypedAndTheFocus(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	c := clock{d, noon}
	key(t, d, "image")
	c.text("pyt")
	next := kinds()
	next.Fields = append([]view.Field{{Key: "new", Label: "new", Value: "1"}}, next.Fields...)
	next.Fields[4].Options = []view.Option{{Value: "h9", Label: "PyTorch 3"}}
	d.Refit(next)
	if d.focus() != "image" || d.values()["image"] != "pyt" || d.values()["kind"] != "b" || d.values()["new"] != "1" {
		t.Errorf("at %q with %v", d.focus(), d.values())
	}
	if s := plain(d, 90, 30); !strings.Contains(s, "PyTorch 3") {
		t.Errorf("the new options are not offered:\n%s", s)
	}
}

func TestReactionChangesOtherFields(t *testing.T) {
	t.Parallel()
	f := kinds()
	f.React = func(k string, v view.Values) view.Values {
		if k == "kind" && v["kind"] == "c" {
			return view.Values{"extra": "more", "token": "t"}
		}
		return nil
	}
	d := NewForm(f)
	d.Update(press("right"), noon)
	if v := d.values(); v["extra"] != "more" || v["token"] != "t" {
		t.Errorf("values are %v", v)
	}
}

func TestPanelStandsBesideTheFieldsWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	d := NewForm(sample())
	wide := strings.Split(plain(d, 140, 30), "\n")
	at, l := line(t, strings.Join(wide, "\n"), "for 10 GB")
	if at > 2 || !strings.Contains(l, "│ costs") {
		t.Errorf("the panel is in line %d of the wide form: %q", at, l)
	}
	at, _ = line(t, plain(d, 90, 30), "for 10 GB")
	if at < 5 {
		t.Errorf("in the narrow form the panel is in line %d, above the fields", at)
	}
}

func TestKeyOfTheFormIsToldWithItsValues(t *testing.T) {
	t.Parallel()
	f := kinds()
	f.Keys = []view.FormKey{{Key: "ctrl+t", Label: "templates"}}
	d := NewForm(f)
	if o := d.Update(ctrl('t'), noon); o.Verdict != Acted || o.Key != "ctrl+t" || o.Values["kind"] != "b" {
		t.Errorf("it gave %+v", o)
	}
	if s := plain(d, 120, 30); !strings.Contains(s, "ctrl+t templates") {
		t.Errorf("the key is not named:\n%s", s)
	}
}

func TestEveryKindIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	f := kinds()
	f.Fields[3].Options[0].Label, f.Fields[0].Section, f.Fields[0].Options[0].Label = hostile[1], hostile[0], hostile[2]
	f.Panel = func(view.Values) []view.Pair {
		return []view.Pair{{Value: hostile[1]}, {Label: hostile[0], Value: hostile[2]}}
	}
	d := NewForm(f)
	for range len(f.Fields) + 1 {
		everySize(t, d, 53)
		d.Update(press("tab"), noon)
	}
}

func TestListOfAnEmptyFieldOpensWithTheArrow(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	key(t, d, "image")
	if s := plain(d, 90, 30); strings.Contains(s, "TensorFlow") || !strings.Contains(s, "↓ choose") {
		t.Errorf("the list is open, or it is not said how to open it:\n%s", s)
	}
	d.Update(press("down"), noon)
	if s := plain(d, 90, 30); !strings.Contains(s, "▸ PyTorch 2.4") || !strings.Contains(s, "TensorFlow") {
		t.Errorf("the arrow does not open the list:\n%s", s)
	}
}

func TestPageKeysGoOnSeveralFieldsAndStopAtTheEnds(t *testing.T) {
	t.Parallel()
	d := NewForm(kinds())
	for _, c := range []struct{ key, want string }{{"pgdown", ""}, {"pgdown", ""}, {"pgup", "kind"}, {"pgup", "kind"}} {
		d.Update(press(c.key), noon)
		if got := d.focus(); got != c.want {
			t.Errorf("%s leads to %q, want %q", c.key, got, c.want)
		}
	}
}

func TestSumStandsAboveTheButtonWhereThePanelHasNoRoom(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Sum = func(v view.Values) string { return "all in for " + v["disk"] }
	d := NewForm(f)
	if s := plain(d, 90, 12); !strings.Contains(s, "all in for 10") {
		t.Errorf("it is not there:\n%s", s)
	}
	if s := plain(d, 140, 30); strings.Contains(s, "all in for 10") {
		t.Errorf("it is there twice:\n%s", s)
	}
}
