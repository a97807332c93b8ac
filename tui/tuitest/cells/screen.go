package cells

import "strings"

// Attr is a set of text attributes.
type Attr uint16

// The attributes a cell can have.
const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Blink
	Reverse
	Conceal
	Strike
	Underline
)

// attrNames gives the attributes in the order in which they are written.
var attrNames = []struct {
	attr Attr
	name string
}{
	{Bold, "bold"},
	{Faint, "faint"},
	{Italic, "italic"},
	{Blink, "blink"},
	{Reverse, "reverse"},
	{Conceal, "conceal"},
	{Strike, "strike"},
	{Underline, "underline"},
}

// Style is the look of a cell. Fg and Bg are "#rrggbb", or empty for the terminal's own colours.
type Style struct {
	Fg, Bg string
	Attrs  Attr
}

// Has reports whether all attributes of a are set.
func (s Style) Has(a Attr) bool { return s.Attrs&a == a }

// Cell is one position of the screen. Width is 1 or 2 columns; it is 0, with no text, for the second column of a
// wide cell. An empty position has the text " ".
type Cell struct {
	Text  string
	Width int
	Style Style
}

// blank is a cell nothing was written to.
var blank = Cell{Text: " ", Width: 1}

// Cursor is the terminal's cursor: column and row from 0, and "block", "underline" or "bar". X and Y mean nothing
// when it is hidden.
type Cursor struct {
	X, Y   int
	Shape  string
	Hidden bool
}

// Screen is what a terminal shows. Rows holds H rows of W cells.
type Screen struct {
	W, H   int
	Rows   [][]Cell
	Cursor Cursor
	Title  string
}

// New makes an empty screen of w columns and h rows with a hidden cursor.
func New(w, h int) Screen {
	s := Screen{W: w, H: h, Rows: make([][]Cell, h), Cursor: Cursor{Hidden: true}}
	for y := range s.Rows {
		s.Rows[y] = make([]Cell, w)
		for x := range s.Rows[y] {
			s.Rows[y][x] = blank
		}
	}
	return s
}

// Line gives the text of row y without its trailing blanks.
func (s Screen) Line(y int) string {
	var b strings.Builder
	for _, c := range s.Rows[y] {
		b.WriteString(c.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Lines gives the text of every row without trailing blanks, H of them.
func (s Screen) Lines() []string {
	lines := make([]string, s.H)
	for y := range lines {
		lines[y] = s.Line(y)
	}
	return lines
}

// Text gives the rows as one string, without blanks at the ends of lines and without empty lines at the end.
func (s Screen) Text() string {
	return strings.TrimRight(strings.Join(s.Lines(), "\n"), "\n")
}

// Find gives the column and row at which text first appears within one row. Columns count cells, not runes.
func (s Screen) Find(text string) (x, y int, ok bool) {
	for y, row := range s.Rows {
		var b strings.Builder
		starts := make([]int, 0, len(row))
		for x, c := range row {
			for range len(c.Text) {
				starts = append(starts, x)
			}
			b.WriteString(c.Text)
		}
		if i := strings.Index(b.String(), text); i >= 0 && i < len(starts) {
			return starts[i], y, true
		}
	}
	return 0, 0, false
}
