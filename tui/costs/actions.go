package costs

import (
	"fmt"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Actions are what can be done with the marked rows, or the one under the cursor, and
// what else there is to look at.
func (m *Model) Actions(env view.Env) []view.Action {
	if list, modal := m.modalActions(env); modal {
		return list
	}
	none := m.nothing(env)
	rows := m.chosen()
	list := []view.Action{
		act("enter", "detail", none, m.toggleDetail),
		act("E", "explain the figure", none, func() view.Effect { return m.show(newExplainPage(m)) }),
		act("b", "charges by day", "", func() view.Effect { return m.show(newChargesPage(m, env)) }),
		act("t", "estimate and charges", "", func() view.Effect { return m.show(&agreePage{}) }),
		act("D", "destroy or delete…", m.noDestroy(env, rows), func() view.Effect { return m.destroy(env, rows) }),
		act("h", "credit over time", "", func() view.Effect { return m.openCredit(env) }),
		act("I", "invoices", "", func() view.Effect { return m.openInvoices(env) }),
		act("x", "export…", m.noExport(env), func() view.Effect { return m.export(env) }),
		quiet("e", "explain the figure too", none, func() view.Effect { return m.show(newExplainPage(m)) }),
		quiet("right", "the next figure", none, func() view.Effect { return m.nextFigure(1) }),
		quiet("left", "the figure before", none, func() view.Effect { return m.nextFigure(-1) }),
		quiet("s", "show it in its own view", m.noGoto(none), func() view.Effect { return m.goTo(rows[0]) }),
		quiet("y", "copy…", none, func() view.Effect { return m.show(newCopyMenu(m)) }),
		quiet("C", "copy the request", "", m.copyRequest),
		quiet("}", "scroll the detail", m.noDetail(), func() view.Effect { return m.scrollDetail(env, 3) }),
		quiet("{", "scroll the detail back", m.noDetail(), func() view.Effect { return m.scrollDetail(env, -3) }),
		quiet("esc", "close the detail, then clear marks, then the filter", "", func() view.Effect { return m.back(env) }),
	}
	return append(list, m.listActions(env)...)
}

// nothing is why there is no row to do something with, or "".
func (m *Model) nothing(env view.Env) string {
	switch {
	case !m.made:
		return "what is billed is still being read"
	case len(m.plain) == 0 && len(unread(env.Data)) > 0:
		return "nothing is billed of what has been read"
	case len(m.plain) == 0:
		return "nothing is billed"
	case m.table.Pending():
		return "the list is being arranged"
	case m.table.Shown() == 0:
		return "no row is shown: the filter hides them all"
	}
	if _, ok := m.table.Cursor(); !ok && len(m.table.Marked()) == 0 {
		return "the row under the cursor is gone: move to choose another"
	}
	return ""
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: enter opens it"
	}
	return ""
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	if r, ok := m.table.Cursor(); ok {
		s := m.split(env.Size)
		m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(m.facts(env, r), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
}

// back is esc.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case m.detail:
		m.detail, m.scroll = false, 0
	case m.table.ClearMarks() > 0:
	case m.query.Value() != "":
		return m.filter(env).Clear()
	case m.only:
		m.only = false
		return m.refilter(env)
	}
	return view.Effect{}
}

func (m *Model) leakLabel() string {
	if m.only {
		return "all that is billed"
	}
	return "only what is billed and computes nothing"
}

func (m *Model) noLeak() string {
	if m.all.leaks == 0 && !m.only {
		return "nothing is billed without computing"
	}
	return ""
}

func (m *Model) noGroups() string {
	if m.groups == 0 && !m.folded {
		return "no two names form a group: name-1 and name-2 do"
	}
	return ""
}

func (m *Model) monthLabel() string {
	if *m.hours == longMonth {
		return "months of 720 hours"
	}
	return "months of 730 hours"
}

