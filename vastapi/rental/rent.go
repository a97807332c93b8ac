package rental

import (
	"errors"
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// PlanRent plans to rent o, which was read at offerAt. It fails, in the user's
// words, when that cannot be done at all.
func PlanRent(o vastapi.Offer, offerAt time.Time, opt RentOptions, d Desk) (Plan, error) {
	d = d.sure()
	if problems := opt.Validate(&o); len(problems) > 0 {
		return Plan{}, problems[0]
	}
	price, err := rentable(&o, opt)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{
		ID: d.newID(), Verb: "rent", Title: rentTitle(&o), Button: "Rent", Keep: "Cancel",
		Mode: Chain, Consent: Consent{Kind: ConsentChoose},
	}
	p.Steps = []Step{rentStep(&o, opt, price, p.ID)}
	p.Facts = rentFacts(&o, opt, price)
	p.Cost = pricing.Between(d.before(), price.Total(), d.Credit)
	p.Warnings = rentWarnings(&o, opt, price, d)
	p.Checks, p.Ceiling = checkCaps(price.Total(), d)
	p.Consent = overCaps(p.Consent, p.Checks)
	p.Basis = d.basis(offerAt)
	p.Basis.Facts = []Fact{offerFact(&o, opt, price)}
	return p, nil
}

// maxRate is above what any machine of the marketplace costs; a higher price is
// a mistake of somebody's.
const maxRate vastapi.Rate = 1000

// rentable works out the price, or says why the offer cannot be rented.
func rentable(o *vastapi.Offer, opt RentOptions) (pricing.Breakdown, error) {
	price := pricing.Offer(o, opt.Disk)
	if opt.Bid != nil {
		price = pricing.Bid(o, *opt.Bid, opt.Disk)
	}
	total := price.Total()
	switch {
	case o.Rented.Yes():
		return price, errors.New("this offer is rented by this account already")
	case o.Rentable.No():
		return price, errors.New("this offer cannot be rented any more: search again and pick another")
	case o.IsBid && opt.Bid == nil:
		return price, errors.New("this is the price of an interruptible rental: name a bid, or search on-demand offers")
	case !vastapi.Known(total):
		return price, errors.New("the price of this offer is not known, so it is not rented: pick another")
	case price.GPU <= 0 || price.Disk < 0 || total > maxRate:
		return price, fmt.Errorf("the price of this offer cannot be right (%s), so it is not rented: pick another", pricing.Shown(total))
	}
	return price, nil
}

func rentTitle(o *vastapi.Offer) string {
	title := fmt.Sprintf("Rent %d× %s", o.NumGPUs, model(o.GPUName))
	if place := countryName(o.Country); place != "" {
		title += " in " + place
	}
	return title
}

func rentStep(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown, planID string) Step {
	token := tokenOf(planID, 0)
	env := map[string]string{opVariable: token}
	for k, v := range opt.Env {
		env[k] = v
	}
	return Step{
		Verb:   "rent",
		Target: "offer " + o.ID.String(),
		Detail: fmt.Sprintf("%d× %s · machine %d · disk %s", o.NumGPUs, quoted(o.GPUName), o.MachineID, gb(opt.Disk)),
		Undo:   UndoByDestroy,
		Call: vastapi.CreateInstance{
			Offer: o.ID, Image: opt.Image, Disk: opt.Disk, Label: Label(opt.Name, token),
			Env: env, Price: opt.Bid, CancelUnavail: true,
		},
		Subject: Subject{Offer: o.ID, Machine: o.MachineID},
		Token:   token,
		Rate:    price.Total(),
	}
}

func offerFact(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown) Fact {
	return Fact{
		Subject:  Subject{Offer: o.ID, Machine: o.MachineID},
		Text:     fmt.Sprintf("offer %d: %s with a disk of %s", o.ID, pricing.Shown(price.Total()), gb(opt.Disk)),
		GPU:      o.GPUName,
		GPUs:     o.NumGPUs,
		Price:    price,
		Disk:     opt.Disk,
		InCost:   o.InetDownCost,
		OutCost:  o.InetUpCost,
		Bid:      opt.Bid,
		Verified: o.Verified(),
	}
}

func rentFacts(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown) []Line {
	total := price.Total()
	name := "none"
	if opt.Name != "" {
		name = safetext.Quote(opt.Name, maxQuoted)
	}
	return []Line{
		{"offer", o.ID.String()},
		{"machine", fmt.Sprintf("%d of host %d", o.MachineID, o.HostID)},
		{"place", quoted(o.Geolocation)},
		{"GPU", fmt.Sprintf("%d× %s, %s each", o.NumGPUs, quoted(o.GPUName), vram(o.GPURAM))},
		{"verified", verified(o)},
		{"reliability", percent(o.Reliability)},
		{"CUDA", decimal(o.CUDA)},
		{"disk", gb(opt.Disk)},
		{"image", safetext.Quote(opt.Image, maxImageShown)},
		{"name", name},
		{"type", rentalType(opt)},
		{"GPU price", pricing.Shown(price.GPU)},
		{"disk price", pricing.Shown(price.Disk) + ", " + monthly(price.Disk) + ", stopped too"},
		{"all in", pricing.Shown(total) + ", " + pricing.Money(total.Day()) + " a day"},
		{"traffic", perGB(o.InetDownCost) + " in, " + perGB(o.InetUpCost) + " out"},
	}
}

// maxImageShown leaves room for a registry, a path and a digest's beginning.
const maxImageShown = 80

func verified(o *vastapi.Offer) string {
	switch v := o.Verification.String(); {
	case o.Verified():
		return "yes"
	case v == "":
		return "not known"
	case v == "deverified":
		return "no, it lost its verification"
	}
	return "no"
}

func rentalType(opt RentOptions) string {
	if opt.Bid == nil {
		return "on-demand: it is yours until you destroy it"
	}
	return "interruptible: a higher bid stops it at any moment"
}

func vram(m vastapi.MiB) string {
	if !vastapi.Known(m) {
		return "? GB"
	}
	return fmt.Sprintf("%.0f GB", float64(m)/1024)
}

func percent(fraction float64) string {
	if !vastapi.Known(fraction) {
		return "not known"
	}
	switch p := fraction * 100; {
	case p < 100 && p >= 99.95:
		return "99.9%" // what is not quite 100 never looks as if it were
	case p > 0 && p < 0.05:
		return "<0.1%"
	default:
		return fmt.Sprintf("%.1f%%", p)
	}
}

func decimal(v float64) string {
	if !vastapi.Known(v) {
		return "not known"
	}
	return fmt.Sprintf("%.1f", v)
}
