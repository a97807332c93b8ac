package rental

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// place is an offer on a machine and host of its own.
func place(id int, dph vastapi.Rate, country string) vastapi.Offer {
	o := offer(vastapi.OfferID(id))
	o.MachineID, o.HostID, o.DphBase, o.Country = vastapi.MachineID(1000+id), vastapi.HostID(2000+id), dph, country
	return o
}

func places(n int) []vastapi.Offer {
	var out []vastapi.Offer
	for i := range n {
		out = append(out, place(i+1, 0.3+vastapi.Rate(i)/100, []string{"SE", "DE", "US"}[i%3]))
	}
	return out
}

func fleetOf(count int) FleetOptions {
	return FleetOptions{Rent: someOptions, Count: count, Ceiling: 1}
}

func rich() Desk {
	d := deskOf()
	d.Credit = 1000
	return d
}

func order(p Plan) string {
	var ids []string
	for _, s := range p.Steps {
		ids = append(ids, s.Subject.Offer.String())
	}
	return strings.Join(ids, " ")
}

func TestAFleetTriesTheCheapestFirstAndThenTheMostReliable(t *testing.T) {
	t.Parallel()
	list := []vastapi.Offer{place(1, 0.5, "SE"), place(2, 0.3, "SE"), place(3, 0.30004, "SE"), place(4, 0.4, "SE"), place(5, 1.2, "SE")}
	list[2].Reliability = 0.999
	if got := order(must(t)(PlanFleet(list, noon, fleetOf(3), rich()))); got != "3 2 4 1" {
		t.Errorf("order %s", got)
	}
	// A disk of 400 GB turns the order of two round.
	list = []vastapi.Offer{place(1, 0.30, "SE"), place(2, 0.32, "SE")}
	list[0].StorageCost, list[1].StorageCost = 0.3, 0.1
	opt := fleetOf(1)
	opt.Rent.Disk = 400
	if got := order(must(t)(PlanFleet(list, noon, opt, rich()))); got != "2 1" {
		t.Errorf("with a large disk: %s", got)
	}
}

func TestAFleetHasOneOfferOfEachMachineAndHost(t *testing.T) {
	t.Parallel()
	list := []vastapi.Offer{place(1, 0.3, "SE"), place(2, 0.4, "SE"), place(3, 0.5, "SE"), place(4, 0.6, "SE")}
	list[1].MachineID = list[0].MachineID
	list[2].HostID = list[3].HostID
	if got := order(must(t)(PlanFleet(list, noon, fleetOf(2), rich()))); got != "1 3 4" {
		t.Errorf("machines: %s", got)
	}
	opt := fleetOf(2)
	opt.Hosts = true
	if got := order(must(t)(PlanFleet(list, noon, opt, rich()))); got != "1 3" {
		t.Errorf("hosts: %s", got)
	}
	for n := range list {
		list[n].HostID = 0 // not told: nobody knows that they are one
	}
	if got := order(must(t)(PlanFleet(list, noon, opt, rich()))); got != "1 3 4" {
		t.Errorf("hosts that are not told: %s", got)
	}
}

func TestASpreadFleetGoesRoundTheCountries(t *testing.T) {
	t.Parallel()
	list := []vastapi.Offer{place(1, 0.1, "SE"), place(2, 0.2, "SE"), place(3, 0.3, "SE"), place(4, 0.4, "DE"), place(5, 0.5, "US"), place(6, 0.6, "DE")}
	opt := fleetOf(3)
	opt.Spread = true
	if got := order(must(t)(PlanFleet(list, noon, opt, rich()))); got != "1 4 5 2 6 3" {
		t.Errorf("order %s", got)
	}
}

