package table

// Hit is what a click on the table came to.
type Hit int

// The hits.
const (
	Missed Hit = iota // nothing is there
	Sorted            // a title: the rows are sorted by its column now, or the other way round
	Moved             // a row: the cursor stands on it now
	Again             // the row that the cursor had stood on
)

// Click acts upon a click at a cell of what was drawn last, where line 0 is the header: on the title
// of a sortable column it sorts as ChooseSort does, on a row it moves the cursor there.
func (m *Model[K, T]) Click(x, y int) Hit {
	if len(m.shown) == 0 {
		return Missed
	}
	if y == 0 {
		id, ok := m.HeaderAt(x)
		if i := m.column(id); !ok || !m.cols[i].Sortable() {
			return Missed
		}
		m.ChooseSort(id)
		return Sorted
	}
	key, ok := m.RowAt(y)
	if !ok {
		return Missed
	}
	was, on := m.CursorKey()
	if !m.Select(key) {
		return Missed
	}
	if on && was == key {
		return Again
	}
	return Moved
}

// Wheel scrolls n lines down, or up when n is negative. The cursor keeps its line on the screen, so
// that it never leaves it.
func (m *Model[K, T]) Wheel(n int) { m.scroll(n) }

// CursorLine returns the line of what was drawn last that the cursor is on, where 0 is the header; 0
// when no row is shown.
func (m *Model[K, T]) CursorLine() int {
	if line := m.cursor.pos - m.top + 1; len(m.shown) > 0 && line <= m.visible {
		return line
	}
	return 0
}
