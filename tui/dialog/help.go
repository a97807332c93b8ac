package dialog

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/help"
)

// Help lists the keys; what is typed filters it.
type Help struct {
	items  []help.Item
	line   entry.Line
	scroll int
}

// NewHelp opens the list.
func NewHelp(items []help.Item) *Help { return &Help{items: items, line: entry.New("", 40, false)} }

// Update filters by what is typed, scrolls, and closes on esc.
func (d *Help) Update(msg tea.Msg, _ time.Time) Outcome {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		d.line.Update(msg)
		return Outcome{}
	}
	switch k.String() {
	case "esc", "enter":
		return Outcome{Verdict: Closed}
	case "?":
		if d.line.Value() == "" {
			return Outcome{Verdict: Closed}
		}
		d.line.Update(msg)
	case "up":
		d.scroll = max(0, d.scroll-1)
	case "down":
		d.scroll++
	case "pgup":
		d.scroll = max(0, d.scroll-10)
	case "pgdown":
		d.scroll += 10
	default:
		d.line.Update(msg)
		d.scroll = 0
	}
	return Outcome{}
}

// Draw fills the area, up to the width of a comfortable line.
func (d *Help) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	w := width(area)
	in := inner(w)
	h := max(1, area.H-2)
	d.scroll = help.Clamp(d.items, d.line.Value(), d.scroll, h)
	b := box{title: "Help", body: strings.Split(help.Draw(th, d.items, d.line.Value(), d.scroll, in, h), "\n")}
	p, _, _ := b.draw(th, area)
	return p
}
