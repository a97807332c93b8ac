package command

import (
	"context"
	"fmt"
	"maps"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// OffersFound answers SearchOffers and MoreOffers. It changes nothing by itself:
// FoldOffers puts its page into the market, away from Update.
type OffersFound struct {
	Answer
	Search vastapi.OfferSearch // as it was asked for, without the window
	From   vastapi.Rate        // where the window of prices began
	Page   vastapi.OfferPage
	More   bool // the server has more beyond this page
	Most   int  // offers kept at most, the cheapest; 0 = all
}

// SearchOffers asks for the cheapest offers that satisfy q.
func (l Loads) SearchOffers(q vastapi.OfferSearch) tea.Cmd {
	return l.window(q, 0, vastapi.PriorityNormal)
}

// SearchTyped is SearchOffers for a query the user has just typed: it goes
// before what refreshes by itself.
func (l Loads) SearchTyped(q vastapi.OfferSearch) tea.Cmd {
	return l.window(q, 0, vastapi.PriorityTyped)
}

// Typed is the topic that is due when no key of a query has been pressed for a moment.
const Typed Topic = "offers/typed"

// AfterTyping makes Typed due unless another key comes first.
func (l Loads) AfterTyping() tea.Cmd { return l.s.Again(Typed, QuietAfterKey) }

// MoreOffers asks for the offers of the same search that cost at least from:
// the server cuts long answers, so a whole market is walked in windows of price.
func (l Loads) MoreOffers(q vastapi.OfferSearch, from vastapi.Rate) tea.Cmd {
	return l.window(q, from, vastapi.PriorityNormal)
}

// MarketMax is how many offers are kept at most.
func (l Loads) MarketMax() int { return l.s.cfg.Market.Max }

func (l Loads) window(q vastapi.OfferSearch, from vastapi.Rate, urgency vastapi.Priority) tea.Cmd {
	if l.closed() {
		return nil
	}
	ask := q
	ask.Limit = l.s.cfg.Market.Limit
	ask.Order = [][2]string{{"dph_total", "asc"}}
	if from > 0 {
		ask.Filter = withFloor(q.Filter, from)
	}
	most := l.MarketMax()
	api := l.s.api // the client of this moment: a later one may be another account's
	return Run(l.s.Runner, Offers,
		func(ctx context.Context) (vastapi.OfferPage, error) {
			return api.SearchOffers(vastapi.WithPriority(ctx, urgency), ask)
		},
		func(a Answer, p vastapi.OfferPage) tea.Msg {
			return OffersFound{Answer: a, Search: q, From: from, Page: p, More: p.Full(), Most: most}
		})
}

// withFloor adds the start of a price window to a filter, without touching it. A
// bound of the filter's own that is higher stays: filters have been seen to be
// ignored, and then pages begin below it.
func withFloor(f vastapi.Filter, from vastapi.Rate) vastapi.Filter {
	next := maps.Clone(f)
	if next == nil {
		next = vastapi.Filter{}
	}
	ops := maps.Clone(next["dph_total"])
	if ops == nil {
		ops = map[string]any{}
	}
	if own, ok := ops["gte"].(float64); !ok || own < float64(from) {
		ops["gte"] = float64(from)
	}
	next["dph_total"] = ops
	return next
}

// OfferReread answers RereadOffer. Gone says that the offer is no longer on the market.
type OfferReread struct {
	Answer
	Offer vastapi.Offer
	Gone  bool
	Disk  vastapi.GB
}

// RereadOffer reads one offer's price again for a disk of the given size,
// before money moves. Filtering on id has been seen to match nothing;
// ask_contract_id does.
func (l Loads) RereadOffer(id vastapi.OfferID, kind vastapi.RentalType, disk vastapi.GB) tea.Cmd {
	if l.closed() {
		return nil
	}
	q := vastapi.OfferSearch{
		Filter:  vastapi.Filter{"ask_contract_id": {"in": []any{int64(id)}}},
		Type:    kind,
		Storage: disk,
		Limit:   8,
	}
	api := l.s.api
	return Run(l.s.Runner, Topic(fmt.Sprintf("offer/%d", id)),
		func(ctx context.Context) (vastapi.OfferPage, error) {
			return api.SearchOffers(vastapi.WithPriority(ctx, vastapi.PriorityReread), q)
		},
		func(a Answer, p vastapi.OfferPage) tea.Msg {
			for _, o := range p.Offers {
				if o.ID == id {
					return OfferReread{Answer: a, Offer: o, Disk: disk}
				}
			}
			return OfferReread{Answer: a, Gone: a.Err == nil, Disk: disk, Offer: vastapi.Offer{ID: id}}
		})
}
