package bids

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// call is the only request of a plan.
func call[T vastapi.Call](t testing.TB, p rental.Plan) T {
	t.Helper()
	if len(p.Steps) != 1 {
		t.Fatalf("%d steps", len(p.Steps))
	}
	c, ok := p.Steps[0].Call.(T)
	if !ok {
		t.Fatalf("the plan sends %#v", p.Steps[0].Call)
	}
	return c
}

// outbid is a stage with one bid of $0.40 that is outbid at $0.50.
func outbid(t testing.TB) *stage { return newStage(t).load(paused(at(bidding(7, "a"), 0.4, 0.5))) }

func TestRaisingProposesThePriceToHoldAndAStep(t *testing.T) {
	t.Parallel()
	s := outbid(t)
	p := intent[view.Confirm](t, s.press("h")).Plan
	if c := call[vastapi.ChangeBid](t, p); c.ID != 7 || c.Price != 0.55 {
		t.Errorf("sends %+v", c)
	}
	if p.Consent.Kind != rental.ConsentChoose {
		t.Errorf("consent %v", p.Consent)
	}
	if text := fmt.Sprint(p.Facts); !strings.Contains(text, "no price on demand of this machine is known") {
		t.Error(text)
	}
}

func TestRaisingStopsAtTheOnDemandPriceAndAtTheLimit(t *testing.T) {
	t.Parallel()
	s := outbid(t).listed([]vastapi.MachineID{107}, bought(107, 2, 0.51))
	if c := call[vastapi.ChangeBid](t, intent[view.Confirm](t, s.press("h")).Plan); c.Price != 0.51 {
		t.Errorf("bids %v, above what it costs on demand", c.Price)
	}
	s = outbid(t).listed([]vastapi.MachineID{107}, bought(107, 2, 0.45))
	if got := s.reason("h"); got != "the price to hold is $0.500/h, above the on-demand price, $0.450/h: b bids another price, m shows what is on demand elsewhere" {
		t.Errorf("h: %q", got)
	}
	s = outbid(t)
	s.caps.Raise = 0.2
	if got := s.reason("h"); !strings.Contains(got, "your limit of 20% over the bid (bids.most_over)") {
		t.Errorf("h: %q", got)
	}
}

func TestARaiseThatIsWorkedOutAgainFollowsThePrice(t *testing.T) {
	t.Parallel()
	s := outbid(t)
	c := intent[view.Confirm](t, s.press("h"))
	s.load(paused(at(bidding(7, "a"), 0.4, 0.6)))
	if next := call[vastapi.ChangeBid](t, intent[view.Confirm](t, c.Again(s.env(), "")).Plan); next.Price != 0.72 {
		t.Errorf("bids %v, not the price to hold and the 20%% by which it has just risen", next.Price)
	}
	s.load()
	if text := intent[view.Toast](t, c.Again(s.env(), "")).Text; text != "nothing is left to raise: instance 7 is gone" {
		t.Error(text)
	}
}

func TestARaiseGoesAsFarBeyondAsThePriceHasMoved(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, hold := range []vastapi.Rate{0.40, 0.44, 0.48} { // by 12 % in an hour, at most
		s.after(40*time.Minute, at(bidding(7, "a"), 0.6, hold))
	}
	s.after(25*time.Hour, paused(at(bidding(7, "a"), 0.46, 0.48))) // and not at all for a day
	p := intent[view.Confirm](t, s.press("h")).Plan
	if c := call[vastapi.ChangeBid](t, p); c.Price != 0.528 || !strings.Contains(fmt.Sprint(p.Facts), "10% beyond it, the least that is added") {
		t.Errorf("after a quiet day it bids %v: %s", c.Price, fmt.Sprint(p.Facts))
	}
	s.load(paused(at(bidding(7, "a"), 0.46, 0.54)))
	p = intent[view.Confirm](t, s.press("h")).Plan
	if c := call[vastapi.ChangeBid](t, p); c.Price != 0.608 || !strings.Contains(fmt.Sprint(p.Facts), "13% beyond it, as much as it rose within an hour, as this run has seen") {
		t.Errorf("after a rise it bids %v: %s", c.Price, fmt.Sprint(p.Facts))
	}
	s.press("E")
	s.has("$0.608/h: the price to hold, $0.540/h")
}

