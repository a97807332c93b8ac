package dialog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/rental"
)

// Enter counts only when it cannot have been meant for something else: the
// dialog has been on the screen for a moment, and no other key came just before.
const (
	quiet     = 300 * time.Millisecond
	quietSelf = 400 * time.Millisecond // for a dialog that opened by itself
)

// Confirm shows what a plan will do and what it costs, and collects consent.
type Confirm struct {
	plan   rental.Plan
	opened time.Time
	last   time.Time     // last input
	grace  time.Duration // of quiet before a key counts
	asleep bool          // opened by itself: keys were meant for what was there before
	above  bool          // a form lies below
	agree  bool          // the focus is on the button that acts
	seen   bool          // all that has to be read before agreeing has been on the screen
	line   entry.Line
	hint   string
	scroll int
	moved  []rental.Change
}

// NewConfirm asks for consent to p. alone says that no key of the user opened
// it just now, e.g. because a price had to be read first; overForm, that
// closing it leads back to a form.
func NewConfirm(p rental.Plan, now time.Time, alone, overForm bool) *Confirm {
	c := &Confirm{plan: p, opened: now, last: now, grace: quiet, above: overForm, line: entry.New("", 64, false)}
	if alone {
		c.grace, c.asleep = quietSelf, true
	}
	return c
}

// Again asks anew, as if the dialog had just been opened: what was chosen or
// typed before was about another screen.
func (c *Confirm) Again(now time.Time) {
	c.opened, c.last, c.agree, c.seen = now, now, false, false
	c.line.Set("")
}

// Plan is what is asked about.
func (c *Confirm) Plan() rental.Plan { return c.plan }

// News takes what newer facts say against the plan. From then on the button no
// longer acts but asks to have the plan worked out again, also when the facts
// come back: a button must not change under the finger twice.
func (c *Confirm) News(moved []rental.Change, now time.Time) {
	if len(moved) == 0 {
		return
	}
	if len(c.moved) == 0 {
		c.opened, c.agree = now, false
	}
	c.moved = moved
}

func (c *Confirm) typed() bool { return c.plan.Consent.Kind == rental.ConsentType }

// Update answers to tab, left and right (focus), enter (the focused button or
// the typed words), esc (cancel) and the keys that scroll; y and n do nothing.
func (c *Confirm) Update(msg tea.Msg, now time.Time) Outcome {
	if c.asleep && !isEsc(msg) {
		if now.Sub(c.last) < c.grace {
			c.last = now
			return Outcome{}
		}
		c.asleep = false
	}
	if _, ok := msg.(tea.PasteMsg); ok {
		c.last = now
		if c.typed() {
			c.line.Update(msg)
		}
		return Outcome{}
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return Outcome{}
	}
	calm := now.Sub(c.opened) >= c.grace && now.Sub(c.last) >= quiet // as it was before this key
	c.last = now
	switch k.String() {
	case "esc":
		return Outcome{Verdict: Closed}
	case "enter":
		return c.enter(calm)
	case "pgdown":
		c.scroll += 5
	case "pgup":
		c.scroll = max(0, c.scroll-5)
	case "down":
		c.scroll++
	case "up":
		c.scroll = max(0, c.scroll-1)
	default:
		c.key(k)
	}
	return Outcome{}
}

func isEsc(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	return ok && k.String() == "esc"
}

func (c *Confirm) key(k tea.KeyPressMsg) {
	c.hint = ""
	if c.typed() {
		c.line.Update(k)
		return
	}
	switch k.String() {
	case "tab", "shift+tab", "left", "right":
		c.agree = !c.agree
	}
}

