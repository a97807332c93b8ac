package volumes

import (
	"cmp"
	"fmt"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

const section = "Volumes"

// oneOnly is why something cannot be done with several volumes at once.
const oneOnly = "this is for one volume: clear the marks (esc) and select it"

// Actions are what can be done with the marked volumes, or the one under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	if list, modal := m.modalActions(env); modal {
		return list
	}
	c := m.chances(env)
	one := func(do func(*row) view.Effect) func() view.Effect {
		return func() view.Effect { return do(c.rows[0]) }
	}
	explain := quiet("E", "explain its figures", c.single, one(func(r *row) view.Effect { return m.show(newExplainPage(env, r, m.sum)) }))
	explain.Key.SetKeys("E", "e")
	list := []view.Action{
		act("enter", "detail", c.none, m.toggleDetail),
		act("n", "new volume…", "", func() view.Effect { return m.openPlaces(env, nil) }),
		act("r", "rent an instance with it…", c.rent, one(rentWith)),
		act("m", "how to mount it", firstOf(c.single, c.local), one(func(r *row) view.Effect { return m.show(newMountPage(r.ID, false)) })),
		act("K", "copy to a new volume…", c.clone, one(func(r *row) view.Effect { return m.openPlaces(env, &r.Volume) })),
		act("D", "delete…", c.remove, func() view.Effect { return confirmDelete(env, c.rows) }),
		act("a", "go to what holds it", c.holder, one(goToHolder)),
		act("y", "copy…", c.none, func() view.Effect { return m.show(newCopyMenu(m, c.ids())) }),
		explain,
		quiet("J", "raw JSON", c.single, one(func(r *row) view.Effect { return m.openRaw(env, r.ID) })),
		quiet("C", "copy the list as a vastai line", "", func() view.Effect {
			return view.Do(view.Copy{Text: showVolumes, What: "the line"})
		}),
		quiet("}", "scroll the detail", m.noDetail(), func() view.Effect { return m.scrollDetail(env, 3) }),
		quiet("{", "scroll the detail back", m.noDetail(), func() view.Effect { return m.scrollDetail(env, -3) }),
		quiet("esc", "close the detail, then clear marks, then the filter", "", func() view.Effect { return m.back(env) }),
	}
	return append(list, m.listActions(env)...)
}

// chances are what is chosen, and what stands against doing something with it.
type chances struct {
	rows   []*row
	none   string // why nothing can be done at all
	single string // why nothing that is for one volume alone
	change string // why nothing can be changed
	local  string // why nothing that is for volumes on a machine
	rent   string
	clone  string
	remove string
	holder string // why there is no instance to go to
}

// ids are the volumes that are chosen.
func (c *chances) ids() []vastapi.VolumeID {
	ids := make([]vastapi.VolumeID, len(c.rows))
	for n, r := range c.rows {
		ids[n] = r.ID
	}
	return ids
}

func (m *Model) chances(env view.Env) chances {
	c := chances{rows: m.chosen(), none: m.nothing(env)}
	c.single = c.none
	if c.single == "" && len(c.rows) != 1 {
		c.single = oneOnly
	}
	c.change = firstOf(m.former.Just(env.Now), env.Changing(""))
	c.rent, c.clone, c.holder = c.single, firstOf(c.single, c.change), c.single
	c.remove = firstOf(c.none, c.change, held(c.rows))
	if c.single != "" {
		return c
	}
	r := c.rows[0]
	switch {
	case r.Network():
		c.local = unlinked
	case r.MachineID <= 0:
		c.local = "its machine is not told"
	}
	c.rent = firstOf(c.local, c.change, busy(r))
	c.clone = firstOf(c.change, c.local, unready(r))
	if len(r.holders) == 0 {
		c.holder = "no instance holds it"
	}
	return c
}

// unlinked is why a network volume is neither linked, mounted nor copied.
const unlinked = "a network volume lies on no machine, and how an instance gets one is not published: see the console"

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// unready says why a volume cannot be copied yet, or "".
func unready(r *row) string {
	if r.state == coming {
		return "it is still being made"
	}
	return ""
}

// busy says why a volume cannot be linked to another instance, or "".
func busy(r *row) string {
	if r.state == inUse {
		return fmt.Sprintf("%s has it, and one instance at a time can: a goes there", r.who())
	}
	return unready(r)
}

// held says who keeps the rows from being deleted, or "".
func held(rows []*row) string {
	var list []string
	for _, r := range rows {
		if r.state != inUse {
			continue
		}
		list = append(list, fmt.Sprintf("%s holds volume %s", r.who(), r.ID))
	}
	if len(list) == 0 {
		return ""
	}
	const most = 3
	if extra := len(list) - most; extra > 0 {
		list = append(list[:most], fmt.Sprintf("%d more are held", extra))
	}
	return strings.Join(list, ", ") + ": destroy the instance first, a stopped one holds it as well (a goes there)"
}

// nothing says why there is no target, or "".
func (m *Model) nothing(env view.Env) string {
	switch {
	case !env.Data.Volumes.Told() && env.Data.Volumes.Err != nil:
		return "the volumes could not be read yet: ctrl+r asks again"
	case !env.Data.Volumes.Told():
		return "the volumes are still being loaded"
	case m.table.Pending():
		return "the list is being sorted"
	case len(m.plain) == 0:
		return "there is no volume: n looks for a place and makes one"
	case m.table.Shown() == 0:
		return "no volume is shown: the filter hides them all"
	case len(m.chosen()) > 0:
		return ""
	case m.want != 0:
		return fmt.Sprintf("volume %s is not in the list yet: wait for it, or move to choose another", m.want)
	case m.table.CursorVanished():
		return "the volume under the cursor is gone: move to choose another"
	}
	return "no volume is selected"
}

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: enter opens it"
	}
	return ""
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

// rentWith shows the offers of the machine that a volume lies on; the rent form links it.
func rentWith(r *row) view.Effect { return rentOn(r.ID, r.MachineID) }

func rentOn(id vastapi.VolumeID, machine vastapi.MachineID) view.Effect {
	return view.Do(view.Goto{View: view.Market, Focus: view.RentWith{Volume: id, Machine: machine, Mount: mountAt}})
}

// goToHolder shows the first instance that holds a volume.
func goToHolder(r *row) view.Effect {
	return view.Do(view.Goto{View: view.Instances, Focus: r.holders[0].id})
}
