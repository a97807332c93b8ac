package vastsim

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestVolumesLiveOnTheirMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithEmptyAccount(), WithQuietMarket())
		o := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 && o.DiskGB > 200 && o.NumGPUs == 2 })
		offers := rowsOf(u.must("POST", "/api/v0/volumes/search/", filter{"machine_id": filter{"eq": o.MachineID}})["offers"])
		if len(offers) != 1 || int64(offers[0]["id"].(float64)) != o.VolumeOfferID {
			t.Fatalf("%v", offers)
		}
		space := offers[0]["disk_space"].(float64)
		v := u.must("PUT", "/api/v0/volumes/", filter{"size": 30, "id": o.VolumeOfferID, "name": "cache"})
		name := v["volume_name"].(string)
		id := int64(v["volume_id"].(float64))
		if name != fmt.Sprintf("V.%d", id) {
			t.Errorf("%v", v)
		}
		row := func() map[string]any {
			return rowsOf(u.must("GET", "/api/v0/volumes?owner=me&type=all_volume", nil)["volumes"])[0]
		}
		if r := row(); r["status"] != nil || r["label"] != "cache" || r["disk_space"] != 30.0 || len(r["instances"].([]any)) != 0 {
			t.Errorf("fresh: %v", r)
		}
		time.Sleep(5 * time.Second)
		if r := row(); r["status"] != "created" {
			t.Errorf("later: %v", r["status"])
		}
		if after := rowsOf(u.must("POST", "/api/v0/volumes/search/", filter{"machine_id": filter{"eq": o.MachineID}})["offers"])[0]["disk_space"]; after != space-30 {
			t.Errorf("%v GB were offered, now %v", space, after)
		}

		mount := func(path string) filter {
			return filter{"volume_info": filter{"mount_path": path, "create_new": false, "volume_id": id}}
		}
		elsewhere := u.anOffer(func(x OfferState) bool { return x.MachineID != o.MachineID })
		if status, v := u.put(elsewhere.ID, mount("/data")); status != 400 || !strings.Contains(v["msg"].(string), "machine") {
			t.Errorf("on another machine: %d %v", status, v)
		}
		in := u.rent(o.ID, mount("/data"))
		if s := u.state(in); s.Env[fmt.Sprintf("-v V.%d:/data", id)] != "1" {
			t.Errorf("%v", s.Env)
		}
		if r := row(); fmt.Sprint(r["instances"]) != fmt.Sprintf("[%v]", float64(in)) {
			t.Errorf("in use by %v", r["instances"])
		}
		info := rowsOf(rowsOf(u.list(nil)["instances"])[0]["volume_info"])
		if len(info) != 1 || info[0]["mount_path"] != "/data" || info[0]["total_space"] != 30.0 {
			t.Errorf("volume_info %v", info)
		}
		del := fmt.Sprintf("/api/v0/volumes/?id=%d", id)
		if status, v := u.call("DELETE", del, filter{}); status != 400 || v["error"] != "invalid_args" {
			t.Errorf("delete in use: %d %v", status, v)
		}
		u.must("PUT", at(in), filter{"state": "stopped"})
		time.Sleep(time.Minute)
		if status, _ := u.call("DELETE", del, filter{}); status != 400 {
			t.Errorf("delete while a stopped instance uses it: %d", status)
		}
		u.must("DELETE", at(in), nil)
		if status, _ := u.call("DELETE", del, filter{}); status != 400 {
			t.Errorf("delete at once after the destroy: %d", status)
		}
		time.Sleep(30 * time.Second)
		u.must("DELETE", "/api/v0/volumes/", filter{"id": id}) // the documented form
		if status, v := u.call("DELETE", del, filter{}); status != 404 || v["error"] != "no_such_volume" {
			t.Errorf("second delete: %d %v", status, v)
		}
	})
}

func TestAVolumeCanBeMadeWithTheInstance(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	o := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 && o.DiskGB > 200 })
	id := u.rent(o.ID, filter{"volume_info": filter{"mount_path": "/data", "create_new": true, "volume_id": o.VolumeOfferID, "size": 40, "name": "new_one"}})
	all := u.w.Volumes()
	v := all[len(all)-1]
	if len(all) != 3 || v.Name != "new_one" || v.Size != 40 || fmt.Sprint(v.Instances) != fmt.Sprintf("[%d]", id) {
		t.Errorf("%+v", all)
	}
	if status, _ := u.call("PUT", "/api/v0/volumes/", filter{"id": o.VolumeOfferID, "size": 1e6}); status != 400 {
		t.Errorf("too big: %d", status)
	}
	if status, _ := u.call("PUT", "/api/v0/volumes/", filter{"id": o.VolumeOfferID, "name": "not a name"}); status != 400 {
		t.Errorf("bad name: %d", status)
	}
	if status, v := u.call("PUT", "/api/v0/volumes/", filter{"id": 5}); status != 404 || v["error"] != "no_such_ask" {
		t.Errorf("no such offer: %d %v", status, v)
	}
}

