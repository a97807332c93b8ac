package tui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// heldPrefix begins the topics of plans that are held back.
const heldPrefix = "held/"

// holds reports whether a plan is held back for some seconds: one that erases
// something, when the settings say so.
func (m *Model) holds(p rental.Plan) bool {
	return m.deps.DestroyDelay > 0 && slices.ContainsFunc(p.Steps, func(s rental.Step) bool {
		switch s.Call.(type) {
		case vastapi.DestroyInstance, vastapi.DeleteVolume:
			return true
		}
		return false
	})
}

// hold shows a plan that was agreed to until it is sent.
func (m *Model) hold(p rental.Plan) tea.Cmd {
	d := m.deps.DestroyDelay
	m.stack.Push(dialog.NewHold(p, time.Now().Add(d)))
	return m.cmd.Again(command.Topic(heldPrefix+p.ID), d)
}

// release sends what was held back, unless it was taken back or something else
// came up: then nothing is sent.
func (m *Model) release(topic command.Topic) tea.Cmd {
	id := strings.TrimPrefix(string(topic), heldPrefix)
	d, top := m.stack.Top().(*dialog.Hold)
	if top && d.Plan().ID == id && !m.tooSmall() {
		m.stack.Remove(d)
		return m.begun(d.Plan())
	}
	for _, h := range m.held() {
		if h.Plan().ID == id {
			m.remove(h)
			m.takenBack(h, "its question was not on the screen")
		}
	}
	return nil
}

// held are the plans that are held back.
func (m *Model) held() []*dialog.Hold {
	var list []*dialog.Hold
	m.stack.Each(func(d dialog.Dialog) {
		if h, ok := d.(*dialog.Hold); ok {
			list = append(list, h)
		}
	})
	return list
}

func (m *Model) takenBack(h *dialog.Hold, why string) {
	m.toast("nothing was sent, because "+why+": "+h.Plan().Title+" was taken back", view.Warn)
}

// clearStack closes all dialogs. What was held back is taken back by that, which
// is said: somebody believes that it is on its way.
func (m *Model) clearStack() {
	for _, h := range m.held() {
		m.takenBack(h, "something else came up")
	}
	m.stack.Clear()
}
