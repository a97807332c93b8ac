package rental

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// candidate is an offer that a fleet may rent, with the plan to rent it alone.
type candidate struct {
	offer    vastapi.Offer
	step     Step
	fact     Fact
	lines    []Line
	checks   []Check // without the caps, which are held against all together
	warnings []Warning
}

// danger says why the candidate should be left out when there are others, "" when
// nothing stands against it.
func (c *candidate) danger() string {
	for _, check := range c.checks {
		if check.State() == CheckFail {
			return check.Text
		}
	}
	for _, w := range c.warnings {
		if w.Level == Danger {
			return w.Text
		}
	}
	return ""
}

func (c *candidate) rate() vastapi.Rate { return c.step.Rate }

// candidates are those of the given offers that fit, in the order in which they
// are tried, and why the others do not.
type candidates struct {
	list    []candidate
	given   int
	dear    int   // above the ceiling
	same    int   // another offer of a machine or host that is among them
	refused int   // cannot be rented like this
	why     error // of the first that was refused
	unsafe  int   // there is a danger in them that others do not have
	danger  string
}

// fallbacks bounds how many candidates a plan has.
func fallbacks(count int) int { return min(3*count+8, MaxFleet) }

func candidatesFrom(offers []vastapi.Offer, readAt time.Time, opt FleetOptions, d Desk) candidates {
	found := candidates{given: len(offers)}
	for n := range offers {
		found.consider(offers[n], readAt, opt, d)
	}
	found.leaveDangers()
	slices.SortStableFunc(found.list, better)
	found.apart(opt.Hosts)
	if opt.Spread {
		found.list = roundRobin(found.list)
	}
	found.list = found.list[:min(len(found.list), fallbacks(opt.Count))]
	return found
}

// consider takes an offer as a candidate if it can be rented at the price.
func (f *candidates) consider(o vastapi.Offer, readAt time.Time, opt FleetOptions, d Desk) {
	p, err := PlanRent(o, readAt, opt.Rent, d)
	if err == nil && !plain(p) {
		err = errors.New("a volume or a prepaid reservation belongs to one machine: leave it out, or rent one machine at a time")
	}
	switch {
	case err != nil:
		f.refused++
		if f.why == nil {
			f.why = err
		}
	case p.Steps[0].Rate > opt.Ceiling:
		f.dear++
	default:
		f.list = append(f.list, candidate{o, p.Steps[0], p.Basis.Facts[0], p.Facts, withoutCaps(p.Checks), p.Warnings})
	}
}

// plain reports whether p is one request that any other offer can take as well.
func plain(p Plan) bool {
	if len(p.Steps) != 1 || len(p.Basis.Facts) != 1 {
		return false
	}
	call, rents := p.Steps[0].Call.(vastapi.CreateInstance)
	return rents && call.Volume == nil
}

// withoutCaps leaves out the caps, which come first.
func withoutCaps(checks []Check) []Check {
	caps, _ := checkCaps(0, Desk{})
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool {
		return slices.ContainsFunc(caps, func(other Check) bool { return other.Name == c.Name })
	})
}

// leaveDangers leaves out candidates that a danger stands against, unless one
// stands against all.
func (f *candidates) leaveDangers() {
	safe := slices.DeleteFunc(slices.Clone(f.list), func(c candidate) bool { return c.danger() != "" })
	if len(safe) == 0 || len(safe) == len(f.list) {
		return
	}
	for n := range f.list {
		if f.danger == "" {
			f.danger = strings.TrimRight(f.list[n].danger(), ".")
		}
	}
	f.unsafe = len(f.list) - len(safe)
	f.list = safe
}

// checks are those of the candidates in one list, each as it came out worst.
func (f candidates) checks() []Check {
	var out []Check
	for _, first := range f.list[0].checks {
		worst, same := first, 0
		for n := range f.list {
			for _, c := range f.list[n].checks {
				if c.Name == first.Name && c.State() > worst.State() {
					worst = c
				}
			}
		}
		for n := range f.list {
			if slices.Contains(f.list[n].checks, worst) {
				same++
			}
		}
		if same < len(f.list) {
			worst.Text = fmt.Sprintf("%s (%d of %d candidates)", worst.Text, same, len(f.list))
			if worst.State() == CheckPass {
				worst.Text = worst.Name + ": nothing stands against any candidate"
			}
		}
		out = append(out, worst)
	}
	return out
}

