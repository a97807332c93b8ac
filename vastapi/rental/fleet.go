package rental

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// FleetOptions is what the user chooses when renting several machines at once.
type FleetOptions struct {
	// Rent is the form of each of them. Its Name is numbered: "train" becomes
	// train-1, train-2 …, one number for each candidate, so that some are left
	// out when candidates are. Its Bid, when there is one, is made for each.
	Rent  RentOptions
	Count int // rent up to so many, 1 to MaxFleet
	// Least is how many are needed: when fewer can be had, Report.Rollback plans
	// to destroy those that were rented. 0 = any number will do, Count = all or
	// nothing.
	Least   int
	Ceiling vastapi.Rate // what one may cost at most with its disk, $/h
	Hosts   bool         // at most one machine of each host
	Spread  bool         // go round the countries, the cheapest offer of each first
}

// MaxFleet is how many machines one plan rents at most.
const MaxFleet = 64

// createPause is the least time between two requests to rent, as the client
// keeps it: the published interval and its slack.
var createPause = vastapi.DefaultIntervals().Least[vastapi.RouteCreate] * 51 / 50

// FleetTakes is how long renting n machines takes when all goes well: the
// requests to rent are sent one after the other, as far apart as the server wants.
func FleetTakes(n int) time.Duration { return time.Duration(max(0, n-1)) * createPause }

// PlanFleet plans to rent up to opt.Count of the given offers, which were read
// at readAt, the cheapest first. It has more candidates than are wanted, as far
// as there are, to go on with when some are gone. The figures of the plan are
// those of its dearest candidates, so that it cannot come to more. It fails, in
// the user's words, when fewer than needed fit.
func PlanFleet(offers []vastapi.Offer, readAt time.Time, opt FleetOptions, d Desk) (Plan, error) {
	d = d.sure()
	if problems := opt.Validate(); len(problems) > 0 {
		return Plan{}, problems[0]
	}
	id := d.newID()
	found := candidatesFrom(offers, readAt, opt, d.forOne(id))
	if err := found.enough(opt); err != nil {
		return Plan{}, err
	}
	list := found.list
	want := min(opt.Count, len(list))
	worst := dearest(list, want)
	p := Plan{
		ID: id, Verb: "rent", Title: fleetTitle(list, opt), Button: fmt.Sprintf("Rent up to %d", want), Keep: "Cancel",
		Mode: FirstN, Want: want, Least: opt.Least, Takes: FleetTakes(want),
		Consent: Consent{Kind: ConsentChoose},
	}
	switch {
	case want == 1:
		p.Button = "Rent"
	case opt.Least >= want:
		p.Button = fmt.Sprintf("Rent %d", want)
	}
	p.Basis = d.basis(readAt)
	for n, c := range list {
		p.Steps = append(p.Steps, c.numbered(id, n, opt.Rent.Name))
		p.Basis.Facts = append(p.Basis.Facts, c.fact)
	}
	p.Facts = fleetFacts(found, want, worst, opt)
	p.Cost = pricing.Between(d.Before(), worst, d.Credit)
	p.Warnings = fleetWarnings(found, want, worst, opt, d)
	p.Checks, p.Ceiling = checkCaps(worst, d)
	p.Checks = append(p.Checks, found.checks()...)
	p.Consent = overCaps(p.Consent, p.Checks)
	return p, nil
}

// forOne is d for the plan of one candidate: the account's money is held against
// the whole fleet, not against each.
func (d Desk) forOne(id string) Desk {
	const plenty = 1e9
	d.NewID = func() string { return id }
	d.Credit = plenty
	return d
}

// Validate says what is wrong with opt whatever the offers are, field by field.
func (opt FleetOptions) Validate() []FieldError {
	var out []FieldError
	add := func(when bool, field, format string, args ...any) {
		if when {
			out = append(out, FieldError{Field: field, Text: fmt.Sprintf(format, args...)})
		}
	}
	add(opt.Count < 1 || opt.Count > MaxFleet, "count", "1 to %d machines", MaxFleet)
	add(opt.Least < 0 || opt.Least > opt.Count, "least", "0 to %d, the number that is wanted", max(0, opt.Count))
	add(!(opt.Ceiling > 0), "ceiling", "a price in $/h that none of them may exceed")
	add(opt.Ceiling > maxRate, "ceiling", "at most %s", pricing.Shown(maxRate))
	room := MaxName - len(fmt.Sprintf("-%d", MaxFleet))
	add(len(opt.Rent.Name) > room, "name", "at most %d bytes, since a number is added; this has %d", room, len(opt.Rent.Name))
	return out
}

func fleetTitle(list []candidate, opt FleetOptions) string {
	title := "Rent " + counted(opt.Count, "machine")
	if opt.Count > 1 {
		title = fmt.Sprintf("Rent up to %d machines", opt.Count)
	}
	if opt.Least == opt.Count && opt.Count > 1 {
		title = fmt.Sprintf("Rent %d machines, all or none", opt.Count)
	}
	first := &list[0].offer
	for n := range list {
		if o := &list[n].offer; o.NumGPUs != first.NumGPUs || !o.GPUName.Equal(first.GPUName) {
			return title
		}
	}
	return title + fmt.Sprintf(" with %d× %s", first.NumGPUs, model(first.GPUName))
}

