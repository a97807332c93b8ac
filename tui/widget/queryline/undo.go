package queryline

import tea "charm.land/bubbletea/v2"

// mostUndo is how many changes can be taken back.
const mostUndo = 50

// history is what the line held before its last changes.
type history struct {
	before []text
	typing bool // the last change was a letter, and the next one belongs to it
}

// note remembers what a change has changed. Letters typed in a row are one change; a blank ends it.
func (h *history) note(was text, msg tea.Msg) {
	k, pressed := msg.(tea.KeyPressMsg)
	letter := pressed && k.Text != "" && k.Text != " "
	if !letter || !h.typing {
		if len(h.before) == mostUndo {
			h.before = h.before[1:]
		}
		h.before = append(h.before, was)
	}
	h.typing = letter
}

// undo takes the last change back.
func (m *Model) undo() {
	h := &m.history
	if len(h.before) == 0 {
		return
	}
	was := h.before[len(h.before)-1]
	h.before, h.typing = h.before[:len(h.before)-1], false
	m.SetValue(was.value)
	m.SetPos(was.pos)
}
