package queryline

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
)

// MaxRunes is the length of the longest query, in runes. It holds a command line of the official
// client with some fifty conditions; what is pasted beyond it is left out, and Cut says so.
const MaxRunes = 2048

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
	// Off draws the chip as one that does not apply now, such as a default that has been taken away.
	Off bool
}

// text of a chip; what says that it does not apply is not the stroke alone.
func (c Chip) text() string {
	if c.Off {
		return "×" + c.Text
	}
	return c.Text
}

// Model is a query line. A Model must not be copied once it is in use.
type Model struct {
	// Placeholder stands in the empty line while it does not have the keyboard.
	Placeholder string

	input   textinput.Model
	theme   *theme.Theme
	problem *Problem
	chips   []Chip
	chip    int // the chip with the focus, counted from 1; 0 for none

	complete completion
	history  history
	cut      string // a sentence about what was left out of a paste

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

// Blur takes the keyboard away and closes the list of candidates.
func (m *Model) Blur() {
	m.input.Blur()
	m.complete = completion{}
}

// Focused reports whether the line has the keyboard.
func (m *Model) Focused() bool { return m.input.Focused() }

// Value returns the query.
func (m *Model) Value() string { return m.input.Value() }

// SetValue replaces the query, puts the cursor behind it and drops the problem and the candidates.
func (m *Model) SetValue(s string) {
	value := clean(head(s), longest)
	m.cut = full(len(value) > MaxRunes || len(s) > longest, "the rest")
	m.input.SetValue(string(value[:min(len(value), MaxRunes)]))
	m.input.CursorEnd()
	m.problem = nil
	m.complete.list, m.complete.before = nil, nil
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
	put := typed(head(text))
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

// SetChips replaces the chips. The focus stays on its place among them.
func (m *Model) SetChips(chips ...Chip) {
	m.chips = slices.Clone(chips)
	m.chip = min(m.chip, len(chips))
}

// FocusChip marks the chip with this index as the one that a key would take away; a number that is
// not one of a chip marks none.
func (m *Model) FocusChip(i int) {
	m.chip = 0
	if i >= 0 && i < len(m.chips) {
		m.chip = i + 1
	}
}

// Chip returns the index of the chip that has the focus.
func (m *Model) Chip() (i int, ok bool) { return m.chip - 1, m.chip > 0 }

// Cut returns a sentence about what was left out of the last paste or value because the line is full, or "".
// The next change of the query takes it away.
func (m *Model) Cut() string { return m.cut }

// Update takes a key press or a paste and reports whether the query is another one now. Anything
// else, and everything while the line does not have the keyboard, is ignored. While candidates are
// offered, Tab takes one, up, down, ctrl+p and ctrl+n move among them and Escape closes the list;
// Escape also gives back what was typed when the last change was taking a candidate. ctrl+_ takes the
// last change back.
func (m *Model) Update(msg tea.Msg) (changed bool) {
	if !m.Focused() {
		return false
	}
	was := text{m.Value(), m.Pos()}
	k, pressed := msg.(tea.KeyPressMsg)
	switch {
	case pressed && k.String() == "ctrl+_":
		m.undo()
	case pressed && m.completionKey(k):
		if m.Value() != was.value {
			m.history.note(was, msg)
		}
		return m.Value() != was.value
	default:
		m.edit(msg)
		if m.Value() != was.value {
			m.history.note(was, msg)
		}
	}
	if m.Value() == was.value {
		if m.Pos() != was.pos {
			m.complete.list = nil // they were for another place
		}
		return false
	}
	m.problem = nil
	m.complete.before, m.complete.silent = nil, false
	return true
}

func (m *Model) edit(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		m.press(msg)
	case tea.PasteMsg:
		m.paste(msg.Content)
	}
}

func (m *Model) press(k tea.KeyPressMsg) {
	before := m.Value()
	k.Text = string(typed([]rune(k.Text)))
	m.input, _ = m.input.Update(k)
	if m.Value() != before {
		m.cut = ""
	}
}

// paste puts what fits of a text at the cursor.
func (m *Model) paste(content string) {
	value := []rune(m.Value())
	put := clean(head(strings.Trim(content, "\r\n")), longest)
	room := MaxRunes - len(value)
	cut := len(put) > room || len(content) > longest
	put = put[:min(len(put), room)]
	// The input field would measure the line anew for each letter.
	pos := min(m.Pos(), len(value))
	m.input.SetValue(string(slices.Concat(value[:pos], put, value[pos:])))
	m.SetPos(pos + len(put))
	m.cut = full(cut, "the rest of the paste")
}

// full is what is said when what is named did not fit.
func full(cut bool, what string) string {
	if !cut {
		return ""
	}
	return fmt.Sprintf("the line holds %s characters: %s was left out", figure.Count(MaxRunes), what)
}

// longest is how many bytes of a text are looked at.
const longest = 8 * MaxRunes

// head returns the beginning of a text, as long as a line may be made of it.
func head(s string) []rune {
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return []rune(s)
}

// typed returns what of a text may stand in the line, as far as the line holds it.
func typed(text []rune) []rune { return clean(text, MaxRunes) }

// clean returns at most so many runes of a text that may stand in the line: breaks and tabs become
// one space, other controls and invisible characters go.
func clean(text []rune, most int) []rune {
	kept := make([]rune, 0, min(len(text), most))
	for i, r := range text {
		if len(kept) == most {
			break
		}
		switch {
		case r == '\n' && i > 0 && text[i-1] == '\r':
		case r == '\n', r == '\r', r == '\t', r == '\u0085', r == '\u2028', r == '\u2029':
			kept = append(kept, ' ')
		case unicode.IsGraphic(r) && r != unicode.ReplacementChar:
			kept = append(kept, r)
		}
	}
	return kept
}
