package instances

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chooser"
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

// ownChoice are the columns that are shown unless the user chooses others.
func ownChoice() []string {
	var ids []string
	for _, s := range catalogue() {
		if !s.hidden {
			ids = append(ids, s.id)
		}
	}
	return ids
}

// showColumns makes the columns with these ids visible. Texts that somebody else
// writes stand last, wherever they were put.
func (m *Model) showColumns(ids []string) {
	outside := map[string]bool{}
	for _, s := range catalogue() {
		outside[s.id] = s.outside
	}
	var own, others []string
	for _, id := range ids {
		if outside[id] {
			others = append(others, id)
		} else {
			own = append(own, id)
		}
	}
	m.table.ShowColumns(append(own, others...)...)
}

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ chooser.Model }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	specs := map[string]spec{}
	var items []chooser.Item
	on := map[string]bool{}
	add := func(id string, chosen bool) {
		s := specs[id]
		items = append(items, chooser.Item{ID: id, Title: s.title, Help: s.help + ".", On: chosen, Fixed: id == "id" || id == "status"})
	}
	for _, s := range catalogue() {
		specs[s.id] = s
	}
	for _, id := range m.table.VisibleColumns() {
		on[id] = true
		add(id, true)
	}
	for _, s := range catalogue() {
		if !on[s.id] {
			add(s.id, false)
		}
	}
	widths := m.table.Widths()
	for i := range items {
		items[i].Width, items[i].Own = widths[items[i].ID], m.table.WidthOf(items[i].ID)
	}
	c := chooser.New(items, th)
	c.SetUsual(ownChoice()...)
	return &columnPage{c}
}

func (p *columnPage) actions(*Model, view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                        { return p.Filtering() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	done, _ := p.Update(msg)
	if !done {
		return view.Effect{}
	}
	m.page = nil
	m.showColumns(p.Result())
	m.table.SetWidths(p.Widths())
	return m.keepOrder(env)
}

func (p *columnPage) back(*Model, view.Env) (view.Effect, bool) {
	_, cancelled := p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	return view.Effect{}, cancelled
}

func (p *columnPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

// newSortPage lists the columns to sort by, shown or not.
func newSortPage(m *Model, _ *theme.Theme) *menu {
	by, _ := m.table.SortBy()
	n := &menu{title: "Sort by", verb: "sort by it, or turn the order round", empty: "there is no column"}
	for i, s := range catalogue() {
		if s.id == by {
			n.at = i
		}
	}
	n.list = func(env view.Env) []choice {
		var list []choice
		by, desc := m.table.SortBy()
		for _, s := range catalogue() {
			mark := " "
			switch {
			case s.id == by && desc:
				mark = "▼"
			case s.id == by:
				mark = "▲"
			}
			list = append(list, choice{label: mark + " " + s.title, detail: s.help, do: func() view.Effect {
				m.table.ChooseSort(s.id)
				return m.keepOrder(env)
			}})
		}
		return list
	}
	return n
}
