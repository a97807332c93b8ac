package vastsim

import (
	"math"
	"slices"
	"testing"
)

type filter = map[string]any

func TestFilterValuesAreCoercedByColumn(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	count := func(f filter) int {
		t.Helper()
		f["limit"] = 1000
		return len(u.search(f))
	}
	for _, c := range []struct {
		name string
		a, b filter
	}{
		{"number as text", filter{"num_gpus": filter{"eq": "4"}}, filter{"num_gpus": filter{"eq": 4}}},
		{"list as texts", filter{"num_gpus": filter{"in": []any{"2", "4"}}}, filter{"num_gpus": filter{"in": []any{2, 4.0}}}},
		{"bool as text", filter{"verified": filter{"eq": "false"}, "num_gpus": filter{"eq": 1}}, filter{"verified": filter{"eq": false}, "num_gpus": filter{"eq": 1}}},
		{"bool as number", filter{"verified": filter{"eq": 0}, "num_gpus": filter{"eq": 1}}, filter{"verified": filter{"eq": false}, "num_gpus": filter{"eq": 1}}},
		{"bool in capitals", filter{"static_ip": filter{"eq": "TRUE"}, "num_gpus": filter{"eq": 2}}, filter{"static_ip": filter{"eq": true}, "num_gpus": filter{"eq": 2}}},
		{"driver dotted", filter{"driver_version": filter{"gte": "565.57.01"}, "num_gpus": filter{"eq": 4}}, filter{"driver_version": filter{"gte": 565057001}, "num_gpus": filter{"eq": 4}}},
		{"alias", filter{"reliability2": filter{"gt": 0.999}, "num_gpus": filter{"eq": 1}}, filter{"reliability": filter{"gt": 0.999}, "num_gpus": filter{"eq": 1}}},
		{"thousandfold", filter{"gpu_ram_GB": filter{"gte": 80}}, filter{"gpu_ram": filter{"gte": 80000}}},
		{"several ops", filter{"num_gpus": filter{"gte": "2", "lte": "4"}, "verified": filter{"eq": true}}, filter{"num_gpus": filter{"in": []any{2, 4}}, "verified": filter{"eq": true}}},
	} {
		if x, y := count(c.a), count(c.b); x != y || x == 0 {
			t.Errorf("%s: %d rows against %d", c.name, x, y)
		}
	}
}

func TestVirtualColumnsFilterByTheRealOnes(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, c := range []struct {
		name string
		f    filter
		ok   func(map[string]any) bool
	}{
		{"verified", filter{"verified": filter{"eq": true}}, func(r map[string]any) bool { return r["verification"] == "verified" }},
		{"not verified", filter{"verified": filter{"eq": false}}, func(r map[string]any) bool { return r["verification"] != "verified" }},
		{"datacenter", filter{"datacenter": filter{"eq": true}}, func(r map[string]any) bool { return r["hosting_type"] == 1.0 }},
		{"geolocation", filter{"geolocation": filter{"in": []any{"US", "NO"}}}, func(r map[string]any) bool {
			g := r["geolocation"].(string)
			return g == "Norway" || g[len(g)-2:] == "US" || g[len(g)-2:] == "NO"
		}},
		{"duration", filter{"duration": filter{"gte": 100 * 86400.0}}, func(r map[string]any) bool { return r["duration"].(float64) >= 100*86400 }},
		{"storage", filter{"allocated_storage": 500}, func(r map[string]any) bool { return r["disk_space"].(float64) >= 500 }},
		{"target", filter{"target_reliability": 0.995}, func(r map[string]any) bool { return r["expected_reliability"].(float64) >= 0.995 }},
		{"external", filter{"external": filter{"eq": false}}, func(r map[string]any) bool { return r["external"] == nil }},
	} {
		c.f["limit"] = 300
		rows := u.search(c.f)
		if len(rows) == 0 {
			t.Errorf("%s: nothing matches", c.name)
		}
		for _, r := range rows {
			if !c.ok(r) {
				t.Errorf("%s: row does not match: %v %v %v %v", c.name, r["verification"], r["hosting_type"], r["geolocation"], r["disk_space"])
				break
			}
			if _, has := r["verified"]; has {
				t.Fatal("verified is not a key of a row")
			}
		}
	}
}

