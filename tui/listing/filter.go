package listing

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
)

// Filter is the line of a view with the table that it narrows.
type Filter[K comparable, R any] struct {
	Line   *Line[R]
	Table  *table.Model[K, *R]
	Rows   []*R              // that the words of the line may be about
	Fields map[string]string // names of columns in the query, by column, as far as words are looked for in them

	Refilter func() view.Effect // shows what the line admits now
	Remember func() view.Effect // keeps the line for the next run
}

// Press gives a key or a paste to the line.
func (f Filter[K, R]) Press(msg tea.Msg) view.Effect { return f.Narrow(f.Line.Press(msg, f.Rows)) }

// Narrow shows at once what the line admits, when it asks for something else than before.
func (f Filter[K, R]) Narrow(other bool) view.Effect {
	if !other {
		return view.Effect{}
	}
	e := f.Refilter()
	f.Point()
	return e
}

// Point shows the words of the query in the rows.
func (f Filter[K, R]) Point() { Point(f.Line, f.Table, f.Fields) }

// Enter leaves the line, unless there is a mistake in it.
func (f Filter[K, R]) Enter() view.Effect {
	other, left := f.Line.Enter()
	e := f.Narrow(other)
	if !left {
		return e
	}
	return view.Join(e, f.Remember())
}

// Leave leaves the line as it is.
func (f Filter[K, R]) Leave() view.Effect {
	f.Line.Blur()
	return f.Remember()
}

// Clear shows everything again.
func (f Filter[K, R]) Clear() view.Effect {
	return view.Join(f.Narrow(f.Line.Clear()), f.Remember())
}

// Typing are the keys that work while the line is typed, in that section of the help.
func (f Filter[K, R]) Typing(section string) []view.Action {
	return Typing{
		Section: section, Name: "filter", Enter: f.Enter, Leave: f.Leave, Move: f.Table.Move, Press: f.Press,
		Ask: func() { f.Line.Suggest(f.Rows, true) },
	}.Actions(&f.Line.Model)
}

// Mouse is what the mouse does on the line and the table; what the view itself does remains to be said.
func (f Filter[K, R]) Mouse(s pane.Split) Mouse {
	return Mouse{Line: &f.Line.Model, Table: f.Table, Split: s, Press: f.Press, Leave: f.Enter}
}
