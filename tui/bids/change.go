package bids

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// The forms of this view.
const (
	formChange = "bids/change"
	formPlace  = "bids/place"
)

// typedRate is a number of dollars as people type it, NaN when it is none.
func typedRate(text string) vastapi.Rate {
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "$")), 64)
	if err != nil || math.IsInf(n, 0) {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return vastapi.Rate(n)
}

// typedText is a rate as it stands in a field.
func typedText(r vastapi.Rate) string {
	if !vastapi.Known(r) {
		return ""
	}
	return strconv.FormatFloat(float64(r), 'f', -1, 64)
}

// offer is what a bid is held against, as it was when the form was opened or is now.
type offer struct {
	i        *vastapi.Instance
	word     string // its state
	onDemand feed.OnDemand
	caps     rental.Caps
}

// change asks for another bid.
func (m *Model) change(env view.Env, r *row) view.Effect {
	id, data, desk := r.ID, env.Data, env.Desk
	was := offer{i: r.Instance, word: r.state.Word, onDemand: r.price, caps: desk.Caps}
	now := func() offer {
		o := was
		if i, there := data.Instance(id); there {
			o.i, o.word = &i, data.Traced(id).Watched.State(&i).Word
		}
		return o
	}
	value := typedText(r.DphBase)
	if p, err := rental.RaiseToHold(r.Instance, r.price.Rate, r.moved, desk.Caps); err == nil && r.MinBid > r.DphBase {
		value = typedText(p.Price)
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: formChange, Title: "Change the bid for instance " + id.String(), Button: "Look at the plan",
		Intro: changeIntro(env, r),
		Fields: []view.Field{{
			Key: "bid", Label: "bid", Value: value, Unit: "$/h", Limit: 12,
			Help: fmt.Sprintf("%s, %s to %s", forGPUs(r.NumGPUs), pricing.Shown(vastapi.MinBidPrice), pricing.Shown(rental.MostBid(r.Instance))),
		}},
		Check: func(v view.Values) map[string]string {
			if _, err := rental.PlanBid(*now().i, typedRate(v["bid"]), desk); err != nil {
				return map[string]string{"bid": rental.FieldText(err)}
			}
			return nil
		},
		Panel: func(v view.Values) []view.Pair { return bidPanel(now(), typedRate(v["bid"])) },
		Sum: func(v view.Values) string {
			price := typedRate(v["bid"])
			return bidSum(now(), price)
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			return changed(env, formChange, id, typedRate(v["bid"]))
		},
	}})
}

// changeOf asks for another bid for an instance that another view names: it need not
// be in the list, nor need that have been arranged.
func (m *Model) changeOf(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	why := env.Changing("")
	switch {
	case !there:
		why = fmt.Sprintf("nothing is left to change: instance %s is gone", id)
	case !i.Bid:
		why = "it is rented on demand: its price is no bid"
	}
	if why != "" {
		return view.Do(view.Toast{Text: why, Level: view.Info})
	}
	in := m.material(env)
	r := in.row(&i)
	r.price = feed.OnDemandPrices(current(env), in.listings, []feed.GPUs{gpusOf(&i)})[gpusOf(&i)]
	if why := firstOf(underWay(env, []*row{r}), unchangeable(env, r)); why != "" {
		return view.Do(view.Toast{Text: why, Level: view.Info})
	}
	return m.change(env, r)
}

// forGPUs says what a bid is for.
func forGPUs(n int) string {
	if n > 1 {
		return fmt.Sprintf("for all its %d GPUs together", n)
	}
	return "for its GPU"
}

// changed asks about the plan that the form was filled in for.
func changed(env view.Env, form string, id vastapi.InstanceID, price vastapi.Rate) view.Effect {
	failed := func(text string) view.Effect {
		if form == "" {
			return view.Do(view.Toast{Text: text, Level: view.Warn})
		}
		return view.Do(view.FormFailed{Form: form, Text: text})
	}
	i, there := env.Data.Instance(id)
	if !there {
		return failed(fmt.Sprintf("nothing is left to change: instance %s is gone", id))
	}
	p, err := rental.PlanBid(i, price, env.Desk)
	if err != nil {
		return failed(rental.FieldText(err))
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return changed(env, form, id, price) }})
}

func changeIntro(env view.Env, r *row) []view.Pair {
	return []view.Pair{
		{Label: "name", Value: figure.Text(r.name)},
		{Label: "state", Value: r.word(env.Now)},
		{Label: "bid now", Value: eachOf(r.Instance, r.DphBase)},
		{Label: "to hold", Value: eachOf(r.Instance, pricing.Enough(r.MinBid))},
		{Label: "on demand", Value: onDemandWords(env, r)},
		{Label: "disk", Value: figure.Rate(float64(pricing.Stopped(r.Instance))) + " beside it, also while outbid"},
		{Label: "pace", Value: "the server takes one change of a bid in 5.5 s: a further one waits, and the header says how long"},
	}
}

