package instances

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
)

type column = table.Column[*row]

// busy names what is under way for an instance.
type busy map[vastapi.InstanceID]string

// of names what is under way for one of those that a row stands for, or "".
func (b busy) of(r *row) string {
	if len(b) == 0 {
		return ""
	}
	for _, one := range r.each() {
		if verb := b[one.ID]; verb != "" {
			return verb
		}
	}
	return ""
}

// busyNow has the rows say what is under way, until a fresh reading shows what came of it.
func (m *Model) busyNow(env view.Env) {
	if !maps.Equal(m.busy, env.Busy) {
		m.busy = maps.Clone(env.Busy)
		m.table.Invalidate()
	}
}

// pending is a cell that says what is under way in place of what it says else.
func pending(b *busy, cell func(*row) (string, theme.Class)) func(*row) (string, theme.Class) {
	return func(r *row) (string, theme.Class) {
		if verb := b.of(r); verb != "" {
			return "◐ " + verb + " under way", theme.Accent
		}
		return cell(r)
	}
}

// columns are those of the catalogue as the table has them.
func columns(b *busy) []column {
	specs := catalogue()
	list := make([]column, 0, len(specs))
	for _, s := range specs {
		if s.id == "status" {
			s.cell = pending(b, s.cell)
		}
		list = append(list, column{
			ID: s.id, Title: s.title, Help: s.help, Hidden: s.hidden, Min: s.min, Ideal: s.ideal, Flex: s.flex, Priority: s.priority,
			Right: !s.left, Desc: s.desc, Cell: s.cell, Num: s.num, Str: s.str, Steady: s.steady, Cut: s.cut,
		})
	}
	return list
}

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
	return &menu{listing.SortMenu(&m.table, m.keepOrder)}
}
