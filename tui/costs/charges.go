package costs

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// chargesPage shows what was charged by the day: a bar for each, and what each contract
// was charged in the day under the cursor.
type chargesPage struct {
	list  list
	day   time.Time // under the cursor
	chart area      // of the bars, as drawn last
}

// area is where something stood on a page when it was drawn last: from line y on, h lines of w cells.
type area struct{ y, w, h int }

func (a area) holds(y int) bool { return y >= a.y && y < a.y+a.h }

// Click moves the cursor to the day whose bar was clicked, or to a line of the list.
func (p *chargesPage) Click(env view.Env, x, y int) (enter bool) {
	if !p.chart.holds(y) {
		p.list.click(y)
		return false
	}
	if bar, ok := p.bars(env).At(x, p.chart.w, p.chart.h); ok {
		p.day, p.list.at = feed.DayOf(env.Now).AddDate(0, 0, bar-feed.ChargedDays+1), 0
	}
	return false
}

func newChargesPage(_ *Model, env view.Env) *chargesPage {
	return &chargesPage{day: feed.DayOf(env.Now)}
}

func (p *chargesPage) capturing() bool                           { return false }
func (p *chargesPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *chargesPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

func (p *chargesPage) actions(m *Model, env view.Env) []view.Action {
	move := func(keys []string, help string, by int) view.Action {
		return view.Action{Key: view.Bind(keys[0], help, keys...), Group: section, Do: func() view.Effect {
			day := p.day.AddDate(0, 0, by)
			if newest := feed.DayOf(env.Now); day.After(newest) {
				day = newest
			}
			if oldest := feed.DayOf(env.Now).AddDate(0, 0, 1-feed.ChargedDays); day.Before(oldest) {
				day = oldest
			}
			p.day, p.list.at = day, 0
			return view.Effect{}
		}}
	}
	actions := []view.Action{
		move([]string{"left"}, "the day before", -1), move([]string{"right"}, "the next day", 1),
		act("x", "export…", m.noExport(env), func() view.Effect { return m.export(env) }),
		act("I", "invoices", "", func() view.Effect { return m.openInvoices(env) }),
		quiet("C", "copy the request", "", func() view.Effect {
			from := p.day.Format(time.DateOnly)
			return view.Do(view.Copy{Text: fmt.Sprintf("vastai show invoices-v1 -c --start-date %s --end-date %s", from, p.day.AddDate(0, 0, 1).Format(time.DateOnly)), What: "the request"})
		}),
	}
	return append(actions, p.list.moves(func() int { d, _ := env.Data.Charges.Day(p.day); return len(d.List) })...)
}

// bars are the days that are shown, the oldest first.
func (p *chargesPage) bars(env view.Env) chart.Bars {
	b := chart.Bars{Kinds: kinds[:4], Unit: func(v float64) string { return figure.Amount(v) }, Cursor: -1}
	newest := feed.DayOf(env.Now)
	other := false
	for n := feed.ChargedDays - 1; n >= 0; n-- {
		day := newest.AddDate(0, 0, -n)
		one := chart.Bar{Label: day.Format("Jan 2"), Unset: true}
		if d, here := env.Data.Charges.Day(day); here {
			one.Unset, one.Parts = false, parts(d.Sum)
			other = other || d.Sum.Other != 0
		}
		if day.Equal(p.day) {
			b.Cursor = len(b.Bars)
		}
		b.Bars = append(b.Bars, one)
	}
	if other {
		b.Kinds = kinds
	}
	return b
}

// parts are a spending by kind, in the order of kinds.
func parts(s pricing.Spending) []float64 {
	return []float64{float64(s.GPU), float64(s.Disk), float64(s.Up), float64(s.Down), float64(s.Other)}
}

func (p *chargesPage) draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	th, c := env.Theme, env.Data.Charges
	head := " Charges by day (UTC)"
	sum := pricing.Spending{}
	for _, d := range c.Days {
		sum = sum.And(d.Sum)
	}
	switch {
	case len(c.Days) > 0:
		head += fmt.Sprintf(": %s in %s", figure.Amount(float64(sum.Total())), figure.Plural(len(c.Days), "day"))
	case c.Err != nil:
		return whyNot(th, head, c.Err, again, w, h), nil
	}
	switch n := c.Missing(env.Now); {
	case c.Err != nil:
		head += " · " + view.Sentence(c.Err)
	case n > 0:
		head += fmt.Sprintf(" · reading, %s to come", figure.Plural(n, "day"))
	}
	lines := []string{th.Ink(theme.Strong).Paint(fit.Line(head, w))}
	tall := min(16, h*3/5)
	p.chart = area{}
	if h >= 8 {
		b := p.bars(env)
		if h >= 10 && len(c.Days) > 0 {
			lines = append(lines, th.Ink(theme.Dim).Paint(fit.Line(" "+b.Extremes(w-2), w)))
		}
		p.chart = area{len(lines), w, tall}
		lines = append(lines, strings.Split(b.Draw(w, tall, painter(th, kindClasses...)), "\n")...)
	}
	d, here := c.Day(p.day)
	say := p.day.Format("Mon Jan 2") + ": "
	if here {
		say += figure.Amount(float64(d.Sum.Total())) + " for " + figure.Plural(len(d.List), "contract") + ", " + since(d.At, env.Now)
		if d.Cut {
			say += "; there are more than are read in one go"
		}
	} else {
		say += "not read yet"
	}
	lines = append(lines, th.Ink(theme.Header).Paint(fit.Line(" "+say, w)))
	if !here && c.Err != nil && len(lines) < h {
		notes := pane.Notes(th, w, h-len(lines), pane.Note{Class: theme.Bad, Text: view.Sentence(c.Err)}, pane.Note{Class: theme.Dim, Text: again})
		return fit.Block(lines, w, len(lines)) + "\n" + notes, nil
	}
	lines = append(lines, p.list.draw(th, len(d.List), func(n int) line { return chargeLine(m, d.List[n]) }, len(lines), w, max(0, h-len(lines)))...)
	return fit.Block(lines, w, h), nil
}

