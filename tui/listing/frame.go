package listing

import (
	"math"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/queryline"
)

// MostOffered is how many lines of completions cover the list, at its lower edge.
const MostOffered = 8

// Split shares an area of w by h cells between a table and its detail. Below a short table the detail takes what its
// rows leave; least is how many the table keeps. While the query is typed rows come and go with every letter: the table
// takes what it can get then.
func Split(w, h int, open bool, q *queryline.Model, shown, least int) pane.Split {
	need := math.MaxInt
	if !q.Focused() && shown > 0 {
		need = 1 + max(least, shown) // with the line of titles
	}
	split := pane.Of(w, h, open, view.Wide)
	if spare := split.ListH - need; open && !split.Beside && spare > 0 {
		split.ListH -= spare
		split.DetailH += spare
	}
	return split
}

// Frame is a list as it is shown: the line at the top, the table with what stands above and below it, and a line at the
// bottom. Completions cover the list, whose lower edge is edge lines below the line. Cursor is the line of the body with
// the row under the cursor, counted from 1; 0 = none.
func Frame(q *queryline.Model, body, bottom string, s view.Size, edge, cursor int) view.Frame {
	f := view.Frame{Body: pane.Frame(q.Draw(s.W), body, bottom, s.H)}
	if lines, x := q.Popup(s.W, min(MostOffered, s.H/3)); len(lines) > 0 {
		at := max(1, 1+edge-len(lines))
		f.Body = fit.Lay(f.Body, lines, x, at, s.W)
		q.Laid(at)
	}
	if cursor > 0 {
		f.Row = 1 + cursor
	}
	if c := q.Cursor(); c != nil {
		f.Cursor = tea.NewCursor(c.X, 0)
	}
	return f
}
