package fit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis ends a text that was too long. It takes one cell.
const Ellipsis = "…"

// blank is the source of padding; longer runs are made when asked for.
const blank = "                                                                                                                                "

// Spaces returns n spaces; none when n is negative.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blank):
		return blank[:n]
	}
	return strings.Repeat(" ", n)
}

// Width returns the cells that s takes in one line. Escape sequences take none.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Line returns s in exactly w cells: padded at the right, or cut with an ellipsis.
// Escape sequences are kept whole. Line breaks and tabs become spaces.
func Line(s string, w int) string {
	s, used := cut(s, w)
	return s + Spaces(w-used)
}

// Right returns s in exactly w cells, padded at the left, or cut with an ellipsis at its right.
func Right(s string, w int) string {
	s, used := cut(s, w)
	return Spaces(w-used) + s
}

// Center returns s in exactly w cells, padded on both sides, or cut with an ellipsis.
func Center(s string, w int) string {
	s, used := cut(s, w)
	left := (w - used) / 2
	return Spaces(left) + s + Spaces(w-used-left)
}

// Cut returns s in at most w cells, ending with an ellipsis when it was longer.
func Cut(s string, w int) string {
	s, _ = cut(s, w)
	return s
}

// Block returns exactly h lines of exactly w cells, joined by line breaks: lines that are missing
// are blank and those beyond h are left out. It is empty when h is not positive.
func Block(lines []string, w, h int) string {
	if h <= 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(h * (w + 1))
	for i := range h {
		if i > 0 {
			b.WriteByte('\n')
		}
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		b.WriteString(Line(line, w))
	}
	return b.String()
}

// cut shortens s to at most w cells and returns how many it takes then.
func cut(s string, w int) (string, int) {
	if w <= 0 {
		return "", 0
	}
	if plain(s) {
		if len(s) <= w {
			return s, len(s)
		}
		return s[:w-1] + Ellipsis, w
	}
	s = oneLine(s)
	if n := ansi.StringWidth(s); n <= w {
		return s, n
	}
	s = ansi.Truncate(s, w, Ellipsis)
	// A wide character at the edge may leave a cell over.
	return s, ansi.StringWidth(s)
}

// plain reports whether every byte of s takes one cell.
func plain(s string) bool {
	for i := range len(s) {
		if s[i]-0x20 >= 0x5f {
			return false
		}
	}
	return true
}

// oneLine replaces what would move the cursor to another line or column by spaces.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\t\v\f\u0085\u2028\u2029") {
		return s
	}
	return breaks.Replace(s)
}

var breaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\v", " ", "\f", " ",
	"\u0085", " ", "\u2028", " ", "\u2029", " ")
