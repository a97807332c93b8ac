package command

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/rental"
)

// seenPrices is what an answer of the market comes to for the history.
type seenPrices struct {
	at     time.Time
	quotes []seenPrice
	gone   []feed.Slot
	whole  bool // the quotes are all that their models are offered for
}

type seenPrice struct {
	feed.Slot
	model string
	price float64
}

// pricesSeen are the prices of a market in hand. They are the whole of their models
// when the market is, and nothing but the default policy, or models of GPU, was
// asked for: any other condition leaves out offers of a model. What is here besides
// is left out then. A slot that left under one offer's id and is there under another
// one is not gone; of two offers of a slot the cheaper one counts.
func pricesSeen(m feed.Market, kind vastapi.RentalType, at time.Time) seenPrices {
	models, plain := onlyModels(m.Search.Filter)
	p := seenPrices{at: at, whole: plain && m.Complete()}
	policy := offerql.Defaults()
	place := map[feed.Slot]int{}
	for n := range m.Rows {
		r := &m.Rows[n]
		q := seenPrice{feed.SlotOf(r.Offer, kind), r.Offer.GPUName.String(), float64(feed.RememberedPrice(r.Offer, kind))}
		if !r.Gone.IsZero() || !hasPrice(q) || p.whole && (!policy.Match(r.Offer) || models != nil && !models[q.model]) {
			continue
		}
		if at, twice := place[q.Slot]; twice {
			p.quotes[at].price = math.Min(p.quotes[at].price, q.price)
			continue
		}
		place[q.Slot] = len(p.quotes)
		p.quotes = append(p.quotes, q)
	}
	for n := range m.Rows {
		r := &m.Rows[n]
		slot := feed.SlotOf(r.Offer, kind)
		if _, here := place[slot]; !r.Gone.IsZero() && !here {
			p.gone = append(p.gone, slot)
		}
	}
	return p
}

func hasPrice(q seenPrice) bool {
	return q.Machine > 0 && q.GPUs > 0 && q.model != "" && q.price > 0 && !math.IsInf(q.price, 0)
}

// onlyModels reports whether a filter holds nothing but the default policy and,
// perhaps, models of GPU: those are named then, nil = all.
func onlyModels(f vastapi.Filter) (models map[string]bool, plain bool) {
	const column = "gpu_name"
	rest := make(vastapi.Filter, len(f))
	for c, ops := range f {
		if c != column {
			rest[c] = ops
		}
	}
	if !reflect.DeepEqual(rest, offerql.Defaults().Filter(false)) {
		return nil, false
	}
	if f[column] == nil {
		return nil, true
	}
	if len(f[column]) != 1 {
		return nil, false
	}
	models = map[string]bool{}
	for op, v := range f[column] {
		switch list := v.(type) {
		case []any:
			for _, name := range list {
				models[fmt.Sprint(name)] = true
			}
		case []string:
			for _, name := range list {
				models[name] = true
			}
		default:
			models[fmt.Sprint(v)] = true
		}
		if op != "eq" && op != "in" {
			return nil, false
		}
	}
	return models, true
}

// launchOf is how the latest start of an instance stands, if it was seen from its
// beginning.
func launchOf(i *vastapi.Instance, t feed.Trace) (feed.Launch, bool) {
	s := t.Watched.Startup
	if s.Instance == 0 || i.MachineID == 0 || s.Began.IsZero() {
		return feed.Launch{}, false
	}
	l := feed.Launch{Instance: i.ID, Machine: i.MachineID, Host: i.HostID, At: s.Began}
	if s.Ready() && s.Took() < leastStart {
		return feed.Launch{}, false // it was up when it was first seen
	}
	if states := t.Watched.States; len(states) > 0 && states[0].At.Equal(s.Began) && i.Start.Before(s.Began) {
		// It was on its way when it was first seen. If it is new, it began with its contract.
		if i.Start.IsZero() || s.Began.Sub(i.Start) > newContract {
			return feed.Launch{}, false
		}
		l.At = i.Start
	}
	if s.Ready() {
		l.Ready = s.Began.Add(s.Took()).Sub(l.At)
		return l, true
	}
	for _, p := range t.Problems {
		if p.Kind == rental.ProblemHopeless || p.Kind == rental.ProblemStuck {
			l.Failed = string(p.Kind)
			if p.Evidence != "" {
				l.Failed = shortened(p.Evidence)
			}
			return l, true
		}
	}
	state := t.State(i)
	return l, state.Class == rental.ClassMoving && (state.Word == "LOADING" || state.Word == "CREATING")
}

