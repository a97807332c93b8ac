package logview

import (
	tea "charm.land/bubbletea/v2"
)

// Verdict says what came of a key.
type Verdict uint8

// The verdicts.
const (
	// Ignored is a key that is not the log's.
	Ignored Verdict = iota
	// Taken is a key that needs nothing more.
	Taken
	// Copy asks for the excerpt to be put into the clipboard.
	Copy
	// Save asks for the excerpt to be written to a file: all lines held that the filter shows, as they were received.
	Save
	// Leave asks for the log to be closed.
	Leave
)

// Outcome is what came of a key.
type Outcome struct {
	Verdict Verdict
	Excerpt Excerpt // of Copy and Save
}

// Update acts upon a key or a paste: up down j k, pgup pgdown ctrl+f ctrl+b b space, u d ctrl+u ctrl+d (half a screen),
// g G home end, left right h l; f follows the end, w wraps, t shows timestamps, / filters while it is typed, & searches, n
// N find the next and the one before (of a search or else of the first word of the filter), v chooses lines, y copies them or, when none are chosen, those on the screen, s saves. Escape
// undoes one thing: what is typed, the choice, the search, the filter; then, as q does, it leaves. While something is
// typed that takes every key.
func (m *Model) Update(msg tea.Msg) Outcome {
	if m.typing != nothing {
		if !m.typed(msg) {
			return Outcome{}
		}
		m.fresh = false
		m.Work()
		return Outcome{Verdict: Taken}
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return Outcome{}
	}
	said, found := m.note, m.find.note
	m.note = ""
	if m.find.left == 0 {
		m.find.note = ""
	}
	out := m.key(k.String())
	if out.Verdict == Ignored {
		m.note, m.find.note = said, found
		return out
	}
	m.fresh = false
	m.Work()
	return out
}

func (m *Model) key(s string) Outcome {
	if m.move(s) {
		return Outcome{Verdict: Taken}
	}
	switch s {
	case "f":
		m.setFollow(!m.follow)
	case "w":
		m.wrap = !m.wrap
		m.part, m.left = 0, 0
		m.arrange()
	case "t":
		m.toggleStamps()
	case "/", "&":
		m.ask(s)
	case "n":
		m.next(1)
	case "N":
		m.next(-1)
	case "v":
		m.choose()
	case "y":
		return m.pick()
	case "s":
		return Outcome{Verdict: Save, Excerpt: m.everything()}
	case "q":
		return Outcome{Verdict: Leave}
	case "esc":
		return m.escape()
	default:
		return Outcome{}
	}
	return Outcome{Verdict: Taken}
}

// move acts upon the keys that move.
func (m *Model) move(s string) bool {
	page := max(1, m.h)
	switch s {
	case "up", "k":
		m.step(-1)
	case "down", "j":
		m.step(1)
	case "pgup", "b", "ctrl+b":
		m.step(-page)
	case "pgdown", "space", "ctrl+f":
		m.step(page)
	case "u", "ctrl+u":
		m.step(-max(1, page/2))
	case "d", "ctrl+d":
		m.step(max(1, page/2))
	case "g", "home":
		m.toBegin()
	case "G", "end":
		m.toEnd()
	case "left", "h":
		m.shift(-sideways)
	case "right", "l":
		m.shift(sideways)
	default:
		return false
	}
	return true
}

// ask begins typing a search or a filter.
func (m *Model) ask(s string) {
	m.typing = aSearch
	m.entry.Set("")
	if s == "/" {
		m.typing = aFilter
		m.before = m.filter.text
		m.entry.Set(m.before)
	}
}

// typed acts upon what is pressed while something is typed.
func (m *Model) typed(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		if _, pasted := msg.(tea.PasteMsg); !pasted {
			return false
		}
	}
	what := m.typing
	switch {
	case ok && k.String() == "esc":
		m.typing = nothing
		if what == aFilter {
			m.filterBy(m.before)
		}
	case ok && k.String() == "enter":
		m.typing, m.note = nothing, ""
		switch {
		case what == aSearch:
			m.begin(m.entry.Value())
		case m.filter.wrong != "":
			m.note = m.filter.wrong
		}
	default:
		m.entry.Update(msg)
		if what == aFilter {
			m.filterBy(m.entry.Value())
		}
	}
	return true
}

func (m *Model) escape() Outcome {
	switch {
	case m.choice.on:
		m.choice = choice{}
	case m.find.needle.text != "":
		m.find = search{at: -1}
	case m.filter.text != "":
		m.filterBy("")
	default:
		return Outcome{Verdict: Leave}
	}
	return Outcome{Verdict: Taken}
}

func (m *Model) toggleStamps() {
	m.stamps = !m.stamps
	m.arrange()
	if !m.stamps {
		return
	}
	for row := m.base; row < m.end() && row < m.base+m.h; row++ {
		if m.at(row).when != noTime {
			return
		}
	}
	if m.n > 0 {
		m.note = "the first lines carry no timestamps: theirs is left blank"
	}
}
