package reader

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
)

// Lines is a text. It must not change while it is read; lines must be inert (no escape sequences,
// no line breaks) and should be no longer than LongestLine: of a longer one the rest is not drawn.
type Lines interface {
	Len() int
	Line(i int) string
}

// LongestLine is the length in bytes up to which a line is drawn.
const LongestLine = 8192

// Text is a text in memory.
type Text []string

// Split returns the lines of s, which they share. Lines longer than LongestLine are broken.
func Split(s string) Text {
	text := make(Text, 0, strings.Count(s, "\n")+1+len(s)/LongestLine)
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		for len(line) > LongestLine {
			end := LongestLine
			for end > LongestLine-utf8.UTFMax && !utf8.RuneStart(line[end]) {
				end--
			}
			text, line = append(text, line[:end]), line[end:]
		}
		text = append(text, line)
	}
	return text
}

// Len returns how many lines there are.
func (t Text) Len() int { return len(t) }

// Line returns the line with this index.
func (t Text) Line(i int) string { return t[i] }

// Model is a text that is read. A Model must not be copied once it is in use.
type Model struct {
	title string
	lines Lines
	theme *theme.Theme

	wrap bool
	top  int // first line drawn
	part int // of that line's parts, when lines are wrapped
	left int // cells left out at the left, when they are not
	w, h int // of the text when last drawn

	entry  entry.Line
	typing bool
	find   search
	column int // cell of the text cursor when last drawn

	last  string // the last drawing
	lastW int
	lastH int
	fresh bool // last is still what would be drawn
}

const (
	longestSearch = 200 // runes
	sideways      = 8   // cells of one step to the left or right
	guessW        = 80  // before the first drawing
	guessH        = 20
)

// New returns a text with its title, from its beginning. nil lines are none.
func New(title string, lines Lines, th *theme.Theme) Model {
	m := Model{theme: th, entry: entry.New("", longestSearch, false), w: guessW, h: guessH}
	m.Set(title, lines)
	return m
}

// Set replaces title and text and goes to its beginning. Wrapping and what was searched for stay.
func (m *Model) Set(title string, lines Lines) {
	if lines == nil {
		lines = Text(nil)
	}
	m.title, m.lines = title, lines
	m.top, m.part, m.left = 0, 0, 0
	m.find.at, m.find.note = -1, ""
	m.fresh = false
}

// SetTheme replaces the theme.
func (m *Model) SetTheme(th *theme.Theme) { m.theme, m.fresh = th, false }

// Wrapping reports whether lines that are too long go on in the next one.
func (m *Model) Wrapping() bool { return m.wrap }

// Capturing reports whether keys are typed into the search.
func (m *Model) Capturing() bool { return m.typing }

// Searching reports whether a search is typed, or what it found is marked.
func (m *Model) Searching() bool { return m.typing || m.find.needle != "" }

// Cursor returns where the terminal's cursor belongs in what was drawn last, while a search is typed.
func (m *Model) Cursor() *tea.Cursor {
	if !m.typing || m.lastH < 2 {
		return nil
	}
	return tea.NewCursor(m.column, m.lastH-1)
}

// Update acts upon a key or a paste and reports whether it was for the text: up down j k, pgup pgdown b space,
// ctrl+u ctrl+d, g G home end, left right h l, w wraps, / searches, n N find the next and the one before. While a
// search is typed it takes everything, Enter finds and Escape gives up; Escape afterwards takes the
// marks of what was found away.
func (m *Model) Update(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	if m.typing {
		m.fresh = false
		return m.typed(msg)
	}
	if !ok || !m.key(k.String()) {
		return false
	}
	m.fresh = false
	return true
}

func (m *Model) key(s string) bool {
	page := max(1, m.h)
	switch s {
	case "up", "k":
		m.scroll(-1)
	case "down", "j":
		m.scroll(1)
	case "pgup", "b":
		m.scroll(-page)
	case "pgdown", "space":
		m.scroll(page)
	case "ctrl+u":
		m.scroll(-max(1, page/2))
	case "ctrl+d":
		m.scroll(max(1, page/2))
	case "g", "home":
		m.top, m.part = 0, 0
	case "G", "end":
		m.bottom()
	case "left", "h":
		m.shift(-sideways)
	case "right", "l":
		m.shift(sideways)
	case "w":
		m.wrap = !m.wrap
		m.part, m.left = 0, 0
		m.settle()
	case "/":
		m.typing = true
		m.entry.Set("")
	case "n":
		m.next(1)
	case "N":
		m.next(-1)
	case "esc":
		if m.find.needle == "" {
			return false
		}
		m.find = search{at: -1}
	default:
		return false
	}
	return true
}

// typed acts upon what is pressed while a search is typed.
func (m *Model) typed(msg tea.Msg) bool {
	switch k, ok := msg.(tea.KeyPressMsg); {
	case !ok:
		if _, pasted := msg.(tea.PasteMsg); !pasted {
			return false
		}
		m.entry.Update(msg)
	case k.String() == "esc":
		m.typing = false
	case k.String() == "enter":
		m.typing = false
		if s := m.entry.Value(); s != "" {
			m.find = newSearch(s)
		}
		m.search(1, m.top)
	default:
		m.entry.Update(msg)
	}
	return true
}

// Wheel moves the window n drawn lines down, or up when n is negative, also while a search is typed.
func (m *Model) Wheel(n int) {
	m.scroll(n)
	m.fresh = false
}

// scroll moves the window n drawn lines down, or up when n is negative.
func (m *Model) scroll(n int) {
	if m.lines.Len() == 0 {
		return
	}
	if !m.wrap {
		m.top += n
		m.settle()
		return
	}
	for ; n > 0; n-- {
		if m.part++; m.part >= m.parts(m.top) {
			if m.top >= m.lines.Len()-1 {
				m.part--
				break
			}
			m.top, m.part = m.top+1, 0
		}
	}
	for ; n < 0; n++ {
		if m.part--; m.part < 0 {
			if m.top == 0 {
				m.part = 0
				break
			}
			m.top--
			m.part = m.parts(m.top) - 1
		}
	}
	m.settle()
}

// settle moves the window back so that it ends with the last line at the latest.
func (m *Model) settle() {
	top, part := m.lastTop()
	if m.top > top || m.top == top && m.part > part {
		m.top, m.part = top, part
	}
	m.top = max(0, m.top)
}

func (m *Model) bottom() { m.top, m.part = m.lastTop() }

// lastTop returns where the window begins that ends with the last line.
func (m *Model) lastTop() (top, part int) {
	n, room := m.lines.Len(), max(1, m.h)
	if !m.wrap {
		return max(0, n-room), 0
	}
	for i := n - 1; i >= 0; i-- {
		p := m.parts(i)
		if p >= room {
			return i, p - room
		}
		room -= p
	}
	return 0, 0
}

// shift moves the window sideways.
func (m *Model) shift(n int) {
	if m.wrap {
		return
	}
	widest := 0
	for i := m.top; i < m.top+m.h && i < m.lines.Len(); i++ {
		widest = max(widest, fit.Width(m.line(i)))
	}
	m.left = max(0, min(m.left+n, widest-m.w/2))
}
