package command

import (
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

func priced(id vastapi.OfferID, rate vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{ID: id, DphTotal: rate}
}

func TestWindowLeavesTheCallersFilterAlone(t *testing.T) {
	t.Parallel()
	mine := vastapi.Filter{"dph_total": {"lte": 2.0}, "num_gpus": {"gte": 2.0}}
	got := withFloor(mine, 0.5)
	if diff := cmp.Diff(vastapi.Filter{"dph_total": {"lte": 2.0}, "num_gpus": {"gte": 2.0}}, mine); diff != "" {
		t.Errorf("the caller's filter was changed:\n%s", diff)
	}
	if diff := cmp.Diff(vastapi.Filter{"dph_total": {"lte": 2.0, "gte": 0.5}, "num_gpus": {"gte": 2.0}}, got); diff != "" {
		t.Errorf("the window's filter (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(vastapi.Filter{"dph_total": {"gte": 0.5}}, withFloor(nil, 0.5)); diff != "" {
		t.Errorf("the window over everything (-want +got):\n%s", diff)
	}
}

// The user's own lower bound is above every window that the server can give.
func TestWindowNeverLowersABoundOfTheQuery(t *testing.T) {
	t.Parallel()
	got := withFloor(vastapi.Filter{"dph_total": {"gte": 0.9}}, 0.5)
	if diff := cmp.Diff(vastapi.Filter{"dph_total": {"gte": 0.9}}, got); diff != "" {
		t.Errorf("the window's filter (-want +got):\n%s", diff)
	}
}

func TestSearchAsksForTheCheapestInPages(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(1, 0.1)}, Asked: 1000, Rows: 1000}}
	c := set(t, s, Market{Limit: 1000, Max: 5000})
	q := vastapi.OfferSearch{Filter: vastapi.Filter{"num_gpus": {"eq": 1.0}}, Type: vastapi.OnDemand, Storage: 10}
	first := c.Loads().SearchOffers(q)().(OffersFound)
	next := c.Loads().MoreOffers(first.Search, 0.1)().(OffersFound)
	want := q
	want.Limit, want.Order = 1000, [][2]string{{"dph_total", "asc"}}
	floor := want
	floor.Filter = vastapi.Filter{"num_gpus": {"eq": 1.0}, "dph_total": {"gte": 0.1}}
	if diff := cmp.Diff([]vastapi.OfferSearch{want, floor}, s.searches); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if !first.More || first.From != 0 || next.From != 0.1 {
		t.Errorf("the answers say %t, from %v and %v", first.More, first.From, next.From)
	}
	if diff := cmp.Diff(q, next.Search); diff != "" {
		t.Errorf("the search it says it was (-want +got):\n%s", diff)
	}
	if c.Loads().MarketMax() != 5000 {
		t.Errorf("at most %d offers are kept", c.Loads().MarketMax())
	}
}

func TestSearchStaysWithTheKeyItWasMadeFor(t *testing.T) {
	t.Parallel()
	first, second := &server{}, &server{}
	c := set(t, first, Market{Limit: 1000, Max: 5000})
	asked := []tea.Cmd{
		c.Loads().SearchOffers(vastapi.OfferSearch{}), c.Loads().MoreOffers(vastapi.OfferSearch{}, 0.1), c.Loads().RereadOffer(7, vastapi.OnDemand, 40),
	}
	c.Use(second) // before any of them runs
	for _, ask := range asked {
		ask()
	}
	if len(first.searches) != len(asked) || len(second.searches) != 0 {
		t.Errorf("%d searches went out with the first key and %d with the second", len(first.searches), len(second.searches))
	}
}

