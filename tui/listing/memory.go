package listing

import (
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
)

// Recall arranges a table as it was remembered: columns, widths and order.
func Recall[K comparable, T any](t *table.Model[K, T], state feed.TableState, c Columns) {
	if state.Columns != nil {
		ShowColumns(t, state.Columns, c)
	}
	t.SetWidths(state.Widths)
	if state.Sort != "" {
		t.Sort(state.Sort, state.Desc)
	}
}

// Recall puts a remembered query into a line in which nothing was typed yet. It reports whether another query is asked
// now.
func (l *Line[R]) Recall(query string) (other bool) {
	if query == "" || l.Value() != "" {
		return false
	}
	l.SetValue(query)
	return l.Read(query + " ") // it is whole
}

// State is how a table is arranged, and the query in its line.
func State[K comparable, T any](t *table.Model[K, T], query string) feed.TableState {
	id, desc := t.SortBy()
	state := feed.TableState{Columns: t.VisibleColumns(), Widths: t.Widths(), Sort: id, Desc: desc, Query: strings.TrimSpace(query)}
	if slices.Equal(state.Columns, usual(t)) {
		state.Columns = nil
	}
	return state
}

// Keep remembers how the table of that name is arranged for the next run. A query that cannot be read is bad: the one
// before is kept.
func Keep(name string, state feed.TableState, bad bool) view.Effect {
	return view.Do(view.Remember{Change: func(f *feed.Memory) {
		next := state
		if bad {
			next.Query = f.Tables[name].Query
		}
		f.SetTable(name, next)
	}})
}

// KeepOrder remembers the order of the table of that name alone.
func KeepOrder[K comparable, T any](name string, t *table.Model[K, T]) view.Effect {
	sort, desc := t.SortBy()
	return view.Do(view.Remember{Change: func(f *feed.Memory) {
		state := f.Tables[name]
		state.Sort, state.Desc = sort, desc
		f.SetTable(name, state)
	}})
}
