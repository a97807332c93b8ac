package costs

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
)

func TestClicksAndTheWheelOnlyLook(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			solo.ClicksLook(t, s.m, s.env)
		})
	}
}

func TestAClickOnABarShowsItsDay(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 13}, {W: 80, H: 21}, {W: 140, H: 37}} {
		s := charged(t)
		s.size = size
		s.press("b")
		s.plain()
		p := s.m.page.(*chargesPage)
		today := p.day
		b := p.bars(s.env())
		seen := map[string]bool{}
		for x := range size.W {
			s.m.Click(s.env(), view.Click{X: x, Y: p.chart.y + 2})
			bar, ok := b.At(x, size.W, p.chart.h)
			if ok && !strings.Contains(s.plain(), b.Bars[bar].Label) {
				t.Fatalf("%v: cell %d is the bar of %s, and the page shows\n%s", size, x, b.Bars[bar].Label, s.plain())
			}
			seen[p.day.Format("Jan 2")] = true
		}
		if len(seen) < 20 || !p.day.Equal(today) {
			t.Errorf("%v: %d days can be clicked at, the last cell shows %v", size, len(seen), p.day)
		}
	}
}

func TestAClickOnALineOfAPageGoesThereAndOnAnInvoiceASecondOneShowsIt(t *testing.T) {
	t.Parallel()
	s := states["invoices"](t)
	s.press("esc")
	p := s.m.page.(*invoicesPage)
	solo.ClickOn(t, s.m, s.env(), "refund")
	if p.list.at != 1 || p.detail {
		t.Fatalf("the cursor is on %d, the detail is open: %t", p.list.at, p.detail)
	}
	solo.ClickOn(t, s.m, s.env(), "refund")
	s.has("amount")
	if !p.detail {
		t.Error("a second click shows no detail")
	}
	s = states["agreement"](t)
	agreed := s.m.page.(*agreePage)
	solo.ClickOn(t, s.m, s.env(), "instance 102")
	if at := agreed.list.at; !strings.Contains(s.m.agreed[at].name, "102") {
		t.Errorf("the cursor is on %q", s.m.agreed[at].name)
	}
}

func TestAClickOnTheCreditAsksForThatMoment(t *testing.T) {
	t.Parallel()
	s := states["credit"](t)
	p := s.m.page.(*creditPage)
	s.plain()
	s.m.Click(s.env(), view.Click{X: s.size.W / 2, Y: s.size.H / 2})
	middle := p.cursor
	s.m.Click(s.env(), view.Click{X: s.size.W - 1, Y: s.size.H / 2})
	if !p.cursor.After(middle) || middle.IsZero() {
		t.Errorf("the middle is %v, the end %v", middle, p.cursor)
	}
}

func TestPlanningOneOfTwoThingsIsLeftToTheKey(t *testing.T) {
	t.Parallel()
	s := states["both marked"](t)
	for range 3 {
		if e := solo.ClickOn(t, s.m, s.env(), "destroy 4 instances"); len(e.Intents) > 0 {
			t.Fatalf("a click wants %+v", e.Intents)
		}
	}
}
