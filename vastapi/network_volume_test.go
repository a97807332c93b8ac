package vastapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// askedRaw sends a request that the client has no method for, as the official one does.
func askedRaw(t *testing.T, rt http.RoundTripper, method, path, body string, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1/api/v0"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer any-key")
	r.Header.Set("Content-Type", "application/json")
	got, err := rt.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if err := json.NewDecoder(got.Body).Decode(into); err != nil || got.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d, %v", method, path, got.StatusCode, err)
	}
}

func TestANetworkVolumeThatAnotherClientMadeIsReadAndDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithQuietMarket(), vastsim.WithEmptyAccount())
		api := over(t, w.Transport())
		var places struct{ Offers []struct{ ID int64 } }
		askedRaw(t, w.Transport(), "POST", "/network_volumes/search/", `{"disk_space":{"gte":100}}`, &places)
		var made struct {
			Volume vastapi.VolumeID `json:"volume_id"`
		}
		askedRaw(t, w.Transport(), "PUT", "/network_volumes/", fmt.Sprintf(`{"size":100,"id":%d,"name":"shared"}`, places.Offers[0].ID), &made)
		time.Sleep(time.Minute)
		list, err := api.Volumes(t.Context())
		if err != nil || len(list.Volumes) != 1 || list.Bad != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		v := list.Volumes[0]
		if v.ID != made.Volume || !v.Network() || v.MachineID != 0 || v.Cluster <= 0 || v.Size != 100 || !(v.Hourly > 0) || v.Status.String() != "created" {
			t.Errorf("%+v", v)
		}
		if d := v.StorageCost.Hourly(v.Size) - v.Hourly; d > 1e-9 || d < -1e-9 {
			t.Errorf("%v GB at %v cost %v", v.Size, v.StorageCost, v.Hourly)
		}
		if res := api.Do(t.Context(), vastapi.DeleteVolume{ID: v.ID}); res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%+v", res)
		}
	})
}