// again says that nothing has to be done for charges to be read.
const again = "It is asked for again by itself."

// whyNot stands in the place of a page that has nothing to show yet: what is being read, or
// in whole what went wrong and what comes next.
func whyNot(th *theme.Theme, title string, err error, next string, w, h int) string {
	notes := []pane.Note{{Class: theme.Dim, Text: "reading…"}}
	if err != nil {
		notes = []pane.Note{{Class: theme.Bad, Text: view.Sentence(err)}, {Class: theme.Dim, Text: next}}
	}
	top := th.Ink(theme.Strong).Paint(fit.Line(title, w))
	if h < 2 {
		return fit.Block([]string{top}, w, h)
	}
	return top + "\n" + pane.Notes(th, w, h-1, notes...)
}

// chargeLine is what one contract was charged.
func chargeLine(m *Model, c feed.Charged) line {
	s := c.Spending
	text := fit.Line(contractText(c), 18) + fit.Right(figure.Amount(float64(s.Total())), 11)
	for n, v := range parts(s) {
		if v != 0 {
			text += "  " + kinds[n] + " " + figure.Amount(v)
		}
	}
	if name := m.names[keyOf(c)]; name != "" {
		text += "  " + name
	}
	return line{text: text}
}

func contractText(c feed.Charged) string {
	switch {
	case c.Instance != 0:
		return "instance " + c.Instance.String()
	case c.Volume != 0:
		return "volume " + c.Volume.String()
	}
	return "another contract"
}

// agreePage holds the estimates against what was charged, contract by contract.
type agreePage struct{ list list }

