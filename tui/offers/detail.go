package offers

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// detail is what stands beside or below the list about the offer under the cursor.
type detail struct {
	open   bool
	scroll int
	asked  vastapi.MachineID // whose reports were asked for last
}

// facts are everything that is known of an offer.
func (m *Model) facts(env view.Env, o *vastapi.Offer) []pane.Fact {
	facts := machineFacts(o, m.query.prices)
	facts = append(facts, memoryFacts(o, env, m.kind())...)
	return append(facts, m.reportFacts(env, o.MachineID)...)
}

// split shares the area between the table and the detail. Where there is no
// room for both, the detail takes all of it.
func (m *Model) split(env view.Env, s view.Size) pane.Split {
	w, h := s.W, max(0, s.H-bars(env, s))
	if m.detail.open && s.W < view.Wide && h < leastBoth {
		return pane.Split{DetailW: w, DetailH: h}
	}
	return pane.Of(w, h, m.detail.open, view.Wide)
}

// leastBoth is the height below which list and detail do not stand one above the other.
const leastBoth = 16

func (m *Model) noDetail() string {
	if !m.detail.open {
		return "the detail is closed: enter opens it"
	}
	return ""
}

func (m *Model) scrollDetail(env view.Env, by int) view.Effect {
	if r, ok := m.list.table.Peek(); ok {
		s := m.split(env, env.Size)
		m.detail.scroll = max(0, min(m.detail.scroll+by, pane.MaxScroll(m.facts(env, r.Offer), s.DetailW, s.DetailH)))
	}
	return view.Effect{}
}

func (m *Model) toggleDetail() view.Effect {
	m.detail.open, m.detail.scroll = !m.detail.open, 0
	return view.Effect{}
}