func TestARaiseKnowsWhatIsRememberedOfTheMachine(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	nan := math.NaN()
	s.data.Past.Trends = map[feed.Slot][]float64{
		{Machine: 107, GPUs: 2, Kind: vastapi.Interruptible}: {nan, 0.4, 0.46, nan, 0.9, 0.5},
		{Machine: 107, GPUs: 2, Kind: vastapi.OnDemand}:      {0.4, 0.8},
	}
	s.load(paused(at(bidding(7, "a"), 0.4, 0.5)))
	p := intent[view.Confirm](t, s.press("h")).Plan
	if c := call[vastapi.ChangeBid](t, p); c.Price != 0.575 || !strings.Contains(fmt.Sprint(p.Facts), "15% beyond it, as much as it rose within half a day of the last week, as is remembered") {
		t.Errorf("it bids %v: %s", c.Price, fmt.Sprint(p.Facts))
	}
}

func TestAnotherViewAsksForAnotherBid(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.m.Update(s.env(), view.Hidden{})
	s.load(some()...)
	tell := func(id vastapi.InstanceID) view.Effect {
		return s.m.Update(s.env(), view.ChangeBid{Instance: id})
	}
	f := intent[view.Ask](t, tell(18821102)).Form
	if f.ID != formChange || f.Fields[0].Value != "0.55" || !strings.Contains(fmt.Sprint(f.Intro), "OUTBID") {
		t.Errorf("%s begins with %q: %v", f.ID, f.Fields[0].Value, f.Intro)
	}
	for id, want := range map[vastapi.InstanceID]string{
		1: "nothing is left to change: instance 1 is gone", 18829999: "it is rented on demand: its price is no bid",
	} {
		if got := intent[view.Toast](t, tell(id)).Text; got != want {
			t.Errorf("of %d it says %q, want %q", id, got, want)
		}
	}
	s.busy = map[vastapi.InstanceID]string{18821102: "stop"}
	if got := intent[view.Toast](t, tell(18821102)).Text; !strings.Contains(got, "a stop is under way") {
		t.Errorf("while it is being stopped: %q", got)
	}
	s.busy, s.locked = nil, true
	if got := intent[view.Toast](t, tell(18821102)).Text; !strings.Contains(got, "read-only") {
		t.Errorf("read-only: %q", got)
	}
}

// panel is what the form shows for a bid, as text.
func panel(f view.Form, bid string) string {
	v := view.Values{"bid": bid}
	return fmt.Sprint(f.Panel(v), f.Sum(v), f.Check(v))
}

// TestThePriceToHoldIsEnoughWhereverItIsShown holds that whoever bids what the list, the
// detail, the form or the plan name is not below it; the explanation has all its digits.
func TestThePriceToHoldIsEnoughWhereverItIsShown(t *testing.T) {
	t.Parallel()
	i := at(bidding(7, "a"), 0.098, 0.0872)
	i.NumGPUs = 1
	s := newStage(t).load(i)
	s.has("$0.088/h")
	list := s.plain()
	s.press("enter")
	s.has("to hold", "$0.088/h")
	if text := list + s.plain(); strings.Contains(text, "$0.087/h") {
		t.Error(text)
	}
	f := intent[view.Ask](t, s.press("b")).Form
	if text := fmt.Sprint(f.Intro) + panel(f, "0.09"); !strings.Contains(text, "$0.088/h") || strings.Contains(text, "$0.087/h") {
		t.Error(text)
	}
	p := intent[view.Confirm](t, f.Submit(s.env(), view.Values{"bid": "0.09"})).Plan
	if text := fmt.Sprint(p.Facts, p.Warnings); !strings.Contains(text, "the price to hold is $0.088/h") || strings.Contains(text, "$0.087/h") {
		t.Error(text)
	}
	s.press("E")
	s.has("$0.098000/h ÷ $0.087200/h − 1 = +12.4%", "$0.087200/h (min_bid)")
}

