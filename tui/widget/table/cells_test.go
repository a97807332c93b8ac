package table

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/theme"
)

// grown is a row whose cells change by themselves.
type grown struct{ id, text string }

func TestWhatChangesByItselfDoesNotFlashAndIsCutAsItsColumnSays(t *testing.T) {
	t.Parallel()
	word := func(s string) string { w, _, _ := strings.Cut(s, " "); return w }
	cols := []Column[grown]{
		{ID: "steady", Title: "A", Min: 10, Cell: func(g grown) (string, theme.Class) { return g.text, theme.Plain }, Steady: word, Cut: func(s string, _ int) string { return word(s) }},
		{ID: "plain", Title: "B", Min: 10, Cell: func(g grown) (string, theme.Class) { return g.text, theme.Plain }},
	}
	th := theme.New(true)
	flashes := func(before, after string) int {
		m := New(func(g grown) string { return g.id }, cols, th)
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		m.SetFlash(now)
		m.SetRows([]grown{{"1", "first"}, {"2", before}})
		m.Draw(40, 4)
		m.SetFlash(now.Add(time.Second))
		m.SetRows([]grown{{"1", "first"}, {"2", after}})
		return strings.Count(m.Draw(40, 4), th.Ink(theme.Changed).On)
	}
	if got := flashes("LOADING 3m", "LOADING 4m"); got != 1 {
		t.Errorf("an age that grows flashes in %d cells, want in the plain one alone", got)
	}
	if got := flashes("LOADING", "RUNNING"); got == 0 {
		t.Error("another word does not flash")
	}
	m := New(func(g grown) string { return g.id }, cols, th)
	m.SetRows([]grown{{"1", "STOPPED (billing)"}})
	if got := m.Draw(40, 3); !strings.Contains(got, "STOPPED    ") || strings.Count(got, "STOPPED (…") != 1 {
		t.Errorf("drawn is %q", got)
	}
}
