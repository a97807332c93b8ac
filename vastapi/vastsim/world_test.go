package vastsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// user calls a world the way a client does, through the transport without a
// socket.
type user struct {
	t    *testing.T
	w    *World
	http *http.Client
}

func newUser(t *testing.T, opts ...Option) *user {
	t.Helper()
	w := New(opts...)
	return &user{t, w, &http.Client{Transport: w.Transport()}}
}

// raw sends one call and returns the answer with its body read.
func (u *user) raw(method, path string, body any) (*http.Response, []byte, error) {
	u.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			u.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	q, err := http.NewRequest(method, "https://console.vast.ai"+path, r)
	if err != nil {
		u.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer secret")
	a, err := u.http.Do(q)
	if err != nil {
		return nil, nil, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a, b, err
}

// call sends one call and decodes the object that comes back.
func (u *user) call(method, path string, body any) (int, map[string]any) {
	u.t.Helper()
	a, b, err := u.raw(method, path, body)
	if err != nil {
		u.t.Fatalf("%s %s: %v", method, path, err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		u.t.Fatalf("%s %s: %v in %.200s", method, path, err, b)
	}
	return a.StatusCode, v
}

// must is call for calls that have to succeed.
func (u *user) must(method, path string, body any) map[string]any {
	u.t.Helper()
	status, v := u.call(method, path, body)
	if status != 200 || v["success"] == false {
		u.t.Fatalf("%s %s: %d %v", method, path, status, v)
	}
	return v
}

func (u *user) search(filter map[string]any) []map[string]any {
	u.t.Helper()
	return rowsOf(u.must("POST", "/api/v0/bundles/", filter)["offers"])
}

func rowsOf(v any) []map[string]any {
	var out []map[string]any
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(map[string]any))
	}
	return out
}

// instance is the single call; nil when it is gone.
func (u *user) instance(id int64) map[string]any {
	u.t.Helper()
	v, _ := u.must("GET", fmt.Sprintf("/api/v0/instances/%d/?owner=me", id), nil)["instances"].(map[string]any)
	return v
}

func (u *user) list(query url.Values) map[string]any {
	u.t.Helper()
	return u.must("GET", "/api/v1/instances/?"+query.Encode(), nil)
}

// anOffer is some offer that can be rented.
func (u *user) anOffer(keep func(OfferState) bool) OfferState {
	u.t.Helper()
	for _, o := range u.w.Offers() {
		if o.Rentable && o.Verified && o.DiskGB > 60 && (keep == nil || keep(o)) {
			return o
		}
	}
	u.t.Fatal("no such offer")
	return OfferState{}
}

func biddable(o OfferState) bool { return o.MinBid > 0 }

// rent creates an instance and returns its id.
func (u *user) rent(offer int64, more map[string]any) int64 {
	u.t.Helper()
	body := map[string]any{"client_id": "me", "image": "ubuntu:22.04", "disk": 10.0, "runtype": "ssh_direc ssh_proxy"}
	for k, v := range more {
		body[k] = v
	}
	return int64(u.must("PUT", fmt.Sprintf("/api/v0/asks/%d/", offer), body)["new_contract"].(float64))
}

func (u *user) state(id int64) InstanceState {
	u.t.Helper()
	for _, s := range u.w.Instances() {
		if s.ID == id {
			return s
		}
	}
	u.t.Fatalf("no instance %d", id)
	return InstanceState{}
}

func near(a, b, within float64) bool { return a-b <= within && b-a <= within }

func TestDefaultWorldHasTheDocumentedSize(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	offers := u.w.Offers()
	models, hosts, ids := map[string]bool{}, map[int64]bool{}, map[int64]bool{}
	for _, o := range offers {
		models[o.GPUName], hosts[o.HostID], ids[o.ID] = true, true, true
	}
	if len(offers) != 2000 || len(ids) != 2000 {
		t.Errorf("%d offers with %d ids, want 2000", len(offers), len(ids))
	}
	if len(models) < 25 || len(hosts) != 400 {
		t.Errorf("%d models and %d hosts, want at least 25 and 400", len(models), len(hosts))
	}
	regions := map[string]bool{}
	for _, r := range u.search(map[string]any{"limit": 1000, "order": [][]string{{"machine_id", "asc"}}}) {
		regions[r["geolocation"].(string)] = true
	}
	for _, r := range u.search(map[string]any{"limit": 1000, "order": [][]string{{"machine_id", "desc"}}}) {
		regions[r["geolocation"].(string)] = true
	}
	if len(regions) != 60 {
		t.Errorf("%d regions, want 60", len(regions))
	}
}

func TestDefaultAccountIsTheOneOfTheDemo(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	me := u.must("GET", "/api/v0/users/current", nil)
	if c := me["credit"].(float64); !near(c, 41.20, 0.01) || me["email"] != "renter@example.com" {
		t.Errorf("credit %v email %v", c, me["email"])
	}
	running, bids, stopped := 0, 0, 0
	for _, s := range u.w.Instances() {
		switch {
		case s.Actual == "running":
			running++
		case s.Actual == "exited" && s.BilledNow > 0 && near(s.BilledNow, s.StorageCost*s.DiskGB/720, 1e-9):
			stopped++
		}
		if s.Bid {
			bids++
			if s.BidPrice < s.MinBid || s.BidPrice > s.MinBid*1.1 {
				t.Errorf("bid %v against a floor of %v is not close to being outbid", s.BidPrice, s.MinBid)
			}
		}
	}
	if running != 4 || stopped != 1 || bids != 1 || len(u.w.Volumes()) != 2 {
		t.Errorf("%d running, %d stopped, %d bids, %d volumes", running, stopped, bids, len(u.w.Volumes()))
	}
}

func TestPricesAreRealistic(t *testing.T) {
	t.Parallel()
	for _, seed := range []int64{1, 2, 3} {
		w := New(WithSeed(seed))
		for _, o := range w.Offers() {
			per := o.DPHBase / float64(o.NumGPUs)
			lo, hi := 0.02, 6.0
			switch o.GPUName {
			case "RTX 4090":
				lo, hi = 0.28, 0.60
			case "RTX 3090":
				lo, hi = 0.13, 0.29
			case "H100 SXM":
				lo, hi = 1.7, 2.9
			}
			if per < lo || per > hi {
				t.Errorf("seed %d: %s at %v a card", seed, o.GPUName, per)
			}
			if o.MinBid < 0 || o.MinBid >= o.DPHBase {
				t.Errorf("seed %d: floor %v of an offer at %v", seed, o.MinBid, o.DPHBase)
			}
		}
	}
}

// script drives one fixed session; look adds reads in between, which must not
// change anything.
func script(t *testing.T, look bool) string {
	u := newUser(t, WithSeed(7))
	var out strings.Builder
	say := func(method, path string, body any) {
		_, b, err := u.raw(method, path, body)
		fmt.Fprintf(&out, "%s %s %v\n%s\n", method, path, err, b)
	}
	first := u.anOffer(nil)
	say("PUT", fmt.Sprintf("/api/v0/asks/%d/", first.ID), map[string]any{"image": "ubuntu:22.04", "disk": 20, "label": "a"})
	for range 40 {
		time.Sleep(90 * time.Second)
		if look {
			u.search(map[string]any{"limit": 20})
			u.w.Instances()
		}
	}
	say("POST", "/api/v0/bundles/", map[string]any{"limit": 300, "order": [][]string{{"dph_total", "asc"}}})
	say("GET", "/api/v1/instances/", nil)
	say("GET", "/api/v0/users/current/", nil)
	time.Sleep(5 * time.Hour)
	say("POST", "/api/v0/bundles/", map[string]any{"limit": 300, "type": "bid"})
	say("GET", "/api/v1/instances/", nil)
	say("GET", "/api/v0/users/current/", nil)
	say("GET", "/api/v0/volumes/", nil)
	return out.String()
}

func TestSameSeedAndSameTimesGiveTheSameAnswers(t *testing.T) {
	var runs [3]string
	for i := range runs {
		synctest.Test(t, func(t *testing.T) { runs[i] = script(t, i == 2) })
	}
	if runs[0] != runs[1] {
		t.Error("two runs differ")
	}
	if runs[0] != runs[2] {
		t.Error("looking more often changed the answers")
	}
}

func TestAnotherSeedIsAnotherMarket(t *testing.T) {
	t.Parallel()
	same := 0
	a, b := New(WithSeed(1)).Offers(), New(WithSeed(2)).Offers()
	for i := range min(len(a), len(b)) {
		if a[i].DPHBase == b[i].DPHBase {
			same++
		}
	}
	if same > len(a)/4 {
		t.Errorf("%d of %d prices are the same", same, len(a))
	}
}

func TestQuietMarketStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New(WithQuietMarket(), WithCredit(1000))
		before := w.Offers()
		time.Sleep(20 * time.Hour)
		after := w.Offers()
		if len(before) != len(after) {
			t.Fatalf("%d offers, then %d", len(before), len(after))
		}
		for i := range before {
			if before[i] != after[i] {
				t.Fatalf("%+v became %+v", before[i], after[i])
			}
		}
		for _, s := range w.Instances() {
			if s.Outbid {
				t.Errorf("%s was outbid", s.Label)
			}
		}
	})
}

