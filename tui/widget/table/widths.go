package table

import "maps"

// The bounds of a width that the user chooses, in cells.
const (
	Narrowest = 3
	Broadest  = 200
)

// SetWidths gives columns the widths in cells that the user has chosen, by their ids, within the
// bounds; all others have their own again. What is chosen is neither shrunk nor given spare room;
// columns are left out by priority where there is not enough of it.
func (m *Model[K, T]) SetWidths(widths map[string]int) {
	m.widths = make(map[string]int, len(widths))
	for id, w := range widths {
		m.widths[id] = clamp(w, Narrowest, Broadest)
	}
	m.paint.reset()
}

// Widths returns the widths that were chosen, by column; nil when there are none. It is a copy.
func (m *Model[K, T]) Widths() map[string]int {
	if len(m.widths) == 0 {
		return nil
	}
	return maps.Clone(m.widths)
}

// WidthOf returns the width of a column in cells: the one it was drawn with, else the one it would
// like to have.
func (m *Model[K, T]) WidthOf(id string) int {
	i := m.column(id)
	if i < 0 {
		return 0
	}
	for _, p := range m.paint.layout.cols {
		if p.col == i {
			return p.width
		}
	}
	c := m.sized()[i]
	return max(c.least(), c.Ideal)
}

// sized are the columns with the widths that were chosen.
func (m *Model[K, T]) sized() []Column[T] {
	if len(m.widths) == 0 {
		return m.cols
	}
	cols := make([]Column[T], len(m.cols))
	copy(cols, m.cols)
	for i := range cols {
		if w, ok := m.widths[cols[i].ID]; ok {
			cols[i].Min, cols[i].Ideal, cols[i].Flex = w, w, 0
		}
	}
	return cols
}
