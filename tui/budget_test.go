package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// charged takes in an answer about what was spent today and in this month.
func charged(m *Model, at time.Time, day, month vastapi.Amount) {
	a := command.SpentLoaded{Answer: command.Answer{At: at}, Spent: feed.Spent{Day: day, Month: month, DayOf: feed.DayOf(at), Since: feed.MonthOf(at)}}
	a.Fold(&m.data)
	m.react(a)
}

func TestBudgetIsTheChargesAndTheEstimateSince(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) { d.Budget = Budget{Day: 40, Month: 600, Block: true} })
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	told(m, now, []vastapi.Instance{instance(1, "running", 2)})
	if b := m.budget(now); b.Day.State() != pricing.AllowanceUnknown || !b.Block {
		t.Errorf("before it is known the budget is %+v", b)
	}
	charged(m, now, 30, 100)
	if b := m.budget(now.Add(90 * time.Minute)); b.Day.Spent != 33 || b.Month.Spent != 103 {
		t.Errorf("it is %+v", b)
	}
	if b := m.budget(now.Add(13 * time.Hour)); b.Day.Spent != 2 || b.Month.Spent != 126 {
		t.Errorf("an hour into the next day it is %+v", b)
	}
	if b := root(t, true, nil).budget(now); b.Set() {
		t.Errorf("without limits there is %+v", b)
	}
}

func TestBudgetIsWarnedOfOnceAtEachStep(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) { d.Budget = Budget{Day: 40, Block: true} })
	now := time.Now()
	told(m, now, []vastapi.Instance{instance(1, "running", 0.0001)})
	count := func() int {
		n := 0
		for _, e := range m.data.Events {
			if e.Kind == "budget" {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		spent vastapi.Amount
		want  int
	}{{10, 0}, {33, 1}, {34, 1}, {41, 2}, {42, 2}} {
		charged(m, now, c.spent, c.spent)
		if got := count(); got != c.want {
			t.Errorf("at %v there are %d warnings, want %d", c.spent, got, c.want)
		}
	}
	if last := m.data.Events[len(m.data.Events)-1].Text; !strings.Contains(last, "nothing that costs more is begun") {
		t.Errorf("it says %q", last)
	}
	for _, w := range []int{200, 80} { // a budget that is used up has room also where there is little
		if s := ansi.Strip(m.header(now, w)); !strings.Contains(s, "! day's budget 105.0%") {
			t.Errorf("%d wide the header says %q", w, s)
		}
	}
}

func TestABudgetThatIsNearlyUsedUpStaysInANarrowHeader(t *testing.T) {
	t.Parallel()
	now := time.Now()
	m := root(t, true, func(d *Deps) { d.Budget = Budget{Day: 40, Month: 50} })
	told(m, now, []vastapi.Instance{instance(1, "running", 0.4), instance(2, "exited", 0.02)})
	charged(m, now, 34, 44)
	for w, want := range map[int][]string{
		60: {"! day 85.0%", "credit $41.20", "burn $0.420/h"}, 80: {"! day 85.0%", "! month 88.0%"},
		100: {"! day's budget 85.0%", "! month's budget 88.0%"}, 200: {"! day's budget 85.0%", "today $34.00", "month $44.00"},
	} {
		for _, part := range want {
			if s := ansi.Strip(m.header(now, w)); !strings.Contains(s, part) {
				t.Errorf("%d wide %q is not in the header: %q", w, part, s)
			}
		}
	}
}

func TestTheHeaderCountsWhatIsSpentTodayAndInTheMonth(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC)
	m := told(root(t, true, nil), now, []vastapi.Instance{instance(1, "running", 2)})
	at := func(later time.Duration) string { return ansi.Strip(m.header(now.Add(later), 220)) }
	if s := at(0); strings.Contains(s, "today") || strings.Contains(s, "month") {
		t.Errorf("before it has been read the header says %q", s)
	}
	charged(m, now, 30, 100)
	for later, want := range map[time.Duration]string{
		0: "today $30.00 · month $100.00", 18 * time.Second: "today $30.01 · month $100.01", time.Hour: "today $32.00 · month $102.00",
		3 * time.Hour: "today $2.00 · month $2.00", // an hour into the next month
	} {
		if s := at(later); !strings.Contains(s, want) {
			t.Errorf("after %s %q is not in %q", later, want, s)
		}
	}
	charged(m, now.Add(time.Minute), 29, 99) // what was charged counts, whatever was estimated
	if s := at(time.Minute); !strings.Contains(s, "today $29.00 · month $99.00") {
		t.Errorf("after another answer it is %q", s)
	}
}

func TestWhatIsSpentIsAskedForWithoutABudgetToo(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	now := time.Now()
	m.react(command.UserLoaded{Answer: command.Answer{At: now}, User: vastapi.User{ID: 1, Credit: 40}})
	if !m.data.Spent.Loading {
		t.Error("once the account is known it is not asked what was spent")
	}
	for _, c := range []struct {
		asked time.Duration
		due   bool
	}{{time.Minute, false}, {command.EverySpent + time.Second, true}} {
		m.session.spent = now.Add(-c.asked)
		if due := m.spentDue(now); due != c.due {
			t.Errorf("%s after it was asked for in vain it is due: %t", c.asked, due)
		}
	}
}

func TestRunwayIsColouredByItsLengthAndNamesItsEnd(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, c := range []struct {
		rate vastapi.Rate
		want theme.Class
		zero bool
	}{{20, theme.Bad, true}, {2, theme.Warn, true}, {1, theme.Plain, true}, {0.1, theme.Good, true}, {0.001, theme.Good, false}} {
		pieces := runwayPieces(pricing.SpanOf(41.2, c.rate), now)
		if pieces[0].Class != c.want || (len(pieces) == 2) != c.zero {
			t.Errorf("at %v it is %+v", c.rate, pieces)
		}
	}
	if pieces := runwayPieces(pricing.SpanOf(-0.24, 0.078), now); len(pieces) != 1 || pieces[0].Text != "used up" || pieces[0].Class != theme.Bad {
		t.Errorf("used up it is %+v", pieces)
	}
	if pieces := runwayPieces(pricing.SpanOf(41.2, 0), now); pieces != nil {
		t.Errorf("without any cost it is %+v", pieces)
	}
	m := told(root(t, true, nil), now, []vastapi.Instance{instance(1, "running", 2), instance(2, "exited", 0.02)})
	wide, narrow := ansi.Strip(m.header(now, 160)), ansi.Strip(m.header(now, 100))
	if !strings.Contains(wide, "zero ") || strings.Contains(narrow, "zero ") {
		t.Errorf("wide %q\nnarrow %q", wide, narrow)
	}
	for _, want := range []string{"credit $41.20", "burn $2.020/h", "leak $0.020/h", "lasts 20h"} {
		if !strings.Contains(narrow, want) {
			t.Errorf("%q is not in %q", want, narrow)
		}
	}
}
