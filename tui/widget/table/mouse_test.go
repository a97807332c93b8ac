package table

import (
	"testing"

	"vastdeck/tui/theme"
)

func clickable(n int) *Model[int, int] {
	m := New(func(i int) int { return i }, []Column[int]{
		{ID: "n", Title: "N", Min: 6, Right: true, Num: func(i int) float64 { return float64(i) }, Cell: func(i int) (string, theme.Class) { return "x", theme.Plain }},
		{ID: "fixed", Title: "fixed", Min: 8, Cell: func(i int) (string, theme.Class) { return "y", theme.Plain }},
	}, theme.New(true))
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	m.SetRows(rows)
	m.Draw(30, 6)
	return &m
}

func TestAClickMovesSortsAndSaysWhenItCameAgain(t *testing.T) {
	t.Parallel()
	m := clickable(20)
	if got := m.Click(4, 3); got != Moved {
		t.Errorf("a click on a row came to %d", got)
	}
	if key, _ := m.CursorKey(); key != 2 {
		t.Errorf("the cursor is on %d", key)
	}
	if got := m.Click(9, 3); got != Again {
		t.Errorf("a second click came to %d", got)
	}
	if got := m.Click(4, 0); got != Sorted {
		t.Errorf("a click on a title came to %d", got)
	}
	if id, desc := m.SortBy(); id != "n" || desc {
		t.Errorf("sorted by %q, descending %t", id, desc)
	}
	if m.Click(4, 0); !sortedDown(m) {
		t.Error("a second click on the title does not turn the order round")
	}
	for name, at := range map[string][2]int{"a title that cannot be sorted by": {12, 0}, "behind the columns": {29, 0}, "below the rows": {4, 6}, "above": {4, -1}} {
		if got := m.Click(at[0], at[1]); got != Missed {
			t.Errorf("%s came to %d", name, got)
		}
	}
	if got := clickable(0).Click(4, 0); got != Missed {
		t.Errorf("a table without rows, of which nothing is drawn, sorts: %d", got)
	}
}

func sortedDown(m *Model[int, int]) bool { _, desc := m.SortBy(); return desc }

func TestTheWheelMovesRowsUnderAStillCursor(t *testing.T) {
	t.Parallel()
	m := clickable(20)
	m.Click(4, 2)
	m.Wheel(3)
	m.Draw(30, 6)
	if key, _ := m.RowAt(1); key != 3 {
		t.Errorf("the first row is %d", key)
	}
	if key, _ := m.CursorKey(); key != 4 {
		t.Errorf("the cursor is on %d", key)
	}
	for range 20 {
		m.Wheel(3)
	}
	m.Draw(30, 6)
	if key, _ := m.RowAt(5); key != 19 {
		t.Errorf("the last row is %d", key)
	}
	for range 20 {
		m.Wheel(-3)
	}
	m.Draw(30, 6)
	if key, _ := m.RowAt(1); key != 0 {
		t.Errorf("the first row is %d", key)
	}
}
