package feed

import (
	"time"

	"vastdeck/vastapi"
)

// HoldAt is what a bid had to reach to hold its GPUs, in $/h, from a moment on, as
// readings have told it.
type HoldAt struct {
	Unix  int64 // the moment, in seconds since 1970
	Price vastapi.Rate
}

// MostHolds is how many prices to hold are kept of a bid, the newest.
const MostHolds = 32

// held are the prices to hold with that of a reading, when it is another one. The older
// slice stays as it is.
func held(list []HoldAt, i *vastapi.Instance, at time.Time) []HoldAt {
	n := len(list)
	if !i.Bid || !(i.MinBid > 0) || n > 0 && alike(list[n-1].Price, i.MinBid) {
		return list
	}
	list = list[max(0, n-MostHolds+1):]
	out := make([]HoldAt, 0, len(list)+1)
	return append(append(out, list...), HoldAt{at.Unix(), i.MinBid})
}

// RiseWithin is by how much of itself a price to hold has risen at most within a stretch
// of time, of what was seen since; 0 when it never did.
func RiseWithin(list []HoldAt, stretch time.Duration, since time.Time) float64 {
	most := 0.0
	for n := range list {
		high := list[n]
		if high.Unix < since.Unix() {
			continue
		}
		for before := n - 1; before >= 0; before-- {
			// It held until the next one was seen.
			if list[before+1].Unix < high.Unix-int64(stretch/time.Second) {
				break
			}
			most = max(most, float64(high.Price/list[before].Price)-1)
		}
	}
	return most
}
