package listing

import (
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
)

// SortMenu lists the columns of a table to sort by, shown or not. Kept is called when another order was chosen.
func SortMenu[K comparable, T any](t *table.Model[K, T], kept func(view.Env) view.Effect) Menu {
	by, _ := t.SortBy()
	n := Menu{Title: "Sort by", Verb: "sort by it, or turn the order round", Empty: "there is no column", Clicks: true}
	for i, c := range t.Columns() {
		if c.ID == by {
			n.At = i
		}
	}
	n.List = func(env view.Env) []Choice {
		var list []Choice
		by, desc := t.SortBy()
		for _, c := range t.Columns() {
			mark := " "
			switch {
			case c.ID == by && desc:
				mark = "▼"
			case c.ID == by:
				mark = "▲"
			}
			list = append(list, Choice{Label: mark + " " + strings.TrimSpace(c.Title), Detail: c.Help, Do: func() view.Effect {
				t.ChooseSort(c.ID)
				return kept(env)
			}})
		}
		return list
	}
	return n
}
