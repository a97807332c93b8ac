package activity

import (
	"cmp"
	"fmt"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

const group = "Activity"

// Actions are what can be done with the row under the cursor.
func (m *Model) Actions(env view.Env) []view.Action {
	switch {
	case m.menu != nil:
		return m.menuActions(env)
	case m.Capturing():
		return m.typing()
	}
	nothing := m.nothing(env)
	r, _ := m.table.Cursor()
	if r == nil {
		r = &row{kind: event}
	}
	return []view.Action{
		{Key: view.Bind("enter", "detail", "enter"), Group: group, Disabled: nothing, Do: m.toggleDetail},
		{Key: view.Bind("r", "retry…", "r"), Group: group, Disabled: firstOf(nothing, noRetry(env, r)), Do: func() view.Effect { return retry(env, r) }},
		{Key: view.Bind("D", "destroy…", "D"), Group: group, Disabled: firstOf(nothing, noDestroy(env, r)), Do: func() view.Effect {
			return confirm(env, []vastapi.InstanceID{r.instance()}, rental.PlanDestroy)
		}},
		{Key: view.Bind("a", "what the server's log says of it", "a"), Group: group, Hidden: true, Disabled: firstOf(nothing, unlogged(env, r)), Do: func() view.Effect {
			return view.Do(view.Goto{View: view.Account, Focus: view.ShowAudit{Operation: r.made().ID}})
		}},
		{Key: view.Bind("y", "copy…", "y"), Group: group, Hidden: true, Disabled: nothing, Do: func() view.Effect { return m.openCopies(r) }},
		{Key: view.Bind("C", "copy as vastai", "C"), Group: group, Disabled: firstOf(nothing, noCopy(r)), Do: func() view.Effect { return copyLine(r) }},
		{Key: view.Bind("/", "filter", "/"), Group: group, Do: func() view.Effect { m.query.Focus(); return view.Effect{} }},
		{Key: view.Bind("o", "sort by the next column", "o"), Group: group, Hidden: true, Do: func() view.Effect { m.table.NextSort(); return m.arranged() }},
		{Key: view.Bind("O", "reverse the order", "O"), Group: group, Hidden: true, Do: func() view.Effect { m.table.Reverse(); return m.arranged() }},
		{Key: view.Bind("}", "scroll the detail", "}"), Group: group, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, 3) }},
		{Key: view.Bind("{", "scroll the detail back", "{"), Group: group, Hidden: true, Disabled: m.noDetail(), Do: func() view.Effect { return m.scrollDetail(env, -3) }},
		{Key: view.Bind("esc", "close the detail, then clear the filter", "esc"), Group: group, Hidden: true, Do: m.back},
	}
}

// unlogged says why the server's log has nothing of the row, or it cannot be seen, or "".
func unlogged(env view.Env, r *row) string {
	if op := r.made(); op.ID == "" || op.Sent.IsZero() {
		return "nothing was sent for this row: the server's log has no line of it"
	}
	return env.Asking(vastapi.RightUserRead, "")
}

// made is the operation that a row is about; of an orphan it is the rent that made it.
func (r *row) made() *rental.Op {
	if r.op.ID == "" {
		return &r.stray.Op
	}
	return &r.op
}

// firstOf is the first reason there is, "" when there is none.
var firstOf = cmp.Or[string]

// typing are the keys that work while the filter is typed.
func (m *Model) typing() []view.Action {
	done := func() view.Effect { m.query.Blur(); return view.Effect{} }
	move := func(n int) func() view.Effect {
		return func() view.Effect { m.table.Move(n); return view.Effect{} }
	}
	return []view.Action{
		{Key: view.Bind("enter", "back to the list", "enter"), Group: group, Typing: true, Do: done},
		{Key: view.Bind("esc", "leave the filter", "esc"), Group: group, Typing: true, Do: done},
		{Key: view.Bind("up", "one row up", "up"), Group: group, Typing: true, Hidden: true, Do: move(-1)},
		{Key: view.Bind("down", "one row down", "down"), Group: group, Typing: true, Hidden: true, Do: move(1)},
	}
}

// nothing says why there is no row to act on, or "".
func (m *Model) nothing(env view.Env) string {
	_, ok := m.table.Cursor()
	switch {
	case ok:
		return ""
	case m.table.Total() == 0 && !told(env):
		return "the journal is still being read"
	case m.table.Total() == 0:
		return "nothing was done yet"
	case m.table.Shown() == 0:
		return "no row is shown: the filter hides them all"
	}
	return "the row under the cursor is gone: move to choose another"
}

