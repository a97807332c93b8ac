package offers

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// Model is the marketplace: a query line, the list of what it admits, and what
// stands beside the list or in place of it.
type Model struct {
	line   queryline.Model
	query  question                      // what is looked for now
	search search                        // what the server was asked
	looked map[string]looked             // by name of a saved search, in this run
	others map[vastapi.RentalType]search // of the types that are not shown
	clash  string                        // why nothing can satisfy the query; it is not sent then
	list   offerList
	survey survey // what was counted among the rows in hand
	advice advice // what to change about a query that finds nothing
	detail detail
	page   page // in place of the list, nil = the list
	typed  offerql.Query
	bad    bool   // the line holds something that is not applied
	note   string // what could not be taken over from a pasted line
	synced bool   // the memory has been looked at
	former former
	away   bool                        // another view is shown
	met    map[vastapi.RentalType]bool // shown in this run

	paused    bool      // nothing is asked for by itself
	keyed     time.Time // when a key of the query was pressed last
	postponed bool      // what is shown is due to be asked for once nobody types

	renting renting
	sought  vastapi.MachineID // it is told when it is not on the market; 0 = none
}

// New returns the view.
func New(th *theme.Theme) *Model {
	m := &Model{line: queryline.New(th), others: map[vastapi.RentalType]search{}, looked: map[string]looked{}, met: map[vastapi.RentalType]bool{}}
	m.query = question{query: offerql.Defaults(), prices: prices{kind: vastapi.OnDemand, job: jobOf(feed.Workload{})}}
	m.list = newOfferList(m.query, th)
	m.line.Placeholder = "type / to search:  4090  num_gpus>=2  dph<0.6  gpu_ram>=24  -CN"
	m.former = m.formerOf(m.kind())
	m.chips()
	return m
}

// kind is how what is shown would be rented.
func (m *Model) kind() vastapi.RentalType { return m.query.prices.kind }

// job is the workload that prices are worked out for.
func (m *Model) job() pricing.Job { return m.query.prices.job }

// market is what is known of the market that the view shows.
func (m *Model) market(env view.Env) feed.Feed[feed.Market] { return env.Data.OffersOf(m.kind()) }

// Title is the tab's label with the number of offers here and, unless it is on
// demand, how they would be rented.
func (m *Model) Title(env view.Env) (string, string) {
	badge := ""
	if f := m.market(env); f.Told() {
		badge = figure.Count(f.Value.Count())
		if f.Value.More {
			badge += "+"
		}
	}
	if m.kind() != vastapi.OnDemand {
		badge = strings.TrimSpace(badge + " " + kindName(m.kind()))
	}
	return "Market", badge
}

// Capturing reports whether a text line has the keyboard.
func (m *Model) Capturing() bool {
	if m.page != nil {
		return m.page.capturing()
	}
	return m.line.Focused()
}

// Update takes news, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	start := view.Effect{}
	if !m.synced {
		start = m.begin(env)
	}
	e := view.Join(start, m.hear(env, msg), m.resumeRent(env), m.resumeDescribed(env), m.tellSought(env), m.consult(env))
	return view.Join(e, m.former.Update(env, msg, &m.list.table, m.stand()))
}

