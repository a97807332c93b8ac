package dialog

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/rental"
)

// Hold is a plan that was agreed to and that is held back for some seconds, so
// that it can still be taken back.
type Hold struct {
	plan  rental.Plan
	until time.Time
	keep  span // where the button that takes it back was drawn last
}

// NewHold holds p back until then.
func NewHold(p rental.Plan, until time.Time) *Hold { return &Hold{plan: p, until: until} }

// Plan is what is held back.
func (d *Hold) Plan() rental.Plan { return d.plan }

// Update closes on esc. No other key hastens it or takes it back.
func (d *Hold) Update(msg tea.Msg, _ time.Time) Outcome {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "esc" {
		return Outcome{Verdict: Closed}
	}
	return Outcome{}
}

// Draw names every target and counts the seconds down.
func (d *Hold) Draw(th *theme.Theme, area view.Size, now time.Time) Picture {
	w := inner(width(area))
	var body []string
	for _, s := range d.plan.Steps {
		body = append(body, th.Dialog.Text.Paint(fit.Cut(s.Verb+"  "+s.Target+"  "+s.Detail, w)))
	}
	left := max(0, d.until.Sub(now))
	seconds := int((left + time.Second - 1) / time.Second)
	foot := []string{
		"",
		th.Ink(theme.Warn).Paint(fit.Cut(fmt.Sprintf("Nothing has been sent yet. It is sent in %d s.", seconds), w)),
		th.Dialog.Button.Paint(" "+d.plan.Keep+" ") + "  " + th.Dialog.Hint.Paint(fit.Cut("esc takes it back", max(0, w-fit.Width(d.plan.Keep)-4))),
	}
	p, footAt, _ := box{title: d.plan.Title, danger: true, body: body, foot: foot}.draw(th, area)
	d.keep = span{footAt + len(foot) - 1, 2, 2 + fit.Width(d.plan.Keep) + 2}
	return p
}
