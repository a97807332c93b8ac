package instances

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// leastStrip is the height below which the overview has no line.
const leastStrip = 14

// tile is one figure of the overview and where it leads to.
type tile struct {
	name     string // in the list of tiles
	text     string // on the line
	class    theme.Class
	priority int // which goes first when there is no room: the highest
	detail   string
	query    string // what leads there: the query that shows it
	why      string // why it leads nowhere, "" when it does
	do       func(view.Env) view.Effect
}

// tiles are the figures of the overview, the dearest first.
func (m *Model) tiles(env view.Env) []tile {
	b, t := env.Data.Burn, m.sum
	atLeast := ""
	if b.Unknown > 0 {
		atLeast = "≥ "
	}
	list := []tile{{
		name: "burn", text: "burn " + atLeast + figure.Rate(float64(b.AtLeast)), class: theme.Money, priority: 1,
		detail: figure.Amount(float64(b.AtLeast.Day())) + " a day, volumes included: sorts by what each is billed, the dearest first",
		do:     func(env view.Env) view.Effect { return m.sortedFirst(env, "dph", true) },
	}}
	if b.Leak > 0 {
		list = append(list, leakTile(b, t.leaking))
	}
	count := func(n int, noun, query string, class theme.Class, priority int, detail string) {
		if n > 0 {
			list = append(list, tile{name: noun, text: fmt.Sprintf("%s %s", figure.Count(n), noun), class: class, priority: priority, query: query, detail: detail})
		}
	}
	count(t.running, "running", "status=RUNNING", theme.Good, 3, "shows only these")
	count(t.moving, "on the way", "status in [CREATING,LOADING,REBOOTING,RECYCLING,STOPPING]", theme.Accent, 5, "starting, stopping, rebooting: shows only these")
	count(t.stopped, "stopped", "status in [STOPPED,FROZEN]", theme.Warn, 4, "shows only these")
	count(t.waiting, "waiting", "status in [OUTBID,SCHEDULING]", theme.Warn, 6, "outbid, or somebody else has the GPU: shows only these")
	count(t.failed, "down", "status in [EXITED,ERROR,ENDED,OFFLINE,UNKNOWN]", theme.Bad, 7, "exited, failed, ended or not reachable: shows only these")
	if t.troubled > 0 {
		list = append(list, tile{
			name: "problems", text: figure.Count(t.troubled) + " with a problem (!)", class: theme.Bad,
			detail: "shows only these, as P does; ! goes from one to the next",
			do:     func(env view.Env) view.Effect { m.only = true; return m.refilter(env) },
		})
	}
	if end, class, ok := m.firstEnd(env); ok {
		list = append(list, tile{
			name: "ends", text: "first end " + end, class: class, priority: 8, detail: "sorts by the end of the contract, the nearest first",
			do: func(env view.Env) view.Effect { return m.sortedFirst(env, "ends", false) },
		})
	}
	list = append(list, m.runway(env))
	if t, ok := marketTile(env); ok {
		list = append(list, t)
	}
	return list
}

// marketTile is how many offers are at hand and what the cheapest costs; ok is false until that is known.
func marketTile(env view.Env) (t tile, ok bool) {
	market := env.Data.Offers.Value
	n := market.Count()
	if !env.Data.Offers.Told() || n == 0 {
		return t, false
	}
	t = tile{
		name: "market", text: figure.Count(n) + " offers", class: theme.Dim, priority: 9, detail: "shows the market",
		do: func(view.Env) view.Effect { return view.Do(view.Goto{View: view.Market}) },
	}
	for i := range market.Rows { // ascending by price
		if r := &market.Rows[i]; r.Gone.IsZero() && vastapi.Known(r.Offer.DphTotal) {
			t.text += " from " + figure.Rate(float64(r.Offer.DphTotal))
			break
		}
	}
	return t, true
}

// leakTile is what is billed without computing, the sum that the header shows, and
// what it is made of.
func leakTile(b pricing.Burn, instances int) tile {
	var of []string
	if instances > 0 {
		of = append(of, figure.Plural(instances, "instance"))
	}
	if b.Unused > 0 {
		of = append(of, figure.Plural(b.Unused, "volume"))
	}
	t := tile{
		name: "leak", text: "leak " + figure.Rate(float64(b.Leak)), class: theme.Warn, priority: 2,
		detail: "billed without computing, with volumes that no running instance uses: shows only the instances", query: "leaks=true",
	}
	if len(of) > 0 {
		t.text += ": " + strings.Join(of, ", ")
	}
	if instances == 0 {
		t.detail, t.why = "volumes that no running instance uses", "no instance is billed without computing: what leaks are volumes alone"
	}
	return t
}

// firstEnd is when the first contract ends.
func (m *Model) firstEnd(env view.Env) (text string, class theme.Class, ok bool) {
	if m.sum.firstEnd.IsZero() {
		return "", theme.Plain, false
	}
	left := m.sum.firstEnd.Sub(env.Now)
	switch {
	case left <= 0:
		return "is over", theme.Bad, true
	case left < endsAtOnce*time.Hour:
		class = theme.Bad
	case left < endsSoon*time.Hour:
		class = theme.Warn
	}
	return "in " + figure.Span(left), class, true
}

