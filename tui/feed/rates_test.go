package feed

import (
	"fmt"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestRatesAreKeptOnceForEachChange(t *testing.T) {
	t.Parallel()
	i := vastapi.Instance{ID: 1, DphBase: 0.5, DphTotal: 0.5, Disk: 0, StorageTotal: 0, Actual: safetext.New("running"), Intended: safetext.New("running")}
	i.BilledNow = 0.5
	var r Roll
	for n, now := range []vastapi.Rate{0.5, 0.5, 0.7, 0.7, 0.5, vastapi.Unknown[vastapi.Rate]()} {
		i.BilledNow = now
		r, _ = r.With(Reading{Page: vastapi.InstancePage{Instances: []vastapi.Instance{i}, Total: 1}, At: noon.Add(time.Duration(n) * time.Minute)}, Around{})
	}
	var got string
	for _, one := range r.Traces[1].Rates {
		got += fmt.Sprintf("%s %.1f; ", one.At().Sub(noon), one.Now)
	}
	if want := "0s 0.5; 2m0s 0.7; 4m0s 0.5; "; got != want {
		t.Errorf("%s want %s", got, want)
	}
}

func TestRatesOfAnInstanceAreBounded(t *testing.T) {
	t.Parallel()
	var list []RateAt
	for n := range 500 {
		before := list
		list = rated(list, RateAt{Unix: int64(n), Now: vastapi.Rate(n)}, 64)
		if len(before) > 0 && before[len(before)-1].Unix != int64(n-1) {
			t.Fatal("the older list was changed")
		}
	}
	if len(list) != 64 || list[0].Unix != 436 || list[63].Unix != 499 {
		t.Errorf("%d are kept, from %d to %d", len(list), list[0].Unix, list[len(list)-1].Unix)
	}
}
