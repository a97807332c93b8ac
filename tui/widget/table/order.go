package table

import (
	"math"
	"slices"
)

// Sort orders the rows by a column. An id that is not that of a sortable column restores the
// order given. The cursor stays on its key.
func (m *Model[K, T]) Sort(id string, desc bool) {
	m.sortCol, m.desc = m.column(id), desc
	if m.sortCol >= 0 && !m.cols[m.sortCol].Sortable() {
		m.sortCol = -1
	}
	m.desc = desc && m.sortCol >= 0
	m.sortRows()
	m.filterRows()
	m.cursor.pos = m.find(m.cursor.at)
	m.paint.touch()
}

// SortBy returns the column and direction of the order; the id is "" for the order given.
func (m *Model[K, T]) SortBy() (id string, desc bool) {
	if m.sortCol < 0 {
		return "", false
	}
	return m.cols[m.sortCol].ID, m.desc
}

// NextSort orders by the next sortable column that is on the screen, in that column's first direction.
func (m *Model[K, T]) NextSort() {
	for i := 1; i <= len(m.cols); i++ {
		next := (m.sortCol + i) % len(m.cols)
		if c := m.cols[next]; c.Sortable() && m.onScreen(next) {
			m.Sort(c.ID, c.Desc)
			return
		}
	}
}

// ChooseSort orders by a column as a click on its title does: in the column's first direction, or
// reversed when it was the order already.
func (m *Model[K, T]) ChooseSort(id string) {
	i := m.column(id)
	switch {
	case i < 0 || !m.cols[i].Sortable():
	case i == m.sortCol:
		m.Reverse()
	default:
		m.Sort(id, m.cols[i].Desc)
	}
}

// Reverse turns the order round. Rows of unknown value stay last. The order given cannot be turned.
func (m *Model[K, T]) Reverse() {
	if id, desc := m.SortBy(); id != "" {
		m.Sort(id, !desc)
	}
}

func (m *Model[K, T]) column(id string) int {
	return slices.IndexFunc(m.cols, func(c Column[T]) bool { return c.ID == id })
}

// onScreen reports whether a column was drawn; before the first drawing all count.
func (m *Model[K, T]) onScreen(col int) bool {
	l := m.paint.layout
	return l.width == 0 || slices.ContainsFunc(l.cols, func(p placed) bool { return p.col == col })
}

// filterRows makes shown anew from order.
func (m *Model[K, T]) filterRows() {
	m.pickedNow = false
	if cap(m.shown) < len(m.order) {
		m.shown = make([]int32, 0, len(m.order))
	}
	m.shown = m.shown[:0]
	if m.keep == nil {
		m.shown = append(m.shown, m.order...)
		return
	}
	for _, i := range m.order {
		if m.keep(m.rows[i]) {
			m.shown = append(m.shown, i)
		}
	}
}

// sortRows makes order anew. It is stable: rows of equal value stay in the order given.
func (m *Model[K, T]) sortRows() {
	m.order = slices.Grow(m.order[:0], len(m.rows))[:len(m.rows)]
	for i := range m.order {
		m.order[i] = int32(i)
	}
	if m.sortCol < 0 {
		return
	}
	c := m.cols[m.sortCol]
	if c.Num == nil && c.Str == nil {
		m.sortByLess(c)
		return
	}
	keys := m.sorter.begin(len(m.rows))
	if c.Num != nil {
		for i := range m.rows {
			keys[i] = numKey(c.Num(m.rows[i]))
		}
	} else {
		m.sorter.ranks(keys, func(i int) string { return c.Str(m.rows[i]) })
	}
	if c.Unknown != nil {
		for i := range m.rows {
			if c.Unknown(m.rows[i]) {
				keys[i] = unknownKey
			}
		}
	}
	if m.desc {
		for i, k := range keys {
			if k != unknownKey {
				keys[i] = ^k
			}
		}
	}
	m.sorter.sort(m.order)
}

func (m *Model[K, T]) sortByLess(c Column[T]) {
	unknown := func(i int32) bool { return c.Unknown != nil && c.Unknown(m.rows[i]) }
	slices.SortStableFunc(m.order, func(a, b int32) int {
		switch ua, ub := unknown(a), unknown(b); {
		case ua && ub:
			return 0
		case ua:
			return 1
		case ub:
			return -1
		case m.desc:
			return c.Less(m.rows[b], m.rows[a])
		}
		return c.Less(m.rows[a], m.rows[b])
	})
}

// unknownKey sorts behind every key that a value has, also after the values have been inverted:
// no float64 but NaN becomes this pattern or its inverse.
const unknownKey = math.MaxUint64

// numKey maps a float64 to an integer with the same order.
func numKey(v float64) uint64 {
	if math.IsNaN(v) {
		return unknownKey
	}
	if v == 0 {
		v = 0 // minus zero is zero
	}
	b := math.Float64bits(v)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}
