package volumes

import "vastdeck/tui/view"

// toggleProblems shows what costs something for nothing alone, or everything again.
func (m *Model) toggleProblems(env view.Env) view.Effect {
	m.only = !m.only
	return m.refilter(env)
}

func (m *Model) problemsLabel() string {
	if m.only {
		return "show those in use too"
	}
	return "show those that nothing uses alone"
}

// noProblems says why there is nothing to show alone, or "".
func (m *Model) noProblems() string {
	if m.only {
		return ""
	}
	return m.noTrouble()
}

// noTrouble says why there is no problem to go to, or "".
func (m *Model) noTrouble() string {
	if m.sum.troubled == 0 {
		return "something that runs uses every volume"
	}
	return ""
}

// goToTrouble puts the cursor on the next row that costs something for nothing, in the
// order shown and round the end.
func (m *Model) goToTrouble(env view.Env) view.Effect {
	if m.table.Pending() {
		return view.Effect{}
	}
	n := m.table.Shown()
	for step := 1; step <= n; step++ {
		r, ok := m.table.At((m.table.Position() - 1 + step) % n)
		if ok && r.problem != "" {
			m.table.Select(r.ID)
			m.want, m.detail, m.scroll = 0, true, 0
			return view.Effect{}
		}
	}
	if m.query.Value() == "" {
		return view.Effect{}
	}
	return m.filter(env).Clear() // the query hides it
}
