package instances

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

const section = "Instances"

// Actions are what can be done with the marked instances, or the one under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	none := m.nothing(env)
	rows := m.chosen()
	change := env.Changing(none)
	if change == "" {
		change = underWay(env, rows)
	}
	single := none
	if single == "" && len(rows) != 1 {
		single = oneOnly
	}
	group, noGroup := groupOf(env, rows)
	one := none
	if one == "" && len(rows) != 1 {
		one = "only one instance at a time can be renamed: esc clears the marks"
	}
	list := []view.Action{
		{Key: view.Bind("enter", "detail", "enter"), Group: section, Disabled: none, Do: m.toggleDetail},
		{Key: view.Bind("S", startStop(rows), "S"), Group: section, Disabled: change, Do: func() view.Effect { return stopOrStart(env, rows) }},
		{Key: view.Bind("n", "rename…", "n"), Group: section, Disabled: firstOf(one, change), Do: func() view.Effect { return m.rename(rows[0].Instance) }},
		{Key: view.Bind("D", "destroy…", "D"), Group: section, Disabled: change, Do: func() view.Effect { return confirm(env, targets(rows), rental.PlanDestroy) }},
		{Key: view.Bind("/", "filter", "/"), Group: section, Do: func() view.Effect { m.query.Focus(); return view.Effect{} }},
		{Key: view.Bind("X", "destroy its group…", "X"), Group: section, Hidden: !grouped(env, group), Disabled: firstOf(none, env.Changing(noGroup)), Do: func() view.Effect { return destroyGroup(env, group) }},
		{Key: view.Bind("r", "rent again…", "r"), Group: section, Disabled: single, Do: func() view.Effect { return rentAgain(env, rows[0].Instance) }},
		{Key: view.Bind("y", "copy ssh", "y"), Group: section, Disabled: firstOf(none, noSSH(rows)), Do: func() view.Effect { return copySSH(rows[0]) }},
		{Key: view.Bind("x", "block its host…", "x"), Group: section, Hidden: true, Disabled: single, Do: func() view.Effect { return m.block(rows[0]) }},
		{Key: view.Bind("!", "go to what is not as asked for", "!"), Group: section, Hidden: m.noAlarm() != "", Disabled: m.noAlarm(), Do: func() view.Effect { return m.goToAlarm(env) }},
		{Key: view.Bind("z", "one row for each group", "z"), Group: section, Hidden: true, Disabled: m.noGroups(env), Do: func() view.Effect { return m.toggleFold(env) }},
		{Key: view.Bind("o", "sort by the next column", "o"), Group: section, Hidden: true, Do: func() view.Effect { m.table.NextSort(); return view.Effect{} }},
		{Key: view.Bind("O", "reverse the order", "O"), Group: section, Hidden: true, Do: func() view.Effect { m.table.Reverse(); return view.Effect{} }},
		{Key: view.Bind("}", "scroll the detail", "}"), Group: section, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, 3) }},
		{Key: view.Bind("{", "scroll the detail back", "{"), Group: section, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, -3) }},
		{Key: view.Bind("esc", "close the detail, then clear marks, then the filter, then acknowledge what differs", "esc"), Group: section, Hidden: true, Do: m.back},
	}
	if m.Capturing() {
		return m.typing()
	}
	return list
}

func firstOf(why ...string) string {
	for _, w := range why {
		if w != "" {
			return w
		}
	}
	return ""
}

// underWay says what keeps the rows from being changed: something that is being
// done to one of them, or its end.
func underWay(env view.Env, rows []*row) string {
	ending := 0
	for _, r := range rows {
		if verb := env.Busy[r.ID]; verb != "" {
			return fmt.Sprintf("a %s of %s is under way: W shows it", verb, r.ID)
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

// noGroups says why there is nothing to fold, or "".
func (m *Model) noGroups(env view.Env) string {
	if !m.folded && len(rental.Groups(env.Data.Instances.Value.Instances)) == 0 {
		return "no two instances belong together: a group is named like train-1, train-2"
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
	if r, ok := m.table.Cursor(); ok {
		s := m.split(env, env.Size)
		m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(detail(r, env.Now), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
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

// nothing says why there is no target, or "".
func (m *Model) nothing(env view.Env) string {
	switch {
	case !env.Data.Instances.Told():
		return "the instances are still being loaded"
	case m.table.Total() == 0:
		return "there is no instance: rent one in the market (1)"
	case m.table.Shown() == 0:
		return "no instance is shown: the filter hides them all"
	case len(m.chosen()) > 0:
		return ""
	case m.want != 0:
		return fmt.Sprintf("instance %s is not in the list yet: wait for it, or move to choose another", m.want)
	case m.table.CursorVanished():
		return "the instance under the cursor is gone: move to choose another"
	}
	return "no instance is selected"
}

func (m *Model) toggleDetail() view.Effect {
	m.detail, m.scroll = !m.detail, 0
	return view.Effect{}
}

// back closes the topmost of detail, marks and filter, and then the banner about the
// instance under the cursor; it never leaves the program.
func (m *Model) back() view.Effect {
	switch {
	case m.detail:
		m.detail = false
	case m.table.ClearMarks() > 0:
	case m.query.Value() != "":
		m.query.Reset()
		m.filter()
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
	switch {
	case len(rows) == 0:
		return "start / stop…"
	case slices.ContainsFunc(rows, stops):
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

type planner func([]vastapi.Instance, rental.Desk) (rental.Plan, error)

// confirm asks about a plan for exactly these instances. Working it out again
// takes the same ids from what is known then.
func confirm(env view.Env, list []vastapi.Instance, plan planner) view.Effect {
	p, err := plan(list, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	ids := make([]vastapi.InstanceID, len(list))
	for n, i := range list {
		ids[n] = i.ID
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return again(env, ids, plan) }})
}

func again(env view.Env, ids []vastapi.InstanceID, plan planner) view.Effect {
	var left []vastapi.Instance
	for _, id := range ids {
		if i, ok := env.Data.Instance(id); ok {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
	}
	return confirm(env, left, plan)
}

// rename asks for a name; it changes nothing else and costs nothing, so the
// form is all the consent there is.
func (m *Model) rename(target vastapi.Instance) view.Effect {
	name, _ := rental.SplitLabel(target.Label.String())
	const form = "rename"
	return view.Do(view.Ask{Form: view.Form{
		ID: form, Title: "Rename instance " + target.ID.String(), Button: "Rename",
		Intro: []view.Pair{{Label: "machine", Value: target.MachineID.String()}, {Label: "costs", Value: pricing.Shown(pricing.Now(&target))}},
		Fields: []view.Field{{Key: "name", Label: "name", Value: name, Limit: rental.MaxName,
			Help: "empty takes the name away; labels need not be unique, ids are"}},
		Submit: func(env view.Env, v view.Values) view.Effect {
			p, err := rental.PlanRename(target, strings.TrimSpace(v["name"]), env.Desk)
			if err != nil {
				return view.Do(view.FormFailed{Form: form, Text: err.Error()})
			}
			return view.Do(view.Confirm{Plan: p, Form: form})
		},
	}})
}
