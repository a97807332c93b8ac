package instances

import (
	"cmp"
	"fmt"
	"slices"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

const section = "Instances"

// Actions are what can be done with the marked instances, or the one under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	if list, modal := m.modalActions(env); modal {
		return list
	}
	c := m.chances(env)
	list := []view.Action{
		act("enter", "detail", c.none, m.toggleDetail),
		act("s", "ssh", c.shell, func() view.Effect { return tell(view.Connect{Instance: c.rows[0].ID}) }),
		act("l", "logs", c.none, func() view.Effect { return c.open(view.Logs, view.ShowLogs{Instances: c.ids()}) }),
		act("e", "run a command…", c.none, func() view.Effect { return c.open(view.Run, view.RunCommand{Instances: c.ids()}) }),
		act("S", startStop(c.rows), c.change, func() view.Effect { return stopOrStart(env, c.rows) }),
		act("D", "destroy…", c.change, func() view.Effect { return confirm(env, targets(c.rows), rental.PlanDestroy) }),
		act("w", "fix a problem…", c.help, func() view.Effect { return m.show(newHelpMenu(m, c.rows[0].ID)) }),
		act("y", "copy…", c.none, func() view.Effect { return m.show(newCopyMenu(c.ids())) }),
		quiet("B", "reboot…", firstOf(c.change, c.some(rental.CanReboot, "reboot")), func() view.Effect { return confirm(env, targets(c.rows), rental.PlanReboot) }),
		quiet("R", "recycle…", firstOf(c.change, c.some(rental.CanRecycle, "recycle")), func() view.Effect { return confirm(env, targets(c.rows), rental.PlanRecycle) }),
		quiet("n", "rename…", c.change, func() view.Effect { return rename(env, c.rows) }),
		quiet("u", "image, env, on start…", firstOf(c.single, c.change), func() view.Effect { return m.update(env, c.rows[0].Instance) }),
		quiet("$", "pay ahead…", firstOf(c.single, c.change, noPrepay(env, c.rows)), func() view.Effect { return prepay(env, c.rows[0].Instance) }),
		quiet("b", "change the bid…", firstOf(c.single, c.change, noBid(env, c.rows)), func() view.Effect { return changeBid(c.rows[0].ID) }),
		m.increasesAction(env),
		quiet("f", "forward a port…", c.shell, func() view.Effect { return tell(view.ForwardPort{Instance: c.rows[0].ID}) }),
		quiet("p", "copy files…", c.shell, func() view.Effect { return tell(view.CopyFiles{Instance: c.rows[0].ID}) }),
		quiet("m", "copy data to or from another…", c.noData(), func() view.Effect { return copyData(env, c.rows) }),
		quiet("a", "attach an ssh key…", c.change, func() view.Effect { return tell(view.AttachKey{Instances: c.ids()}) }),
		quiet("d", "find out why ssh fails", c.single, func() view.Effect { return tell(view.Examine{Instance: c.rows[0].ID}) }),
		quiet("E", "explain what it costs", c.single, func() view.Effect { return m.openSum(env, c.rows[0]) }),
		quiet("C", "copy as vastai", c.none, func() view.Effect { return copyOfficial(c.rows) }),
		quiet("J", "raw JSON", c.single, func() view.Effect { return m.openRaw(env, c.rows[0].ID) }),
		act("r", "rent one like it…", c.single, func() view.Effect { return rentAgain(env, c.rows[0].Instance) }),
		quiet("x", "block its host…", c.single, func() view.Effect { return m.block(c.rows[0]) }),
		m.groupAction(env, c),
		quiet("}", "scroll the detail", m.noDetail(), func() view.Effect { return m.scrollDetail(env, 3) }),
		quiet("{", "scroll the detail back", m.noDetail(), func() view.Effect { return m.scrollDetail(env, -3) }),
		quiet("Z", m.fullLabel(), c.none, m.toggleFull),
		quiet("esc", "close the detail, then clear marks, then the filter, then acknowledge what differs", "", func() view.Effect { return m.back(env) }),
	}
	return append(list, m.listActions(env)...)
}

// chances are what is chosen, and what stands against doing something with it.
type chances struct {
	rows   []*row
	none   string // why nothing can be done at all
	single string // why nothing that is for one instance alone
	change string // why nothing can be changed
	shell  string // why nothing can be done over ssh
	help   string // why there is nothing to choose from that helps
}

