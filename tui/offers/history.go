package offers

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
)

// pastSpans are the stretches of time that a chart can show.
var pastSpans = []struct {
	name string
	last time.Duration
}{
	{"day", 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour}, {"90 days", 90 * 24 * time.Hour},
}

// pastParts is in how many parts a chart is read: more than a screen has columns.
const pastParts = 300

// pastHead is how many lines stand above the chart.
const pastHead = 2

// pricePage shows what a model of GPU, or one machine, has cost.
type pricePage struct {
	model   feed.GPUModel
	slot    feed.Slot
	machine bool // the chart is about the slot
	span    int
	cursor  time.Time
	asked   feed.PriceQuery // zero = nothing was asked yet

	drawn func(x int) (time.Time, bool) // the moment drawn last at a cell; nil = there was no chart
}

// Click moves the cursor to the moment that was clicked.
func (p *pricePage) Click(_ view.Env, x, y int) (enter bool) {
	if p.drawn == nil || y < pastHead {
		return false
	}
	if at, ok := p.drawn(x); ok {
		p.cursor = at
	}
	return false
}

// openPast shows what the model of an offer has cost.
func (m *Model) openPast(env view.Env, o *vastapi.Offer) view.Effect {
	p := &pricePage{model: feed.ModelOf(o, m.kind()), slot: feed.SlotOf(o, m.kind()), span: 1}
	return view.Join(m.show(p), p.ask(env))
}

// ask reads the chart. Until the history is open nothing is asked.
func (p *pricePage) ask(env view.Env) view.Effect {
	q := feed.PriceQuery{Model: p.model, From: env.Now.Add(-pastSpans[p.span].last), To: env.Now, Parts: pastParts}
	if p.machine {
		q.Slot = p.slot
	}
	cmd := env.Load.LoadChart(q)
	if cmd == nil {
		p.asked = feed.PriceQuery{}
		return view.Effect{}
	}
	p.asked = q
	return view.Wait(cmd)
}

// renew reads the chart again once it is old for its span.
func (p *pricePage) renew(env view.Env) view.Effect {
	if !p.asked.To.IsZero() && env.Now.Sub(p.asked.To) < pastSpans[p.span].last/pastParts {
		return view.Effect{}
	}
	return p.ask(env)
}

func (p *pricePage) capturing() bool                           { return false }
func (p *pricePage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, true }

// key moves the cursor through the values.
func (p *pricePage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return view.Effect{}
	}
	by := map[string]int{"left": -1, "right": 1, "shift+left": -10, "shift+right": 10, "home": -1 << 16, "end": 1 << 16}[k.String()]
	if c, here := p.chart(env); here && by != 0 {
		p.cursor = c.Move(p.cursor, by, env.Size.W, max(0, env.Size.H-bars(env, env.Size)-pastHead))
	}
	return view.Effect{}
}

func (p *pricePage) actions(env view.Env) []view.Action {
	other := "show machine " + p.slot.Machine.String()
	if p.machine {
		other = "show all of " + p.model.Name
	}
	turn := func(change func()) func() view.Effect {
		return func() view.Effect {
			change()
			p.cursor = time.Time{}
			return p.ask(env)
		}
	}
	list := []view.Action{
		act("tab", other, "", turn(func() { p.machine = !p.machine })),
		act("s", "longer", at(p.span == len(pastSpans)-1, "90 days is the longest"), turn(func() { p.span++ })),
		act("S", "shorter", at(p.span == 0, "a day is the shortest"), turn(func() { p.span-- })),
	}
	list[0].Typing = true
	return append(list, view.Action{
		Key: view.Bind("left", "the value before; right: the next", "left"), Group: section, Hidden: true,
		Do: func() view.Effect { return p.key(nil, env, tea.KeyPressMsg{Code: tea.KeyLeft}) },
	})
}

// at is a reason where something does not hold.
func at(so bool, why string) string {
	if so {
		return why
	}
	return ""
}

