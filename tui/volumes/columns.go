package volumes

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chooser"
)

// ownChoice are the columns that are shown unless the user chooses others.
func ownChoice() []string {
	return chosenBy(catalogue())
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
	specs := map[string]spec[*row]{}
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
func newSortPage(m *Model) *menu {
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
