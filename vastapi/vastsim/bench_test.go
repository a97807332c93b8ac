package vastsim

import (
	"fmt"
	"net/url"
	"testing"
)

func benchmarkCall(b *testing.B, w *World, method, path string, body any) {
	u := &user{w: w}
	u.t = new(testing.T)
	u.http = newUser(u.t).http
	u.http.Transport = w.Transport()
	b.ReportAllocs()
	for b.Loop() {
		a, _, err := u.raw(method, path, body)
		if err != nil || a.StatusCode != 200 {
			b.Fatal(a, err)
		}
	}
}

func BenchmarkSearchTheDefaultMarket(b *testing.B) {
	benchmarkCall(b, New(), "POST", "/api/v0/bundles/", filter{"limit": 1000, "rentable": filter{"eq": true}, "order": [][]string{{"score", "desc"}}})
}

func BenchmarkSearchFiftyThousandOffers(b *testing.B) {
	benchmarkCall(b, New(WithOffers(50_000)), "POST", "/api/v0/bundles/", filter{"limit": 1000, "dph_total": filter{"lte": 0.5}, "order": [][]string{{"dph_total", "asc"}}})
}

func BenchmarkListAPageOfFiveThousandInstances(b *testing.B) {
	w := New(WithInstances(5000), WithOffers(100))
	token := makeToken(map[string]any{"id": w.order[2500].id})
	benchmarkCall(b, w, "GET", "/api/v1/instances/?limit=25&after_token="+url.QueryEscape(token), nil)
}

func BenchmarkListFilteredByID(b *testing.B) {
	w := New(WithInstances(5000), WithOffers(100))
	f := fmt.Sprintf(`{"id":{"in":[%d,%d]}}`, w.order[10].id, w.order[4000].id)
	benchmarkCall(b, w, "GET", "/api/v1/instances/?select_filters="+url.QueryEscape(f), nil)
}

func BenchmarkNewWorld(b *testing.B) {
	for b.Loop() {
		New()
	}
}
