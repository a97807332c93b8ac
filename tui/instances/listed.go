package instances

import (
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// Listed is an instance as the list shows it, for whoever draws no screen.
type Listed struct {
	*vastapi.Instance
	Name     string       // its label without the token of the rental, inert
	State    rental.State // what the column Status says
	Type     string       // on-demand or bid
	Now      vastapi.Rate // what it is billed at this moment
	Running  vastapi.Rate // what it is billed while it runs
	Problems []string     // kinds of what is wrong with it, as far as one reading can tell
}

// Picker picks from an account's instances, as they were read at a moment.
type Picker func(page vastapi.InstancePage, at time.Time) []Listed

// Pick reads a query and an order as the view does. What only a run of the program can
// see, such as how long something has lasted, is not known to what it gives. The error,
// if any, is an *offerql.Error about the query, or an *offerql.OrderError.
func Pick(query, order string) (Picker, error) {
	choose, err := language.Select(query, order)
	if err != nil {
		return nil, err
	}
	return func(page vastapi.InstancePage, at time.Time) []Listed {
		roll, _ := feed.Roll{}.With(feed.Reading{Page: page, At: at}, feed.Around{})
		rows := choose(material{list: roll.Page.Instances, at: at, now: at, traces: roll.Traces}.read().rows)
		out := make([]Listed, len(rows))
		for n, r := range rows {
			out[n] = Listed{
				Instance: &r.Instance, Name: r.name, State: r.state, Type: kind(r), Now: pricing.Now(&r.Instance),
				Running: whileRunning(&r.Instance), Problems: problemKinds(r),
			}
		}
		return out
	}, nil
}

// Complete lists what may stand at the end of a query about instances.
func Complete(query string) []offerql.Candidate { return language.Complete(query, len(query), nil) }
