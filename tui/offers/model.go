package offers

import (
	"errors"
	"math"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// defaultDisk is the size prices are worked out for until a form says
// otherwise; it is sent as allocated_storage and stands in the rent form, so
// that the disk priced is the disk asked for.
const defaultDisk vastapi.GB = 10

// Model is the marketplace.
type Model struct {
	table   table.Model[key, *vastapi.Offer]
	keys    map[vastapi.OfferID]key
	groups  map[key]slot // of the keys in use
	spare   key          // the last one that is nobody's id
	line    queryline.Model
	query   offerql.Query // the last one that could be read, with the default policy
	loaded  offerql.Query // what the offers in hand were asked for with
	asked   offerql.Query // what the search under way asks for
	detail  bool
	scroll  int
	bad     bool // the query line holds something that is not applied
	walking bool // the next window of prices has been asked for
	passed  bool // this walk has left out offers of one price that the server does not give
	skipped bool // offers in hand lack some for that reason
	seen    int  // revision of the market that the table shows
	last    rentForm
	wanted  *request // a price that is being read again
}

// key names an offer in the table: the id under which it was first seen. When a
// host lists a machine anew under another id, the new offer inherits the key.
type key vastapi.OfferID

// slot is what an offer shares with the one it replaces.
type slot struct {
	machine vastapi.MachineID
	gpus    int
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{line: queryline.New(th), keys: map[vastapi.OfferID]key{}, groups: map[key]slot{}, last: rentForm{image: defaultImage, disk: defaultDisk}}
	m.table = table.New(func(o *vastapi.Offer) key { return m.keys[o.ID] }, columns(), th)
	m.table.ShowPosition = true
	m.table.Sort("dph", false)
	m.line.Placeholder = "type / to search:  4090  num_gpus>=2  dph<0.6  gpu_ram>=24  -CN"
	m.query = offerql.Defaults()
	m.table.Filter(m.query.Match)
	m.chips(offerql.Query{})
	return m
}

// Title is the tab's label with the number of offers here.
func (m *Model) Title(env view.Env) (string, string) {
	f := env.Data.Offers
	if !f.Told() {
		return "Market", ""
	}
	badge := figure.Count(len(f.Value.Offers))
	if f.Value.More {
		badge += "+"
	}
	return "Market", badge
}

// Capturing reports whether the query is being typed.
func (m *Model) Capturing() bool { return m.line.Focused() }

// Update takes new offers, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.Refresh:
		return m.search(env, false)
	case command.Due:
		if msg.Topic == command.Typed && m.missing(env) {
			return m.search(env, true)
		}
	case command.OffersFound:
		m.load(env)
		return m.walk(env, msg)
	case command.OffersMerged:
		m.load(env)
	case command.OfferReread:
		return m.reread(env, msg)
	case command.Beat:
		m.table.SetFlash(msg.At)
	case tea.BackgroundColorMsg:
		m.table.SetTheme(env.Theme)
		m.line.SetTheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		return m.key(env, msg)
	}
	return view.Effect{}
}

// search asks the server for what the query admits. Everything that comes back
// is checked here again, because filters have been seen to be ignored.
func (m *Model) search(env view.Env, typed bool) view.Effect {
	m.asked, m.passed = m.query, false
	q := vastapi.OfferSearch{Filter: m.query.Filter(false), Type: vastapi.OnDemand, Storage: defaultDisk}
	if typed {
		return view.Wait(env.Load.SearchTyped(q))
	}
	return view.Wait(env.Load.SearchOffers(q))
}

// walk goes on to the next window of prices while the server has more.
func (m *Model) walk(env view.Env, msg command.OffersFound) view.Effect {
	m.walking = false
	if msg.Err != nil {
		return view.Effect{}
	}
	if msg.More && !m.query.Equal(m.asked) {
		return m.search(env, true) // the rest of what is no longer wanted is left alone
	}
	from := top(msg.Page.Offers)
	if !msg.More || env.Data.Offers.Value.Holds(msg.Page, env.Load.MarketMax()) {
		m.loaded, m.skipped = m.asked, m.passed
		return view.Effect{}
	}
	if from < msg.From {
		// Cheaper than what was asked for: the server does not heed the window.
		m.loaded, m.skipped = m.asked, true
		return view.Effect{}
	}
	if from == msg.From {
		// A full page of one price: the rest of that price cannot be had, what is dearer can.
		from = vastapi.Rate(math.Nextafter(float64(msg.From), math.Inf(1)))
		m.passed, m.skipped = true, true
	}
	m.walking = true
	return view.Wait(env.Load.MoreOffers(msg.Search, from))
}

func top(page []vastapi.Offer) vastapi.Rate {
	var r vastapi.Rate
	for i := range page {
		if p := page[i].DphTotal; p > r {
			r = p
		}
	}
	return r
}

// load puts the market's rows into the table. The cursor stays on its offer.
func (m *Model) load(env view.Env) {
	f := env.Data.Offers
	if f.Rev == m.seen {
		return
	}
	m.seen = f.Rev
	offers := f.Value.Offers
	m.rekey(offers)
	rows := make([]*vastapi.Offer, len(offers))
	for i := range offers {
		rows[i] = &offers[i]
	}
	m.table.SetFlash(env.Now)
	m.table.SetRows(rows)
}

