package offers

import (
	"fmt"
	"slices"
	"strconv"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// rentPanel is what the typed values come to.
func rentPanel(o order, v view.Values, data *feed.Snapshot, desk rental.Desk, job pricing.Job) []view.Pair {
	opt := optionsOf(o, v, data)
	price := priceOf(o, v, opt, data)
	total := price.Total() + opt.Volume.Rate()
	fleet, many := fleetOf(o, v, opt)
	list := []view.Pair{{Value: "What it costs"}}
	add := func(label, format string, args ...any) {
		list = append(list, view.Pair{Label: label, Value: fmt.Sprintf(format, args...)})
	}
	if many {
		total = worst(fleet)
		add("each at most", "%s", figure.Rate(float64(fleet.Ceiling)))
		list = append(list, within(o, opt, fleet))
	} else {
		add("GPU", "%s", figure.Rate(float64(price.GPU)))
		add("disk", "%s, %s a month, also while stopped", figure.Rate(float64(price.Disk)), figure.Amount(float64(price.Disk.Month())))
		if opt.Volume.Create != 0 {
			add("volume", "%s, until it is deleted", figure.Rate(float64(opt.Volume.Rate())))
		}
	}
	add(map[bool]string{false: "all in", true: "at most"}[many], "%s", figure.Rate(float64(total)))
	if text, class := judged(data.Past, o.first(), o.kind); text != "" {
		list = append(list, view.Pair{Label: "this price", Value: text, Warn: class == theme.Warn})
	}
	add("a day", "%s", figure.Amount(float64(total.Day())))
	add(fmt.Sprintf("a month, %d h", vastapi.HoursPerMonth), "%s", figure.Amount(float64(total.Month())))
	f := o.first()
	add("traffic", "%s", o.traffic())
	if c := pricing.ForJob(f, o.kind, job); !many && (job.In > 0 || job.Out > 0) {
		add("the job's", "%s for %s in and %s out", figure.Amount(float64(c.In+c.Out)), figure.GB(float64(job.In)), figure.GB(float64(job.Out)))
	}
	list = append(list, o.bidPairs(opt, price)...)
	list = append(list, view.Pair{}, view.Pair{Value: "Your account"})
	add("credit", "%s", figure.Amount(float64(desk.Credit)))
	delta := pricing.Between(desk.Before(), total, desk.Credit)
	if paid := opt.Prepay; paid > 0 {
		add("paid ahead", "%s, at once", figure.Amount(float64(paid)))
		delta.RunwayAfter = pricing.SpanOf(desk.Credit-paid, delta.After)
	}
	list = append(list, view.Pair{Label: "lasts", Value: fmt.Sprintf("%s → %s", spanWords(delta.RunwayBefore), spanWords(delta.RunwayAfter)), Warn: short(delta.RunwayAfter, desk)})
	add("burn", "%s → %s", figure.Rate(float64(delta.Before)), figure.Rate(float64(delta.After)))
	return slices.Concat(list, whatRuns(o, v, opt, many, fleet), accountVars(v, data))
}

// within says how many of the offers cost no more than the ceiling, and what the
// cheapest costs.
func within(o order, opt rental.RentOptions, f rental.FleetOptions) view.Pair {
	rates := o.rates(opt)
	n := 0
	for _, r := range rates {
		if r <= float64(f.Ceiling) {
			n++
		}
	}
	text := fmt.Sprintf("%d of %d offers", n, len(o.offers))
	if len(rates) > 0 {
		text += ", the cheapest " + figure.Rate(rates[0])
	}
	return view.Pair{Label: "within it", Value: text, Warn: n < f.Count}
}

// rentSum is what it costs, in one line.
func rentSum(o order, v view.Values, data *feed.Snapshot) string {
	opt := optionsOf(o, v, data)
	total := priceOf(o, v, opt, data).Total() + opt.Volume.Rate()
	word := "all in "
	if fleet, many := fleetOf(o, v, opt); many {
		total, word = worst(fleet), "at most "
	}
	return fmt.Sprintf("%s%s · %s a day · %s a month", word, figure.Rate(float64(total)), figure.Amount(float64(total.Day())), figure.Amount(float64(total.Month())))
}

// priceOf is what one of the order costs with the disk that was typed. What
// cannot be had has no price.
func priceOf(o order, v view.Values, opt rental.RentOptions, data *feed.Snapshot) pricing.Breakdown {
	errs := checkRent(o, v, data)
	disk := opt.Disk
	if errs[fDisk] != "" {
		disk = vastapi.Unknown[vastapi.GB]()
	}
	if opt.Bid != nil {
		bid := *opt.Bid
		if errs[fBid] != "" {
			bid = vastapi.Unknown[vastapi.Rate]()
		}
		return pricing.Bid(o.first(), bid, disk)
	}
	return pricing.Offer(o.first(), disk)
}

// worst is what all machines of a fleet may cost together.
func worst(f rental.FleetOptions) vastapi.Rate {
	if f.Count < 1 {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return vastapi.Rate(float64(f.Ceiling) * float64(f.Count))
}

func whatRuns(o order, v view.Values, opt rental.RentOptions, many bool, fleet rental.FleetOptions) []view.Pair {
	list := []view.Pair{{}, {Value: "What is sent"}}
	if run, err := opt.RunType(); err == nil && run != "" {
		list = append(list, view.Pair{Label: "run type", Value: run.String()})
	} else if err == nil {
		list = append(list, view.Pair{Label: "run type", Value: "as the template says"})
	}
	if env, errs := envOf(v); len(errs) == 0 && len(env) > 0 {
		list = append(list, view.Pair{Label: "environment", Value: env.String()})
	}
	for _, c := range opt.Overrides() {
		list = append(list, view.Pair{Label: c.Field, Value: fmt.Sprintf("%s, the template has %s", c.Is, c.Was), Warn: true})
	}
	if n := len(opt.OnStart); n > 0 {
		list = append(list, view.Pair{Label: "on start", Value: strconv.Itoa(n) + " of " + strconv.Itoa(rental.MaxOnStart) + " bytes"})
	}
	if many {
		list = append(list, view.Pair{Label: "takes", Value: "about " + figure.Span(rental.FleetTakes(fleet.Count)) + ", one request after the other"})
	}
	return list
}

func spanWords(s pricing.Span) string {
	switch {
	case !s.Known:
		return "not known"
	case !s.Finite:
		return "for ever"
	}
	return figure.Span(s.Lasts)
}

// short reports whether credit would end sooner than the cap allows.
func short(s pricing.Span, d rental.Desk) bool {
	return s.Known && s.Finite && s.Lasts < d.Caps.Runway
}

func perGB(p vastapi.PerGB) string {
	if !vastapi.Known(p) {
		return "—"
	}
	return "$" + figure.Decimal(float64(p), 4)
}
