package dialog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

const ms = time.Millisecond

func TestEnterAloneAgreesToNothing(t *testing.T) {
	t.Parallel()
	c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
	if o := c.press(time.Minute, "enter"); o.Verdict != Closed {
		t.Errorf("enter on a new question gave verdict %d, want closed: the safe button has the focus", o.Verdict)
	}
	c = clock{shown(NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)), noon}
	if o := c.press(time.Minute, "enter", "enter", "enter"); o.Verdict != Open {
		t.Errorf("enter without words gave verdict %d", o.Verdict)
	}
	if !strings.Contains(plain(c.d, 100, 40), "nothing was done: type exactly  0341") {
		t.Errorf("it does not say what is missing:\n%s", plain(c.d, 100, 40))
	}
}

func TestFocusMovesByTabAndArrows(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"tab"}, {"right"}, {"left"}, {"shift+tab"}, {"tab", "tab", "tab"}, {"right", "left", "right"}} {
		c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
		c.press(10*ms, keys...)
		if o := c.press(time.Second, "enter"); o.Verdict != Agreed || o.Plan.ID != "plan" {
			t.Errorf("%v and enter gave %d", keys, o.Verdict)
		}
	}
	c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
	c.press(time.Second, "tab", "tab")
	if o := c.press(time.Second, "enter"); o.Verdict != Closed {
		t.Errorf("tab twice and enter gave %d, want closed", o.Verdict)
	}
}

func TestFocusIsShownWithoutColour(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	c := clock{shown(NewConfirm(p, noon, false, false)), noon}
	if s := plain(c.d, 100, 40); !strings.Contains(s, "▸"+p.Keep) || strings.Contains(s, "▸"+p.Button) {
		t.Errorf("the safe button is not marked:\n%s", s)
	}
	c.press(time.Second, "tab")
	if s := plain(c.d, 100, 40); strings.Contains(s, "▸"+p.Keep) || !strings.Contains(s, "▸"+p.Button) {
		t.Errorf("the button that acts is not marked:\n%s", s)
	}
}

func TestOtherKeysDecideNothing(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"y", "n", "Y", "N", "q", "space", "d", "D", "1", "?", "ctrl+u", "backspace", "up", "down", "pgup", "pgdown"} {
		c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
		if o := c.press(time.Second, key); o.Verdict != Open {
			t.Errorf("%s gave verdict %d", key, o.Verdict)
		}
		if o := c.press(time.Second, "enter"); o.Verdict != Closed {
			t.Errorf("%s moved the focus", key)
		}
		c = clock{shown(NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)), noon}
		if o := c.press(time.Second, key, "enter"); o.Verdict != Open {
			t.Errorf("%s and enter gave verdict %d where words are asked for", key, o.Verdict)
		}
	}
}

func TestEscAlwaysCancels(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{false, true} {
		for _, p := range []rental.Plan{rent(t, "RTX 4090"), destroy(t, instance(18820341, "a"))} {
			for _, moved := range [][]rental.Change{nil, {{What: "price", Was: "1", Is: "2"}}} {
				d := NewConfirm(p, noon, alone, false)
				d.News(moved, noon)
				c := clock{d, noon}
				if o := c.press(0, "esc"); o.Verdict != Closed {
					t.Errorf("%s: esc at once gave verdict %d", p.Title, o.Verdict)
				}
				c.press(0, "tab")
				c.text("0341")
				if o := c.press(0, "esc"); o.Verdict != Closed {
					t.Errorf("%s: esc after input gave verdict %d", p.Title, o.Verdict)
				}
			}
		}
	}
}

