package tabs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

const (
	shortName = 8  // cells that a name keeps before another is left out
	longName  = 24 // cells of the longest name
)

// Search is a saved search in the strip.
type Search struct {
	Name string
	// Count is how many rows it has; negative when that is not known yet.
	Count int
	// More says that there may be more than Count.
	More bool
	// Old says that Count is of an earlier time.
	Old bool
	// Added and Removed are how many rows came and went since it was last looked at; 0 for none.
	Added, Removed int
	// Active is the one whose rows are shown.
	Active bool
}

// Strip returns saved searches in exactly one line of w cells, after a caption such as "saved:". When there is
// no room names are cut first; then those furthest from the active one are left out and counted: "+3".
func Strip(th *theme.Theme, caption string, items []Search, w int) string {
	if w <= 0 {
		return ""
	}
	s := newStrip(caption, items, w)
	var b strings.Builder
	b.WriteString(th.Tabs.Key.Paint(s.caption))
	b.WriteString(th.Tabs.Key.Paint(s.before))
	for _, p := range s.pieces {
		name, badge := th.Tabs.Idle, th.Tabs.Badge
		if items[p.item].Active {
			name, badge = th.Tabs.Active, th.Tabs.ActiveBadge
		}
		b.WriteString(name.Paint(p.text[0]))
		b.WriteString(badge.Paint(p.text[1]))
		b.WriteString(name.Paint(p.text[2]))
	}
	b.WriteString(th.Tabs.Key.Paint(s.after))
	return fit.Line(b.String(), w)
}

// StripHitAt returns the index of the search drawn at cell x of a strip of w cells.
func StripHitAt(caption string, items []Search, w, x int) (item int, ok bool) {
	if x < 0 || x >= w {
		return 0, false
	}
	s := newStrip(caption, items, w)
	at := fit.Width(s.caption) + fit.Width(s.before)
	for _, p := range s.pieces {
		if x >= at && x < at+p.width() {
			return p.item, true
		}
		at += p.width()
	}
	return 0, false
}

// piece is one search as it is drawn: a margin with the name, the badge, a margin.
type piece struct {
	item int
	text [3]string
}

func (p piece) width() int { return fit.Width(p.text[0]) + fit.Width(p.text[1]) + fit.Width(p.text[2]) }

type strip struct {
	caption, before, after string
	pieces                 []piece
}

// newStrip chooses the fullest form that fits.
func newStrip(caption string, items []Search, w int) (s strip) {
	if caption != "" {
		caption += " "
	}
	items, all := slices.Clone(items), given(items)
	for i := range items {
		items[i].Name = fit.Cut(items[i].Name, longName)
	}
	for name := longName; name >= shortName; name-- {
		if s = drawn(caption, items, all, name); s.width() <= w {
			return s
		}
	}
	kept := all
	for len(kept) > 1 {
		kept = without(items, kept)
		if s = drawn(caption, items, kept, shortName); s.width() <= w {
			return s
		}
	}
	return drawn("", items, kept, shortName)
}

func given(items []Search) (all []int) {
	for i := range items {
		all = append(all, i)
	}
	return all
}

// without leaves out the one of kept that is furthest from the active search; of two the last.
func without(items []Search, kept []int) []int {
	active := max(0, slices.IndexFunc(items, func(s Search) bool { return s.Active }))
	if active-kept[0] > kept[len(kept)-1]-active {
		return kept[1:]
	}
	return kept[:len(kept)-1]
}

func drawn(caption string, items []Search, kept []int, name int) strip {
	s := strip{caption: caption}
	if len(kept) == 0 {
		return s
	}
	if n := kept[0]; n > 0 {
		s.before = "+" + strconv.Itoa(n) + " "
	}
	for _, i := range kept {
		left, right := " ", " "
		if items[i].Active {
			left, right = "[", "]" // where colours cannot say it
		}
		s.pieces = append(s.pieces, piece{i, [3]string{left + fit.Cut(items[i].Name, name), items[i].badge(), right}})
	}
	if n := len(items) - 1 - kept[len(kept)-1]; n > 0 {
		s.after = " +" + strconv.Itoa(n)
	}
	return s
}

func (s strip) width() int {
	n := fit.Width(s.caption) + fit.Width(s.before) + fit.Width(s.after)
	for _, p := range s.pieces {
		n += p.width()
	}
	return n
}

// badge is the count and what has changed: " 1,204+? +3 −1".
func (s Search) badge() string {
	b := ""
	if s.Count >= 0 {
		b = " " + figure.Count(s.Count)
		if s.More {
			b += "+"
		}
	}
	if s.Old && s.Count >= 0 {
		b += "?"
	}
	if s.Added > 0 {
		b += fmt.Sprintf(" +%d", s.Added)
	}
	if s.Removed > 0 {
		b += fmt.Sprintf(" −%d", s.Removed)
	}
	return b
}