// chart is what was read, when that is what is shown.
func (p *pricePage) chart(env view.Env) (chart.Line, bool) {
	have := env.Data.Past.Chart
	c := chart.Line{
		From: env.Now.Add(-pastSpans[p.span].last), To: env.Now, Unit: figure.Rate, Stepped: p.machine, Cursor: p.cursor, Zone: env.Now.Location(),
		Empty: "no data yet: prices are noted while the program runs",
	}
	if !have.Told() || have.Value.PriceQuery != p.asked {
		return c, false
	}
	low, mid := chart.Series{Name: "cheapest"}, chart.Series{Name: "middle"}
	for _, point := range have.Value.Points {
		low.Points = append(low.Points, chart.Point{At: point.At, Value: point.Low})
		mid.Points = append(mid.Points, chart.Point{At: point.At, Value: point.Mid})
	}
	c.Series = []chart.Series{low, mid}
	if p.machine {
		low.Name = ""
		c.Series = []chart.Series{low}
	}
	return c, true
}

func (p *pricePage) draw(env view.Env, w, h int) (string, *tea.Cursor) {
	th := env.Theme
	head := []string{th.Ink(theme.Strong).Paint(fit.Line(" "+p.title(), w)), th.Ink(theme.Dim).Paint(fit.Line(" "+p.extent(env), w))}
	p.drawn = nil
	if h <= pastHead {
		return fit.Block(head, w, h), nil
	}
	c, here := p.chart(env)
	if here {
		p.drawn = func(x int) (time.Time, bool) { return c.At(x, w, h-pastHead) }
	} else {
		c.Empty = p.waiting(env)
	}
	return head[0] + "\n" + head[1] + "\n" + c.Draw(w, h-pastHead, chartPaint(th)), nil
}

// waiting says why there is no chart.
func (p *pricePage) waiting(env view.Env) string {
	switch {
	case !env.Load.Remembers():
		return "no data: nothing is remembered in this run"
	case p.asked.To.IsZero():
		return "the history is being opened…"
	case env.Data.Past.Chart.Err != nil:
		return view.Sentence(env.Data.Past.Chart.Err)
	}
	return "reading…"
}

func (p *pricePage) title() string {
	what := "one GPU of all machines, " + kindName(p.model.Kind)
	if p.machine {
		what = fmt.Sprintf("%d× on machine %s, %s", p.slot.GPUs, p.slot.Machine, kindName(p.slot.Kind))
	}
	disk := ", with a 10 GB disk"
	if p.model.Kind == vastapi.Interruptible {
		disk = ", the lowest bid"
	}
	return "Price of " + p.model.Name + ": " + what + disk
}

// extent says which stretch of time is shown and how much is known of it.
func (p *pricePage) extent(env view.Env) string {
	text := ""
	for n, s := range pastSpans {
		name := s.name
		if n == p.span {
			name = "[" + name + "]"
		}
		text += name + " "
	}
	have := env.Data.Past.Chart.Value
	if have.PriceQuery != p.asked || have.Samples == 0 {
		return text
	}
	unit := "samples of ten minutes"
	if p.machine {
		unit = "changes"
	}
	return text + fmt.Sprintf("· %s %s over %s", figure.Count(have.Samples), unit, figure.Span(have.Noted))
}

// chartPaint colours a chart.
func chartPaint(th *theme.Theme) chart.Paint {
	classes := map[chart.Part]theme.Class{
		chart.Axis: theme.Dim, chart.Label: theme.Dim, chart.Text: theme.Plain, chart.Cursor: theme.Strong, chart.Mark: theme.Strong,
		chart.Shade: theme.Dim, chart.First: theme.Money, chart.First + 1: theme.Accent,
	}
	return func(p chart.Part, text string) string { return th.Ink(classes[p]).Paint(text) }
}

// lookBack opens the chart about the offer under the cursor, on the market or gone.
func (m *Model) lookBack(env view.Env) view.Effect {
	r, ok := m.list.table.Peek()
	if !ok {
		return view.Effect{}
	}
	return m.openPast(env, r.Offer)
}

// unpast is why there is no chart to open: what has left the market has one too.
func (m *Model) unpast(none string) string {
	if _, ok := m.list.table.Peek(); ok {
		return ""
	}
	return none
}
