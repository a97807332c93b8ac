package vastapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

const chargesPage = `{"success":true,"count":2,"total":3,"next_token":"abc","results":[
	{"start":1700000000,"end":1700086400,"type":"instance","source":"instance-123","description":"Instance 123 Charges - 1 days","amount":12.345,
	 "metadata":{"label":"train-1 vx-abc","template_id":5},"items":[{"type":"gpu","source":null,"description":"24.000 hours at $0.500/hour","amount":12.0,"metadata":{},"items":[]},{"type":"bwd","amount":"0.345"}]},
	{"start":1700000000,"end":1700086400,"type":"volume","source":"volume-7","description":"x","amount":0.1,"metadata":{},"items":[]}]}`

func TestChargesAreReadPageByPageWithTheirParts(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, chargesPage), says(200, `{"success":true,"results":[{"type":"new kind","source":"pod-1","amount":1},{"source":"instance-9"}],"next_token":null}`))
	list, cut, err := api.Charges(t.Context(), time.Unix(1700000000, 0), time.Unix(1700086400, 0))
	if err != nil || cut || len(list) != 3 {
		t.Fatalf("%+v, %t, %v", list, cut, err)
	}
	one := list[0]
	if one.Instance != 123 || one.Volume != 0 || one.Kind != "instance" || one.Amount != 12.345 || one.Label.String() != "train-1 vx-abc" ||
		len(one.Items) != 2 || one.Items[0].Kind != "gpu" || one.Items[0].Amount != 12 || one.Items[1].Kind != "bwd" || one.Items[1].Amount != 0.345 || one.Start.Unix() != 1700000000 {
		t.Errorf("%+v", one)
	}
	if list[1].Volume != 7 || list[1].Kind != "volume" || list[2].Kind != "" || list[2].Instance != 0 {
		t.Errorf("%+v", list[1:])
	}
	for n, q := range s.requests() {
		u, _ := url.Parse(q.url)
		v := u.Query()
		if u.Path != "/api/v0/charges/" || v.Get("select_filters") != `{"day":{"gte":1700000000,"lte":1700086400}}` || v.Get("latest_first") != "false" ||
			v.Get("limit") != "500" || (v.Get("after_token") == "abc") != (n == 1) {
			t.Errorf("request %d: %s", n, q.url)
		}
	}
}

func TestInvoicesAreReadAndAFailureWithin200IsAnError(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, says(200, `{"success":true,"results":[{"start":1700000000,"end":null,"type":"credit","source":"stripe_payments","description":"Manual Billing from VISA ...4242","amount":50,"metadata":{"invoice_id":7400001,"service":"stripe_payments"},"items":[]},
		{"start":1700000001,"type":"reserved","amount":-10,"items":[{"a":[1]}]}],"next_token":null}`),
		says(200, `{"success":false,"error":"Invalid date range","count":0,"total":0,"results":[],"next_token":null}`))
	list, _, err := api.Invoices(t.Context(), time.Unix(0, 0), time.Unix(1800000000, 0))
	if err != nil || len(list) != 2 || list[0].ID != 7400001 || list[0].Service.String() != "stripe_payments" || list[0].Amount != 50 || list[1].Amount != -10 || list[1].Kind != "reserved" {
		t.Errorf("%+v, %v", list, err)
	}
	if list, _, err := api.Invoices(t.Context(), time.Unix(0, 0), time.Unix(1, 0)); err == nil {
		t.Errorf("an answer that says no became %+v", list)
	}
}

func TestPagesOfMoneyThatNeverEndAreAnError(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, chargesPage))
	if _, _, err := api.Charges(t.Context(), time.Unix(0, 0), time.Unix(1, 0)); err == nil || s.count() > 3 {
		t.Errorf("%v after %d requests", err, s.count())
	}
}

func TestChargesOfTheSimulatorAddUpToWhatTheCreditLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithInstances(5), vastsim.WithQuietMarket())
		api := over(t, w.Transport())
		before := w.Credit()
		start := w.Now()
		time.Sleep(50 * time.Hour)
		list, cut, err := api.Charges(t.Context(), start, w.Now())
		if err != nil || cut || len(list) == 0 {
			t.Fatalf("%d charges, %t, %v", len(list), cut, err)
		}
		var sum vastapi.Amount
		for _, c := range list {
			var parts vastapi.Amount
			for _, i := range c.Items {
				parts += i.Amount
			}
			if d := parts - c.Amount; d > 0.0005 || d < -0.0005 {
				t.Errorf("the parts of %s come to %v, the charge is %v", c.Description, parts, c.Amount)
			}
			sum += c.Amount
		}
		if lost := vastapi.Amount(before - w.Credit()); sum < lost-0.05 || sum > lost+0.05 {
			t.Errorf("the charges come to %v, the credit lost %v", sum, lost)
		}
	})
}

