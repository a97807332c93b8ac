package tui

import (
	"reflect"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// mostPlaces is how many places one can go back to.
const mostPlaces = 50

// trail is where the user has been.
type trail struct {
	back, ahead []place // the latest last
	led         bool    // [ or ] leads: what is opened is no new place
}

// place is a view or page, what lies under it, and what it showed.
type place struct {
	id    view.ID
	under []view.ID
	at    any // see view.Placed; nil = the view knows by itself
}

// here is the place that is shown.
func (m *Model) here() place {
	p := place{id: m.active, under: slices.Clone(m.under)}
	if v, ok := m.tab(m.active).(view.Placed); ok {
		p.at = v.Place(m.env())
	}
	return p
}

// same reports whether two places look alike.
func (p place) same(o place) bool {
	return p.id == o.id && slices.Equal(p.under, o.under) && reflect.DeepEqual(p.at, o.at)
}

// leave notes the place that is about to be left for another one by a key.
func (m *Model) leave() {
	if m.trail.led {
		return
	}
	t, now := &m.trail, m.here()
	t.ahead = nil
	if n := len(t.back); n == 0 || !t.back[n-1].same(now) {
		t.back = append(t.back[max(0, n-mostPlaces+1):n:n], now)
	}
}

// unleave takes the newest place away again when that is where one is now.
func (m *Model) unleave() {
	t := &m.trail
	if n := len(t.back); n > 0 && !m.trail.led && t.back[n-1].same(m.here()) {
		t.back = t.back[:n-1]
	}
}

// retreat shows the place that was left last, with what it showed.
func (m *Model) retreat() view.Effect {
	return view.Wait(m.walk(&m.trail.back, &m.trail.ahead))
}

// advance undoes retreat.
func (m *Model) advance() view.Effect {
	return view.Wait(m.walk(&m.trail.ahead, &m.trail.back))
}

// walk goes to the latest place of one list and notes the present one in the other.
func (m *Model) walk(from, to *[]place) tea.Cmd {
	list := *from
	if len(list) == 0 {
		return nil
	}
	p, now := list[len(list)-1], m.here()
	*from, *to = list[:len(list)-1], append(*to, now)
	m.trail.led = true
	defer func() { m.trail.led = false }()
	var cmds []tea.Cmd
	if p.id != m.active {
		cmds = append(cmds, m.open(p.id, nil))
	}
	m.under = slices.Clone(p.under)
	if shown := m.here(); p.at != nil && !reflect.DeepEqual(shown.at, p.at) {
		cmds = append(cmds, m.apply(m.current().Update(m.env(), view.Focused{On: p.at}), true))
	}
	return tea.Batch(cmds...)
}

func (m *Model) noRetreat() string {
	if len(m.trail.back) == 0 {
		return "this is where it began"
	}
	return ""
}

func (m *Model) noAdvance() string {
	if len(m.trail.ahead) == 0 {
		return "nothing was gone back from"
	}
	return ""
}

// crumbs is the way to the page that is shown, "" when a view itself is.
func (m *Model) crumbs() string {
	if len(m.under) == 0 {
		return ""
	}
	var names []string
	for _, id := range append(slices.Clone(m.under), m.active) {
		name, _ := m.tab(id).Title(m.env())
		names = append(names, name)
	}
	return strings.Join(names, " › ")
}
