package table

import (
	"slices"
	"strings"

	"vastdeck/tui/theme"
)

// Column describes one column of rows of type T.
//
// A column is sortable when it has Num, Str or Less; the first of these that is set counts. Rows
// whose value is unknown (NaN, an empty string, or what Unknown says) come last in both directions.
type Column[T any] struct {
	// ID names the column towards the program; it must be unique in a table.
	ID string
	// Title stands above the column.
	Title string
	// Help says in one sentence what the figures mean, with their unit.
	Help string
	// Hidden leaves the column out until ShowColumns names it. It can be sorted by all the same.
	Hidden bool
	// Min and Ideal are widths in cells: a column gets Ideal when there is room and Min before it is
	// dropped. A Min of 0 is the width of the title and its sort mark, an Ideal below Min is Min.
	Min, Ideal int
	// Flex is the share of the room that is left when every column has its Ideal width.
	Flex int
	// Priority decides which column goes when there is no room: the highest first, 0 never.
	Priority int
	// Right aligns the column at its right, for figures.
	Right bool
	// Cell returns text and class of a row's cell. It must be pure: its result is kept until SetRows
	// or Invalidate. The text must be inert (no escape sequences).
	Cell func(T) (text string, class theme.Class)
	// Num returns what the column is sorted by; NaN is unknown.
	Num func(T) float64
	// Str returns what the column is sorted by; "" is unknown.
	Str func(T) string
	// Less compares two rows in ascending order, as cmp.Compare does. It is the slowest of the three.
	Less func(a, b T) int
	// Unknown reports rows that come last whatever the direction.
	Unknown func(T) bool
	// Steady returns the part of a cell's text that is news when it changes; nil is all of it. It is
	// for what changes by itself, such as an age, which would flash with every answer.
	Steady func(text string) string
	// Cut makes a text shorter that is wider than the w cells of the column; nil cuts its end off.
	// What it returns may still be too wide.
	Cut func(text string, w int) string
	// Desc is the direction the column has when it is chosen: true for largest first.
	Desc bool
}

// Sortable reports whether rows can be ordered by this column.
func (c Column[T]) Sortable() bool { return c.Num != nil || c.Str != nil || c.Less != nil }

// title is the title without what aligns it.
func (c Column[T]) title() string { return strings.TrimSpace(c.Title) }

// preset returns the columns that are not hidden.
func preset[T any](cols []Column[T]) []int {
	var view []int
	for i, c := range cols {
		if !c.Hidden {
			view = append(view, i)
		}
	}
	return view
}

// SetColumns replaces the columns; those that are not Hidden become visible. Sort order, cursor,
// marks and rows stay, and so does an order by a column that is not among the new ones.
func (m *Model[K, T]) SetColumns(cols []Column[T]) {
	m.cols = slices.Clone(cols)
	m.view = preset(m.cols)
	m.paint.reset()
	m.renew(&m.sort)
	m.renew(&m.then)
	m.wish.version.order++
	m.arrange()
}

// renew takes the new meaning of the column of an order.
func (m *Model[K, T]) renew(s *sorting[T]) {
	if i := m.column(s.col.ID); s.on() && i >= 0 && m.cols[i].Sortable() {
		s.col = m.cols[i]
	}
}

// ShowColumns makes the columns with these ids visible, in this order; ids that no column has are
// left out. When none is left, all that are not Hidden are visible. Nothing else changes.
func (m *Model[K, T]) ShowColumns(ids ...string) {
	var view []int
	for _, id := range ids {
		if i := m.column(id); i >= 0 && !slices.Contains(view, i) {
			view = append(view, i)
		}
	}
	if len(view) == 0 {
		view = preset(m.cols)
	}
	m.view = view
	m.paint.reset()
}

// VisibleColumns returns the ids of the columns that are drawn where there is room, in their order.
func (m *Model[K, T]) VisibleColumns() []string {
	ids := make([]string, len(m.view))
	for i, col := range m.view {
		ids[i] = m.cols[col].ID
	}
	return ids
}

// Columns returns all columns, in the order they were given. It must not be changed.
func (m *Model[K, T]) Columns() []Column[T] { return m.cols }

// steady is the part of a text whose change is news.
func (c *Column[T]) steady(text string) string {
	if c.Steady == nil {
		return text
	}
	return c.Steady(text)
}
