package dialog

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/help"
)

// Help lists the keys; what is typed filters it.
type Help struct {
	items  []help.Item
	line   entry.Line
	scroll int
	page   int // lines that were shown when it was drawn last
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
	case "esc":
		if d.line.Value() != "" {
			d.line.Set("")
			d.scroll = 0
			return Outcome{}
		}
		return Outcome{Verdict: Closed}
	case "enter":
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
		d.scroll = max(0, d.scroll-max(1, d.page-1))
	case "pgdown":
		d.scroll += max(1, d.page-1)
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
	foot := d.foot(th, in, area.H)
	h := max(1, area.H-2-len(foot))
	filter := d.line.Value()
	d.page = max(1, h-2) // its title and a blank line stand above
	d.scroll = help.Clamp(d.items, filter, d.scroll, h)
	b := box{title: "Help", body: strings.Split(help.Draw(th, d.items, filter, d.scroll, in, h), "\n"), foot: foot}
	p, _, _ := b.draw(th, area)
	if below := help.Below(d.items, filter, d.scroll, h); below > 0 && len(p.Lines) > 0 {
		note := th.Dialog.Hint.Paint(fit.Cut("↓ "+lines(below)+" more below: pgdn", max(0, in-2)))
		p.Lines[len(p.Lines)-1] = edge(th, "╰", "╯", note, w)
	}
	return p
}

// foot explains what stands in brackets in the bottom line, where there is room.
func (d *Help) foot(th *theme.Theme, w, h int) []string {
	if h < 12 || !slices.ContainsFunc(d.items, func(i help.Item) bool { return i.Disabled != "" }) {
		return nil
	}
	text := "in brackets, as in s (ssh): not possible now; the reason stands behind it here"
	return []string{"", th.Dialog.Hint.Paint(fit.Cut(text, w))}
}
