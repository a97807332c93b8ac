package tuitest

import (
	"fmt"
	"strings"

	"vastdeck/tui/tuitest/cells"
)

// Cells gives a copy of the screen: text, styles and cursor.
func (s *Screen) Cells() Cells { return s.term.cells() }

// Text gives the screen as text, without blanks at the ends of lines and empty lines at the end.
func (s *Screen) Text() string { return s.Cells().Text() }

// Lines gives every line of the screen without its trailing blanks, as many as the terminal has rows.
func (s *Screen) Lines() []string { return s.Cells().Lines() }

// BytesOut counts the bytes the program has written so far.
func (s *Screen) BytesOut() int { return s.term.bytesWritten() }

// Title is the window title the program has set.
func (s *Screen) Title() string { return s.Cells().Title }

// Line gives the first line that contains text and fails the test when there is none.
func (s *Screen) Line(text string) string {
	s.t.Helper()
	return s.Row(text).Text()
}

// Has fails the test unless all texts are on the screen.
func (s *Screen) Has(texts ...string) {
	s.t.Helper()
	screen := s.Text()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Fatalf("%q is not on the screen\n%s", text, s.describe())
		}
	}
}

// Lacks fails the test if one of the texts is on the screen.
func (s *Screen) Lacks(texts ...string) {
	s.t.Helper()
	screen := s.Text()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			s.t.Fatalf("%q is on the screen\n%s", text, s.describe())
		}
	}
}

// Row names the first line that contains text. The screen is looked at by the row's methods, not here.
func (s *Screen) Row(text string) Row { return Row{s, text} }

// Row is a line of the screen, known by a text in it.
type Row struct {
	s    *Screen
	text string
}

// find gives the row's number and the screen it was found on.
func (r Row) find() (Cells, int, bool) {
	c := r.s.Cells()
	_, y, ok := c.Find(r.text)
	return c, y, ok
}

// must is find for what needs the row.
func (r Row) must() (Cells, int) {
	r.s.t.Helper()
	c, y, ok := r.find()
	if !ok {
		r.s.t.Fatalf("no line contains %q\n%s", r.text, r.s.describe())
	}
	return c, y
}

// Text gives the whole line.
func (r Row) Text() string {
	r.s.t.Helper()
	c, y := r.must()
	return c.Line(y)
}

// Y gives the line's number, counted from 0 at the top.
func (r Row) Y() int {
	r.s.t.Helper()
	_, y := r.must()
	return y
}

// Has fails the test unless the line contains all texts.
func (r Row) Has(texts ...string) {
	r.s.t.Helper()
	line := r.Text()
	for _, text := range texts {
		if !strings.Contains(line, text) {
			r.s.t.Fatalf("the line of %q lacks %q: %s\n%s", r.text, text, line, r.s.describe())
		}
	}
}

// Lacks fails the test if the line contains one of the texts.
func (r Row) Lacks(texts ...string) {
	r.s.t.Helper()
	line := r.Text()
	for _, text := range texts {
		if strings.Contains(line, text) {
			r.s.t.Fatalf("the line of %q has %q: %s\n%s", r.text, text, line, r.s.describe())
		}
	}
}

// There fails the test unless there is such a line.
func (r Row) There() {
	r.s.t.Helper()
	r.must()
}

// Gone fails the test if there is such a line.
func (r Row) Gone() {
	r.s.t.Helper()
	if _, _, ok := r.find(); ok {
		r.s.t.Fatalf("a line still contains %q\n%s", r.text, r.s.describe())
	}
}

// Style gives the style of the text's first cell.
func (r Row) Style() cells.Style {
	r.s.t.Helper()
	c, _ := r.must()
	x, y, _ := c.Find(r.text)
	return c.Rows[y][x].Style
}

func contains(text string) func(string) bool {
	return func(screen string) bool { return strings.Contains(screen, text) }
}

// describe draws the screen for the message of a failed test.
func (s *Screen) describe() string {
	c := s.Cells()
	var b strings.Builder
	fmt.Fprintf(&b, "screen %dx%d %v after the start", c.W, c.H, s.Elapsed())
	if !c.Cursor.Hidden {
		fmt.Fprintf(&b, ", cursor at %d,%d", c.Cursor.X, c.Cursor.Y)
	}
	if s.Exited() {
		b.WriteString(", the program has ended")
	}
	edge := "+" + strings.Repeat("-", c.W) + "+\n"
	b.WriteString("\n" + edge)
	for _, line := range c.Lines() {
		b.WriteString("|" + line + "\n")
	}
	return b.String() + edge
}
