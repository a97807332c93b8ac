package feed

import (
	"maps"
	"math"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// mostListings is how many machines' listings are kept, the newest.
const mostListings = 256

// Listing is what a machine was offered for on demand when it was looked up.
type Listing struct{ Offers []vastapi.Offer }

// SetListings keeps what the machines asked about are offered for on demand; those
// without an offer are offered for nothing. A failure is kept beside the older value.
func (s *Snapshot) SetListings(asked []vastapi.MachineID, offers []vastapi.Offer, at time.Time, err error) {
	next := maps.Clone(s.Listings)
	if next == nil {
		next = map[vastapi.MachineID]Feed[Listing]{}
	}
	found := map[vastapi.MachineID][]vastapi.Offer{}
	for n := range offers {
		found[offers[n].MachineID] = append(found[offers[n].MachineID], offers[n])
	}
	for _, id := range asked {
		f := next[id]
		f.Apply(Listing{found[id]}, at, err)
		next[id] = f
	}
	for len(next) > mostListings {
		oldest, first := vastapi.MachineID(0), true
		for id, f := range next {
			if first || f.At.Before(next[oldest].At) {
				oldest, first = id, false
			}
		}
		delete(next, oldest)
	}
	s.Listings = next
}

// OnDemand is what GPUs of a machine cost on demand, in $/h without disk.
type OnDemand struct {
	Rate  vastapi.Rate // unknown = not told
	At    time.Time    // when that was read; zero = never
	About bool         // worked out from an offer of another number of GPUs
	None  bool         // it was looked up, and the machine is not offered on demand
}

// Known reports whether there is a price.
func (o OnDemand) Known() bool { return vastapi.Known(o.Rate) }

// GPUs are so many GPUs of one machine.
type GPUs struct {
	Machine vastapi.MachineID
	Num     int
}

// OnDemandPrices works out what each of wants costs on demand, from the market in
// hand and from what was looked up, whichever is newer. It looks at every row once.
func OnDemandPrices(market Feed[Market], listings map[vastapi.MachineID]Feed[Listing], wants []GPUs) map[GPUs]OnDemand {
	out := make(map[GPUs]OnDemand, len(wants))
	seen := make(map[vastapi.MachineID][]*vastapi.Offer, len(wants))
	for _, w := range wants {
		out[w] = OnDemand{Rate: vastapi.Unknown[vastapi.Rate]()}
		seen[w.Machine] = nil
	}
	for n := range market.Value.Rows {
		r := &market.Value.Rows[n]
		if list, wanted := seen[r.Offer.MachineID]; wanted && r.Gone.IsZero() {
			seen[r.Offer.MachineID] = append(list, r.Offer)
		}
	}
	for w := range out {
		best := priceAmong(seen[w.Machine], w.Num, market.Value.Since)
		if f := listings[w.Machine]; f.Told() && (!best.Known() || f.At.After(best.At)) {
			var list []*vastapi.Offer
			for n := range f.Value.Offers {
				list = append(list, &f.Value.Offers[n])
			}
			best = priceAmong(list, w.Num, f.At)
			best.At, best.None = f.At, !best.Known()
		}
		out[w] = best
	}
	return out
}

// priceAmong is the cheapest of the offers with so many GPUs, else what the offer
// whose number is nearest asks a GPU.
func priceAmong(list []*vastapi.Offer, gpus int, at time.Time) OnDemand {
	best, apart := OnDemand{Rate: vastapi.Unknown[vastapi.Rate]()}, math.MaxInt
	for _, o := range list {
		rate := pricing.For(o, vastapi.OnDemand, 0).GPU
		if !(rate > 0) || o.NumGPUs < 1 || gpus < 1 {
			continue
		}
		off := max(o.NumGPUs-gpus, gpus-o.NumGPUs)
		rate = rate / vastapi.Rate(o.NumGPUs) * vastapi.Rate(gpus)
		if off < apart || off == apart && rate < best.Rate {
			best, apart = OnDemand{Rate: rate, At: at, About: off != 0}, off
		}
	}
	return best
}

// Like are so many GPUs of one model, on whatever machine.
type Like struct {
	Model string // as offers spell it
	Num   int
}

// CheapestOnDemand is the lowest price on demand, in $/h without disk, among the offers
// of the market in hand for each of wants; those that it does not have are left out.
func CheapestOnDemand(market Feed[Market], wants []Like) map[Like]vastapi.Rate {
	out := map[Like]vastapi.Rate{}
	wanted := make(map[Like]bool, len(wants))
	for _, w := range wants {
		wanted[w] = true
	}
	if len(wanted) == 0 {
		return out
	}
	for n := range market.Value.Rows {
		r := &market.Value.Rows[n]
		like := Like{r.Offer.GPUName.String(), r.Offer.NumGPUs}
		if !wanted[like] || !r.Gone.IsZero() || r.Offer.Rentable.No() || r.Offer.Rented.Yes() {
			continue
		}
		rate := pricing.For(r.Offer, vastapi.OnDemand, 0).GPU
		if old, known := out[like]; rate > 0 && (!known || rate < old) {
			out[like] = rate
		}
	}
	return out
}
