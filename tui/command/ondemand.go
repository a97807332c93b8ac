package command

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// Listings is the topic of looking up what machines are offered for on demand.
const Listings Topic = "listings"

// mostLookedUp is how many machines are looked up at once; offersEach is how many
// offers a machine is expected to have.
const (
	mostLookedUp = 60
	offersEach   = 5
)

// ListingsRead answers LoadListings.
type ListingsRead struct {
	Answer
	Machines []vastapi.MachineID // that were asked about
	Offers   []vastapi.Offer     // theirs, on demand
}

// Fold keeps what the machines are offered for.
func (m ListingsRead) Fold(s *feed.Snapshot) {
	if !Cancelled(m.Err) {
		s.SetListings(m.Machines, m.Offers, m.At, m.Err)
	}
}

// LoadListings asks what machines are offered for on demand, all in one search that
// gives way to every other: at most 60 of them, the first ones. It is nil while an
// answer is on its way.
func (l Loads) LoadListings(machines []vastapi.MachineID) tea.Cmd {
	if l.closed() || len(machines) == 0 || l.s.Busy(Listings) {
		return nil
	}
	asked := slices.Clone(machines[:min(len(machines), mostLookedUp)])
	ids := make([]any, len(asked))
	for n, id := range asked {
		ids[n] = int64(id)
	}
	q := vastapi.OfferSearch{
		Filter: vastapi.Filter{"machine_id": {"in": ids}}, Type: vastapi.OnDemand,
		Limit: offersEach*len(asked) + 1, Order: [][2]string{{"dph_total", "asc"}},
	}
	api := l.s.api
	return Run(l.s.Runner, Listings,
		func(ctx context.Context) (vastapi.OfferPage, error) {
			return api.SearchOffers(vastapi.WithPriority(ctx, vastapi.PriorityWatch), q)
		},
		func(a Answer, p vastapi.OfferPage) tea.Msg {
			m := ListingsRead{Answer: a, Machines: asked}
			for _, o := range p.Offers {
				if slices.Contains(asked, o.MachineID) { // a server that ignores the filter sends others
					m.Offers = append(m.Offers, o)
				}
			}
			return m
		})
}
