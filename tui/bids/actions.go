package bids

import (
	"cmp"
	"fmt"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

const section = "Bids"

const oneOnly = "one bid at a time: esc clears the marks"

// act makes an action that the bottom line shows, quiet one that only the help does.
var act, quiet = view.In(section)

// Actions are what can be done with the marked bids, or the one under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	switch {
	case m.page != nil:
		return m.pageActions(env)
	case m.query.Focused():
		return m.typing(env)
	}
	c := m.chances(env)
	one := func(do func(*row) view.Effect) func() view.Effect {
		return func() view.Effect { return do(c.rows[0]) }
	}
	explain := quiet("E", "explain the figures", c.single, one(func(r *row) view.Effect { return m.show(newSum(m, r.ID)) }))
	explain.Key.SetKeys("E", "e")
	list := []view.Action{
		act("enter", "detail", c.none, m.toggleDetail),
		act("n", "new bid…", env.Changing(""), placeBid),
		act("b", "change the bid…", c.bid, one(func(r *row) view.Effect { return m.change(env, r) })),
		act("h", "raise to hold…", c.raise, one(func(r *row) view.Effect { return m.raise(env, r.ID) })),
		act("m", "on demand elsewhere", c.single, one(func(r *row) view.Effect { return elsewhere(r.Instance) })),
		act("D", "cancel: destroy…", c.change, func() view.Effect { return cancel(env, c.ids()) }),
		act("i", "go to the instance", c.single, one(func(r *row) view.Effect { return view.Do(view.Goto{View: view.Instances, Focus: r.ID}) })),
		quiet("r", "rent the same on demand…", firstOf(c.single, env.Changing("")), one(func(r *row) view.Effect { return rentOnDemand(env, r.Instance) })),
		explain,
		quiet("y", "copy…", c.none, func() view.Effect { return m.show(newCopyMenu(m, c.ids())) }),
		quiet("J", "raw JSON", c.single, one(func(r *row) view.Effect { return m.openRaw(env, r.ID) })),
		quiet("C", "copy the bid as a vastai line", c.single, one(copyOfficial)),
	}
	return append(list, m.listActions(env)...)
}

// listActions are about the list: what of it is shown, and in which order.
func (m *Model) listActions(env view.Env) []view.Action {
	closed := ""
	if !m.detail {
		closed = "the detail is closed: enter opens it"
	}
	return []view.Action{
		act("/", "filter", "", func() view.Effect { m.query.Focus(); return view.Effect{} }),
		quiet("o", "sort by the next column", "", func() view.Effect { m.table.NextSort(); return m.keepOrder(env) }),
		quiet("O", "reverse the order", "", func() view.Effect { m.table.Reverse(); return m.keepOrder(env) }),
		quiet("ctrl+o", "sort by…", "", func() view.Effect { return m.show(newSortMenu(m)) }),
		quiet("c", "columns", "", func() view.Effect { return m.show(newColumnPage(m, env.Theme)) }),
		quiet("L", "what the words and figures mean", "", func() view.Effect { return m.show(newLegend()) }),
		quiet("}", "scroll the detail", closed, func() view.Effect { return m.scrollDetail(env, 3) }),
		quiet("{", "scroll the detail back", closed, func() view.Effect { return m.scrollDetail(env, -3) }),
		quiet("esc", "close the detail, then clear marks, then the filter", "", func() view.Effect { return m.back(env) }),
	}
}

// chances are what is chosen, and what stands against doing something with it.
type chances struct {
	rows   []*row
	none   string // why nothing can be done at all
	single string // why nothing that is for one bid alone
	change string // why nothing can be changed
	bid    string // why the bid cannot be changed
	raise  string // why it cannot be raised to hold
}

func (m *Model) chances(env view.Env) chances {
	c := chances{rows: m.chosen(), none: m.nothing(env)}
	c.single, c.change = c.none, env.Changing(c.none)
	if c.single == "" && len(c.rows) != 1 {
		c.single = oneOnly
	}
	if c.change == "" {
		c.change = firstOf(m.former.Just(env.Now), underWay(env, c.rows))
	}
	c.bid = firstOf(c.single, c.change)
	if c.bid == "" {
		c.bid = unchangeable(env, c.rows[0])
	}
	c.raise = c.bid
	if c.raise == "" {
		c.raise = unraised(env, c.rows[0])
	}
	return c
}

