package instances

import (
	"fmt"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/rental"
)

// toggleProblems shows what wants looking at alone, or everything again.
func (m *Model) toggleProblems(env view.Env) view.Effect {
	m.only = !m.only
	return m.refilter(env)
}

func (m *Model) problemsLabel() string {
	if m.only {
		return "show those without a problem too"
	}
	return "show only those with a problem"
}

// noProblems says why there is nothing to show alone, or "".
func (m *Model) noProblems() string {
	if !m.only && m.sum.troubled == 0 {
		return "no instance has a problem"
	}
	return ""
}

// noTrouble says why ! has nowhere to go, or "".
func (m *Model) noTrouble() string {
	if m.sum.troubled == 0 && len(m.alarms()) == 0 {
		return "every instance is what was asked for, as far as that is known, and none has a problem"
	}
	return ""
}

// goToTrouble puts the cursor on the next row that wants looking at, in the order
// shown and round the end, and opens its detail, where all about it is listed. What
// is not as asked for comes first.
func (m *Model) goToTrouble(env view.Env) view.Effect {
	if m.table.Pending() {
		return view.Effect{}
	}
	if list := m.alarms(); len(list) > 0 {
		if _, on := m.alarmed(); !on {
			return m.goTo(env, list[0])
		}
	}
	n := m.table.Shown()
	for step := 1; step <= n; step++ {
		r, ok := m.table.At((m.table.Position() - 1 + step) % n)
		if ok && r.troubled {
			m.table.Select(r.ID)
			m.want, m.detail, m.scroll = 0, true, 0
			return view.Effect{}
		}
	}
	if m.query.Value() == "" {
		return view.Effect{}
	}
	e := m.filter(env).Clear() // the query hides it
	if m.table.Pending() {
		return e
	}
	return view.Join(e, m.goToTrouble(env))
}

// goTo puts the cursor on an instance that is not what was asked for.
func (m *Model) goTo(env view.Env, w wrong) view.Effect {
	e := m.unfoldFor(env, w.id)
	if !m.table.Select(w.id) {
		m.only = false
		e = view.Join(e, m.filter(env).Clear()) // the filter hides it
		if !m.table.Select(w.id) {
			m.want = w.id // as soon as it is arranged
			return e
		}
	}
	m.want, m.detail, m.scroll = 0, true, 0
	return e
}

// problemClass says how bad a problem is in colour; glyph and words say it too.
func problemClass(l rental.Level) theme.Class {
	switch l {
	case rental.Danger:
		return theme.Bad
	case rental.Caution:
		return theme.Warn
	}
	return theme.Accent
}

// troubleText is the worst problem of a row with what can be done about it, in w cells
// as far as that is possible.
func troubleText(r *row, w int) string {
	if len(r.problems) == 0 {
		return ""
	}
	p, more := r.problems[0], ""
	if n := len(r.problems) - 1; n > 0 {
		more = fmt.Sprintf("  and %d more (enter)", n)
	}
	return r.remedied(fmt.Sprintf("%s: %s", p.Kind, p.Evidence), first(p.Actions), more, w)
}

const (
	moreHelps = " · w more"
	whatHelps = "  w what helps"
)

// remedied is what is wrong with a row and the keys of what helps. Where there is no
// room for all of them, w stands for those that are left out, and what is wrong gives
// way to it.
func (r *row) remedied(wrong string, actions []rental.Action, more string, w int) string {
	text := wrong + more
	if keys := remedies(actions); keys != "" {
		text = wrong + "  " + keys + more
	}
	if fit.Width(text) <= w || len(actions) == 0 || r.members != nil {
		return text
	}
	for n := len(actions) - 1; n > 0; n-- {
		if text := wrong + "  " + remedies(actions[:n]) + moreHelps; fit.Width(text) <= w {
			return text
		}
	}
	return fit.Cut(wrong, max(1, w-fit.Width(whatHelps))) + whatHelps
}

// first are the first things that help and have a key.
func first(actions []rental.Action) []rental.Action {
	const most = 3
	var keyed []rental.Action
	for _, a := range actions {
		if actionKeys[a.Kind] != "" && len(keyed) < most {
			keyed = append(keyed, a)
		}
	}
	return keyed
}
