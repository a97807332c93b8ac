package help

import (
	"slices"
	"strconv"
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// Item is one key.
type Item struct {
	Group    string // items of one group stand together, in the order of its first item
	Key      string
	Label    string
	Disabled string // why it cannot be done now, or ""
	Also     string // other words it is found by, in small letters, from their beginnings on; not shown
}

const (
	heading   = 2  // lines above the list: the title with the filter, and a blank
	keyIndent = 2  // cells before a key
	mostKey   = 22 // cells for the widest key
)

// Match returns the items that hold every word of the filter in group, key, label or reason, in any
// case, or have it among the other words they are found by. A filter without words matches all.
func Match(items []Item, filter string) []Item {
	words := strings.Fields(strings.ToLower(filter))
	var found []Item
	for _, it := range items {
		text := strings.ToLower(it.Group + " " + it.Key + " " + it.Label + " " + it.Disabled)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) && !begins(it.Also, w) }) {
			found = append(found, it)
		}
	}
	return found
}

// leastAlso is how many letters of a word that is not shown have to be typed, unless it is
// shorter and typed wholly.
const leastAlso = 3

// begins reports whether one of the words begins so.
func begins(words, so string) bool {
	if len(so) < leastAlso {
		so += " "
	}
	return strings.Contains(" "+words+" ", " "+so)
}

// Clamp returns the scroll offset moved to the nearest that shows a full screen of h lines.
func Clamp(items []Item, filter string, scroll, h int) int {
	n := len(rows(Match(items, filter))) - max(0, h-heading)
	return max(0, min(scroll, n))
}

// Below returns how many lines lie below a screen of h lines.
func Below(items []Item, filter string, scroll, h int) int {
	return max(0, len(rows(Match(items, filter)))-scroll-max(0, h-heading))
}

// Draw returns exactly h lines of w cells: a title with the filter as typed, and the matching keys by
// group, from the line number scroll on. A scroll outside the list is clamped.
func Draw(th *theme.Theme, items []Item, filter string, scroll, w, h int) string {
	if w <= 0 || h <= 0 {
		return fit.Block(nil, w, h)
	}
	found := Match(items, filter)
	list := rows(found)
	scroll = Clamp(items, filter, scroll, h)
	lines := make([]string, 0, h)
	lines = append(lines, title(th, filter, len(found), len(items), w))
	if h > heading {
		lines = append(lines, "")
	}
	keyWidth := widestKey(found, w)
	room := max(0, h-heading)
	for i := scroll; i < len(list) && i < scroll+room; i++ {
		lines = append(lines, list[i].draw(th, keyWidth, w))
	}
	if len(list) == 0 && room > 0 {
		lines = append(lines, th.Help.Disabled.Paint(fit.Cut("  no key is described so", w)))
	}
	return fit.Block(lines, w, h)
}

func title(th *theme.Theme, filter string, found, total, w int) string {
	left := "Keys"
	if filter == "" {
		hint := "  type to filter, esc closes"
		return th.Help.Title.Paint(fit.Cut(left, w)) + th.Help.Disabled.Paint(fit.Cut(hint, w-len(left)))
	}
	count := "  " + strconv.Itoa(found) + " of " + strconv.Itoa(total)
	text := fit.Cut("  "+filter, w-len(left)-len(count))
	return th.Help.Title.Paint(fit.Cut(left, w)) + th.Help.Filter.Paint(text) +
		th.Help.Disabled.Paint(fit.Cut(count, w-len(left)-fit.Width(text)))
}

// row is a line of the list: an item, the heading of a group, or blank.
type row struct {
	group string
	item  *Item
}

// rows returns the list: groups in the order of their first items, a blank line between two.
func rows(items []Item) []row {
	var order []string
	members := map[string][]int{}
	for i, it := range items {
		if _, known := members[it.Group]; !known {
			order = append(order, it.Group)
		}
		members[it.Group] = append(members[it.Group], i)
	}
	var list []row
	for i, g := range order {
		if i > 0 {
			list = append(list, row{})
		}
		list = append(list, row{group: g})
		for _, n := range members[g] {
			list = append(list, row{item: &items[n]})
		}
	}
	return list
}

func widestKey(items []Item, w int) int {
	widest := 1
	for _, it := range items {
		widest = max(widest, fit.Width(it.Key))
	}
	return min(widest, mostKey, max(1, w/3))
}

func (r row) draw(th *theme.Theme, keyWidth, w int) string {
	if r.item == nil {
		return th.Help.Group.Paint(fit.Cut(r.group, w))
	}
	key := fit.Spaces(keyIndent) + fit.Line(r.item.Key, keyWidth) + "  "
	key = fit.Cut(key, w)
	room := w - fit.Width(key)
	if r.item.Disabled == "" {
		return th.Help.Key.Paint(key) + th.Help.Label.Paint(fit.Cut(r.item.Label, room))
	}
	return th.Help.Disabled.Paint(key + fit.Cut(r.item.Label+" (not now: "+r.item.Disabled+")", room))
}
