package statusbar

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// separator stands between two pieces of one side.
const separator = " · "

// sides is the least room between the left and the right side.
const sides = 2

// Piece is a text of the header line.
type Piece struct {
	Text  string
	Class theme.Class
	// Chip is the colour behind the text, one of theme.Chips, in place of Class; "" = none.
	Chip string
	// Priority decides which piece goes when there is no room: the highest first, 0 never.
	Priority int
}

// Draw returns the pieces in exactly one line of w cells, some at the left and some at the right.
// When there is no room, pieces go by priority; if those that must stay do not fit either, the line
// is cut at its right. Pieces without text are left out.
func Draw(th *theme.Theme, left, right []Piece, w int) string {
	if w <= 0 {
		return ""
	}
	left, right = texts(left), texts(right)
	for need(left, right) > w {
		if !dropWorst(&left, &right) {
			break
		}
	}
	l, r := side(th, left), side(th, right)
	used := width(left) + width(right)
	if used+gap(left, right) <= w {
		return l + fit.Spaces(w-used) + r
	}
	return fit.Line(l+fit.Spaces(gap(left, right))+r, w)
}

func texts(pieces []Piece) []Piece {
	var kept []Piece
	for _, p := range pieces {
		if p.Text != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// dropWorst removes the piece of the highest priority above 0: of equals the one furthest right.
func dropWorst(left, right *[]Piece) bool {
	var from *[]Piece
	at, highest := 0, 0
	for _, pieces := range []*[]Piece{left, right} {
		for i, p := range *pieces {
			if p.Priority > 0 && p.Priority >= highest {
				from, at, highest = pieces, i, p.Priority
			}
		}
	}
	if from == nil {
		return false
	}
	*from = append((*from)[:at], (*from)[at+1:]...)
	return true
}

func need(left, right []Piece) int { return width(left) + gap(left, right) + width(right) }

func gap(left, right []Piece) int {
	if len(left) == 0 || len(right) == 0 {
		return 0
	}
	return sides
}

func width(pieces []Piece) int {
	n := max(0, len(pieces)-1) * fit.Width(separator)
	for _, p := range pieces {
		n += fit.Width(p.Text)
	}
	return n
}

func side(th *theme.Theme, pieces []Piece) string {
	var b strings.Builder
	for i, p := range pieces {
		if i > 0 {
			b.WriteString(th.Header.Separator.Paint(separator))
		}
		ink := th.Ink(p.Class)
		if p.Chip != "" {
			ink = th.Chip(p.Chip)
		}
		b.WriteString(ink.Paint(p.Text))
	}
	return b.String()
}
