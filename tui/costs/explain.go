package costs

import (
	"fmt"
	"math"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// figures are what a row says in dollars, in the order in which they are explained.
// Every column of dollars is one of them.
var figures = []struct{ id, name string }{
	{"now", "billed now"}, {"running", "billed running"}, {"stopped", "billed stopped"}, {"sofar", "cost so far"},
	{"month", "a month, as now"}, {"monthrunning", "a month, running"}, {"charged", "charged"},
}

// explained is a figure with what it is made of.
type explained struct {
	name, value string
	formula     string
	inputs      []input
	age         string // of the data
	note        string
}

type input struct {
	name, value string
	source      string // where it is from
}

// explain takes one figure of a row apart.
func (m *Model) explain(env view.Env, r *row, n int) explained {
	f := figures[max(0, min(n, len(figures)-1))]
	e := explained{name: f.name, age: since(r.at, env.Now)}
	switch f.id {
	case "now":
		e.value = rateText(r.now)
		e.formula, e.inputs, e.note = r.nowInputs()
	case "running":
		e.value = rateText(r.running)
		e.formula, e.inputs = r.runningInputs()
	case "stopped":
		e.value = rateText(r.stopped)
		e.formula, e.inputs = r.diskInputs()
	case "sofar":
		e.value = soFarText(r.sofar)
		e.soFar(r)
	case "month":
		e.monthly(r.now, "billed now", *m.hours)
	case "monthrunning":
		e.monthly(r.running, "while it runs", *m.hours)
	case "charged":
		e.charged(env, r)
	}
	if r.members != nil {
		e.ofGroup(r, f.id, *m.hours)
	}
	return e
}

func rateText(v vastapi.Rate) string { return figure.Rate(float64(v)) }

func exactRate(v vastapi.Rate) string { return figure.ExactRate(float64(v)) }

func hoursText(d time.Duration) string { return figure.Decimal(d.Hours(), 2) + " h" }

// nowInputs are what the rate of now is made of, and how.
func (r *row) nowInputs() (formula string, inputs []input, note string) {
	if i := r.instance; i != nil {
		inputs := []input{{"status", r.word, "actual_status"}}
		if vastapi.Known(i.BilledNow) {
			b := pricing.Running(i)
			gpu, disk := exactRate(b.GPU), exactRate(b.Disk)
			formula := "as the server tells it"
			switch total := b.Total(); { // the parts are named only where they come to it
			case math.Abs(float64(i.BilledNow-total)) < 5e-7:
				formula = "GPUs " + gpu + " + disk " + disk
			case math.Abs(float64(i.BilledNow-b.Disk)) < 5e-7:
				formula = "disk alone " + disk
			}
			return formula, append(inputs, input{"the server's own figure", exactRate(i.BilledNow), "instance.totalHour"}), "what the server says is billed counts, whatever else is known of its parts"
		}
		switch {
		case !vastapi.Known(r.now):
			return "", inputs, "in this state it is not told what is billed"
		case r.now == 0:
			return "nothing", inputs, "the host is disconnected: nothing is billed"
		case r.now == r.stopped && r.now != r.running:
			formula, disk := r.diskInputs()
			return formula, append(inputs, disk...), "its disk alone is billed"
		}
		formula, running := r.runningInputs()
		return formula, append(inputs, running...), ""
	}
	if r.volume != nil {
		formula, disk := r.diskInputs()
		return formula, disk, "a volume costs the same, used or not, until it is deleted"
	}
	return "", nil, ""
}

// runningInputs are what the rate while it runs is made of.
func (r *row) runningInputs() (string, []input) {
	i := r.instance
	if i == nil {
		return r.diskInputs()
	}
	b := pricing.Running(i)
	gpu := input{"GPUs", exactRate(b.GPU), "dph_base, the price it was rented at"}
	if i.Bid {
		gpu = input{"your bid", exactRate(b.GPU), "dph_base: an interruptible instance costs what is bid"}
	}
	_, disk := r.diskInputs()
	return "GPUs " + exactRate(b.GPU) + " + disk " + exactRate(b.Disk), append([]input{gpu}, disk...)
}

// diskInputs are what its disk costs.
func (r *row) diskInputs() (string, []input) {
	size, price := vastapi.Unknown[vastapi.GB](), vastapi.Unknown[vastapi.PerGBMonth]()
	switch {
	case r.instance != nil:
		size, price = r.instance.Disk, r.instance.StorageCost
	case r.volume != nil:
		size, price = r.volume.Size, r.volume.StorageCost
	default:
		return "", nil
	}
	inputs := []input{{"disk", gigabytes(size), "the size rented"}, {"the host's own price", "$" + figure.Decimal(float64(price), 4) + " per GB and month", "storage_cost; each host has its own"}}
	if !vastapi.Known(price.Hourly(size)) {
		inputs = append(inputs, input{"the server's own figure", exactRate(r.stopped), "storage_total_cost"})
		return "as the server tells it", inputs
	}
	return fmt.Sprintf("size × price ÷ %d h = %s", vastapi.HoursPerMonth, exactRate(price.Hourly(size))), inputs
}

// soFar says which part was seen, and which is estimated.
func (e *explained) soFar(r *row) {
	e.formula = "each time × what was billed then, in the state it was in"
	a := r.sofar
	if a.SeenFor > 0 {
		e.inputs = append(e.inputs, input{"seen by this run", figure.Amount(float64(a.Seen)), hoursText(a.SeenFor) + " in the states that were read, each at the price of that time"})
	}
	e.inputs = append(e.inputs, r.changedPrices()...)
	if a.GuessedFor > 0 && vastapi.Known(a.Total) {
		e.inputs = append(e.inputs, input{"estimated", figure.Amount(float64(a.Total - a.Seen)), hoursText(a.GuessedFor) + " that this run has not seen, in the state and at the price it was first seen with"})
		e.note = "estimated: it may have been stopped, or billed otherwise, before this run began; t compares it with what was charged"
	}
	if r.since.IsZero() && r.members == nil {
		e.note = "when it was made is not told, so this is not known"
	}
}

// monthly is a rate for the hours of a month.
func (e *explained) monthly(r vastapi.Rate, name string, hours float64) {
	e.value = figure.Amount(float64(pricing.Monthly(r, hours)))
	e.formula = fmt.Sprintf("%s × %s h", exactRate(r), figure.Decimal(hours, 0))
	e.inputs = []input{{name, exactRate(r), "see there"}, {"month", figure.Decimal(hours, 0) + " h", "p switches between 720 and 730"}}
	e.note = "as if nothing changed for a month; traffic is billed by the GB and is no part of it"
}

// charged is what the API says was charged.
func (e *explained) charged(env view.Env, r *row) {
	c := env.Data.Charges
	from, to := covered(c)
	if from.IsZero() {
		e.value, e.age, e.note = figure.Unknown, "not read yet", "charges are read while this view is shown"
		return
	}
	e.value, e.age = figure.Unknown, since(c.Days[0].At, env.Now)
	e.formula = fmt.Sprintf("the sum of its charges from %s to %s, days of UTC", from.Format("Jan 2"), to.Add(-time.Second).Format("Jan 2"))
	if !r.hasCharges {
		e.note = "no charge of these days names it"
		return
	}
	e.value = figure.Amount(chargedTotal(r))
	s := r.charged
	for _, p := range []struct {
		name   string
		amount vastapi.Amount
	}{{"gpu", s.GPU}, {"disk", s.Disk}, {"up", s.Up}, {"down", s.Down}, {"other", s.Other}} {
		e.inputs = append(e.inputs, input{p.name, tenthsOfCents(p.amount), "charges"})
	}
	e.inputs = append(e.inputs, input{"together", tenthsOfCents(s.Total()), ""})
}

// tenthsOfCents is an amount with all the digits that charges are told with.
func tenthsOfCents(a vastapi.Amount) string { return "$" + figure.Decimal(float64(a), 3) }

// mostMembers is how many members of a group are listed.
const mostMembers = 12

// ofGroup says that a group's figure is the sum of its members'.
func (e *explained) ofGroup(r *row, id string, hours float64) {
	e.formula = "the sum over the " + strconv.Itoa(len(r.members)) + " members of the group"
	e.inputs, e.note = nil, "z shows them one by one"
	for n, m := range r.members { // the dearest first, as all rows are made
		if n == mostMembers {
			e.inputs = append(e.inputs, input{"and others", figure.Count(len(r.members) - n), ""})
			break
		}
		e.inputs = append(e.inputs, input{m.title(), memberFigure(m, id, hours), m.word})
	}
}

func memberFigure(r *row, id string, hours float64) string {
	switch id {
	case "now":
		return rateText(r.now)
	case "running":
		return rateText(r.running)
	case "stopped":
		return rateText(r.stopped)
	case "sofar":
		return soFarText(r.sofar)
	case "month":
		return figure.Amount(float64(pricing.Monthly(r.now, hours)))
	case "monthrunning":
		return figure.Amount(float64(pricing.Monthly(r.running, hours)))
	}
	return figure.Amount(chargedTotal(r))
}

// line is the explanation in one line, for the bottom of the list.
func (e explained) line() string {
	text := e.name + " " + e.value
	if e.formula != "" {
		text += " = " + e.formula
	}
	return text
}

// facts are the explanation line by line.
func (e explained) facts() []pane.Fact {
	facts := []pane.Fact{{Label: e.name, Value: e.value, Class: theme.Money}}
	if e.formula != "" {
		facts = append(facts, pane.Fact{Label: "formula", Value: e.formula})
	}
	for _, i := range e.inputs {
		value := i.value
		if i.source != "" {
			value += "   (" + i.source + ")"
		}
		facts = append(facts, pane.Fact{Label: i.name, Value: value})
	}
	facts = append(facts, pane.Fact{Label: "data", Value: e.age, Class: theme.Dim})
	if e.note != "" {
		facts = append(facts, pane.Fact{}, pane.Fact{Value: e.note, Class: theme.Dim})
	}
	return facts
}

// nextFigure chooses another figure to be explained.
func (m *Model) nextFigure(by int) view.Effect {
	m.figure = (m.figure + by + len(figures)) % len(figures)
	return view.Effect{}
}

// explainPage explains one figure after the other of the row under the cursor.
type explainPage struct {
	of     string
	scroll int // of what explains the figure
	most   int // how far that can be scrolled, as drawn last
}

func newExplainPage(m *Model) *explainPage {
	key, _ := m.table.CursorKey()
	if marked := m.table.Marked(); key == "" && len(marked) > 0 {
		key = marked[0].key
	}
	return &explainPage{of: key}
}

func (p *explainPage) capturing() bool                           { return false }
func (p *explainPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *explainPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

func (p *explainPage) actions(m *Model, env view.Env) []view.Action {
	move := func(keys []string, help string, by int) view.Action {
		return view.Action{Key: view.Bind(keys[0], help, keys...), Group: section, Do: func() view.Effect { p.scroll = 0; return m.nextFigure(by) }}
	}
	gone := ""
	r, ok := m.table.Get(p.of)
	if !ok {
		gone = "it is gone"
	}
	return []view.Action{
		move([]string{"down", "right", "j"}, "the next figure", 1), move([]string{"up", "left", "k"}, "the figure before", -1),
		act("y", "copy the figure", gone, func() view.Effect {
			e := m.explain(env, r, m.figure)
			return view.Do(view.Copy{Text: e.value, What: e.name})
		}),
		quiet("p", m.monthLabel(), "", func() view.Effect { return m.switchMonth(env) }),
		quiet("}", "scroll", "", func() view.Effect { p.scroll = min(p.scroll+3, p.most); return view.Effect{} }),
		quiet("{", "scroll back", "", func() view.Effect { p.scroll = max(0, p.scroll-3); return view.Effect{} }),
	}
}

// facts draws what explains the figure that is chosen.
func (p *explainPage) facts(m *Model, env view.Env, r *row, title string, w, h int) string {
	list := m.explain(env, r, m.figure).facts()
	p.most = pane.MaxScroll(list, w, h)
	return pane.Facts(env.Theme, title, list, min(p.scroll, p.most), w, h)
}

func (p *explainPage) draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	r, ok := m.table.Get(p.of)
	if !ok {
		return pane.Notes(env.Theme, w, h, pane.Note{Class: theme.Warn, Text: "It is gone: esc leads back to the list."}), nil
	}
	title := "Figures of " + lower(r.title())
	if r.name != "" {
		title += ", " + r.name
	}
	lines := []string{" " + env.Theme.Ink(theme.Strong).Paint(fit.Cut(title, max(0, w-2))), ""}
	for n, f := range figures {
		e := m.explain(env, r, n)
		mark, ink := "  ", env.Theme.Ink(theme.Plain)
		if n == m.figure {
			mark, ink = "▸ ", env.Theme.InkOn(theme.OnSelected, theme.Plain)
		}
		lines = append(lines, ink.Paint(fit.Line(mark+fit.Line(f.name, 32)+fit.Right(e.value, 14), w)))
	}
	lines = append(lines, "")
	if len(lines) >= h {
		return p.facts(m, env, r, title, w, h), nil
	}
	rest := h - len(lines)
	return fit.Block(lines, w, len(lines)) + "\n" + p.facts(m, env, r, "", w, rest), nil
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]|0x20) + s[1:]
}
