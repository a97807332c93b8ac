package feed

import (
	"maps"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

func TestOpenedCountsWhatLeadsToEachInstance(t *testing.T) {
	t.Parallel()
	if got := (Remote{}).Opened(); got != nil {
		t.Errorf("of nothing it is %v", got)
	}
	r := Remote{
		Sessions: []remote.Session{{Instance: 1}, {Instance: 1}, {Instance: 2}},
		Tunnels:  []remote.Tunnel{{Forward: remote.Forward{Instance: 1}}, {Forward: remote.Forward{Instance: 3}, State: remote.TunnelClosed}},
		Copies:   []Copy{{Instance: 2}, {Instance: 4}, {Instance: 5, Ended: time.Unix(1, 0)}},
	}
	want := map[vastapi.InstanceID]rental.Opened{1: {Sessions: 2, Tunnels: 1}, 2: {Sessions: 1, Copies: 1}, 4: {Copies: 1}}
	if got := r.Opened(); !maps.Equal(got, want) {
		t.Errorf("it is %v, want %v", got, want)
	}
}
