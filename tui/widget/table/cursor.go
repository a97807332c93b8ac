package table

// cursor is where the user is. It stands for a key; pos follows that key.
type cursor[K comparable] struct {
	pos    int  // among the shown rows
	at     K    // key of the row at pos
	placed bool // at means something
	gone   bool // the row the user was on, lost, has vanished; at is its neighbour
	lost   K
}

// Cursor returns the row under the cursor. There is none when no row is shown, when the row has
// vanished and the user has not moved since, and while the table is Pending.
func (m *Model[K, T]) Cursor() (row T, ok bool) {
	if m.Pending() {
		return row, false
	}
	return m.Peek()
}

// Peek returns the row that is drawn under the cursor, also while the table is Pending. It is for
// showing that row's details: what acts upon a row asks Cursor.
func (m *Model[K, T]) Peek() (row T, ok bool) {
	if m.cursor.gone || len(m.shown) == 0 {
		return row, false
	}
	return m.rows[m.shown[m.cursor.pos]], true
}

// CursorKey returns the key of the row under the cursor, under the same conditions as Cursor.
func (m *Model[K, T]) CursorKey() (key K, ok bool) {
	if m.Pending() || m.cursor.gone || len(m.shown) == 0 {
		return key, false
	}
	return m.cursor.at, true
}

// CursorVanished reports that the row under the cursor has disappeared since the user's last move.
// The cursor is then drawn, with a question mark, on the nearest row that followed, but Cursor
// returns nothing. It ends with the next move or when the row comes back.
func (m *Model[K, T]) CursorVanished() bool { return m.cursor.gone }

// VanishedKey returns the key of the row that has disappeared from under the cursor.
func (m *Model[K, T]) VanishedKey() (key K, ok bool) { return m.cursor.lost, m.cursor.gone }

// Position returns the cursor's place among the shown rows, counted from 1; 0 when none is shown.
func (m *Model[K, T]) Position() int {
	if len(m.shown) == 0 {
		return 0
	}
	return m.cursor.pos + 1
}

// Select moves the cursor to a key, as the user's own move. It reports whether that row is shown;
// nothing changes when it is not.
func (m *Model[K, T]) Select(key K) bool {
	pos := m.find(key)
	if pos < 0 {
		return false
	}
	m.moveTo(pos)
	return true
}

// Move moves the cursor n rows down, or up when n is negative, and stops at the ends.
func (m *Model[K, T]) Move(n int) { m.moveTo(m.cursor.pos + n) }

// Page moves the cursor n screens down, or up when n is negative.
func (m *Model[K, T]) Page(n int) { m.scroll(n * max(1, m.visible)) }

// Home moves the cursor to the first row. While the table is Pending it does so once more when the
// rows asked for have come, unless the user moves before.
func (m *Model[K, T]) Home() {
	m.moveTo(0)
	m.homeward = m.Pending()
}

// End moves the cursor to the last row.
func (m *Model[K, T]) End() { m.moveTo(len(m.shown) - 1) }

// scroll moves the cursor and the window together, so that the cursor keeps its line.
func (m *Model[K, T]) scroll(n int) {
	m.top = clamp(m.top+n, 0, len(m.shown)-m.visible)
	m.Move(n)
}

// moveTo puts the cursor on a position, by the user's wish: whatever had vanished is settled.
func (m *Model[K, T]) moveTo(pos int) {
	m.homeward = false
	m.cursor.gone = false
	if len(m.shown) == 0 {
		m.cursor = cursor[K]{}
	} else {
		m.cursor.put(clamp(pos, 0, len(m.shown)-1), m.keys, m.shown)
	}
	m.paint.touch()
}

func (c *cursor[K]) put(pos int, keys []K, shown []int32) {
	c.pos, c.at, c.placed = pos, keys[shown[pos]], true
}

// relocate puts the cursor back on its key after the rows have been arranged anew. before is what
// was shown, and passed the filter it was shown with.
func (m *Model[K, T]) relocate(before set[K, T], a Arrangement[K, T], passed func(T) bool) {
	c := &m.cursor
	line := c.pos - m.top
	wanted := c.at
	if c.gone {
		wanted = c.lost
	}
	pos := -1
	if c.placed {
		pos = m.find(wanted)
	}
	switch {
	case pos >= 0:
		c.gone = false
	case !c.placed:
		pos = 0
	default:
		if a.fresh && !c.gone && len(before.shown) > 0 && m.left(wanted, passed) {
			c.gone, c.lost = true, c.at
		}
		pos = m.neighbour(before.shown, a.now)
	}
	if len(m.shown) == 0 {
		c.pos, m.top = 0, 0
		return
	}
	c.put(clamp(pos, 0, len(m.shown)-1), m.keys, m.shown)
	if m.top > 0 {
		// Rows that come and go above the window do not move what the user is reading.
		m.top = max(0, c.pos-line)
	}
}

// left reports whether a row is not shown for a reason that is not the user's: it is no longer
// there, or the filter it had passed before would hide it now.
func (m *Model[K, T]) left(key K, passed func(T) bool) bool {
	i, there := m.index[key]
	return !there || passed != nil && !passed(m.rows[i])
}

// neighbour returns the position of the nearest row that followed the cursor and is still shown,
// else of the nearest before it. now says where the rows of before are.
func (m *Model[K, T]) neighbour(before, now []int32) int {
	if len(m.shown) == 0 {
		return 0
	}
	place := func(i int32) int32 {
		if now != nil {
			i = now[i]
		}
		if i < 0 {
			return -1
		}
		return m.spot[i]
	}
	for pos := m.cursor.pos; pos < len(before); pos++ {
		if p := place(before[pos]); p >= 0 {
			return int(p)
		}
	}
	for pos := min(m.cursor.pos, len(before)) - 1; pos >= 0; pos-- {
		if p := place(before[pos]); p >= 0 {
			return int(p)
		}
	}
	return m.cursor.pos
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