func (c *Confirm) enter(calm bool) Outcome {
	switch {
	case len(c.moved) == 0 && c.typed() && !c.plan.Consent.Agrees(c.line.Value()):
		c.hint = fmt.Sprintf("nothing was done: type exactly  %s", c.plan.Consent.Words)
		return Outcome{}
	case !calm:
		c.hint = "that was quick: press enter again"
		return Outcome{}
	case len(c.moved) > 0:
		return Outcome{Verdict: Review, Plan: c.plan}
	case !c.typed() && !c.agree:
		return Outcome{Verdict: Closed}
	case !c.seen:
		c.hint = "there is more to read below: pgdn, then agree"
		return Outcome{}
	}
	return Outcome{Verdict: Agreed, Plan: c.plan}
}

// Draw shows the steps, the facts, what changes in money, the warnings and the
// requests; the buttons stay visible while that scrolls.
func (c *Confirm) Draw(th *theme.Theme, area view.Size, now time.Time) Picture {
	w := inner(width(area))
	foot, cursor := c.foot(th, w)
	must, more := c.body(th, w, now)
	b := box{title: c.plan.Title, danger: c.typed(), body: append(must, more...), foot: foot, scroll: c.scroll}
	p, footAt, maxScroll := b.draw(th, area)
	c.scroll = min(c.scroll, maxScroll)
	// The first line below the top edge shows body line c.scroll.
	c.seen = c.seen || c.scroll+footAt-1 >= len(must)
	if cursor != nil {
		p.point(cursor.X+2, footAt+cursor.Y)
	}
	return p
}

// body is what has to be read before agreeing (targets, money, warnings), and
// what may be read (the facts, the requests).
func (c *Confirm) body(th *theme.Theme, w int, now time.Time) (must, more []string) {
	parts := [][]string{c.changes(th, w), c.steps(th, w), pairs(th, money(c.plan), w), c.cautions(th, w)}
	more = joined(pairs(th, facts(c.plan.Facts), w), c.requests(th, w, now))
	if must = joined(parts...); len(must) > 0 {
		more = append([]string{""}, more...)
	}
	return must, more
}

// joined puts parts below each other with a blank line between.
func joined(parts ...[]string) []string {
	var lines []string
	for _, p := range parts {
		if len(p) > 0 && len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p...)
	}
	return lines
}

// changes are the facts that moved while the dialog was open.
func (c *Confirm) changes(th *theme.Theme, w int) []string {
	var lines []string
	for _, m := range c.moved {
		for _, l := range fit.Wrap("! "+m.String(), w) {
			lines = append(lines, th.Ink(theme.Warn).Paint(l))
		}
	}
	return lines
}

// steps names every target; a target that is gone is struck out.
func (c *Confirm) steps(th *theme.Theme, w int) []string {
	verb, target := 0, 0
	for _, s := range c.plan.Steps {
		verb, target = max(verb, fit.Width(s.Verb)), max(target, fit.Width(s.Target))
	}
	target = min(target, max(12, w*2/5))
	lines := make([]string, 0, len(c.plan.Steps))
	for i, s := range c.plan.Steps {
		head := fmt.Sprintf("%*d  %s  %s", len(fmt.Sprint(len(c.plan.Steps))), i+1, fit.Line(s.Verb, verb), fit.Line(s.Target, target))
		if c.gone(s) {
			lines = append(lines, th.Dialog.Struck.Paint(fit.Cut(head, max(1, w-9)))+th.Dialog.Hint.Paint("  is gone"))
			continue
		}
		lines = append(lines, detailed(th, head, s.Detail, w)...)
	}
	return lines
}

// gone reports whether newer data show that a step's target is not there any more.
func (c *Confirm) gone(s rental.Step) bool {
	return slices.ContainsFunc(c.moved, func(m rental.Change) bool {
		return m.Gone && m.Subject.Instance == s.Subject.Instance && m.Subject.Offer == s.Subject.Offer
	})
}

// detailed puts the detail behind the head where it fits, and wrapped below it
// otherwise: what is lost must be readable to its end.
func detailed(th *theme.Theme, head, detail string, w int) []string {
	if fit.Width(head)+2+fit.Width(detail) <= w {
		return []string{th.Dialog.Text.Paint(head) + "  " + th.Dialog.Label.Paint(detail)}
	}
	lines := []string{th.Dialog.Text.Paint(fit.Cut(head, w))}
	for _, l := range fit.Wrap(detail, max(1, w-3)) {
		lines = append(lines, "   "+th.Dialog.Label.Paint(l))
	}
	return lines
}

