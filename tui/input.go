package tui

import (
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
)

// onInput takes a key or a paste on its way; whoever takes it first ends the
// journey: leaving, the top dialog, the view's actions, the program's, the view.
func (m *Model) onInput(msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if m.ignores(msg, time.Now()) {
		return nil
	}
	if isKey && k.String() == "ctrl+c" {
		return m.interrupt()
	}
	if m.tooSmall() {
		return m.onCard(k)
	}
	if top := m.stack.Top(); top != nil {
		if isKey && m.suspends(k) {
			e, _ := m.act(tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}, m.actions(), true)
			return e
		}
		return m.answer(top.Update(msg, time.Now()))
	}
	if isKey {
		return m.onKey(k)
	}
	m.touch()
	return m.apply(m.current().Update(m.env(), msg), true)
}

// suspends reports whether a key is the one that suspends the program, which it does
// above every question too: whoever comes back finds it as it was. A key that is typed
// as a letter does not, because there it belongs to the line.
func (m *Model) suspends(k tea.KeyPressMsg) bool {
	if k.Text != "" {
		return false
	}
	own, ok := m.keymap.translate(everywhere, k)
	if !ok && m.keymap.without(everywhere, k) {
		return false
	}
	return own.String() == "ctrl+z"
}

// onKey takes a key that no question takes. What the user has given it to comes
// first; else it does what it does by itself, unless that has another key now.
func (m *Model) onKey(k tea.KeyPressMsg) tea.Cmd {
	v, own := m.current(), m.scopeOf(m.active)
	typing := v.Capturing()
	m.touchBy(k, typing)
	inView := func(k tea.KeyPressMsg) tea.Cmd {
		if e, ok := m.act(k, v.Actions(m.env()), typing); ok {
			return e
		}
		return m.apply(v.Update(m.env(), k), true)
	}
	if !typing && m.keymap.changed() {
		if e, ok := m.act(k, drawn(v.Actions(m.env())), false); ok {
			return e
		}
	}
	if !typing {
		if mine, ok := m.keymap.translate(own, k); ok {
			return inView(mine)
		}
	}
	if mine, ok := m.keymap.translate(everywhere, k); ok && (!typing || k.Text == "") {
		e, _ := m.act(mine, m.actions(), typing)
		return e
	}
	if typing {
		if e, ok := m.act(k, v.Actions(m.env()), true); ok {
			return e
		}
		if e, ok := m.act(k, m.actions(), true); ok && !m.keymap.without(everywhere, k) {
			return e
		}
		return m.apply(v.Update(m.env(), k), true)
	}
	if mine, ok := m.keymap.translate(inTables, k); ok {
		return inView(mine)
	}
	if !m.keymap.without(own, k) {
		if e, ok := m.act(k, v.Actions(m.env()), false); ok {
			return e
		}
	}
	for _, list := range [][]view.Action{m.ownActions(own), m.ownActions(everywhere)} {
		if e, ok := m.act(k, list, false); ok {
			return e
		}
	}
	if !m.keymap.without(everywhere, k) {
		if e, ok := m.act(k, m.actions(), false); ok {
			return e
		}
	}
	if m.keymap.without(own, k) || m.keymap.without(inTables, k) {
		return nil
	}
	return m.apply(v.Update(m.env(), k), true)
}

// drawn are the actions whose keys stand beside them on the screen.
func drawn(list []view.Action) []view.Action {
	return slices.DeleteFunc(slices.Clone(list), func(a view.Action) bool { return !a.Drawn })
}

// tooSmall reports whether only the card is drawn. Nothing else is seen then,
// so nothing else may hear keys.
func (m *Model) tooSmall() bool { return m.size.W < leastW || m.size.H < leastH }

// onCard takes the keys of the card: q asks before leaving and leaves when it
// was asked already, esc stays.
func (m *Model) onCard(k tea.KeyPressMsg) tea.Cmd {
	_, asked := m.stack.Top().(*dialog.Quit)
	switch {
	case k.String() == "q" && (asked || len(m.leaving()) == 0):
		return tea.Quit
	case k.String() == "q":
		m.stack.Push(dialog.NewQuit(m.leaving()))
	case k.String() == "esc" && asked:
		m.stack.Pop()
	}
	return nil
}

