package dialog

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Progress shows how a plan is being carried out and, once it has ended, what
// came of it and what can be done about that.
type Progress struct {
	plan    rental.Plan
	steps   []rental.Progress
	began   time.Time // when it was first shown
	report  *rental.Report
	choices []choice  // what can be done about the report
	last    time.Time // of the last key since the report came
	asked   time.Time // x was pressed once then
	halting bool
	hint    string
	scroll  int
	page    int // lines that one press of pgdn goes on, as last drawn
}

// NewProgress follows p.
func NewProgress(p rental.Plan) *Progress {
	return &Progress{plan: p, steps: make([]rental.Progress, len(p.Steps))}
}

// Plan is the plan that is followed.
func (d *Progress) Plan() rental.Plan { return d.plan }

// Report is what came of the plan, nil while it is under way.
func (d *Progress) Report() *rental.Report { return d.report }

// Step takes one line of progress.
func (d *Progress) Step(g rental.Progress) {
	if g.Step >= 0 && g.Step < len(d.steps) {
		d.steps[g.Step] = g
	}
}

// Done takes the report; the dialog then stays until it is closed, by a key
// that cannot have been meant for something else.
func (d *Progress) Done(r rental.Report, now time.Time) {
	d.report, d.last, d.hint, d.scroll = &r, now, "", 0
	for _, list := range []struct {
		of []rental.StepResult
		is rental.StepState
	}{{r.Failed, rental.StateFailed}, {r.Skipped, rental.StateSkipped}, {r.Unknown, rental.StateUnknown}} {
		for _, s := range list.of {
			d.steps[s.Index].State = list.is
		}
	}
	for _, s := range r.Done {
		d.steps[s.Index].State = rental.StateAccepted
		if s.Verified || s.Queued {
			d.steps[s.Index].State = rental.StateVerified
		}
	}
	d.choices = choicesOf(r)
}

// Update hides it on esc at any time: the work goes on and is reported when it
// ends. x, pressed twice, keeps what has not been sent from being sent. Once
// everything is known, enter closes it and the keys beside what can be done do it.
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
		return Outcome{Verdict: Closed, Report: d.report}
	case "enter", "q":
		if d.report != nil {
			return Outcome{Verdict: Closed, Report: d.report}
		}
	case "down", "j":
		d.scroll++
	case "up", "k":
		d.scroll = max(0, d.scroll-1)
	case "pgdown":
		d.scroll += max(1, d.page)
	case "pgup":
		d.scroll = max(0, d.scroll-max(1, d.page))
	case "end", "G":
		d.scroll += toTheEnd
	case "home", "g":
		d.scroll = 0
	case "x":
		return d.halt(now)
	default:
		return d.chosen(k.String())
	}
	return Outcome{}
}

// halt asks once before nothing more is sent. A key that is held down does not
// count as the second.
func (d *Progress) halt(now time.Time) Outcome {
	switch {
	case d.report != nil || d.halting:
		return Outcome{}
	case d.asked.IsZero():
		d.asked = now
		return Outcome{}
	case now.Sub(d.asked) < quiet:
		d.asked = now
		return Outcome{}
	}
	d.halting = true
	return Outcome{Verdict: Halting, Plan: d.plan}
}

var glyphs = map[rental.StepState]string{
	rental.StateWaiting: "○", rental.StateSending: "◐", rental.StateAccepted: "◐", rental.StateVerified: "✓",
	rental.StateFailed: "✗", rental.StateSkipped: "–", rental.StateUnknown: "?",
}

// Draw lists the steps with what is known of each, and in the end what came of them.
func (d *Progress) Draw(th *theme.Theme, area view.Size, now time.Time) Picture {
	if d.began.IsZero() {
		d.began = now
	}
	w := inner(width(area))
	body := d.underWay(th, w)
	if d.report != nil {
		body = d.outcome(th, w)
	}
	b := box{title: d.plan.Title, body: body, foot: d.foot(th, w, now), scroll: d.scroll}
	p, footAt, maxScroll := b.draw(th, area)
	d.scroll, d.page = min(d.scroll, maxScroll), footAt-1-overlap
	return p
}