func TestEnterCountsOnlyAfterAMomentOfQuiet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		tab    time.Duration // after opening
		enter  time.Duration // after tab
		counts bool
	}{
		{"just after another key", time.Second, 299 * ms, false},
		{"a moment after another key", time.Second, 300 * ms, true},
		{"at once", 0, 0, false},
		{"as soon as it is shown long enough", 0, 300 * ms, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon}
			c.press(test.tab, "tab")
			o := c.press(test.enter, "enter")
			if got := o.Verdict == Agreed; got != test.counts {
				t.Errorf("enter gave verdict %d", o.Verdict)
			}
			if test.counts {
				return
			}
			if s := plain(c.d, 100, 40); !strings.Contains(s, "that was quick: press enter again") {
				t.Errorf("it does not say why nothing happened:\n%s", s)
			}
			if o := c.press(time.Second, "enter"); o.Verdict != Agreed {
				t.Errorf("the second enter gave verdict %d", o.Verdict)
			}
		})
	}
}

func TestDialogThatOpenedByItselfHearsNothingButEscUntilItIsQuiet(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	c := clock{shown(NewConfirm(p, noon, true, false)), noon}
	for _, key := range []string{"tab", "enter", "tab", "enter", "enter"} { // a rhythm that began before it opened
		if o := c.press(399*ms, key); o.Verdict != Open {
			t.Fatalf("%s gave verdict %d", key, o.Verdict)
		}
		if s := plain(c.d, 120, 60); !strings.Contains(s, "▸"+p.Keep) || strings.Contains(s, "that was quick") {
			t.Fatalf("%s was heard:\n%s", key, s)
		}
	}
	if o := c.press(300*ms, "enter"); o.Verdict != Open {
		t.Errorf("enter gave verdict %d", o.Verdict)
	}
	c.press(400*ms, "tab")
	if o := c.press(299*ms, "enter"); o.Verdict != Open {
		t.Errorf("awake, a hasty enter gave verdict %d", o.Verdict)
	}
	if o := c.press(300*ms, "enter"); o.Verdict != Agreed {
		t.Errorf("awake, tab and enter gave verdict %d", o.Verdict)
	}
	words := clock{shown(NewConfirm(destroy(t, instance(18820341, "a")), noon, true, false)), noon}
	words.text("0341")
	words.paste("0341")
	if s := plain(words.d, 100, 40); strings.Contains(s, "to agree  0341") {
		t.Errorf("it took what was typed for something else:\n%s", s)
	}
	words.press(400*ms, "0")
	words.text("341")
	if o := words.press(time.Second, "enter"); o.Verdict != Agreed {
		t.Errorf("awake, the words gave verdict %d", o.Verdict)
	}
}

func TestHeldEnterNeverCounts(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{false, true} {
		c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, alone, false)), noon}
		for range 200 { // the key is held while the dialog opens
			if o := c.press(33*ms, "enter"); o.Verdict != Open {
				t.Fatalf("a held enter gave verdict %d", o.Verdict)
			}
		}
		c.press(33*ms, "tab")
		for range 200 {
			if o := c.press(33*ms, "enter"); o.Verdict != Open {
				t.Fatalf("a held enter gave verdict %d", o.Verdict)
			}
		}
	}
}

func TestEscSaysWhereItLeads(t *testing.T) {
	t.Parallel()
	moved := []rental.Change{{What: "price", Was: "1", Is: "2"}}
	for _, p := range []rental.Plan{rent(t, "RTX 4090"), destroy(t, instance(18820341, "a"))} {
		for _, overForm := range []bool{false, true} {
			d := NewConfirm(p, noon, false, overForm)
			want := "esc " + strings.ToLower(p.Keep)
			if overForm {
				want = "esc back to the form"
			}
			if s := plain(d, 120, 60); !strings.Contains(s, want) {
				t.Errorf("%q is not there:\n%s", want, s)
			}
			d.News(moved, noon)
			if s := plain(d, 120, 60); !strings.Contains(s, want) {
				t.Errorf("with news %q is not there:\n%s", want, s)
			}
		}
	}
}

