package queryline

import (
	"slices"
	"unicode"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
)

// MaxRunes is the length of the longest query.
const MaxRunes = 512

// Problem marks a part of the query that is not understood.
type Problem struct {
	// From and To limit the part in runes from 0; To is exclusive. An empty part marks the place
	// itself, also behind the end.
	From, To int
	// Message says what is wrong, in one line.
	Message string
}

// Chip is a filter that applies beside the query, drawn behind it.
type Chip struct {
	Text string
	// Off draws the chip as one that does not apply now.
	Off bool
}

// Model is a query line. A Model must not be copied once it is in use.
type Model struct {
	// Placeholder stands in the empty line while it does not have the keyboard.
	Placeholder string

	input   textinput.Model
	theme   *theme.Theme
	problem *Problem
	chips   []Chip

	offset int // first rune in the window
	column int // cell of the cursor when last drawn
}

// New returns an empty query line without the keyboard.
func New(th *theme.Theme) Model {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = MaxRunes
	in.SetVirtualCursor(false)
	// These would read the clipboard in a goroutine, or answer keys that belong to the view.
	in.KeyMap.Paste.SetEnabled(false)
	in.KeyMap.AcceptSuggestion.SetEnabled(false)
	in.KeyMap.NextSuggestion.SetEnabled(false)
	in.KeyMap.PrevSuggestion.SetEnabled(false)
	return Model{input: in, theme: th}
}

// SetTheme replaces the theme.
func (m *Model) SetTheme(th *theme.Theme) { m.theme = th }

// Focus gives the line the keyboard.
func (m *Model) Focus() { m.input.Focus() } // its command blinks a virtual cursor, which is off

// Blur takes the keyboard away.
func (m *Model) Blur() { m.input.Blur() }

// Focused reports whether the line has the keyboard.
func (m *Model) Focused() bool { return m.input.Focused() }

// Value returns the query.
func (m *Model) Value() string { return m.input.Value() }

// SetValue replaces the query, puts the cursor behind it and drops the problem.
func (m *Model) SetValue(s string) {
	m.input.SetValue(string(typed([]rune(s))))
	m.input.CursorEnd()
	m.problem = nil
}

// Reset empties the line.
func (m *Model) Reset() { m.SetValue("") }

// Pos returns the place of the cursor in runes.
func (m *Model) Pos() int { return m.input.Position() }

// SetPos puts the cursor before the rune with this number, or at the nearer end.
func (m *Model) SetPos(pos int) { m.input.SetCursor(pos) }

// Replace puts text in the place of the runes from (inclusive) to (exclusive), with the cursor
// behind it, as choosing a completion does. Limits outside the query are moved to its ends.
func (m *Model) Replace(from, to int, text string) {
	old := []rune(m.Value())
	from = max(0, min(from, len(old)))
	to = max(from, min(to, len(old)))
	put := typed([]rune(text))
	m.SetValue(string(slices.Concat(old[:from], put, old[to:])))
	m.SetPos(from + len(put))
}

// SetProblem marks what is wrong; nil takes the mark away. The next change of the query does so too.
func (m *Model) SetProblem(p *Problem) {
	if p != nil {
		c := *p
		p = &c
	}
	m.problem = p
}

// SetChips replaces the chips.
func (m *Model) SetChips(chips ...Chip) { m.chips = slices.Clone(chips) }

// Update takes a key press or a paste and reports whether the query is another one now. Anything
// else, and everything while the line does not have the keyboard, is ignored.
func (m *Model) Update(msg tea.Msg) (changed bool) {
	before := m.Value()
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		msg.Text = string(typed([]rune(msg.Text)))
		m.input, _ = m.input.Update(msg)
	case tea.PasteMsg:
		msg.Content = string(typed([]rune(msg.Content)))
		m.input, _ = m.input.Update(msg)
	}
	if m.Value() == before {
		return false
	}
	m.problem = nil
	return true
}

// typed returns what of a text may stand in the line: breaks and tabs become one space, other
// controls and invisible characters go, and no more than MaxRunes are left.
func typed(text []rune) []rune {
	clean := make([]rune, 0, min(len(text), MaxRunes))
	for i, r := range text {
		if len(clean) == MaxRunes {
			break
		}
		switch {
		case r == '\n' && i > 0 && text[i-1] == '\r':
		case r == '\n', r == '\r', r == '\t', r == '\u0085', r == '\u2028', r == '\u2029':
			clean = append(clean, ' ')
		case unicode.IsGraphic(r) && r != unicode.ReplacementChar:
			clean = append(clean, r)
		}
	}
	return clean
}
