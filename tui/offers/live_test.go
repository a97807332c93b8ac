package offers

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

func TestPatternsFilterHereAndAreNotSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.settle(s.text("~^rtx !3090"), 3)
	s.press("enter")
	s.has("1 of 3 offers shown", "checked here only: ~^rtx", "RTX 4090")
	for _, q := range s.server.searches {
		if len(q.Filter["gpu_name"]) > 0 && strings.Contains(asText(q.Filter["gpu_name"]), "^") {
			t.Errorf("the pattern was sent: %v", q.Filter)
		}
	}
}

func asText(ops map[string]any) string {
	var b strings.Builder
	for op := range ops {
		b.WriteString(op)
		if s, ok := ops[op].(string); ok {
			b.WriteString(s)
		}
	}
	return b.String()
}

func TestWordsAreShownInTheRowsTheyFound(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	ink := dark.Ink(theme.Found)
	if strings.Contains(s.m.Draw(s.env(), s.size).Body, ink.On) {
		t.Error("something is marked without a word")
	}
	s.press("down")
	s.press("/")
	s.settle(s.text("rtx"), 3)
	s.press("enter", "down")
	body := s.m.Draw(s.env(), s.size).Body
	if !strings.Contains(body, ink.Paint("RTX")) || !strings.Contains(ansi.Strip(body), "2 of 3 offers shown") {
		t.Errorf("RTX is not marked\n%q", body)
	}
	s.press("/")
	s.m.line.Reset()
	s.settle(s.text("num_gpus>=1 "), 3)
	if strings.Contains(s.m.Draw(s.env(), s.size).Body, ink.On) {
		t.Error("a comparison marks something")
	}
}

func TestContradictionFindsNothingSaysWhyAndIsNotSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.settle(s.text("dph<0.45 "), 3)
	s.has("1 of 3 offers shown")
	before := len(s.server.searches)
	s.settle(s.text("dph>0.5 "), 0)
	s.due()
	s.has("0 of 3 offers shown", "dph_total<0.45 and dph_total>0.5 cannot both hold", "it is not sent")
	if len(s.server.searches) != before {
		t.Errorf("it was sent: %v", s.last().Filter)
	}
	// What is in hand stays true meanwhile.
	s.now = s.now.Add(time.Minute)
	s.settle(s.m.Update(s.env(), command.Refresh{}), 3)
	if len(s.server.searches) == before {
		t.Error("the market is not asked for any more")
	}
	if got := s.last().Filter["dph_total"]; got["gt"] != nil {
		t.Errorf("asked for %v", got)
	}
	s.press("enter", "esc")
	s.has("3 of 3 offers shown")
}

func TestCeilingMayBeForThePriceAllIn(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.data.Memory.Workload = feed.Workload{Disk: 1000, Hours: 24}
	s.load()
	o := *s.m.list.table.Rows()[0].Offer
	allIn := s.m.query.prices.allIn(&o)
	if allIn <= s.m.query.prices.headline(&o)*0.99 {
		t.Fatalf("all-in %v is below the price listed", allIn)
	}
	before := len(s.server.searches)
	f := s.form(s.press("<"))
	for _, bad := range []string{"", "0", "-1", "NaN"} {
		if f.Check(view.Values{"price": bad, "allin": view.Yes})["price"] == "" {
			t.Errorf("%q is taken for a price", bad)
		}
	}
	s.settle(s.submit(f, view.Values{"price": typedNumber(allIn + 0.0001), "allin": view.Yes}), 0)
	s.has("[all-in≤", "1 of 3 offers shown")
	if s.m.line.Value() != "" || len(s.server.searches) != before {
		t.Errorf("the query is %q, asked %d more", s.m.line.Value(), len(s.server.searches)-before)
	}
	// Where it leaves nothing, that is what is said, and taken away.
	s.settle(s.submit(s.form(s.press("<")), view.Values{"price": "0.001", "allin": view.Yes}), 0)
	s.has("remove all-in≤$0.001/h → 3 offers")
	s.settle(s.press("-"), 0)
	s.has("3 of 3 offers shown")
	s.lacks("[all-in")
	s.submit(s.form(s.press("<")), view.Values{"price": "0.45", "allin": view.Yes})
	s.has("[all-in≤$0.450/h]")
	s.press("d")
	s.has("all-in≤$0.450/h", "enter takes it away")
	s.press("enter", "esc")
	s.lacks("[all-in")
	s.submit(s.form(s.press("<")), view.Values{"price": "0.45", "allin": view.Yes})
	s.press("esc")
	s.lacks("[all-in")
}

