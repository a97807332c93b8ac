package offers

import (
	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// memoryName is what the table's state is remembered under.
const memoryName = "market"

// listing is the table with what decides which rows are in it.
type offerList struct {
	table  table.Model[feed.OfferKey, *feed.Row]
	hidden blocks
	marker offerql.Marker // what the words of the query are found by
	seen   int            // revision of the market that the table shows, -1 = none
	market feed.Market    // that of this revision
	kind   vastapi.RentalType
	gone   int // rows shown that have left the market
}

func newOfferList(q question, th *theme.Theme) offerList {
	l := offerList{table: table.New(func(r *feed.Row) feed.OfferKey { return r.Key }, columns(q.prices), th), seen: -1}
	l.table.ShowPosition, l.table.Offload = true, true
	l.table.RowClass = func(r *feed.Row) theme.Class {
		if !r.Gone.IsZero() {
			return theme.Dim
		}
		return theme.Plain
	}
	l.table.Sort("dph", false)
	l.filter(q)
	return l
}

type column = table.Column[*feed.Row]

// columns are the columns of the table, with prices worked out for p. What a
// host can write freely stands at the end, so that a terminal that reorders a
// line cannot touch the figures.
func columns(p prices) []column {
	specs := catalogue(p)
	list := make([]column, 0, len(specs))
	for _, s := range specs {
		c := column{
			ID: s.id, Title: s.title, Help: s.help, Hidden: s.hidden, Min: s.min, Ideal: s.ideal, Flex: s.flex,
			Priority: s.priority, Right: !s.left, Desc: s.desc,
		}
		cell := s.cell
		c.Cell = func(r *feed.Row) (string, theme.Class) { return cell(r.Offer) }
		if s.id == "gpu" {
			c.Cell = named(cell)
		}
		if num := s.num; num != nil {
			c.Num = func(r *feed.Row) float64 { return num(r.Offer) }
		}
		if str := s.str; str != nil {
			c.Str = func(r *feed.Row) string { return str(r.Offer) }
		}
		if s.since {
			c.Num, c.Cell = firstSeen, sinceCell
		}
		list = append(list, c)
	}
	return list
}

// firstSeen is when a row was first seen in this run, in seconds.
func firstSeen(r *feed.Row) float64 {
	if r.Seen.IsZero() {
		return vastapi.Unknown[float64]()
	}
	return float64(r.Seen.Unix())
}

// sinceCell says it as a time of day, which changes nothing on an idle screen.
func sinceCell(r *feed.Row) (string, theme.Class) {
	if r.Seen.IsZero() {
		return figure.Unknown, theme.Dim
	}
	return r.Seen.Format("15:04"), theme.Dim
}

// named marks a row that has left the market, in words: colour alone says nothing.
func named(cell func(*vastapi.Offer) (string, theme.Class)) func(*feed.Row) (string, theme.Class) {
	return func(r *feed.Row) (string, theme.Class) {
		text, class := cell(r.Offer)
		if !r.Gone.IsZero() {
			return " GONE" + text, theme.Dim
		}
		return text, class
	}
}

// filter shows the rows that a question admits.
func (l *offerList) filter(q question) {
	l.table.ArrangeAtOnce(table.AtOnce)
	if q.query.HasPattern() {
		l.table.ArrangeAtOnce(fewRows)
	}
	l.table.Filter(q.keep())
}

// fewRows is how many rows are filtered by a pattern within a key: each takes a
// few microseconds.
const fewRows = 200

// reprice works the prices of all columns out anew. The columns that are shown
// and the order stay.
func (l *offerList) reprice(p prices) {
	shown := l.table.VisibleColumns()
	l.table.SetColumns(columns(p))
	l.table.ShowColumns(shown...)
}

// load puts the market's rows into the table. The cursor stays on its offer.
func (m *Model) load(env view.Env) view.Effect {
	f := m.market(env)
	if f.Rev == m.list.seen {
		return view.Effect{}
	}
	m.list.seen, m.list.market = f.Rev, f.Value
	if p := &m.query.prices; p.apart != m.apart(env, p.job.Disk) {
		p.apart = !p.apart
		m.list.reprice(*p)
		if m.query.most > 0 {
			m.list.filter(m.query)
		}
	}
	rows := make([]*feed.Row, len(f.Value.Rows))
	for i := range f.Value.Rows {
		rows[i] = &f.Value.Rows[i]
	}
	m.list.table.SetFlash(env.Now)
	m.list.table.SetRows(rows)
	if m.list.kind != m.kind() {
		// Another market is the user's own wish: nothing has vanished from under the cursor.
		m.list.kind = m.kind()
		m.list.table.Home()
	}
	return m.arrange(env)
}

// arranging is the topic of sorting and filtering away from Update.
const arranging command.Topic = "market/arrange"

// arrange has the table arranged elsewhere when there is too much of it for here.
func (m *Model) arrange(env view.Env) view.Effect {
	m.recount(env)
	if p, ok := m.page.(*comparePage); ok {
		p.fill(m)
	}
	job, ok := m.list.table.Job()
	if !ok {
		return view.Effect{}
	}
	return view.Wait(command.Compute(env.Load, arranging, job.Run))
}

// arranged shows what was arranged elsewhere.
func (m *Model) arranged(env view.Env, msg command.Computed[arrangement]) view.Effect {
	if msg.Err != nil {
		m.list.table.Drop() // the next change of the list arranges it anew
		return view.Effect{}
	}
	m.list.table.Install(msg.Value)
	return view.Join(m.arrange(env), m.advise(env))
}

// recount counts the rows shown that have left the market.
func (m *Model) recount(env view.Env) {
	m.list.gone = 0
	market := m.market(env).Value
	if market.Count() == len(market.Rows) {
		return
	}
	for pos := range m.list.table.Shown() {
		if r, ok := m.list.table.At(pos); ok && !r.Gone.IsZero() {
			m.list.gone++
		}
	}
}

// keepOrder remembers order and columns after they have been changed.
func (m *Model) keepOrder(env view.Env) view.Effect {
	return view.Join(m.arrange(env), listing.Keep(memoryName, listing.State(&m.list.table, ""), false))
}

// choice says how the columns may be chosen.
func choice() listing.Columns {
	c := listing.Columns{Fixed: []string{"gpu", "dph"}, Outside: map[string]bool{}}
	for _, s := range catalogue(prices{}) {
		c.Outside[s.id] = s.outside
	}
	return c
}

// sortMenu lists the columns to sort by, shown or not.
func sortMenu(m *Model) *menu { return &menu{Menu: listing.SortMenu(&m.list.table, m.keepOrder)} }