func (p *agreePage) capturing() bool                           { return false }
func (p *agreePage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *agreePage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

// Click moves the cursor to the line that was clicked.
func (p *agreePage) Click(_ view.Env, _, y int) (enter bool) {
	p.list.click(y)
	return false
}

func (p *agreePage) actions(m *Model, env view.Env) []view.Action {
	list := []view.Action{
		act("x", "export…", m.noExport(env), func() view.Effect { return m.export(env) }),
		act("b", "charges by day", "", func() view.Effect { return m.show(newChargesPage(m, env)) }),
	}
	return append(list, p.list.moves(func() int { return len(m.agreed) })...)
}

func (p *agreePage) draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	th, c := env.Theme, env.Data.Charges
	from, to := covered(c)
	if from.IsZero() {
		return whyNot(th, " Estimate and charges: no charges have been read yet", c.Err, again, w, h), nil
	}
	all := m.agreed
	var estimate, charged, traffic, other vastapi.Amount
	for _, a := range all {
		traffic += a.traffic
		if vastapi.Known(a.estimate) {
			estimate, charged = estimate+a.estimate, charged+a.charged
		} else {
			other += a.charged
		}
	}
	head := []string{
		fmt.Sprintf("Estimate and charges: %s and %s, %s", figure.Amount(float64(estimate)), figure.Amount(float64(charged)), percent(pricing.Deviation(estimate, charged))),
		fmt.Sprintf("%s to %s UTC", from.Format("Jan 2"), to.Add(-time.Second).Format("Jan 2 15:04")),
	}
	if traffic+other > 0 {
		head = append(head, fmt.Sprintf("besides %s for traffic, %s for what has no estimate", figure.Amount(float64(traffic)), figure.Amount(float64(other))))
	}
	lines := []string{
		th.Ink(theme.Strong).Paint(fit.Line(" "+fit.Parts(w-1, " · ", head...), w)),
		th.Ink(theme.Header).Paint(fit.Line(" "+agreeText(w, "contract", "estimate", "charged", "differs", "traffic", "name"), w)),
	}
	foot := " " + fit.Parts(w-1, " ", "~ is a guess for times this run has not seen.", "What is gone has no estimate.", "GPU and disk alone: traffic is not estimated.")
	lines = append(lines, p.list.draw(th, len(all), func(n int) line { return agreeLine(all[n], w) }, len(lines), w, max(0, h-3))...)
	body := fit.Block(lines, w, max(0, h-1))
	if h == 1 {
		return fit.Block(lines, w, 1), nil
	}
	return body + "\n" + th.Ink(theme.Dim).Paint(fit.Line(foot, w)), nil
}

// leastTraffic is how wide the page is at least with a column for traffic, and so for
// what comes after it.
const leastTraffic = 76

// agreeText are the cells of a line in w cells.
func agreeText(w int, contract, estimate, charged, differs, traffic, name string) string {
	text := fit.Line(contract, 19) + fit.Right(estimate, 12) + fit.Right(charged, 12) + fit.Right(differs, 10)
	if w < leastTraffic {
		return text
	}
	return text + fit.Right(traffic, 10) + "  " + name
}

// agreeLine is the line of one contract.
func agreeLine(a agreement, w int) line {
	sign := " "
	if a.guessed && vastapi.Known(a.estimate) {
		sign = "~"
	}
	text := agreeText(w, a.name, sign+figure.Amount(float64(a.estimate)), figure.Amount(float64(a.charged)), percent(a.percent), figure.Amount(float64(a.traffic)), a.label)
	class := theme.Plain
	switch {
	case a.forgotten:
		class = theme.Dim
	case a.percent > 5 || a.percent < -5:
		class = theme.Warn
	}
	return line{text, class}
}

// percent is a difference with its sign.
func percent(v float64) string {
	if !vastapi.Known(v) {
		return figure.Unknown
	}
	text := fmt.Sprintf("%+.1f%%", v)
	if text == "+0.0%" || text == "-0.0%" {
		return "0.0%"
	}
	return text
}