func TestAFleetHasFallbacksWithinBounds(t *testing.T) {
	t.Parallel()
	for count, want := range map[int]int{1: 11, 5: 23, 18: 62, 20: 64, 64: 64} {
		p := must(t)(PlanFleet(places(200)[:70], noon, fleetOf(count), func() Desk { d := rich(); d.Credit = 1e6; return d }()))
		if len(p.Steps) != want || p.Want != count {
			t.Errorf("%d wanted: %d candidates, %d", count, len(p.Steps), p.Want)
		}
	}
}

func TestTheFiguresOfAFleetAreItsWorstCase(t *testing.T) {
	t.Parallel()
	list := places(4)
	list[0].DphBase = 0.9
	p := must(t)(PlanFleet(list, noon, fleetOf(2), rich()))
	rates := []float64{}
	for _, s := range p.Steps {
		rates = append(rates, float64(s.Rate))
	}
	slices.Sort(rates)
	worst := rates[2] + rates[3]
	if math.Abs(float64(p.Cost.Change)-worst) > 1e-9 || !strings.Contains(factsOf(p), "$1.243/h, $29.84 a day") {
		t.Errorf("change %v, worst %v\n%s", p.Cost.Change, worst, factsOf(p))
	}
	for n := range list {
		list[n].DphBase = 0.99
	}
	opt := fleetOf(4)
	opt.Ceiling = 2
	d := rich()
	d.Caps.Action = 3.5
	p = must(t)(PlanFleet(list, noon, opt, d))
	if p.Consent.Kind != ConsentType || p.Consent.Words != "3.99" || p.Checks[0].OK {
		t.Errorf("consent %+v, checks %+v", p.Consent, p.Checks[:3])
	}
}

func TestEachOfAFleetHasANumberAndATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanFleet(places(8), noon, fleetOf(3), rich()))
	seen := map[string]bool{}
	for n, s := range p.Steps {
		call := s.Call.(vastapi.CreateInstance)
		name, token := SplitLabel(call.Label)
		if name != fmt.Sprintf("train-%d", n+1) || token != s.Token || call.Env[opVariable] != token || seen[token] {
			t.Errorf("step %d: %q, token %q, env %v", n, call.Label, s.Token, call.Env)
		}
		seen[token] = true
		if call.Offer != s.Subject.Offer || len(call.Label) > vastapi.MaxLabelCreate {
			t.Errorf("step %d rents %v as %q", n, call.Offer, call.Label)
		}
	}
	opt := fleetOf(2)
	opt.Rent.Name = ""
	if call := must(t)(PlanFleet(places(3), noon, opt, rich())).Steps[1].Call.(vastapi.CreateInstance); !strings.HasPrefix(call.Label, "vx-") {
		t.Errorf("without a name: %q", call.Label)
	}
}

func TestWhatIsWrongWithAFleetIsSaidByField(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*FleetOptions){
		"count":   func(o *FleetOptions) { o.Count = 0 },
		"least":   func(o *FleetOptions) { o.Least = 4 },
		"ceiling": func(o *FleetOptions) { o.Ceiling = 0 },
		"name":    func(o *FleetOptions) { o.Rent.Name = strings.Repeat("x", MaxName) },
		"image":   func(o *FleetOptions) { o.Rent.Image = "" },
		"disk":    func(o *FleetOptions) { o.Rent.Disk = 1 },
	} {
		opt := fleetOf(3)
		change(&opt)
		_, err := PlanFleet(places(5), noon, opt, rich())
		var at FieldError
		if !errors.As(err, &at) || at.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, count := range []int{-1, 65} {
		if got := (FleetOptions{Count: count, Ceiling: nan, Rent: someOptions}).Validate(); len(got) < 2 {
			t.Errorf("%d machines without a ceiling: %v", count, got)
		}
	}
}

