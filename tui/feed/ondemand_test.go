package feed

import (
	"errors"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

var read = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// asks is what machine offers on demand.
func asks(machine vastapi.MachineID, gpus int, rate vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{MachineID: machine, NumGPUs: gpus, DphBase: rate}
}

// onMarket is a market read at that moment.
func onMarket(at time.Time, list ...vastapi.Offer) Feed[Market] {
	f := Feed[Market]{At: at, Value: Market{Since: at}}
	for n := range list {
		f.Value.Rows = append(f.Value.Rows, Row{Offer: &list[n]})
	}
	return f
}

func TestOnDemandPricesTakeWhatIsNewer(t *testing.T) {
	t.Parallel()
	want := GPUs{Machine: 7, Num: 2}
	bid := asks(7, 2, 0.3)
	bid.IsBid = true
	for name, c := range map[string]struct {
		market Feed[Market]
		listed []vastapi.Offer
		at     time.Time // of the listing, zero = there is none
		rate   vastapi.Rate
		about  bool
		none   bool
	}{
		"the market":                   {market: onMarket(read, asks(7, 2, 0.9), asks(8, 2, 0.1)), rate: 0.9},
		"the cheapest of several":      {market: onMarket(read, asks(7, 2, 0.9), asks(7, 2, 0.8)), rate: 0.8},
		"the same number before other": {market: onMarket(read, asks(7, 1, 0.1), asks(7, 2, 0.9)), rate: 0.9},
		"another number of GPUs":       {market: onMarket(read, asks(7, 4, 2)), rate: 1, about: true},
		"an older listing":             {market: onMarket(read, asks(7, 2, 0.9)), listed: []vastapi.Offer{asks(7, 2, 0.5)}, at: read.Add(-time.Minute), rate: 0.9},
		"a newer listing":              {market: onMarket(read, asks(7, 2, 0.9)), listed: []vastapi.Offer{asks(7, 2, 0.5)}, at: read.Add(time.Minute), rate: 0.5},
		"a listing alone":              {listed: []vastapi.Offer{asks(7, 2, 0.5)}, at: read, rate: 0.5},
		"not offered":                  {at: read, rate: vastapi.Unknown[vastapi.Rate](), none: true},
		"a bid is no price on demand":  {market: onMarket(read, bid), rate: vastapi.Unknown[vastapi.Rate]()},
		"nothing":                      {rate: vastapi.Unknown[vastapi.Rate]()},
	} {
		var s Snapshot
		if !c.at.IsZero() {
			s.SetListings([]vastapi.MachineID{7}, c.listed, c.at, nil)
		}
		got := OnDemandPrices(c.market, s.Listings, []GPUs{want})[want]
		if got.Known() != vastapi.Known(c.rate) || got.Known() && got.Rate != c.rate || got.About != c.about || got.None != c.none {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAnOfferThatIsGoneHasNoPrice(t *testing.T) {
	t.Parallel()
	f := onMarket(read, asks(7, 2, 0.9))
	f.Value.Rows[0].Gone = read
	if got := OnDemandPrices(f, nil, []GPUs{{7, 2}})[GPUs{7, 2}]; got.Known() {
		t.Errorf("%+v", got)
	}
}

func TestTheCheapestOnDemandIsOneThatCanBeRented(t *testing.T) {
	t.Parallel()
	offers := []vastapi.Offer{asks(1, 2, 0.9), asks(2, 2, 0.7), asks(3, 2, 0.5), asks(4, 1, 0.2), asks(5, 2, 0.3)}
	for n := range offers {
		offers[n].GPUName = safetext.New("RTX 4090")
	}
	offers[2].Rentable = vastapi.FlagNo
	offers[4].GPUName = safetext.New("RTX 3060")
	want := Like{"RTX 4090", 2}
	if got := CheapestOnDemand(onMarket(read, offers...), []Like{want, {"H100", 8}}); len(got) != 1 || got[want] != 0.7 {
		t.Errorf("%v", got)
	}
}

func TestAListingThatCannotBeReadKeepsTheOlderOne(t *testing.T) {
	t.Parallel()
	var s Snapshot
	s.SetListings([]vastapi.MachineID{7}, []vastapi.Offer{asks(7, 2, 0.9)}, read, nil)
	s.SetListings([]vastapi.MachineID{7}, nil, read.Add(time.Minute), errors.New("no connection"))
	f := s.Listings[7]
	if f.Err == nil || len(f.Value.Offers) != 1 || !f.At.Equal(read) {
		t.Errorf("%+v", f)
	}
	for n := range 2 * mostListings {
		s.SetListings([]vastapi.MachineID{vastapi.MachineID(100 + n)}, nil, read.Add(time.Duration(n)*time.Minute), nil)
	}
	if _, kept := s.Listings[7]; kept || len(s.Listings) != mostListings {
		t.Errorf("%d listings are kept, the oldest: %v", len(s.Listings), kept)
	}
}