// underWay lists the steps. Of a fleet's candidates those that nothing has
// happened to yet and that may not be needed are only counted.
func (d *Progress) underWay(th *theme.Theme, w int) []string {
	var body []string
	left := len(d.plan.Steps)
	if d.fleet() {
		left = max(0, d.plan.Want-d.taken())
	}
	spare := 0
	for i, s := range d.plan.Steps {
		g := d.steps[i]
		if d.fleet() && g.State == rental.StateWaiting {
			if left == 0 && g.Note == "" {
				spare++
				continue
			}
			left = max(0, left-1)
		}
		body = append(body, d.line(th, s, g, w)...)
	}
	if spare > 0 {
		body = append(body, th.Dialog.Hint.Paint(fit.Cut(fmt.Sprintf("  and %d to fall back on", spare), w)))
	}
	return body
}

func (d *Progress) fleet() bool { return d.plan.Mode == rental.FirstN }

// line is one step with its state, its price and what is said about it.
func (d *Progress) line(th *theme.Theme, s rental.Step, g rental.Progress, w int) []string {
	text := s.Verb + "  " + s.Target
	if d.fleet() {
		text += "  " + rate(s.Rate) + "  machine " + s.Subject.Machine.String()
	}
	body := []string{d.ink(th, g.State).Paint(glyphs[g.State]+" ") + th.Dialog.Text.Paint(fit.Cut(text, max(1, w-2)))}
	if g.Note != "" {
		for _, l := range fit.Wrap(g.Note, max(1, w-4)) {
			body = append(body, "    "+th.Dialog.Hint.Paint(l))
		}
	}
	return body
}

func (d *Progress) ink(th *theme.Theme, s rental.StepState) theme.Ink {
	switch s {
	case rental.StateVerified:
		return th.Ink(theme.Good)
	case rental.StateFailed, rental.StateUnknown:
		return th.Ink(theme.Bad)
	}
	return th.Dialog.Text
}

// taken counts the steps that have been done or may have been.
func (d *Progress) taken() int {
	n := 0
	for _, g := range d.steps {
		switch g.State {
		case rental.StateSending, rental.StateAccepted, rental.StateVerified, rental.StateUnknown:
			n++
		}
	}
	return n
}

// foot says how far it is, and which keys work.
func (d *Progress) foot(th *theme.Theme, w int, now time.Time) []string {
	lines := []string{""}
	put := func(ink theme.Ink, text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, ink.Paint(l))
		}
	}
	if d.hint != "" {
		put(th.Ink(theme.Good), d.hint)
	}
	switch {
	case d.report != nil:
		put(th.Dialog.Hint, d.endKeys())
		return lines
	case d.halting:
		put(th.Ink(theme.Warn), "stopping: what is in flight is finished and looked for, nothing new is sent")
	case !d.asked.IsZero():
		put(th.Ink(theme.Warn), "x again stops after the one in flight; what was done stays")
	}
	if d.fleet() {
		put(th.Ink(theme.Accent), d.course(now))
	}
	keys := "working… esc hides this, the work goes on"
	if !d.halting {
		keys += " · x stops it"
	}
	put(th.Dialog.Hint, keys)
	return lines
}

// course is how many are rented, and since when.
func (d *Progress) course(now time.Time) string {
	done := 0
	for _, g := range d.steps {
		if g.State == rental.StateVerified || g.State == rental.StateAccepted {
			done++
		}
	}
	text := fmt.Sprintf("%d of %d rented · %s", done, d.plan.Want, figure.Span(now.Sub(d.began)))
	if d.plan.Takes > 0 {
		text += " of about " + figure.Span(d.plan.Takes)
	}
	return text
}

func (d *Progress) endKeys() string {
	keys := "enter, q or esc closes"
	if d.tabled() {
		keys = "c copies the table · J as JSON · w saves it · " + keys
	}
	if n := len(d.choices); n > 1 {
		keys = fmt.Sprintf("1-%d do what they say · ", n) + keys
	} else if n == 1 {
		keys = "1 does what it says · " + keys
	}
	return keys
}

