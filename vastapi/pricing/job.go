package pricing

import (
	"math"

	"vastdeck/vastapi"
)

// Job is what a machine is wanted for: the figures that make prices comparable.
type Job struct {
	Disk  vastapi.GB
	Hours float64
	In    vastapi.GB // traffic to the machine
	Out   vastapi.GB // traffic from the machine
}

// JobCost is what a Job comes to on one offer, by what is paid for.
type JobCost struct {
	Breakdown                // while it runs
	Job       Job            // what it was worked out for
	In        vastapi.Amount // the traffic to the machine, inet_down_cost × GB
	Out       vastapi.Amount // the traffic from the machine, inet_up_cost × GB
}

// For is what o costs per hour while it runs with a disk of the given size when
// it is rented as kind: on demand its own price, interruptible the lowest bid
// that would run now (min_bid), reserved the discounted price
// (discounted_dph_total). It is unknown where the offer does not tell that
// price, e.g. the price on demand of an offer that was searched for as a bid.
func For(o *vastapi.Offer, kind vastapi.RentalType, disk vastapi.GB) Breakdown {
	return Breakdown{GPU: gpuAs(o, kind), Disk: OfferDisk(o, disk)}
}

func gpuAs(o *vastapi.Offer, kind vastapi.RentalType) vastapi.Rate {
	unknown := vastapi.Unknown[vastapi.Rate]()
	switch kind {
	case vastapi.Interruptible:
		if o.MinBid > 0 {
			return o.MinBid
		}
		return unknown
	case vastapi.Reserved:
		if o.DiscountedDphTotal > 0 {
			return o.DiscountedDphTotal - o.StorageTotal
		}
		return unknown
	}
	if o.IsBid {
		return unknown
	}
	return offerGPU(o)
}

// Headline is the one figure that the market lists an offer of this kind with:
// dph_total, min_bid (without the disk) or discounted_dph_total.
func Headline(o *vastapi.Offer, kind vastapi.RentalType) vastapi.Rate {
	price := o.DphTotal
	switch kind {
	case vastapi.Interruptible:
		price = o.MinBid
	case vastapi.Reserved:
		price = o.DiscountedDphTotal
	default:
		if o.IsBid {
			return vastapi.Unknown[vastapi.Rate]()
		}
		return price
	}
	if !(price > 0) { // 0 stands for "none" in these two
		return vastapi.Unknown[vastapi.Rate]()
	}
	return price
}

// ForJob is what j comes to on o when it is rented as kind. Traffic that is not
// wanted costs nothing, whatever its price.
func ForJob(o *vastapi.Offer, kind vastapi.RentalType, j Job) JobCost {
	return JobCost{
		Breakdown: For(o, kind, j.Disk), Job: j,
		In: traffic(o.InetDownCost, j.In), Out: traffic(o.InetUpCost, j.Out),
	}
}

func traffic(price vastapi.PerGB, size vastapi.GB) vastapi.Amount {
	if size == 0 {
		return 0
	}
	return price.Cost(size)
}

// AllIn is the job's price per hour with its traffic spread over its hours. A
// job of no length has no traffic per hour: it is unknown unless there is none.
func (c JobCost) AllIn() vastapi.Rate {
	moved := c.In + c.Out
	if moved == 0 {
		return c.Breakdown.Total()
	}
	if !(c.Job.Hours > 0) {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return c.Breakdown.Total() + vastapi.Rate(float64(moved)/c.Job.Hours)
}

// Total is what the whole job costs: the hours and the traffic.
func (c JobCost) Total() vastapi.Amount {
	return vastapi.Amount(float64(c.Breakdown.Total())*c.Job.Hours) + c.In + c.Out
}

// Valid reports whether every figure of j is a number that a job can have:
// none below 0, none without end, and some time to run.
func (j Job) Valid() bool {
	for _, v := range []float64{float64(j.Disk), j.Hours, float64(j.In), float64(j.Out)} {
		if !(v >= 0) || math.IsInf(v, 0) {
			return false
		}
	}
	return j.Hours > 0
}
