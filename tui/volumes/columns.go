package volumes

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
)

// choice says how the columns may be chosen.
func choice() listing.Columns {
	c := listing.Columns{Fixed: []string{"id", "status"}, Outside: map[string]bool{}}
	for _, s := range catalogue() {
		c.Outside[s.id] = s.outside
	}
	return c
}

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ listing.ColumnPage }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	return &columnPage{listing.ChooseColumns(&m.table, choice(), th)}
}

func (p *columnPage) actions(*Model, view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                        { return p.Filtering() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	if !p.Key(msg) {
		return view.Effect{}
	}
	m.page = nil
	return m.keepOrder(env)
}

func (p *columnPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, p.Back() }

func (p *columnPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

// newSortPage lists the columns to sort by, shown or not.
func newSortPage(m *Model) *menu {
	return &menu{Menu: listing.SortMenu(&m.table, m.keepOrder)}
}
