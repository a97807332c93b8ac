package offers

import (
	"fmt"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// onDemandOf is what the GPUs of the one offer of an order cost on demand on the same
// machine, as far as the market in hand or an earlier look tells it. It looks at the
// whole market: it is for the moment when a form is made.
func onDemandOf(o order, data *feed.Snapshot) feed.OnDemand {
	f := o.first()
	want := feed.GPUs{Machine: f.MachineID, Num: f.NumGPUs}
	if o.several() || o.kind != vastapi.Interruptible {
		return feed.OnDemand{Rate: vastapi.Unknown[vastapi.Rate]()}
	}
	return feed.OnDemandPrices(data.OffersOf(vastapi.OnDemand), data.Listings, []feed.GPUs{want})[want]
}

// bidPairs are what there is to know of a bid before it is placed: what it is held
// against, what it saves, and what an interruption costs.
func (o order) bidPairs(opt rental.RentOptions, price pricing.Breakdown) []view.Pair {
	f := o.first()
	if o.several() || o.kind != vastapi.Interruptible {
		return nil
	}
	list := []view.Pair{{}, {Value: "The bid"}}
	add := func(label, format string, args ...any) {
		list = append(list, view.Pair{Label: label, Value: fmt.Sprintf(format, args...)})
	}
	hold := pricing.Enough(f.MinBid)
	add("to hold", "%s", eachGPU(hold, f.NumGPUs))
	if bid := price.GPU; vastapi.Known(bid) && f.MinBid > 0 {
		add("it is", "%s, %.0f%% above the price to hold", eachGPU(bid, f.NumGPUs), 100*pricing.Margin(bid, f.MinBid))
		if risk := pricing.Risk(bid, f.MinBid); risk != "" && bid >= f.MinBid {
			list = append(list, view.Pair{Label: "then", Value: risk, Warn: true})
		}
	}
	list = append(list, o.savingPair(price.GPU))
	if loss := price.Total().For(15 * time.Minute); loss > 0 {
		add("outbid", "loses what was not saved: with a checkpoint every 30m about 15m of work, %s", figure.Amount(float64(loss)))
	}
	return append(list, view.Pair{Label: "paused", Value: "its disk is billed on; it resumes by itself, and its GPU is billed again then"})
}

// eachGPU is a rate of so many GPUs and, where they are several, of one.
func eachGPU(r vastapi.Rate, n int) string {
	if n < 2 || !vastapi.Known(r) {
		return figure.Rate(float64(r))
	}
	return figure.Rate(float64(r)) + ", " + figure.Rate(float64(pricing.PerGPU(r, n))) + " a GPU"
}

// savingPair compares a bid with what the same costs on demand.
func (o order) savingPair(bid vastapi.Rate) view.Pair {
	p := o.onDemand
	about := ""
	if p.About {
		about = "about "
	}
	switch {
	case !p.Known():
		return view.Pair{Label: "on demand", Value: "not known here: t shows the market on demand"}
	case !vastapi.Known(bid):
		return view.Pair{Label: "on demand", Value: about + figure.Rate(float64(p.Rate))}
	case bid >= p.Rate:
		return view.Pair{Label: "on demand", Value: about + figure.Rate(float64(p.Rate)) + ": no dearer than this bid, and never interrupted", Warn: true}
	}
	return view.Pair{Label: "on demand", Value: fmt.Sprintf("%s%s: the bid saves %s, %.0f%%", about, figure.Rate(float64(p.Rate)), figure.Rate(float64(p.Rate-bid)), 100*(1-float64(bid/p.Rate)))}
}
