package tuitest

import "github.com/charmbracelet/x/ansi"

// WantsMouse reports whether the program has asked the terminal to report what the mouse does.
func (s *Screen) WantsMouse() bool {
	return s.term.asked(ansi.ModeMouseNormal, ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent)
}

// NamedMouse reports whether the program has ever told the terminal anything about the mouse, be it to report
// nothing.
func (s *Screen) NamedMouse() bool {
	return s.term.switched(ansi.ModeMouseX10, ansi.ModeMouseNormal, ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent, ansi.ModeMouseExtSgr)
}
