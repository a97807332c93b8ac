package tui

import (
	"slices"
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

// seen is what was drawn last: a click is about that, and about nothing that has come since.
type seen struct {
	size   view.Size
	view   view.ID
	top    dialog.Dialog
	since  time.Time // since when the dialog is on the screen
	x, y   int       // where its picture stands
	lines  int
	across int
}

// saw notes what is drawn now.
func (m *Model) saw(now time.Time) {
	top := m.stack.Top()
	if top != m.seen.top {
		m.seen.since = now
	}
	m.seen.size, m.seen.view, m.seen.top = m.size, m.active, top
}

// shows reports whether what was drawn last is what there is now.
func (s seen) shows(m *Model) bool {
	return s.size == m.size && s.view == m.active && s.top == m.stack.Top()
}

// onMouse takes what the mouse does. It is about looking only: a click on a question moves its
// focus or cancels and can never agree to it, and one on a row never does what enter does to the account.
func (m *Model) onMouse(msg tea.MouseMsg) tea.Cmd {
	at, now := msg.Mouse(), time.Now()
	if !m.looks.mouse || m.tooSmall() || !m.seen.shows(m) || m.ignores(msg, now) {
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
		m.touch()
		return m.apply(looking(v.Click(m.env(), view.Click{X: x, Y: y})), true)
	}
	return nil
}

// looking is what of an effect a click may have: nothing that asks, agrees, writes a file, or leaves the account.
func looking(e view.Effect) view.Effect {
	e.Intents = slices.DeleteFunc(slices.Clone(e.Intents), func(in view.Intent) bool {
		switch in.(type) {
		case view.Goto, view.Back, view.Toast, view.Copy, view.Remember, view.Leave, view.Note:
			return false
		}
		return true
	})
	return e
}

// wheel scrolls what is under it. Where the view leaves that to the keys they are pressed for it.
func (m *Model) wheel(w view.Wheel) tea.Cmd {
	m.touch()
	v := m.current()
	if p, ok := v.(view.Pointed); ok {
		if e, done := p.Wheel(m.env(), w); done {
			return m.apply(looking(e), true)
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

// restful is how long a dialog has been on the screen before a click can close it: one that comes sooner was meant for what
// was there before.
const restful = 400 * time.Millisecond

// onDialog has the top dialog heed the mouse. Neither way can lead to a verdict that changes
// anything: what a click comes to is less than an outcome, and the wheel is the keys that scroll, of which only the
// wish to read a file that was named is granted.
func (m *Model) onDialog(top dialog.Dialog, at tea.Mouse, lines int, now time.Time) tea.Cmd {
	if lines != 0 {
		return m.wheelDialog(top, lines, now)
	}
	x, y := at.X-m.seen.x, at.Y-m.seen.y
	hit := dialog.Heeded
	switch clicked, ok := top.(dialog.Clicked); {
	case x < 0 || x >= m.seen.across || y < 0 || y >= m.seen.lines:
		if l, may := top.(dialog.Lossless); may && l.Lossless() {
			hit = dialog.Cancel
		}
	case ok:
		hit = clicked.Click(x, y, now)
	}
	switch {
	case now.Sub(m.seen.since) < restful:
	case hit == dialog.Cancel:
		return m.answer(top.Update(tea.KeyPressMsg{Code: tea.KeyEscape}, now))
	case hit == dialog.Look:
		return m.lookAt(top, now)
	}
	return nil
}

// lookAt does what enter does in a list of places: it goes there. What else enter would do is left to the key.
func (m *Model) lookAt(top dialog.Dialog, now time.Time) tea.Cmd {
	switch d := top.(type) {
	case *dialog.Notices:
	case *dialog.Palette:
		e, ok := d.Lit()
		if _, goes := e.Ref.(doGoto); !ok || !goes {
			return nil
		}
	default:
		return nil
	}
	return m.answer(top.Update(tea.KeyPressMsg{Code: tea.KeyEnter}, now))
}

// wheelDialog scrolls the top dialog: by itself, or with the keys that do.
func (m *Model) wheelDialog(top dialog.Dialog, lines int, now time.Time) tea.Cmd {
	if w, ok := top.(interface{ Wheel(lines int) }); ok {
		w.Wheel(lines)
		return nil
	}
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
