package tabs

import (
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

// Tab is one title.
type Tab struct {
	Key    string // what leads to it, "1"
	Title  string // "Market"
	Badge  string // a count or a warning behind the title, or ""
	Active bool
}

// detail says how much of the tabs is drawn; each step takes less room than the one before.
type detail int

const (
	full detail = iota
	noBadges
	narrow   // one space between them
	cut      // the titles of all but the active one are their beginnings
	keysOnly // all but the active one are only their keys
	detailCount
)

// cell is a piece of the line that belongs to a tab.
type cell struct {
	tab  int
	x    int
	text [4]string // margin with key, title, badge, margin
}

// beginning is how much of a title stands where titles are cut, in cells.
const beginning = 4

// Draw returns the tabs in exactly one line of w cells. When there is no room, badges go first, then
// a space, then the ends of the titles of all but the active tab, then those titles.
func Draw(th *theme.Theme, items []Tab, w int) string {
	if w <= 0 {
		return ""
	}
	cells, used := layout(items, w)
	var b strings.Builder
	for _, c := range cells {
		key, title, badge := th.Tabs.Key, th.Tabs.Idle, th.Tabs.Badge
		if items[c.tab].Active {
			key, title, badge = th.Tabs.Active, th.Tabs.Active, th.Tabs.ActiveBadge
		}
		b.WriteString(key.Paint(c.text[0]))
		b.WriteString(title.Paint(c.text[1]))
		b.WriteString(badge.Paint(c.text[2]))
		b.WriteString(title.Paint(c.text[3]))
	}
	if used != w {
		return fit.Line(b.String(), w)
	}
	return b.String()
}

// HitAt returns the index of the tab drawn at cell x of a line of w cells.
func HitAt(items []Tab, w, x int) (tab int, ok bool) {
	if x < 0 || x >= w {
		return 0, false
	}
	cells, _ := layout(items, w)
	for _, c := range cells {
		if x >= c.x && x < c.x+c.width() {
			return c.tab, true
		}
	}
	return 0, false
}

// layout chooses the fullest form that fits and places the tabs.
func layout(items []Tab, w int) (cells []cell, used int) {
	for d := full; d < detailCount; d++ {
		cells, used = place(items, d)
		if used <= w {
			return cells, used
		}
	}
	// Not even the keys fit: what is active is drawn first.
	for len(cells) > 1 && !items[cells[0].tab].Active && used > w {
		n := cells[0].width()
		cells = cells[1:]
		used -= n
		for i := range cells {
			cells[i].x -= n
		}
	}
	return cells, used
}

func place(items []Tab, d detail) (cells []cell, used int) {
	for i, t := range items {
		c := cell{tab: i, x: used}
		// The brackets say which tab is active where colours cannot.
		c.text[0], c.text[3] = " "+t.Key, " "
		if t.Active {
			c.text[0], c.text[3] = "["+t.Key, "]"
		}
		if before := i+1 < len(items) && items[i+1].Active; !t.Active && !before && d >= narrow {
			c.text[3] = ""
		}
		switch {
		case t.Active || d < cut:
			c.text[1] = " " + t.Title
		case d == cut:
			c.text[1] = " " + fit.Cut(t.Title, beginning)
		}
		if d == full && t.Badge != "" {
			c.text[2] = " " + t.Badge
		}
		used += c.width()
		cells = append(cells, c)
	}
	return cells, used
}

func (c cell) width() (n int) {
	for _, s := range c.text {
		n += fit.Width(s)
	}
	return n
}
