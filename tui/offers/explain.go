package offers

import (
	"fmt"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// sum is a figure with the parts it is made of.
type sum struct {
	column  string // id of the column that shows it
	name    string
	parts   []part
	divided float64 // the sum of the parts is divided by it; 0 = not
	total   float64 // as the column has it
	perHour bool    // dollars an hour, else dollars
	note    string
}

// part is one addend of a sum.
type part struct {
	name, formula string
	value         float64
}

// explain takes apart each price that the market has for an offer. Every sum of
// parts is the figure of its column.
func (p prices) explain(o *vastapi.Offer) []sum {
	c := p.cost(o)
	list := []sum{p.headlineSum(o), p.perGPUSum(o)}
	hours := figure.Decimal(p.job.Hours, 2)
	list = append(list, sum{
		column: "allin", name: "all-in", perHour: true, total: float64(c.AllIn()),
		parts: append(p.hourParts(o, c), p.trafficParts(o, c, p.job.Hours)...),
		note:  "traffic is billed by the GB and spread over the job's " + hours + " h here",
	})
	job := sum{column: "job", name: "the whole job", total: float64(c.Total())}
	for _, h := range p.hourParts(o, c) {
		job.parts = append(job.parts, part{h.name, fmt.Sprintf("%s × %s h", exactly(h.value), hours), h.value * p.job.Hours})
	}
	job.parts = append(job.parts, p.trafficParts(o, c, 0)...)
	return append(list, job)
}

// headlineSum is the price an offer is listed with, as the server adds it up.
func (p prices) headlineSum(o *vastapi.Offer) sum {
	s := sum{column: "dph", name: priceTitle(p.kind), perHour: true, total: p.headline(o), note: priceSentence(p.kind)}
	disk := float64(o.StorageTotal)
	switch {
	case p.kind == vastapi.Interruptible:
		s.parts = []part{{"GPUs", "min_bid", s.total}}
	case p.reckoned():
		s.note = "worked out for the disk of the workload; the market has it for another disk"
		s.parts = p.hourParts(o, p.cost(o))
	case !vastapi.Known(disk):
		s.parts = []part{{"GPUs and disk", "as listed; its parts are not told", s.total}}
	default:
		s.parts = []part{
			{"GPUs", "the price listed less its disk", s.total - disk},
			{"disk", "storage_total_cost, for the disk searched with", disk},
		}
	}
	return s
}

func (p prices) perGPUSum(o *vastapi.Offer) sum {
	s := p.headlineSum(o)
	s.column, s.name, s.total, s.divided = "gpu_dph", "one GPU", p.perGPU(o), float64(o.NumGPUs)
	s.note = "the price listed ÷ " + figure.Plural(o.NumGPUs, "GPU")
	return s
}

// hourParts are what an hour of running costs.
func (p prices) hourParts(o *vastapi.Offer, c pricing.JobCost) []part {
	source := "dph_base"
	switch p.kind {
	case vastapi.Interruptible:
		source = "min_bid"
	case vastapi.Reserved:
		source = "discounted_dph_total less its disk"
	}
	return []part{
		{"GPUs", source, float64(c.GPU)},
		{"disk", fmt.Sprintf("%s GB × $%s a GB and month ÷ %d h", figure.Decimal(float64(p.job.Disk), 1), figure.Decimal(float64(o.StorageCost), 4), vastapi.HoursPerMonth), float64(c.Disk)},
	}
}

// trafficParts are what the job's traffic costs, spread over hours when those are above 0.
func (p prices) trafficParts(o *vastapi.Offer, c pricing.JobCost, hours float64) []part {
	spread := func(name string, size vastapi.GB, price vastapi.PerGB, cost vastapi.Amount) part {
		if size == 0 {
			return part{name, "0 GB", 0}
		}
		t := part{name, fmt.Sprintf("%s × %s a GB", figure.GB(float64(size)), perGB(price)), float64(cost)}
		if hours > 0 {
			t.formula += fmt.Sprintf(" ÷ %s h", figure.Decimal(hours, 2))
			t.value /= hours
		}
		return t
	}
	return []part{
		spread("traffic in", p.job.In, o.InetDownCost, c.In),
		spread("traffic out", p.job.Out, o.InetUpCost, c.Out),
	}
}

// exactly is an amount with enough decimals to add it up by hand.
func exactly(v float64) string {
	if !vastapi.Known(v) {
		return "—"
	}
	return "$" + figure.Decimal(v, 6)
}

// facts draws the sums, one below the other.
func (p prices) facts(o *vastapi.Offer) []pane.Fact {
	facts := []pane.Fact{{Label: "for", Value: kindName(p.kind) + ", " + jobText(p.job)}}
	for _, s := range p.explain(o) {
		unit := ""
		if s.perHour {
			unit = "/h"
		}
		facts = append(facts, pane.Fact{}, pane.Fact{Label: s.name, Value: s.note, Class: theme.Header})
		for _, t := range s.parts {
			facts = append(facts, pane.Fact{Label: t.name, Value: fmt.Sprintf("%s%s   %s", exactly(t.value), unit, t.formula)})
		}
		if s.divided > 0 {
			facts = append(facts, pane.Fact{Label: "÷", Value: figure.Plural(int(s.divided), "GPU")})
		}
		facts = append(facts, pane.Fact{Label: "=", Value: exactly(s.total) + unit, Class: theme.Money})
	}
	return append(facts, pane.Fact{}, pane.Fact{Label: "beware", Value: "the disk is billed while the instance is stopped too", Class: theme.Dim})
}
