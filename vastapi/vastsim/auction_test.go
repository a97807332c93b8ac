package vastsim

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func (u *user) labelled(label string) InstanceState {
	u.t.Helper()
	for _, s := range u.w.Instances() {
		if s.Label == label {
			return s
		}
	}
	u.t.Fatalf("no instance labelled %s", label)
	return InstanceState{}
}

func TestTheBidOfTheDefaultAccountIsOutbidWithinTheHour(t *testing.T) {
	for seed := range int64(6) {
		synctest.Test(t, func(t *testing.T) {
			u := newUser(t, WithSeed(seed), WithCredit(200))
			id := u.labelled("whisper-bid").ID
			at := time.Duration(0)
			for ; at < 3*time.Hour && u.state(id).Actual == "running"; at += 30 * time.Second {
				time.Sleep(30 * time.Second)
			}
			if at < 10*time.Minute || at > 100*time.Minute {
				t.Errorf("seed %d: outbid after %v", seed, at)
			}
			r := u.instance(id)
			if r["is_bid"] != true || r["cur_state"] != "stopped" || r["next_state"] != "stopped" || r["intended_status"] != "stopped" || r["actual_status"] != "exited" {
				t.Errorf("seed %d: outbid looks like %v %v %v %v", seed, r["cur_state"], r["next_state"], r["intended_status"], r["actual_status"])
			}
			if r["min_bid"].(float64) <= r["dph_base"].(float64) {
				t.Errorf("seed %d: floor %v, bid %v", seed, r["min_bid"], r["dph_base"])
			}
		})
	}
}

func TestARaisedBidRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		id := u.labelled("whisper-bid").ID
		u.w.SetBid(id, 0.001)
		if s := u.state(id); s.Actual != "exited" || !s.Outbid || !near(s.BilledNow, s.StorageCost*s.DiskGB/720, 1e-12) {
			t.Fatalf("outbid: %+v", s)
		}
		bid := fmt.Sprintf("/api/v0/instances/bid_price/%d/", id)
		u.must("PUT", bid, map[string]any{"client_id": "me", "price": nil})
		s := u.state(id)
		if s.Actual != "loading" || s.BidPrice < s.MinBid {
			t.Errorf("right after the new bid: %+v", s)
		}
		time.Sleep(time.Minute)
		if s := u.state(id); s.Actual != "running" || !near(s.DPH, s.BidPrice+s.StorageCost*s.DiskGB/720, 1e-12) {
			t.Errorf("after the new bid: %+v", s)
		}
		for _, price := range []any{0, 0.0005, "cheap", 33} {
			if status, v := u.call("PUT", bid, map[string]any{"client_id": "me", "price": price}); status != 400 || v["error"] != "invalid_args" {
				t.Errorf("bid of %v: %d %v", price, status, v)
			}
		}
		other := u.labelled("eval-7b").ID
		if status, _ := u.call("PUT", fmt.Sprintf("/api/v0/instances/bid_price/%d/", other), map[string]any{"price": 1}); status != 400 {
			t.Errorf("bid on an instance on demand: %d", status)
		}
	})
}

func TestAnOutbidInstanceResumesByItselfUnlessTheUserStoppedIt(t *testing.T) {
	for _, stop := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			u := newUser(t, WithCredit(500))
			id := u.labelled("whisper-bid").ID
			for u.state(id).Actual == "running" {
				time.Sleep(time.Minute)
			}
			if stop {
				u.must("PUT", at(id), map[string]any{"state": "stopped"})
			}
			resumed := false
			for range 40 * 60 {
				time.Sleep(time.Minute)
				resumed = resumed || u.state(id).Actual == "running"
			}
			if resumed == stop {
				t.Errorf("stopped by the user %v, resumed %v", stop, resumed)
			}
		})
	}
}
