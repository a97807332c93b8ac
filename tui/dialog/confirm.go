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

// Of a screen that was read, overlap lines stay in sight on the next one.
const (
	overlap  = 2
	toTheEnd = 1 << 20
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
	page   int // lines that one press of pgdn goes on, as last drawn
	moved  []rental.Change
	out    []rental.Change // of a fleet: candidates that are left out, which changes no figure
	whole  bool            // all requests are shown, also those that hardly differ
	// buttons are where the one that keeps all as it is and the one that agrees were drawn last.
	buttons [2]span
	copied  bool // as lines of the official client; the next copy is curl
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
//
// Candidates of a fleet are struck out instead, for as long as there are enough
// others: the figures are those of the dearest ones already.
func (c *Confirm) News(moved []rental.Change, now time.Time) {
	if c.plan.Mode == rental.FirstN {
		c.out = moved
		if c.enough() {
			return
		}
	}
	if len(moved) == 0 {
		return
	}
	if len(c.moved) == 0 {
		c.opened, c.agree = now, false
	}
	c.moved = moved
}

// enough reports whether as many candidates are left as are wanted.
func (c *Confirm) enough() bool {
	left := 0
	for _, s := range c.plan.Steps {
		if _, out := leftOut(c.out, s); !out {
			left++
		}
	}
	for _, m := range c.out {
		if m.Subject.Offer == 0 {
			return false // it is about the account
		}
	}
	return left >= c.plan.Want
}

func (c *Confirm) typed() bool { return c.plan.Consent.Kind == rental.ConsentType }

// barred is why nobody can agree to the plan, or "".
func (c *Confirm) barred() string {
	for _, check := range c.plan.Checks {
		if check.Final && !check.OK {
			return check.Text
		}
	}
	return ""
}

// Update answers to tab, left and right (focus), enter (the focused button or
// the typed words), esc (cancel), the keys that scroll, C and c (copy) and R (all
// requests); y and n do nothing.
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
		c.scroll += max(1, c.page)
	case "pgup":
		c.scroll = max(0, c.scroll-max(1, c.page))
	case "end":
		c.scroll += toTheEnd
	case "home":
		c.scroll = 0
	case "down":
		c.scroll++
	case "up":
		c.scroll = max(0, c.scroll-1)
	default:
		return c.key(k)
	}
	return Outcome{}
}

func isEsc(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	return ok && k.String() == "esc"
}

func (c *Confirm) key(k tea.KeyPressMsg) Outcome {
	c.hint = ""
	name := k.String()
	switch {
	case !c.free(name):
	case name == "C" && !c.copied:
		c.copied = true
		c.hint = "copied as vastai lines; C again copies curl. Nothing was agreed to"
		return Outcome{Verdict: Copied, Plan: c.plan, Text: c.plan.Official(), What: "the plan as vastai lines"}
	case name == "C" || name == "c":
		c.copied = false
		c.hint = "copied as curl, with the key in $VAST_API_KEY. Nothing was agreed to"
		return Outcome{Verdict: Copied, Plan: c.plan, Curl: true, What: "the plan as curl"}
	case name == "R" && c.folds():
		c.whole = !c.whole
		return Outcome{}
	}
	if c.typed() {
		c.line.Update(k)
		return Outcome{}
	}
	switch name {
	case "tab", "shift+tab", "left", "right":
		c.agree = !c.agree
	}
	return Outcome{}
}

// free reports whether a letter is not needed to type the words that agree.
func (c *Confirm) free(letter string) bool {
	return !c.typed() || !strings.Contains(c.plan.Consent.Words, letter)
}

// folds reports whether only the first request is shown until all are asked for.
func (c *Confirm) folds() bool { return c.plan.Mode == rental.FirstN && len(c.plan.Steps) > 1 }

