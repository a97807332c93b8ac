package rental

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// PlanRent plans to rent o, which was read at offerAt. It fails, in the user's
// words, when that cannot be done at all.
//
// A Reserved rental is a Chain of two steps: it is rented on demand, then paid
// ahead. The second names no instance yet: it is for the one that the first
// makes.
func PlanRent(o vastapi.Offer, offerAt time.Time, opt RentOptions, d Desk) (Plan, error) {
	d = d.sure()
	if problems := opt.Validate(&o); len(problems) > 0 {
		return Plan{}, problems[0]
	}
	price, err := rentable(&o, opt)
	if err != nil {
		return Plan{}, err
	}
	if opt.Prepay > 0 && opt.Prepay > d.Credit {
		return Plan{}, FieldError{"prepay", fmt.Sprintf("there is a credit of %s: pay in first, or pay less ahead", pricing.Money(d.Credit))}
	}
	p := Plan{
		ID: d.newID(), Verb: "rent", Title: rentTitle(&o), Button: "Rent", Keep: "Cancel",
		Mode: Chain, Consent: Consent{Kind: ConsentChoose},
	}
	rate := price.Total() + opt.Volume.Rate()
	p.Steps = rentSteps(&o, opt, price, p.ID)
	n := opt.needs()
	p.Facts = rentFacts(&o, opt, n, price, d)
	p.Cost = rentCost(rate, opt, d)
	p.Warnings = rentWarnings(&o, opt, n, price, d)
	p.Checks, p.Ceiling = checkCaps(rate, d.afterPaying(opt.Prepay))
	p.Ceiling.Credit += opt.Prepay // it is still there when the plan begins
	p.Checks = append(p.Checks, rentChecks(&o, opt, n, d)...)
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
	case !vastapi.Known(opt.Volume.Rate()):
		return price, FieldError{"volume", "the price of a new volume is not known, so it is not rented: link one, or do without"}
	}
	return price, nil
}

// rentCost is what renting does to the bill. What is paid ahead leaves the
// credit at once; until then the price is the on-demand one.
func rentCost(rate vastapi.Rate, opt RentOptions, d Desk) pricing.Delta {
	c := pricing.Between(d.Before(), rate, d.Credit)
	c.DueNow = opt.Prepay
	c.RunwayAfter = pricing.SpanOf(d.afterPaying(opt.Prepay).Credit, c.After)
	return c
}

func rentTitle(o *vastapi.Offer) string {
	title := fmt.Sprintf("Rent %d× %s", o.NumGPUs, model(o.GPUName))
	if place := countryName(o.Country); place != "" {
		title += " in " + place
	}
	return title
}

func rentSteps(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown, planID string) []Step {
	steps := []Step{rentStep(o, opt, price, planID)}
	if opt.RentalType() == vastapi.Reserved {
		steps = append(steps, Step{
			Verb: "prepay", Target: "the instance of step 1",
			Detail: pricing.Money(opt.Prepay) + " is taken from the credit at once and lowers its price",
			Undo:   UndoPrepay, Call: vastapi.PrepayInstance{Amount: opt.Prepay},
			Subject: Subject{Machine: o.MachineID},
		})
	}
	return steps
}

// UndoPrepay is the way back from paying ahead (pricing guide of the marketplace:
// what is left comes back, less the discount received so far and 5 % of it).
const UndoPrepay Undo = "destroy pays back what is left, less the discount received so far and 5% of that"

func rentStep(o *vastapi.Offer, opt RentOptions, price pricing.Breakdown, planID string) Step {
	token := tokenOf(planID, 0)
	return Step{
		Verb:    "rent",
		Target:  "offer " + o.ID.String(),
		Detail:  fmt.Sprintf("%d× %s · machine %d · disk %s", o.NumGPUs, quoted(o.GPUName), o.MachineID, gb(opt.Disk)),
		Undo:    UndoByDestroy,
		Call:    createCall(o, opt, token),
		Subject: Subject{Offer: o.ID, Machine: o.MachineID},
		Token:   token,
		Rate:    price.Total() + opt.Volume.Rate(),
	}
}

// createCall is the request for opt, which is valid.
func createCall(o *vastapi.Offer, opt RentOptions, token string) vastapi.CreateInstance {
	run, _ := opt.RunType() // valid options have one
	l := opt.Launch
	c := vastapi.CreateInstance{
		Offer: o.ID, Type: opt.RentalType(), Price: opt.Bid,
		Image: opt.Image, Template: opt.Template.Hash, ImageLogin: opt.Login.line, Disk: opt.Disk, Label: Label(opt.Name, token),
		Env: sentEnv(opt, token), OnStart: opt.OnStart, Args: l.SentArgs(), User: opt.User, RunType: run.String(),
		JupyterLab: l.JupyterLab, JupyterDir: l.JupyterDir, CancelUnavail: true,
	}
	if opt.Entrypoint != "" {
		c.OnStart = opt.Entrypoint // one slot for both (documentation of the API)
	}
	if v := opt.Volume; v.Given() {
		c.Volume = &vastapi.VolumeMount{Path: v.Mount, Link: v.Link, Offer: v.Create, Size: int(v.size()), Name: v.Name}
	}
	return c
}

// sentEnv is the environment with the token, by which a lost rental is known.
func sentEnv(opt RentOptions, token string) map[string]string {
	env := map[string]string{opVariable: token}
	maps.Copy(env, opt.Env)
	if portal, err := opt.portal(); err == nil && portal != "" {
		env["PORTAL_CONFIG"] = portal
	}
	return env
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
