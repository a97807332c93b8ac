package command

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// folding is the topic of taking pages into the market.
const folding Topic = "offers/fold"

// MarketFolded tells that the market of one rental type has changed: a page was
// taken into it, a search failed, or rows that were gone dropped out.
type MarketFolded struct {
	Answer                     // of the search: when its page arrived and what went wrong
	Search vastapi.OfferSearch // as it was asked for, without the window; its Type says whose market it is
	From   vastapi.Rate        // where the window of prices began
	Top    vastapi.Rate        // the dearest price of the page, 0 = there is none
	Rows   int                 // offers on the page
	Bad    int                 // rows of the page that could not be read
	More   bool                // the server has more beyond this page
	// Through says that the walk ends here: the server has no more, or all that
	// is kept is here.
	Through bool
	// Stuck says that the walk ends here without having seen everything, because
	// the server does not heed windows: the page lies below its own, or brought
	// nothing that the walk had not met, or there were too many.
	Stuck bool
	// Late says that nothing is to be asked for because of it: the search has been
	// overtaken by a newer one, or there was none.
	Late bool

	merged bool // the rows were added, or dropped out; no search was answered
	market feed.Market
	most   int
}

// Fold keeps the market.
func (m MarketFolded) Fold(s *feed.Snapshot) {
	f := s.OffersOf(m.Search.Type)
	switch {
	case m.merged && (m.Err != nil || !f.Told()):
		return
	case m.merged:
		f.Value = m.market
		f.Rev++
	case m.Err != nil:
		f.Apply(f.Value, m.At, m.Err)
	default:
		err, since := f.Err, f.Since
		f.Apply(m.market, m.At, nil)
		if err != nil && (!m.Through && !m.Stuck || since.After(m.At)) {
			f.Err, f.Since = err, since // one window of several does not mend what was wrong, nor does what came before
		}
	}
	s.SetOffers(m.Search.Type, f, 2*m.most)
}

// fold is a change of a market that waits for its turn.
type fold struct {
	found OffersFound
	late  bool // another search has overtaken it
	until time.Time
	past  int // the length of the answer that the page is beyond, to be learnt from; 0 = none
	learn func(length int, more bool)
}

// FoldOffers puts a page into the market. Sorting and telling rows apart take
// longer than a key may wait, so that it happens in a command: one at a time, in
// the order of arrival, none lost. late says that a newer search has overtaken
// this one: its rows are added and take nothing away. A search that failed needs
// none of it; see Failed.
func (s *Set) FoldOffers(d *feed.Snapshot, found OffersFound, late bool) tea.Cmd {
	if s.out || found.gen != 0 && found.gen <= s.before {
		return nil // asked for by somebody who has logged out
	}
	job := fold{found: found, late: late, learn: s.lengths.learn}
	if !late {
		job = s.measured(job)
	}
	s.folds = append(s.folds, job)
	return s.NextFold(d)
}

// measured decides whether the server has more than is on a page. When that is
// not certain it is taken to have, once, so that the walk looks beyond it: the next
// page tells.
func (s *Set) measured(job fold) fold {
	first := job.found.From <= 0
	if !first {
		job.past = s.past
	}
	s.past = 0
	more, probe := s.lengths.cut(job.found.Page, first)
	if job.found.More = job.found.More || more; probe {
		s.past = rowsOf(job.found.Page)
	}
	return job
}

// ExpireOffers drops the rows of the shown market that have been gone for long enough.
func (s *Set) ExpireOffers(d *feed.Snapshot, now time.Time) tea.Cmd {
	next := d.Offers.Value.NextExpiry()
	if next.IsZero() || now.Before(next) || s.Folding() {
		return nil
	}
	s.folds = append(s.folds, fold{found: OffersFound{Search: vastapi.OfferSearch{Type: d.Kind}}, until: now})
	return s.NextFold(d)
}

// Folding reports whether a page is on its way into the market.
func (s *Set) Folding() bool { return s.Busy(folding) || len(s.folds) > 0 }

// Answering reports whether a page that answers the newest search is on its way
// into the market. What only adds rows or lets them drop out is none.
func (s *Set) Answering() bool { return s.Busy(folding) && s.counting || s.Overtaken() }

// Overtaken reports whether a page that answers a search waits behind the one
// that is being taken in.
func (s *Set) Overtaken() bool {
	return slices.ContainsFunc(s.folds, func(f fold) bool { return !f.adds() })
}

