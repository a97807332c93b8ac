package offers

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

func TestTheFormOfABidSaysWhatItIsHeldAgainst(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	o := order{kind: vastapi.Interruptible, offers: []vastapi.Offer{{ID: 1, MachineID: 7, NumGPUs: 2, MinBid: 0.4}}}
	for name, c := range map[string]struct {
		bid      vastapi.Rate
		onDemand feed.OnDemand
		want     []string
	}{
		"a bid that saves":   {0.5, feed.OnDemand{Rate: 1}, []string{"$0.400/h, $0.200/h a GPU", "$0.250/h a GPU, 25% above the price to hold", "$1.000/h: the bid saves $0.500/h, 50%", "about 15m of work, $0.13", "resumes by itself"}},
		"one that does not":  {1.2, feed.OnDemand{Rate: 1}, []string{"no dearer than this bid, and never interrupted"}},
		"another number":     {0.5, feed.OnDemand{Rate: 1, About: true}, []string{"about $1.000/h: the bid saves"}},
		"no price on demand": {0.5, feed.OnDemand{Rate: unknown}, []string{"not known here: t shows the market on demand"}},
		"nothing typed":      {unknown, feed.OnDemand{Rate: 1}, []string{"{on demand $1.000/h false}"}},
	} {
		o.onDemand = c.onDemand
		text := fmt.Sprint(o.bidPairs(rental.RentOptions{}, pricing.Breakdown{GPU: c.bid, Disk: 0.02}))
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing in %s", name, w, text)
			}
		}
	}
	o.kind = vastapi.OnDemand
	if got := o.bidPairs(rental.RentOptions{}, pricing.Breakdown{GPU: 1}); got != nil {
		t.Errorf("a rent on demand is told %v", got)
	}
}

// TestABidForOneGPUNamesOnePriceToHold holds that the least that is enough is the one figure
// for it, in the sum and in what is said about the risk, and that one GPU has no second one.
func TestABidForOneGPUNamesOnePriceToHold(t *testing.T) {
	t.Parallel()
	o := order{kind: vastapi.Interruptible, offers: []vastapi.Offer{{ID: 1, MachineID: 7, NumGPUs: 1, MinBid: 0.0292}}}
	text := fmt.Sprint(o.bidPairs(rental.RentOptions{}, pricing.Breakdown{GPU: 0.03, Disk: 0.002}))
	for _, want := range []string{"{to hold $0.030/h false}", "{it is $0.030/h, 3% above", "the price to hold is $0.030/h"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	if strings.Contains(text, "a GPU") || strings.Contains(text, "$0.029/h") {
		t.Error(text)
	}
}

func TestTheFormOfABidKnowsThePriceOnDemand(t *testing.T) {
	t.Parallel()
	same := vastapi.Offer{ID: 2, MachineID: 7, NumGPUs: 2, DphBase: 0.9}
	data := &feed.Snapshot{Offers: feed.Feed[feed.Market]{Value: feed.Market{Rows: []feed.Row{{Offer: &same}}, Since: time.Unix(1, 0)}}}
	o := order{kind: vastapi.Interruptible, offers: []vastapi.Offer{{ID: 1, MachineID: 7, NumGPUs: 2, MinBid: 0.4}}}
	if got := onDemandOf(o, data); got.Rate != 0.9 {
		t.Errorf("%+v", got)
	}
	o.offers = append(o.offers, o.offers[0])
	if got := onDemandOf(o, data); got.Known() {
		t.Errorf("several offers have no one price: %+v", got)
	}
}

func TestTheLeastBidThatTheFormNamesIsEnough(t *testing.T) {
	t.Parallel()
	for _, least := range []vastapi.Rate{0.0604, 0.2, 0.1 + 0.2, 9.9996, 12.341} {
		o := order{kind: vastapi.Interruptible, offers: []vastapi.Offer{{ID: 1, MachineID: 7, NumGPUs: 1, MinBid: least, IsBid: true, DiskSpace: 100}}}
		m := New(theme.New(true))
		var help string
		for _, f := range m.machineFields(o) {
			if f.Key == fBid {
				help = f.Help
			}
		}
		wrong := checkRent(o, view.Values{fBid: "x"}, &feed.Snapshot{})[fBid]
		for name, text := range map[string]string{"the help": help, "the mistake": wrong} {
			_, shown, _ := strings.Cut(text, map[string]string{"the help": "now is $", "the mistake": "e.g. "}[name])
			shown, _, _ = strings.Cut(shown, "/h")
			typed, err := strconv.ParseFloat(shown, 64)
			if err != nil || vastapi.Rate(typed) < least || vastapi.Rate(typed) > least+0.011 {
				t.Errorf("of %v %s names %q: %q, %v", least, name, shown, text, err)
			}
		}
	}
}
