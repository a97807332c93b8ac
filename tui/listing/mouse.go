package listing

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
)

// rows is a table as the mouse knows it.
type rows interface {
	Click(x, y int) table.Hit
	Wheel(lines int)
}

// Mouse is what the mouse does on a list: its line is the first of the area, the table and the detail stand below it, and
// a page may stand in place of all of them.
type Mouse struct {
	Page any                  // nil = the list; else it may be Pointed and Turned, or Listed
	Keys func() []view.Action // of the page

	Line  *queryline.Model
	Table rows
	Split pane.Split
	Top   int // lines between the line and the table

	Press  func(tea.Msg) view.Effect   // gives the line a key; nil = it offers nothing to choose from
	Moved  func()                      // the cursor was moved by hand
	Leave  func() view.Effect          // the line, because the list was clicked at while it was typed
	Sorted func() view.Effect          // another order was chosen
	Again  func() view.Effect          // the row under the cursor was clicked at
	Scroll func(lines int) view.Effect // the detail; nil = it cannot be scrolled
}

// Pointed is a page that heeds clicks.
type Pointed interface {
	// Click acts upon a click at a cell of what the page drew last, counted from 0 at its left upper corner. enter says that
	// it shall do what enter does, which must be about looking, or copying.
	Click(env view.Env, x, y int) (enter bool)
}

// Turned is a page that the wheel scrolls otherwise than up and down do.
type Turned interface {
	// Wheel scrolls so many lines down, or up when they are negative.
	Wheel(lines int)
}

// Listed is a page that is a list of its own, with its line and its detail.
type Listed interface {
	// Mouse is what the mouse does on it.
	Mouse(env view.Env) Mouse
}

// Click moves the cursor, the order or the text cursor, or chooses what is offered for the line.
func (m Mouse) Click(env view.Env, c view.Click) view.Effect {
	switch {
	case m.Page != nil:
		return m.clickPage(env, c)
	case m.Line.Offering() && m.Line.ChooseAt(c.X, c.Y):
		return m.press(tea.KeyPressMsg{Code: tea.KeyTab})
	case c.Y == 0:
		m.Line.Click(c.X)
		return view.Effect{}
	case m.Line.Offering():
		m.Line.EndCompletion() // what was typed stays
		return view.Effect{}
	}
	part, x, y := m.Split.At(c.X, c.Y-1-m.Top)
	if part != pane.List {
		return view.Effect{}
	}
	e := view.Effect{}
	if m.Line.Focused() {
		e = m.Leave()
	}
	switch m.Table.Click(x, y) {
	case table.Moved:
		m.Moved()
	case table.Sorted:
		return view.Join(e, m.Sorted())
	case table.Again:
		return view.Join(e, m.Again())
	}
	return e
}

func (m Mouse) press(k tea.KeyPressMsg) view.Effect {
	if m.Press == nil {
		return view.Effect{}
	}
	return m.Press(k)
}

// clickPage has the page heed a click, and does what enter does there when it says so.
func (m Mouse) clickPage(env view.Env, c view.Click) view.Effect {
	if l, ok := m.Page.(Listed); ok {
		return l.Mouse(env).Click(env, c)
	}
	p, ok := m.Page.(Pointed)
	if !ok || !p.Click(env, c.X, c.Y) {
		return view.Effect{}
	}
	for _, a := range m.Keys() {
		switch {
		case !key.Matches(tea.KeyPressMsg{Code: tea.KeyEnter}, a.Key):
		case a.Disabled != "":
			return view.Do(view.Toast{Text: a.Disabled, Level: view.Warn})
		default:
			return a.Do()
		}
	}
	return view.Effect{}
}

// Wheel scrolls the list, the detail, what is offered for the line, or the page. ok is false where up and down do as well.
func (m Mouse) Wheel(env view.Env, w view.Wheel) (e view.Effect, ok bool) {
	if l, ok := m.Page.(Listed); ok {
		return l.Mouse(env).Wheel(env, w)
	}
	if m.Page != nil {
		p, turned := m.Page.(Turned)
		if turned {
			p.Wheel(w.Lines)
		}
		return e, turned
	}
	if m.Line.Offering() {
		m.Line.WheelOffered(w.Lines)
		return e, true
	}
	switch part, _, _ := m.Split.At(w.X, w.Y-1-m.Top); {
	case part == pane.List:
		m.Table.Wheel(w.Lines)
		m.Moved()
	case part == pane.Detail && m.Scroll != nil:
		return m.Scroll(w.Lines), true
	}
	return e, true
}