func TestAVolumeIsLookedForMadeClonedAndDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithQuietMarket())
		api := over(t, w.Transport())
		before, err := api.Volumes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		page, err := api.SearchVolumes(t.Context(), vastapi.OfferSearch{Filter: vastapi.Filter{"disk_space": {"gte": 100}}, Storage: 50})
		if err != nil || len(page.Offers) == 0 {
			t.Fatalf("%d offers, %v", len(page.Offers), err)
		}
		o := page.Offers[0]
		if o.ID == 0 || o.MachineID == 0 || !(o.DiskSpace >= 100) || !vastapi.Known(o.StorageCost) || !vastapi.Known(o.StorageTotal) {
			t.Errorf("%+v", o)
		}
		if d := o.StorageCost.Hourly(50) - o.StorageTotal; d > 1e-9 || d < -1e-9 {
			t.Errorf("50 GB at %v cost %v", o.StorageCost, o.StorageTotal)
		}
		made := api.Do(t.Context(), vastapi.CreateVolume{Offer: o.ID, Size: 50, Name: "cache_1"})
		if made.Outcome != vastapi.OutcomeConfirmed || made.Volume == 0 {
			t.Fatalf("%+v", made)
		}
		copied := api.Do(t.Context(), vastapi.CloneVolume{Source: made.Volume, Offer: o.ID})
		if copied.Outcome != vastapi.OutcomeConfirmed || copied.Volume == 0 || copied.Volume == made.Volume {
			t.Fatalf("%+v", copied)
		}
		for _, id := range []vastapi.VolumeID{made.Volume, copied.Volume} {
			if res := api.Do(t.Context(), vastapi.DeleteVolume{ID: id}); res.Outcome != vastapi.OutcomeConfirmed {
				t.Errorf("%+v", res)
			}
		}
		if list, err := api.Volumes(t.Context()); err != nil || len(list.Volumes) != len(before.Volumes) {
			t.Errorf("%+v, %v", list, err)
		}
		if res := api.Do(t.Context(), vastapi.DeleteVolume{ID: made.Volume}); res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("what is gone needs no deleting: %+v", res)
		}
	})
}

func TestVolumeRequestsAreThoseOfTheOfficialClient(t *testing.T) {
	t.Parallel()
	for want, call := range map[string]vastapi.Call{
		`PUT /api/v0/volumes/ {"size":50,"id":77,"name":"cache"}`:          vastapi.CreateVolume{Offer: 77, Size: 50, Name: "cache"},
		`PUT /api/v0/volumes/ {"size":15,"id":77}`:                         vastapi.CreateVolume{Offer: 77, Size: 15},
		`DELETE /api/v0/volumes/?id=881 {}`:                                vastapi.DeleteVolume{ID: 881},
		`POST /api/v0/volumes/copy/ {"src_id":881,"dst_id":77}`:            vastapi.CloneVolume{Source: 881, Offer: 77},
		`POST /api/v0/volumes/copy/ {"src_id":881,"dst_id":77,"size":200}`: vastapi.CloneVolume{Source: 881, Offer: 77, Size: 200},
	} {
		api, s := answering(t, says(200, `{"success":true,"volume_name":"V.20118481"}`))
		res := api.Do(t.Context(), call)
		q := s.requests()[0]
		if got := fmt.Sprintf("%s %s %s", q.method, strings.TrimPrefix(q.url, vastapi.DefaultBaseURL), q.body); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if res.Volume != 20118481 || res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%+v", res)
		}
	}
	for _, bad := range []vastapi.Call{
		vastapi.CreateVolume{Size: 5}, vastapi.CreateVolume{Offer: 1, Size: 0}, vastapi.CreateVolume{Offer: 1, Size: 1.5}, vastapi.CreateVolume{Offer: 1, Size: 5, Name: "my cache"},
		vastapi.CreateVolume{Offer: 1, Size: 1e9}, vastapi.DeleteVolume{}, vastapi.CloneVolume{Offer: 1}, vastapi.CloneVolume{Source: 1}, vastapi.CloneVolume{Source: 1, Offer: 1, Size: -1},
	} {
		api, s := answering(t)
		if res := api.Do(t.Context(), bad); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
			t.Errorf("%+v was sent", bad)
		}
	}
}
