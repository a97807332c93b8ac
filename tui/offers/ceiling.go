package offers

import (
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// ceiling is what the form about the highest price begins with, and who is told
// what was chosen.
type ceiling struct {
	query string
	most  vastapi.Rate // that is checked here, 0 = none
	// listed says that most is about the price listed, else it is about the price all-in.
	listed bool
	kind   vastapi.RentalType
	job    pricing.Job
	use    func(env view.Env, chosen ceiling) view.Effect
}

// set is the query and the ceiling that follow from the values. A ceiling of a
// price that a query cannot name is checked here.
func (c ceiling) set(v view.Values) (ceiling, error) {
	rate := typedRate(v["price"])
	var err error
	switch {
	case v.On("allin"), c.kind == vastapi.Reserved:
		if _, err = offerql.SetCeiling("", rate); err == nil {
			c.most, c.listed = rate, !v.On("allin")
		}
	case c.kind == vastapi.Interruptible:
		c.query, err = offerql.SetBidCeiling(c.query, rate)
	default:
		c.query, err = offerql.SetCeiling(c.query, rate)
	}
	return c, err
}

// form asks for the highest price: of the price that is listed, or of the price
// with disk and traffic, which the server does not know.
func (c ceiling) form() view.Form {
	return view.Form{
		ID: ceilingForm, Title: "The highest price", Button: "Show what costs no more",
		Intro: []view.Pair{{Label: "of", Value: priceSentence(c.kind)}},
		Fields: []view.Field{
			{Key: "price", Label: "at most", Unit: "$/h", Limit: 12, Help: "for all GPUs of the offer, e.g. 0.60"},
			{Key: "allin", Label: "all-in", Kind: view.Toggle, Help: "space: off = the price above, on = with " + jobText(c.job) + " of the workload ($)"},
		},
		Check: func(v view.Values) map[string]string {
			if _, err := c.set(v); err != nil {
				return map[string]string{"price": sentence(err)}
			}
			return nil
		},
		Panel: func(v view.Values) []view.Pair {
			next, err := c.set(v)
			if err != nil {
				return nil
			}
			pairs := []view.Pair{{Label: "the query", Value: figure.Text(next.query)}}
			switch {
			case next.most <= 0:
			case next.listed:
				pairs = append(pairs, view.Pair{Label: kindName(c.kind), Value: "at most " + figure.Rate(float64(next.most)) + ", checked here"})
			default:
				pairs = append(pairs, view.Pair{Label: "all-in", Value: "at most " + figure.Rate(float64(next.most)) + " with " + jobText(c.job) + ", checked here"})
			}
			return pairs
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			next, err := c.set(v)
			if err != nil {
				return view.Do(view.FormFailed{Form: ceilingForm, Text: sentence(err)})
			}
			e := c.use(env, next)
			e.Intents = append(e.Intents, view.FormDone{Form: ceilingForm})
			return e
		},
	}
}

// askCeiling opens the form.
func (m *Model) askCeiling() view.Effect {
	c := ceiling{query: m.line.Value(), most: m.query.most, listed: m.query.listed, kind: m.kind(), job: m.job()}
	c.use = func(env view.Env, next ceiling) view.Effect {
		return view.Join(m.limit(env, next.most, next.listed), m.set(env, next.query), m.rememberQuery())
	}
	return view.Do(view.Ask{Form: c.form()})
}

// limit shows what costs no more than most, as it is listed or all-in; 0 takes the
// ceiling away.
func (m *Model) limit(env view.Env, most vastapi.Rate, listed bool) view.Effect {
	if most == m.query.most && listed == m.query.listed {
		return view.Effect{}
	}
	next := m.query
	next.most, next.listed = most, listed
	e := view.Join(m.look(env, next), m.first(env))
	m.chips()
	return e
}

// ceilingText is the ceiling that is checked here as it is shown, "" when there is none.
func (m *Model) ceilingText() string {
	if m.query.most <= 0 {
		return ""
	}
	price := "all-in"
	if m.query.listed {
		price = listedName(m.kind())
	}
	return price + "≤" + figure.Rate(float64(m.query.most))
}

// ceilingDetail says what the ceiling is about.
func (m *Model) ceilingDetail() string {
	if m.query.listed {
		return "applies to the price listed"
	}
	return "applies, with " + jobText(m.job())
}

// listedName is the price listed in one word.
func listedName(k vastapi.RentalType) string {
	if k == vastapi.OnDemand {
		return "$/h"
	}
	return kindName(k)
}