// ids are the instances that are chosen.
func (c *chances) ids() []vastapi.InstanceID {
	ids := make([]vastapi.InstanceID, len(c.rows))
	for n, r := range c.rows {
		ids[n] = r.ID
	}
	return ids
}

// unchangeable says why there is no bid to change any more, or "".
func unchangeable(env view.Env, r *row) string {
	switch {
	case r.left:
		return "a refused rent left it behind: D destroys it"
	case !r.End.IsZero() && !env.Now.Before(r.End):
		return "its contract has ended: copy its data, then destroy it"
	}
	return ""
}

// unraised says why a bid is not raised to hold, or "".
func unraised(env view.Env, r *row) string {
	switch {
	case r.stand.word == "WINNING":
		return fmt.Sprintf("it holds: its bid is %s above the price to hold; b changes it all the same", strings.TrimPrefix(signedPercent(margin(r.Instance)*100), "+"))
	case r.state.Word == "STOPPED":
		return "it is stopped, not outbid: i shows it among the instances, where S starts it"
	}
	if _, err := rental.RaiseToHold(r.Instance, r.price.Rate, r.moved, env.Desk.Caps); err != nil {
		return err.Error() + ": b bids another price, m shows what is on demand elsewhere"
	}
	return ""
}

// onDemandOf is what the GPUs of an instance cost on demand, as far as is known.
func (m *Model) onDemandOf(id vastapi.InstanceID) vastapi.Rate {
	if r, ok := m.table.Get(id); ok {
		return r.price.Rate
	}
	return vastapi.Unknown[vastapi.Rate]()
}

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// underWay says what keeps the rows from being changed: something that is being done
// to one of them, or its end.
func underWay(env view.Env, rows []*row) string {
	ending := 0
	for _, r := range rows {
		if verb := env.Busy[r.ID]; verb != "" {
			return underWayText(verb) + " for " + r.ID.String() + ": W shows it"
		}
		if r.state.Class == rental.ClassTerminal {
			ending++
		}
	}
	if ending > 0 && ending == len(rows) {
		return "it is being destroyed already"
	}
	return ""
}

// underWayText says that something is being done.
func underWayText(verb string) string {
	if verb != "" && strings.Contains("aeiou", verb[:1]) {
		return "an " + verb + " is under way"
	}
	return "a " + verb + " is under way"
}

// nothing says why there is no target, or "".
func (m *Model) nothing(env view.Env) string {
	switch {
	case !env.Data.Instances.Told() && env.Data.Instances.Err != nil:
		return "the instances could not be read yet: ctrl+r asks again"
	case !env.Data.Instances.Told():
		return "the instances are still being loaded"
	case !m.made, m.table.Pending():
		return "the list is being sorted"
	case len(m.rows) == 0:
		return "there is no bid: n places one"
	case m.table.Shown() == 0:
		return "no bid is shown: the filter hides them all"
	case len(m.chosen()) > 0:
		return ""
	case m.want != 0:
		return fmt.Sprintf("instance %s is not in the list yet: wait for it, or move to choose another", m.want)
	case m.table.CursorVanished():
		return "the bid under the cursor is gone: move to choose another"
	}
	return "no bid is selected"
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	r, ok := m.table.Cursor()
	if !ok {
		return view.Effect{}
	}
	s := m.split(env.Size)
	m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(facts(env, r), s.DetailW, s.DetailH)))
	return view.Effect{}
}

// back closes the topmost of detail, marks and filter; it never leaves the program.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case m.detail:
		m.detail = false
	case m.table.ClearMarks() > 0:
	case m.query.Value() != "":
		return m.filter(env).Clear()
	}
	return view.Effect{}
}

// copyOfficial copies the line of the official client that bids the same.
func copyOfficial(r *row) view.Effect {
	return view.Do(view.Copy{Text: officialLine(r), What: "the line"})
}

// officialLine is the line of the official client that bids the same.
func officialLine(r *row) string {
	line := "vastai change bid " + r.ID.String()
	if vastapi.Known(r.DphBase) {
		line += " --price " + typedText(r.DphBase)
	}
	return line
}

// typing are the keys that work while the query is typed.
func (m *Model) typing(env view.Env) []view.Action { return m.filter(env).Typing(section) }
