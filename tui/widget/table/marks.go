package table

import mathbits "math/bits"

// ToggleMark marks the row under the cursor or takes its mark away. While the table is Pending this
// is the row that is drawn there. Nothing happens when there is none.
func (m *Model[K, T]) ToggleMark() {
	if m.cursor.gone || len(m.shown) == 0 {
		return
	}
	m.flip(m.shown[m.cursor.pos])
	m.anchor, m.anchored = m.cursor.at, true
	m.remarked()
}

// MarkRange marks every shown row from the one that was marked last to the one
// under the cursor. Nothing happens when there is no row under the cursor; when
// none was marked before, or it is not shown any more, only that row is marked.
// While the table is Pending it waits for the rows asked for.
func (m *Model[K, T]) MarkRange() { m.afterwards(m.markRange) }

func (m *Model[K, T]) markRange() {
	key, ok := m.CursorKey()
	if !ok {
		return
	}
	from, to := m.cursor.pos, m.cursor.pos
	if m.anchored {
		if pos := m.find(m.anchor); pos >= 0 {
			from, to = min(pos, to), max(pos, to)
		}
	}
	for _, i := range m.shown[from : to+1] {
		m.mark(i)
	}
	m.anchor, m.anchored = key, true
	m.remarked()
}

// MarkAllShown marks every row that passes the filter. While the table is Pending it waits for the
// rows asked for.
func (m *Model[K, T]) MarkAllShown() {
	m.afterwards(func() {
		for _, i := range m.shown {
			m.mark(i)
		}
		m.remarked()
	})
}

// Invert marks every shown row that is not marked and takes the mark from those that are. Marks of
// rows that are not shown stay as they are. While the table is Pending it waits for the rows asked for.
func (m *Model[K, T]) Invert() {
	m.afterwards(func() {
		for _, i := range m.shown {
			m.flip(i)
		}
		m.remarked()
	})
}

// ClearMarks takes all marks away and returns how many there were, those of hidden rows included.
func (m *Model[K, T]) ClearMarks() int {
	n := m.marked
	clear(m.marks)
	m.marked, m.anchored, m.after = 0, false, nil
	if n > 0 {
		m.remarked()
	}
	return n
}

// Marked returns the marked rows that are shown, in the order shown. A marked row that the filter
// hides is not among them: what an action touches is on the screen; see MarkedHidden. The slice
// must not be changed.
func (m *Model[K, T]) Marked() []T {
	if m.marked == 0 {
		return nil
	}
	// It is asked for several times a frame, and changes only with marks, rows, order and filter.
	if !m.pickedNow {
		m.picked, m.pickedNow = make([]T, 0, min(m.marked, len(m.shown))), true
		for _, i := range m.shown {
			if m.marks.has(i) {
				m.picked = append(m.picked, m.rows[i])
			}
		}
	}
	return m.picked
}

// MarkedHidden returns how many marked rows the filter hides.
func (m *Model[K, T]) MarkedHidden() int { return m.marked - len(m.Marked()) }

// remarked says that marks have changed.
func (m *Model[K, T]) remarked() {
	m.pickedNow = false
	m.remarks++
	m.paint.touch()
}

// Remarks counts how often marks were changed by the user or the program.
func (m *Model[K, T]) Remarks() uint64 { return m.remarks }

// Mark marks the rows with these keys, shown or not.
func (m *Model[K, T]) Mark(keys ...K) {
	for _, key := range keys {
		if i, ok := m.index[key]; ok {
			m.mark(i)
		}
	}
	if len(keys) > 0 {
		m.remarked()
	}
}

// AllMarked returns the marked rows, those that the filter hides among them, in the order in which
// rows were given. There are none when more than most are marked.
func (m *Model[K, T]) AllMarked(most int) []T {
	if m.marked == 0 || m.marked > most {
		return nil
	}
	list := make([]T, 0, m.marked)
	for w, word := range m.marks {
		for ; word != 0; word &= word - 1 {
			list = append(list, m.rows[w*64+mathbits.TrailingZeros64(word)])
		}
	}
	return list
}

// IsMarked reports whether the row with this key is marked.
func (m *Model[K, T]) IsMarked(key K) bool {
	i, ok := m.index[key]
	return ok && m.marks.has(i)
}

// Unmark takes the mark of a row away, if it has one.
func (m *Model[K, T]) Unmark(key K) {
	if m.IsMarked(key) {
		m.flip(m.index[key])
		m.remarked()
	}
}

func (m *Model[K, T]) mark(row int32) {
	if !m.marks.has(row) {
		m.flip(row)
	}
}

func (m *Model[K, T]) flip(row int32) {
	m.marks.flip(row)
	if m.marks.has(row) {
		m.marked++
	} else {
		m.marked--
	}
}

// carryMarks takes the marks over from the rows before; those of rows that are gone are dropped.
func (m *Model[K, T]) carryMarks(now []int32) {
	if now == nil {
		return // each row is where it was
	}
	old := m.marks
	m.marks = newBits(len(m.rows))
	m.marked = 0
	for w, word := range old {
		for ; word != 0; word &= word - 1 {
			if i := now[w*64+mathbits.TrailingZeros64(word)]; i >= 0 {
				m.mark(i)
			}
		}
	}
}
