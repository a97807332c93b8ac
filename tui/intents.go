package tui

import (
	"cmp"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// apply grants an effect's wishes now, so that the next key meets their
// result, and returns its command. byKey says that a key of the user led here.
func (m *Model) apply(e view.Effect, byKey bool) tea.Cmd {
	cmds := []tea.Cmd{e.Cmd}
	for _, in := range e.Intents {
		cmds = append(cmds, m.grant(in, byKey))
	}
	return tea.Batch(cmds...)
}

func (m *Model) grant(in view.Intent, byKey bool) tea.Cmd {
	switch in := in.(type) {
	case view.Confirm:
		return m.confirm(in, byKey)
	case view.Ask:
		if m.mayAsk(in.Form, byKey) {
			m.stack.Push(dialog.NewForm(in.Form))
		}
	case view.FormFailed:
		if f := m.form(in.Form); f != nil {
			f.Fail(in.Text)
		}
	case view.FormDone:
		if f := m.form(in.Form); f != nil {
			m.remove(f)
		}
	case view.Refit:
		if f := m.form(in.Form.ID); f != nil {
			f.Refit(in.Form)
		}
	case view.Fill:
		if f := m.form(in.Form); f != nil {
			f.Fill(in.Values)
		}
	case view.Goto:
		return m.open(in.View, in.Focus)
	case view.Back:
		return m.back()
	case view.Tell:
		if t := m.tab(in.View); t != nil {
			return m.apply(t.Update(m.env(), in.What), byKey)
		}
	case view.Toast:
		m.toast(in.Text, in.Level)
	case view.Pause:
		m.session.paused = in.On
		if !in.On {
			return m.shown(m.active)
		}
	case view.LogOut:
		return m.leaveAccount()
	case view.Switch:
		return m.onSwitch(in)
	case view.Remember:
		return m.remember(in.Change)
	case view.Leave:
		return m.noteLeft(in)
	case view.Note:
		return m.note(in.Event)
	case view.Save:
		return m.cmd.WriteText(in.Form, in.Path, in.Text, in.Replace)
	case view.Copy:
		m.toast(fmt.Sprintf("%s sent to the terminal's clipboard: %s", in.What, safetext.Clean(cmp.Or(in.Shown, in.Text), mostShown)), view.Good)
		return m.copyText(in.Text, in.What)
	}
	return nil
}

// confirm opens the dialog for a plan, or carries it out when it needs no consent.
func (m *Model) confirm(c view.Confirm, byKey bool) tea.Cmd {
	if m.session.phase != ready || c.Form != "" && m.form(c.Form) == nil {
		return nil // logged out, or the form it was worked out for closed, meanwhile
	}
	if f := m.form(c.Form); f != nil {
		f.Settle()
	}
	if c.Again != nil {
		m.again[c.Plan.ID] = c.Again
	}
	if c.Plan.Consent.Kind == rental.ConsentNone {
		m.clearStack()
		return m.carryOut(c.Plan)
	}
	m.stack.Push(dialog.NewConfirm(c.Plan, time.Now(), !byKey, c.Form != ""))
	return nil
}

// form is the open form of that name, or nil.
func (m *Model) form(id string) *dialog.Form {
	var found *dialog.Form
	m.stack.Each(func(d dialog.Dialog) {
		if f, ok := d.(*dialog.Form); ok && f.ID() == id {
			found = f
		}
	})
	return found
}

// review works a plan out again from what is true now.
func (m *Model) review(p rental.Plan) tea.Cmd {
	again := m.again[p.ID]
	delete(m.again, p.ID)
	m.stack.Pop()
	if again == nil {
		return nil
	}
	form := ""
	if f, ok := m.stack.Top().(*dialog.Form); ok {
		form = f.ID()
		f.Wait() // what is worked out is what stands in it now
	}
	return m.apply(again(m.env(), form), true)
}

func (m *Model) toast(text string, level view.Level) {
	m.toasts.Push(time.Now(), theme.Level(level), text)
}