func TestChangingABidShowsWhatItComesTo(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(bidding(7, "a")).listed([]vastapi.MachineID{107}, bought(107, 2, 1.0))
	f := intent[view.Ask](t, s.press("b")).Form
	for bid, want := range map[string][]string{
		"0.5":  {"$0.500/h, $0.250/h a GPU", "$0.520/h", "$12.48", "$374.40", "-$0.100/h", "25% above the price to hold: it runs on", "the bid saves $0.500/h, 50%"},
		"0.3":  {"below the price to hold: it is stopped, its disk billed on", "resumes by itself"},
		"1.2":  {"no dearer than this bid, and never interrupted"},
		"64.1": {"between $0.001/h and $64.00/h"},
		"0":    {"between $0.001/h and $64.00/h"},
		"":     {"type a bid", "between"},
		"x":    {"type a bid", "between"},
		"0.6":  {"this is what is bid already"},
		"NaN":  {"type a bid"},
	} {
		text := panel(f, bid)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("a bid of %q: %q is missing in %s", bid, w, text)
			}
		}
	}
	if text := fmt.Sprint(f.Intro); !strings.Contains(text, "one change of a bid in 5.5 s") || !strings.Contains(text, "$0.400/h, $0.200/h a GPU") {
		t.Error(text)
	}
	c := intent[view.Confirm](t, f.Submit(s.env(), view.Values{"bid": "$0.5"}))
	if sent := call[vastapi.ChangeBid](t, c.Plan); sent.ID != 7 || sent.Price != 0.5 || c.Form != formChange {
		t.Errorf("sends %+v from %q", sent, c.Form)
	}
	s.load()
	if text := intent[view.FormFailed](t, f.Submit(s.env(), view.Values{"bid": "0.5"})).Text; text != "nothing is left to change: instance 7 is gone" {
		t.Error(text)
	}
}

func TestAnOutbidFormBeginsWithWhatHolds(t *testing.T) {
	t.Parallel()
	f := intent[view.Ask](t, outbid(t).press("b")).Form
	if f.Fields[0].Value != "0.55" {
		t.Errorf("it begins with %q", f.Fields[0].Value)
	}
	if text := panel(f, "0.45"); !strings.Contains(text, "it stays outbid") {
		t.Error(text)
	}
}

func TestCancellingDestroysExactlyWhatIsChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	p := intent[view.Confirm](t, s.press("D")).Plan
	if c := call[vastapi.DestroyInstance](t, p); c.ID != 18821102 || p.Consent.Kind == rental.ConsentChoose {
		t.Errorf("destroys %+v by %v", c, p.Consent)
	}
	s.press("space", "down", "space")
	c := intent[view.Confirm](t, s.press("D"))
	if len(c.Plan.Steps) != 2 {
		t.Fatalf("%d steps for two marked bids", len(c.Plan.Steps))
	}
	s.load(some()[0])
	if text := intent[view.Toast](t, c.Again(s.env(), "")).Text; text != "nothing is left to do: the instances are gone" {
		t.Error(text)
	}
}

func TestTheWaysToOnDemandLeadToTheMarket(t *testing.T) {
	t.Parallel()
	s := outbid(t)
	g := intent[view.Goto](t, s.press("m"))
	if want := (feed.SavedSearch{Query: `gpu_name="RTX 4090" num_gpus=2`, Kind: vastapi.OnDemand}); g.View != view.Market || g.Focus != any(want) {
		t.Errorf("m leads to %+v", g)
	}
	g = intent[view.Goto](t, s.press("r"))
	again, ok := g.Focus.(feed.RentAgain)
	if !ok || g.View != view.Market || again.Kind != vastapi.OnDemand || again.Bid != 0 || again.Image != "pytorch/pytorch" || again.NumGPUs != 2 {
		t.Errorf("r leads to %+v", g)
	}
	if g := intent[view.Goto](t, s.press("i")); g.View != view.Instances || g.Focus != any(vastapi.InstanceID(7)) {
		t.Errorf("i leads to %+v", g)
	}
	if c := intent[view.Copy](t, s.press("C")); c.Text != "vastai change bid 7 --price 0.4" {
		t.Errorf("C copies %q", c.Text)
	}
}

func TestAHostileGPUNameStaysOutOfTheQuery(t *testing.T) {
	t.Parallel()
	i := bidding(7, "a")
	i.GPUName = safetext.New(`x" rentable=any "`)
	if q := marketQuery(&i); q != "num_gpus=2" {
		t.Errorf("the query is %q", q)
	}
}

