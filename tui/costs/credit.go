package costs

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/pricing"
)

// creditPage shows what could be spent over time, and when it will be used up.
type creditPage struct {
	cursor time.Time
	span   int                           // index of creditSpans
	chart  func(x int) (time.Time, bool) // the moment drawn last at a cell; nil = there was no chart
}

// Click moves the cursor to the moment that was clicked.
func (p *creditPage) Click(_ view.Env, x, y int) (enter bool) {
	if p.chart == nil || y < creditHead {
		return false
	}
	if at, ok := p.chart(x); ok {
		p.cursor = at
	}
	return false
}

// creditHead is how many lines stand above the chart.
const creditHead = 2

// creditSpans are how many days back are shown.
var creditSpans = []int{7, 30, 90, 1}

// openCredit shows the page and asks for what is remembered of earlier runs.
func (m *Model) openCredit(env view.Env) view.Effect {
	p := &creditPage{}
	m.page = p
	return p.load(env)
}

// from is where the time that is shown begins.
func (p *creditPage) from(env view.Env) time.Time {
	return env.Now.AddDate(0, 0, -creditSpans[p.span])
}

func (p *creditPage) load(env view.Env) view.Effect {
	return view.Wait(env.Load.LoadCredits(p.from(env)))
}

func (p *creditPage) capturing() bool                           { return false }
func (p *creditPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (p *creditPage) back(*Model, view.Env) (view.Effect, bool) {
	if !p.cursor.IsZero() {
		p.cursor = time.Time{}
		return view.Effect{}, false
	}
	return view.Effect{}, true
}

func (p *creditPage) actions(m *Model, env view.Env) []view.Action {
	none := ""
	if len(m.readings(env, p.from(env))) == 0 {
		none = "the credit has not been read yet"
	}
	move := func(keys []string, help string, by int) view.Action {
		return view.Action{Key: view.Bind(keys[0], help, keys...), Group: section, Disabled: none, Do: func() view.Effect {
			p.cursor = m.creditChart(env, p.from(env), p.cursor).Move(p.cursor, by, env.Size.W, creditHeight(env.Size.H))
			return view.Effect{}
		}}
	}
	next := creditSpans[(p.span+1)%len(creditSpans)]
	return []view.Action{
		act("d", "the last "+figure.Plural(next, "day"), "", func() view.Effect {
			p.span, p.cursor = (p.span+1)%len(creditSpans), time.Time{}
			return p.load(env)
		}),
		move([]string{"left"}, "the value before", -1), move([]string{"right"}, "the next value", 1),
		hide(move([]string{"pgup"}, "ten values back", -10)), hide(move([]string{"pgdown"}, "ten values on", 10))}
}

func hide(a view.Action) view.Action { a.Hidden = true; return a }

// creditHeight is how many lines of a page the chart has.
func creditHeight(h int) int { return max(1, h-3) }

// longestAhead is how far ahead zero is drawn.
const longestAhead = 60 * 24 * time.Hour

// creditChart is the credit so far, and what becomes of it when nothing changes.
func (m *Model) creditChart(env view.Env, from, cursor time.Time) chart.Line {
	points := m.readings(env, from)
	l := chart.Line{
		Series: []chart.Series{{Name: "credit", Points: points}}, Zero: true, Cursor: cursor, Zone: time.Local,
		Unit: func(v float64) string { return figure.Amount(v) }, Empty: "the credit has not been read yet",
	}
	if len(points) == 0 {
		return l
	}
	last := points[len(points)-1]
	s := lasting(env)
	if !s.Finite || !s.Known || s.UsedUp() {
		return l
	}
	ahead := chart.Series{Name: "at the present rate", Points: []chart.Point{last, {At: last.At.Add(s.Lasts), Value: 0}}}
	if s.Lasts > longestAhead {
		left := last.Value * (1 - float64(longestAhead)/float64(s.Lasts))
		ahead.Points[1] = chart.Point{At: last.At.Add(longestAhead), Value: left}
	}
	l.Series = append(l.Series, ahead)
	return l
}

// readings are what could be spent since from, the oldest first: what is remembered of
// earlier runs, then what this run has read.
func (m *Model) readings(env view.Env, from time.Time) []chart.Point {
	var points []chart.Point
	add := func(p chart.Point) {
		if !p.At.Before(from) {
			points = append(points, p)
		}
	}
	for _, c := range env.Data.Past.Credit.Value {
		if len(m.credit) == 0 || c.At.Before(m.credit[0].At) {
			add(chart.Point{At: c.At, Value: float64(c.Amount)})
		}
	}
	for _, p := range m.credit {
		add(p)
	}
	return points
}

func (p *creditPage) draw(m *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	th := env.Theme
	head := " Credit over time, the last " + figure.Plural(creditSpans[p.span], "day")
	s := lasting(env)
	foot := "nothing is billed: it stays as it is"
	class := theme.Dim
	switch {
	case !s.Known:
		foot = "how long it lasts is not known yet"
	case s.UsedUp():
		foot, class = "it is used up, and "+rateText(env.Data.Burn.CommittedAtLeast)+" is billed", theme.Bad
	case s.Finite:
		foot = fmt.Sprintf("%s at %s: zero on %s", figure.Span(s.Lasts), rateText(env.Data.Burn.CommittedAtLeast), zeroText(env, s))
		if pricing.Pressing(s) >= pricing.LastsADay {
			class = theme.Warn
		}
	}
	lines := []string{th.Ink(theme.Strong).Paint(fit.Line(head, w)), th.Ink(class).Paint(fit.Line(" "+foot, w))}
	p.chart = nil
	if h < 4 {
		return fit.Block(lines, w, h), nil
	}
	c := m.creditChart(env, p.from(env), p.cursor)
	p.chart = func(x int) (time.Time, bool) { return c.At(x, w, creditHeight(h)) }
	drawn := c.Draw(w, creditHeight(h), painter(th, theme.Good, theme.Warn))
	lines = append(lines, strings.Split(drawn, "\n")...)
	return fit.Block(lines, w, h), nil
}
