package pricing

import "vastdeck/vastapi"

// Breakdown is a price in USD per hour by what is paid for. Traffic is billed
// by the GB and is no part of it.
type Breakdown struct {
	GPU  vastapi.Rate
	Disk vastapi.Rate
}

// Total is the sum of the parts, unknown when one of them is.
func (b Breakdown) Total() vastapi.Rate { return b.GPU + b.Disk }

// Offer is what o costs while it runs with a disk of the given size, whatever
// disk the search assumed. An interruptible offer is priced at the lowest bid
// that would run now; Bid prices it at another.
func Offer(o *vastapi.Offer, disk vastapi.GB) Breakdown {
	return Breakdown{GPU: offerGPU(o), Disk: OfferDisk(o, disk)}
}

// Bid is what o costs while it runs for a bid of the given rate (for the whole
// offer) with a disk of the given size.
func Bid(o *vastapi.Offer, bid vastapi.Rate, disk vastapi.GB) Breakdown {
	return Breakdown{GPU: bid, Disk: OfferDisk(o, disk)}
}

// OfferDisk is what a disk of the given size costs on o, running or stopped:
// storage_cost × size ÷ 720.
func OfferDisk(o *vastapi.Offer, disk vastapi.GB) vastapi.Rate {
	return o.StorageCost.Hourly(disk)
}

func offerGPU(o *vastapi.Offer) vastapi.Rate {
	if o.IsBid && vastapi.Known(o.MinBid) && o.MinBid > 0 {
		return o.MinBid
	}
	if vastapi.Known(o.DphBase) {
		return o.DphBase
	}
	return o.DphTotal - o.StorageTotal
}

// Running is what i costs while it runs. The GPU part of an interruptible
// instance is its bid.
func Running(i *vastapi.Instance) Breakdown {
	disk := Stopped(i)
	for _, total := range []vastapi.Rate{i.DphTotal, i.IfRunning} {
		if !vastapi.Known(i.DphBase) && vastapi.Known(total-disk) {
			return Breakdown{GPU: total - disk, Disk: disk}
		}
	}
	return Breakdown{GPU: i.DphBase, Disk: disk}
}

// Stopped is what i costs while it is stopped: its disk. The pricing guide says
// that hosts may ask more for the disk of a stopped instance; no field tells.
func Stopped(i *vastapi.Instance) vastapi.Rate {
	if r := i.StorageCost.Hourly(i.Disk); vastapi.Known(r) {
		return r
	}
	return i.StorageTotal
}

// Now is what i is billed at this moment: what the server says
// (instance.totalHour), or else what its actual_status is billed at. A machine
// that is offline is not billed; one without a heartbeat ("unknown") and one in
// a state not known here has no known rate.
func Now(i *vastapi.Instance) vastapi.Rate {
	if vastapi.Known(i.BilledNow) {
		return i.BilledNow
	}
	switch i.Actual.String() {
	case "running", "frozen", "rebooting", "recycling":
		return Running(i).Total()
	case "", "created", "loading", "stopped", "exited", "scheduling":
		return Stopped(i)
	case "offline":
		return 0
	}
	return vastapi.Unknown[vastapi.Rate]()
}
