package offers

import (
	"iter"
	"maps"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// survey is what was counted among the rows in hand, away from Update: it goes
// over all of them several times.
type survey struct {
	ignored  int // came for a search and do not satisfy it
	unpriced int // have no price of the rental type
	blocked  int // are hidden by blocks
	known    offerql.Known
	tallies  map[string]tally // by name of a saved search
}

// census is what a survey is made from: copies, and values that never change.
type census struct {
	market feed.Market
	kind   vastapi.RentalType
	came   offerql.Query // what the rows of the newest search were asked for with
	hidden blocks
	saved  []feed.SavedSearch
	looked map[string]looked // by name of a saved search
	stock  []shelf
	names  []string // of GPUs, from the API
}

// counting is the topic of surveys.
const counting command.Topic = "market/count"

// count has the rows in hand counted.
func (m *Model) count(env view.Env) view.Effect {
	f := m.market(env)
	if !f.Told() {
		return view.Effect{}
	}
	c := census{
		market: f.Value, kind: m.kind(), hidden: m.list.hidden, saved: env.Data.Memory.Searches, names: gpuNames(env),
		looked: maps.Clone(m.looked), stock: m.shelves(env),
	}
	if q, ok := m.search.about(f.Value.Search); ok {
		c.came = q.query
	}
	return view.Wait(command.Compute(env.Load, counting, c.survey))
}

// survey counts. It is pure.
func (c census) survey() survey {
	var s survey
	open := offerql.Query{}.Excluding(c.hidden.hosts, c.hidden.machines)
	for o := range onMarket(c.market) {
		if !vastapi.Known(pricing.Headline(o, c.kind)) {
			s.unpriced++
		}
		if !open.Match(o) {
			s.blocked++
		}
	}
	for i := range c.market.Rows {
		if r := &c.market.Rows[i]; r.Gone.IsZero() && c.market.Answers(r) && !c.came.Match(r.Offer) {
			s.ignored++
		}
	}
	s.known = offerql.KnownIn(onMarket(c.market)).WithNames(c.names)
	s.tallies = talliesOf(c.saved, c.stock, c.hidden, c.looked)
	return s
}

// onMarket are the offers of a market that have not left it.
func onMarket(m feed.Market) iter.Seq[*vastapi.Offer] {
	return func(yield func(*vastapi.Offer) bool) {
		for i := range m.Rows {
			if r := &m.Rows[i]; r.Gone.IsZero() && !yield(r.Offer) {
				return
			}
		}
	}
}

// surveyed takes a survey in.
func (m *Model) surveyed(env view.Env, msg command.Computed[survey]) {
	if msg.Err != nil {
		return
	}
	was := m.survey.blocked
	m.survey = msg.Value
	if m.survey.blocked == 0 && m.list.hidden.count() > 0 {
		m.survey.blocked = was // the server leaves them out by now
	}
	m.seen(env.Data.Memory.Searches)
	m.chips()
	if m.line.Focused() {
		m.complete()
	}
}

// advice is what to change about a query that finds nothing.
type advice struct {
	query offerql.Query // that finds nothing
	list  []offerql.Suggestion
	// With an all-in ceiling that leaves nothing: the ceiling, and how many offers
	// there are above it.
	most   vastapi.Rate
	dearer int
}

// matching is how many offers of a market satisfy a query.
func matching(q offerql.Query, market feed.Market) (n int) {
	for o := range onMarket(market) {
		if q.Match(o) {
			n++
		}
	}
	return n
}

// advising is the topic of advice.
const advising command.Topic = "market/advice"

// advise has it worked out which condition to drop, when nothing is shown.
func (m *Model) advise(env view.Env) view.Effect {
	f := m.market(env)
	if m.list.table.Pending() || m.list.table.Shown() > 0 || f.Value.Count() == 0 {
		return view.Effect{}
	}
	market := f.Value
	q := m.typed.Excluding(m.list.hidden.hosts, m.list.hidden.machines)
	most, full := m.query.most, m.query.query
	return view.Wait(command.Compute(env.Load, advising, func() advice {
		if most > 0 {
			return advice{query: q, most: most, dearer: matching(full, market)}
		}
		return advice{query: q, list: offerql.Diagnose(q, onMarket(market))}
	}))
}

// advised are the changes that would find something, the best first, while the
// query finds nothing. Blocks are not among them: they have a list of their own.
func (m *Model) advised() []offerql.Suggestion {
	if m.list.table.Pending() || m.list.table.Shown() > 0 {
		return nil
	}
	if q := m.typed.Excluding(m.list.hidden.hosts, m.list.hidden.machines); !m.advice.query.Equal(q) || m.advice.most != m.query.most {
		return nil
	}
	return m.advice.list
}

// tooDear is how many offers the all-in ceiling alone leaves out, while nothing is shown.
func (m *Model) tooDear() int {
	if m.query.most <= 0 || m.advice.most != m.query.most || m.list.table.Pending() || m.list.table.Shown() > 0 {
		return 0
	}
	return m.advice.dearer
}

// follow changes the query as the first piece of advice says.
func (m *Model) follow(env view.Env) view.Effect {
	if m.tooDear() > 0 {
		return m.limit(env, 0, false)
	}
	for _, s := range m.advised() {
		if !s.Blocks {
			return view.Join(m.set(env, s.Apply(m.line.Value())), m.rememberQuery())
		}
	}
	return view.Effect{}
}

// noAdvice says why there is nothing to follow, or "".
func (m *Model) noAdvice() string {
	if m.tooDear() > 0 {
		return ""
	}
	for _, s := range m.advised() {
		if !s.Blocks {
			return ""
		}
	}
	if m.list.table.Shown() > 0 {
		return "the query finds offers: there is no condition to drop"
	}
	return "no single condition stands in the way"
}

// gpuNames are the models that the API knows, as far as they were read.
func gpuNames(env view.Env) []string {
	var names []string
	for _, n := range env.Data.GPUNames.Value {
		names = append(names, n.String())
	}
	return names
}
