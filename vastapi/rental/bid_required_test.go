package rental

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// noPrices are the ways in which an interruptible rent can be without a price.
func noPrices() map[string]*vastapi.Rate {
	zero, negative, unknown := vastapi.Rate(0), vastapi.Rate(-1), vastapi.Unknown[vastapi.Rate]()
	return map[string]*vastapi.Rate{"none": nil, "zero": &zero, "negative": &negative, "unknown": &unknown}
}

func TestAnInterruptibleRentWithoutAPriceIsNoPlan(t *testing.T) {
	t.Parallel()
	for name, price := range noPrices() {
		opt := someOptions
		opt.Kind, opt.Bid = vastapi.Interruptible, price
		if p, err := PlanRent(offer(77), noon, opt, rich()); err == nil {
			t.Errorf("%s: one machine is planned: %+v", name, p.Steps)
		}
		fleet := fleetOf(2)
		fleet.Rent.Kind, fleet.Rent.Bid = vastapi.Interruptible, price
		if p, err := PlanFleet(places(4), noon, fleet, rich()); err == nil {
			t.Errorf("%s: a fleet is planned: %+v", name, p.Steps)
		}
	}
}

func TestARememberedBidWithoutItsPriceIsNoPlan(t *testing.T) {
	t.Parallel()
	for _, bid := range []vastapi.Rate{0, -1, vastapi.Unknown[vastapi.Rate]()} {
		opt, _ := Spec{Kind: vastapi.Interruptible, Image: "pytorch/pytorch:latest", Disk: 32, RunType: "ssh", Bid: bid}.Options()
		if opt.RentalType() != vastapi.Interruptible {
			t.Fatalf("a form of a bid of %v becomes one of a rent that is %s", bid, opt.RentalType())
		}
		if p, err := PlanRent(offer(77), noon, opt, rich()); err == nil {
			t.Errorf("a bid of %v: %+v", bid, p.Steps)
		}
	}
}

func TestRentingABidAgainWithoutItsPriceIsNoPlan(t *testing.T) {
	t.Parallel()
	i := vastapi.Instance{ID: 5, Bid: true, DphBase: vastapi.Unknown[vastapi.Rate](), Disk: 32, Image: safetext.New("pytorch/pytorch:latest"), RunType: safetext.New("ssh")}
	opt, _ := OptionsOf(&i)
	if opt.RentalType() != vastapi.Interruptible {
		t.Fatalf("it is rented again as %s", opt.RentalType())
	}
	if p, err := PlanRent(offer(77), noon, opt, rich()); err == nil {
		t.Errorf("%+v", p.Steps)
	}
	spec := SpecOf(opt, &vastapi.Offer{}, noon)
	if again, _ := spec.Options(); again.RentalType() != vastapi.Interruptible {
		t.Errorf("as remembered it is %s", again.RentalType())
	}
}

// prices are what the bodies of the rents that were sent bid; a nil is a rent on demand.
func (m *market) prices() []*float64 {
	m.t.Helper()
	var out []*float64
	for _, c := range m.world.Calls(http.MethodPut, "/api/v0/asks/") {
		var body struct {
			Price *float64 `json:"price"`
		}
		if err := json.Unmarshal(c.Body, &body); err != nil || !strings.Contains(string(c.Body), `"price"`) {
			m.t.Fatalf("%s: %v", c.Body, err)
		}
		out = append(out, body.Price)
	}
	return out
}

func TestEveryBidThatIsSentNamesItsPrice(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		o := m.cheapest(vastapi.Interruptible)
		price := o.MinBid * 1.5
		opt := someOptions
		opt.Kind, opt.Bid = vastapi.Interruptible, &price
		checkCounts(t, Execute(t.Context(), m.deps(), must(t)(PlanRent(o, time.Now(), opt, m.desk())), nil), 1, 0, 0, 0, 0)

		i, found, err := instanceOf(m, m.newest())
		if err != nil || !found {
			t.Fatalf("%v %v", found, err)
		}
		again, _ := OptionsOf(&i)
		again.Launch = someOptions.Launch
		other := m.cheapest(vastapi.Interruptible)
		higher := max(price, other.MinBid*1.5)
		again.Bid = &higher
		checkCounts(t, Execute(t.Context(), m.deps(), must(t)(PlanRent(other, time.Now(), again, m.desk())), nil), 1, 0, 0, 0, 0)

		list := m.prices()
		if len(list) != 2 {
			t.Fatalf("%d rents were sent", len(list))
		}
		for n, p := range list {
			if p == nil || !(*p > 0) {
				t.Errorf("rent %d names the price %v", n, p)
			}
		}
	})
}

// instanceOf reads one instance.
func instanceOf(m *market, id vastapi.InstanceID) (vastapi.Instance, bool, error) {
	page, err := m.client.Instances(m.t.Context())
	for _, i := range page.Instances {
		if i.ID == id {
			return i, true, err
		}
	}
	return vastapi.Instance{}, false, err
}

func TestAPlanThatHasLostItsPriceIsNotSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for name, price := range noPrices() {
			m := newMarket(t)
			o := m.cheapest(vastapi.Interruptible)
			bid := o.MinBid * 1.5
			opt := someOptions
			opt.Kind, opt.Bid = vastapi.Interruptible, &bid
			p := must(t)(PlanRent(o, time.Now(), opt, m.desk()))
			call := p.Steps[0].Call.(vastapi.CreateInstance)
			call.Price = price
			p.Steps[0].Call = call
			r := Execute(t.Context(), m.deps(), p, nil)
			if len(r.Done) != 0 || m.creates() != 0 {
				t.Errorf("%s: done %d, sent %d", name, len(r.Done), m.creates())
			}
		}
	})
}

func TestARefusedBidNamesItsCauseAndTheLeast(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		floor := m.cheapest(vastapi.Interruptible).MinBid
		opt := someOptions
		opt.Bid = &floor
		p := m.rentPlan(opt)
		m.world.SetOfferPrice(int64(p.Steps[0].Subject.Offer), float64(m.cheapest(vastapi.OnDemand).DphBase)*3)
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 0)
		next := r.Failed[0].Next()
		if !strings.HasPrefix(next.Sentence, "The bid was refused: the lowest that would run is $") || !strings.Contains(next.Sentence, "it left instance") {
			t.Errorf("%q", next.Sentence)
		}
		if next.Trouble != TroubleLeftover || next.Actions[0].Kind != ActDestroy || len(next.Actions[0].Instances) != 1 {
			t.Errorf("%+v", next)
		}
	})
}

func TestARefusedChangeOfABidLeavesItAsItWas(t *testing.T) {
	t.Parallel()
	s := StepResult{
		Step: Step{Call: vastapi.ChangeBid{ID: 7, Price: 0.1}, Subject: Subject{Instance: 7}}, Outcome: vastapi.OutcomeRejected,
		Err: &vastapi.Error{Kind: vastapi.KindBid, MinBid: 0.25},
	}
	if got := s.Next().Sentence; got != "The bid is below the lowest that is taken, $0.250/h; it stays as it was." {
		t.Error(got)
	}
}