// switchMonth reckons with the other length of a month, and remembers it.
func (m *Model) switchMonth(env view.Env) view.Effect {
	long := *m.hours != longMonth
	*m.hours = shortMonth
	text := "months have 720 hours now: thirty days, as the marketplace reckons"
	if long {
		*m.hours = longMonth
		text = "months have 730 hours in this view now, a twelfth of a year; forms and plans go on counting 720"
	}
	m.table.Invalidate()
	said := view.Do(view.Toast{Text: text, Level: view.Info}, view.Remember{Change: func(f *feed.Memory) { f.Month730 = long }})
	return view.Join(said, m.refilter(env)) // the query may ask for the figure of a month
}

func (m *Model) noGoto(none string) string {
	if none != "" {
		return none
	}
	if len(m.chosen()) != 1 {
		return "this is about one row: esc clears the marks"
	}
	return ""
}

// goTo shows a row where more can be done with it.
func (m *Model) goTo(r *row) view.Effect {
	if r.volume != nil {
		return view.Do(view.Goto{View: view.Volumes, Focus: r.volume.ID})
	}
	return view.Do(view.Goto{View: view.Instances, Focus: r.instance.ID})
}

// copyRequest copies what is shown as lines of the official client.
func (m *Model) copyRequest() view.Effect {
	return view.Do(view.Copy{Text: "vastai show instances\nvastai show volumes", What: "the requests", Shown: "vastai show instances, show volumes"})
}

// noDestroy is why nothing can be destroyed, or "".
func (m *Model) noDestroy(env view.Env, rows []*row) string {
	if why := env.Changing(m.nothing(env)); why != "" {
		return why
	}
	if why := m.former.Just(env.Now); why != "" {
		return why
	}
	for _, r := range rows {
		if r.instance != nil && env.Busy[r.instance.ID] != "" {
			return fmt.Sprintf("%s of %s is under way: W shows it", env.Busy[r.instance.ID], r.instance.ID)
		}
	}
	return ""
}

// destroy asks about a plan for what is chosen; where both instances and volumes are,
// which of them.
func (m *Model) destroy(env view.Env, rows []*row) view.Effect {
	var instances []vastapi.InstanceID
	var volumes []vastapi.VolumeID
	for _, r := range rows {
		if r.instance != nil {
			instances = append(instances, r.instance.ID)
		} else {
			volumes = append(volumes, r.volume.ID)
		}
	}
	switch {
	case len(volumes) == 0:
		return destroyInstances(env, instances)
	case len(instances) == 0:
		return deleteVolumes(env, volumes)
	}
	return m.show(&menu{Menu: listing.Menu{Title: "Both are marked: one plan at a time", Verb: "plan it", Empty: "nothing is marked", List: func(env view.Env) []listing.Choice {
		return []listing.Choice{
			{Label: "destroy " + figure.Plural(len(instances), "instance") + "…", Detail: "their disks are erased; you are asked first", Do: func() view.Effect { return destroyInstances(env, instances) }},
			{Label: "delete " + figure.Plural(len(volumes), "volume") + "…", Detail: "one that an instance holds cannot be deleted; destroy that first", Do: func() view.Effect { return deleteVolumes(env, volumes) }},
		}
	}}})
}

// destroyInstances asks about destroying those of the instances that still exist.
func destroyInstances(env view.Env, ids []vastapi.InstanceID) view.Effect {
	var left []vastapi.Instance
	for _, id := range ids {
		if i, ok := env.Data.Instance(id); ok {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
	}
	return ask(rental.PlanDestroy(left, env.Desk))(func(env view.Env) view.Effect { return destroyInstances(env, ids) })
}

// deleteVolumes asks about deleting those of the volumes that still exist.
func deleteVolumes(env view.Env, ids []vastapi.VolumeID) view.Effect {
	var left []vastapi.Volume
	for _, id := range ids {
		if v, there := env.Data.Volume(id); there {
			left = append(left, v)
		}
	}
	if len(left) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the volumes are gone", Level: view.Info})
	}
	return ask(rental.PlanDeleteVolumes(left, env.Desk))(func(env view.Env) view.Effect { return deleteVolumes(env, ids) })
}

// ask shows a plan; again works it out anew for the same targets.
func ask(p rental.Plan, err error) func(again func(view.Env) view.Effect) view.Effect {
	return func(again func(view.Env) view.Effect) view.Effect {
		if err != nil {
			return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
		}
		return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return again(env) }})
	}
}