// outcome is what came of the plan: of a rent as a table.
func (d *Progress) outcome(th *theme.Theme, w int) []string {
	r := d.report
	var lines []string
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
		return lines
	}
	if !d.tabled() {
		lines = append(lines, d.plain(th, w)...)
		for _, c := range r.Lower {
			say(th.Dialog.Text, c.String())
		}
		return append(lines, d.next(th, w)...)
	}
	// The table may be long: what the keys do stands above it, in sight.
	d.sum(th, say)
	lines = append(lines, d.next(th, w)...)
	lines = append(lines, "")
	lines = append(lines, d.table(th, w)...)
	for _, c := range r.Lower {
		say(th.Dialog.Text, c.String())
	}
	return lines
}

// tabled reports whether what came of the plan is a list of offers.
func (d *Progress) tabled() bool {
	return d.fleet() && len(d.plan.Steps) > 1 && len(d.report.Table()) > 0
}

// sum is what came of a rent in one sentence: done only when all of it was seen.
func (d *Progress) sum(th *theme.Theme, say func(theme.Ink, string)) {
	ink := th.Ink(theme.Good)
	if !d.report.Complete() {
		ink = th.Ink(theme.Warn)
	}
	if len(d.report.Done) == 0 || d.report.Short() {
		ink = th.Ink(theme.Bad)
	}
	say(ink, d.report.Summary())
}

// plain lists the steps of a plan that rents nothing, with what was in the way.
func (d *Progress) plain(th *theme.Theme, w int) []string {
	var lines []string
	say := func(ink theme.Ink, text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, ink.Paint(l))
		}
	}
	for i, s := range d.plan.Steps {
		lines = append(lines, d.line(th, s, rental.Progress{State: d.steps[i].State}, w)...)
	}
	lines = append(lines, "")
	r := d.report
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
		if !s.Verified && !s.Queued && s.Why != "" {
			say(th.Ink(theme.Warn), fmt.Sprintf("%s %s: %s", s.Step.Verb, s.Step.Target, s.Why))
		}
	}
	if r.Err != nil && len(r.Failed)+len(r.Unknown) == 0 {
		say(th.Ink(theme.Bad), view.Sentence(r.Err))
	}
	return lines
}

// The columns of the table of what was rented.
const (
	offerW, instanceW, machineW, priceW = 10, 10, 8, 10
)

// table lists what came of every offer that was tried; the reason stands below
// its row, wrapped, since it has to be readable to its end.
func (d *Progress) table(th *theme.Theme, w int) []string {
	row := func(offer, instance, machine, price, result string) string {
		return fit.Cut(fit.Right(offer, offerW)+"  "+fit.Right(instance, instanceW)+"  "+fit.Right(machine, machineW)+"  "+fit.Right(price, priceW)+"  "+result, w)
	}
	lines := []string{th.Dialog.Label.Paint(row("offer", "instance", "machine", "price", "result"))}
	rows := d.report.Table()
	for n, r := range rows {
		ink := th.Ink(theme.Good)
		switch r.Result {
		case "rented":
			if r.Reason != "" {
				ink = th.Ink(theme.Warn)
			}
		case "skipped", "rented, not seen yet":
			ink = th.Ink(theme.Warn)
		default:
			ink = th.Ink(theme.Bad)
		}
		lines = append(lines, ink.Paint(row(r.Offer.String(), id(r.Instance), r.Machine.String(), rate(r.Price), r.Result)))
		if r.Reason == "" || n+1 < len(rows) && rows[n+1].Reason == r.Reason && rows[n+1].Result == r.Result {
			continue // said once for all of them, below the last
		}
		for _, l := range fit.Wrap(r.Reason, max(1, w-4)) {
			lines = append(lines, "    "+th.Dialog.Hint.Paint(l))
		}
	}
	return lines
}

func id(i vastapi.InstanceID) string {
	if i == 0 {
		return "—"
	}
	return i.String()
}
