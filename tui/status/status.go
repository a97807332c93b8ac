package status

import (
	"vastdeck/tui/theme"
	"vastdeck/vastapi/rental"
)

// Glyph says a state without colour, in one cell.
func Glyph(s rental.State) string {
	switch s.Class {
	case rental.ClassRunning:
		return "●"
	case rental.ClassMoving:
		return "◐"
	case rental.ClassStopped:
		return "■"
	case rental.ClassWaiting:
		return "▲"
	case rental.ClassFailed, rental.ClassLost:
		return "✗"
	}
	return "○"
}

// Class is the colour of a class of states.
func Class(c rental.Class) theme.Class {
	switch c {
	case rental.ClassRunning:
		return theme.Good
	case rental.ClassMoving:
		return theme.Accent
	case rental.ClassStopped, rental.ClassWaiting:
		return theme.Warn
	case rental.ClassFailed, rental.ClassLost:
		return theme.Bad
	}
	return theme.Dim
}
