package bids

import (
	"time"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// How far back a price to hold is looked at, and within which time a rise counts.
const (
	movesSince  = 24 * time.Hour
	movesWithin = time.Hour
)

// moved is by how much the price to hold of an instance was seen to rise: within an hour
// of the last day in this run, or from one half of a day to the next in the week that
// is remembered, whichever is more.
func (in *material) moved(i *vastapi.Instance) rental.Moved {
	m := rental.Moved{Rise: feed.RiseWithin(in.traces[i.ID].Holds, movesWithin, in.now.Add(-movesSince)), When: "within an hour, as this run has seen"}
	prices := in.trends[feed.Slot{Machine: i.MachineID, GPUs: i.NumGPUs, Kind: vastapi.Interruptible}]
	for n := 1; n < len(prices); n++ {
		if rise := prices[n]/prices[n-1] - 1; rise > m.Rise { // not so where one is not known
			m = rental.Moved{Rise: rise, When: "within half a day of the last week, as is remembered"}
		}
	}
	return m
}