func (m *Model) noDetail() string {
	if !m.detail {
		return "the detail is closed: enter opens it"
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
		m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(detail(env, r), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
}

// back closes the topmost of detail and filter; it never leaves the program.
func (m *Model) back() view.Effect {
	switch {
	case m.detail:
		m.detail = false
	case m.query.Value() != "":
		m.query.Reset()
		m.filter()
	}
	return view.Effect{}
}

// noCopy says why the row has no line of the official client.
func noCopy(r *row) string {
	switch r.kind {
	case orphan:
		return ""
	case event:
		return "an event is no request: there is nothing to copy"
	}
	if _, ok := r.op.Step(); !ok {
		return "the journal does not keep what was asked for"
	}
	return ""
}

// copyLine copies the operation as a line of the official client; an orphan as the
// line that destroys it.
func copyLine(r *row) view.Effect {
	if r.kind == orphan {
		return view.Do(view.Copy{Text: destroying(r).Official(), What: "the line that destroys it, which is not carried out,"})
	}
	line, _ := r.op.Official()
	what := "the request"
	if len(r.op.Lacks()) > 0 {
		what = "the request, without what the journal does not keep,"
	}
	return view.Do(view.Copy{Text: line, What: what})
}

// noDestroy says why D has no target here.
func noDestroy(env view.Env, r *row) string {
	id := r.instance()
	if id == 0 {
		return "only orphans and what a refused rent left behind are destroyed here: press 2 for the instances"
	}
	if _, there := env.Data.Instance(id); !there {
		return "instance " + id.String() + " is gone"
	}
	return env.Changing(underWay(env, id))
}

func underWay(env view.Env, ids ...vastapi.InstanceID) string {
	for _, id := range ids {
		if verb := env.Busy[id]; verb != "" {
			return fmt.Sprintf("a %s of %s is under way: W shows it", verb, id)
		}
	}
	return ""
}

// noRetry says why the operation cannot be tried again, or "".
func noRetry(env view.Env, r *row) string {
	switch {
	case r.kind == event:
		return "an event is nothing that could be tried again"
	case r.kind == orphan:
		return "an orphan is nothing that failed: D destroys it"
	case r.op.Open():
		return "it is not known yet what became of it: wait until it is"
	case r.op.State == rental.OpClosed:
		return "it never became known what came of it: press 2 and look before you try again"
	case !r.op.Failed():
		return "it was done: there is nothing to try again"
	case r.op.Verb == "rent":
		return env.Changing("")
	case planner(r.op) == nil:
		return "a " + r.what + " cannot be tried again from here: press 2 for the instances"
	}
	ids := targets(env, r.op)
	if len(ids) == 0 {
		return "instance " + r.op.Subject.Instance.String() + " is gone: there is nothing left to " + r.what
	}
	return env.Changing(underWay(env, ids...))
}

// retry reopens what failed: the rent form, or the plan for all targets of the same
// plan that failed the same way and still exist.
func retry(env view.Env, r *row) view.Effect {
	if r.op.Verb == "rent" {
		return view.Do(view.Goto{View: view.Market, Focus: asked(env, r.op)})
	}
	return confirm(env, targets(env, r.op), planner(r.op))
}

type plan func([]vastapi.Instance, rental.Desk) (rental.Plan, error)

// planner makes the plan that does again what op did; nil when there is none.
func planner(op rental.Op) plan {
	switch op.Verb {
	case "destroy":
		return rental.PlanDestroy
	case "stop":
		return rental.PlanStop
	case "start":
		return rental.PlanStart
	case "rename":
		return func(list []vastapi.Instance, d rental.Desk) (rental.Plan, error) {
			return rental.PlanRename(list[0], op.Name(), d)
		}
	}
	return nil
}

// targets are the instances of op's plan that it failed for and that still exist,
// op's own first. A rename gives one name to one instance.
func targets(env view.Env, op rental.Op) []vastapi.InstanceID {
	list := []rental.Op{op}
	if op.Verb != "rename" {
		for _, p := range env.Data.Journal.Value.Recent {
			list = append(list, p.Op)
		}
	}
	var ids []vastapi.InstanceID
	seen := map[vastapi.InstanceID]bool{}
	for _, other := range list {
		id := other.Subject.Instance
		if other.Plan != op.Plan || other.Verb != op.Verb || !other.Failed() || seen[id] {
			continue
		}
		seen[id] = true
		if _, there := env.Data.Instance(id); there {
			ids = append(ids, id)
		}
	}
	return ids
}

// confirm asks about a plan for exactly these instances, as they are known now.
// Working it out again takes the same ids from what is known then.
func confirm(env view.Env, ids []vastapi.InstanceID, make plan) view.Effect {
	var list []vastapi.Instance
	for _, id := range ids {
		if i, there := env.Data.Instance(id); there {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Info})
	}
	p, err := make(list, env.Desk)
	if err != nil {
		return view.Do(view.Toast{Text: err.Error(), Level: view.Warn})
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return confirm(env, ids, make) }})
}