func TestTooFewOffersAreSaidWithTheReason(t *testing.T) {
	t.Parallel()
	opt := fleetOf(4)
	opt.Least, opt.Ceiling = 4, 0.32
	list := places(6)
	list[1].MachineID = list[0].MachineID
	list[5].Rentable = vastapi.FlagNo
	_, err := PlanFleet(list, noon, opt, rich())
	want := "only 1 of 6 offers fit (3 too dear, 1 on the same machine or host as another, 1 cannot be rented like this), at least 4 are needed"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v", err)
	}
	opt.Ceiling = 0.01
	if _, err := PlanFleet(list, noon, opt, rich()); err == nil || !strings.Contains(err.Error(), "$0.010/h or less") {
		t.Errorf("%v", err)
	}
	if _, err := PlanFleet(nil, noon, opt, rich()); !errors.Is(err, errNoOffers) {
		t.Errorf("%v", err)
	}
	p := must(t)(PlanFleet(places(2), noon, fleetOf(5), rich()))
	if p.Want != 2 || !strings.Contains(warningsOf(p), "Only 2 offers fit, so at most 2 of 5 can be rented.") {
		t.Errorf("want %d\n%s", p.Want, warningsOf(p))
	}
}

func TestAllOrNothingIsSaidBeforehand(t *testing.T) {
	t.Parallel()
	opt := fleetOf(3)
	opt.Least = 3
	p := must(t)(PlanFleet(places(9), noon, opt, rich()))
	if p.Least != 3 || !strings.Contains(p.Title, "all or none") || !strings.Contains(factsOf(p), "all 3 or none") ||
		!strings.Contains(warningsOf(p), "you are asked whether to destroy those that were rented") {
		t.Errorf("%s\n%s%s", p.Title, factsOf(p), warningsOf(p))
	}
	if p.Takes != 2*4590*time.Millisecond || !strings.Contains(factsOf(p), "takes about 9s: one request every 4.6 s") {
		t.Errorf("takes %s\n%s", p.Takes, factsOf(p))
	}
}

func TestWhatOtherCandidatesAreFreeOfIsLeftOut(t *testing.T) {
	t.Parallel()
	list := places(5)
	list[0].Verification = safetext.New("deverified")
	p := must(t)(PlanFleet(list, noon, fleetOf(2), rich()))
	if got := order(p); got != "2 3 4 5" || !strings.Contains(factsOf(p), "1 left out, the first because: The machine has lost its verification") {
		t.Errorf("order %s\n%s", got, factsOf(p))
	}
	for n := range list {
		list[n].Verification = safetext.New("deverified")
	}
	p = must(t)(PlanFleet(list, noon, fleetOf(2), rich()))
	if len(p.Steps) != 5 || !strings.Contains(warningsOf(p), "The machine has lost its verification.") {
		t.Errorf("%d candidates\n%s", len(p.Steps), warningsOf(p))
	}
	list = places(4)
	list[1].Verification = safetext.New("unverified")
	p = must(t)(PlanFleet(list, noon, fleetOf(2), rich()))
	if !strings.Contains(warningsOf(p), "Of the first 2 candidates 1 is not verified.") {
		t.Errorf("%s", warningsOf(p))
	}
}

func TestAFleetOfBidsBidsForEach(t *testing.T) {
	t.Parallel()
	opt := fleetOf(2)
	bid := vastapi.Rate(0.25)
	opt.Rent.Bid = &bid
	list := places(4)
	list[1].MinBid = 0.3 // the bid would not win there
	p := must(t)(PlanFleet(list, noon, opt, rich()))
	if got := order(p); got != "1 3 4" {
		t.Errorf("order %s", got)
	}
	for _, s := range p.Steps {
		if c := s.Call.(vastapi.CreateInstance); c.Price == nil || *c.Price != bid {
			t.Errorf("bids %v", c.Price)
		}
	}
}

func TestWhatBelongsToOneMachineIsNoFleet(t *testing.T) {
	t.Parallel()
	opt := fleetOf(2)
	opt.Rent.Volume = VolumeChoice{Link: 5, Mount: "/data"}
	if _, err := PlanFleet(places(4), noon, opt, rich()); err == nil || !strings.Contains(err.Error(), "one machine") {
		t.Errorf("%v", err)
	}
}
