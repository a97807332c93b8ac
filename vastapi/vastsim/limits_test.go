package vastsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimitsAreTheDocumentedOnes(t *testing.T) {
	for _, c := range []struct {
		method, path string
		body         any
		seconds      float64
		want         string
	}{
		{"GET", "/api/v1/instances/", nil, 1, `{"detail":"API requests too frequent endpoint threshold=1.0"}`},
		{"GET", "/api/v0/instances/1/", nil, 2, `{"detail":"API requests too frequent endpoint threshold=2.0"}`},
		{"PUT", "/api/v0/instances/1/", filter{"label": "x"}, 1, `{"detail":"API requests too frequent endpoint threshold=1.0"}`},
		{"DELETE", "/api/v0/instances/1/", nil, 3, `{"error":"rate_limit_exceeded","msg":"API requests too frequent endpoint threshold=3.0","success":false}`},
		{"PUT", "/api/v0/instances/bid_price/1/", nil, 5.5, `threshold=5.5`},
		{"GET", "/api/v0/volumes/", nil, 5.5, `threshold=5.5`},
		{"GET", "/api/v0/secrets/", nil, 5, `threshold=5.0`},
		{"GET", "/api/v0/charges/", nil, 1, `threshold=1.0`},
		{"PUT", "/api/v0/commands/copy_direct/", filter{}, 3.5, `API requests too frequent: endpoint threshold=3.5`},
	} {
		synctest.Test(t, func(t *testing.T) {
			u := newUser(t, WithRateLimits(true), WithSpeed(100)) // the world's speed does not matter
			send := func() (int, string) {
				a, b, err := u.raw(c.method, c.path, c.body)
				if err != nil {
					t.Fatal(err)
				}
				return a.StatusCode, string(b)
			}
			if s, b := send(); s == 429 {
				t.Errorf("%s %s: first call %s", c.method, c.path, b)
			}
			interval := time.Duration(c.seconds * float64(time.Second))
			time.Sleep(interval - time.Millisecond)
			if s, b := send(); s != 429 || !strings.Contains(b, c.want) {
				t.Errorf("%s %s: too soon: %d %s", c.method, c.path, s, b)
			}
			time.Sleep(time.Millisecond)
			if s, b := send(); s == 429 {
				t.Errorf("%s %s: after the interval: %s", c.method, c.path, b)
			}
		})
	}
}

func TestLimitsCountByMethodRouteAndKey(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithRateLimits(true))
	u.must("GET", "/api/v1/instances/", nil)
	ids := u.w.Instances()
	u.must("PUT", at(ids[0].ID), filter{"label": "x"}) // another route
	if s, _ := u.call("PUT", at(ids[1].ID), filter{"label": "y"}); s != 429 {
		t.Errorf("another id of the same route: %d", s)
	}
	q, err := http.NewRequest("GET", "https://console.vast.ai/api/v1/instances/", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer another")
	a, err := u.w.Transport().RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != 200 {
		t.Errorf("another key: %d", a.StatusCode)
	}
}

func TestTenSearchesAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithRateLimits(true), WithOffers(50))
		for range 10 {
			u.search(filter{"limit": 1})
			time.Sleep(time.Second)
		}
		a, b, err := u.raw("POST", "/api/v0/bundles/", filter{"limit": 1})
		if err != nil || a.StatusCode != 429 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") || string(b) != "API requests too frequent: endpoint threshold=6.0" {
			t.Errorf("eleventh: %v %v %s", a.Status, err, b)
		}
		time.Sleep(50 * time.Second)
		u.search(filter{"limit": 1})
	})
}

func TestHittingTheCreateLimitExtendsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithRateLimits(true), WithQuietMarket())
		machines := map[int64]bool{}
		var ids []int64
		for _, o := range u.w.Offers() {
			if o.Rentable && !machines[o.MachineID] && o.DiskGB > 10 {
				machines[o.MachineID] = true
				ids = append(ids, o.ID)
			}
		}
		send := func(i int) int {
			s, _ := u.call("PUT", fmt.Sprintf("/api/v0/asks/%d/", ids[i]), filter{"image": "a", "disk": 8})
			return s
		}
		first := send(0)
		time.Sleep(4500 * time.Millisecond)
		second := send(1)
		time.Sleep(time.Second)
		early := send(2)
		time.Sleep(11 * time.Second)
		still := send(2)
		time.Sleep(12 * time.Second)
		if late := send(2); first != 200 || second != 200 || early != 429 || still != 429 || late != 200 {
			t.Errorf("%d %d, too soon %d, in the penalty %d, after it %d", first, second, early, still, late)
		}
	})
}
