package rental

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// bidOf is an interruptible instance with two GPUs.
func bidOf(bid, hold vastapi.Rate) *vastapi.Instance {
	return &vastapi.Instance{ID: 7, Bid: true, NumGPUs: 2, DphBase: bid, MinBid: hold}
}

func TestARaiseHoldsWithinItsLimits(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	for name, c := range map[string]struct {
		bid, hold, onDemand vastapi.Rate
		over                float64
		moved               float64
		want                vastapi.Rate
		why                 string
	}{
		"a tenth more":                {bid: 0.4, hold: 0.5, onDemand: unknown, want: 0.55},
		"rounded up to a step":        {bid: 0.4, hold: 0.5001, onDemand: unknown, want: 0.551},
		"at most what it costs":       {bid: 0.4, hold: 0.5, onDemand: 0.5109, want: 0.51},
		"the price itself":            {bid: 0.4, hold: 0.5, onDemand: 0.5, want: 0.5},
		"between two steps":           {bid: 0.4, hold: 0.5002, onDemand: 0.5008, want: 0.5002},
		"within the user's limit":     {bid: 0.4, hold: 0.5, onDemand: unknown, over: 0.3, want: 0.52},
		"the lower of two limits":     {bid: 0.4, hold: 0.41, onDemand: 0.42, over: 1, want: 0.42},
		"a price that is next to 0":   {bid: 0.001, hold: 0.0001, onDemand: unknown, want: 0.002},
		"a step at least":             {bid: 0.001, hold: 0.0101, onDemand: unknown, want: 0.012},
		"as much as it rose":          {bid: 0.4, hold: 0.5, onDemand: unknown, moved: 0.12, want: 0.56},
		"a rise that is small":        {bid: 0.4, hold: 0.5, onDemand: unknown, moved: 0.02, want: 0.55},
		"a rise beyond all measure":   {bid: 0.4, hold: 0.5, onDemand: unknown, moved: 3, want: 0.6},
		"a rise above the limit":      {bid: 0.4, hold: 0.5, onDemand: 0.55, moved: 0.2, want: 0.55},
		"dearer than on demand":       {bid: 0.4, hold: 0.5, onDemand: 0.45, why: "above the on-demand price, $0.450/h"},
		"above the user's limit":      {bid: 0.4, hold: 0.7, onDemand: unknown, over: 0.5, why: "above your limit of 50% over the bid (bids.most_over), $0.600/h"},
		"above what the API takes":    {bid: 0.4, hold: 65, onDemand: unknown, why: "above the highest bid that the API takes, $64.00/h"},
		"a price that is not known":   {bid: 0.4, hold: unknown, onDemand: 1, why: "the price to hold is not known now"},
		"bid already":                 {bid: 0.6, hold: 0.5, onDemand: unknown, why: "its bid is $0.600/h, and holds with as much to spare as is proposed"},
		"no more than on demand":      {bid: 0.52, hold: 0.5, onDemand: 0.51, why: "its bid is $0.520/h, and not more is proposed than $0.510/h, the on-demand price"},
		"a price of nothing":          {bid: 0.4, hold: 0, onDemand: 1, why: "the price to hold is not known now"},
		"a bid that is not known":     {bid: unknown, hold: 0.5, onDemand: 1, over: 0.5, want: 0.55},
		"an on-demand price of zero":  {bid: 0.4, hold: 0.5, onDemand: 0, want: 0.55},
		"an offer that is free of it": {bid: 0.4, hold: 0.5, onDemand: -1, want: 0.55},
	} {
		r, err := RaiseToHold(bidOf(c.bid, c.hold), c.onDemand, Moved{Rise: c.moved, When: "within an hour"}, Caps{Raise: c.over})
		switch {
		case c.why != "":
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case r.Price < r.Hold || r.Price > r.Most || vastapi.Rate(float64(r.Price)-float64(c.want)) > 1e-9 || c.want-r.Price > 1e-9:
			t.Errorf("%s: %+v, want %v", name, r, c.want)
		}
	}
	onDemand := bidOf(0.4, 0.5)
	onDemand.Bid = false
	if _, err := RaiseToHold(onDemand, 1, Moved{}, Caps{}); err == nil {
		t.Error("an instance on demand has a bid")
	}
}