func (c *Confirm) enter(calm bool) Outcome {
	switch {
	case len(c.moved) == 0 && c.barred() != "":
		c.hint = "nothing was done"
		return Outcome{}
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
	c.scroll, c.page = min(c.scroll, maxScroll), footAt-1-overlap
	// The first line below the top edge shows body line c.scroll.
	c.seen = c.seen || c.scroll+footAt-1 >= len(must)
	if cursor != nil {
		p.point(cursor.X+2, footAt+cursor.Y)
	}
	row := footAt + len(foot) - 1
	keep := 2 + fit.Width(c.plan.Keep) + 2
	c.buttons = [2]span{{row, 2, keep}, {row, keep + 2, keep + 2 + fit.Width(c.plan.Button) + 2}}
	return p
}

// body is what has to be read before agreeing (targets, money, warnings), and
// what may be read (the candidates to fall back on, the facts, the requests, the
// checks).
func (c *Confirm) body(th *theme.Theme, w int, now time.Time) (must, more []string) {
	first := len(c.plan.Steps)
	if c.plan.Mode == rental.FirstN {
		first = min(first, c.plan.Want+c.outOf(c.plan.Want))
	}
	must = joined(c.changes(th, w), c.course(th, w), c.steps(th, w, 0, first), pairs(th, money(c.plan), w), c.cautions(th, w))
	more = joined(c.fallback(th, w, first), pairs(th, facts(c.plan.Facts), w), c.requests(th, w), c.checks(th, w))
	more = append(more, c.age(th, w, now)...)
	if len(must) > 0 {
		more = append([]string{""}, more...)
	}
	return must, more
}

// outOf counts how many of the first n candidates are left out.
func (c *Confirm) outOf(n int) int {
	out := 0
	for _, s := range c.plan.Steps[:min(n, len(c.plan.Steps))] {
		if _, gone := leftOut(c.out, s); gone {
			out++
		}
	}
	return out
}

// course says how a fleet is rented: how many of the candidates, in what time.
// What happens when there are too few is one of the warnings.
func (c *Confirm) course(th *theme.Theme, w int) []string {
	p := c.plan
	if p.Mode != rental.FirstN {
		return nil
	}
	text := fmt.Sprintf("Candidates are tried in this order until %d are rented", p.Want)
	if p.Takes > 0 {
		text += ", which takes about " + figure.Span(p.Takes)
	}
	text += "."
	var lines []string
	for _, l := range fit.Wrap(text, w) {
		lines = append(lines, th.Dialog.Text.Paint(l))
	}
	return lines
}

// fallback lists the candidates that are tried when others are gone.
func (c *Confirm) fallback(th *theme.Theme, w, first int) []string {
	if first >= len(c.plan.Steps) {
		return nil
	}
	head := th.Ink(theme.Strong).Paint(fit.Cut("to fall back on", w))
	return append([]string{head}, c.steps(th, w, first, len(c.plan.Steps))...)
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

// steps names the targets from one to another; a target that is gone is struck
// out, and so is a candidate that is left out.
func (c *Confirm) steps(th *theme.Theme, w, from, to int) []string {
	verb, target, price := 0, 0, 0
	for _, s := range c.plan.Steps {
		verb, target = max(verb, fit.Width(s.Verb)), max(target, fit.Width(s.Target))
		price = max(price, fit.Width(c.price(s)))
	}
	target = min(target, max(12, w*2/5))
	lines := make([]string, 0, to-from)
	for i, s := range c.plan.Steps[from:to] {
		head := fmt.Sprintf("%*d  %s  %s", len(fmt.Sprint(len(c.plan.Steps))), from+i+1, fit.Line(s.Verb, verb), fit.Line(s.Target, target))
		if price > 0 {
			head += "  " + fit.Right(c.price(s), price)
		}
		if why, out := c.gone(s); out {
			lines = append(lines, th.Dialog.Struck.Paint(fit.Cut(head, max(1, w-fit.Width(why)-2)))+th.Dialog.Hint.Paint("  "+why))
			continue
		}
		lines = append(lines, detailed(th, head, s.Detail, w)...)
	}
	return lines
}

// price is what a candidate of a fleet costs; a single target's stands below.
func (c *Confirm) price(s rental.Step) string {
	if c.plan.Mode != rental.FirstN {
		return ""
	}
	return rate(s.Rate)
}

// gone says why a step is not carried out any more, if newer data show that.
func (c *Confirm) gone(s rental.Step) (why string, gone bool) {
	if c.plan.Mode == rental.FirstN {
		return leftOut(c.out, s)
	}
	return "is gone", slices.ContainsFunc(c.moved, func(m rental.Change) bool { return m.Gone && about(m, s) })
}

func about(m rental.Change, s rental.Step) bool {
	return m.Subject.Instance == s.Subject.Instance && m.Subject.Offer == s.Subject.Offer
}

// leftOut says why a candidate is not rented any more.
func leftOut(changes []rental.Change, s rental.Step) (why string, out bool) {
	for _, m := range changes {
		switch {
		case !about(m, s):
		case m.Gone:
			return "is gone", true
		default:
			return "left out: " + m.What + " is another", true
		}
	}
	return "", false
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
	if over && c.barred() == "" {
		put(th.Ink(theme.Bad), " ", "Above a cap it takes the figures themselves to agree. The caps are set in config.toml.")
	}
	for _, n := range c.plan.Warnings {
		put(th.Ink(theme.Warn), "!", n.Text)
	}
	return lines
}

// checks lists what the plan was held against, what needs a look first; those that
// failed stand above.
func (c *Confirm) checks(th *theme.Theme, w int) []string {
	if len(c.plan.Checks) == 0 {
		return nil
	}
	lines := []string{""}
	count := map[rental.CheckState]int{}
	for _, part := range []struct {
		state rental.CheckState
		mark  string
		ink   theme.Ink
	}{{rental.CheckFail, "", theme.Ink{}}, {rental.CheckWarn, "! ", th.Ink(theme.Warn)}, {rental.CheckPass, "✓ ", th.Ink(theme.Good)}} {
		for _, k := range c.plan.Checks {
			if k.State() != part.state {
				continue
			}
			count[part.state]++
			if part.mark == "" {
				continue
			}
			mark := part.mark
			for _, l := range fit.Wrap(k.Text, max(1, w-2)) {
				lines = append(lines, part.ink.Paint(mark)+th.Dialog.Text.Paint(l))
				mark = "  "
			}
		}
	}
	head := fmt.Sprintf("checks: %d pass", count[rental.CheckPass])
	if n := count[rental.CheckWarn]; n > 0 {
		head += fmt.Sprintf(", %d to look at", n)
	}
	if n := count[rental.CheckFail]; n > 0 {
		head += fmt.Sprintf(", %d fail (above)", n)
	}
	lines[0] = th.Ink(theme.Strong).Paint(fit.Cut(head, w))
	return lines
}

// requests are what will be sent, secrets masked.
func (c *Confirm) requests(th *theme.Theme, w int) []string {
	var lines []string
	put := func(text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, th.Dialog.Hint.Paint(l))
		}
	}
	for n, s := range c.plan.Steps {
		if n > 0 && c.folds() && !c.whole {
			put(fmt.Sprintf("and up to %d more like it, which differ in offer, name and mark; R shows them all", len(c.plan.Steps)-1))
			break
		}
		text := "sends " + s.Call.Method() + " " + s.PathShown()
		if b, err := s.Call.Preview(); err == nil && string(b) != "{}" {
			// Blanks let the body break between its members.
			text += " " + strings.ReplaceAll(string(b), `,"`, `, "`)
		}
		put(text)
	}
	return lines
}

// age is how old the facts are, and how all of this is copied.
func (c *Confirm) age(th *theme.Theme, w int, now time.Time) []string {
	age := c.basis(now)
	if len(c.plan.Steps) > 0 && c.free("C") {
		age += " · C copies it as vastai lines, c as curl"
	}
	var lines []string
	for _, l := range fit.Wrap(age, w) {
		lines = append(lines, th.Dialog.Hint.Paint(l))
	}
	return lines
}

// basis is how old the facts are that the plan was worked out from.
func (c *Confirm) basis(now time.Time) string {
	facts, account := c.plan.Basis.At, c.plan.Basis.Account
	if facts.IsZero() {
		facts = account
	}
	if facts.IsZero() {
		return "worked out from what was typed: the account was never read"
	}
	text := "worked out from facts " + ago(now, facts)
	if !account.IsZero() && ago(now, account) != ago(now, facts) {
		text += ", account " + ago(now, account)
	}
	return text
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
	case c.barred() != "":
		for _, l := range fit.Wrap(c.barred(), w) {
			lines = append(lines, th.Dialog.Error.Paint(l))
		}
		return append(lines, th.Dialog.Hint.Paint(fit.Cut("nobody can agree to this · "+c.leave(), w))), nil
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