func TestNothingIsAgreedToUnread(t *testing.T) {
	t.Parallel()
	const hint = "there is more to read below: pgdn, then agree"
	several, warned := destroy(t, many(25)...), rent(t, "RTX 4090")
	warned.Warnings = []rental.Warning{{Text: "This host has let somebody down before."}}
	for name, c := range map[string]struct {
		plan rental.Plan
		say  func(*clock)
	}{
		"by choosing": {warned, func(c *clock) { c.press(time.Second, "tab") }},
		"by typing":   {several, func(c *clock) { c.text(several.Consent.Words) }},
	} {
		size := view.Size{W: 60, H: 8}
		d := NewConfirm(c.plan, noon, false, false)
		k := clock{d, noon}
		draw := func() string { return plain(d, size.W, size.H) }
		draw()
		c.say(&k)
		draw()
		for range 3 {
			if o := k.press(time.Second, "enter"); o.Verdict != Open {
				t.Fatalf("%s: agreed to what was never shown: verdict %d\n%s", name, o.Verdict, draw())
			}
		}
		if s := draw(); !strings.Contains(s, hint) {
			t.Errorf("%s: it does not say what to do:\n%s", name, s)
		}
		all := draw()
		for range 200 {
			k.press(10*ms, "down")
			all += draw()
			if d.seen {
				break
			}
		}
		for _, w := range c.plan.Warnings {
			if last := strings.Fields(w.Text); !strings.Contains(all, last[len(last)-1]) {
				t.Errorf("%s: counts as read before %q was there", name, w.Text)
			}
		}
		if o := k.press(time.Second, "enter"); o.Verdict != Agreed {
			t.Errorf("%s: read to the end, enter gave verdict %d\n%s", name, o.Verdict, draw())
		}
	}
}

func TestMoneyAndWarningsStandBeforeFactsAndRequests(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	p.Warnings = []rental.Warning{{Text: "This host has let somebody down before."}}
	s := plain(NewConfirm(p, noon, false, false), 120, 60)
	last := -1
	for _, what := range []string{p.Steps[0].Target, "account $/h", "! This host", "reliability", "sends PUT", "worked out from"} {
		at, _ := line(t, s, what)
		if at <= last {
			t.Errorf("%q stands in line %d, above what should come before it (line %d):\n%s", what, at, last, s)
		}
		last = at
	}
}

func TestAskingAnewForgetsWhatWasChosen(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	d := NewConfirm(p, noon, false, false)
	c := clock{shown(d), noon}
	c.press(time.Second, "tab")
	d.Again(c.now)
	if s := plain(d, 120, 60); !strings.Contains(s, "▸"+p.Keep) {
		t.Errorf("the safe button has not the focus again:\n%s", s)
	}
	c.press(10*ms, "tab")
	if o := c.press(200*ms, "enter"); o.Verdict != Open {
		t.Errorf("a hasty enter gave verdict %d", o.Verdict)
	}
	d.Again(c.now) // not drawn since
	c.press(time.Second, "tab")
	if o := c.press(time.Second, "enter"); o.Verdict != Open {
		t.Errorf("what was not drawn again was agreed to: verdict %d", o.Verdict)
	}
	words := NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)
	c = clock{shown(words), noon}
	c.text("0341")
	words.Again(c.now)
	shown(words)
	if o := c.press(time.Second, "enter"); o.Verdict != Open || strings.Contains(plain(words, 100, 40), "to agree  0341") {
		t.Errorf("what was typed is still there: verdict %d\n%s", o.Verdict, plain(words, 100, 40))
	}
	c.text("0341")
	if o := c.press(time.Second, "enter"); o.Verdict != Agreed {
		t.Errorf("typed again, enter gave verdict %d", o.Verdict)
	}
}