func TestARaiseSaysItsRule(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rise     float64
		onDemand vastapi.Rate
		want     string
	}{
		"nothing seen":   {0, vastapi.Unknown[vastapi.Rate](), "the price to hold, $0.500/h, and 10% beyond it, the least that is added"},
		"it moved":       {0.12, 0.9, "the price to hold, $0.500/h, and 12% beyond it, as much as it rose within an hour; at most $0.900/h, the on-demand price"},
		"it moved a lot": {0.8, 0.9, "and 20% beyond it, the most that is added: it rose by 80% within an hour;"},
	} {
		r, err := RaiseToHold(bidOf(0.4, 0.5), c.onDemand, Moved{c.rise, "within an hour"}, Caps{})
		if err != nil || !strings.HasPrefix(r.Rule()+";", c.want) && !strings.Contains(r.Rule(), c.want) {
			t.Errorf("%s: %q, %v", name, r.Rule(), err)
		}
	}
}

func TestOutbidsAreCountedOnceEach(t *testing.T) {
	t.Parallel()
	word := func(s string) vastapi.Instance {
		i := *bidOf(0.4, 0.3)
		t := safetext.New("running")
		i.Actual, i.Intended, i.Cur, i.Next = t, t, t, t
		switch s {
		case "outbid":
			stopped := safetext.New("stopped")
			i.Actual, i.Intended, i.Cur, i.Next, i.MinBid = safetext.New("exited"), stopped, stopped, stopped, 0.5
		case "offline":
			i.Actual = safetext.New("offline")
		}
		return i
	}
	for list, want := range map[string]int{
		"": 0, "running": 0, "outbid": 1, "running outbid": 1, "running outbid outbid": 1, "running outbid offline outbid": 1,
		"running outbid running outbid": 2, "outbid running outbid offline running": 2,
	} {
		var w Watched
		for n, s := range strings.Fields(list) {
			i := word(s)
			w = w.Seen(&i, noon.Add(time.Duration(n)*time.Minute))
		}
		if got := w.Outbids(); got != want {
			t.Errorf("%q: %d, want %d", list, got, want)
		}
	}
}

func TestAPausedBidIsSaidToResumeByItself(t *testing.T) {
	t.Parallel()
	i := *bidOf(0.4, 0.3)
	run := safetext.New("running")
	i.Actual, i.Intended, i.Cur, i.Next = run, run, run, run
	p := must(t)(PlanBid(i, 0.2, rich()))
	if text := warningsOf(p); !strings.Contains(strings.ToLower(text), "resumes by itself when the bid wins again, and its gpu is billed again") {
		t.Error(text)
	}
}

// TestALoweredBidIsHeldAgainstNoCap holds that what makes the bill smaller needs no word
// about caps and never asks for a figure, however much is billed and little is left.
func TestALoweredBidIsHeldAgainstNoCap(t *testing.T) {
	t.Parallel()
	i := *bidOf(0.4, 0.3)
	run := safetext.New("running")
	i.Actual, i.Intended, i.Cur, i.Next = run, run, run, run
	i.DphTotal, i.BilledNow = 0.4, 0.4
	d := rich()
	d.Burn.Committed, d.Burn.CommittedAtLeast = 30, 30
	d.Credit = 1
	p := must(t)(PlanBid(i, 0.35, d))
	if len(p.Checks) > 0 || p.Consent.Kind != ConsentChoose || !p.Ceiling.admits(d.Before()) || !p.Ceiling.anyCredit() {
		t.Errorf("checks %+v, consent %+v, ceiling %+v", p.Checks, p.Consent, p.Ceiling)
	}
	out, stopped := *bidOf(0.4, 0.5), safetext.New("stopped")
	out.Actual, out.Intended, out.Cur, out.Next = safetext.New("exited"), stopped, stopped, stopped
	out.BilledNow = 0.01
	d.Budget = Budget{Day: pricing.Allowance{Limit: 1, Spent: 2}, Block: true}
	if p := must(t)(PlanBid(out, 0.35, d)); len(p.Checks) > 0 || p.Cost.Change != 0 || p.Consent.Kind != ConsentChoose {
		t.Errorf("one that stays outbid: checks %+v, cost %+v, consent %+v", p.Checks, p.Cost, p.Consent)
	}
	d.Budget = Budget{}
	if p := must(t)(PlanBid(i, 0.45, d)); len(p.Checks) != 3 || p.Consent.Kind != ConsentType {
		t.Errorf("a raise: checks %+v, consent %+v", p.Checks, p.Consent)
	}
}

