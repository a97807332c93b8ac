package table

import (
	"math"
	"slices"
)

// sorting is a column and a direction; without a column it is the order given.
type sorting[T any] struct {
	col  Column[T]
	desc bool
}

func (s sorting[T]) on() bool { return s.col.Sortable() }

// Sort orders the rows by a column, visible or not. Rows of equal value keep the order they had,
// and are kept in it when rows are replaced: they stay sorted by the column before, and among those
// that are equal there too nothing moves; new ones come last, in the order given. An id that is not that
// of a sortable column restores the order given. The cursor stays on its key.
func (m *Model[K, T]) Sort(id string, desc bool) {
	var next sorting[T]
	if i := m.column(id); i >= 0 && m.cols[i].Sortable() {
		next = sorting[T]{col: m.cols[i], desc: desc}
	}
	switch {
	case !next.on():
		m.then = next
	case m.sort.on() && m.sort.col.ID != id:
		m.then = m.sort
	}
	m.sort = next
	m.wish.version.order++
	m.arrange()
}

// SortBy returns the column and direction of the order; the id is "" for the order given.
func (m *Model[K, T]) SortBy() (id string, desc bool) { return m.sort.col.ID, m.sort.desc }

// SortLabel returns "sorted by DLP/$ ▼", or "" for the order given.
func (m *Model[K, T]) SortLabel() string {
	if !m.sort.on() {
		return ""
	}
	return "sorted by " + m.sort.col.title() + " " + m.sort.mark()
}

// SortVisible reports whether the title of the column that the rows are sorted by is on the screen,
// or there is none. While it is not, the table says SortLabel in its own header if there is room.
func (m *Model[K, T]) SortVisible() bool {
	return !m.sort.on() || m.onScreen(m.column(m.sort.col.ID))
}

func (s sorting[T]) mark() string {
	if s.desc {
		return descending
	}
	return ascending
}

// NextSort orders by the next sortable column that is on the screen, in that column's first direction.
func (m *Model[K, T]) NextSort() {
	at := slices.Index(m.view, m.column(m.sort.col.ID))
	for i := 1; i <= len(m.view); i++ {
		next := m.view[(at+i)%len(m.view)]
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
	case id == m.sort.col.ID:
		m.Reverse()
	default:
		m.Sort(id, m.cols[i].Desc)
	}
}

// Reverse turns the order round. Rows of unknown value stay last. The order given cannot be turned.
func (m *Model[K, T]) Reverse() {
	if !m.sort.on() {
		return
	}
	m.sort.desc = !m.sort.desc
	m.wish.version.order++
	m.arrange()
}

func (m *Model[K, T]) column(id string) int {
	return slices.IndexFunc(m.cols, func(c Column[T]) bool { return c.ID == id })
}

// onScreen reports whether a column was drawn; before the first drawing all that are visible count.
func (m *Model[K, T]) onScreen(col int) bool {
	l := m.paint.layout
	if l.width == 0 {
		return slices.Contains(m.view, col)
	}
	return slices.ContainsFunc(l.cols, func(p placed) bool { return p.col == col })
}

// ordered returns the order of a set whose rows come after those of j.from.
func (j Job[K, T]) ordered(s set[K, T], now []int32) []int32 {
	if !j.sort.on() {
		return given(len(s.rows))
	}
	order := j.former(len(s.rows), now)
	var by sorter
	if j.then.on() {
		arrangeBy(&by, order, s.rows, j.then)
	}
	arrangeBy(&by, order, s.rows, j.sort)
	return order
}

// given returns the numbers of n rows.
func given(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}

// former returns the rows in the order they had before, those that are new behind them.
func (j Job[K, T]) former(n int, now []int32) []int32 {
	if now == nil {
		return slices.Clone(j.from.order)
	}
	order, known := make([]int32, 0, n), newBits(n)
	for _, old := range j.from.order {
		if i := now[old]; i >= 0 && !known.has(i) {
			known.add(i)
			order = append(order, i)
		}
	}
	for i := range int32(n) {
		if !known.has(i) {
			order = append(order, i)
		}
	}
	return order
}

// arrangeBy sorts the row numbers in order. It is stable.
func arrangeBy[T any](by *sorter, order []int32, rows []T, s sorting[T]) {
	c := s.col
	if c.Num == nil && c.Str == nil {
		arrangeByLess(order, rows, s)
		return
	}
	keys := by.begin(len(rows))
	if c.Num != nil {
		for i := range rows {
			keys[i] = numKey(c.Num(rows[i]))
		}
	} else {
		by.ranks(keys, func(i int) string { return c.Str(rows[i]) })
	}
	if c.Unknown != nil {
		for i := range rows {
			if c.Unknown(rows[i]) {
				keys[i] = unknownKey
			}
		}
	}
	if s.desc {
		for i, k := range keys {
			if k != unknownKey {
				keys[i] = ^k
			}
		}
	}
	by.sort(order)
}

func arrangeByLess[T any](order []int32, rows []T, s sorting[T]) {
	c := s.col
	unknown := func(i int32) bool { return c.Unknown != nil && c.Unknown(rows[i]) }
	slices.SortStableFunc(order, func(a, b int32) int {
		switch ua, ub := unknown(a), unknown(b); {
		case ua && ub:
			return 0
		case ua:
			return 1
		case ub:
			return -1
		case s.desc:
			return c.Less(rows[b], rows[a])
		}
		return c.Less(rows[a], rows[b])
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