// The dear end of the market is as old as its last window, whatever came before it.
func TestOneWindowOfSeveralDoesNotMendAnError(t *testing.T) {
	t.Parallel()
	var data feed.Snapshot
	c := set(t, &server{}, Market{})
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	broken := errors.New("502")
	window := func(after time.Duration, from vastapi.Rate, more bool, err error) {
		takeIn(t, c, &data, OffersFound{Answer: Answer{At: at.Add(after), Err: err}, From: from, More: more, Page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(1, from+0.1)}}})
	}
	window(0, 0, true, nil)
	window(time.Second, 0.1, false, broken)
	window(time.Minute, 0, true, nil)
	if f := data.Offers; !errors.Is(f.Err, broken) || !f.Since.Equal(at.Add(time.Second)) {
		t.Errorf("after one window of two the error is %v since %s", f.Err, f.Since.Sub(at))
	}
	window(time.Minute+time.Second, 0.1, false, nil)
	if data.Offers.Err != nil {
		t.Errorf("after the last window the error is still %v", data.Offers.Err)
	}
}

func TestShortPageIsTheLast(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(1, 0.1)}, Asked: 1000, Rows: 1}}
	if r := set(t, s, Market{Limit: 1000}).Loads().SearchTyped(vastapi.OfferSearch{})().(OffersFound); r.More {
		t.Error("one offer of 1,000 asked for, and more are expected")
	}
}

func TestFailedSearchKeepsTheMarket(t *testing.T) {
	t.Parallel()
	var data feed.Snapshot
	c := set(t, &server{}, Market{})
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	broken := errors.New("502")
	takeIn(t, c, &data, OffersFound{Answer: Answer{At: at}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(1, 0.1)}}})
	takeIn(t, c, &data, OffersFound{Answer: Answer{At: at.Add(time.Minute), Err: broken}})
	if f := data.Offers; f.Value.Count() != 1 || !errors.Is(f.Err, broken) || !f.At.Equal(at) || f.Rev != 1 {
		t.Errorf("the market is %+v", f)
	}
}

func TestPriceIsReadAgainByTheIDThatMatches(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{priced(6, 9), priced(7, 0.3)}}}
	c := set(t, s, Market{})
	r := c.Loads().RereadOffer(7, vastapi.OnDemand, 40)().(OfferReread)
	if r.Offer.DphTotal != 0.3 || r.Gone || r.Disk != 40 {
		t.Errorf("it gave %+v", r)
	}
	want := []vastapi.OfferSearch{{Filter: vastapi.Filter{"ask_contract_id": {"in": []any{int64(7)}}}, Type: vastapi.OnDemand, Storage: 40, Limit: 8}}
	if diff := cmp.Diff(want, s.searches); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if gone := c.Loads().RereadOffer(8, vastapi.OnDemand, 40)().(OfferReread); !gone.Gone || gone.Offer.ID != 8 {
		t.Errorf("an offer that did not come back gave %+v", gone)
	}
	s.err = errors.New("no connection")
	if r := c.Loads().RereadOffer(8, vastapi.OnDemand, 40)().(OfferReread); r.Gone || r.Err == nil || r.Offer.ID != 8 {
		t.Errorf("a failed read gave %+v; that is not the same as gone", r)
	}
}

func TestReadsFoldWhatTheyFound(t *testing.T) {
	t.Parallel()
	s := &server{instances: []vastapi.Instance{running(1)}}
	c := set(t, s, Market{})
	var data feed.Snapshot
	c.Loads().LoadInstances()().(InstancesLoaded).Fold(&data)
	c.Loads().LoadVolumes()().(VolumesLoaded).Fold(&data)
	c.Loads().LoadUser()().(UserLoaded).Fold(&data)
	if !data.Instances.Told() || !data.Volumes.Told() || data.User.Value.Credit != 40 {
		t.Errorf("the snapshot is %+v", data)
	}
	burn := data.Burn.AtLeast
	if burn < 0.6524 || burn > 0.6526 {
		t.Errorf("the account burns %v, want the $0.6525/h of one instance and one volume", burn)
	}
	s.err = errors.New("no connection")
	c.Loads().LoadInstances()().(InstancesLoaded).Fold(&data)
	if data.Burn.AtLeast != burn || data.Instances.Err == nil {
		t.Error("a failed read changed what is known")
	}
}
