package offers

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

const section = "Market"

// Actions are what can be done now.
func (m *Model) Actions(env view.Env) []view.Action {
	switch {
	case m.page != nil:
		return m.pageActions(env)
	case m.line.Focused():
		return m.typing(env)
	}
	none := m.nothing(env)
	list := m.offerActions(env, none)
	list = append(list, m.searchActions(env)...)
	list = append(list, m.tableActions(env)...)
	return append(list, m.detailActions(env, none)...)
}

// act makes an action that the bottom line shows, quiet one that only the help does.
var act, quiet = view.In(section)

// offerActions are what is done with the offer under the cursor.
func (m *Model) offerActions(env view.Env, none string) []view.Action {
	unrentable := m.former.Just(env.Now)
	if unrentable == "" {
		unrentable = env.Changing(m.unrentable(none))
	}
	with := func(do func(vastapi.Offer) view.Effect) func() view.Effect {
		return func() view.Effect {
			o, ok := m.under()
			if !ok {
				return view.Effect{}
			}
			return do(o)
		}
	}
	return []view.Action{
		act("r", "rent…", unrentable, func() view.Effect { return m.rent(env) }),
		quiet("R", "rent several of what is shown…", env.Changing(m.unrentableList()), func() view.Effect { return m.rentMany(env) }),
		m.bidAction(env, unrentable),
		act("enter", "detail", m.undetailed(none), m.toggleDetail),
		quiet("x", "block the machine or its host…", none, with(func(o vastapi.Offer) view.Effect { return view.Do(view.Ask{Form: blockOf(&o)}) })),
		quiet("n", "note about the machine…", none, with(func(o vastapi.Offer) view.Effect { return view.Do(view.Ask{Form: noteOf(&o, env.Data.Memory)}) })),
		quiet("E", "explain the prices", none, with(func(o vastapi.Offer) view.Effect { return m.show(newSumPage(m, &o, env.Theme)) })),
		quiet("h", "what it has cost so far", m.unpast(none), func() view.Effect { return m.lookBack(env) }),
		quiet("J", "raw JSON", none, with(func(o vastapi.Offer) view.Effect { return m.openRaw(env, o) })),
		quiet("p", "problem reports about the machine", none, with(func(o vastapi.Offer) view.Effect { return m.askReports(env, o.MachineID) })),
		quiet("y", "copy…", m.uncopied(none), func() view.Effect { return m.copyOffers(env) }),
	}
}

// bidAction rents as a bid; where another type is shown it goes to the bids first.
func (m *Model) bidAction(env view.Env, unrentable string) view.Action {
	if m.kind() == vastapi.Interruptible {
		return quiet("b", "bid…", unrentable, func() view.Effect { return m.rent(env) })
	}
	return quiet("b", "show the bids", "", func() view.Effect { return m.switchTo(env, vastapi.Interruptible) })
}

// searchActions are what is done with the search.
func (m *Model) searchActions(env view.Env) []view.Action {
	var example *vastapi.Offer
	if r, ok := m.list.table.Peek(); ok {
		example = r.Offer
	}
	return []view.Action{
		act("/", "search", "", func() view.Effect { m.line.Focus(); return view.Wait(env.Load.LoadGPUNames()) }),
		act("t", "type: "+kindName(nextKind(m.kind())), "", func() view.Effect { return m.switchTo(env, nextKind(m.kind())) }),
		act("<", "highest price…", m.unread(), m.askCeiling),
		act("$", "workload…", "", func() view.Effect { return view.Do(view.Ask{Form: workloadOf(m.job(), example, m.kind())}) }),
		quiet("d", "the default policy", "", func() view.Effect { return m.show(policyMenu(m)) }),
		quiet("-", "drop the condition that stands in the way", m.noAdvice(), func() view.Effect { return m.follow(env) }),
		act("w", "watches", "", func() view.Effect { return m.show(watchMenu(m)) }),
		quiet("X", "what is blocked", "", func() view.Effect { return m.show(blockMenu()) }),
		quiet("ctrl+s", "save the search…", m.unread(), func() view.Effect { return view.Do(view.Ask{Form: saveOf(m.current(env))}) }),
		act("'", "saved", "", func() view.Effect { return m.show(savedMenu(m)) }),
		quiet("P", m.pauseLabel(), "", m.pause),
		quiet("C", "copy the search as a vastai line", "", m.copyOfficial),
	}
}

// tableActions are about the list.
func (m *Model) tableActions(env view.Env) []view.Action {
	return []view.Action{
		act("o", "sort by the next column", "", func() view.Effect { m.list.table.NextSort(); return m.keepOrder(env) }),
		quiet("O", "reverse the order", "", func() view.Effect { m.list.table.Reverse(); return m.keepOrder(env) }),
		quiet("S", "sort by…", "", func() view.Effect { return m.show(sortMenu(m)) }),
		quiet("c", "columns", "", func() view.Effect { return m.show(newColumnPage(m, env.Theme)) }),
		quiet("=", "compare the marked", m.incomparable(), func() view.Effect { return m.show(newComparePage(m, env.Theme)) }),
	}
}