// runway is how long the credit lasts.
func (m *Model) runway(env view.Env) tile {
	t := tile{
		name: "runway", priority: 1, detail: "the credit ÷ what everything will be billed: sorts by what each is billed, the dearest first",
		do: func(env view.Env) view.Effect { return m.sortedFirst(env, "dph", true) },
	}
	s := pricing.SpanOf(env.Desk.Credit, env.Data.Burn.CommittedAtLeast)
	switch {
	case !s.Known:
		t.text, t.class = "runway "+figure.Unknown, theme.Dim
	case !s.Finite:
		t.text, t.class = "runway without end", theme.Good
	default:
		t.text = "runway " + figure.Span(s.Lasts)
		switch {
		case s.Lasts < 6*time.Hour:
			t.class = theme.Bad
		case s.Lasts < 24*time.Hour:
			t.class = theme.Warn
		}
	}
	return t
}

// fitting are the tiles that there is room for on a line of w cells.
func (m *Model) fitting(env view.Env, w int) []tile {
	list := m.tiles(env)
	width := func() int {
		n := 1
		for _, t := range list {
			n += fit.Width(t.text) + len(gap)
		}
		return n - len(gap)
	}
	for width() > w && len(list) > 1 {
		worst := 0
		for i, t := range list {
			if t.priority >= list[worst].priority {
				worst = i
			}
		}
		list = append(list[:worst:worst], list[worst+1:]...)
	}
	return list
}

// strip is the overview in exactly one line; what does not fit is left out.
func (m *Model) strip(env view.Env, w int) string {
	line := " "
	for i, t := range m.fitting(env, w) {
		if i > 0 {
			line += gap
		}
		line += env.Theme.Ink(t.class).Paint(t.text)
	}
	return fit.Line(line, w)
}

// tileAt is the tile drawn at cell x of the overview.
func (m *Model) tileAt(env view.Env, w, x int) (t tile, ok bool) {
	at := 1
	for _, t := range m.fitting(env, w) {
		if x >= at && x < at+fit.Width(t.text) {
			return t, true
		}
		at += fit.Width(t.text) + len(gap)
	}
	return t, false
}

// leads goes where a tile leads to.
func (m *Model) leads(env view.Env, t tile) view.Effect {
	switch {
	case t.why != "":
		return view.Do(view.Toast{Text: t.why, Level: view.Warn})
	case t.do != nil:
		return t.do(env)
	}
	return m.ask(env, t.query)
}

// gap stands between two tiles.
const gap = "   "

// overview lists the tiles, to go where one leads to.
func (m *Model) overview() *menu {
	return &menu{listing.Menu{
		Title: "Overview", Verb: "go there", Empty: "there is no instance", Clicks: true,
		List: func(env view.Env) []listing.Choice {
			var list []listing.Choice
			for _, t := range append(m.tiles(env), spentTiles(env)...) {
				list = append(list, listing.Choice{Label: t.text, Detail: t.detail, Class: t.class, Why: t.why, Do: func() view.Effect { return m.leads(env, t) }})
			}
			return list
		},
	}}
}

// spentTiles are the figures of the header that stand on no line of the view, and leave the
// header where there is little room.
func spentTiles(env view.Env) []tile {
	cost := func(view.Env) view.Effect { return view.Do(view.Goto{View: view.Costs}) }
	list := []tile{{name: "credit", text: "credit " + figure.Amount(float64(env.Desk.Credit)), class: theme.Money, detail: "what is left to spend: shows what it goes into", do: cost}}
	if s := pricing.SpanOf(env.Desk.Credit, env.Data.Burn.CommittedAtLeast); !s.Zero(env.Data.User.At).IsZero() {
		list = append(list, tile{name: "zero", text: "zero " + s.Zero(env.Data.User.At).Local().Format("Jan 2 15:04"), class: theme.Money, detail: "when the credit is used up, if nothing changes", do: cost})
	}
	if day, month := env.Data.SpentBy(env.Now); vastapi.Known(day) {
		list = append(list,
			tile{name: "today", text: "today " + figure.Amount(float64(day)), class: theme.Money, detail: "spent since midnight UTC: what was charged, and what is billed since", do: cost},
			tile{name: "month", text: "month " + figure.Amount(float64(month)), class: theme.Money, detail: "spent since the first, UTC", do: cost})
	}
	return list
}

// noOverview says why there is nothing to list, or "".
func (m *Model) noOverview() string {
	if len(m.plain) == 0 {
		return "there is no instance: rent one in the market (1)"
	}
	return ""
}

// ask puts a query into the line and reads it.
func (m *Model) ask(env view.Env, text string) view.Effect {
	m.query.SetValue(text)
	e := view.Join(m.filter(env).Narrow(m.query.Read(text+" ")), m.rememberTable())
	m.trail = nil
	m.table.Home()
	return e
}

// sortedFirst sorts by a column and goes to the first row.
func (m *Model) sortedFirst(env view.Env, column string, desc bool) view.Effect {
	m.table.Sort(column, desc)
	e := m.keepOrder(env)
	m.trail = nil
	m.table.Home()
	return e
}
