package offers

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

func countFields(o order) []view.Field {
	count := strconv.Itoa(min(len(o.offers), rental.MaxFleet))
	return []view.Field{
		{Key: fCount, Label: "how many", Section: "How many", Value: count, Limit: 4, Help: fmt.Sprintf("1 to %d, out of %d offers, the cheapest first; those that are gone or dearer are skipped", rental.MaxFleet, len(o.offers))},
		{Key: fCeiling, Label: "at most", Unit: "$/h each", Limit: 12, Help: "what one may cost with its disk; no dearer one is rented. It follows the disk and the number until you type another"},
		{Key: fLeast, Label: "at least", Limit: 4, Help: "optional; with fewer than this you are asked whether those that were rented are destroyed again"},
		{Key: fHosts, Label: "distinct hosts", Kind: view.Toggle, Value: view.Yes, Help: "one machine of each host at most"},
		{Key: fSpread, Label: "spread", Kind: view.Toggle, Help: "go round the countries"},
	}
}

// rates are what the offers of an order cost each with what was typed, the
// cheapest first; those whose price is not known are left out.
func (o order) rates(opt rental.RentOptions) []float64 {
	var list []float64
	for i := range o.offers {
		price := pricing.Offer(&o.offers[i], opt.Disk)
		if o.kind == vastapi.Interruptible {
			bid := o.offers[i].MinBid // until one is typed
			if opt.Bid != nil && vastapi.Known(*opt.Bid) {
				bid = *opt.Bid
			}
			price = pricing.Bid(&o.offers[i], bid, opt.Disk)
		}
		if total := float64(price.Total()); total > 0 {
			list = append(list, total)
		}
	}
	slices.Sort(list)
	return list
}

// spare is how many offers a ceiling admits beside those that are wanted, when
// nobody has marked them.
func spare(count int) int { return 4 + count/2 }

// ceilingFor is what the dearest of the offers costs that may be rented, rounded
// up to a cent: all that were marked, else as many as are wanted and some to fall
// back on. It is "" when no price is known.
func ceilingFor(o order, v view.Values, data *feed.Snapshot) string {
	rates := o.rates(optionsOf(o, v, data))
	if len(rates) == 0 {
		return ""
	}
	n := len(rates)
	if count := whole(v[fCount]); o.shown && count > 0 {
		n = min(n, count+spare(count))
	}
	return strconv.FormatFloat(math.Ceil(rates[n-1]*100-1e-9)/100, 'f', 2, 64)
}

// suggestions are the ceilings that the form about several machines has put
// there: one of them is replaced when what it follows from has changed.
type suggestions struct {
	form string
	said map[string]bool
}

// suggest gives the ceiling that follows from the values of a form.
func (r *renting) suggest(o order, v view.Values, data *feed.Snapshot) string {
	text := ceilingFor(o, v, data)
	if r.ceilings.form != o.form || r.ceilings.said == nil {
		r.ceilings = suggestions{form: o.form, said: map[string]bool{}}
	}
	r.ceilings.said[text] = true
	return text
}

// suggested reports whether the form itself put a ceiling there.
func (r *renting) suggested(form, text string) bool {
	return text == "" || r.ceilings.form == form && r.ceilings.said[text]
}

// reaction is what follows from a change: a template fills in what it stands
// for, and the ceiling of several machines follows what they cost.
func (m *Model) reaction(o order, data *feed.Snapshot) func(string, view.Values) view.Values {
	fill := m.templateReaction(o.form, data)
	return func(key string, v view.Values) view.Values {
		next := fill(key, v)
		if !o.several() || key == fCeiling || !m.renting.suggested(o.form, v[fCeiling]) {
			return next
		}
		all := view.Values{}
		for _, part := range []view.Values{v, next} {
			for k, text := range part {
				all[k] = text
			}
		}
		if text := m.renting.suggest(o, all, data); text != "" && text != v[fCeiling] {
			if next == nil {
				next = view.Values{}
			}
			next[fCeiling] = text
		}
		return next
	}
}

// withCeiling fills in the ceiling that follows from the other fields, unless
// one was typed before.
func (m *Model) withCeiling(o order, fields []view.Field, data *feed.Snapshot) []view.Field {
	v := view.Values{}
	for _, f := range fields {
		v[f.Key] = f.Value
	}
	for i := range fields {
		if fields[i].Key == fCeiling && fields[i].Value == "" {
			fields[i].Value = m.renting.suggest(o, v, data)
		}
	}
	return fields
}

// mixed reports whether the offers are not all of one model and number of GPUs.
func (o order) mixed() bool {
	f := o.first()
	return slices.ContainsFunc(o.offers, func(x vastapi.Offer) bool { return x.NumGPUs != f.NumGPUs || !x.GPUName.Equal(f.GPUName) })
}

// extent says how many machines and hosts the offers of an order are of.
func (o order) extent() string {
	machines, hosts := map[vastapi.MachineID]bool{}, map[vastapi.HostID]bool{}
	for i := range o.offers {
		machines[o.offers[i].MachineID], hosts[o.offers[i].HostID] = true, true
	}
	gpus := "of several models"
	if !o.mixed() {
		gpus = "of " + gpu(o.first())
	}
	return fmt.Sprintf("%d %s, on %s of %s; the cheapest with its disk is tried first", len(o.offers), gpus, figure.Plural(len(machines), "machine"), figure.Plural(len(hosts), "host"))
}

// problems is what stands against renting as opt says: nothing as long as one of
// the offers can be rented like that, else what the offer that comes closest says.
func (o order) problems(opt rental.RentOptions) []rental.FieldError {
	closest := o.roomiest()
	found := opt.Validate(closest)
	for i := range o.offers {
		if len(found) == 0 {
			break
		}
		if other := opt.Validate(&o.offers[i]); len(other) < len(found) {
			found = other
		}
	}
	return found
}

// roomiest is the offer with the most disk.
func (o order) roomiest() *vastapi.Offer {
	most := o.first()
	for i := range o.offers {
		if o.offers[i].DiskSpace > most.DiskSpace {
			most = &o.offers[i]
		}
	}
	return most
}

// traffic is what a GB costs to the machine and from it, at most.
func (o order) traffic() string {
	if !o.several() {
		return fmt.Sprintf("in %s, out %s per GB, on top", perGB(o.first().InetDownCost), perGB(o.first().InetUpCost))
	}
	in, out := o.first().InetDownCost, o.first().InetUpCost
	for i := range o.offers {
		in, out = max(in, o.offers[i].InetDownCost), max(out, o.offers[i].InetUpCost)
	}
	return fmt.Sprintf("in up to %s, out up to %s per GB, on top", perGB(in), perGB(out))
}
