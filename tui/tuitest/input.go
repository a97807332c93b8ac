package tuitest

import (
	"fmt"
	"image/color"
	"regexp"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Press types the keys one after the other and lets the screen settle after each. Keys are named as Bubble Tea
// names them: "enter", "esc", "tab", "shift+tab", "up", "space", "pgdown", "ctrl+c", "f1", or a single character.
func (s *Screen) Press(keys ...string) {
	s.t.Helper()
	for _, key := range keys {
		s.bytes(s.keyBytes(key))
	}
}

// PressFast types all keys in one write, faster than the program can draw. As in a real terminal, a key that
// follows "esc" this closely reads as that key with alt.
func (s *Screen) PressFast(keys ...string) {
	s.t.Helper()
	var all strings.Builder
	for _, key := range keys {
		all.WriteString(s.keyBytes(key))
	}
	s.bytes(all.String())
}

// Type types text character by character in one write.
func (s *Screen) Type(text string) {
	s.t.Helper()
	s.bytes(text)
}

// Paste pastes text, in brackets when the program has asked for them.
func (s *Screen) Paste(text string) {
	s.t.Helper()
	if s.term.asked(ansi.ModeBracketedPaste) {
		text = ansi.BracketedPasteStart + text + ansi.BracketedPasteEnd
	}
	s.bytes(text)
}

// Answer types the bytes with which a terminal answers a question of the program.
func (s *Screen) Answer(bytes string) {
	s.t.Helper()
	s.bytes(bytes)
}

// Background answers the question for the terminal's background colour, as light and dark terminals do.
func (s *Screen) Background(c color.Color) {
	s.t.Helper()
	r, g, b, _ := c.RGBA()
	s.bytes(fmt.Sprintf("\x1b]11;rgb:%04x/%04x/%04x\x07", r, g, b))
}

// Resize changes the terminal's size and tells the program.
func (s *Screen) Resize(w, h int) {
	s.t.Helper()
	s.alive("resize")
	s.term.resize(w, h)
	s.p.Send(tea.WindowSizeMsg{Width: w, Height: h})
	s.settle()
}

// Focus tells the program that its window has the focus. The program must have asked for that.
func (s *Screen) Focus() {
	s.t.Helper()
	s.mustAsk("focus events", ansi.ModeFocusEvent)
	s.bytes(ansi.Focus)
}

// Blur tells the program that its window has lost the focus. The program must have asked for that.
func (s *Screen) Blur() {
	s.t.Helper()
	s.mustAsk("focus events", ansi.ModeFocusEvent)
	s.bytes(ansi.Blur)
}

// Click presses and releases the left mouse button at column x and row y, counted from 0. The program must have
// asked for the mouse.
func (s *Screen) Click(x, y int) {
	s.t.Helper()
	s.mouse(x, y, 0, 'M')
	s.mouse(x, y, 0, 'm')
}

// ClickOn clicks on the first character of text, which must be on the screen.
func (s *Screen) ClickOn(text string) {
	s.t.Helper()
	x, y, ok := s.Cells().Find(text)
	if !ok {
		s.t.Fatalf("nothing to click on: %q is not on the screen\n%s", text, s.describe())
	}
	s.Click(x, y)
}

// Wheel turns the mouse wheel at column x and row y by lines: down when positive, up when negative.
func (s *Screen) Wheel(x, y, lines int) {
	s.t.Helper()
	button := 65
	if lines < 0 {
		button, lines = 64, -lines
	}
	for range lines {
		s.mouse(x, y, button, 'M')
	}
}

// mouse types one SGR mouse report.
func (s *Screen) mouse(x, y, button int, final rune) {
	s.t.Helper()
	s.mustAsk("the mouse", ansi.ModeMouseNormal, ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent)
	s.bytes(fmt.Sprintf("\x1b[<%d;%d;%d%c", button, x+1, y+1, final))
}

func (s *Screen) mustAsk(what string, modes ...ansi.Mode) {
	s.t.Helper()
	s.alive(what)
	if !s.term.asked(modes...) {
		s.t.Fatalf("the program has not asked for %s, so no terminal would send it", what)
	}
}

func (s *Screen) keyBytes(key string) string {
	s.t.Helper()
	b, err := keyBytes(key)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// unfinished matches what may be the beginning of a longer sequence: Bubble Tea waits for the rest of it, and holds
// back what follows a lone escape.
var unfinished = regexp.MustCompile(`\x1b($|[^\[O]|O$|\[[0-9;<?]*$)`)

// bytes types raw bytes and lets the screen settle.
func (s *Screen) bytes(b string) {
	s.t.Helper()
	s.alive(fmt.Sprintf("typing %q", b))
	wait := settling
	s.drain.Store(0)
	if unfinished.MatchString(b) {
		wait = escTimeout + settling
		s.drain.Store(int64(escTimeout))
	}
	// An error means that one of the first keys has ended the program, which the test will see.
	_, _ = s.typed.Write([]byte(b))
	s.pass(wait)
}

// alive fails the test when the program has ended: nobody would read what is typed.
func (s *Screen) alive(doing string) {
	s.t.Helper()
	if s.Exited() {
		s.t.Fatalf("%s: the program has ended", doing)
	}
}
