package bids

import (
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// Listed is a bid as the list shows it, for whoever draws no screen.
type Listed struct {
	*vastapi.Instance
	Name     string       // its label without the token of the rental, inert
	State    string       // what the column State says
	Now      vastapi.Rate // what it is billed at this moment
	Bid      vastapi.Rate // what is bid for all its GPUs
	Hold     vastapi.Rate // what a bid has to reach to run now
	OnDemand vastapi.Rate // what the same GPUs cost on demand
	Margin   float64      // by how much the bid is above the price to hold, in percent of that
	Saving   float64      // by how much the bid is below the price on demand, in percent of that
}

// Account is what bids are picked from, as it was read at a moment.
type Account struct {
	Page   vastapi.InstancePage
	Asked  []vastapi.MachineID // whose offers were looked up
	Offers []vastapi.Offer     // theirs, on demand
	At     time.Time
}

// Picker picks the bids from what was read.
type Picker func(Account) []Listed

// Pick reads a query and an order as the view does. What only a run of the program can
// see, such as how often a bid was outbid, is not known to what it gives. The error, if
// any, is an *offerql.Error about the query, or an *offerql.OrderError.
func Pick(query, order string) (Picker, error) {
	choose, err := language.Select(query, order)
	if err != nil {
		return nil, err
	}
	return func(a Account) []Listed {
		roll, _ := feed.Roll{}.With(feed.Reading{Page: a.Page, At: a.At}, feed.Around{})
		var market feed.Snapshot
		market.SetListings(a.Asked, a.Offers, a.At, nil)
		in := material{list: roll.Page.Instances, now: a.At, traces: roll.Traces, listings: market.Listings}
		rows := choose(in.read().rows)
		out := make([]Listed, len(rows))
		for n, r := range rows {
			out[n] = Listed{
				Instance: r.Instance, Name: r.name, State: r.stand.word, Now: pricing.Now(r.Instance), Bid: r.DphBase, Hold: r.MinBid,
				OnDemand: r.price.Rate, Margin: margin(r.Instance) * 100, Saving: r.saving() * 100,
			}
		}
		return out
	}, nil
}

// Complete lists what may stand at the end of a query about bids.
func Complete(query string) []offerql.Candidate { return language.Complete(query, len(query), nil) }