func TestGPUNamesMatchWithSpacesOnly(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	if n := len(u.search(filter{"gpu_name": filter{"eq": "RTX 4090"}})); n == 0 {
		t.Error("RTX 4090 matches nothing")
	}
	if n := len(u.search(filter{"gpu_name": filter{"eq": "RTX_4090"}})); n != 0 {
		t.Errorf("RTX_4090 matches %d rows", n)
	}
}

func TestFilteringOnIDMatchesNothing(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	o := u.anOffer(nil)
	if n := len(u.search(filter{"id": filter{"eq": o.ID}})); n != 0 {
		t.Errorf("id matches %d rows", n)
	}
	rows := u.search(filter{"ask_contract_id": filter{"in": []any{o.ID}}})
	if len(rows) != 1 || int64(rows[0]["id"].(float64)) != o.ID {
		t.Errorf("ask_contract_id gives %v", rows)
	}
}

func TestNullColumnsSatisfyNothingButNull(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	all := len(u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}}))
	null := len(u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}, "hosting_type": filter{"eq": nil}}))
	some := len(u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}, "hosting_type": filter{"neq": nil}}))
	in := len(u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}, "hosting_type": filter{"in": []any{0, 1}}}))
	not := len(u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}, "hosting_type": filter{"notin": []any{5}}}))
	if null == 0 || null+some != all || in != some || not != some {
		t.Errorf("%d rows: %d null, %d not null, %d in, %d not in", all, null, some, in, not)
	}
}

func TestOrderPutsNullsLast(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, dir := range []string{"asc", "desc"} {
		rows := u.search(filter{"limit": 1000, "num_gpus": filter{"eq": 1}, "order": [][]string{{"min_bid", dir}, {"id", "asc"}}})
		last, nulls := math.Inf(-1), 0
		if dir == "desc" {
			last = math.Inf(1)
		}
		for _, r := range rows {
			v, known := r["min_bid"].(float64)
			switch {
			case !known:
				nulls++
			case nulls > 0:
				t.Fatalf("%s: a value after a null", dir)
			case dir == "asc" && v < last || dir == "desc" && v > last:
				t.Fatalf("%s: %v after %v", dir, v, last)
			default:
				last = v
			}
		}
		if nulls == 0 {
			t.Error("no offer refuses bids")
		}
	}
}

func TestLimitDefaultsTo64AndIsCapped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		most, limit, want int
	}{{1000, 0, 64}, {1000, 500, 500}, {1000, 5000, 1000}, {64, 500, 64}, {5000, 3000, 2000}} {
		u := newUser(t, WithMaxLimit(c.most))
		f := filter{}
		if c.limit > 0 {
			f["limit"] = c.limit
		}
		if n := len(u.search(f)); n != c.want {
			t.Errorf("limit %d of at most %d gives %d rows, want %d", c.limit, c.most, n, c.want)
		}
	}
}

func TestBadSearchesAreRefused(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, c := range []struct {
		body any
		msg  string
	}{
		{filter{"num_gpus": 0}, "0 is not a valid search op"},
		{filter{"foo": filter{"eq": 1}}, "foo is not a valid search key"},
		{filter{"num_gpus": filter{"like": 1}}, "like is not a valid search op"},
		{filter{"num_gpus": filter{"eq": "many"}}, "many is not a valid number"},
		{filter{"verified": filter{"eq": "perhaps"}}, "perhaps is not a valid bool"},
		{filter{"num_gpus": filter{"in": "1,2"}}, "1,2 is not a valid list"},
		{filter{"order": [][]string{{"nonsense", "asc"}}}, "nonsense is not a valid search key"},
		{filter{"type": "lease"}, "lease is not a valid offer type"},
		{[]any{1}, "Invalid json body"},
	} {
		status, v := u.call("POST", "/api/v0/bundles/", c.body)
		if status != 400 || v["error"] != "invalid_request" || v["msg"] != c.msg {
			t.Errorf("%v: %d %v", c.body, status, v)
		}
	}
}