// TestALoweringIsNoneOnceTheBidIsLowerStill holds that a plan which no cap was held
// against is not carried out when the bid has been lowered elsewhere meanwhile.
func TestALoweringIsNoneOnceTheBidIsLowerStill(t *testing.T) {
	for name, c := range map[string]struct {
		price, now vastapi.Rate
		moved      string
	}{
		"lowered below it":     {0.4, 0.3, "bid was $0.600/h, is now $0.300/h"},
		"lowered, but not so":  {0.4, 0.5, "bid was $0.600/h, is now $0.500/h"},
		"shown alike":          {0.4, 0.5998, ""},
		"raised":               {0.4, 0.9, ""},
		"a raise looks at all": {0.8, 0.3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := three()
				i := &a.instances[0]
				i.Bid, i.DphBase, i.MinBid = true, 0.6, 0.2
				p := must(t)(PlanBid(*i, c.price, a.desk(t)))
				time.Sleep(time.Minute)
				i.DphBase = c.now
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if refused := errors.Is(r.Err, ErrMoved) && len(a.calls) == 0; refused != (c.moved != "") || len(r.Moved) > 0 && !strings.HasSuffix(r.Moved[0].String(), c.moved) {
					t.Errorf("%v, sent %v, moved %v", r.Err, a.calls, r.Moved)
				}
			})
		})
	}
}

// TestABidThatDoesNotHoldSaysWhatIsBilledThen holds that the figures of a plan, which count
// the instance as running, are not taken for those of one that is stopped.
func TestABidThatDoesNotHoldSaysWhatIsBilledThen(t *testing.T) {
	t.Parallel()
	i := *bidOf(0.4, 0.3)
	i.StorageCost, i.Disk, i.DphTotal, i.BilledNow = 0.36, 24, 0.412, 0.412
	run, stopped := safetext.New("running"), safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next = run, run, run, run
	const text = "its disk is billed, $0.012/h; the figures above count it as running"
	if got := warningsOf(must(t)(PlanBid(i, 0.2, rich()))); !strings.Contains(got, text) {
		t.Error(got)
	}
	if got := warningsOf(must(t)(PlanBid(i, 0.35, rich()))); strings.Contains(got, "count it as running") {
		t.Errorf("one that holds: %s", got)
	}
	i.Actual, i.Intended, i.Cur, i.Next, i.MinBid = safetext.New("exited"), stopped, stopped, stopped, 0.1
	if got := warningsOf(must(t)(PlanBid(i, 0.05, rich()))); strings.Contains(got, "count it as running") || !strings.Contains(got, "its disk is billed.") {
		t.Errorf("one that its renter stopped: %s", got)
	}
}

