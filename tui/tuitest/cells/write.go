package cells

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Write writes the screen as a .cells file. Reading that again gives an equal screen.
func Write(w io.Writer, s Screen) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "cells %dx%d\n", s.W, s.H)
	if s.Title != "" {
		fmt.Fprintf(out, "title %s\n", s.Title)
	}
	if !s.Cursor.Hidden {
		fmt.Fprintf(out, "cursor %d %d %s\n", s.Cursor.X, s.Cursor.Y, s.Cursor.Shape)
	}
	for y, row := range s.Rows {
		fmt.Fprintf(out, "|%s\n", s.Line(y))
		for _, extra := range []struct{ mark, text string }{
			{"~", runs(row)}, {"w", wide(row)}, {"m", clusters(row)},
		} {
			if extra.text != "" {
				fmt.Fprintf(out, "%s%s\n", extra.mark, extra.text)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing cells: %w", err)
	}
	return nil
}

// Format gives the .cells file as a string.
func Format(s Screen) string {
	var b strings.Builder
	// A strings.Builder takes everything.
	_ = Write(&b, s)
	return b.String()
}

// runs spells the styles of a row; it is empty when there are none.
func runs(row []Cell) string {
	var b strings.Builder
	plain := 0
	for x := 0; x < len(row); {
		n := 1
		for x+n < len(row) && row[x+n].Style == row[x].Style {
			n++
		}
		if row[x].Style == (Style{}) {
			plain = n
		} else {
			if plain > 0 {
				fmt.Fprintf(&b, " %d", plain)
				plain = 0
			}
			fmt.Fprintf(&b, " %d%s", n, row[x].Style)
		}
		x += n
	}
	return b.String()
}

// String spells a style as .cells files do: [#foreground][/#background][+attribute]….
func (s Style) String() string {
	var b strings.Builder
	b.WriteString(s.Fg)
	if s.Bg != "" {
		b.WriteString("/" + s.Bg)
	}
	for _, a := range attrNames {
		if s.Has(a.attr) {
			b.WriteString("+" + a.name)
		}
	}
	return b.String()
}

// wide names the columns of cells that are two columns wide.
func wide(row []Cell) string {
	var b strings.Builder
	for x, c := range row {
		if c.Width == 2 {
			fmt.Fprintf(&b, " %d", x)
		}
	}
	return b.String()
}

// clusters names the columns of cells with more than one code point, and how many.
func clusters(row []Cell) string {
	var b strings.Builder
	for x, c := range row {
		if n := utf8.RuneCountInString(c.Text); n > 1 {
			fmt.Fprintf(&b, " %d=%d", x, n)
		}
	}
	return b.String()
}
