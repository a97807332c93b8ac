package instances

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
)

// toggleFull shows the detail in place of the list, or beside it again.
func (m *Model) toggleFull() view.Effect {
	if m.full {
		m.full = false
		return view.Effect{}
	}
	m.detail, m.full, m.scroll = true, true, 0
	return view.Effect{}
}

func (m *Model) fullLabel() string {
	if m.full {
		return "detail beside the list"
	}
	return "detail on the whole page"
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	r, ok := m.table.Cursor()
	if !ok {
		return view.Effect{}
	}
	s := m.split(env, env.Size)
	m.scroll = max(0, min(m.scroll+by, pane.MaxScroll(m.detailFacts(env, r, s.DetailW), s.DetailW, s.DetailH)))
	return view.Effect{}
}