// act finds the action of a key and does it, or says why it cannot be done.
// While text is typed, only actions that say so are looked at.
func (m *Model) act(k tea.KeyPressMsg, list []view.Action, typing bool) (tea.Cmd, bool) {
	for _, a := range list {
		if !key.Matches(k, a.Key) || (typing && !a.Typing) {
			continue
		}
		return m.does(a), true
	}
	return nil, false
}

// does what an action does, or says why it cannot be done.
func (m *Model) does(a view.Action) tea.Cmd {
	if a.Disabled != "" {
		m.toast(a.Disabled, view.Warn)
		return nil
	}
	return m.apply(a.Do(), true)
}

// interrupt is ctrl+c, which nothing can catch: once asks, twice leaves.
func (m *Model) interrupt() tea.Cmd {
	if _, asked := m.stack.Top().(*dialog.Quit); asked {
		return tea.Quit
	}
	reasons := m.leaving()
	if len(reasons) == 0 {
		reasons = []string{"Nothing is billed and nothing is under way."}
	}
	m.stack.Push(dialog.NewQuit(reasons))
	return nil
}

// answer does what the top dialog came to.
func (m *Model) answer(o dialog.Outcome) tea.Cmd {
	switch o.Verdict {
	case dialog.Closed:
		return m.closed(o)
	case dialog.Agreed:
		return m.execute(o.Plan)
	case dialog.Review:
		return m.review(o.Plan)
	case dialog.Submitted:
		return m.apply(o.Form.Submit(m.env(), o.Values), true)
	case dialog.Editing:
		return m.cmd.Loads().EditText(o.Form.ID, o.Key, o.Values[o.Key])
	case dialog.Reading:
		return m.cmd.Loads().ReadFile(o.Form.ID, o.Key, o.Path)
	case dialog.Acted:
		return m.acted(o)
	case dialog.Copied:
		return m.copied(o)
	case dialog.Halting:
		m.cmd.Halt(o.Plan.ID)
	case dialog.Chosen:
		return m.chosen(o)
	case dialog.ReadOne, dialog.ReadAll, dialog.ClearRead, dialog.Went:
		return m.apply(m.heedNotices(o), true)
	case dialog.Picked:
		return m.picked(o)
	case dialog.Saving:
		return m.save(*o.Report)
	case dialog.Leave:
		return tea.Quit
	}
	return nil
}

// acted does what a key of a form's own does.
func (m *Model) acted(o dialog.Outcome) tea.Cmd {
	for _, k := range o.Form.Keys {
		if k.Key == o.Key {
			return m.apply(k.Act(m.env(), o.Values), true)
		}
	}
	return nil
}

// closed takes the top dialog away and tells a form that it was closed.
func (m *Model) closed(o dialog.Outcome) tea.Cmd {
	cmd := m.close()
	if o.Report != nil {
		return tea.Batch(cmd, m.leaveReport(*o.Report))
	}
	if o.Form.Closed != nil {
		return tea.Batch(cmd, m.apply(o.Form.Closed(m.env(), o.Values), true))
	}
	return cmd
}

// close takes the top dialog away. A form gets the keyboard back from its plan.
func (m *Model) close() tea.Cmd {
	c, plan := m.stack.Top().(*dialog.Confirm)
	if plan {
		delete(m.again, c.Plan().ID)
	}
	m.remove(m.stack.Top())
	if f, ok := m.stack.Top().(*dialog.Form); ok && plan {
		f.Settle()
	}
	return nil
}

// remove closes d. A question that comes to light by that asks anew: the key
// that closed d, or the next of a quick hand, is not meant for it.
func (m *Model) remove(d dialog.Dialog) {
	top := m.stack.Top()
	m.stack.Remove(d)
	if c, ok := m.stack.Top().(*dialog.Confirm); ok && m.stack.Top() != top {
		c.Again(time.Now())
	}
}
