package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// sought is what is looked for on the market: one offer, those of a machine, or those
// that a query admits.
type sought struct {
	offer   vastapi.OfferID
	machine vastapi.MachineID
	query   string // "" admits everything
	byQuery bool
	most    vastapi.Rate // what one may cost with its disk, 0 = anything
	kind    vastapi.RentalType
}

// found are the offers that can be rented as wanted, the cheapest first.
type found struct {
	list []vastapi.Offer
	at   time.Time // when they were read
}

// find searches the market for what can be rented as opt says. It fails, in the user's
// words, when there is nothing.
func (e *errand) find(ctx context.Context, w sought, opt rental.RentOptions) (found, error) {
	search, query, err := w.search(opt.Disk, e.settings.Market.Limit)
	if err != nil {
		return found{}, err
	}
	f, err := e.offers(ctx, w, search, query)
	if err != nil {
		return f, err
	}
	if len(f.list) == 0 && !w.byQuery && search.Storage > vastapi.MinDisk {
		// The server leaves out what has too little disk; that is to be told, and no other reason.
		search.Storage = vastapi.MinDisk
		if f, err = e.offers(ctx, w, search, query); err != nil {
			return f, err
		}
	}
	if len(f.list) == 0 {
		return f, w.nothing()
	}
	if w.offer != 0 {
		return f, w.affordable(&f.list[0], opt)
	}
	return f.rentable(w, opt, e.desk)
}

// offers asks the market and keeps what answers the question.
func (e *errand) offers(ctx context.Context, w sought, search vastapi.OfferSearch, query offerql.Query) (found, error) {
	f := found{at: time.Now()}
	page, err := e.api.SearchOffers(vastapi.WithPriority(ctx, vastapi.PriorityReread), search)
	for _, o := range page.Offers {
		if w.about(&o) && query.Match(&o) {
			f.list = append(f.list, o)
		}
	}
	return f, err
}

// verb is the verb that looks.
func (w sought) verb() string {
	if w.kind == vastapi.Interruptible {
		return "bid"
	}
	return "rent"
}

// search is the question to the market, and what its answer is held against again:
// filters have been seen to be ignored.
func (w sought) search(disk vastapi.GB, limit int) (vastapi.OfferSearch, offerql.Query, error) {
	s := vastapi.OfferSearch{Type: w.kind, Storage: disk, Limit: limit, Order: [][2]string{{"dph_total", "asc"}}}
	switch {
	case w.offer != 0:
		s.Filter = vastapi.Filter{"ask_contract_id": {"in": []any{int64(w.offer)}}}
	case w.machine != 0:
		s.Filter = vastapi.Filter{"machine_id": {"eq": int64(w.machine)}}
	default:
		o, err := readQuery(w.query, queryFlags{})
		if err != nil {
			return s, offerql.Query{}, pointedIn(w.verb(), w.query, err)
		}
		query := o.Query
		if !o.NoDefault {
			query = query.WithDefaults()
		}
		if why := query.Contradiction(); why != "" {
			return s, query, usagef("no offer can satisfy this query: %s", ended(why))
		}
		s.Filter = o.Filter()
		return s, query, nil
	}
	return s, offerql.Query{}, nil
}

// about reports whether o is one that was asked for.
func (w sought) about(o *vastapi.Offer) bool {
	return (w.offer == 0 || o.ID == w.offer) && (w.machine == 0 || o.MachineID == w.machine)
}

// nothing says that the market has none of what is wanted.
func (w sought) nothing() error {
	switch {
	case w.offer != 0:
		return failedf("offer %d is not on the market, or not any more: `vastdeck offers` lists what is.", w.offer)
	case w.machine != 0:
		return failedf("machine %d is not on the market now: it is rented, or its host offers nothing.", w.machine)
	}
	return failedf("no offer satisfies this query now: `vastdeck offers` shows what is on the market.")
}

// affordable refuses an offer that was named and costs more than may be.
func (w sought) affordable(o *vastapi.Offer, opt rental.RentOptions) error {
	if price := priceOf(o, opt); w.most > 0 && price > w.most {
		return refusedf("offer %d costs %s with a disk of %s GB, and --max-price is %s: nothing was sent.", o.ID, pricing.Shown(price), gbNumber(opt.Disk), pricing.Shown(w.most))
	}
	return nil
}

// priceOf is what an offer costs with its disk, by the hour.
func priceOf(o *vastapi.Offer, opt rental.RentOptions) vastapi.Rate {
	if opt.Bid != nil {
		return pricing.Bid(o, *opt.Bid, opt.Disk).Total()
	}
	return pricing.Offer(o, opt.Disk).Total()
}

func gbNumber(size vastapi.GB) string { return fmt.Sprintf("%g", float64(size)) }

// rentable keeps what can be rented as opt says, the cheapest first; of what was left
// out, the first reason is told when nothing is left.
func (f found) rentable(w sought, opt rental.RentOptions, d rental.Desk) (found, error) {
	var reason error
	var cheapest vastapi.Rate
	f.list = slices.DeleteFunc(f.list, func(o vastapi.Offer) bool {
		price, err := priceOf(&o, opt), unfit(&o, opt, d)
		if err == nil && w.most > 0 && !(price <= w.most) {
			if cheapest == 0 || price < cheapest {
				cheapest = price
			}
			return true
		}
		if err != nil && reason == nil {
			reason = err
		}
		return err != nil
	})
	switch {
	case len(f.list) > 0:
		slices.SortStableFunc(f.list, func(a, b vastapi.Offer) int {
			return cmp.Or(cmp.Compare(priceOf(&a, opt), priceOf(&b, opt)), cmp.Compare(b.Reliability, a.Reliability), cmp.Compare(a.ID, b.ID))
		})
		return f, nil
	case cheapest > 0:
		return f, failedf("no offer costs $%s/h or less with its disk: the cheapest costs %s.", typedPrice(w.most), pricing.Shown(cheapest))
	}
	return f, reason
}

// unfit says why an offer is not rented as opt says, nil when nothing stands against it.
func unfit(o *vastapi.Offer, opt rental.RentOptions, d rental.Desk) error {
	why, blocked := d.Hosts.Blocked(o.MachineID, o.HostID)
	switch problems := opt.Validate(o); {
	case len(problems) > 0:
		return problems[0]
	case o.Rented.Yes():
		return failedf("machine %d is rented by this account already.", o.MachineID)
	case o.Rentable.No():
		return failedf("machine %d is on the market, but rented by somebody else now.", o.MachineID)
	case blocked:
		return failedf("machine %d is on your block list%s.", o.MachineID, because(why))
	case !vastapi.Known(priceOf(o, opt)):
		return failedf("the price of offer %d is not known, so it is not rented.", o.ID)
	}
	return nil
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}

// typedPrice is a price as it was typed, whatever its size: a very low one does not become 0.
func typedPrice(r vastapi.Rate) string { return strconv.FormatFloat(float64(r), 'f', -1, 64) }
