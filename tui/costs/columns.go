package costs

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chooser"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

type column = table.Column[*row]

// catalogue is all columns that the list can show. hours is how long a month is.
func catalogue(hours *float64) []column {
	text := func(of func(*row) string, class theme.Class) func(*row) (string, theme.Class) {
		return func(r *row) (string, theme.Class) { return figure.Text(of(r)), class }
	}
	rate := func(of func(*row) vastapi.Rate) (func(*row) (string, theme.Class), func(*row) float64) {
		return func(r *row) (string, theme.Class) { return figure.Rate(float64(of(r))), theme.Money }, func(r *row) float64 { return float64(of(r)) }
	}
	amount := func(of func(*row) float64) func(*row) (string, theme.Class) {
		return func(r *row) (string, theme.Class) { return figure.Amount(of(r)), theme.Money }
	}
	now, nowNum := rate(func(r *row) vastapi.Rate { return r.now })
	running, runningNum := rate(func(r *row) vastapi.Rate { return r.running })
	stopped, stoppedNum := rate(func(r *row) vastapi.Rate { return r.stopped })
	month := func(r *row) float64 { return float64(pricing.Monthly(r.now, *hours)) }
	monthRunning := func(r *row) float64 { return float64(pricing.Monthly(r.running, *hours)) }
	kind := func(r *row) string { return r.kind }
	what := func(r *row) string { return r.what }
	return []column{
		{ID: "id", Title: "ID", Min: 9, Ideal: 9, Right: true, Help: "id of the instance or the volume", Num: func(r *row) float64 { return idOf(r.id) }, Cell: text(idText, theme.Accent)},
		{ID: "kind", Title: "Kind", Min: 7, Ideal: 7, Priority: 5, Help: "ai is an instance, bid an interruptible one, storage a volume", Str: kind, Cell: text(kind, theme.Plain)},
		{ID: "status", Title: "Status", Min: 11, Ideal: 12, Priority: 3, Help: "how it stands; ! is billed and computes nothing", Str: func(r *row) string { return r.word }, Cell: statusCell},
		{ID: "now", Title: "Now", Min: 9, Ideal: 10, Right: true, Desc: true, Help: "what it is billed now", Num: nowNum, Cell: now},
		{ID: "running", Title: "Running", Min: 9, Ideal: 10, Right: true, Desc: true, Priority: 4, Help: "what it is billed while it runs", Num: runningNum, Cell: running},
		{ID: "sofar", Title: "So far", Min: 10, Ideal: 11, Right: true, Desc: true, Priority: 2, Help: "what it has cost; ~ is partly estimated, because this run has not seen all of it", Num: func(r *row) float64 { return float64(r.sofar.Total) }, Cell: soFarCell, Steady: func(string) string { return "" }},
		{ID: "month", Title: "Month", Min: 10, Ideal: 11, Right: true, Desc: true, Priority: 1, Help: "what it comes to in a month, as it is billed now; p switches between 720 and 730 hours", Num: month, Cell: amount(month)},
		{ID: "stopped", Title: "Stopped", Hidden: true, Min: 9, Ideal: 10, Right: true, Desc: true, Priority: 7, Help: "what it is billed while it is stopped", Num: stoppedNum, Cell: stopped},
		{ID: "monthrunning", Title: "Month run", Hidden: true, Min: 10, Ideal: 11, Right: true, Desc: true, Priority: 7, Help: "what it comes to in a month in which it always runs", Num: monthRunning, Cell: amount(monthRunning)},
		{ID: "charged", Title: "Charged", Hidden: true, Min: 10, Ideal: 11, Right: true, Desc: true, Priority: 7, Help: "what was charged for it in the days that were read", Num: chargedTotal, Cell: amount(chargedTotal)},
		{ID: "age", Title: "Age", Hidden: true, Min: 7, Ideal: 7, Right: true, Desc: true, Priority: 8, Help: "time since it was made", Num: age, Cell: func(r *row) (string, theme.Class) { return figure.Hours(age(r)), theme.Dim }, Steady: func(string) string { return "" }},
		{ID: "what", Title: "What", Min: 10, Ideal: 14, Flex: 1, Priority: 6, Help: "its GPUs, or its size", Str: what, Cell: text(what, theme.Plain)},
		{ID: "name", Title: "Name", Min: 10, Ideal: 16, Flex: 3, Help: "its name, without the token of the rental", Str: func(r *row) string { return r.name }, Cell: text(nameText, theme.Strong)},
	}
}