func TestOffersVanishAndComeBackUnderOtherIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New()
		type row struct{ machine, id int64 }
		seen, machines, prices := map[int64]row{}, map[int64]int64{}, map[int64]float64{}
		for _, o := range w.Offers() {
			seen[o.ID], machines[o.MachineID], prices[o.ID] = row{o.MachineID, o.ID}, o.ID, o.DPHBase
		}
		time.Sleep(3 * time.Hour)
		kept, renamed, moved := 0, 0, 0
		for _, o := range w.Offers() {
			if _, old := seen[o.ID]; old {
				kept++
				if prices[o.ID] != o.DPHBase {
					moved++
				}
			} else if machines[o.MachineID] != 0 {
				renamed++
			}
		}
		if kept < 300 || renamed < 300 || moved < 200 {
			t.Errorf("%d kept their id, %d came back under another, %d changed price", kept, renamed, moved)
		}
	})
}

func TestADayOfPollingTakesMoments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		u.w.SetCredit(500)
		for range 24 * 60 {
			time.Sleep(time.Minute)
			u.list(nil)
		}
		if n := len(u.w.Instances()); n != 5 {
			t.Errorf("%d instances after a day", n)
		}
		if n := len(u.w.Offers()); n < 1500 || n > 2600 {
			t.Errorf("%d offers after a day", n)
		}
	})
}

