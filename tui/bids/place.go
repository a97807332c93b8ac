package bids

import (
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// placeBid asks on which machine to bid, and shows what can be bid for there in the
// market. Price and image are asked for there, with the offer in view.
func placeBid() view.Effect {
	return view.Do(view.Ask{Form: view.Form{
		ID: formPlace, Title: "Place a bid", Button: "Show what can be bid for",
		Intro: []view.Pair{
			{Label: "then", Value: "choose an offer in the market and press b: price and image are asked for there, and nothing is rented without a price"},
			{Label: "a bid", Value: "runs while it is the highest; outbid, it pauses, its disk is billed on, and it resumes by itself"},
		},
		Fields: []view.Field{{Key: "machine", Label: "machine", Limit: 20, Help: "optional; its id. Left empty, the market goes on with the query that stands in its line"}},
		Check: func(v view.Values) map[string]string {
			if _, ok := machineOf(v["machine"]); !ok {
				return map[string]string{"machine": "the id of a machine, e.g. 12345, or nothing"}
			}
			return nil
		},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			id, _ := machineOf(v["machine"])
			focus := any(vastapi.Interruptible)
			if id != 0 {
				focus = feed.SavedSearch{Query: fmt.Sprintf("machine_id=%d verified=any external=any", id), Kind: vastapi.Interruptible}
			}
			return view.Do(view.FormDone{Form: formPlace}, view.Goto{View: view.Market, Focus: focus})
		},
	}})
}

// machineOf is the machine that was typed; 0 when none was.
func machineOf(text string) (vastapi.MachineID, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return vastapi.MachineID(n), err == nil && n > 0
}

// elsewhere shows on-demand offers of the same GPUs in the market.
func elsewhere(i *vastapi.Instance) view.Effect {
	return view.Do(view.Goto{View: view.Market, Focus: feed.SavedSearch{Query: marketQuery(i), Kind: vastapi.OnDemand}})
}

// rentOnDemand opens the rent form of the market on an on-demand offer of the same
// GPUs on another machine, filled with what the instance was rented with, as far as it
// tells that.
func rentOnDemand(env view.Env, i *vastapi.Instance) view.Effect {
	opt, missing := rental.OptionsOf(i)
	like := vastapi.Offer{GPUName: i.GPUName, NumGPUs: i.NumGPUs}
	spec := feed.RentSpec(rental.SpecOf(opt, &like, env.Now))
	spec.Kind, spec.Bid = vastapi.OnDemand, 0
	e := view.Do(view.Goto{View: view.Market, Focus: feed.RentAgain{RentSpec: spec, Env: opt.Env.Text(), OnStart: opt.OnStart}})
	if len(missing) > 0 {
		e.Intents = append(e.Intents, view.Toast{Text: "look at the form: an instance does not tell all that it was rented with", Level: view.Warn})
	}
	return e
}
