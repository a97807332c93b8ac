package volumes

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi/offerql"
)

func (p *placesPage) actions(m *Model, env view.Env) []view.Action {
	if p.line.Focused() {
		return p.typing(env)
	}
	none := p.nothing()
	choose, verb := firstOf(none, env.Changing("")), "make it here…"
	if p.src != nil {
		verb = "copy it to here…"
	}
	return []view.Action{
		act("enter", verb, choose, func() view.Effect { return m.openForm(env, p) }),
		act("/", "search", "", func() view.Effect { p.line.Focus(); return view.Effect{} }),
		act("s", "size ("+size(p.size)+")…", "", func() view.Effect { return m.askSize(env) }),
		act("d", "detail", none, func() view.Effect { p.detail = !p.detail; return view.Effect{} }),
		act("R", "ask again", p.noSeek(), func() view.Effect { return p.seek(env) }),
		quiet("-", "what is asked for unless the query says otherwise", "", func() view.Effect { return p.policy(m) }),
		quiet("y", "copy…", none, func() view.Effect { return p.copyPlace(m) }),
		quiet("C", "copy the search as a vastai line", "", p.copyOfficial),
		quiet("o", "sort by the next column", "", func() view.Effect { p.table.NextSort(); return view.Join(p.arrange(env), p.remember()) }),
		quiet("O", "reverse the order", "", func() view.Effect { p.table.Reverse(); return view.Join(p.arrange(env), p.remember()) }),
		quiet("ctrl+o", "sort by…", "", func() view.Effect { return m.show(p.sortMenu()) }),
	}
}

func (p *placesPage) noSeek() string {
	switch {
	case p.busy:
		return "it is being asked: searches are 5.5 s apart"
	case p.bad:
		return "what is marked in the line cannot be read"
	}
	return p.clash
}

// nothing says why there is no place to choose, or "".
func (p *placesPage) nothing() string {
	switch _, ok := p.table.Cursor(); {
	case ok:
		return ""
	case p.table.Pending():
		return "the list is being sorted"
	case p.at.IsZero():
		return "places are still being looked for"
	case p.table.CursorVanished():
		return "the place under the cursor is gone: move to choose another"
	}
	return "no place is shown: change the search"
}

// typing are the keys that work while the line is typed; esc is the page's.
func (p *placesPage) typing(env view.Env) []view.Action {
	return listing.Typing{
		Section: section, Enter: func() view.Effect { return p.enter(env) }, Move: p.table.Move,
		Press: func(k tea.Msg) view.Effect { return p.key(nil, env, k) }, Ask: func() { p.suggest(true) },
	}.Actions(&p.line)
}

// sortMenu lists the columns to sort by.
func (p *placesPage) sortMenu() *menu {
	return &menu{over: p, Menu: listing.SortMenu(&p.table, func(env view.Env) view.Effect { return view.Join(p.arrange(env), p.remember()) })}
}

// policy shows the default policy, to take parts of it away and to put them back.
func (p *placesPage) policy(m *Model) view.Effect {
	n := &menu{over: p, Menu: listing.Menu{Title: "What is asked for unless the query says otherwise", Verb: "take it away or put it back", Empty: "there is none", Clicks: true}}
	n.List = func(env view.Env) []listing.Choice {
		var list []listing.Choice
		for _, c := range p.typed.Chips() {
			detail := "applies: enter takes it away"
			if !c.On {
				detail = "does not apply: enter puts it back"
			}
			list = append(list, listing.Choice{Label: c.Text, Detail: detail, Do: func() view.Effect {
				next := c.Field + "=any"
				if !c.On {
					next = offerql.WithDefault(p.line.Value(), c.Field)
				} else {
					next = trim(p.line.Value() + " " + next)
				}
				p.line.SetValue(next)
				return view.Join(p.readText(env, next+" "), p.remember())
			}})
		}
		return list
	}
	return m.show(n)
}

// copyOfficial copies the search as the official client is told it.
func (p *placesPage) copyOfficial() view.Effect {
	return view.Do(view.Copy{Text: p.official(), What: "the search"})
}

// official is the search as a line of the official client.
func (p *placesPage) official() string {
	o := offerql.OfficialOf(p.typed, nil, "", p.size)
	o.Volumes = true
	return offerql.ToOfficial(o)
}

// counted says how many places are shown.
func (p *placesPage) counted() string {
	text := figure.Plural(p.table.Shown(), "place")
	if n := len(p.rows); n != p.table.Shown() {
		text = figure.Count(p.table.Shown()) + " of " + figure.Plural(n, "place") + " shown"
	}
	if p.more {
		text += ", the cheapest; the server has more: say more in the search"
	}
	return text
}
