package table

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func TestAllMarkedRowsAreGivenTheHiddenOnesToo(t *testing.T) {
	t.Parallel()
	m := newTable(many(200)...)
	before := m.Remarks()
	m.Mark(3, 70, 9999, 150, 3)
	if m.Remarks() == before {
		t.Error("no mark is said to have changed")
	}
	m.Sort("id", true)
	m.Filter(func(r *machine) bool { return r.id < 100 })
	var ids []int
	for _, r := range m.AllMarked(3) {
		ids = append(ids, r.id)
	}
	if fmt.Sprint(ids) != "[3 70 150]" || m.MarkedHidden() != 1 {
		t.Errorf("marked are %v, %d hidden", ids, m.MarkedHidden())
	}
	if got := m.AllMarked(2); got != nil {
		t.Errorf("of more than 2 marks there are %d", len(got))
	}
}

func TestClearingNoMarksChangesNothing(t *testing.T) {
	t.Parallel()
	m := newTable(few()...)
	before := m.Remarks()
	m.Mark()
	if m.ClearMarks(); m.Remarks() != before {
		t.Error("marks are said to have changed")
	}
	m.Mark(1)
	before = m.Remarks()
	if m.ClearMarks(); m.Remarks() == before {
		t.Error("a mark that was cleared is not said to have changed")
	}
}

func TestAFigureSeenElsewhereFlashesOnceItsRowIsDrawn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m := newTable(many(100)...)
	m.SetFlash(at)
	m.Draw(60, 5)
	last, _ := m.Get(100)
	flashing := func() bool {
		m.End()
		m.Draw(60, 5)
		m.Move(-1) // the cursor has colours of its own
		text := fit.Right(strings.TrimSpace(figureOf(last)), 9)
		return strings.Contains(m.Draw(60, 5), theme.New(true).Ink(theme.Changed).On+text)
	}
	m.Flash(100, "price")
	m.Flash(4711, "price") // nobody
	m.SetFlash(at.Add(time.Minute))
	m.Draw(60, 5)
	if !flashing() {
		t.Errorf("it does not flash:\n%q", m.Draw(60, 5))
	}
	m.SetFlash(at.Add(time.Minute + 3*time.Second))
	if flashing() {
		t.Error("the flash does not end")
	}
	m.Home()
	m.Draw(60, 5)
	if flashing() {
		t.Error("it flashes again")
	}
}

// figureOf is what the column of prices says of a row.
func figureOf(r *machine) string {
	text, _ := columns()[2].Cell(r)
	return text
}
