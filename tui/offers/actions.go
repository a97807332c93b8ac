package offers

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi/offerql"
)

const group = "Market"

// Actions are what can be done with the offer under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	if m.Capturing() {
		return m.typing(env)
	}
	none := m.nothing(env)
	return []view.Action{
		{Key: view.Bind("r", "rent…", "r"), Group: group, Disabled: env.Changing(m.unrentable(none)), Do: func() view.Effect { return m.rent() }},
		{Key: view.Bind("enter", "detail", "enter"), Group: group, Disabled: none, Do: m.toggleDetail},
		{Key: view.Bind("/", "search", "/"), Group: group, Do: func() view.Effect { m.line.Focus(); return view.Effect{} }},
		{Key: view.Bind("o", "sort by the next column", "o"), Group: group, Do: func() view.Effect { m.table.NextSort(); return view.Effect{} }},
		{Key: view.Bind("O", "reverse the order", "O"), Group: group, Hidden: true, Do: func() view.Effect { m.table.Reverse(); return view.Effect{} }},
		{Key: view.Bind("}", "scroll the detail", "}"), Group: group, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, 3) }},
		{Key: view.Bind("{", "scroll the detail back", "{"), Group: group, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, -3) }},
		{Key: view.Bind("esc", "close the detail, then clear marks, then the query", "esc"), Group: group, Hidden: true, Do: func() view.Effect { return m.back(env) }},
	}
}

// typing are the keys that work while the query is typed.
func (m *Model) typing(env view.Env) []view.Action {
	done := func() view.Effect { m.line.Blur(); return view.Effect{} }
	move := func(n int) func() view.Effect {
		return func() view.Effect { m.table.Move(n); return view.Effect{} }
	}
	return []view.Action{
		{Key: view.Bind("enter", "back to the list", "enter"), Group: group, Typing: true, Do: func() view.Effect { return m.enter(env) }},
		{Key: view.Bind("esc", "leave the query", "esc"), Group: group, Typing: true, Do: done},
		{Key: view.Bind("up", "one row up", "up"), Group: group, Typing: true, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one row down", "down"), Group: group, Typing: true, Hidden: true, Do: move(1)},
	}
}

// nothing says why there is no offer to act on, or "".
func (m *Model) nothing(env view.Env) string {
	_, ok := m.under()
	switch {
	case ok:
		return ""
	case !env.Data.Offers.Told():
		return "the offers are still being loaded"
	case m.table.CursorVanished():
		return "the offer under the cursor has just left the market: move to choose another"
	case m.table.Shown() == 0:
		return "no offer is shown: change the query"
	}
	return "no offer is selected"
}

// unrentable says why the offer cannot be rented, or "".
func (m *Model) unrentable(none string) string {
	o, ok := m.under()
	switch {
	case !ok:
		return none
	case len(m.table.Marked())+m.table.MarkedHidden() > 0:
		return "one offer is rented at a time: esc clears the marks"
	case o.Rented.Yes():
		return "you rent this one already"
	case o.Rentable.No():
		return "this offer is not rentable now"
	}
	return ""
}

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: enter opens it"
	}
	return ""
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	if o, ok := m.under(); ok {
		s := m.split(env.Size)
		m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(detail(&o, defaultDisk), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

// back closes the topmost of detail, marks and query; it never leaves the program.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case m.detail:
		m.detail = false
	case m.table.ClearMarks() > 0:
	case m.line.Value() != "":
		m.line.Reset()
		m.chips(offerql.Query{})
		return m.typed(env)
	}
	return view.Effect{}
}