func (c *Confirm) cautions(th *theme.Theme, w int) []string {
	var lines []string
	put := func(ink theme.Ink, mark, text string) {
		for i, l := range fit.Wrap(text, max(1, w-2)) {
			if i > 0 {
				mark = " "
			}
			lines = append(lines, ink.Paint(mark+" "+l))
		}
	}
	over := false
	for _, k := range c.plan.Checks {
		if !k.OK {
			put(th.Ink(theme.Bad), "✗", k.Text)
			over = true
		}
	}
	if over {
		put(th.Ink(theme.Bad), " ", "Above a cap it takes the figures themselves to agree. The caps are set in config.toml.")
	}
	for _, n := range c.plan.Warnings {
		put(th.Ink(theme.Warn), "!", n.Text)
	}
	return lines
}

// requests are what will be sent, secrets masked.
func (c *Confirm) requests(th *theme.Theme, w int, now time.Time) []string {
	var lines []string
	for _, s := range c.plan.Steps {
		text := "sends " + s.Call.Method() + " " + s.Call.Path()
		if b, err := s.Call.Preview(); err == nil && string(b) != "{}" {
			// Blanks let the body break between its members.
			text += " " + strings.ReplaceAll(string(b), `,"`, `, "`)
		}
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, th.Dialog.Hint.Paint(l))
		}
	}
	age := "worked out from facts " + ago(now, c.plan.Basis.At)
	if at := c.plan.Basis.Account; !at.IsZero() && ago(now, at) != ago(now, c.plan.Basis.At) {
		age += ", account " + ago(now, at)
	}
	return append(lines, th.Dialog.Hint.Paint(fit.Cut(age, w)))
}

func ago(now, at time.Time) string {
	if a := figure.Age(now.Sub(at)); a != "now" {
		return a + " old"
	}
	return "read just now"
}

func facts(list []rental.Line) []view.Pair {
	out := make([]view.Pair, 0, len(list))
	for _, f := range list {
		out = append(out, view.Pair{Label: f.Label, Value: f.Value})
	}
	return out
}

func (c *Confirm) foot(th *theme.Theme, w int) ([]string, *Point) {
	lines := []string{""}
	if c.hint != "" {
		lines = append(lines, th.Ink(theme.Warn).Paint(fit.Cut(c.hint, w)))
	}
	switch {
	case len(c.moved) > 0:
		return append(lines, th.Dialog.Focus.Paint(" Review changes ")+th.Dialog.Hint.Paint("  enter · "+c.leave())), nil
	case c.typed():
		ask := "type  " + c.plan.Consent.Words + "  to agree  "
		text, x := c.line.Draw(max(1, min(24, w-fit.Width(ask))))
		lines = append(lines, th.Dialog.Danger.Paint(ask)+text,
			th.Dialog.Hint.Paint(fit.Cut("enter "+strings.ToLower(c.plan.Button)+" · "+c.leave(), w)))
		return lines, &Point{X: fit.Width(ask) + x, Y: len(lines) - 2}
	}
	keep, act := th.Dialog.Focus, th.Dialog.Button
	if c.agree {
		keep, act = th.Dialog.Button, th.Dialog.FocusRisk
	}
	mark := func(on bool, s string) string { // the focus is not told by colour alone
		if on {
			return "▸" + s + " "
		}
		return " " + s + " "
	}
	return append(lines, keep.Paint(mark(!c.agree, c.plan.Keep))+"  "+act.Paint(mark(c.agree, c.plan.Button))+
		th.Dialog.Hint.Paint("  tab switches · enter presses · "+c.leave())), nil
}

// leave says what esc does.
func (c *Confirm) leave() string {
	if c.above {
		return "esc back to the form"
	}
	return "esc " + strings.ToLower(c.plan.Keep)
}
