package chooser

// The cells of a line in which its mark stands, the last one excluded.
const (
	markFrom = 2
	markTo   = 5
)

// Click acts upon a click at a cell of what was drawn last: it moves the cursor to the item, and shows or hides that when
// it was the mark that was clicked, or the item that the cursor stood on. While a filter is typed it is left as it is.
func (m *Model) Click(x, y int) {
	found, at := m.matching(), m.top+y-1
	if y < 1 || y > m.rows || at >= len(found) {
		return
	}
	was := m.cursor
	m.cursor, m.filtering = found[at], false
	if was == m.cursor || x >= markFrom && x < markTo {
		m.toggle()
	}
}
