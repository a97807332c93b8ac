package command

import (
	"errors"
	"reflect"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

func TestMachinesAreLookedUpInOneSearch(t *testing.T) {
	t.Parallel()
	s := &server{page: vastapi.OfferPage{Offers: []vastapi.Offer{{ID: 1, MachineID: 7, NumGPUs: 2}, {ID: 2, MachineID: 99, NumGPUs: 2}}}}
	c := set(t, s, Market{})
	var d feed.Snapshot
	cmd := c.Loads().LoadListings([]vastapi.MachineID{7, 8})
	if c.Loads().LoadListings([]vastapi.MachineID{7, 8}) != nil {
		t.Error("it is asked for twice at once")
	}
	answer(t, c, &d, cmd)
	if got := len(s.searches); got != 1 {
		t.Fatalf("%d searches", got)
	}
	q := s.searches[0]
	if want := (vastapi.Filter{"machine_id": {"in": []any{int64(7), int64(8)}}}); !reflect.DeepEqual(q.Filter, want) || q.Type != vastapi.OnDemand {
		t.Errorf("asks for %+v", q)
	}
	if len(d.Listings[7].Value.Offers) != 1 || !d.Listings[8].Told() || len(d.Listings[8].Value.Offers) != 0 {
		t.Errorf("listings %+v", d.Listings)
	}
	if _, other := d.Listings[99]; other {
		t.Error("a machine that was not asked about is listed")
	}
	s.err = errors.New("502")
	answer(t, c, &d, c.Loads().LoadListings([]vastapi.MachineID{7}))
	if f := d.Listings[7]; f.Err == nil || len(f.Value.Offers) != 1 {
		t.Errorf("after a failure %+v", f)
	}
	if c.Loads().LoadListings(nil) != nil {
		t.Error("nothing is asked for")
	}
	many := make([]vastapi.MachineID, 200)
	if cmd := c.Loads().LoadListings(many); cmd == nil {
		t.Error("many machines are not looked up")
	} else if msg := cmd().(ListingsRead); len(msg.Machines) != mostLookedUp {
		t.Errorf("%d machines at once", len(msg.Machines))
	}
}
