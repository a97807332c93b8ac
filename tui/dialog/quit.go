package dialog

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

// Quit asks once more before leaving while something costs money or is under way.
type Quit struct{ reasons []string }

// NewQuit names why leaving is asked about.
func NewQuit(reasons []string) *Quit { return &Quit{reasons} }

// Update leaves on q and stays on esc.
func (d *Quit) Update(msg tea.Msg, _ time.Time) Outcome {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "q", "ctrl+c":
			return Outcome{Verdict: Leave}
		case "esc":
			return Outcome{Verdict: Closed}
		}
	}
	return Outcome{}
}

// Draw says what goes on after leaving.
func (d *Quit) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	w := inner(width(area))
	var body []string
	for _, r := range d.reasons {
		for _, l := range fit.Wrap(r, w) {
			body = append(body, th.Ink(theme.Warn).Paint(l))
		}
	}
	b := box{title: "Leave vastdeck?", body: body, foot: []string{"", th.Dialog.Hint.Paint("q again leaves · esc stays")}}
	p, _, _ := b.draw(th, area)
	return p
}
