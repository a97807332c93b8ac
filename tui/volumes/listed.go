package volumes

import (
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// Listed is a volume as the list shows it, for whoever draws no screen.
type Listed struct {
	*vastapi.Volume
	State   string // what the column Status says
	Kind    string // local or network
	Holders []vastapi.InstanceID
	Problem string // unused or idle, "" = nothing is wrong
}

// Picker picks from an account's volumes and what holds them, as they were read at a
// moment.
type Picker func(list []vastapi.Volume, instances []vastapi.Instance, at time.Time) []Listed

// Pick reads a query and an order as the view does. The error, if any, is an
// *offerql.Error about the query, or an *offerql.OrderError.
func Pick(query, order string) (Picker, error) {
	choose, err := language.Select(query, order)
	if err != nil {
		return nil, err
	}
	return func(list []vastapi.Volume, instances []vastapi.Instance, at time.Time) []Listed {
		rows := choose(rowsOf(list, instances, at))
		out := make([]Listed, len(rows))
		for n, r := range rows {
			out[n] = Listed{Volume: &r.Volume, State: stateWords[r.state], Kind: r.kindWord(), Problem: r.kind}
			for _, h := range r.holders {
				out[n].Holders = append(out[n].Holders, h.id)
			}
		}
		return out
	}, nil
}

// Complete lists what may stand at the end of a query about volumes.
func Complete(query string) []offerql.Candidate { return language.Complete(query, len(query), nil) }