func TestTypedWordsMustBeExact(t *testing.T) {
	t.Parallel()
	two := []vastapi.Instance{instance(18820341, "a"), instance(18820342, "b")}
	for _, test := range []struct {
		targets []vastapi.Instance
		words   string
		agrees  bool
	}{
		{two[:1], "0341", true},
		{two[:1], "341", false},
		{two[:1], "18820341", false},
		{two[:1], "0341 ", false},
		{two[:1], "0342", false},
		{two[:1], "destroy 1", false},
		{two, "destroy 2", true},
		{two, "Destroy 2", false},
		{two, "destroy  2", false},
		{two, "destroy 3", false},
		{two, "destroy", false},
		{two, "yes", false},
	} {
		c := clock{shown(NewConfirm(destroy(t, test.targets...), noon, false, false)), noon}
		c.text(test.words)
		o := c.press(time.Second, "enter")
		if got := o.Verdict == Agreed; got != test.agrees {
			t.Errorf("%q for %d targets: verdict %d", test.words, len(test.targets), o.Verdict)
		}
	}
}

func TestRightWordsTypedHastilyWaitForAnotherEnter(t *testing.T) {
	t.Parallel()
	c := clock{shown(NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)), noon}
	c.text("0341")
	if o := c.press(100*ms, "enter"); o.Verdict != Open {
		t.Errorf("enter in the rush of typing gave verdict %d", o.Verdict)
	}
	if o := c.press(300*ms, "enter"); o.Verdict != Agreed {
		t.Errorf("the next enter gave verdict %d", o.Verdict)
	}
}

func TestPasteFillsButNeverAgrees(t *testing.T) {
	t.Parallel()
	for _, pasted := range []string{"0341", "0341\n", "0341\r\n\r\n", " 0341 "} {
		c := clock{shown(NewConfirm(destroy(t, instance(18820341, "a")), noon, false, false)), noon.Add(time.Minute)}
		if o := c.paste(pasted); o.Verdict != Open {
			t.Fatalf("pasting %q gave verdict %d", pasted, o.Verdict)
		}
		if s := plain(c.d, 100, 40); !strings.Contains(s, "to agree  0341") {
			t.Errorf("pasting %q did not fill the line:\n%s", pasted, s)
		}
		if o := c.press(299*ms, "enter"); o.Verdict != Open {
			t.Errorf("enter right after a paste gave verdict %d", o.Verdict)
		}
		if o := c.press(300*ms, "enter"); o.Verdict != Agreed {
			t.Errorf("enter after a pause gave verdict %d", o.Verdict)
		}
	}
	c := clock{shown(NewConfirm(rent(t, "RTX 4090"), noon, false, false)), noon.Add(time.Minute)}
	c.press(time.Second, "tab")
	if o := c.paste("\n"); o.Verdict != Open {
		t.Errorf("a paste pressed a button: verdict %d", o.Verdict)
	}
	if o := c.press(100*ms, "enter"); o.Verdict != Open {
		t.Errorf("enter right after a paste gave verdict %d", o.Verdict)
	}
}

func TestMovedFactsTurnTheButtonIntoReview(t *testing.T) {
	t.Parallel()
	moved := []rental.Change{{Subject: rental.Subject{Offer: 77}, What: "price", Was: "$0.412/h", Is: "$0.501/h"}}
	for _, p := range []rental.Plan{rent(t, "RTX 4090"), destroy(t, instance(18820341, "a"))} {
		d := NewConfirm(p, noon, false, false)
		c := clock{d, noon}
		c.press(time.Second, "tab")
		c.text(p.Consent.Words)
		d.News(moved, c.now)
		s := plain(d, 100, 40)
		if !strings.Contains(s, "Review changes") || !strings.Contains(s, "! offer 77: price was $0.412/h, is now $0.501/h") {
			t.Errorf("%s: the change is not shown:\n%s", p.Title, s)
		}
		if strings.Contains(s, "▸"+p.Button) || strings.Contains(s, "to agree") {
			t.Errorf("%s: it still can be agreed to:\n%s", p.Title, s)
		}
		if o := c.press(290*ms, "enter"); o.Verdict != Open {
			t.Errorf("%s: an enter on its way when the news came gave verdict %d", p.Title, o.Verdict)
		}
		d.News(nil, c.now) // it is as it was
		if s := plain(d, 100, 40); !strings.Contains(s, "Review changes") {
			t.Errorf("%s: the button changes under the finger a second time:\n%s", p.Title, s)
		}
		if o := c.press(300*ms, "enter"); o.Verdict != Review || o.Plan.ID != "plan" {
			t.Errorf("%s: enter gave verdict %d, want review", p.Title, o.Verdict)
		}
	}
}

