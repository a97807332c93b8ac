package offers

import (
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
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

func TestAClickOnTheNameOfASavedSearchOpensIt(t *testing.T) {
	t.Parallel()
	for _, size := range []view.Size{{W: 60, H: 16}, {W: 80, H: 21}, {W: 140, H: 37}} {
		s := newStage(t, command.Market{Limit: 1000, Max: 5000}, many(30)...).load()
		s.size = size
		s.data.Memory.Searches = []feed.SavedSearch{{Name: "all"}, {Name: "cheap", Query: "dph<0.5", Sort: "vram"}, {Name: "bids", Query: "gpus=2", Kind: vastapi.Interruptible}}
		solo.ClickOn(t, s.m, s.env(), "cheap")
		if by, _ := s.m.list.table.SortBy(); s.m.line.Value() != "dph<0.5" || by != "vram" {
			t.Errorf("%v: the line holds %q, sorted by %s", size, s.m.line.Value(), by)
		}
		solo.ClickOn(t, s.m, s.env(), "bids")
		if s.m.kind() != vastapi.Interruptible || s.m.line.Value() != "gpus=2" {
			t.Errorf("%v: %s, the line holds %q", size, s.m.kind(), s.m.line.Value())
		}
		s.press("/", "x")
		if solo.ClickOn(t, s.m, s.env(), "cheap"); s.m.line.Value() != "gpus=2x" || !s.m.line.Focused() {
			t.Errorf("%v: what was typed is gone: %q", size, s.m.line.Value())
		}
		s.press("esc", "c", "down", "x")
		if solo.ClickOn(t, s.m, s.env(), "all "); s.m.page == nil {
			t.Errorf("%v: the choice of columns is thrown away", size)
		}
	}
}

func TestAClickOnAChartAsksForThatMoment(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 1000, Max: 5000}, many(3)...).load()
	s.press("h")
	p := s.m.page.(*pricePage)
	p.asked = feed.PriceQuery{Model: p.model, From: s.now.Add(-7 * 24 * time.Hour), To: s.now, Parts: pastParts}
	c := feed.PriceChart{PriceQuery: p.asked, Samples: 100}
	for n := range 100 {
		c.Points = append(c.Points, feed.PricePoint{At: s.now.Add(time.Duration(n-100) * 90 * time.Minute), Low: float64(n), Mid: float64(n), High: float64(n)})
	}
	s.data.Past.Chart.Apply(c, s.now, nil)
	solo.Find(t, s.m, s.env(), "cheapest")
	var before time.Time
	for _, x := range []int{20, s.size.W / 2, s.size.W - 1} {
		s.m.Click(s.env(), view.Click{X: x, Y: s.size.H / 2})
		if !p.cursor.After(before) {
			t.Errorf("cell %d is %v, one further left is %v", x, p.cursor, before)
		}
		before = p.cursor
		s.plain()
	}
	if !before.Equal(s.now) {
		t.Errorf("the last cell is %v, now is %v", before, s.now)
	}
	s.m.Click(s.env(), view.Click{X: 0, Y: s.size.H / 2})
	if !p.cursor.Equal(before) {
		t.Error("a click on the axis moves the cursor")
	}
}