// fleetFacts says what is wanted and what it may come to, then what holds for
// every candidate alike.
func fleetFacts(found candidates, want int, worst vastapi.Rate, opt FleetOptions) []Line {
	facts := []Line{
		{"machines", wanted(want, opt)},
		{"candidates", found.String()},
		{"each", "at most " + pricing.Shown(opt.Ceiling) + ", disk included; the cheapest is " + pricing.Shown(found.cheapest())},
		{"all in", "at most " + pricing.Shown(worst) + ", " + pricing.Money(worst.Day()) + " a day, whichever are rented"},
		{"takes", "about " + span(time.Duration(want-1)*createPause) + ": one request every " + seconds(createPause)},
	}
	if want == 1 {
		facts = facts[:len(facts)-1]
	}
	said := map[string]bool{}
	for _, l := range facts {
		said[l.Label] = true
	}
	for _, l := range found.common() {
		if !said[l.Label] {
			facts = append(facts, l)
		}
	}
	return facts
}

// seconds is d in seconds with one decimal: "4.6 s".
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func wanted(want int, opt FleetOptions) string {
	text := fmt.Sprintf("up to %d", want)
	switch {
	case opt.Least == opt.Count && opt.Count > 1:
		text = fmt.Sprintf("all %d or none", want)
	case opt.Least > 0:
		text = fmt.Sprintf("%d to %d", opt.Least, want)
	}
	text += ", each another machine"
	if opt.Hosts {
		text += " of another host"
	}
	if opt.Spread {
		text += ", spread over countries"
	}
	return text
}

func fleetWarnings(found candidates, want int, worst vastapi.Rate, opt FleetOptions, d Desk) []Warning {
	var w warnings
	first := found.list[:want]
	w.add(want < opt.Count, Caution, "only %s fit, so at most %d of %d can be rented", counted(want, "offer"), want, opt.Count)
	w.add(opt.Least > 1, Caution,
		"when fewer than %d can be had, you are asked whether to destroy those that were rented; they are billed until you agree", opt.Least)
	w.add(len(found.list) == want && want == opt.Count, Note, "there is no candidate to fall back on when one is gone")
	w = append(w, found.commonWarnings()...)
	for n := range first {
		for _, own := range first[n].warnings {
			if own.Level == Danger && !w.has(own.Text) {
				w = append(w, Warning{Danger, sentence(fmt.Sprintf("offer %s: %s", first[n].offer.ID, own.Text))})
			}
		}
	}
	w.some(first, Caution, "%s not verified", func(o *vastapi.Offer) bool { return !o.Verified() })
	w.some(first, Caution, "%s of low reliability", func(o *vastapi.Offer) bool { return o.Reliability < lowReliability })
	w.some(first, Caution, "%s on offer for less than "+span(endsSoon), func(o *vastapi.Offer) bool {
		return o.Duration >= 0 && o.Duration < endsSoon && !o.EndDate.IsZero()
	})
	w.some(first, Caution, "%s with dear traffic", func(o *vastapi.Offer) bool {
		return o.InetDownCost >= dearTraffic || o.InetUpCost >= dearTraffic
	})
	var money warnings
	money.credit(worst, d)
	for _, m := range money {
		if !w.has(m.Text) {
			w = append(w, m)
		}
	}
	return w
}

// some counts the offers, of those that would be rented first, that something
// holds for; what holds for all is in the common warnings.
func (w *warnings) some(first []candidate, level Level, format string, holds func(*vastapi.Offer) bool) {
	n := 0
	for i := range first {
		if holds(&first[i].offer) {
			n++
		}
	}
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	w.add(n > 0 && n < len(first), level, format, fmt.Sprintf("of the first %d candidates %d %s", len(first), n, verb))
}

func (w warnings) has(text string) bool {
	for _, other := range w {
		if other.Text == text {
			return true
		}
	}
	return false
}

// numbered is the step that rents the n-th candidate (from 0) of a plan.
func (c candidate) numbered(planID string, n int, name string) Step {
	s := c.step
	s.Token = tokenOf(planID, n)
	call := s.Call.(vastapi.CreateInstance)
	if name != "" {
		name = fmt.Sprintf("%s-%d", name, n+1)
	}
	call.Label = Label(name, s.Token)
	env := map[string]string{}
	maps.Copy(env, call.Env)
	env[opVariable] = s.Token
	call.Env = env
	s.Call = call
	s.Detail = named(name) + " · " + s.Detail
	return s
}

var errNoOffers = errors.New("there are no offers to choose from: search, or mark some")

var errNoGroup = errors.New("no instance has this name, or one of its numbers")