func (m *Model) chances(env view.Env) chances {
	c := chances{rows: m.chosen(), none: m.nothing(env)}
	c.single, c.change = c.none, env.Changing(c.none)
	if c.single == "" && len(c.rows) != 1 {
		c.single = oneOnly
		if len(m.table.Marked()) == 0 {
			c.single = fmt.Sprintf("this row is a group of %d: z shows its instances", len(c.rows))
		}
	}
	if c.change == "" {
		c.change = firstOf(m.former.Just(env.Now), underWay(env, c.rows))
	}
	c.shell, c.help = c.single, c.single
	if c.single == "" {
		c.shell = env.Load.Target(c.rows[0].Instance).Refused
		if len(helpFor(env, c.rows[0])) == 0 {
			c.help = "nothing is wrong with it, as far as that is known"
			if c.rows[0].failed != "" {
				c.help = "nothing is wrong with it but a change that failed, as the line below says: its key tries again"
			}
		}
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

// open shows a page about what is chosen.
func (c *chances) open(page view.ID, what any) view.Effect {
	return view.Do(view.Goto{View: page, Focus: what})
}

// some says why none of what is chosen can be restarted, or "".
func (c *chances) some(can func(*vastapi.Instance) bool, verb string) string {
	for _, r := range c.rows {
		if can(&r.Instance) {
			return ""
		}
	}
	if len(c.rows) == 1 {
		return fmt.Sprintf("it is %s, so there is nothing to %s", c.rows[0].state.Word, verb)
	}
	return "none of them runs, so there is nothing to " + verb
}

// tell has the view that knows ssh do something.
func tell(what any) view.Effect { return view.Do(view.Tell{View: view.Sessions, What: what}) }

// changeBid has the view that knows bids ask for another one.
func changeBid(id vastapi.InstanceID) view.Effect {
	return view.Do(view.Tell{View: view.Bids, What: view.ChangeBid{Instance: id}})
}

// noShell says why an instance cannot be reached over ssh, or "".
func noShell(i *vastapi.Instance) string {
	return remote.TargetOf(i).Refused
}

// groupAction destroys the group of the row under the cursor.
func (m *Model) groupAction(env view.Env, c chances) view.Action {
	group, why := m.groupOf(env, c.rows)
	a := act("X", "destroy its group…", firstOf(c.none, env.Changing(""), why), func() view.Effect { return destroyGroup(env, group) })
	a.Hidden = !m.grouped(group)
	return a
}

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// underWay says what keeps the rows from being changed: something that is being
// done to one of them, or its end.
func underWay(env view.Env, rows []*row) string {
	ending := 0
	for _, r := range rows {
		if verb := env.Busy[r.ID]; verb != "" {
			return underWayText(verb, r.ID)
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

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: enter opens it"
	}
	return ""
}

// nothing says why there is no target, or "".
func (m *Model) nothing(env view.Env) string {
	switch {
	case !env.Data.Instances.Told():
		return "the instances are still being loaded"
	case len(m.plain) == 0 && len(env.Data.Instances.Value.Instances) > 0, m.table.Pending():
		return "the list is being sorted"
	case len(m.plain) == 0:
		return "there is no instance: rent one in the market (1)"
	case m.table.Shown() == 0:
		return "no instance is shown: the filter hides them all"
	case len(m.chosen()) > 0:
		return ""
	case m.want != 0 && m.hidden(m.want):
		return fmt.Sprintf("instance %s is hidden by the filter: %s shows it, or move to choose another", m.want, m.unhides())
	case m.want != 0:
		return fmt.Sprintf("instance %s is not in the list yet: wait for it, or move to choose another", m.want)
	case m.table.CursorVanished():
		return "the instance under the cursor is gone: move to choose another"
	}
	return "no instance is selected"
}

// hidden reports whether an instance is there and the filter does not admit it.
func (m *Model) hidden(id vastapi.InstanceID) bool {
	keep := m.keep()
	n := slices.IndexFunc(m.plain, func(r *row) bool { return r.ID == id })
	return keep != nil && n >= 0 && !keep(m.plain[n])
}

// unhides is the key that shows all instances again.
func (m *Model) unhides() string {
	if m.only && m.query.Value() == "" {
		return "P"
	}
	return "esc"
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.full, m.scroll = !m.detail, false, 0
	return view.Effect{}
}

// back closes the topmost of detail, marks and filter, and then the banner about the
// instance under the cursor; it never leaves the program.
func (m *Model) back(env view.Env) view.Effect {
	switch {
	case m.detail:
		m.detail, m.full = false, false
	case m.table.ClearMarks() > 0:
	case m.query.Value() != "":
		return m.filter(env).Clear()
	default:
		if w, on := m.alarmed(); on {
			m.known[w.id] = w.text()
		}
	}
	return view.Effect{}
}

// stops reports whether S would stop the instance rather than start it.
func stops(r *row) bool { return r.Intended.String() == "running" }

// startStop is S's label for these rows: it stops what is meant to run, and
// starts the rest only when none of them is.
func startStop(rows []*row) string {
	stop, wait := 0, 0
	for _, r := range rows {
		if stops(r) {
			stop++
			if r.state.Class == rental.ClassWaiting {
				wait++
			}
		}
	}
	switch {
	case len(rows) == 0:
		return "start / stop…"
	case stop > 0 && wait == stop:
		return "stop waiting…"
	case stop > 0 && stop < len(rows):
		return fmt.Sprintf("stop %d of %d…", stop, len(rows))
	case stop > 0:
		return "stop…"
	}
	return "start…"
}

func stopOrStart(env view.Env, rows []*row) view.Effect {
	if slices.ContainsFunc(rows, stops) {
		run := slices.DeleteFunc(slices.Clone(rows), func(r *row) bool { return !stops(r) })
		return confirm(env, targets(run), rental.PlanStop)
	}
	return confirm(env, targets(rows), rental.PlanStart)
}
