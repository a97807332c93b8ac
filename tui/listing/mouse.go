package listing

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
)

// rows is a table as the mouse knows it.
type rows interface {
	Click(x, y int) table.Hit
	Wheel(lines int)
}

// Mouse is what the mouse does on a list: its line is the first of the area, the table and the detail stand below it.
type Mouse struct {
	Line  *queryline.Model
	Table rows
	Split pane.Split
	Top   int // lines between the line and the table

	Leave  func() view.Effect          // the line, because the list was clicked at while it was typed
	Sorted func() view.Effect          // another order was chosen
	Again  func() view.Effect          // the row under the cursor was clicked at
	Scroll func(lines int) view.Effect // the detail
}

// Click moves the cursor, the order or the text cursor.
func (m Mouse) Click(c view.Click) view.Effect {
	if c.Y == 0 {
		m.Line.Click(c.X)
		return view.Effect{}
	}
	if m.Line.Completing() {
		return view.Effect{} // the list is covered
	}
	part, x, y := m.Split.At(c.X, c.Y-1-m.Top)
	if part != pane.List {
		return view.Effect{}
	}
	e := view.Effect{}
	if m.Line.Focused() {
		e = m.Leave()
	}
	switch m.Table.Click(x, y) {
	case table.Sorted:
		return view.Join(e, m.Sorted())
	case table.Again:
		return view.Join(e, m.Again())
	}
	return e
}

// Wheel scrolls the list or the detail.
func (m Mouse) Wheel(w view.Wheel) view.Effect {
	switch part, _, _ := m.Split.At(w.X, w.Y-1-m.Top); part {
	case pane.List:
		m.Table.Wheel(w.Lines)
	case pane.Detail:
		return m.Scroll(w.Lines)
	}
	return view.Effect{}
}