func (m *Model) detailActions(env view.Env, none string) []view.Action {
	return []view.Action{
		quiet("}", "scroll the detail", m.noDetail(), func() view.Effect { return m.scrollDetail(env, 3) }),
		quiet("{", "scroll the detail back", m.noDetail(), func() view.Effect { return m.scrollDetail(env, -3) }),
		quiet("esc", "close the detail, then clear marks, then the query", "", func() view.Effect { return m.back(env) }),
	}
}

// typing are the keys that work while the query is typed.
func (m *Model) typing(env view.Env) []view.Action {
	policy := act("ctrl+d", "the default policy", "", func() view.Effect { return m.show(policyMenu(m)) })
	save := quiet("ctrl+s", "save the search…", "", func() view.Effect { m.line.Blur(); return view.Do(view.Ask{Form: saveOf(m.current(env))}) })
	policy.Typing, save.Typing = true, true
	return listing.Typing{
		Section: section, Name: "query", Enter: func() view.Effect { return m.enter(env) }, More: []view.Action{policy, save},
		Press: func(k tea.Msg) view.Effect { return m.key(env, k) }, Ask: func() { m.suggest(true) }, Leave: m.leave, Move: m.list.table.Move,
	}.Actions(&m.line)
}

// nothing says why there is no offer to act on, or "".
func (m *Model) nothing(env view.Env) string {
	r, ok := m.row()
	switch {
	case ok && !r.Gone.IsZero():
		return "GONE: this machine left the market " + elapsed(env.Now.Sub(r.Gone)) + ": move to choose another"
	case ok:
		return ""
	case m.list.table.Pending():
		return "the list is being sorted"
	case !m.market(env).Told():
		return "the offers are still being loaded"
	case m.list.table.CursorVanished():
		return "the offer under the cursor has just left the market: move to choose another"
	case m.list.table.Shown() == 0:
		return "no offer is shown: change the query"
	}
	return "no offer is selected"
}

// undetailed is nothing, but for a machine that is gone: what was known of it can be read.
func (m *Model) undetailed(none string) string {
	if _, ok := m.row(); ok {
		return ""
	}
	return none
}

// unrentable says why what is marked, else the offer under the cursor, cannot be
// rented, or "".
func (m *Model) unrentable(none string) string {
	marked, hidden := m.list.table.Marked(), m.list.table.MarkedHidden()
	switch {
	case hidden > 0:
		return "some of the marked offers are not shown: esc clears the marks, or change the query"
	case len(marked) > 0:
		return m.unmarkable(marked)
	}
	o, ok := m.under()
	switch {
	case !ok:
		return none
	case o.Rented.Yes():
		return "you rent this one already"
	case o.Rentable.No():
		return "this offer is not rentable now"
	case !vastapi.Known(pricing.Headline(&o, m.kind())):
		return m.unpricedBecause()
	}
	return ""
}

// unmarkable says why none of the marked offers can be rented, or "".
func (m *Model) unmarkable(marked []*feed.Row) string {
	if m.list.table.Pending() {
		return "the list is being sorted"
	}
	for _, r := range marked {
		if r.Gone.IsZero() && !r.Offer.Rentable.No() && !r.Offer.Rented.Yes() && vastapi.Known(pricing.Headline(r.Offer, m.kind())) {
			return ""
		}
	}
	return "none of the marked offers can be rented now: esc clears the marks"
}

// unrentableList says why several of what is shown cannot be rented, or "".
func (m *Model) unrentableList() string {
	switch {
	case m.list.table.Pending():
		return "the list is being sorted"
	case m.list.table.Shown() == 0:
		return "no offer is shown: change the query"
	}
	return ""
}

func (m *Model) unpricedBecause() string {
	switch m.kind() {
	case vastapi.Interruptible:
		return "this offer takes no bids: t goes to another type"
	case vastapi.Reserved:
		return "this offer has no reserved price: t goes to another type"
	}
	return "the price of this offer is not known"
}

// unread says why nothing can be made of the query, or "".
func (m *Model) unread() string {
	if m.bad {
		return "the query cannot be read: mend it first"
	}
	return ""
}

// incomparable says why the marked offers cannot be compared, or "".
func (m *Model) incomparable() string {
	switch n := len(m.list.table.Marked()); {
	case m.list.table.Pending():
		return "the list is being sorted"
	case n < leastCompared:
		return "space marks offers: two to four can be compared"
	case n > mostCompared:
		return fmt.Sprintf("%d offers are marked: two to four can be compared", n)
	}
	return ""
}

// current is the search that is shown, as it is saved.
func (m *Model) current(env view.Env) feed.SavedSearch {
	id, desc := m.list.table.SortBy()
	s := feed.SavedSearch{Query: trimmed(m.line.Value()), Kind: m.kind(), Sort: id, Desc: desc}
	for _, have := range env.Data.Memory.Searches {
		if m.shows(have) {
			s.Name = have.Name
		}
	}
	return s
}

// back closes the topmost of detail, marks and query; it never leaves the program.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case m.detail.open:
		m.detail.open = false
	case m.list.table.ClearMarks() > 0:
	case m.line.Value() != "" || m.query.most > 0:
		m.line.Reset()
		return view.Join(m.limit(env, 0, false), m.readText(env, ""), m.rememberQuery())
	}
	return view.Effect{}
}