func TestSpeedScalesTheWorld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New(WithSpeed(60))
		before := w.Now()
		time.Sleep(time.Minute)
		if d := w.Now().Sub(before); d != time.Hour {
			t.Errorf("a minute is %v", d)
		}
	})
}

func TestFleetHasExactlyTheAskedSize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 30, 5000} {
		w := New(WithInstances(n), WithOffers(200))
		all := w.Instances()
		for _, s := range all {
			if s.Actual != "running" {
				t.Fatalf("%+v does not run", s)
			}
		}
		if len(all) != n || len(w.Offers()) != 200 {
			t.Errorf("%d instances and %d offers, want %d and 200", len(all), len(w.Offers()), n)
		}
	}
}

func TestEmptyAccountKeepsItsCredit(t *testing.T) {
	t.Parallel()
	w := New(WithEmptyAccount(), WithCredit(12.5))
	if len(w.Instances()) != 0 || len(w.Volumes()) != 0 || w.Credit() != 12.5 {
		t.Errorf("%d instances, %d volumes, credit %v", len(w.Instances()), len(w.Volumes()), w.Credit())
	}
}

func TestEverySeedAndSizeMakesAWholeWorld(t *testing.T) {
	t.Parallel()
	for seed := range int64(8) {
		for _, n := range []int{0, 1, 7, 300, 2000} {
			u := newUser(t, WithSeed(seed), WithOffers(n))
			ids := map[int64]bool{}
			for _, o := range u.w.Offers() {
				ids[o.ID] = true
			}
			if len(ids) != n || len(u.w.Instances()) != 5 || len(u.w.Volumes()) != 2 {
				t.Errorf("seed %d: %d offers, want %d; %d instances, %d volumes", seed, len(ids), n, len(u.w.Instances()), len(u.w.Volumes()))
			}
			if s := u.labelled("llama-finetune"); s.NumGPUs != 2 || s.Actual != "running" {
				t.Errorf("seed %d, %d offers: %+v", seed, n, s)
			}
			if c := u.w.Credit(); !near(c, 41.20, 0.01) {
				t.Errorf("seed %d: credit %v", seed, c)
			}
		}
	}
}
