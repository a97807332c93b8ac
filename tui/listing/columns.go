package listing

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chooser"
	"vastdeck/tui/widget/table"
)

// Columns says what of the choice of a table's columns is not the user's.
type Columns struct {
	Fixed   []string        // ids of those that are always shown
	Outside map[string]bool // by the id of those whose texts somebody else writes
}

// order puts the texts that somebody else writes last, wherever they were put: there a terminal cannot mix them with
// figures.
func (c Columns) order(ids []string) []string {
	var own, others []string
	for _, id := range ids {
		if c.Outside[id] {
			others = append(others, id)
		} else {
			own = append(own, id)
		}
	}
	return append(own, others...)
}

// ShowColumns makes the columns with these ids visible, in their order as far as that may be chosen.
func ShowColumns[K comparable, T any](t *table.Model[K, T], ids []string, c Columns) {
	t.ShowColumns(c.order(ids)...)
}

// ColumnPage chooses which columns of a table are shown, how wide, and in which order.
type ColumnPage struct {
	chooser.Model
	take func(ids []string, widths map[string]int)
}

// ChooseColumns opens the choice of a table's columns, which are shown as they were chosen when it is done.
func ChooseColumns[K comparable, T any](t *table.Model[K, T], c Columns, th *theme.Theme) ColumnPage {
	var items []chooser.Item
	widths := t.Widths()
	add := func(col table.Column[T], on bool) {
		items = append(items, chooser.Item{
			ID: col.ID, Title: strings.TrimSpace(col.Title), Help: col.Help + ".", On: on, Fixed: slices.Contains(c.Fixed, col.ID),
			Width: widths[col.ID], Own: t.WidthOf(col.ID),
		})
	}
	all, shown := t.Columns(), t.VisibleColumns()
	for _, id := range shown {
		if i := slices.IndexFunc(all, func(col table.Column[T]) bool { return col.ID == id }); i >= 0 {
			add(all[i], true)
		}
	}
	for _, col := range all {
		if !slices.Contains(shown, col.ID) {
			add(col, false)
		}
	}
	p := ColumnPage{Model: chooser.New(items, th), take: func(ids []string, widths map[string]int) {
		ShowColumns(t, ids, c)
		t.SetWidths(widths)
	}}
	p.SetUsual(usual(t)...)
	return p
}

// usual are the columns that are shown unless the user chooses others.
func usual[K comparable, T any](t *table.Model[K, T]) []string {
	var ids []string
	for _, col := range t.Columns() {
		if !col.Hidden {
			ids = append(ids, col.ID)
		}
	}
	return ids
}

// Key takes a key or a paste. It reports whether the choice is done; then the table shows it.
func (p *ColumnPage) Key(msg tea.Msg) (done bool) {
	if done, _ = p.Update(msg); done {
		p.take(p.Result(), p.Widths())
	}
	return done
}

// Click moves the cursor to the line that was clicked, and shows or hides its column as the choice does.
func (p *ColumnPage) Click(_ view.Env, x, y int) (enter bool) {
	p.Model.Click(x, y)
	return false
}

// Back is esc; it reports whether the page is to be closed by it.
func (p *ColumnPage) Back() bool {
	_, cancelled := p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	return cancelled
}
