package vastsim

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func (u *user) put(offer int64, more map[string]any) (int, map[string]any) {
	u.t.Helper()
	body := map[string]any{"client_id": "me", "image": "ubuntu:22.04", "disk": 10.0, "runtype": "ssh"}
	for k, v := range more {
		body[k] = v
	}
	return u.call("PUT", fmt.Sprintf("/api/v0/asks/%d/", offer), body)
}

func TestAnOfferCanBeRentedOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	o := u.anOffer(nil)
	id := u.rent(o.ID, map[string]any{"label": "one"})
	s := u.state(id)
	if s.Label != "one" || s.OfferID != o.ID || s.MachineID != o.MachineID || s.DPHBase != o.DPHBase || s.DiskGB != 10 {
		t.Errorf("rented %+v from %+v", s, o)
	}
	status, v := u.put(o.ID, nil)
	if status != 404 || v["error"] != "invalid_args" || !strings.Contains(v["msg"].(string), "no_such_ask") || int64(v["ask_id"].(float64)) != o.ID {
		t.Errorf("second rent: %d %v", status, v)
	}
	status, v = u.put(o.ID, map[string]any{"cancel_unavail": true})
	if status != 410 || v["error"] != "no_such_ask" {
		t.Errorf("second rent with cancel_unavail: %d %v", status, v)
	}
	if n := len(u.w.Instances()); n != 6 {
		t.Errorf("%d instances, want 6", n)
	}
}

func TestRentingHidesTheChunksThatOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithQuietMarket())
		listed := func(machine int64) (sizes []int, ids map[int64]bool) {
			ids = map[int64]bool{}
			for _, o := range u.w.Offers() {
				if o.MachineID == machine {
					sizes, ids[o.ID] = append(sizes, o.NumGPUs), true
				}
			}
			return sizes, ids
		}
		var two OfferState
		for _, o := range u.w.Offers() {
			if sizes, _ := listed(o.MachineID); len(sizes) == 4 && o.NumGPUs == 2 && o.DiskGB > 20 {
				two = o
				break
			}
		}
		_, before := listed(two.MachineID)
		id := u.rent(two.ID, nil)
		if sizes, _ := listed(two.MachineID); len(sizes) != 0 {
			t.Errorf("right after the rent %v are listed", sizes)
		}
		time.Sleep(3 * time.Minute)
		sizes, after := listed(two.MachineID)
		if fmt.Sprint(sizes) != "[1 2 4]" {
			t.Errorf("6 free cards of 8 are listed as %v", sizes)
		}
		for id := range after {
			if before[id] {
				t.Errorf("id %d came back", id)
			}
		}
		rows := u.search(filter{"machine_id": filter{"eq": two.MachineID}})
		if len(rows) != 3 || rows[0]["rented"] != true {
			t.Errorf("%d rows, rented %v", len(rows), rows[0]["rented"])
		}
		u.must("DELETE", fmt.Sprintf("/api/v0/instances/%d/", id), map[string]any{})
		time.Sleep(3 * time.Minute)
		if sizes, _ := listed(two.MachineID); fmt.Sprint(sizes) != "[1 2 4 8]" {
			t.Errorf("after the destroy %v are listed", sizes)
		}
	})
}

