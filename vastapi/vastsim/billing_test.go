package vastsim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// priced is a world with one offer whose prices are chosen by hand.
func priced(t *testing.T, base, storage float64) (*user, OfferState) {
	u := newUser(t, WithEmptyAccount(), WithQuietMarket(), WithTraffic(false), WithCredit(1000), WithStartup(time.Minute))
	o := u.anOffer(func(o OfferState) bool { return o.DiskGB > 120 && o.NumGPUs == 1 && o.MinBid > 0 })
	u.w.mu.Lock()
	u.w.byID[o.MachineID].host.storage = storage
	u.w.mu.Unlock()
	u.w.SetOfferPrice(o.ID, base)
	return u, o
}

func TestPricesMatchTheDocumentedSamples(t *testing.T) {
	t.Parallel()
	// A captured offer: 0.24666667 and 5 GB at 0.00133333 make 0.24667593.
	u, o := priced(t, 0.24666667, 0.00133333)
	r := u.search(filter{"ask_contract_id": filter{"eq": o.ID}, "allocated_storage": 5.0})[0]
	if !near(r["storage_total_cost"].(float64), 9.259e-06, 1e-9) || !near(r["dph_total"].(float64), 0.24667593, 1e-8) {
		t.Errorf("offer: %v %v", r["storage_total_cost"], r["dph_total"])
	}
	// A documented instance: 1.0 and 10 GB at 0.1493333 make 1.00207407.
	u, o = priced(t, 1.0, 0.1493333)
	id := u.rent(o.ID, map[string]any{"disk": 10})
	row := u.instance(id)
	if !near(row["storage_total_cost"].(float64), 0.00207407, 1e-8) || !near(row["dph_total"].(float64), 1.00207407, 1e-8) {
		t.Errorf("instance: %v %v", row["storage_total_cost"], row["dph_total"])
	}
	if now := row["instance"].(map[string]any); !near(now["totalHour"].(float64), 0.00207407, 1e-8) || now["gpuCostPerHour"] != 0.0 {
		t.Errorf("while loading: %v", now)
	}
	if run := row["search"].(map[string]any); !near(run["totalHour"].(float64), 1.00207407, 1e-8) {
		t.Errorf("if running: %v", run)
	}
	// A bid of 0.20 and 32 GB at 0.15 make 0.20666667.
	u, o = priced(t, 0.25, 0.15)
	id = u.rent(o.ID, map[string]any{"disk": 32, "price": 0.20})
	if s := u.state(id); !near(s.DPH, 0.20666667, 1e-8) || !s.Bid {
		t.Errorf("bid: %+v", s)
	}
}

func TestCreditPaysBySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, o := priced(t, 0.45, 0.12)
		id := u.rent(o.ID, map[string]any{"disk": 64})
		// A minute of loading is disk alone: 64 × 0.12 / 720 = 0.01066667 $/h.
		time.Sleep(time.Minute)
		if c := u.w.Credit(); !near(1000-c, 0.01066667/60, 1e-8) {
			t.Errorf("after loading %v are gone", 1000-c)
		}
		// Ten hours of running are 0.46066667 $/h.
		time.Sleep(10 * time.Hour)
		spent := 0.01066667/60 + 4.6066667
		if c := u.w.Credit(); !near(1000-c, spent, 1e-6) {
			t.Errorf("after ten hours %v are gone, want %v", 1000-c, spent)
		}
		u.must("PUT", at(id), map[string]any{"state": "stopped"})
		time.Sleep(10 * time.Second) // it goes on running for 3 to 8 s
		before := u.w.Credit()
		// Stopped for 30 days: 7.68 $.
		time.Sleep(720 * time.Hour)
		if d := before - u.w.Credit(); !near(d, 7.68, 1e-6) {
			t.Errorf("30 days stopped cost %v, want 7.68", d)
		}
		before = u.w.Credit()
		u.must("DELETE", at(id), nil)
		time.Sleep(time.Hour)
		if d := before - u.w.Credit(); d != 0 {
			t.Errorf("destroyed and still %v", d)
		}
	})
}

func TestVolumesPayOnTopOfInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, _ := priced(t, 0.45, 0.12)
		o := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 && o.DiskGB > 200 })
		u.w.mu.Lock()
		u.w.byID[o.MachineID].volumeCost = 0.10
		u.w.mu.Unlock()
		u.must("PUT", "/api/v0/volumes/", map[string]any{"size": 50, "id": o.VolumeOfferID, "name": "cache"})
		time.Sleep(720 * time.Hour)
		if c := u.w.Credit(); !near(1000-c, 5, 1e-6) {
			t.Errorf("a month of 50 GB at 0.10 cost %v, want 5", 1000-c)
		}
	})
}

func TestTrafficIsChargedByTheGB(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithEmptyAccount(), WithQuietMarket(), WithStartup(time.Minute), WithCredit(100))
		o := u.anOffer(nil)
		u.w.mu.Lock()
		h := u.w.byID[o.MachineID].host
		h.downCost, h.upCost, h.storage = 0.02, 0, 0
		u.w.mu.Unlock()
		u.rent(o.ID, map[string]any{"image": "pytorch/pytorch:2.4.0"})
		time.Sleep(time.Minute)
		u.w.mu.Lock()
		size := u.w.order[0].pullGB
		u.w.mu.Unlock()
		if d := 100 - u.w.Credit(); size < 1 || !near(d, size*0.02, 0.0005) {
			t.Errorf("pulling %v GB at 0.02 cost %v", size, d)
		}
	})
}

func TestNoCreditStopsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket(), WithCredit(1), WithTraffic(false))
		burn := 0.0
		for _, s := range u.w.Instances() {
			burn += s.BilledNow
		}
		for _, v := range u.w.Volumes() {
			burn += v.Size * v.Cost / 720
		}
		last := time.Duration(1 / burn * float64(time.Hour))
		time.Sleep(last - time.Second)
		if s := u.labelled("llama-finetune"); s.Actual != "running" {
			t.Errorf("stopped too early: %+v", s)
		}
		time.Sleep(2 * time.Second)
		for _, s := range u.w.Instances() {
			if s.Actual != "exited" || s.Intended != "stopped" {
				t.Errorf("%s: %s, wished %s", s.Label, s.Actual, s.Intended)
			}
		}
		time.Sleep(time.Hour)
		if c := u.w.Credit(); c >= 0 || c < -1 {
			t.Errorf("an hour later the credit is %v", c)
		}
		id := u.labelled("eval-7b").ID
		if status, v := u.call("PUT", at(id), map[string]any{"state": "running"}); status != 400 || v["error"] != "insufficient_credit" {
			t.Errorf("start without credit: %d %v", status, v)
		}
		u.w.SetCredit(20)
		u.must("PUT", at(id), map[string]any{"state": "running"})
		time.Sleep(time.Minute)
		if s := u.state(id); s.Actual != "running" {
			t.Errorf("with credit again: %+v", s)
		}
	})
}

func TestReservedRefundIsTheDocumentedOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, o := priced(t, 1.0, 0)
		id := u.rent(o.ID, nil)
		time.Sleep(time.Minute)
		// One month of 1 $/h with two tenths off: 576 $ paid.
		u.w.change(id, func(in *instance) {
			in.deposit, in.depositedAt, in.discount = 576, u.w.clock, 0.2
			u.w.account.funds -= 576
		})
		u.w.mu.Lock()
		now := u.w.refund(u.w.instances[id])
		u.w.mu.Unlock()
		if !near(now, 576, 1e-9) {
			t.Errorf("refund at once %v, want 576", now)
		}
		before := u.w.Credit()
		time.Sleep(15 * 24 * time.Hour)
		if d := before - u.w.Credit(); !near(d, 0, 1e-9) {
			t.Errorf("the deposit pays, yet %v are gone", d)
		}
		u.must("DELETE", at(id), nil)
		if d := u.w.Credit() - before; !near(d, 212.4, 1e-6) {
			t.Errorf("refund after 15 days %v, want 212.4", d)
		}
	})
}

