package feed

import (
	"math"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestPricesToHoldAreKeptAsTheyChange(t *testing.T) {
	t.Parallel()
	var r Roll
	i := vastapi.Instance{ID: 1, Bid: true}
	for n, price := range []vastapi.Rate{0.4, 0.4, vastapi.Unknown[vastapi.Rate](), 0.5, 0, 0.5, 0.4} {
		i.MinBid = price
		r, _ = r.With(Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{i}, Total: 1}, At: noon.Add(time.Duration(n) * time.Minute)}, Around{})
	}
	if got := r.Traces[1].Holds; len(got) != 3 || got[1].Price != 0.5 || got[1].Unix != noon.Add(3*time.Minute).Unix() {
		t.Errorf("%+v", got)
	}
	var many []HoldAt
	for n := range 100 {
		i.MinBid = vastapi.Rate(n + 1)
		many = held(many, &i, noon.Add(time.Duration(n)*time.Minute))
	}
	if len(many) != MostHolds || many[MostHolds-1].Price != 100 {
		t.Errorf("%d are kept", len(many))
	}
	i.Bid = false
	if got := held(nil, &i, noon); got != nil {
		t.Errorf("what is rented on demand has %+v", got)
	}
}

func TestTheRiseOfAPriceIsTheLargestWithinAStretch(t *testing.T) {
	t.Parallel()
	at := func(minute int, price vastapi.Rate) HoldAt {
		return HoldAt{noon.Add(time.Duration(minute) * time.Minute).Unix(), price}
	}
	for name, c := range map[string]struct {
		list []HoldAt
		want float64
	}{
		"nothing seen":           {nil, 0},
		"one price":              {[]HoldAt{at(0, 0.4)}, 0},
		"it fell":                {[]HoldAt{at(0, 0.4), at(10, 0.3)}, 0},
		"one step":               {[]HoldAt{at(0, 0.4), at(600, 0.5)}, 0.25},
		"two steps in an hour":   {[]HoldAt{at(0, 0.4), at(10, 0.44), at(50, 0.5)}, 0.25},
		"two steps in two hours": {[]HoldAt{at(0, 0.4), at(10, 0.44), at(130, 0.484)}, 0.1},
		"before it counts":       {[]HoldAt{at(-300, 0.1), at(-290, 0.4), at(10, 0.44)}, 0.1},
	} {
		if got := RiseWithin(c.list, time.Hour, noon); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
