package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/tabs"
)

// wheelLines is how many lines one notch of the wheel goes on.
const wheelLines = 3

// setMouse says whether the terminal reports what the mouse does. While it does not, the mouse
// selects text as it does everywhere else.
func (m *Model) setMouse(on bool) view.Effect {
	m.looks.mouse = on
	text := "the mouse selects text now; M uses it here again. With it in use, shift and a drag select text in most terminals"
	if on {
		text = "the mouse is used here again; shift and a drag select text in most terminals"
	}
	return view.Do(view.Toast{Text: text})
}

// mouseMode is what the terminal is asked to report.
func (m *Model) mouseMode() tea.MouseMode {
	if !m.looks.mouse {
		return tea.MouseModeNone
	}
	return tea.MouseModeCellMotion
}

// onMouse takes what the mouse does. It is about looking only: a click on a question moves its
// focus and can never agree to it, and one on a row never does what enter does to the account.
func (m *Model) onMouse(msg tea.MouseMsg) tea.Cmd {
	at, now := msg.Mouse(), time.Now()
	if !m.looks.mouse || m.tooSmall() || m.ignores(msg, now) {
		return nil
	}
	lines := 0
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at.Button != tea.MouseLeft || at.Mod != 0 {
			return nil
		}
	case tea.MouseWheelMsg:
		lines = turned(at.Button)
		if lines == 0 {
			return nil
		}
	default:
		return nil // released, or moved
	}
	if top := m.stack.Top(); top != nil {
		return m.onDialog(top, at, lines, now)
	}
	x, y := at.X, at.Y-viewTop
	switch {
	case lines == 0 && at.Y == tabLine:
		return m.onTab(at.X)
	case y < 0 || y >= m.area().H:
		return nil
	case lines != 0:
		return m.wheel(view.Wheel{X: x, Y: y, Lines: lines})
	}
	if v, ok := m.current().(view.Pointed); ok {
		return m.apply(v.Click(m.env(), view.Click{X: x, Y: y}), true)
	}
	return nil
}

// wheel scrolls what is under it. Where the view leaves that to the keys they are pressed for it.
func (m *Model) wheel(w view.Wheel) tea.Cmd {
	v := m.current()
	if p, ok := v.(view.Pointed); ok {
		if e, done := p.Wheel(m.env(), w); done {
			return m.apply(e, true)
		}
	}
	key := tea.KeyPressMsg{Code: tea.KeyDown}
	if w.Lines < 0 {
		key.Code = tea.KeyUp
	}
	var cmds []tea.Cmd
	for range max(w.Lines, -w.Lines) {
		cmd, done := m.act(key, v.Actions(m.env()), v.Capturing())
		if !done {
			cmd = m.apply(v.Update(m.env(), key), true)
		}
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

// Where the tabs and the view stand on the screen.
const (
	tabLine = 1
	viewTop = 2
)

// turned is how far down a wheel's button goes.
func turned(b tea.MouseButton) int {
	switch b {
	case tea.MouseWheelUp:
		return -wheelLines
	case tea.MouseWheelDown:
		return wheelLines
	}
	return 0
}

// onTab shows the view whose tab was clicked. While a text line has the keyboard the views' figures
// are not heard either.
func (m *Model) onTab(x int) tea.Cmd {
	if m.session.phase == loggedOut || m.current().Capturing() {
		return nil
	}
	i, ok := tabs.HitAt(m.tabItems(), m.tabRoom(m.size.W), x)
	if !ok {
		return nil
	}
	return m.apply(view.Do(view.Goto{View: m.tabs()[i].id}), true)
}

// onDialog has the top dialog heed the mouse. Neither way can lead to a verdict that changes
// anything: a click comes back without one, and the wheel is the keys that scroll, of which only the
// wish to read a file that was named is granted.
func (m *Model) onDialog(top dialog.Dialog, at tea.Mouse, lines int, now time.Time) tea.Cmd {
	if lines != 0 {
		return m.wheelDialog(top, lines, now)
	}
	clicked, ok := top.(dialog.Clicked)
	if !ok {
		return nil
	}
	area := m.dialogArea()
	p := top.Draw(m.theme, area, now)
	x, y := placed(p, area, m.size.W)
	if at.X >= x && at.X < x+p.W && at.Y >= y && at.Y < y+len(p.Lines) {
		clicked.Click(at.X-x, at.Y-y, now)
	}
	return nil
}

func (m *Model) wheelDialog(top dialog.Dialog, lines int, now time.Time) tea.Cmd {
	key := tea.KeyPressMsg{Code: tea.KeyDown}
	if lines < 0 {
		key.Code = tea.KeyUp
	}
	var cmds []tea.Cmd
	for range max(lines, -lines) {
		if o := top.Update(key, now); o.Verdict == dialog.Reading {
			cmds = append(cmds, m.answer(o))
		}
	}
	return tea.Batch(cmds...)
}

// dialogArea is the room for dialogs.
func (m *Model) dialogArea() view.Size { return view.Size{W: m.size.W, H: m.size.H - 2} }

// placed is where a dialog stands on a screen of w cells.
func placed(p dialog.Picture, area view.Size, w int) (x, y int) {
	return max(0, (w-p.W)/2), max(1, 1+(area.H-len(p.Lines))/3)
}
