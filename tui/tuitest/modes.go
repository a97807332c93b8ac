package tuitest

import "github.com/charmbracelet/x/ansi"

// WantsMouse reports whether the program has asked the terminal to report what the mouse does.
func (s *Screen) WantsMouse() bool {
	return s.term.asked(ansi.ModeMouseNormal, ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent)
}