func TestBadRentsAreRefused(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	o := u.anOffer(biddable)
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		name   string
		more   map[string]any
		status int
		code   string
		msg    string
	}{
		{"no image", map[string]any{"image": nil}, 400, "invalid_args", "image"},
		{"long image", map[string]any{"image": long(1025)}, 400, "invalid_args", "1024"},
		{"small disk", map[string]any{"disk": 7.9}, 400, "invalid_args", "at least 8"},
		{"big disk", map[string]any{"disk": o.DiskGB + 1}, 400, "invalid_args", "available"},
		{"disk as words", map[string]any{"disk": "much"}, 400, "invalid_args", "invalid disk"},
		{"long label", map[string]any{"label": long(257)}, 400, "label_too_long", "256"},
		{"low price", map[string]any{"price": 0.0001}, 400, "invalid_price", "0.001"},
		{"high price", map[string]any{"price": 129}, 400, "invalid_price", "128"},
		{"env too big", map[string]any{"env": map[string]any{"A": long(32768)}}, 400, "invalid_args", "32KB"},
		{"env key", map[string]any{"env": map[string]any{long(257): "1"}}, 400, "invalid_args", "256"},
		{"env value", map[string]any{"env": map[string]any{"A": 1}}, 400, "invalid_args", "env"},
		{"template", map[string]any{"template_hash_id": "none"}, 400, "invalid_args", "template"},
		{"mount path", map[string]any{"volume_info": map[string]any{"mount_path": "//a", "volume_id": 1}}, 400, "invalid_args", "mount_path"},
		{"volume", map[string]any{"volume_info": map[string]any{"mount_path": "/a", "volume_id": 1}}, 404, "no_such_volume", "Volume"},
	} {
		status, v := u.put(o.ID, c.more)
		if msg, _ := v["msg"].(string); status != c.status || v["error"] != c.code || !strings.Contains(msg, c.msg) || v["new_contract"] != nil {
			t.Errorf("%s: %d %v", c.name, status, v)
		}
	}
	u.w.SetCredit(0)
	if status, v := u.put(o.ID, nil); status != 400 || v["error"] != "insufficient_credit" {
		t.Errorf("no credit: %d %v", status, v)
	}
	if n := len(u.w.Instances()); n != 5 {
		t.Errorf("%d instances, want the 5 from before", n)
	}
}

func TestATooLowBidLeavesAStoppedContract(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	o := u.anOffer(biddable)
	status, v := u.put(o.ID, map[string]any{"price": o.MinBid * 0.9, "disk": 40})
	id, _ := v["new_contract"].(float64)
	if status != 400 || v["success"] != false || v["error"] != "invalid_price" || id == 0 {
		t.Fatalf("%d %v", status, v)
	}
	s := u.state(int64(id))
	if !s.Bid || s.Intended != "stopped" || s.Cur != "stopped" || !near(s.BilledNow, s.StorageCost*40/720, 1e-12) {
		t.Errorf("%+v", s)
	}
	u.must("DELETE", fmt.Sprintf("/api/v0/instances/%d/", int64(id)), nil)
}

func TestTemplatesFillTheGapsOfARent(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	var tpl map[string]any
	for _, x := range rowsOf(u.must("GET", "/api/v0/template/?select_cols=%5B%22%2A%22%5D&select_filters=%7B%22name%22%3A%7B%22eq%22%3A%22Whisper+batch%22%7D%7D", nil)["templates"]) {
		tpl = x
	}
	id := u.rent(u.anOffer(nil).ID, map[string]any{
		"image": nil, "runtype": nil, "template_hash_id": tpl["hash_id"], "env": map[string]any{"BATCH": "4", "TZ": "UTC"},
	})
	s := u.state(id)
	if s.Image != "ghcr.io/example/whisper-batch:2.1" || s.Runtype != "ssh_direc ssh_proxy" || s.Env["BATCH"] != "4" || s.Env["TZ"] != "UTC" || s.Onstart == "" {
		t.Errorf("%+v", s)
	}
	if row := u.instance(id); row["template_hash_id"] != tpl["hash_id"] || row["template_name"] != "Whisper batch" {
		t.Errorf("%v %v", row["template_hash_id"], row["template_name"])
	}
}

func TestLaunchAndBulkRentSeveralOffers(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	v := u.must("PUT", "/api/v0/launch_instance/", map[string]any{
		"image": "ubuntu:22.04", "disk": 16, "q": filter{"gpu_name": filter{"eq": "RTX 3090"}, "rentable": filter{"eq": true}, "order": [][]string{{"dph_total", "asc"}}},
	})
	if s := u.state(int64(v["new_contract"].(float64))); s.GPUName != "RTX 3090" {
		t.Errorf("%+v", s)
	}
	a := u.anOffer(nil)
	b := u.anOffer(func(o OfferState) bool { return o.MachineID != a.MachineID })
	v = u.must("POST", "/api/v0/asks/bulk/", map[string]any{"image": "ubuntu:22.04", "ids": []int64{a.ID, b.ID, 11}})
	if len(v["new_contracts"].([]any)) != 2 || len(v["failed"].([]any)) != 1 {
		t.Errorf("%v", v)
	}
}