func TestSavedSearchTellsWhatHasChangedSinceItWasLookedAt(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.data.Memory.Searches = []feed.SavedSearch{{Name: "cheap", Query: "dph<1"}}
	s.load()
	s.has(" cheap 2 ")
	s.lacks(" cheap 2 +")
	s.server.offers = append(s.server.offers[1:], offer(4, "RTX 3090", 1, 0.3), offer(5, "RTX 3090", 1, 0.31))
	s.now = s.now.Add(time.Minute)
	s.settle(s.m.Update(s.env(), command.Refresh{}), 3)
	s.has(" cheap 3 +2 −1 ")
	s.press("'")
	s.has("cheap 3 +2 −1")
	s.settle(s.press("enter"), 3)
	s.has("[cheap 3]")
	s.press("esc")
	s.lacks("cheap 3 +2")
	s.has(" cheap 3 ")
}

func TestSearchOfAnotherTypeIsCountedInItsOwnMarket(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.now = time.Now() // as the answers are
	s.data.Memory.Searches = []feed.SavedSearch{{Name: "bids", Query: "dph<1", Kind: vastapi.Interruptible}}
	s.load()
	s.lacks("bids 2")
	s.settle(s.press("t"), 3)
	s.has(" bids 2 ")
	s.settle(s.press("t"), 3)
	s.has(" bids 2 ")
	s.now = s.now.Add(5 * time.Minute)
	s.settle(s.m.Update(s.env(), command.Refresh{}), 3)
	s.has(" bids 2? ")
}

func TestPausedMarketSaysSoAndTypingPostponesARefresh(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.now = time.Now() // as the answers are
	s.load()
	paused := func(e view.Effect) (on, told bool) {
		for _, in := range e.Intents {
			if p, ok := in.(view.Pause); ok {
				return p.On, true
			}
		}
		return false, false
	}
	if on, told := paused(s.press("P")); !on || !told {
		t.Error("P does not pause")
	}
	s.now = s.now.Add(150 * time.Second)
	s.has("paused, 2 min old: P goes on")
	if on, told := paused(s.press("P")); on || !told {
		t.Error("P does not go on")
	}
	s.lacks("paused")

	before := len(s.server.searches)
	s.press("/")
	s.text("r")
	s.m.Update(s.env(), command.Refresh{})
	if len(s.server.searches) != before || !s.m.postponed {
		t.Error("a refresh moves rows under who is typing")
	}
	s.now = s.now.Add(time.Second)
	s.text("t")
	s.m.Update(s.env(), command.Due{Topic: command.Typed})
	if len(s.server.searches) != before {
		t.Error("it is asked while keys come")
	}
	s.now = s.now.Add(3 * time.Second)
	s.settle(s.m.Update(s.env(), command.Due{Topic: command.Typed}), 2)
	if len(s.server.searches) == before {
		t.Error("what was postponed is forgotten")
	}
}

func TestMarketThatWasReadJustNowIsShownWithoutAsking(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...)
	s.now = time.Now() // as the answers are
	s.load()
	s.settle(s.press("t"), 2)
	s.settle(s.press("t"), 2)
	before := len(s.server.searches)
	s.now = s.now.Add(20 * time.Second)
	s.settle(s.press("t"), 0)
	s.has(" on-demand · 3 of 3 offers shown")
	if len(s.server.searches) != before {
		t.Error("asked for what is here")
	}
	s.now = s.now.Add(20 * time.Second)
	s.settle(s.press("t"), 1)
	if len(s.server.searches) != before+1 {
		t.Error("an old market is not asked for")
	}
	// A query that may admit more is asked for however young the market is.
	s.settle(s.press("/"), 0)
	s.settle(s.text("verified=any "), 3)
	s.press("enter")
	before = len(s.server.searches)
	s.settle(s.press("t"), 2)
	if len(s.server.searches) == before {
		t.Error("another query is taken for the one that is here")
	}
}

func TestCompletionsLeaveTheBestRowsReadable(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, many(100)...).load()
	s.settle(s.press("/"), 0)
	s.lacks("▸")
	s.press("tab")
	s.has("▸")
	s.press("esc")
	s.text("n")
	lines := strings.Split(s.plain(), "\n")
	for y, line := range lines {
		if strings.Contains(line, "▸") && y < len(lines)-10 {
			t.Errorf("completions begin at line %d of %d", y, len(lines))
		}
	}
	s.has("▸", "num_gpus")
	if !strings.Contains(lines[2], "RTX 4090") {
		t.Errorf("the best row is hidden: %q", lines[2])
	}
	s.text("um_gpus>=1")
	s.lacks("▸")
}
