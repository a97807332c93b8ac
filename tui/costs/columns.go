package costs

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
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

// choice says how the columns may be chosen.
var choice = listing.Columns{Fixed: []string{"id", "now"}, Outside: map[string]bool{"what": true, "name": true}}

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

func soFarText(a pricing.Accrued) string { return figure.Accrued(float64(a.Total), a.Estimated()) }

func gigabytes(v vastapi.GB) string { return figure.GB(float64(v)) }

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ listing.ColumnPage }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	return &columnPage{listing.ChooseColumns(&m.table, choice, th)}
}

func (p *columnPage) actions(*Model, view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                        { return p.Filtering() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	if !p.Key(msg) {
		return view.Effect{}
	}
	m.page = nil
	return m.keepOrder(env)
}

func (p *columnPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, p.Back() }

func (p *columnPage) draw(_ *Model, _ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

// newSortPage lists the columns to sort by, shown or not.
func newSortPage(m *Model) *menu { return &menu{Menu: listing.SortMenu(&m.table, m.keepOrder)} }

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
