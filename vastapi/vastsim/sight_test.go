package vastsim

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestAGlanceSeesWhatTheRowSays(t *testing.T) {
	t.Parallel()
	for _, pricing := range []string{"ask", "bid", "reserved"} {
		w := New(WithOffers(800), WithSpeed(1))
		w.mu.Lock()
		w.clock += 5 * time.Hour
		s := search{storage: 37, pricing: pricing, limit: 1000}
		seen := 0
		w.eachOffer(&s, func(x *sight) {
			seen++
			row := reflect.ValueOf(w.offerRow(x.offer, s, x.rented)).Elem()
			for name, glance := range glances {
				if got, want := glance(x), cellAt(row, offerColumns()[name]); got.kind != want.kind || got.text != want.text || math.Float64bits(got.num) != math.Float64bits(want.num) {
					t.Errorf("%s %s: %+v, the row says %+v", pricing, name, got, want)
				}
			}
		})
		w.mu.Unlock()
		if seen < 300 {
			t.Errorf("%s: only %d offers", pricing, seen)
		}
	}
	for name := range glances {
		if _, found := offerColumns()[name]; !found {
			t.Errorf("%s is no column", name)
		}
	}
}

// slow is the search without the short cuts.
func (w *World) slow(t *testing.T, b body, s search) []int64 {
	t.Helper()
	plain := s
	plain.tests, plain.early = nil, s.early[:1] // the disk
	for name, ops := range b {
		if _, isFilter := ops.(map[string]any); !isFilter {
			continue
		}
		x, err := offerTest(name, ops, readerOf(offerColumns()))
		if err != nil {
			t.Fatal(err)
		}
		plain.tests = append(plain.tests, x)
	}
	plain.tests = append(plain.tests, func(reflect.Value) bool { return true })
	return idsOf(w.searchOffers(plain))
}

func idsOf(rows []*offerRow) []int64 {
	var ids []int64
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestAFastSearchFindsWhatASlowOneFinds(t *testing.T) {
	t.Parallel()
	w := New(WithOffers(300), WithMaxLimit(5000))
	w.mu.Lock()
	defer w.mu.Unlock()
	op := func(o string, v any) map[string]any { return map[string]any{o: v} }
	filters := []body{
		{}, {"dph_total": op("gte", 0.3)}, {"verified": op("eq", true), "external": op("eq", "false"), "rentable": op("eq", true)},
		{"gpu_name": op("in", []any{"RTX 4090", "H100 SXM"}), "num_gpus": op("gte", "2")}, {"geolocation": op("notin", []any{"US"})}, {"datacenter": op("eq", true)},
		{"gpu_ram_GB": op("gte", 40.0)}, {"reliability2": op("gt", 0.99), "min_bid": op("lt", 0.5)}, {"id": op("eq", 5.0)}, {"allocated_storage": op("gte", 100.0)},
		{"cpu_cores": op("gte", 32.0), "dph_total": op("lt", 1.0)}, {"driver_version": op("gte", "535.0.0")}, {"verification": op("eq", nil)},
	}
	orders := [][]any{nil, {[]any{"dph_total", "asc"}}, {[]any{"score", "desc"}}, {[]any{"gpu_name", "desc"}, []any{"dph_total", "asc"}}, {[]any{"min_bid", "asc"}}, {[]any{"cpu_ghz", "desc"}}}
	for _, f := range filters {
		for _, order := range orders {
			for _, kind := range []string{"on-demand", "bid", "reserved"} {
				for _, limit := range []float64{0, 7, 64, 5000} {
					b := body{"type": kind, "limit": limit, "order": order}
					if order == nil {
						delete(b, "order")
					}
					for k, v := range f {
						b[k] = v
					}
					s, err := w.compileSearch(b)
					if err != nil {
						t.Fatal(b, err)
					}
					if got, want := idsOf(w.searchOffers(s)), w.slow(t, b, s); !slices.Equal(got, want) {
						t.Fatalf("%v: %d offers, want %d", b, len(got), len(want))
					}
				}
			}
		}
	}
}

func TestEachKindOfSearchIsPricedAsItIsNamed(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	by := map[string]map[string]map[string]any{}
	for _, kind := range []string{"on-demand", "bid", "reserved"} {
		by[kind] = map[string]map[string]any{}
		for _, row := range u.search(filter{"type": kind, "limit": 1000, "allocated_storage": 20, "order": [][]string{{"ask_contract_id", "asc"}}}) {
			by[kind][fmt.Sprint(row["id"])] = row
		}
	}
	n := func(row map[string]any, key string) float64 { f, _ := row[key].(float64); return f }
	cheaper := 0
	for id, bid := range by["bid"] {
		ask, found := by["on-demand"][id]
		disk := n(bid, "storage_total_cost")
		if bid["is_bid"] != true || n(bid, "min_bid") <= 0 || math.Abs(n(bid, "dph_total")-n(bid, "min_bid")-disk) > 1e-9 {
			t.Errorf("bid for %s: %v %v %v", id, bid["is_bid"], bid["min_bid"], bid["dph_total"])
		}
		if found && (ask["is_bid"] != false || n(ask, "min_bid") != n(bid, "min_bid") || math.Abs(n(ask, "dph_total")-n(ask, "dph_base")-disk) > 1e-9 || n(ask, "discounted_dph_total") != n(ask, "dph_total")) {
			t.Errorf("ask for %s: %v", id, ask)
		}
	}
	for id, r := range by["reserved"] {
		if d := n(r, "discount_rate"); d < 0 || d > 0.5 || n(r, "discounted_dph_total") > n(r, "dph_total") {
			t.Errorf("reserved %s: %v", id, r)
		}
		if n(r, "discounted_dph_total") < n(r, "dph_total") {
			cheaper++
		}
	}
	if len(by["bid"]) < 500 || cheaper < len(by["reserved"])/2 {
		t.Errorf("%d can be bid for, %d of %d are cheaper in advance", len(by["bid"]), cheaper, len(by["reserved"]))
	}
}
