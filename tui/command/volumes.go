package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
)

// The topics of searching for places where volumes can be made.
const (
	Places      Topic = "volume places"
	PlacesTyped Topic = "volume places/typed" // due when no key of a query has been pressed for a moment
	PlaceReread Topic = "volume place"
)

// PlacesFound answers SearchPlaces and RereadPlace.
type PlacesFound struct {
	Answer
	Search vastapi.OfferSearch // as it was asked for, without limit and order
	Page   vastapi.OfferPage   // the cheapest GB first
	More   bool                // the server has more, dearer ones
}

// SearchPlaces asks where a volume of q.Storage can be made, the cheapest first. A
// query that the user has typed goes before what is asked by itself; the client
// spaces searches out (5.5 s), and one that still waits is given up for a newer one.
func (l Loads) SearchPlaces(q vastapi.OfferSearch) tea.Cmd {
	return l.places(Places, q, vastapi.PriorityTyped)
}

// RereadPlace asks again what place there is on one machine for a volume of size.
func (l Loads) RereadPlace(machine vastapi.MachineID, size vastapi.GB) tea.Cmd {
	q := vastapi.OfferSearch{Filter: vastapi.Filter{"machine_id": {"eq": int64(machine)}}, Storage: size}
	return l.places(PlaceReread, q, vastapi.PriorityReread)
}

// AfterTypingPlaces makes PlacesTyped due unless another key comes first.
func (l Loads) AfterTypingPlaces() tea.Cmd { return l.s.Again(PlacesTyped, QuietAfterKey) }

func (l Loads) places(topic Topic, q vastapi.OfferSearch, urgency vastapi.Priority) tea.Cmd {
	if l.closed() {
		return nil
	}
	ask := q
	ask.Type, ask.Limit, ask.Order = "", l.s.cfg.Market.Limit, [][2]string{{"storage_cost", "asc"}}
	api := l.s.api // the client of this moment: a later one may be another account's
	return Run(l.s.Runner, topic,
		func(ctx context.Context) (vastapi.OfferPage, error) {
			return api.SearchVolumes(vastapi.WithPriority(ctx, urgency), ask)
		},
		func(a Answer, p vastapi.OfferPage) tea.Msg {
			return PlacesFound{Answer: a, Search: q, Page: p, More: p.Full()}
		})
}
