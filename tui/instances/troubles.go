package instances

import (
	"fmt"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
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

// troubleText is the worst problem of a row with what can be done about it.
func troubleText(r *row) string {
	if len(r.problems) == 0 {
		return ""
	}
	p := r.problems[0]
	text := fmt.Sprintf("%s: %s", p.Kind, p.Evidence)
	if keys := nextKeys(p.Actions); keys != "" {
		text += "  " + keys
	}
	if n := len(r.problems) - 1; n > 0 {
		text += fmt.Sprintf("  and %d more (enter)", n)
	}
	return text
}

// nextKeys names the first things that help, with their keys.
func nextKeys(actions []rental.Action) string {
	const most = 3
	var first []rental.Action
	for _, a := range actions {
		if actionKeys[a.Kind] != "" && len(first) < most {
			first = append(first, a)
		}
	}
	return remedies(first)
}