// TestABidSaysWhereCheckpointsAreSafe holds that a bid which is placed or lowered says what
// becomes of the data, where no volume is beside the disk.
func TestABidSaysWhereCheckpointsAreSafe(t *testing.T) {
	t.Parallel()
	run := safetext.New("running")
	i := *bidOf(0.4, 0.3)
	i.Actual, i.Intended, i.Cur, i.Next, i.DiskUsed, i.BilledNow = run, run, run, run, 40, 0.4
	const first, chosen = "No volume is attached: what is to be kept, such as checkpoints", "No volume is chosen: save checkpoints to one or elsewhere"
	if got := warningsOf(must(t)(PlanBid(i, 0.2, rich()))); !strings.Contains(got, first) {
		t.Errorf("lowered: %q", got)
	}
	if got := warningsOf(must(t)(PlanBid(i, 0.35, rich()))); strings.Contains(got, first) {
		t.Errorf("one that holds: %q", got)
	}
	i.Volumes = []vastapi.VolumeID{9}
	if got := warningsOf(must(t)(PlanBid(i, 0.2, rich()))); strings.Contains(got, first) {
		t.Errorf("with a volume: %q", got)
	}
	bid := vastapi.Rate(0.5)
	o, opt := offer(77), someOptions
	o.IsBid, o.MinBid, opt.Bid = true, 0.2, &bid
	if got := warningsOf(must(t)(PlanRent(o, noon, opt, rich()))); !strings.Contains(got, chosen) {
		t.Errorf("placed: %q", got)
	}
	opt.Bid = nil
	if got := warningsOf(must(t)(PlanRent(offer(77), noon, opt, rich()))); strings.Contains(got, chosen) {
		t.Errorf("on demand: %q", got)
	}
}

// TestARaisedBidIsNotAtRisk holds that a raise which no limit has cut is enough, whatever
// the price to hold and however it has moved.
func TestARaisedBidIsNotAtRisk(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Rate]()
	run := safetext.New("running")
	for n := range 4000 {
		i := bidOf(0.0005, vastapi.Rate(n)*0.00037+0.0011)
		i.Actual, i.Intended, i.Cur, i.Next = run, run, run, run
		r, err := RaiseToHold(i, unknown, Moved{Rise: float64(n%30) / 100, When: "within an hour"}, Caps{})
		if err != nil {
			t.Fatal(err)
		}
		p := must(t)(PlanBid(*i, r.Price, rich()))
		if text := warningsOf(p); strings.Contains(text, "AT RISK") {
			t.Fatalf("%v for a price of %v: %s", r.Price, i.MinBid, text)
		}
		i.DphBase = r.Price
		if _, err := RaiseToHold(i, unknown, Moved{}, Caps{}); err == nil {
			t.Fatalf("%v for a price of %v is raised once more", r.Price, i.MinBid)
		}
	}
}

// TestABidThatStaysAtRiskSaysSoBeforeConsent holds that a raise by too little, typed or
// cut by a limit, names the price to hold and what would be enough.
func TestABidThatStaysAtRiskSaysSoBeforeConsent(t *testing.T) {
	t.Parallel()
	run, stopped := safetext.New("running"), safetext.New("stopped")
	risky := bidOf(0.51, 0.5)
	risky.Actual, risky.Intended, risky.Cur, risky.Next = run, run, run, run
	out := bidOf(0.4, 0.5)
	out.Actual, out.Intended, out.Cur, out.Next = safetext.New("exited"), stopped, stopped, stopped
	const text = "AT RISK: the price to hold is $0.500/h, and a bid is WINNING from $0.550/h on"
	for name, c := range map[string]struct {
		i    *vastapi.Instance
		bid  vastapi.Rate
		want string
	}{
		"raised by too little":       {risky, 0.535, "Still " + text},
		"lowered to too little":      {bidOf(0.6, 0.5), 0.52, "Then " + text},
		"outbid, raised by a little": {out, 0.525, "Then " + text},
		"raised by enough":           {risky, 0.55, ""},
	} {
		got := warningsOf(must(t)(PlanBid(*c.i, c.bid, rich())))
		if c.want != "" && !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "AT RISK") {
			t.Errorf("%s: %q", name, got)
		}
	}
	r, err := RaiseToHold(risky, 0.53, Moved{}, Caps{})
	if err != nil || r.Price != 0.53 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := warningsOf(must(t)(PlanBid(*risky, r.Price, rich()))); !strings.Contains(got, "Still "+text) {
		t.Errorf("cut by the on-demand price: %q", got)
	}
	risky.MinBid = vastapi.Unknown[vastapi.Rate]()
	if got := warningsOf(must(t)(PlanBid(*risky, 0.6, rich()))); !strings.Contains(got, "The price to hold is not known now") || strings.Contains(got, "AT RISK") {
		t.Errorf("without a price to hold: %q", got)
	}
}
