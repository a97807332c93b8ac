package offers

import (
	"fmt"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// tally is how many offers in hand a saved search finds.
type tally struct {
	known bool
	found int
	least bool // there may be more that are not here
	old   bool // it was counted among rows that are not asked for any more
	added int  // since it was looked at
	gone  int
	keys  offerKeys // what it finds, nil when that is not kept
}

type offerKeys map[feed.OfferKey]struct{}

// looked is what a saved search found when it was looked at last.
type looked struct {
	query string
	kind  vastapi.RentalType
	keys  offerKeys
}

// mostKeys is how many offers of a search are told apart from those that it finds later.
const mostKeys = 2000

func (t tally) text() string {
	s := ""
	switch {
	case !t.known:
		return ""
	case t.least:
		s = " " + fit.Cut(count(t.found), 8) + "+"
	default:
		s = " " + count(t.found)
	}
	if t.old {
		s += "?"
	}
	if t.added > 0 {
		s += fmt.Sprintf(" +%d", t.added)
	}
	if t.gone > 0 {
		s += fmt.Sprintf(" −%d", t.gone)
	}
	return s
}

// shelf is one rental type's market as searches are counted in it.
type shelf struct {
	kind   vastapi.RentalType
	market feed.Market
	loaded offerql.Query // what its rows were asked for with
	whole  bool          // all that loaded admits is here
	old    bool
}

// shelves are the markets in hand, the one that is shown first.
func (m *Model) shelves(env view.Env) []shelf {
	f := m.market(env)
	list := []shelf{{kind: m.kind(), market: f.Value, loaded: m.search.loaded.query, whole: !f.Value.More && !m.search.skipped}}
	for _, kind := range kinds {
		f := env.Data.OffersOf(kind)
		if kind == m.kind() || !f.Told() {
			continue
		}
		s := m.others[kind].taken(f)
		list = append(list, shelf{
			kind: kind, market: f.Value, loaded: s.loaded.query, whole: s.loaded.prices.kind != "" && !s.skipped,
			old: env.Now.Sub(f.Value.Since) > tooOld,
		})
	}
	return list
}

// tooOld is the age above which a count is marked as of another time.
const tooOld = 3 * command.EveryOffers

// talliesOf counts what each saved search finds on the shelf of its rental type.
func talliesOf(list []feed.SavedSearch, shelves []shelf, hidden blocks, before map[string]looked) map[string]tally {
	out := make(map[string]tally, len(list))
	for _, s := range list {
		q, err := offerql.Parse(s.Query)
		if err != nil {
			continue
		}
		q = q.WithDefaults().Excluding(hidden.hosts, hidden.machines)
		for i := range shelves {
			if shelves[i].kind == feed.KindOf(s.Kind) {
				out[s.Name] = shelves[i].tally(s, q, before[s.Name])
			}
		}
	}
	return out
}

func (l *shelf) tally(s feed.SavedSearch, q offerql.Query, was looked) tally {
	t := tally{known: true, least: !l.whole || !q.Narrows(l.loaded), old: l.old, keys: offerKeys{}}
	for i := range l.market.Rows {
		if r := &l.market.Rows[i]; r.Gone.IsZero() && q.Match(r.Offer) {
			if t.found++; t.found <= mostKeys {
				t.keys[r.Key] = struct{}{}
			}
		}
	}
	if t.least || t.found > mostKeys {
		t.keys = nil // what is missing here may be there
	}
	if t.keys != nil && was.keys != nil && was.query == s.Query && was.kind == s.Kind {
		t.added, t.gone = t.keys.without(was.keys), was.keys.without(t.keys)
	}
	return t
}

// without is how many of k are not among others.
func (k offerKeys) without(others offerKeys) (n int) {
	for key := range k {
		if _, have := others[key]; !have {
			n++
		}
	}
	return n
}

// tally is how a saved search is counted now: nothing is new in the one that is shown.
func (m *Model) tally(s feed.SavedSearch) tally {
	t := m.survey.tallies[s.Name]
	if m.shows(s) {
		t.added, t.gone = 0, 0
	}
	return t
}

// see notes what a saved search finds as looked at.
func (m *Model) see(s feed.SavedSearch) {
	t := m.survey.tallies[s.Name]
	if t.keys == nil {
		return
	}
	m.looked[s.Name] = looked{query: s.Query, kind: s.Kind, keys: t.keys}
	t.added, t.gone = 0, 0
	m.survey.tallies[s.Name] = t
}

// seen notes what is looked at, and what is counted for the first time.
func (m *Model) seen(list []feed.SavedSearch) {
	for _, s := range list {
		was, ever := m.looked[s.Name]
		if !ever || was.query != s.Query || was.kind != s.Kind || m.shows(s) {
			m.see(s)
		}
	}
}
