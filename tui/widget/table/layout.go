package table

import (
	"slices"

	"vastdeck/tui/widget/fit"
)

// gutter is the room at the left of every row: one cell for the cursor, one for the mark.
const gutter = 2

// placed is a column on the screen.
type placed struct {
	col   int // index of the column
	x     int // first cell
	width int // cells, without the gap behind it
}

// layout says where the columns are. It depends on the columns and the width alone, never on what
// the rows hold: scrolling must not move anything sideways.
type layout struct {
	width int
	cols  []placed
}

// newLayout places the visible columns of a table that is w cells wide.
func newLayout[T any](cols []Column[T], view []int, w int) layout {
	room := w - gutter
	gap := 2
	kept := drop(cols, view, room, gap)
	if len(kept) < len(view) {
		gap = 1
		kept = drop(cols, view, room, gap)
	}
	widths := grow(cols, kept, room-gap*(len(kept)-1))
	l := layout{width: w}
	x := gutter
	for i, col := range kept {
		if x >= w {
			break
		}
		l.cols = append(l.cols, placed{col: col, x: x, width: min(widths[i], w-x)})
		x += widths[i] + gap
	}
	return l
}

// drop returns the columns that stay when there is room for so many cells: the least important go
// first, of two that are equal the one further right.
func drop[T any](cols []Column[T], view []int, room, gap int) []int {
	kept := slices.Clone(view)
	need := -gap
	for _, col := range view {
		need += cols[col].least() + gap
	}
	for need > room {
		worst := -1
		for i, col := range kept {
			if p := cols[col].Priority; p > 0 && (worst < 0 || p >= cols[kept[worst]].Priority) {
				worst = i
			}
		}
		if worst < 0 {
			break
		}
		need -= cols[kept[worst]].least() + gap
		kept = append(kept[:worst], kept[worst+1:]...)
	}
	return kept
}

// grow shares the room among the columns: first up to their ideal widths, the important ones
// first, then by flex.
func grow[T any](cols []Column[T], kept []int, room int) []int {
	widths := make([]int, len(kept))
	highest, flex := 0, 0
	for i, col := range kept {
		widths[i] = cols[col].least()
		room -= widths[i]
		highest = max(highest, cols[col].Priority)
		flex += max(0, cols[col].Flex)
	}
	for p := 0; p <= highest && room > 0; p++ {
		for i, col := range kept {
			if c := cols[col]; max(0, c.Priority) == p {
				more := clamp(c.Ideal-widths[i], 0, room)
				widths[i] += more
				room -= more
			}
		}
	}
	// Each share is taken of what is left, so that the last one takes the rest exactly.
	for i, col := range kept {
		if f := cols[col].Flex; f > 0 && room > 0 {
			more := room * f / flex
			widths[i] += more
			room -= more
			flex -= f
		}
	}
	return widths
}

// least is the width below which the column is not worth its place.
func (c Column[T]) least() int {
	if c.Min > 0 {
		return c.Min
	}
	n := fit.Width(c.Title)
	if c.Sortable() {
		n++ // the sort mark
	}
	return max(1, n)
}
