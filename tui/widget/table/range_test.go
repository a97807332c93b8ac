package table

import (
	"testing"

	"vastdeck/tui/theme"
)

func rangeTable() Model[int, int] {
	m := New(func(n int) int { return n }, []Column[int]{{ID: "n", Title: "N", Cell: func(int) (string, theme.Class) { return "", theme.Plain }}}, theme.New(true))
	m.SetRows([]int{10, 11, 12, 13, 14, 15})
	return m
}

func TestRangeMarksFromTheLastMarkedRowToTheCursor(t *testing.T) {
	t.Parallel()
	for _, way := range []struct{ from, to int }{{1, 4}, {4, 1}} {
		m := rangeTable()
		m.Move(way.from)
		m.ToggleMark()
		m.Move(way.to - way.from)
		m.MarkRange()
		if got := m.Marked(); len(got) != 4 || got[0] != 11 || got[3] != 14 {
			t.Errorf("from %d to %d: marked %v", way.from, way.to, got)
		}
	}
}

func TestRangeWithoutAnEarlierMarkIsTheRowUnderTheCursor(t *testing.T) {
	t.Parallel()
	m := rangeTable()
	m.Move(2)
	m.MarkRange()
	if got := m.Marked(); len(got) != 1 || got[0] != 12 {
		t.Errorf("marked %v", got)
	}
	m.ClearMarks()
	m.Move(3)
	m.MarkRange()
	if got := m.Marked(); len(got) != 1 || got[0] != 15 {
		t.Errorf("after clearing: marked %v", got)
	}
}

func TestRangeWhoseBeginningVanishedMarksOneRow(t *testing.T) {
	t.Parallel()
	m := rangeTable()
	m.ToggleMark()
	m.Move(3)
	m.SetRows([]int{11, 12, 13, 14, 15})
	m.MarkRange()
	if got := m.Marked(); len(got) != 1 || got[0] != 13 {
		t.Errorf("marked %v", got)
	}
}