// eachOf is a rate for the whole instance and, where it has several, for one GPU.
func eachOf(i *vastapi.Instance, r vastapi.Rate) string {
	if i.NumGPUs < 2 || !vastapi.Known(r) {
		return figure.Rate(float64(r))
	}
	return figure.Rate(float64(r)) + ", " + figure.Rate(float64(pricing.PerGPU(r, i.NumGPUs))) + " a GPU"
}

// bidPanel is what a bid comes to.
func bidPanel(o offer, price vastapi.Rate) []view.Pair {
	total := price + pricing.Stopped(o.i)
	list := []view.Pair{
		{Value: "What it comes to"},
		{Label: "bid", Value: eachOf(o.i, price)},
		{Label: "while it runs", Value: figure.Rate(float64(total))},
		{Label: "a day", Value: figure.Amount(float64(total.Day()))},
		{Label: "a month", Value: figure.Amount(float64(total.Month()))},
		{Label: "change", Value: signedRate(price-o.i.DphBase) + ", " + signedAmount((price - o.i.DphBase).Month()) + " a month"},
		{},
		{Value: "What it is held against"},
		{Label: "to hold", Value: pricing.ShownEnough(o.i.MinBid)},
		{Label: "then", Value: bidWords(o, price), Warn: !(price >= o.i.MinBid) || pricing.AtRisk(price, o.i.MinBid)},
	}
	if vastapi.Known(o.onDemand.Rate) && vastapi.Known(price) {
		list = append(list, view.Pair{Label: "on demand", Value: againstOnDemand(o.onDemand.Rate, price), Warn: price >= o.onDemand.Rate})
	}
	if o.caps.Raise > 0 && vastapi.Known(o.i.DphBase) {
		most := o.i.DphBase * vastapi.Rate(1+o.caps.Raise)
		list = append(list, view.Pair{Label: "your limit", Value: fmt.Sprintf("%s for a raise with h (bids.most_over)", figure.Rate(float64(most))), Warn: price > most})
	}
	if vastapi.Known(price) && price < o.i.MinBid {
		list = append(list, view.Pair{Label: "later", Value: resumes, Warn: true})
	}
	return list
}

// resumes is what is to be known of every bid that pauses.
const resumes = "it resumes by itself when it wins again, and its GPU is billed again then"

// againstOnDemand compares a bid with the price on demand.
func againstOnDemand(onDemand, price vastapi.Rate) string {
	switch {
	case price >= onDemand:
		return figure.Rate(float64(onDemand)) + ": no dearer than this bid, and never interrupted"
	default:
		return fmt.Sprintf("%s: the bid saves %s, %.0f%%", figure.Rate(float64(onDemand)), figure.Rate(float64(onDemand-price)), 100*(1-float64(price/onDemand)))
	}
}

// bidSum is what a bid comes to and does in one line, which is short where it matters.
func bidSum(o offer, price vastapi.Rate) string {
	total := figure.Rate(float64(price + pricing.Stopped(o.i)))
	if !(price >= o.i.MinBid) || !pricing.AtRisk(price, o.i.MinBid) {
		return total + " while it runs · " + bidWords(o, price)
	}
	word := "AT RISK"
	if pricing.AtRisk(o.i.DphBase, o.i.MinBid) {
		word = "still AT RISK"
	}
	return fmt.Sprintf("%s running · %s: to hold %s, safe from %s", total, word, pricing.ShownEnough(o.i.MinBid), pricing.Shown(pricing.Safe(o.i.MinBid)))
}

// bidWords says what a bid does.
func bidWords(o offer, price vastapi.Rate) string {
	i, outbid := o.i, o.word == "OUTBID"
	above := fmt.Sprintf("%.0f%% above the price to hold", 100*pricing.Margin(price, i.MinBid))
	risk := pricing.Risk(price, i.MinBid)
	if risk != "" {
		risk = ", " + risk
	}
	switch {
	case !vastapi.Known(price):
		return "type a bid"
	case !vastapi.Known(i.MinBid):
		return "the price to hold is not known"
	case price < i.MinBid && outbid:
		return "below the price to hold: it stays outbid"
	case price < i.MinBid && o.word == "STOPPED":
		return "below the price to hold: it stays stopped"
	case price < i.MinBid:
		return "below the price to hold: it is stopped, its disk billed on"
	case outbid:
		return above + ": it runs again" + risk
	case o.word == "STOPPED":
		return above + "; stopped by you, it stays so until it is started" + risk
	case risk != "" && pricing.AtRisk(i.DphBase, i.MinBid):
		return above + ": it runs on, still" + strings.TrimPrefix(risk, ",")
	}
	return above + ": it runs on" + risk
}

// signedRate is a change of a rate with its sign.
func signedRate(r vastapi.Rate) string {
	if r > 0 {
		return "+" + figure.Rate(float64(r))
	}
	return figure.Rate(float64(r))
}

// signedAmount is a change of an amount with its sign.
func signedAmount(a vastapi.Amount) string {
	if a > 0 {
		return "+" + figure.Amount(float64(a))
	}
	return figure.Amount(float64(a))
}