func TestPlacingABidLeadsToTheBidsOfTheMarket(t *testing.T) {
	t.Parallel()
	s := newStage(t).load()
	f := intent[view.Ask](t, s.press("n")).Form
	e := f.Submit(s.env(), view.Values{"machine": ""})
	if g := intent[view.Goto](t, e); g.View != view.Market || g.Focus != any(vastapi.Interruptible) {
		t.Errorf("leads to %+v", g)
	}
	if d := intent[view.FormDone](t, e); d.Form != f.ID {
		t.Errorf("closes %q", d.Form)
	}
	want := feed.SavedSearch{Query: "machine_id=4711 verified=any external=any", Kind: vastapi.Interruptible}
	if g := intent[view.Goto](t, f.Submit(s.env(), view.Values{"machine": " 4711 "})); g.Focus != any(want) {
		t.Errorf("leads to %+v", g)
	}
	for _, bad := range []string{"x", "-3", "0", "1.5"} {
		if f.Check(view.Values{"machine": bad})["machine"] == "" {
			t.Errorf("%q is taken for a machine", bad)
		}
	}
}

func TestNothingIsDoneWithoutAPlan(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	for _, a := range s.m.Actions(s.env()) {
		if a.Disabled != "" {
			continue
		}
		e := a.Do()
		if e.Cmd != nil {
			t.Errorf("%v runs a command", a.Key.Keys())
		}
		s.m.page = nil
		s.m.query.Blur()
	}
}

func TestOnDemandPricesComeFromTheMarketOrAreLookedUp(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(bidding(7, "a"))
	s.has("—")
	o := bought(107, 2, 0.9)
	s.data.Offers = feed.Feed[feed.Market]{Value: feed.Market{Rows: []feed.Row{{Offer: &o}}, Since: s.now}, At: s.now}
	s.m.Update(s.env(), command.MarketFolded{})
	s.has("$0.900/h", "+33.3%", "saving $0.300/h against on-demand")
	other := bought(999, 2, 0.7)
	other.GPUName = safetext.New("RTX 4090")
	s.data.Offers.Value.Rows = append(s.data.Offers.Value.Rows, feed.Row{Offer: &other})
	s.m.Update(s.env(), command.MarketFolded{})
	s.press("enter")
	s.has("such GPUs on demand from $0.700/h (m)")
	s.press("enter")
	s.after(listingLasts+time.Minute, bidding(7, "a"))
	if strings.Contains(s.plain(), "$0.900/h") {
		t.Error("the price of a market that is old is taken for the one of now")
	}
	s.listed([]vastapi.MachineID{107}, bought(107, 4, 2.0))
	s.has("≈$1.000/h", "+40.0%")
	s.listed([]vastapi.MachineID{107})
	s.has("none")
	s.press("enter")
	s.has("the machine is not offered on demand")
}

func TestTheListRemembersHowItIsArranged(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	e := s.press("O")
	r := intent[view.Remember](t, e)
	var mem feed.Memory
	r.Change(&mem)
	if got := mem.Tables["bids"]; got.Sort != "margin" || !got.Desc || got.Columns != nil {
		t.Errorf("remembers %+v", got)
	}
	next := newStage(t)
	next.data.Memory = feed.Memory{Tables: map[string]feed.TableState{"bids": {Sort: "id", Desc: true, Query: "state=winning"}}}
	next.m.Update(next.env(), command.MemoryLoaded{})
	next.load(some()...)
	next.has("1 of 3 shown", "worker-a")
}

func TestQueriesKnowBids(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"state=outbid": "1 of 3", "margin<10": "2 of 3", "outbid=true": "1 of 3", "bid>0.5": "1 of 3", "min_bid<=0.4": "2 of 3", "worker": "2 of 3",
		"gpu=RTX_4090": "3 of 3", "region=EU": "3 of 3", "machine=18820441": "1 of 3", "outbids=0": "2 of 3", `state="at risk"`: "1 of 3",
	} {
		s := newStage(t).load(some()...)
		s.press("/")
		s.text(query)
		s.press("enter")
		if !strings.Contains(s.plain(), want+" shown") {
			t.Errorf("%s: not %s\n%s", query, want, s.plain())
		}
	}
}
