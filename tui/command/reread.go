package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// OffersReread answers RereadOffers: those of the offers that are still on the market.
type OffersReread struct {
	Answer
	Tag    string // what it was asked for, as the caller named it
	Offers []vastapi.Offer
}

// Find returns one of the offers that were read.
func (m OffersReread) Find(id vastapi.OfferID) (vastapi.Offer, bool) {
	for _, o := range m.Offers {
		if o.ID == id {
			return o, true
		}
	}
	return vastapi.Offer{}, false
}

// RereadOffers reads the prices of offers again, all in one search, for a disk
// of the given size, before money moves. Filtering on id has been seen to match
// nothing; ask_contract_id does. tag tells questions apart that may be under way
// at once.
func (l Loads) RereadOffers(tag string, ids []vastapi.OfferID, kind vastapi.RentalType, disk vastapi.GB) tea.Cmd {
	if l.closed() {
		return nil
	}
	list := make([]any, len(ids))
	wanted := make(map[vastapi.OfferID]bool, len(ids))
	for n, id := range ids {
		list[n], wanted[id] = int64(id), true
	}
	q := vastapi.OfferSearch{
		Filter:  vastapi.Filter{"ask_contract_id": {"in": list}},
		Type:    kind,
		Storage: disk,
		Limit:   len(ids) + 8,
	}
	api := l.s.api
	return Run(l.s.Runner, Topic("reread/"+tag),
		func(ctx context.Context) (vastapi.OfferPage, error) {
			return api.SearchOffers(vastapi.WithPriority(ctx, vastapi.PriorityReread), q)
		},
		func(a Answer, p vastapi.OfferPage) tea.Msg {
			m := OffersReread{Answer: a, Tag: tag}
			for _, o := range p.Offers {
				if wanted[o.ID] { // a server that ignores the filter sends others
					wanted[o.ID] = false
					m.Offers = append(m.Offers, o)
				}
			}
			return m
		})
}
