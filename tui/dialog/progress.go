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

// Progress shows how a plan is being carried out and, if something did not go
// as planned, what happened.
type Progress struct {
	plan   rental.Plan
	steps  []rental.Progress
	report *rental.Report
	last   time.Time // of the last key since the report came
	scroll int
}

// NewProgress follows p.
func NewProgress(p rental.Plan) *Progress {
	return &Progress{plan: p, steps: make([]rental.Progress, len(p.Steps))}
}

// Plan is the plan that is followed.
func (d *Progress) Plan() rental.Plan { return d.plan }

// Step takes one line of progress.
func (d *Progress) Step(g rental.Progress) {
	if g.Step >= 0 && g.Step < len(d.steps) {
		d.steps[g.Step] = g
	}
}

// Done takes the report; the dialog then stays until it is closed, by a key
// that cannot have been meant for something else.
func (d *Progress) Done(r rental.Report, now time.Time) {
	d.report, d.last = &r, now
	for _, s := range r.Done {
		d.steps[s.Index].State = rental.StateVerified
	}
	for _, s := range r.Failed {
		d.steps[s.Index].State = rental.StateFailed
	}
}

// Update closes on esc at any time: the work goes on and is reported when it
// ends. Enter closes it once everything is known.
func (d *Progress) Update(msg tea.Msg, now time.Time) Outcome {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return Outcome{}
	}
	if d.report != nil && now.Sub(d.last) < quietSelf {
		d.last = now
		return Outcome{}
	}
	switch k.String() {
	case "esc":
		return Outcome{Verdict: Closed}
	case "enter", "q":
		if d.report != nil {
			return Outcome{Verdict: Closed}
		}
	case "down", "j":
		d.scroll++
	case "up", "k":
		d.scroll = max(0, d.scroll-1)
	case "pgdown":
		d.scroll += 5
	case "pgup":
		d.scroll = max(0, d.scroll-5)
	}
	return Outcome{}
}

var glyphs = map[rental.StepState]string{
	rental.StateWaiting: "○", rental.StateSending: "◐", rental.StateAccepted: "◐", rental.StateVerified: "✓",
	rental.StateFailed: "✗", rental.StateSkipped: "–", rental.StateUnknown: "?",
}

// Draw lists the steps with what is known of each.
func (d *Progress) Draw(th *theme.Theme, area view.Size, _ time.Time) Picture {
	w := inner(width(area))
	var body []string
	for i, s := range d.plan.Steps {
		g := d.steps[i]
		ink := th.Dialog.Text
		switch g.State {
		case rental.StateVerified:
			ink = th.Ink(theme.Good)
		case rental.StateFailed, rental.StateUnknown:
			ink = th.Ink(theme.Bad)
		}
		body = append(body, ink.Paint(glyphs[g.State]+" ")+th.Dialog.Text.Paint(fit.Cut(s.Verb+"  "+s.Target, max(1, w-2))))
		if g.Note != "" {
			for _, l := range fit.Wrap(g.Note, max(1, w-4)) {
				body = append(body, "    "+th.Dialog.Hint.Paint(l))
			}
		}
	}
	title, foot := d.plan.Title, "working… esc hides this, the work goes on"
	if d.report != nil {
		body = append(body, d.summary(th, w)...)
		foot = "enter, q or esc closes"
	}
	b := box{title: title, body: body, foot: []string{"", th.Dialog.Hint.Paint(fit.Cut(foot, w))}, scroll: d.scroll}
	p, _, maxScroll := b.draw(th, area)
	d.scroll = min(d.scroll, maxScroll)
	return p
}

func (d *Progress) summary(th *theme.Theme, w int) []string {
	r := d.report
	lines := []string{""}
	say := func(ink theme.Ink, text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, ink.Paint(l))
		}
	}
	for _, m := range r.Moved {
		say(th.Ink(theme.Warn), "! "+m.String())
	}
	if len(r.Moved) > 0 {
		say(th.Dialog.Text, "Nothing was sent, because this changed since you looked.")
	}
	for _, list := range []struct {
		name string
		of   []rental.StepResult
		ink  theme.Ink
	}{
		{"failed", r.Failed, th.Ink(theme.Bad)}, {"unknown", r.Unknown, th.Ink(theme.Bad)},
		{"skipped", r.Skipped, th.Ink(theme.Warn)}, {"not tried", r.NotTried, th.Ink(theme.Warn)},
	} {
		for _, s := range list.of {
			say(list.ink, fmt.Sprintf("%s: %s %s. %s", list.name, s.Step.Verb, s.Step.Target, s.Why))
		}
	}
	for _, s := range r.Done {
		if s.Contract != 0 {
			say(th.Ink(theme.Good), fmt.Sprintf("rented: instance %s, which is billed from now on", s.Contract))
		}
		for _, c := range s.Differences {
			say(th.Ink(theme.Bad), "not what was asked for: "+c.String())
		}
	}
	if r.Err != nil && len(r.Moved)+len(r.Failed)+len(r.Unknown) == 0 {
		say(th.Ink(theme.Bad), view.Sentence(r.Err))
	}
	return lines
}
