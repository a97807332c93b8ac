package offers

import (
	"fmt"

	"vastdeck/tui/feed"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// prices is what every price of the market is worked out for. It is a value:
// columns keep the one they were made with, so that rows can be sorted by them
// elsewhere while the user changes his mind.
type prices struct {
	kind  vastapi.RentalType
	job   pricing.Job
	apart bool       // the rows in hand are priced for another disk than the job's
	past  *feed.Past // what is remembered of earlier days; nil = nothing yet
}

// jobOf is the workload that is remembered, or the usual one.
func jobOf(w feed.Workload) pricing.Job {
	j := pricing.Job{Disk: w.Disk, Hours: w.Hours, In: w.In, Out: w.Out}
	if w == (feed.Workload{}) || !j.Valid() {
		w = feed.DefaultWorkload()
		j = pricing.Job{Disk: w.Disk, Hours: w.Hours, In: w.In, Out: w.Out}
	}
	return j
}

// headline is the price that an offer is listed with, in $/h. While the rows in
// hand are priced for another disk it is worked out for the job's.
func (p prices) headline(o *vastapi.Offer) float64 { return float64(p.listed(o)) }

func (p prices) listed(o *vastapi.Offer) vastapi.Rate {
	r := pricing.Headline(o, p.kind)
	if p.reckoned() && vastapi.Known(r) {
		return pricing.For(o, p.kind, p.job.Disk).Total()
	}
	return r
}

// reckoned reports whether the headline is worked out here. A bid has no disk in it.
func (p prices) reckoned() bool { return p.apart && p.kind != vastapi.Interruptible }

func (p prices) perGPU(o *vastapi.Offer) float64 {
	return float64(pricing.PerGPU(p.listed(o), o.NumGPUs))
}

func (p prices) cost(o *vastapi.Offer) pricing.JobCost { return pricing.ForJob(o, p.kind, p.job) }

// allIn is what the machine, the disk and the traffic come to, in $/h.
func (p prices) allIn(o *vastapi.Offer) float64 { return float64(p.cost(o).AllIn()) }

// total is what the whole job costs, in $.
func (p prices) total(o *vastapi.Offer) float64 { return float64(p.cost(o).Total()) }

// value is the marketplace's measure: DLPerf for one $/h of the price listed.
func (p prices) value(o *vastapi.Offer) float64 {
	return pricing.DLPerfPerDollar(p.listed(o), o.DLPerf)
}

// flops is TFLOPS for one $/h of the price listed.
func (p prices) flops(o *vastapi.Offer) float64 {
	return pricing.DLPerfPerDollar(p.listed(o), o.TotalFlops)
}

// kinds are the rental types in the order in which a key goes through them.
var kinds = []vastapi.RentalType{vastapi.OnDemand, vastapi.Interruptible, vastapi.Reserved}

// nextKind is the rental type after k.
func nextKind(k vastapi.RentalType) vastapi.RentalType {
	for i, kind := range kinds {
		if kind == k {
			return kinds[(i+1)%len(kinds)]
		}
	}
	return kinds[1]
}

// kindName says a rental type in one or two words.
func kindName(k vastapi.RentalType) string {
	switch k {
	case vastapi.Interruptible:
		return "bid"
	case vastapi.Reserved:
		return "reserved"
	}
	return "on-demand"
}

// priceTitle names the price that a rental type is listed with.
func priceTitle(k vastapi.RentalType) string {
	switch k {
	case vastapi.Interruptible:
		return "Lowest bid"
	case vastapi.Reserved:
		return "Reserved"
	}
	return "$/h"
}

// priceSentence says what the price of a rental type is.
func priceSentence(k vastapi.RentalType) string {
	switch k {
	case vastapi.Interruptible:
		return "the lowest bid that would run now, for all GPUs, without the disk (min_bid)"
	case vastapi.Reserved:
		return "the discounted price with the disk, when paid in advance (discounted_dph_total)"
	}
	return "the price on demand with the disk (dph_total)"
}

// jobText says what prices are worked out for: "10 GB disk, 1d, 5 GB in".
func jobText(j pricing.Job) string {
	s := fmt.Sprintf("%s disk, %s", figure.GB(float64(j.Disk)), figure.Hours(j.Hours))
	if j.In > 0 {
		s += fmt.Sprintf(", %s in", figure.GB(float64(j.In)))
	}
	if j.Out > 0 {
		s += fmt.Sprintf(", %s out", figure.GB(float64(j.Out)))
	}
	return s
}
