package vastsim

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pages walks the whole list.
func (u *user) pages(query url.Values) (rows []map[string]any, count int) {
	u.t.Helper()
	for {
		v := u.list(query)
		rows = append(rows, rowsOf(v["instances"])...)
		count++
		token, more := v["next_token"].(string)
		if !more {
			return rows, count
		}
		query.Set("after_token", token)
	}
}

func TestListIsPagedWithoutGapsOrRepeats(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithInstances(60), WithOffers(100))
	for _, order := range []string{"", `[{"col":"id","dir":"desc"}]`, `[{"col":"gpu_name","dir":"asc"}]`, `[{"col":"label","dir":"desc"}]`, `[{"col":"hosting_type","dir":"asc"}]`} {
		q := url.Values{"limit": {"25"}}
		if order != "" {
			q.Set("order_by", order)
		}
		rows, count := u.pages(q)
		seen := map[any]bool{}
		for _, r := range rows {
			seen[r["id"]] = true
		}
		if len(rows) != 60 || len(seen) != 60 || count != 3 {
			t.Errorf("%s: %d rows, %d ids on %d pages", order, len(rows), len(seen), count)
		}
	}
}

func TestPageSizes(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithInstances(40), WithOffers(100))
	for limit, want := range map[string]int{"": 25, "100": 25, "10": 10, "0": 5, "-3": 5} {
		v := u.list(url.Values{"limit": {limit}})
		if n := len(rowsOf(v["instances"])); n != want || v["instances_found"] != float64(want) || v["total_instances"] != 40.0 {
			t.Errorf("limit %q: %d rows, %v of %v", limit, n, v["instances_found"], v["total_instances"])
		}
	}
}

func TestAPageIsNotShiftedByADestroy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t, WithInstances(30), WithOffers(100))
		first := u.list(url.Values{"limit": {"10"}})
		rows := rowsOf(first["instances"])
		u.w.RemoveInstance(int64(rows[0]["id"].(float64)))
		time.Sleep(3 * time.Second)
		second := rowsOf(u.list(url.Values{"limit": {"10"}, "after_token": {first["next_token"].(string)}})["instances"])
		all := u.w.Instances()
		if int64(second[0]["id"].(float64)) != all[9].ID {
			t.Errorf("second page begins with %v, want %v", second[0]["id"], all[9].ID)
		}
	})
}

func TestBadTokensAreRefused(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, token := range []string{"garbage!", "e30=", base64.StdEncoding.EncodeToString([]byte(`{"values":{"other":1}}`)), base64.StdEncoding.EncodeToString([]byte(`{"values":{"id":"x"}}`))} {
		status, v := u.call("GET", "/api/v1/instances/?after_token="+url.QueryEscape(token), nil)
		if status != 400 || v["error"] != "invalid_token" || v["success"] != false {
			t.Errorf("%q: %d %v", token, status, v)
		}
	}
}

func TestInstanceFiltersKnowContractColumnsOnly(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	count := func(f string) int {
		return len(rowsOf(u.list(url.Values{"select_filters": {f}})["instances"]))
	}
	ids := u.w.Instances()
	u.must("PUT", at(ids[0].ID), filter{"label": ""})
	for f, want := range map[string]int{
		`{}`:                                  5,
		`{"actual_status":{"eq":"running"}}`:  4,
		`{"label":{"in":[null]}}`:             1,
		`{"label":{"in":["sd-batch",null]}}`:  2,
		`{"label":{"eq":"sd-batch"}}`:         1,
		`{"gpu_name":{"in":["RTX 4090"]}}`:    1,
		`{"is_bid":{"eq":"true"}}`:            1,
		`{"actual_status":{"neq":"running"}}`: 1,
	} {
		if n := count(f); n != want {
			t.Errorf("%s: %d rows, want %d", f, n, want)
		}
	}
	for _, name := range []string{"dph_total", "num_gpus", "nonsense"} {
		for _, q := range []url.Values{{"select_filters": {`{"` + name + `":{"eq":1}}`}}, {"order_by": {`[{"col":"` + name + `","dir":"asc"}]`}}} {
			status, v := u.call("GET", "/api/v1/instances/?"+q.Encode(), nil)
			if status != 400 || v["error"] != "invalid_request" || v["msg"] != "Error in query parameters: "+name+" is not a valid search key" {
				t.Errorf("%v: %d %v", q, status, v)
			}
		}
	}
}

func TestColumnsCanBeChosen(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, r := range rowsOf(u.list(url.Values{"select_cols": {`["id","label","nonsense"]`}})["instances"]) {
		if v, has := r["nonsense"]; len(r) != 3 || r["id"] == nil || r["label"] == nil || v != nil || !has {
			t.Errorf("%v", r)
		}
	}
}