// rekey keeps the key of every offer that is still here. An offer with a new id
// inherits the key of one that is gone when there is no doubt which: exactly one
// of that machine and number of GPUs went, and exactly one came.
func (m *Model) rekey(offers []vastapi.Offer) {
	keys := make(map[vastapi.OfferID]key, len(offers))
	came := map[slot][]vastapi.OfferID{}
	for i := range offers {
		o := &offers[i]
		if k, known := m.keys[o.ID]; known {
			keys[o.ID] = k
		} else {
			g := slot{o.MachineID, o.NumGPUs}
			came[g] = append(came[g], o.ID)
		}
	}
	went := map[slot][]key{}
	for id, k := range m.keys {
		if _, still := keys[id]; !still {
			went[m.groups[k]] = append(went[m.groups[k]], k)
		}
	}
	for g, ids := range came {
		if len(ids) == 1 && len(went[g]) == 1 && g.machine != 0 {
			keys[ids[0]] = went[g][0]
			continue
		}
		for _, id := range ids {
			keys[id] = m.unused(key(id))
		}
	}
	m.keys, m.groups = keys, make(map[key]slot, len(offers))
	for i := range offers {
		m.groups[keys[offers[i].ID]] = slot{offers[i].MachineID, offers[i].NumGPUs}
	}
}

// unused is k, or one that no offer has when another has inherited that.
func (m *Model) unused(k key) key {
	if _, taken := m.groups[k]; !taken {
		return k
	}
	m.spare-- // below all ids
	return m.spare
}

func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.line.Focused() {
		if m.line.Update(msg) {
			return m.typed(env)
		}
		return view.Effect{}
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.table.Update(k) {
		m.scroll = 0
	}
	return view.Effect{}
}

// typed reads the query after each key: the rows in hand are filtered at once,
// and the server is asked a moment later when it may have rows that are not here.
func (m *Model) typed(env view.Env) view.Effect { return m.read(env, m.line.Value()) }

func (m *Model) read(env view.Env, text string) view.Effect {
	q, err := offerql.Parse(text)
	m.bad = err != nil
	if err != nil {
		m.mark(err, unfinished(err))
		if q, err = before(text, err); err != nil {
			return view.Effect{} // the last good list stays
		}
	} else {
		m.line.SetProblem(nil)
	}
	m.chips(q)
	if next := q.WithDefaults(); !next.Equal(m.query) {
		m.query = next
		m.table.Filter(next.Match)
		m.table.Home() // the best match of another query is its first
	}
	if m.here(env) {
		return view.Effect{}
	}
	return view.Wait(env.Load.AfterTyping())
}

// enter leaves the query line. What looked like the beginning of a word while
// it was typed is the whole word now, or a mistake that is named.
func (m *Model) enter(env view.Env) view.Effect {
	text := m.line.Value()
	if _, err := offerql.Parse(text); unfinished(err) {
		text += " "
		if _, err := offerql.Parse(text); err != nil {
			m.bad = true
			m.mark(err, false)
			return view.Effect{}
		}
	}
	m.line.Blur()
	return m.read(env, text)
}

// before reads what stands in front of a mistake: the terms that are complete
// apply while the last one is being typed.
func before(text string, err error) (offerql.Query, error) {
	var e *offerql.Error
	if !errors.As(err, &e) || e.Col > len(text) {
		return offerql.Query{}, err
	}
	return offerql.Parse(text[:e.Col])
}

func unfinished(err error) bool {
	var e *offerql.Error
	return errors.As(err, &e) && e.Kind == offerql.Unfinished
}

// here reports whether all that the query admits is in hand.
func (m *Model) here(env view.Env) bool {
	return env.Data.Offers.Told() && !env.Data.Offers.Value.More && !m.skipped && m.query.Narrows(m.loaded)
}

// missing reports whether the server has to be asked for what the query admits.
// A narrower query waits for the first answer, which tells whether there is more.
func (m *Model) missing(env view.Env) bool {
	if m.here(env) || m.query.Equal(m.asked) {
		return false
	}
	return env.Data.Offers.Told() || !m.query.Narrows(m.asked)
}

// mark shows what could not be read; quietly while it may only be unfinished.
func (m *Model) mark(err error, quietly bool) {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return
	}
	text := m.line.Value()
	from := len([]rune(text[:min(e.Col, len(text))]))
	p := queryline.Problem{From: from, To: from + len([]rune(text[min(e.Col, len(text)):min(e.Col+e.Len, len(text))]))}
	if !quietly {
		p.Message = e.Text
		if e.Suggest != "" {
			p.Message += ": " + e.Suggest + "?"
		}
	}
	m.line.SetProblem(&p)
}

// chips shows the default policy as far as the query leaves it in force.
func (m *Model) chips(q offerql.Query) {
	var list []queryline.Chip
	for _, c := range q.Chips() {
		if c.On {
			list = append(list, queryline.Chip{Text: c.Text})
		}
	}
	m.line.SetChips(list...)
}

// under is the offer under the cursor.
func (m *Model) under() (vastapi.Offer, bool) {
	o, ok := m.table.Cursor()
	if !ok {
		return vastapi.Offer{}, false
	}
	return *o, true
}
