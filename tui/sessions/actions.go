package sessions

import (
	"cmp"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// Actions are what can be done with the rows that are marked, or the one under the
// cursor, and with the instance behind it.
func (m *Model) Actions(env view.Env) []view.Action {
	switch {
	case m.page != nil:
		return m.pageActions(env)
	case m.Capturing():
		return m.typing()
	}
	nothing := m.nothing()
	closing := firstOf(nothing, m.former.Just(env.Now))
	none := firstOf(m.noSSH(env), noInstances(env))
	r, _ := m.table.Cursor()
	here := nothing // what is about one row is about the one under the cursor
	if here == "" && r == nil {
		here = "the row under the cursor is gone: move to choose another"
	}
	subject := firstOf(here, noSubject(env, r))
	open := m.enter(r)
	list := []view.Action{
		{Key: view.Bind("enter", open.label, "enter"), Group: section, Disabled: firstOf(none, open.why), Do: func() view.Effect { return open.do(env) }},
		{Key: view.Bind("s", "shell in another…", "s"), Group: section, Disabled: none, Do: func() view.Effect {
			return m.choose("Open a shell in", "open a shell", unreachable, m.shell)
		}},
		{Key: view.Bind("f", "forward a port…", "f"), Group: section, Disabled: none, Do: func() view.Effect {
			return m.with(env, "Forward a port of", "forward a port…", m.askForward)
		}},
		{Key: view.Bind("x", closeLabel(m.chosen()), "x"), Group: section, Disabled: closing, Do: func() view.Effect { return m.closeRows(env, m.chosen()) }},
		{Key: view.Bind("p", "copy files…", "p"), Group: section, Disabled: none, Do: func() view.Effect {
			return m.with(env, "Copy files to or from", "copy files…", m.askCopy)
		}},
		{Key: view.Bind("K", "ssh keys", "K"), Group: section, Do: func() view.Effect { return m.openKeys(env) }},
		{Key: view.Bind("d", "doctor", "d"), Group: section, Disabled: none, Do: func() view.Effect { return m.examineChosen(env) }},
		{Key: view.Bind("w", "way: "+m.wayOf(r).String(), "w"), Group: section, Disabled: firstOf(none, subject), Do: func() view.Effect { return m.turnWay(env, r.id) }},
		{Key: view.Bind("b", saveLabel(env, r), "b"), Group: section, Hidden: noSave(r) != "", Disabled: firstOf(here, noSave(r)), Do: func() view.Effect { return saveTunnel(env, r) }},
		{Key: view.Bind("a", "attach an ssh key…", "a"), Group: section, Hidden: true, Disabled: firstOf(noInstances(env), env.Changing("")), Do: func() view.Effect {
			return m.with(env, "Let an ssh key into", "choose the key…", func(env view.Env, id vastapi.InstanceID) view.Effect {
				return m.askAttach(env, "", []vastapi.InstanceID{id})
			})
		}},
		{Key: view.Bind("H", "forget the host key…", "H"), Group: section, Hidden: true, Disabled: firstOf(m.noSSH(env), subject), Do: func() view.Effect { return m.askForgetHostKey(env, r.id) }},
		{Key: view.Bind("I", "ssh config…", "I"), Group: section, Hidden: true, Disabled: m.noSSH(env), Do: func() view.Effect { return m.askConfig(env) }},
		{Key: view.Bind("y", "copy…", "y"), Group: section, Hidden: true, Disabled: nothing, Do: func() view.Effect { return m.show(newCopyPage(m, m.chosen())) }},
		{Key: view.Bind("C", "copy as vastai", "C"), Group: section, Hidden: true, Disabled: subject, Do: func() view.Effect {
			return view.Do(view.Copy{Text: officialLine(r.id), What: "the line of the official client"})
		}},
		{Key: view.Bind("t", "detail", "t"), Group: section, Disabled: here, Do: m.toggleDetail},
		{Key: view.Bind("/", "filter", "/"), Group: section, Do: func() view.Effect { m.query.Focus(); return view.Effect{} }},
		{Key: view.Bind("o", "sort by the next column", "o"), Group: section, Hidden: true, Do: func() view.Effect { m.table.NextSort(); return m.arranged() }},
		{Key: view.Bind("O", "reverse the order", "O"), Group: section, Hidden: true, Do: func() view.Effect { m.table.Reverse(); return m.arranged() }},
		{Key: view.Bind("}", "scroll the detail", "}"), Group: section, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, 3) }},
		{Key: view.Bind("{", "scroll the detail back", "{"), Group: section, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, -3) }},
		{Key: view.Bind("esc", "give up connecting, close the detail, then clear marks, then the filter", "esc"), Group: section, Hidden: true, Do: func() view.Effect { return m.back(env) }},
	}
	return list
}