func TestPlanIsShownWhole(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	s := plain(NewConfirm(p, noon, false, false), 120, 60)
	flat := strings.Join(strings.Fields(strings.NewReplacer("│", " ").Replace(s)), " ")
	want := []string{p.Title, p.Button, p.Keep, "sends PUT /api/v0/asks/77/", "account $/h", "lasts", "worked out from facts read just now"}
	for _, f := range p.Facts {
		want = append(want, strings.Join(strings.Fields(f.Label+" "+f.Value), " "))
	}
	for _, w := range p.Warnings {
		want = append(want, strings.Join(strings.Fields(w.Text), " "))
	}
	for _, w := range want {
		if !strings.Contains(flat, w) {
			t.Errorf("%q is not there:\n%s", w, s)
		}
	}
	if old := ansi.Strip(strings.Join(NewConfirm(p, noon, false, false).Draw(dark, view.Size{W: 120, H: 60}, noon.Add(45*time.Second)).Lines, "\n")); !strings.Contains(old, "worked out from facts 30s old") && !strings.Contains(old, "worked out from facts 30 s old") {
		t.Errorf("the age of the facts is not told:\n%s", old)
	}
}

func TestFigureAboveACapMustBeTyped(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	p.Checks = []rental.Check{{Name: "this action", Text: "$12.40/h of at most $10.00/h", Figure: "12.40"}, {Name: "total", Text: "everything together holds", OK: true}}
	p.Consent = rental.Consent{Kind: rental.ConsentType, Words: "12.40"}
	c := clock{shown(NewConfirm(p, noon, false, false)), noon}
	s := plain(c.d, 120, 50)
	if !strings.Contains(s, "✗ $12.40/h of at most $10.00/h") || strings.Count(s, "$12.40/h of at most") != 1 {
		t.Errorf("the failed check is not shown once:\n%s", s)
	}
	if c.text("12.4"); c.press(time.Second, "enter").Verdict != Open {
		t.Error("another figure agrees")
	}
	if c.text("0"); c.press(time.Second, "enter").Verdict != Agreed {
		t.Error("the figure does not agree")
	}
}

// many are instances with the names of others.
func many(n int) []vastapi.Instance {
	var list []vastapi.Instance
	for i := range n {
		list = append(list, instance(vastapi.InstanceID(18820000+7*i), hostile[i%len(hostile)]))
	}
	return list
}

func TestEveryTargetIsReachedByScrolling(t *testing.T) {
	t.Parallel()
	const targets = 25
	p := destroy(t, many(targets)...)
	for _, key := range []string{"down", "pgdown"} {
		for _, size := range []view.Size{{W: 60, H: 14}, {W: 80, H: 22}, {W: 200, H: 58}} {
			t.Run(fmt.Sprintf("%s %dx%d", key, size.W, size.H), func(t *testing.T) {
				t.Parallel()
				c := clock{shown(NewConfirm(p, noon, false, false)), noon}
				seen := map[string]bool{}
				before := ""
				for range 3000 {
					s := plain(c.d, size.W, size.H)
					if s == before {
						break
					}
					before = s
					framed(t, "scrolled", s)
					if !strings.Contains(s, "to agree") {
						t.Fatalf("what has to be typed is not in sight:\n%s", s)
					}
					for _, word := range strings.Fields(s) {
						seen[word] = true
					}
					c.press(ms, key)
				}
				for _, i := range many(targets) {
					if !seen["#"+i.ID.String()] {
						t.Errorf("instance %s is never shown", i.ID)
					}
				}
				if !strings.Contains(before, "worked out from") || strings.Contains(before, "more below") {
					t.Errorf("this is not the end:\n%s", before)
				}
				c.press(ms, "up")
				if s := plain(c.d, size.W, size.H); s == before || !strings.Contains(s, "more below") {
					t.Errorf("up does not go back at once:\n%s", s)
				}
			})
		}
	}
}

