package dialog

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi/rental"
)

// Outcome is what a dialog answers to a message.
type Outcome struct {
	Verdict Verdict
	Plan    rental.Plan // with Agreed and Review
	Form    view.Form   // with Submitted, Editing, Reading, Acted, and Closed of a form
	Values  view.Values
	Key     string // with Editing and Reading the field's, with Acted the key that was pressed
	Path    string // with Reading

	Text, What string             // with Copied: what goes to the clipboard, and its name
	Curl       bool               // with Copied of a plan: as calls of curl
	Action     rental.Action      // with Chosen
	Number     int                // with ReadOne and Went: of a notice
	Step       *rental.StepResult // with Chosen: what the action is about; nil = the whole report
	Report     *rental.Report     // with Chosen, Saving and Closed of a report
	Entry      palette.Entry      // with Picked; Text is the line then
}

// Verdict is how a dialog stands after a message.
type Verdict int

// The verdicts.
const (
	Open      Verdict = iota
	Closed            // gone, nothing to do
	Agreed            // carry the plan out
	Review            // the facts moved: work the plan out again
	Submitted         // a form was handed in
	Leave             // end the program
	Editing           // a field's text is wanted in the editor
	Reading           // a field names a file whose text is wanted
	Acted             // a key of the form's own was pressed
	Copied            // text goes to the clipboard; the dialog stays
	Halting           // nothing more of the plan is to be sent
	Chosen            // something is to be done about what came of a plan
	Saving            // what came of a plan is to be saved in a file
	ReadOne           // a notice was looked at, or is to count as one that was not
	ReadAll           // all notices were looked at
	ClearRead         // notices that were looked at go
	Went              // what a notice is about is to be shown
	Picked            // an entry of the palette is to be done; the palette is closed by that
)

// Dialog is one question that floats above the screen and gets every key.
type Dialog interface {
	Update(msg tea.Msg, now time.Time) Outcome
	// Draw fits itself into the area.
	Draw(th *theme.Theme, area view.Size, now time.Time) Picture
}

// Clicked is a dialog that heeds a click on a cell of its picture, counted from 0: it may move the
// focus there. What a click comes to cannot agree to anything, nor hand anything in.
type Clicked interface {
	Click(x, y int, now time.Time) Hit
}

// Hit is what a click on a dialog came to.
type Hit int

// The hits.
const (
	Heeded Hit = iota // nothing more is to be done
	Cancel            // what esc does: a button was clicked that keeps all as it is
	Look              // what enter does, if that only shows something else
)

// Lossless is a dialog that may be closed by a click beside it.
type Lossless interface {
	// Lossless reports whether esc would take nothing away that was typed or chosen.
	Lossless() bool
}

// Picture is a drawn dialog: Lines of exactly W cells.
type Picture struct {
	Lines  []string
	W      int
	Cursor *Point // of the text cursor within the picture
}

// point puts the text cursor on a cell, unless that was cut off.
func (p *Picture) point(x, y int) {
	if x < p.W && y < len(p.Lines) {
		p.Cursor = &Point{X: x, Y: y}
	}
}

// Point is a cell.
type Point struct{ X, Y int }

// Stack holds the open dialogs; the last is on top and the only one that hears keys.
type Stack struct{ open []Dialog }

// Empty reports whether nothing is open.
func (s *Stack) Empty() bool { return len(s.open) == 0 }

// Top is the dialog that hears keys, or nil.
func (s *Stack) Top() Dialog {
	if s.Empty() {
		return nil
	}
	return s.open[len(s.open)-1]
}

// Push opens d above the others.
func (s *Stack) Push(d Dialog) { s.open = append(s.open, d) }

// Pop closes the top.
func (s *Stack) Pop() {
	if !s.Empty() {
		s.open = s.open[:len(s.open)-1]
	}
}

// Replace puts d in place of the top.
func (s *Stack) Replace(d Dialog) { s.Pop(); s.Push(d) }

// Holds reports whether d is open.
func (s *Stack) Holds(d Dialog) bool { return slices.Contains(s.open, d) }

// Remove closes d wherever it lies.
func (s *Stack) Remove(d Dialog) {
	s.open = slices.DeleteFunc(s.open, func(o Dialog) bool { return o == d })
}

// Clear closes all.
func (s *Stack) Clear() { s.open = nil }

// Each shows every open dialog, the top last.
func (s *Stack) Each(f func(Dialog)) {
	for _, d := range s.open {
		f(d)
	}
}