func TestListAndSingleCallAgree(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	v := u.list(nil)
	counts := v["label_counts"].(map[string]any)
	if counts["sd-batch"] != 1.0 || len(counts) != 5 {
		t.Errorf("label_counts %v", counts)
	}
	for _, r := range rowsOf(v["instances"]) {
		one := u.instance(int64(r["id"].(float64)))
		for _, k := range []string{"label", "dph_total", "actual_status", "gpu_name", "ssh_host", "ssh_port", "image_uuid"} {
			if r[k] != one[k] {
				t.Errorf("%s: %v and %v", k, r[k], one[k])
			}
		}
		if _, has := one["volume_info"]; has || r["volume_info"] == nil {
			t.Errorf("volume_info: in the list %v, in the single call %v", r["volume_info"], has)
		}
	}
	if status, v := u.call("GET", "/api/v0/instances/abc/", nil); status != 400 || v["error"] != "invalid_args" {
		t.Errorf("id abc: %d %v", status, v)
	}
}

func TestHostileLabelsTravelByteForByte(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	hostile := "a\x1b]0;title\x07\x9b31m\xff\u202e\n\"quoted\"\\"
	u.w.SetInstanceLabel(id, hostile)
	_, b, err := u.raw("GET", "/api/v1/instances/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("\\u001b]0;title\\u0007\x9b31m\xff\u202e\\u000a\\\"quoted\\\"\\\\")) {
		t.Error("the bytes were changed")
	}
	if s := u.state(id); s.Label != hostile {
		t.Errorf("%q", s.Label)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	u.must("PUT", at(id), filter{"label": "my box"})
	if s := u.state(id); s.Label != "my box" {
		t.Errorf("%q", s.Label)
	}
	if status, v := u.call("PUT", at(id), filter{"label": strings.Repeat("x", 1025)}); status != 400 || v["error"] != "label_too_long" {
		t.Errorf("long label: %d %v", status, v)
	}
	u.must("PUT", at(id), filter{"label": ""})
	if r := u.instance(id); r["label"] != nil {
		t.Errorf("cleared label is %v", r["label"])
	}
	if status, _ := u.call("PUT", at(id), filter{"state": "sideways"}); status != 400 {
		t.Errorf("unknown state: %d", status)
	}
	if status, _ := u.call("PUT", at(id), filter{}); status != 400 {
		t.Errorf("nothing to do: %d", status)
	}
}

func TestBulkDestroyHasItsOwnKey(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	all := u.w.Instances()
	if status, _ := u.call("DELETE", "/api/v0/instances/", filter{"ids": []int64{all[0].ID}}); status != 400 {
		t.Errorf("with ids: %d", status)
	}
	u.must("DELETE", "/api/v0/instances/", filter{"instance_ids": []int64{all[0].ID, all[1].ID}})
	if n := len(u.w.Instances()); n != 3 {
		t.Errorf("%d left", n)
	}
}

func TestSteeringChangesWhatClientsSee(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	id := u.w.Instances()[1].ID
	u.w.SetInstanceStatus(id, "exited", "segmentation fault")
	if r := u.instance(id); r["actual_status"] != "exited" || r["status_msg"] != "segmentation fault" || r["intended_status"] != "running" {
		t.Errorf("%v %v", r["actual_status"], r["status_msg"])
	}
	u.w.RemoveInstance(id)
	if r := u.instance(id); r != nil {
		t.Error("still there")
	}
	o := u.anOffer(nil)
	u.w.SetOfferPrice(o.ID, 0.777)
	find := filter{"ask_contract_id": filter{"eq": o.ID}}
	if r := u.search(find); len(r) != 1 || r[0]["dph_base"] != 0.777 {
		t.Errorf("%v", r)
	}
	u.w.RemoveOffer(o.ID)
	if r := u.search(find); len(r) != 0 {
		t.Errorf("%v", r)
	}
	u.w.SetCredit(3.5)
	if c := u.w.Credit(); !near(c, 3.5, 1e-4) {
		t.Errorf("credit %v", c)
	}
}

func TestFilterValuesOfTheAccount(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	rows := rowsOf(u.must("GET", "/api/v0/instances/filters/", nil)["filters"])
	if len(rows) != 5 || rows[0]["gpu_name"] == nil {
		t.Errorf("%v", rows)
	}
	if n := len(rowsOf(u.must("GET", "/api/v0/instances/", nil)["instances"])); n != 5 {
		t.Errorf("the old list has %d rows", n)
	}
}
