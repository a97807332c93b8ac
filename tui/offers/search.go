package offers

import (
	"math"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// question is what is looked for: the query with the policy and the blocks, how
// it would be rented and what prices are for.
type question struct {
	query  offerql.Query
	prices prices
	most   vastapi.Rate // the highest price, 0 = any: checked here only
	listed bool         // most is about the price listed, else about the price all-in
}

// search is the question as the server is asked it.
func (q question) search() vastapi.OfferSearch {
	return vastapi.OfferSearch{Filter: q.query.Filter(false), Type: q.prices.kind, Storage: q.prices.job.Disk}
}

// equal reports whether the server is asked the same.
func (q question) equal(p question) bool {
	return q.prices.kind == p.prices.kind && q.prices.job.Disk == p.prices.job.Disk && q.query.Equal(p.query)
}

// shows reports whether q and p admit the same rows.
func (q question) shows(p question) bool {
	return q.equal(p) && q.most == p.most && q.listed == p.listed && (q.most == 0 || q.prices.job == p.prices.job)
}

// keep is what rows are filtered by.
func (q question) keep() func(*feed.Row) bool {
	if q.most <= 0 {
		return func(r *feed.Row) bool { return q.query.Match(r.Offer) }
	}
	most, price := float64(q.most), q.prices.allIn
	if q.listed {
		price = q.prices.headline
	}
	return func(r *feed.Row) bool { return q.query.Match(r.Offer) && price(r.Offer) <= most }
}

// narrows reports whether all that q admits was admitted by older.
func (q question) narrows(older question) bool {
	return q.prices.kind == older.prices.kind && q.prices.job.Disk == older.prices.job.Disk && q.query.Narrows(older.query)
}

// search is what was asked and how far the answer has come.
type search struct {
	loaded  question // what the offers in hand were asked for with
	asked   question // what the search under way asks for
	walking bool     // the next window of prices has been asked for
	passed  bool     // this walk has left out offers of one price that the server does not give
	skipped bool     // offers in hand lack some for that reason
}

// here reports whether all that a question admits is in hand.
func (s *search) here(q question, f feed.Feed[feed.Market]) bool {
	return f.Told() && !f.Value.More && !s.skipped && q.narrows(s.loaded)
}

// about is the question that the rows of a market's newest search came for; there
// is none when they came for one that is forgotten.
func (s *search) about(newest vastapi.OfferSearch) (question, bool) {
	for _, q := range []question{s.asked, s.loaded} {
		if q.prices.kind != "" && feed.SameSearch(q.search(), newest) {
			return q, true
		}
	}
	return question{}, false
}

// missing reports whether the server has to be asked for what a question admits.
// A narrower one waits for the first answer, which tells whether there is more.
func (s *search) missing(q question, f feed.Feed[feed.Market]) bool {
	if s.here(q, f) || q.equal(s.asked) {
		return false
	}
	return f.Told() || !q.narrows(s.asked)
}

// wanted is the question that the server is asked: what is looked for or, while
// that cannot be, what was asked before, so that the rows in hand stay true.
func (m *Model) wanted() question {
	if m.clash == "" && !m.bad {
		return m.query
	}
	q := m.query
	q.query = m.asking(offerql.Query{}).query
	if m.search.loaded.prices.kind == m.kind() {
		q.query = m.search.loaded.query
	}
	return q
}

// seek searches for what is looked for. Everything that comes back is checked
// here again, because filters have been seen to be ignored.
func (m *Model) seek(env view.Env, typed bool) view.Effect {
	m.search.asked, m.search.passed = m.wanted(), false
	q := m.search.asked.search()
	if typed {
		return view.Wait(env.Load.SearchTyped(q))
	}
	return view.Wait(env.Load.SearchOffers(q))
}

// walk goes on to the next window of prices while the server has more.
func (m *Model) walk(env view.Env, msg command.MarketFolded) view.Effect {
	s := &m.search
	s.walking = false
	switch {
	case msg.Err != nil:
		s.asked = question{} // nothing came: whoever types asks anew
		return view.Effect{}
	case msg.More && !m.wanted().equal(s.asked):
		return m.seek(env, true) // the rest of what is no longer wanted is left alone
	case msg.Through:
		s.loaded, s.skipped = s.asked, s.passed
		return m.again(env)
	case msg.Stuck:
		s.loaded, s.skipped = s.asked, true
		return m.again(env)
	}
	from := msg.Top
	if from == msg.From {
		// A full page of one price: the rest of that price cannot be had, what is dearer can.
		from = vastapi.Rate(math.Nextafter(float64(msg.From), math.Inf(1)))
		s.passed, s.skipped = true, true
	}
	s.walking = true
	return view.Wait(env.Load.MoreOffers(msg.Search, from))
}

// again asks once more at the end of a walk for what was not wanted any more: its
// rows have taken the place of those that are wanted now.
func (m *Model) again(env view.Env) view.Effect {
	q := m.wanted()
	if q.equal(m.search.asked) || m.search.here(q, m.market(env)) {
		return view.Effect{}
	}
	return m.seek(env, true)
}

// look shows what a changed question admits: the rows in hand at once, and the
// server is asked a moment later when it may have rows that are not here.
func (m *Model) look(env view.Env, next question) view.Effect {
	if !next.shows(m.query) {
		m.query = next
		m.clash = next.query.Contradiction()
		m.list.filter(next)
	}
	arranging := view.Join(m.arrange(env), m.advise(env))
	if m.clash != "" || m.bad || m.search.here(m.query, m.market(env)) {
		return arranging
	}
	return view.Join(arranging, view.Wait(env.Load.AfterTyping()))
}

// first goes to the first row: the best match of another query.
func (m *Model) first(env view.Env) view.Effect {
	m.list.table.Home()
	return m.arrange(env)
}

// switchTo shows the market of another rental type.
func (m *Model) switchTo(env view.Env, kind vastapi.RentalType) view.Effect {
	m.others[m.kind()] = m.search
	left := m.former.Leave(env, &m.list.table)
	m.query.prices.kind = kind
	m.former = m.formerOf(kind)
	m.search = m.others[kind].taken(env.Data.OffersOf(kind))
	m.survey, m.advice = survey{tallies: m.survey.tallies}, advice{}
	m.chips()
	m.list.reprice(m.query.prices)
	if m.query.most > 0 {
		m.list.filter(m.query)
	}
	m.list.seen = -1
	m.detail.scroll = 0
	loaded := m.load(env)
	return view.Join(left, loaded, view.Wait(env.Load.ShowMarket(kind)))
}

// taken is a search that is taken up again: what the rows in hand were asked for
// with may have changed since it was left.
func (s search) taken(f feed.Feed[feed.Market]) search {
	s.walking = false
	if s.asked.prices.kind == "" && s.loaded.prices.kind == "" {
		return search{}
	}
	q, ok := s.about(f.Value.Search)
	s.loaded = question{}
	if ok && f.Value.Complete() {
		s.loaded = q
	}
	return s
}

// shown asks for the market that has come to be shown, unless what is here of it
// was read just now.
func (m *Model) shown(env view.Env) view.Effect {
	m.list.seen = -1
	loaded := m.load(env)
	f := m.market(env)
	if f.Err == nil && env.Now.Sub(f.Value.Since) < fresh && m.search.here(m.wanted(), f) {
		return view.Join(loaded, m.count(env), m.advise(env))
	}
	return view.Join(loaded, m.seek(env, true))
}
