package dialog

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/reader"
)

// Printout shows a text that is read and closed.
type Printout struct{ text reader.Model }

// NewPrintout opens a text, whose lines must be inert.
func NewPrintout(title string, lines []string) *Printout {
	return &Printout{text: reader.New(title, reader.Split(strings.Join(lines, "\n")), nil)}
}

// Update scrolls and searches; esc, q and enter close it.
func (d *Printout) Update(msg tea.Msg, _ time.Time) Outcome {
	if d.text.Update(msg) {
		return Outcome{}
	}
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc", "q", "enter":
			return Outcome{Verdict: Closed}
		}
	}
	return Outcome{}
}

// Draw fills the area, up to the width of a comfortable line.
func (d *Printout) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	d.text.SetTheme(th)
	in, h := inner(width(area)), max(1, area.H-4)
	b := box{title: "What it printed", body: strings.Split(d.text.Draw(in, h), "\n")}
	p, _, _ := b.draw(th, area)
	if c := d.text.Cursor(); c != nil {
		p.point(2+c.X, 1+c.Y)
	}
	return p
}