func (m *Model) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case view.Shown:
		m.away = false
	case view.Hidden:
		m.away = true
		env.Load.GiveUpSpread()
	case command.Refresh:
		return m.refresh(env)
	case command.Due:
		if msg.Topic == command.Typed {
			return m.due(env)
		}
	case command.MarketFolded:
		return m.folded(env, msg)
	case command.MarketShown:
		return m.shown(env)
	case command.MemoryLoaded:
		return m.begin(env)
	case command.MemoryChanged:
		return m.remembered(env)
	case command.Computed[arrangement]:
		return m.arranged(env, msg)
	case command.Computed[survey]:
		m.surveyed(env, msg)
	case command.Computed[advice]:
		m.advice = msg.Value
	case command.OffersReread:
		return m.planned(env, msg)
	case command.Computed[worked]:
		if msg.Err != nil {
			return view.Do(view.FormFailed{Form: m.renting.open.form, Text: view.Sentence(msg.Err)})
		}
		return m.asked(msg.Value)
	case command.TemplatesRead:
		return m.refitRent(env)
	case view.Focused:
		switch on := msg.On.(type) {
		case feed.RentSpec:
			return m.rentAgain(env, feed.RentAgain{RentSpec: on})
		case feed.RentAgain:
			return m.rentAgain(env, on)
		case view.RentWith:
			m.renting.with = on
			text := fmt.Sprintf("the offers of machine %s: r rents one with volume %s linked", on.Machine, on.Volume)
			return view.Join(m.open(env, feed.SavedSearch{Query: machineQuery(on.Machine), Kind: m.kind()}), view.Do(view.Toast{Text: text}))
		case view.RentQuery:
			return m.rentDescribed(env, on)
		case spot:
			return m.returnTo(env, on)
		case vastapi.MachineID:
			m.sought = on
			return m.open(env, feed.SavedSearch{Query: machineQuery(on), Kind: m.kind()})
		case feed.SavedSearch:
			return m.open(env, on)
		case vastapi.RentalType:
			if kind := feed.KindOf(on); kind != m.kind() {
				return m.switchTo(env, kind)
			}
		}
	case command.PastRead:
		return m.past(env)
	case command.SpreadRead:
		return m.refitRent(env)
	case command.GPUNamesRead:
		return m.count(env)
	case command.OfferRawRead:
		m.rawRead(env, msg)
	case command.Beat:
		m.list.table.SetFlash(msg.At)
		if p, ok := m.page.(*pricePage); ok {
			return view.Join(m.expire(env), p.renew(env))
		}
		return m.expire(env)
	case tea.BackgroundColorMsg:
		m.retheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		return m.key(env, msg)
	}
	return view.Effect{}
}

// retheme draws everything in another theme. A page is made anew when it is opened again.
func (m *Model) retheme(th *theme.Theme) {
	m.list.table.SetTheme(th)
	m.line.SetTheme(th)
	m.page = nil
}

// folded takes the market in that has changed, and goes on with the walk.
func (m *Model) folded(env view.Env, msg command.MarketFolded) view.Effect {
	if feed.KindOf(msg.Search.Type) != m.kind() {
		return view.Effect{}
	}
	loaded := m.load(env)
	if msg.Late {
		return loaded
	}
	next := m.walk(env, msg)
	return view.Join(loaded, next, m.count(env), m.advise(env))
}

// key gives a key or a paste to what has the keyboard.
func (m *Model) key(env view.Env, msg tea.Msg) view.Effect {
	if m.page != nil {
		return m.page.key(m, env, msg)
	}
	p, pasted := msg.(tea.PasteMsg)
	if pasted && offerql.IsOfficial(p.Content) {
		return m.pasteOfficial(env, p.Content)
	}
	if m.line.Focused() {
		if m.line.Update(msg) {
			m.keyed = env.Now
			if pasted {
				m.line.Complete(0, 0, nil) // it is whole
				return m.readText(env, m.line.Value())
			}
			return m.read(env)
		}
		return view.Effect{}
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && m.list.table.Update(k) {
		m.detail.scroll = 0
	}
	return view.Effect{}
}

// row is the row under the cursor, on the market or just gone.
func (m *Model) row() (*feed.Row, bool) { return m.list.table.Cursor() }

// under is the offer under the cursor. One that is gone is none: nothing may be
// done with it.
func (m *Model) under() (vastapi.Offer, bool) {
	r, ok := m.row()
	if !ok || !r.Gone.IsZero() {
		return vastapi.Offer{}, false
	}
	return *r.Offer, true
}

type arrangement = table.Arrangement[feed.OfferKey, *feed.Row]
