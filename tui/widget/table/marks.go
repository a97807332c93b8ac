package table

import "slices"

// ToggleMark marks the row under the cursor or takes its mark away. Nothing happens when there is
// no row under the cursor.
func (m *Model[K, T]) ToggleMark() {
	key, ok := m.CursorKey()
	if !ok {
		return
	}
	m.flip(key)
	m.anchor, m.anchored = key, true
	m.remarked()
}

// MarkRange marks every shown row from the one that was marked last to the one
// under the cursor. Nothing happens when there is no row under the cursor; when
// none was marked before, or it is not shown any more, only that row is marked.
func (m *Model[K, T]) MarkRange() {
	key, ok := m.CursorKey()
	if !ok {
		return
	}
	from, to := m.cursor.pos, m.cursor.pos
	if m.anchored {
		if pos := slices.IndexFunc(m.shown, func(i int32) bool { return m.keys[i] == m.anchor }); pos >= 0 {
			from, to = min(pos, to), max(pos, to)
		}
	}
	for _, i := range m.shown[from : to+1] {
		m.marks[m.keys[i]] = struct{}{}
	}
	m.anchor, m.anchored = key, true
	m.remarked()
}

// MarkAllShown marks every row that passes the filter.
func (m *Model[K, T]) MarkAllShown() {
	for _, i := range m.shown {
		m.marks[m.keys[i]] = struct{}{}
	}
	m.remarked()
}

// Invert marks every shown row that is not marked and takes the mark from those that are. Marks of
// rows that are not shown stay as they are.
func (m *Model[K, T]) Invert() {
	for _, i := range m.shown {
		m.flip(m.keys[i])
	}
	m.remarked()
}

// ClearMarks takes all marks away and returns how many there were, those of hidden rows included.
func (m *Model[K, T]) ClearMarks() int {
	n := len(m.marks)
	clear(m.marks)
	m.anchored = false
	m.remarked()
	return n
}

// Marked returns the marked rows that are shown, in the order shown. A marked row that the filter
// hides is not among them: what an action touches is on the screen; see MarkedHidden. The slice
// must not be changed.
func (m *Model[K, T]) Marked() []T {
	if len(m.marks) == 0 {
		return nil
	}
	// It is asked for several times a frame, and changes only with marks, rows, order and filter.
	if !m.pickedNow {
		m.picked, m.pickedNow = nil, true
		for _, i := range m.shown {
			if _, ok := m.marks[m.keys[i]]; ok {
				m.picked = append(m.picked, m.rows[i])
			}
		}
	}
	return m.picked
}

// MarkedHidden returns how many marked rows the filter hides.
func (m *Model[K, T]) MarkedHidden() int { return len(m.marks) - len(m.Marked()) }

// remarked says that marks have changed.
func (m *Model[K, T]) remarked() {
	m.pickedNow = false
	m.paint.touch()
}

// IsMarked reports whether the row with this key is marked.
func (m *Model[K, T]) IsMarked(key K) bool {
	_, ok := m.marks[key]
	return ok
}

func (m *Model[K, T]) flip(key K) {
	if _, ok := m.marks[key]; ok {
		delete(m.marks, key)
		return
	}
	m.marks[key] = struct{}{}
}

// pruneMarks drops the marks of rows that are no longer there.
func (m *Model[K, T]) pruneMarks() {
	if len(m.marks) == 0 {
		return
	}
	left := make(map[K]struct{}, len(m.marks))
	for _, key := range m.keys {
		if _, ok := m.marks[key]; ok {
			left[key] = struct{}{}
		}
	}
	m.marks = left
}