// better orders by the price that is shown, then by reliability.
func better(a, b candidate) int {
	if pricing.Shown(a.rate()) != pricing.Shown(b.rate()) {
		return cmp.Compare(a.rate(), b.rate())
	}
	return cmp.Or(cmp.Compare(known(b.offer.Reliability), known(a.offer.Reliability)),
		cmp.Compare(a.rate(), b.rate()), cmp.Compare(a.offer.ID, b.offer.ID))
}

// known puts what is not known below everything.
func known(v float64) float64 {
	if !vastapi.Known(v) {
		return -1
	}
	return v
}

// apart leaves one offer, the best, of each machine and, when asked, of each
// host. A host that is not told is one of its own.
func (f *candidates) apart(hosts bool) {
	machine, host := map[vastapi.MachineID]bool{}, map[vastapi.HostID]bool{}
	f.list = slices.DeleteFunc(f.list, func(c candidate) bool {
		o := &c.offer
		taken := machine[o.MachineID] || hosts && o.HostID != 0 && host[o.HostID]
		machine[o.MachineID], host[o.HostID] = true, true
		if taken {
			f.same++
		}
		return taken
	})
}

// roundRobin takes one of each country in turns, beginning with the country of
// the best candidate.
func roundRobin(list []candidate) []candidate {
	var countries []string
	of := map[string][]candidate{}
	for _, c := range list {
		if _, seen := of[c.offer.Country]; !seen {
			countries = append(countries, c.offer.Country)
		}
		of[c.offer.Country] = append(of[c.offer.Country], c)
	}
	out := make([]candidate, 0, len(list))
	for round := 0; len(out) < len(list); round++ {
		for _, country := range countries {
			if round < len(of[country]) {
				out = append(out, of[country][round])
			}
		}
	}
	return out
}

// enough says why there are too few candidates.
func (f candidates) enough(opt FleetOptions) error {
	n := len(f.list)
	switch {
	case f.given == 0:
		return errNoOffers
	case n == 0 && f.dear == 0 && f.why != nil:
		return f.why
	case n == 0:
		return fmt.Errorf("none of %s can be rented for %s or less: raise the ceiling or search for others",
			counted(f.given, "offer"), pricing.Shown(opt.Ceiling))
	case n < opt.Least:
		return fmt.Errorf("only %d of %s fit%s, at least %d are needed: raise the ceiling, or ask for fewer",
			n, counted(f.given, "offer"), f.others(), opt.Least)
	}
	return nil
}

// others says why the rest of the offers are no candidates.
func (f candidates) others() string {
	var parts []string
	count := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	count(f.dear, "too dear")
	count(f.same, "on the same machine or host as another")
	count(f.refused, "cannot be rented like this")
	count(f.unsafe, "left out, the first because: "+f.danger)
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// String counts the candidates and where they are.
func (f candidates) String() string {
	hosts, countries := map[vastapi.HostID]bool{}, map[string]bool{}
	for n := range f.list {
		hosts[f.list[n].offer.HostID], countries[f.list[n].offer.Country] = true, true
	}
	place := counted(len(countries), "country")
	if len(countries) > 1 {
		place = fmt.Sprintf("%d countries", len(countries))
	}
	return fmt.Sprintf("%s of %s in %s, out of %s%s", counted(len(f.list), "machine"), counted(len(hosts), "host"), place,
		counted(f.given, "offer"), f.others())
}

func (f candidates) cheapest() vastapi.Rate {
	least := f.list[0].rate()
	for n := range f.list {
		least = min(least, f.list[n].rate())
	}
	return least
}

// dearest adds up what the n dearest cost: no n of them cost more.
func dearest(list []candidate, n int) vastapi.Rate {
	rates := make([]vastapi.Rate, 0, len(list))
	for i := range list {
		rates = append(rates, list[i].rate())
	}
	slices.Sort(rates)
	var total vastapi.Rate
	for _, r := range rates[len(rates)-n:] {
		total += r
	}
	return total
}

// common are the facts that are the same for every candidate.
func (f candidates) common() []Line {
	return slices.DeleteFunc(slices.Clone(f.list[0].lines), func(l Line) bool {
		return slices.ContainsFunc(f.list, func(c candidate) bool { return !slices.Contains(c.lines, l) })
	})
}

// commonWarnings are the warnings that stand on every candidate.
func (f candidates) commonWarnings() []Warning {
	return slices.DeleteFunc(slices.Clone(f.list[0].warnings), func(w Warning) bool {
		return slices.ContainsFunc(f.list, func(c candidate) bool { return !slices.Contains(c.warnings, w) })
	})
}
