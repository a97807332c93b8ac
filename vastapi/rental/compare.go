package rental

import (
	"fmt"
	"strconv"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// againstOffer compares what was shown of an offer with newer data about it.
func (f Fact) againstOffer(o *vastapi.Offer) []Change {
	d := differences{subject: f.Subject}
	if o.Rentable.No() {
		return []Change{{Subject: f.Subject, What: "offer", Gone: true}}
	}
	d.text("GPU", f.GPU, o.GPUName)
	d.number("GPUs", f.GPUs, o.NumGPUs)
	d.number("machine", int(f.Subject.Machine), int(o.MachineID))
	if f.Verified && !o.Verified() {
		d.add("verification", "verified", "not verified")
	}
	if o.DiskSpace < f.Disk {
		d.add("disk on offer", gb(f.Disk), gb(o.DiskSpace))
	}
	d.prices(f, o)
	return d.list
}

// againstReread is againstOffer for a row that was asked for to be sure: what it
// does not tell of the price does not hold. A row of another search says nothing
// about a price, and so may Plan.Moved be lenient, but money is not spent on it.
func (f Fact) againstReread(o *vastapi.Offer) []Change {
	changes := f.againstOffer(o)
	d := differences{subject: f.Subject}
	switch {
	case o.Rentable.No():
	case f.Bid == nil && o.IsBid:
		d.add("GPU price", pricing.Shown(f.Price.GPU), pricing.Unpriced)
	case f.Bid != nil && !vastapi.Known(o.MinBid):
		d.add("lowest bid that wins", "at most "+pricing.Shown(*f.Bid), pricing.Unpriced)
	}
	return append(d.list, changes...)
}

// differences collects the changes of one subject.
type differences struct {
	subject Subject
	list    []Change
}

func (d *differences) add(what, was, is string) {
	d.list = append(d.list, Change{Subject: d.subject, What: what, Was: was, Is: is})
}

func (d *differences) text(what string, was, is safetext.Text) {
	if !was.Equal(is) {
		d.add(what, quoted(was), quoted(is))
	}
}

func (d *differences) number(what string, was, is int) {
	if was != is {
		d.add(what, strconv.Itoa(was), strconv.Itoa(is))
	}
}

// prices compares the parts of the price. The two kinds of search price an
// offer differently, so a row of the other kind says nothing about the GPU.
func (d *differences) prices(f Fact, o *vastapi.Offer) {
	now := pricing.Breakdown{GPU: f.Price.GPU, Disk: pricing.OfferDisk(o, f.Disk)}
	switch {
	case f.Bid != nil:
		if o.MinBid > *f.Bid {
			d.add("lowest bid that wins", "at most "+pricing.Shown(*f.Bid), pricing.ShownEnough(o.MinBid))
		}
	case !o.IsBid:
		now.GPU = pricing.Offer(o, f.Disk).GPU
	}
	if now.GPU <= 0 {
		now.GPU = vastapi.Unknown[vastapi.Rate]() // nothing is rented for nothing
	}
	d.price("GPU price", f.Price.GPU, now.GPU, pricing.Shown)
	d.price("disk price", f.Price.Disk, now.Disk, monthly)
	if !d.rose() {
		d.price("price", f.Price.Total(), now.Total(), pricing.Shown)
	}
	d.traffic("traffic in", f.InCost, o.InetDownCost)
	d.traffic("traffic out", f.OutCost, o.InetUpCost)
}

func (d *differences) rose() bool {
	for _, c := range d.list {
		if !c.Lower {
			return true
		}
	}
	return false
}

// price adds a change when was and is are shown differently.
func (d *differences) price(what string, was, is vastapi.Rate, show func(vastapi.Rate) string) {
	if show(was) == show(is) {
		return
	}
	d.add(what, show(was), show(is))
	d.list[len(d.list)-1].Lower = is < was
}

func (d *differences) traffic(what string, was, is vastapi.PerGB) {
	if perGB(was) == perGB(is) {
		return
	}
	d.add(what, perGB(was), perGB(is))
	d.list[len(d.list)-1].Lower = is < was
}

// againstInstance compares an instance with newer data about it; nil means it
// is not there any more.
func (f Fact) againstInstance(i *vastapi.Instance) []Change {
	if i == nil {
		return []Change{{Subject: f.Subject, What: "instance", Gone: true}}
	}
	d := differences{subject: f.Subject}
	d.text("name", f.Label, i.Label)
	d.number("machine", int(f.Subject.Machine), int(i.MachineID))
	if f.Starts {
		now := pricing.Running(i)
		d.price("price", f.Price.Total(), now.Total(), pricing.Shown)
		d.price("disk price", f.Price.Disk, now.Disk, monthly)
	}
	if f.Lowered > 0 && i.DphBase < f.Lowered && pricing.Shown(i.DphBase) != pricing.Shown(f.Lowered) {
		d.add("bid", pricing.Shown(f.Lowered), pricing.Shown(i.DphBase))
	}
	return d.list
}

// monthly shows a disk's rate as what it comes to in a month: by the hour most
// disks cost less than can be shown.
func monthly(r vastapi.Rate) string { return pricing.Money(r.Month()) + " a month" }

func perGB(p vastapi.PerGB) string {
	if !vastapi.Known(p) {
		return pricing.Unpriced
	}
	return fmt.Sprintf("$%.4f/GB", float64(p))
}