func TestThreeSpellingsOfTheSearchAgree(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	q := filter{"gpu_name": filter{"eq": "RTX 3090"}, "limit": 9, "order": [][]string{{"dph_total", "asc"}, {"id", "asc"}}}
	ids := func(rows []map[string]any) (out []any) {
		for _, r := range rows {
			out = append(out, r["id"])
		}
		return out
	}
	a := ids(u.search(q))
	b := ids(rowsOf(u.must("PUT", "/api/v0/search/asks/", filter{"select_cols": []string{"*"}, "q": q})["offers"]))
	c := ids(rowsOf(u.must("GET", "/api/v0/bundles/?q=%7B%22gpu_name%22%3A%7B%22eq%22%3A%22RTX+3090%22%7D%2C%22limit%22%3A9%2C%22order%22%3A%5B%5B%22dph_total%22%2C%22asc%22%5D%2C%5B%22id%22%2C%22asc%22%5D%5D%7D", nil)["offers"]))
	if len(a) != 9 || !slices.Equal(a, b) || !slices.Equal(a, c) {
		t.Errorf("%v\n%v\n%v", a, b, c)
	}
}

func TestPricesAgreeWithTheirParts(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, kind := range []string{"on-demand", "bid", "reserved"} {
		for _, r := range u.search(filter{"limit": 200, "type": kind, "allocated_storage": 50}) {
			n := func(k string) float64 { v, _ := r[k].(float64); return v }
			gpu := n("dph_base")
			if kind == "bid" {
				gpu = n("min_bid")
			}
			disk := n("storage_cost") * 50 / 720
			if !near(n("storage_total_cost"), disk, 1e-12) || !near(n("dph_total"), gpu+disk, 1e-9) {
				t.Fatalf("%s: total %v of %v and %v", kind, n("dph_total"), gpu, disk)
			}
			if r["is_bid"] != (kind == "bid") {
				t.Fatalf("%s: is_bid %v", kind, r["is_bid"])
			}
			if !near(n("dlperf_per_dphtotal"), n("dlperf")/n("dph_total"), 1e-4) || !near(n("gpu_total_ram"), n("gpu_ram")*n("num_gpus"), 0) {
				t.Fatalf("%s: ratios do not fit", kind)
			}
			if d := n("discount_rate"); !near(n("discounted_dph_total"), gpu*(1-d)+disk, 1e-9) || d > n("credit_discount_max") {
				t.Fatalf("%s: discounted %v at %v", kind, n("discounted_dph_total"), d)
			}
		}
	}
}

func TestMachinesAreListedInChunks(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	byMachine := map[int64][]OfferState{}
	for _, o := range u.w.Offers() {
		byMachine[o.MachineID] = append(byMachine[o.MachineID], o)
	}
	chunked := 0
	for id, list := range byMachine {
		if len(list) == 4 {
			chunked++
			for i, o := range list {
				if o.NumGPUs != 1<<i {
					t.Fatalf("machine %d lists %+v", id, list)
				}
			}
		}
	}
	if chunked < 50 {
		t.Errorf("only %d machines are listed as 1, 2, 4 and 8 cards", chunked)
	}
	for _, r := range u.search(filter{"limit": 100, "num_gpus": filter{"eq": 4}, "gpu_frac": filter{"lt": 1}}) {
		if r["gpu_frac"] != 0.5 || len(r["gpu_ids"].([]any)) != 4 {
			t.Errorf("4 cards of 8: fraction %v, ids %v", r["gpu_frac"], r["gpu_ids"])
		}
	}
}
