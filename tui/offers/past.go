package offers

import (
	"fmt"
	"math"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/chart"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// trendCells is how wide the trend of a price is drawn.
const trendCells = 7

// trend draws what something has cost, "" where less than two prices are known.
func trend(values []float64) string {
	known := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			known++
		}
	}
	if known < 2 {
		return ""
	}
	return chart.Sparkline(values, trendCells, chart.Options{})
}

// rise is by which part of itself a price has risen since the first that is known.
func rise(values []float64) float64 {
	first, last := math.NaN(), math.NaN()
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if math.IsNaN(first) {
			first = v
		}
		last = v
	}
	return last/first - 1
}

// pastColumns are about what this machine remembers of an offer's slot.
func pastColumns(p prices) []spec {
	values := func(o *vastapi.Offer) []float64 {
		if p.past == nil {
			return nil
		}
		return p.past.Trends[feed.SlotOf(o, p.kind)]
	}
	tenancy := func(o *vastapi.Offer) feed.Tenancy {
		if p.past == nil {
			return feed.Tenancy{}
		}
		return p.past.Machines[o.MachineID]
	}
	trends := figures("trend", "Trend", "what it cost over 7 days, as noted on this machine; sorted by the rise in %", trendCells+1, 27,
		func(o *vastapi.Offer) float64 { return rise(values(o)) }, nil).lowestFirst().hide()
	trends.cell = func(o *vastapi.Offer) (string, theme.Class) {
		if line := trend(values(o)); line != "" {
			return line, theme.Money
		}
		return figure.Unknown, theme.Dim
	}
	rented := figures("rented", "Rented", "starts of yours on this machine: those that came up of all, and the seconds it usually took", 11, 28,
		func(o *vastapi.Offer) float64 {
			if t := tenancy(o); t.Starts > 0 {
				return float64(t.Starts)
			}
			return vastapi.Unknown[float64]()
		}, nil).hide()
	rented.cell = func(o *vastapi.Offer) (string, theme.Class) { return rentedCell(tenancy(o)) }
	return []spec{trends, rented}
}

// rentedCell says it in a few characters: "2/3 95 s".
func rentedCell(t feed.Tenancy) (string, theme.Class) {
	if t.Starts == 0 {
		return figure.Unknown, theme.Dim
	}
	text, class := fmt.Sprintf("%d/%d", t.Ready, t.Starts), theme.Good
	if t.Usual > 0 {
		text += fmt.Sprintf(" %.0f s", t.Usual.Seconds())
	}
	if t.Failed > 0 {
		class = theme.Warn
	}
	return text, class
}

// past takes over what was read of earlier days: the columns about it.
func (m *Model) past(env view.Env) view.Effect {
	past := env.Data.Past
	m.query.prices.past = &past
	m.list.reprice(m.query.prices)
	return m.arrange(env)
}

// consult reads what the model of the offer that is looked at has cost, so that its
// price can be judged.
func (m *Model) consult(env view.Env) view.Effect {
	if m.renting.open.form != "" && len(m.renting.open.offers) > 0 {
		if cmd := env.Load.LoadSpread(feed.ModelOf(m.renting.open.first(), m.renting.open.kind), env.Now); cmd != nil {
			return view.Wait(cmd)
		}
	}
	if r, ok := m.list.table.Peek(); ok && m.detail.open && !m.away {
		return view.Wait(env.Load.LoadSpread(feed.ModelOf(r.Offer, m.kind()), env.Now))
	}
	return view.Effect{}
}

// judged says how the price of an offer compares with what the cheapest of its model
// has cost, "" while too little is known to say anything.
func judged(past feed.Past, o *vastapi.Offer, kind vastapi.RentalType) (string, theme.Class) {
	spread := past.Spreads[feed.ModelOf(o, kind)]
	if !spread.Says || o.NumGPUs < 1 {
		return "", theme.Plain
	}
	dearer := spread.Dearer(float64(feed.RememberedPrice(o, kind)) / float64(o.NumGPUs))
	if math.IsNaN(dearer) {
		return "", theme.Plain
	}
	class := theme.Plain
	switch {
	case dearer >= 0.5:
		class = theme.Good
	case dearer < 0.1:
		class = theme.Warn
	}
	return fmt.Sprintf("lower than %s of %s samples of the cheapest %s, over %s", percent(dearer), figure.Count(len(spread.Prices)), o.GPUName, figure.Span(spread.Span)), class
}

// percent is a share without decimals, rounded towards the middle so that only none
// is 0% and only all are 100%.
func percent(share float64) string {
	n := int(math.Round(share * 100))
	if share > 0 {
		n = max(1, n)
	}
	if share < 1 {
		n = min(99, n)
	}
	return fmt.Sprintf("%d%%", n)
}

// pastFacts are what this machine remembers of an offer's price and of rentals there.
func pastFacts(o *vastapi.Offer, env view.Env, kind vastapi.RentalType) []pane.Fact {
	past := env.Data.Past
	var facts []pane.Fact
	if text, class := judged(past, o, kind); text != "" {
		facts = append(facts, pane.Fact{Label: "this price", Value: text, Class: class})
	}
	values := past.Trends[feed.SlotOf(o, kind)]
	if line := trend(values); line != "" {
		low, high, last := bounds(values)
		facts = append(facts, pane.Fact{Label: "7 days", Value: fmt.Sprintf("%s %s to %s, last %s: h shows more", line, figure.Rate(low), figure.Rate(high), figure.Rate(last)), Class: theme.Money})
	}
	own, all := past.Tenancy(o.MachineID, o.HostID)
	if own.Starts > 0 {
		facts = append(facts, pane.Fact{Label: "rented here", Value: own.Line(), Class: tenancyClass(own)})
	}
	if all.Starts > own.Starts {
		facts = append(facts, pane.Fact{Label: "this host", Value: all.Line(), Class: tenancyClass(all)})
	}
	return facts
}

func tenancyClass(t feed.Tenancy) theme.Class {
	if t.Failed > 0 {
		return theme.Warn
	}
	return theme.Plain
}

// bounds are the lowest, the highest and the last of what is known.
func bounds(values []float64) (low, high, last float64) {
	s := chart.SpanOf(values)
	low, high, last = s.Min, s.Max, s.Now
	for n := len(values) - 1; n >= 0 && math.IsNaN(last); n-- {
		last = values[n]
	}
	return low, high, last
}