// noSSH says why nothing can be opened in this run, "" when it can.
func (m *Model) noSSH(env view.Env) string {
	if !m.without {
		return ""
	}
	return env.Load.NoSSH(vastapi.Instance{})
}

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// entering is what enter does with a row.
type entering struct {
	label, why string
	do         func(view.Env) view.Effect
}

// enter opens a tunnel that is saved or has failed, and else a shell in the instance of the row; without
// a row, the instance is chosen first.
func (m *Model) enter(r *row) entering {
	if r != nil && r.kind == tunnel && r.tunnel.State == remote.TunnelFailed && !r.gone {
		return entering{label: "try the tunnel again", do: func(env view.Env) view.Effect { return m.openAgain(env, r) }}
	}
	if r != nil && r.kind == saved {
		e := entering{label: "open the tunnel", do: func(env view.Env) view.Effect { return m.openSaved(env, r) }}
		if r.id == 0 {
			e.why = r.why
		}
		return e
	}
	return entering{label: "open a shell", do: func(env view.Env) view.Effect {
		return m.with(env, "Open a shell in", "open a shell", m.shell)
	}}
}

// shell opens a shell by the way that was chosen for the instance.
func (m *Model) shell(env view.Env, id vastapi.InstanceID) view.Effect {
	return m.connect(env, id, m.ways[id])
}

// examineChosen examines the instance under the cursor, else the one where ssh
// failed last, else asks which.
func (m *Model) examineChosen(env view.Env) view.Effect {
	r, ok := m.table.Cursor()
	if _, there := env.Data.Instance(m.troubled); there && (!ok || r.id != m.troubled) {
		id := m.troubled
		m.troubled = 0 // the next time it is the row that counts
		return m.examine(env, id)
	}
	m.troubled = 0
	if ok {
		if _, there := env.Data.Instance(r.id); there {
			return m.examine(env, r.id)
		}
	}
	any := func(view.Env, *vastapi.Instance) string { return "" }
	return m.choose("Find out why ssh does not work to", "examine it", any, m.examine)
}

func (m *Model) wayOf(r *row) remote.Way {
	if r == nil {
		return remote.Auto
	}
	return m.ways[r.id]
}

// closeLabel is what x does with rows.
func closeLabel(rows []*row) string {
	if len(rows) != 1 {
		return "close…"
	}
	switch r := rows[0]; {
	case r.kind == saved:
		return "forget the tunnel"
	case r.kind == tunnel:
		return "close the tunnel"
	case r.kind == transfer && r.copy.Ended.IsZero():
		return "cancel the copy…"
	case r.kind == transfer:
		return "clear from the list"
	}
	return "close…"
}

func saveLabel(env view.Env, r *row) string {
	if r != nil && r.kind == tunnel && env.Data.Memory.Saved(r.forward) {
		return "do not open it again in later runs"
	}
	return "remember the tunnel"
}

// nothing says why there is no row to act on, "" when there is one.
func (m *Model) nothing() string {
	switch {
	case len(m.chosen()) > 0:
		return ""
	case m.table.Total() == 0:
		return "nothing is open: enter opens a shell, f forwards a port"
	case m.table.Shown() == 0:
		return "no row is shown: the filter hides them all"
	}
	return "the row under the cursor is gone: move to choose another"
}

// noSubject says why there is no instance behind a row.
func noSubject(env view.Env, r *row) string {
	switch {
	case r == nil:
		return "no row is selected: move to choose one"
	case r.id == 0:
		return r.why
	}
	if _, there := env.Data.Instance(r.id); !there {
		return "instance " + r.id.String() + " is gone"
	}
	return ""
}

// typing are the keys that work while the filter is typed.
func (m *Model) typing() []view.Action {
	done := func() view.Effect { m.query.Blur(); return view.Effect{} }
	move := func(n int) func() view.Effect {
		return func() view.Effect { m.table.Move(n); return view.Effect{} }
	}
	return []view.Action{
		{Key: view.Bind("enter", "back to the list", "enter"), Group: section, Typing: true, Do: done},
		{Key: view.Bind("esc", "leave the filter", "esc"), Group: section, Typing: true, Do: done},
		{Key: view.Bind("up", "one row up", "up"), Group: section, Typing: true, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one row down", "down"), Group: section, Typing: true, Hidden: true, Do: move(1)},
	}
}

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: t opens it"
	}
	return ""
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	if r, ok := m.table.Cursor(); ok {
		s := m.split(env.Size)
		m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(m.detailOf(env, r), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
}

// back gives up connecting, closes the detail, or clears marks or the filter; it
// never leaves the program.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case len(m.connecting) > 0:
		return m.giveUp(env)
	case m.detail:
		m.detail = false
	case m.table.ClearMarks() > 0:
	case m.query.Value() != "":
		m.query.Reset()
		m.filter()
	}
	return view.Effect{}
}