// NextFold starts the next change of a market, if one waits and none is under
// way. It is called when MarketFolded has been taken in.
func (s *Set) NextFold(d *feed.Snapshot) tea.Cmd {
	if len(s.folds) == 0 || s.Busy(folding) {
		return nil
	}
	job := s.folds[0]
	s.folds = s.folds[1:]
	s.counting = !job.adds()
	base := d.OffersOf(job.found.Search.Type).Value
	return Run(s.Runner, folding,
		func(context.Context) (MarketFolded, error) { return job.into(base), nil },
		func(a Answer, m MarketFolded) tea.Msg {
			if a.Err != nil { // it panicked
				m = job.found.folded()
				m.merged, m.Late = job.adds(), job.adds()
			}
			m.Answer = Answer{Topic: a.Topic, Err: a.Err, At: job.found.At, Took: job.found.Took, gen: a.gen}
			return m
		})
}

// adds reports whether the job answers no search.
func (f fold) adds() bool { return f.late || !f.until.IsZero() }

// into works the market out that follows from a job.
func (f fold) into(base feed.Market) MarketFolded {
	m := f.found.folded()
	m.merged, m.Late = f.adds(), f.adds()
	switch {
	case !f.until.IsZero():
		m.market = base.Expired(f.until)
	case f.late:
		m.market = base.Merge(f.found.Page, f.found.Search, f.found.At)
	default:
		f.walkOn(&m, base)
	}
	return m
}

// walkOn works the market out that follows from a page, and whether the walk
// through the windows of prices ends with it.
func (f fold) walkOn(m *MarketFolded, base feed.Market) {
	p := f.found
	next := base.With(p.Page, p.Search, p.From, p.More, p.At)
	fresh := next.Fresh() > 0
	if n := rowsOf(p.Page); f.past > 0 && n <= f.past {
		f.learn(f.past, fresh)
		if fresh && n == f.past && !p.More {
			next, m.More = base.With(p.Page, p.Search, p.From, true, p.At), true
		}
	}
	next = next.Cheapest(p.Most)
	m.Through = !m.More || next.Holds(p.Page, p.Most)
	m.Stuck = !m.Through && (m.Top < p.From || m.Top > p.From && !fresh || next.Windows() >= mostWindows(p.Most, p.Page.Asked))
	if m.Through || m.Stuck {
		next = next.Walked()
	}
	m.market = next
}

// mostWindows is how many windows a walk reads at most, when so many offers are
// kept and so many are asked for at once: enough for a server that gives its 64,
// half of them of prices that stood on the page before.
func mostWindows(offers, asked int) int {
	if offers <= 0 {
		offers = 100_000
	}
	news := max(1, min(asked, leastLimit)/2)
	return max(1, offers/news) + 2
}

// Failed is what a search that failed comes to; there is nothing to work out.
func (m OffersFound) Failed() MarketFolded { return m.folded() }

// folded is what is told of a page.
func (m OffersFound) folded() MarketFolded {
	return MarketFolded{
		Answer: m.Answer, Search: m.Search, From: m.From, Top: dearest(m.Page.Offers),
		Rows: len(m.Page.Offers), Bad: m.Page.Bad, More: m.More, most: m.Most,
	}
}

// dearest is the highest price that was told, 0 = none.
func dearest(page []vastapi.Offer) vastapi.Rate {
	var r vastapi.Rate
	for n := range page {
		if p := page[n].DphTotal; p > r {
			r = p
		}
	}
	return r
}

// MarketShown answers ShowMarket.
type MarketShown struct {
	Answer
	Kind vastapi.RentalType
}

// Fold makes the market of that rental type the shown one.
func (m MarketShown) Fold(s *feed.Snapshot) { s.ShowOffers(m.Kind) }

// ShowMarket tells whose market the market view shows. Those of the other rental
// types stay, so that switching back shows them at once; a view that switches
// draws Snapshot.OffersOf, because the answer comes a moment later.
func (l Loads) ShowMarket(kind vastapi.RentalType) tea.Cmd {
	return Run(l.s.Runner, "offers/kind", func(context.Context) (vastapi.RentalType, error) { return kind, nil },
		func(a Answer, k vastapi.RentalType) tea.Msg { return MarketShown{a, k} })
}