func TestVolumeSearchFilters(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	rows := rowsOf(u.must("POST", "/api/v0/volumes/search/", filter{
		"verified": filter{"eq": true}, "external": filter{"eq": false}, "disk_space": filter{"gte": "50"},
		"geolocation": filter{"in": []any{"US"}}, "order": [][]string{{"storage_cost", "asc"}}, "allocated_storage": 30.0,
	})["offers"])
	last := 0.0
	for _, r := range rows {
		c := r["storage_cost"].(float64)
		if r["verification"] != "verified" || r["disk_space"].(float64) < 50 || c < last || !near(r["storage_total_cost"].(float64), c*30/720, 1e-12) {
			t.Fatalf("%v", r)
		}
		last = c
	}
	if len(rows) < 10 || len(rows) > 64 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestMountPaths(t *testing.T) {
	t.Parallel()
	for p, want := range map[string]bool{"/data": true, "data": true, "/data/": true, "/a/b": true, "": false, "/": false, "//a": false, "/a//b": false, "/a\x00": false} {
		if mountable(p) != want {
			t.Errorf("%q: %v", p, !want)
		}
	}
}

func TestCloneNeedsRoom(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	src := u.w.Volumes()[1]
	o := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 && o.DiskGB > 400 })
	v := u.must("POST", "/api/v0/volumes/copy/", filter{"src_id": src.ID, "dst_id": o.VolumeOfferID})
	if all := u.w.Volumes(); v["volume_name"] == nil || all[2].Size != src.Size || all[2].MachineID != o.MachineID {
		t.Errorf("%v %+v", v, all)
	}
	if status, _ := u.call("POST", "/api/v0/volumes/copy/", filter{"src_id": src.ID, "dst_id": o.VolumeOfferID, "size": 10}); status != 400 {
		t.Errorf("smaller than the source: %d", status)
	}
}

func TestNetworkVolumesLieOnNoMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithEmptyAccount(), WithQuietMarket())
		search := func() []map[string]any {
			return rowsOf(u.must("POST", "/api/v0/network_volumes/search/", filter{
				"verified": filter{"eq": true}, "external": filter{"eq": false}, "disk_space": filter{"gte": 1}, "order": [][]string{{"storage_cost", "asc"}}, "allocated_storage": 100,
			})["offers"])
		}
		offers := search()
		if len(offers) < 2 {
			t.Fatalf("%d offers", len(offers))
		}
		o := offers[0]
		if o["machine_id"] != nil || o["cluster_id"] == nil || !(o["nw_disk_min_bw"].(float64) < o["nw_disk_max_bw"].(float64)) {
			t.Errorf("%v", o)
		}
		cost := o["storage_cost"].(float64)
		if got := o["storage_total_cost"].(float64); got != cost*100/720 {
			t.Errorf("100 GB cost %v an hour at %v a month", got, cost)
		}
		for _, local := range rowsOf(u.must("POST", "/api/v0/volumes/search/", filter{})["offers"]) {
			if local["id"] == o["id"] {
				t.Error("a share is offered as a local volume")
			}
		}

		before := u.must("GET", "/api/v0/users/current/", nil)["credit"].(float64)
		id := int64(u.must("PUT", "/api/v0/network_volumes/", filter{"size": 400, "id": o["id"], "name": "shared"})["volume_id"].(float64))
		list := func(kind string) []map[string]any {
			return rowsOf(u.must("GET", "/api/v0/volumes?owner=me&type="+kind, nil)["volumes"])
		}
		if n := len(list("local_volume")); n != 0 {
			t.Errorf("%d local volumes", n)
		}
		time.Sleep(time.Minute)
		for _, kind := range []string{"network_volume", "all_volume"} {
			rows := list(kind)
			if len(rows) != 1 || rows[0]["machine_id"] != nil || rows[0]["type"] != "network" || rows[0]["status"] != "created" || rows[0]["label"] != "shared" {
				t.Fatalf("%s: %v", kind, rows)
			}
		}
		if after := search()[0]["disk_space"].(float64); after != o["disk_space"].(float64)-400 {
			t.Errorf("%v GB were offered, now %v", o["disk_space"], after)
		}
		time.Sleep(10 * time.Hour)
		spent := before - u.must("GET", "/api/v0/users/current/", nil)["credit"].(float64)
		if want := cost * 400 / 720 * 601 / 60; spent < want*0.999 || spent > want*1.001 {
			t.Errorf("it cost %v, not %v", spent, want)
		}

		place := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 })
		if status, v := u.put(place.ID, filter{"volume_info": filter{"mount_path": "/data", "create_new": false, "volume_id": id}}); status != 400 || !strings.Contains(v["msg"].(string), "network") {
			t.Errorf("linked: %d %v", status, v)
		}
		if status, _ := u.call("POST", "/api/v0/volumes/copy/", filter{"src_id": id, "dst_id": place.VolumeOfferID}); status != 400 {
			t.Errorf("copied: %d", status)
		}
		if status, v := u.call("PUT", "/api/v0/network_volumes/", filter{"size": 10, "id": place.VolumeOfferID}); status != 404 || v["error"] != "no_such_ask" {
			t.Errorf("at a machine: %d %v", status, v)
		}
		if status, _ := u.call("PUT", "/api/v0/network_volumes/", filter{"size": 1e6, "id": o["id"]}); status != 400 {
			t.Errorf("too large: %d", status)
		}
		if s := u.w.Volumes(); len(s) != 1 || !s[0].Network || s[0].MachineID != 0 {
			t.Errorf("%+v", s)
		}
		u.must("DELETE", fmt.Sprintf("/api/v0/volumes/?id=%d", id), filter{})
		if n := len(list("all_volume")); n != 0 || search()[0]["disk_space"] != o["disk_space"] {
			t.Errorf("%d are left", n)
		}
	})
}