// newContract is how old a contract can be whose first start is still under way.
const newContract = 2 * time.Hour

// leastStart is the least time in which anything starts.
const leastStart = time.Second

// mostWhy is how many characters of a reason are remembered.
const mostWhy = 120

func shortened(text string) string {
	if r := []rune(text); len(r) > mostWhy {
		return string(r[:mostWhy-1]) + "…"
	}
	return text
}

// differs reports whether a launch stands otherwise than it was noted.
func differs(a, b feed.Launch) bool {
	return a.Ready != b.Ready || (a.Failed == "") != (b.Failed == "") || !a.At.Equal(b.At)
}

// recordBySearching asks for the market on demand when nobody has read all of it for
// ten minutes: at the lowest priority, so that it gives way to every other search,
// and one window of prices after the other.
func (s *Set) recordBySearching(now time.Time) tea.Cmd {
	k := &s.memoir
	last := k.whole[vastapi.OnDemand]
	for _, t := range []time.Time{k.since, k.sought} {
		if t.After(last) {
			last = t
		}
	}
	if !s.writes() || !s.cfg.History.Search || s.Loads().closed() || s.Busy(Recording) || now.Sub(last) < EveryRecord {
		return nil
	}
	k.sought = now
	s.patient[Recording] = true
	api, limit, most, file := s.api, s.cfg.Market.Limit, s.cfg.Market.Max, k.ledger
	return Run(s.Runner, Recording, func(ctx context.Context) (bool, error) {
		m, err := wholeMarket(vastapi.WithPriority(ctx, vastapi.PriorityRecorder), api, limit, most)
		if err != nil {
			return false, err
		}
		return writePrices(ctx, file, pricesSeen(m, vastapi.OnDemand, time.Now()))
	}, func(a Answer, whole bool) tea.Msg {
		return HistoryWritten{Answer: a, Kind: vastapi.OnDemand, Whole: whole}
	})
}

// wholeMarket walks through what the default policy admits on demand. A window
// beyond the last one tells whether an answer was cut.
func wholeMarket(ctx context.Context, api API, limit, most int) (m feed.Market, err error) {
	search := vastapi.OfferSearch{Filter: offerql.Defaults().Filter(false), Type: vastapi.OnDemand, Storage: feed.DefaultWorkload().Disk}
	var from vastapi.Rate
	for range mostWindows(most, limit) {
		ask := search
		ask.Limit, ask.Order = limit, [][2]string{{"dph_total", "asc"}}
		if from > 0 {
			ask.Filter = withFloor(search.Filter, from)
		}
		page, err := api.SearchOffers(ctx, ask)
		if err != nil {
			return m, err
		}
		more := page.Full() || rowsOf(page) > leastLimit
		next := m.With(page, search, from, more, time.Now())
		if more && next.Fresh() == 0 && !page.Full() {
			return m.With(page, search, from, false, time.Now()), nil
		}
		m = next
		top := dearest(page.Offers)
		switch {
		case !more, top < from, most > 0 && m.Count() >= most:
			return m, nil
		case top == from:
			top = vastapi.Rate(math.Nextafter(float64(from), math.Inf(1)))
		}
		from = top
	}
	return m, nil
}
