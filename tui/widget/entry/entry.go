// Package entry knows how one line of text is typed into a form or a dialog.
// It must not know what the text is for.
package entry

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/safetext"
)

// Line is a line that can be typed into. It is a value; copies are independent
// only until one of them is typed into.
type Line struct{ in textinput.Model }

// New returns a line that holds value and takes at most limit runes. A secret
// line shows a bullet for each.
func New(value string, limit int, secret bool) Line {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = limit
	in.SetVirtualCursor(false)
	// Pasting comes as a message from the terminal; the program reads no clipboard.
	in.KeyMap.Paste = key.NewBinding()
	if secret {
		in.EchoMode = textinput.EchoPassword
		in.EchoCharacter = '•'
	}
	in.SetStyles(textinput.Styles{})
	in.SetValue(value)
	in.CursorEnd()
	in.Focus()
	return Line{in}
}

// Value is what the line holds.
func (l *Line) Value() string { return l.in.Value() }

// Set replaces what the line holds.
func (l *Line) Set(s string) { l.in.SetValue(s); l.in.CursorEnd() }

// Update takes a key or a paste. A paste loses its line breaks and everything
// that is not plain text, and never does more than fill the line.
func (l *Line) Update(msg tea.Msg) {
	if p, ok := msg.(tea.PasteMsg); ok {
		msg = tea.PasteMsg{Content: pasted(p.Content, l.in.CharLimit)}
	}
	l.in, _ = l.in.Update(msg)
}

func pasted(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, s)
	if len(s) > 4*limit {
		s = strings.ToValidUTF8(s[:4*limit], "")
	}
	return strings.TrimSpace(safetext.Clean(s, limit))
}

// Draw gives the line in exactly w cells, and the cell of the text cursor.
func (l *Line) Draw(w int) (string, int) {
	// One cell is kept for the cursor behind the last letter.
	l.in.SetWidth(max(1, w-1))
	s := fit.Line(l.in.View(), w)
	x := 0
	if c := l.in.Cursor(); c != nil {
		x = min(c.X, max(0, w-1))
	}
	return s, x
}
