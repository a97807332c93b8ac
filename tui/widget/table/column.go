package table

import "vastdeck/tui/theme"

// Column describes one column of rows of type T.
//
// A column is sortable when it has Num, Str or Less; the first of these that is set counts. Rows
// whose value is unknown (NaN, an empty string, or what Unknown says) come last in both directions.
type Column[T any] struct {
	// ID names the column towards the program; it must be unique in a table.
	ID string
	// Title stands above the column.
	Title string
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
	// Desc is the direction the column has when it is chosen: true for largest first.
	Desc bool
}

// Sortable reports whether rows can be ordered by this column.
func (c Column[T]) Sortable() bool { return c.Num != nil || c.Str != nil || c.Less != nil }