// outside are the columns that somebody else writes: they stand last, where a
// terminal cannot mix them with figures.
var outside = map[string]bool{"what": true, "name": true}

func idText(r *row) string {
	if r.id == 0 {
		return ""
	}
	return strconv.FormatInt(r.id, 10)
}

func nameText(r *row) string {
	if r.members != nil {
		return r.name + "-* (" + strconv.Itoa(len(r.members)) + ")"
	}
	return r.name
}

func statusCell(r *row) (string, theme.Class) {
	if r.leaks {
		return "! " + r.word, theme.Warn
	}
	return r.word, r.class
}

func soFarCell(r *row) (string, theme.Class) { return soFarText(r.sofar), theme.Money }

// soFarText is an amount, with a sign before it when a part of it is estimated.
func soFarText(a pricing.Accrued) string {
	text := figure.Amount(float64(a.Total))
	if a.Estimated() && vastapi.Known(a.Total) {
		return "~" + text
	}
	return text
}

func gigabytes(v vastapi.GB) string { return figure.GB(float64(v)) }

// ownChoice are the columns that are shown unless the user chooses others.
func ownChoice() []string {
	var ids []string
	for _, c := range catalogue(new(float64)) {
		if !c.Hidden {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// showColumns makes the columns with these ids visible. Texts that somebody else
// writes stand last, wherever they were put.
func (m *Model) showColumns(ids []string) {
	var own, others []string
	for _, id := range ids {
		if outside[id] {
			others = append(others, id)
		} else {
			own = append(own, id)
		}
	}
	m.table.ShowColumns(append(own, others...)...)
}

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ chooser.Model }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	specs := map[string]column{}
	var items []chooser.Item
	on := map[string]bool{}
	add := func(id string, chosen bool) {
		s := specs[id]
		items = append(items, chooser.Item{ID: id, Title: s.Title, Help: s.Help + ".", On: chosen, Fixed: id == "id" || id == "now"})
	}
	all := m.table.Columns()
	for _, s := range all {
		specs[s.ID] = s
	}
	for _, id := range m.table.VisibleColumns() {
		on[id] = true
		add(id, true)
	}
	for _, s := range all {
		if !on[s.ID] {
			add(s.ID, false)
		}
	}
	widths := m.table.Widths()
	for i := range items {
		items[i].Width, items[i].Own = widths[items[i].ID], m.table.WidthOf(items[i].ID)
	}
	c := chooser.New(items, th)
	c.SetUsual(ownChoice()...)
	return &columnPage{c}
}

func (p *columnPage) actions(*Model, view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                        { return p.Filtering() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	done, _ := p.Update(msg)
	if !done {
		return view.Effect{}
	}
	m.page = nil
	m.showColumns(p.Result())
	m.table.SetWidths(p.Widths())
	return m.keepOrder(env)
}

func (p *columnPage) back(*Model, view.Env) (view.Effect, bool) {
	_, cancelled := p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	return view.Effect{}, cancelled
}

func (p *columnPage) draw(_ *Model, _ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

// newSortPage lists the columns to sort by, shown or not.
func newSortPage(m *Model) *menu {
	by, _ := m.table.SortBy()
	n := &menu{title: "Sort by", verb: "sort by it, or turn the order round", empty: "there is no column"}
	for i, s := range m.table.Columns() {
		if s.ID == by {
			n.at = i
		}
	}
	n.list = func(env view.Env) []choice {
		var list []choice
		by, desc := m.table.SortBy()
		for _, s := range m.table.Columns() {
			mark := " "
			switch {
			case s.ID == by && desc:
				mark = "▼"
			case s.ID == by:
				mark = "▲"
			}
			list = append(list, choice{label: mark + " " + s.Title, detail: s.Help, do: func() view.Effect {
				m.table.ChooseSort(s.ID)
				return m.keepOrder(env)
			}})
		}
		return list
	}
	return n
}

// fit1 is a text in one line of w cells.
func fit1(s string, w int) string { return fit.Line(s, w) }

// since is how long ago something was, in steps.
func since(t, now time.Time) string {
	if t.IsZero() {
		return "not read yet"
	}
	a := figure.Age(now.Sub(t))
	if a == "now" {
		return "read just now"
	}
	return "read " + a + " ago"
}