func TestLongNamesNeverBreakTheFrame(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		for _, p := range []rental.Plan{rent(t, name), destroy(t, instance(1, name), instance(2, name))} {
			p.Title += " " + name
			d := NewConfirm(p, noon, false, false)
			for _, w := range []int{60, 61, 80, 97, 98, 99, 130, 200} {
				framed(t, fmt.Sprintf("%.20q at %d", name, w), plain(d, w, 40))
			}
		}
	}
}

func TestConfirmIsExactAtEverySize(t *testing.T) {
	t.Parallel()
	moved := []rental.Change{{Subject: rental.Subject{Offer: 77}, What: "name", Was: hostile[1], Is: hostile[0]}}
	plans := map[string]rental.Plan{
		"rent": rent(t, "RTX 4090"), "destroy": destroy(t, instance(18820341, "worker-a")),
		"many": destroy(t, many(12)...), "hostile": rent(t, hostile[1]), "empty": {},
	}
	long := destroy(t, instance(18820341, "worker-a"))
	long.Consent.Words, long.Button, long.Keep = hostile[1], hostile[1], hostile[0]
	plans["long words"] = long
	buttons := rent(t, "RTX 4090")
	buttons.Button, buttons.Keep = hostile[1], hostile[6]
	plans["long buttons"] = buttons
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clock{shown(NewConfirm(p, noon, false, false)), noon}
			step := 61
			if name == "rent" || name == "destroy" {
				step = 1
			}
			everySize(t, c.d, step)
			c.press(time.Second, "tab", "a", "enter", "pgdown")
			everySize(t, c.d, 61)
			c.d.(*Confirm).News(moved, c.now)
			everySize(t, c.d, 211)
		})
	}
}

func TestTargetThatIsGoneIsStruckOut(t *testing.T) {
	t.Parallel()
	a, b := instance(18820341, "a"), instance(18820342, "b")
	d := NewConfirm(destroy(t, a, b), noon, false, false)
	d.News([]rental.Change{{Subject: rental.Subject{Instance: a.ID, Machine: a.MachineID}, What: "instance", Gone: true}}, noon)
	s := plain(d, 100, 40)
	for _, l := range strings.Split(s, "\n") {
		if !strings.Contains(l, " destroy ") {
			continue
		}
		if gone := strings.Contains(l, "is gone"); gone != strings.Contains(l, "#18820341") {
			t.Errorf("this line is about the wrong target: %q\n%s", l, s)
		}
	}
	if !strings.Contains(s, "instance 18820341 is gone") {
		t.Errorf("the change is not told:\n%s", s)
	}
	everySize(t, d, 29)
}

func TestAPlanForAnAccountThatWasNeverReadSaysSo(t *testing.T) {
	t.Parallel()
	p := rent(t, "RTX 4090")
	for _, c := range []struct {
		facts, account time.Time
		want           string
	}{
		{time.Time{}, time.Time{}, "the account was never read"},
		{time.Time{}, noon.Add(-time.Minute), "facts 1 min old"},
		{noon.Add(-time.Minute), noon.Add(-time.Hour), "facts 1 min old, account 1 h old"},
	} {
		p.Basis.At, p.Basis.Account = c.facts, c.account
		d := shown(NewConfirm(p, noon, false, false))
		d.Update(tea.KeyPressMsg{Code: tea.KeyEnd}, noon)
		s := strings.Join(strings.Fields(plain(d, 140, 60)), " ")
		if !strings.Contains(s, c.want) || strings.Contains(s, "106") && strings.Contains(s, "d old") {
			t.Errorf("%q is not said:\n%s", c.want, plain(d, 140, 60))
		}
	}
}