func TestPrepayBuysADiscount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, o := priced(t, 0.12719, 0)
		u.w.mu.Lock()
		u.w.byID[o.MachineID].discountMax = 0.4
		u.w.mu.Unlock()
		id := u.rent(o.ID, nil)
		time.Sleep(time.Minute)
		v := u.must("PUT", fmt.Sprintf("/api/v0/instances/prepay/%d/", id), map[string]any{"amount": 50.0})
		if v["timescale"] != 0.546 || !near(v["discount_rate"].(float64), 0.1092, 1e-4) {
			t.Errorf("%v", v)
		}
		time.Sleep(time.Hour)
		b := u.must("GET", fmt.Sprintf("/api/v0/instances/balance/%d/?owner=me", id), nil)
		if d := b["total_discount"].(float64); !near(d, 0.12719*0.1092, 1e-4) {
			t.Errorf("saved %v in an hour", d)
		}
		if status, _ := u.call("PUT", fmt.Sprintf("/api/v0/instances/prepay/%d/", id), map[string]any{"amount": 5000}); status != 411 {
			t.Errorf("prepay without credit: %d", status)
		}
		if status, v := u.call("PUT", "/api/v0/instances/prepay/1/", map[string]any{"amount": 5}); status != 400 || v["msg"] != "No such instance" {
			t.Errorf("prepay of nothing: %d %v", status, v)
		}
		time.Sleep(40 * 24 * time.Hour) // the deposit is used up, the full price is back
		if r := u.instance(id); r["credit_balance"] != nil || r["instance"].(map[string]any)["totalHour"] != 0.12719 {
			t.Errorf("%v %v", r["credit_balance"], r["instance"])
		}
	})
}

func TestChargesAddUpToTheCreditSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithCredit(200))
		began := u.w.Now()
		time.Sleep(30 * time.Hour)
		days, err := json.Marshal(map[string]any{"day": map[string]any{"gte": began.Unix(), "lte": u.w.Now().Unix()}})
		if err != nil {
			t.Fatal(err)
		}
		v := u.must("GET", "/api/v0/charges/?select_filters="+url.QueryEscape(string(days)), nil)
		rows := rowsOf(v["results"])
		sum := 0.0
		for _, r := range rows {
			items := 0.0
			for _, i := range rowsOf(r["items"]) {
				items += i["amount"].(float64)
			}
			if !near(items, r["amount"].(float64), 1e-9) {
				t.Errorf("%v: items make %v of %v", r["source"], items, r["amount"])
			}
			sum += r["amount"].(float64)
		}
		if spent := 200 - u.w.Credit(); len(rows) != 7 || !near(sum, spent, 0.02) {
			t.Errorf("%d rows make %v, spent %v", len(rows), sum, spent)
		}
		if status, v := u.call("GET", "/api/v0/charges/", nil); status != 400 || v["success"] != false {
			t.Errorf("without a range: %d %v", status, v)
		}
		only := u.must("GET", "/api/v0/charges/?limit=1&select_filters="+url.QueryEscape(`{"day":{"gte":0,"lte":99999999999},"type":{"in":["volume"]}}`), nil)
		if only["total"] != 2.0 || only["count"] != 1.0 || only["next_token"] == nil {
			t.Errorf("volumes only: %v", only)
		}
		next := u.must("GET", fmt.Sprintf("/api/v0/charges/?limit=1&after_token=%s&select_filters=%s", url.QueryEscape(only["next_token"].(string)), url.QueryEscape(`{"day":{"gte":0,"lte":99999999999},"type":{"in":["volume"]}}`)), nil)
		if next["count"] != 1.0 || next["next_token"] != nil {
			t.Errorf("second page: %v", next)
		}
	})
}

func TestInvoicesWithoutRangeFailWith200(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	status, v := u.call("GET", "/api/v1/invoices/", nil)
	if status != 200 || v["success"] != false || v["error"] != "Invalid date range" || v["results"] == nil {
		t.Errorf("%d %v", status, v)
	}
	v = u.must("GET", "/api/v1/invoices/?select_filters="+url.QueryEscape(`{"when":{"gte":0,"lte":99999999999}}`), nil)
	paid := 0.0
	for _, r := range rowsOf(v["results"]) {
		paid += r["amount"].(float64)
	}
	me := u.must("GET", "/api/v0/users/current/", nil)
	if left := me["credit"].(float64) + me["total_spend"].(float64); !near(paid, left, 0.01) {
		t.Errorf("paid in %v, spent and left %v", paid, left)
	}
}
