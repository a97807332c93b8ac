package instances

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

const formPrepay = "prepay"

// typedAmount is a number of dollars as people type it, NaN when it is none.
func typedAmount(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "$")), 64)
	if err != nil || math.IsInf(n, 0) {
		return math.NaN()
	}
	return n
}

// over reports whether the contract of an instance has ended.
func over(env view.Env, i *vastapi.Instance) bool { return !i.End.IsZero() && !env.Now.Before(i.End) }

// noPrepay says why nothing can be paid ahead for what is chosen, or "".
func noPrepay(env view.Env, rows []*row) string {
	if len(rows) != 1 {
		return oneOnly
	}
	i := &rows[0].Instance
	switch {
	case i.Bid:
		return "it is interruptible, which cannot be reserved: rent on demand for that"
	case over(env, i):
		return "its contract has ended, so it cannot be reserved"
	case !(pricing.Running(i).Total() > 0):
		return "what it costs is not known, so nothing is paid ahead for it"
	}
	return ""
}

// prepay asks how much is paid ahead for an instance, and shows what that comes to.
func prepay(env view.Env, target vastapi.Instance) view.Effect {
	most := "not told"
	if target.DiscountMax > 0 {
		most = figure.Share(target.DiscountMax)
	}
	intro := []view.Pair{
		{Label: "name", Value: nameShown(&target)},
		{Label: "costs now", Value: figure.Rate(float64(pricing.Running(&target).Total())) + " while it runs"},
		{Label: "discount", Value: "at most " + most + "; the server decides it"},
		{Label: "ends", Value: until(target.End, env.Now)},
	}
	if target.Deposit > 0 {
		intro = append(intro, view.Pair{Label: "paid already", Value: figure.Amount(float64(target.Deposit)) + " is left, the discount now is " + figure.Share(target.Discount)})
	}
	data, desk := env.Data, env.Desk
	now := func() *vastapi.Instance {
		if i, there := data.Instance(target.ID); there {
			return &i
		}
		return &target
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: formPrepay, Title: "Pay ahead for instance " + target.ID.String(), Button: "Look at the plan", Intro: intro,
		Fields: []view.Field{{Key: "amount", Label: "pay", Unit: "$", Limit: 12, Help: "leaves the credit at once; the more, the greater the discount"}},
		Check: func(v view.Values) map[string]string {
			amount := vastapi.Amount(typedAmount(v["amount"]))
			switch {
			case !(amount >= 0.01 && amount < 1e6):
				return map[string]string{"amount": "an amount in dollars, e.g. 25"}
			case amount > desk.Credit:
				return map[string]string{"amount": fmt.Sprintf("the credit is %s: pay less, or add credit", figure.Amount(float64(desk.Credit)))}
			}
			return nil
		},
		Panel: func(v view.Values) []view.Pair {
			return prepayPanel(now(), vastapi.Amount(typedAmount(v["amount"])), env)
		},
		Sum: func(v view.Values) string {
			p := rental.PrepaidFor(now(), vastapi.Amount(typedAmount(v["amount"])))
			if p.BreakEven <= 0 {
				return noAmount
			}
			return "breaks even after " + spanOr(p.BreakEven.Hours()) + " · lasts up to " + spanOr(p.Lasts.Hours())
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			amount := vastapi.Amount(typedAmount(v["amount"]))
			return fromForm(env, formPrepay, []vastapi.InstanceID{target.ID}, one(func(i vastapi.Instance, d rental.Desk) (rental.Plan, error) {
				return rental.PlanPrepay(i, amount, d)
			}))
		},
	}})
}

// spanOr is a length in hours in words, a dash for none.
func spanOr(hours float64) string {
	if !(hours > 0) {
		return figure.Unknown
	}
	return figure.Hours(hours)
}

// noAmount stands where figures follow once there is an amount to work them out from.
const noAmount = "type an amount"

// prepayPanel is what an amount comes to.
func prepayPanel(i *vastapi.Instance, amount vastapi.Amount, env view.Env) []view.Pair {
	p := rental.PrepaidFor(i, amount)
	list := []view.Pair{{Value: "What it comes to"}}
	add := func(label, value string) { list = append(list, view.Pair{Label: label, Value: value}) }
	add("now", figure.Rate(float64(p.Now))+" while it runs")
	if vastapi.Known(p.Best) && p.Best > 0 {
		add("then", fmt.Sprintf("from %s, at most %s less", figure.Rate(float64(p.Now)*(1-p.Best)), figure.Share(p.Best)))
	} else {
		add("then", "not told: the server decides the discount")
	}
	if p.BreakEven <= 0 {
		return append(list, view.Pair{}, view.Pair{Label: "break-even", Value: noAmount},
			view.Pair{Label: "ended early", Value: "what is left comes back, less the discount got and 5% of it", Warn: true})
	}
	add("break-even", "after "+spanOr(p.BreakEven.Hours())+" of running")
	add("lasts", "up to "+spanOr(p.Lasts.Hours()))
	if left := i.End.Sub(env.Now); !i.End.IsZero() && p.BreakEven > left {
		list = append(list, view.Pair{Label: "but", Value: "the contract ends in " + figure.Span(left) + ", before that", Warn: true})
	}
	list = append(list,
		view.Pair{}, view.Pair{Value: "Ended early"},
		view.Pair{Label: "comes back", Value: "what is left, less the discount got and 5% of it", Warn: true},
		view.Pair{Label: "costs", Value: "up to " + figure.Amount(float64(p.Loss)) + " more than on demand", Warn: true},
		view.Pair{}, view.Pair{Value: "Your account"},
		view.Pair{Label: "credit", Value: figure.Amount(float64(env.Desk.Credit)) + " → " + figure.Amount(float64(env.Desk.Credit-amount)), Warn: amount > env.Desk.Credit})
	return list
}

// noBid says why there is no bid to change, or "".
func noBid(env view.Env, rows []*row) string {
	if len(rows) != 1 {
		return oneOnly
	}
	switch i := &rows[0].Instance; {
	case !i.Bid:
		return "it is rented on demand: its price is no bid"
	case over(env, i):
		return "its contract has ended: copy its data, then destroy it"
	}
	return ""
}
