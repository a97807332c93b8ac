package tui

import (
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
)

// What was typed into a program that had the terminal may arrive here after it has
// ended.
const (
	deafRest   = 300 * time.Millisecond // without a key, until keys are heard again
	deafDanger = time.Second            // until those are heard that can lead to a change
)

// deaf is when keys are heard again.
type deaf struct{ ended, until, danger time.Time }

// begin makes nothing be heard for a while.
func (d *deaf) begin(now time.Time) {
	*d = deaf{ended: now, until: now.Add(deafRest), danger: now.Add(deafDanger)}
}

// ignores reports whether an input was meant for somebody else. Each one that was
// puts off when the next is heard. ctrl+c, which leads out of everything, is ignored
// for a moment only.
func (m *Model) ignores(msg tea.Msg, now time.Time) bool {
	d := &m.deaf
	k, isKey := msg.(tea.KeyPressMsg)
	switch {
	case isKey && k.String() == "ctrl+c":
		return now.Before(d.ended.Add(deafRest))
	case now.Before(d.until):
	case now.Before(d.danger) && m.dangerous(k, isKey):
	default:
		return false
	}
	d.until, d.danger = now.Add(deafRest), now.Add(deafDanger)
	return true
}

// dangerous reports whether an input can lead to a change: a capital letter makes a
// plan, a question may be agreed to, and a text may be anything.
func (m *Model) dangerous(k tea.KeyPressMsg, isKey bool) bool {
	if !isKey {
		return true
	}
	switch m.stack.Top().(type) {
	case *dialog.Confirm, *dialog.Form, *dialog.Quit:
		return k.String() != "esc"
	}
	for _, r := range k.Text {
		return unicode.IsUpper(r)
	}
	return k.String() == "enter"
}
