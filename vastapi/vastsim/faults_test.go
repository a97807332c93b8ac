package vastsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultsStrikeTheCallsTheyName(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	remove := u.w.Fault(Fault{Method: "GET", Path: "/api/v1/instances", Kind: Status, Status: 503, After: 1, Times: 2})
	var got []int
	for range 5 {
		a, _, err := u.raw("GET", "/api/v1/instances/", nil)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.StatusCode)
	}
	if fmt.Sprint(got) != "[200 503 503 200 200]" {
		t.Errorf("%v", got)
	}
	remove()
	stop := u.w.Fault(Fault{Kind: Status, Status: 401})
	if s, v := u.call("GET", "/api/v0/users/current/", nil); s != 401 || v["error"] != "auth_error" {
		t.Errorf("%d %v", s, v)
	}
	stop()
	u.must("GET", "/api/v0/users/current/", nil)
}

func TestStatusFaultsHaveTheBodiesOfTheService(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, c := range []struct {
		f          Fault
		kind, body string
	}{
		{Fault{Status: 429}, "text/plain; charset=utf-8", "API requests too frequent"},
		{Fault{Status: 429, Body: BodyLimitedDetail}, "application/json", `"detail"`},
		{Fault{Status: 403}, "application/json", "auth_error"},
		{Fault{Status: 502}, "text/html", "502 Bad Gateway"},
		{Fault{}, "text/html", "500 Internal Server Error"},
		{Fault{Status: 404}, "application/json", "Not Found"},
	} {
		c.f.Kind = Status
		remove := u.w.Fault(c.f)
		a, b, err := u.raw("GET", "/api/v0/users/current/", nil)
		remove()
		if err != nil || a.Header.Get("Content-Type") != c.kind || !strings.Contains(string(b), c.body) {
			t.Errorf("%+v: %v %q %s", c.f, err, a.Header.Get("Content-Type"), b)
		}
	}
}

func TestBrokenConnectionsDifferInWhatWasCommitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			kind        Kind
			now, later  int
			errExpected bool
		}{{Reset, 0, 0, true}, {LostAnswer, 1, 1, true}, {LateCommit, 0, 1, true}, {Latency, 1, 1, false}} {
			u := newUser(t, WithEmptyAccount())
			u.w.Fault(Fault{Method: "PUT", Path: "/api/v0/asks/", Kind: c.kind, Delay: 30 * time.Second})
			o := u.anOffer(nil)
			before := time.Now()
			_, _, err := u.raw("PUT", fmt.Sprintf("/api/v0/asks/%d/", o.ID), filter{"image": "a", "disk": 8})
			if (err != nil) != c.errExpected || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %v", c.kind, err)
			}
			if took := time.Since(before); (took == 30*time.Second) != (c.kind == Latency) {
				t.Errorf("%s: took %v", c.kind, took)
			}
			now := len(u.w.Instances())
			time.Sleep(31 * time.Second)
			if later := len(u.w.Instances()); now != c.now || later != c.later {
				t.Errorf("%s: %d instances at once, %d later", c.kind, now, later)
			}
		}
	})
}

func TestSpoiltAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  Kind
		check func(t *testing.T, status int, raw string, v map[string]any)
	}{
		{Truncate, func(t *testing.T, _ int, raw string, v map[string]any) {
			if v != nil || !strings.HasPrefix(raw, `{"offers":[`) {
				t.Errorf("decodes, or is not cut: %.50s", raw)
			}
		}},
		{NullFields, func(t *testing.T, _ int, raw string, v map[string]any) {
			r := rowsOf(v["offers"])[0]
			nulls := 0
			for _, x := range r {
				if x == nil {
					nulls++
				}
			}
			if nulls < 20 || r["id"] == nil {
				t.Errorf("%d nulls, id %v", nulls, r["id"])
			}
		}},
		{StringNumbers, func(t *testing.T, _ int, raw string, v map[string]any) {
			r := rowsOf(v["offers"])[0]
			if _, isText := r["dph_total"].(string); !isText {
				t.Errorf("dph_total is %T", r["dph_total"])
			}
		}},
		{NaN, func(t *testing.T, _ int, raw string, v map[string]any) {
			if v != nil || !strings.Contains(raw, ":NaN") || !strings.Contains(raw, ":Infinity") {
				t.Error("no NaN, or it decodes")
			}
		}},
		{BadRow, func(t *testing.T, _ int, raw string, v map[string]any) {
			list := v["offers"].([]any)
			bad := 0
			for _, x := range list {
				if _, isNumber := x.(map[string]any)["id"].(float64); !isNumber {
					bad++
				}
			}
			if bad != 1 || len(list) != 30 {
				t.Errorf("%d bad rows of %d", bad, len(list))
			}
		}},
		{DuplicateOffers, func(t *testing.T, _ int, raw string, v map[string]any) {
			rows := rowsOf(v["offers"])
			if len(rows) != 60 || rows[0]["id"] != rows[1]["id"] {
				t.Errorf("%d rows", len(rows))
			}
		}},
		{LyingFilter, func(t *testing.T, _ int, raw string, v map[string]any) {
			other := 0
			for _, r := range rowsOf(v["offers"]) {
				if r["gpu_name"] != "RTX 4090" {
					other++
				}
			}
			if other == 0 {
				t.Error("the filter still works")
			}
		}},
	} {
		u := newUser(t)
		u.w.Fault(Fault{Kind: c.kind})
		a, b, err := u.raw("POST", "/api/v0/bundles/", filter{"gpu_name": filter{"eq": "RTX 4090"}, "limit": 30})
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		var v map[string]any
		if json.Unmarshal(b, &v) != nil {
			v = nil
		}
		t.Run(string(c.kind), func(t *testing.T) { c.check(t, a.StatusCode, string(b), v) })
	}
}

func TestInstanceFaults(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithStartup(time.Nanosecond))
	remove := u.w.Fault(Fault{Kind: InstancesNull})
	if v, has := u.list(nil)["instances"]; v != nil || !has {
		t.Errorf("instances: %v", v)
	}
	remove()
	remove = u.w.Fault(Fault{Kind: PortsNull})
	for _, r := range rowsOf(u.list(nil)["instances"]) {
		if r["ports"] != nil {
			t.Errorf("ports: %v", r["ports"])
		}
	}
	remove()
	u.w.Fault(Fault{Kind: CappedDisk, Method: "PUT", Path: "/api/v0/asks/"})
	id := u.rent(u.anOffer(nil).ID, filter{"disk": 50})
	if s := u.state(id); s.DiskGB != 25 {
		t.Errorf("asked for 50 GB, got %v", s.DiskGB)
	}
}

func TestAServerThatLiesAboutARent(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket())
	biddable := func(o OfferState) bool { return o.MinBid > 0 && o.DPHBase > o.MinBid }
	remove := u.w.Fault(Fault{Kind: SilentOnDemand, Method: "PUT", Path: "/api/v0/asks/"})
	o := u.anOffer(biddable)
	if s := u.state(u.rent(o.ID, filter{"price": o.MinBid})); s.Bid || s.DPHBase != o.DPHBase {
		t.Errorf("bid %v for %+v, got %+v", o.MinBid, o, s)
	}
	remove()
	if s := u.state(u.rent(u.anOffer(biddable).ID, filter{"price": 100})); !s.Bid {
		t.Errorf("a bid without the fault: %+v", s)
	}
	remove = u.w.Fault(Fault{Kind: Vanish, Method: "PUT", Path: "/api/v0/asks/", Times: 1})
	defer remove()
	o = u.anOffer(nil)
	for _, cancel := range []bool{true, false} {
		if status, v := u.put(o.ID, filter{"cancel_unavail": cancel}); status < 404 || !strings.Contains(v["msg"].(string), "no_such_ask") {
			t.Errorf("%d %v", status, v)
		}
	}
	if found := u.search(filter{"ask_contract_id": filter{"eq": o.ID}}); len(found) != 0 {
		t.Errorf("still listed: %v", found)
	}
	u.rent(u.anOffer(nil).ID, nil)
}

func TestAServerThatLiesAboutTheMarket(t *testing.T) {
	t.Parallel()
	u := newUser(t, WithQuietMarket(), WithOffers(90))
	all := filter{"limit": 1000, "order": [][]string{{"dph_total", "asc"}}}
	honest := u.search(all)
	remove := u.w.Fault(Fault{Kind: DroppedRows, Path: "/api/v0/bundles/"})
	if rows := u.search(all); len(rows) != len(honest)-len(honest)/3 || rows[2]["id"] != honest[3]["id"] {
		t.Errorf("%d of %d rows", len(rows), len(honest))
	}
	remove()
	u.w.Fault(Fault{Kind: AbsurdPrices, Path: "/api/v0/bundles/"})
	for i, row := range u.search(all) {
		price, before := row["dph_total"].(float64), honest[i]["dph_total"].(float64)
		if good := [3]bool{price < 0, price >= 1e6, price == before}[i%3]; !good {
			t.Errorf("row %d: %v was %v", i, price, before)
		}
	}
}

func TestClockSkewShowsInTheDateHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		date := func() time.Duration {
			a, _, err := u.raw("GET", "/api/v0/users/current/", nil)
			if err != nil {
				t.Fatal(err)
			}
			d, err := http.ParseTime(a.Header.Get("Date"))
			if err != nil {
				t.Fatal(err)
			}
			return d.Sub(time.Now())
		}
		if d := date(); d != 0 {
			t.Errorf("off by %v without a fault", d)
		}
		u.w.Fault(Fault{Kind: ClockSkew, Delay: -time.Hour})
		if d := date(); d != -time.Hour {
			t.Errorf("off by %v", d)
		}
	})
}

func TestASlowBodyEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		u.w.Fault(Fault{Kind: SlowDrip, Delay: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond)
		defer cancel()
		q, err := http.NewRequestWithContext(ctx, "GET", "https://console.vast.ai/api/v1/instances/", nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer x")
		began := time.Now()
		a, err := u.http.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(a.Body)
		if !errors.Is(err, context.DeadlineExceeded) || len(b) != 5*dripSize || time.Since(began) != 5500*time.Millisecond {
			t.Errorf("%d bytes, %v after %v", len(b), err, time.Since(began))
		}
	})
}

func TestAHugeBodyIsEndlessWhiteSpace(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.w.Fault(Fault{Kind: HugeBody})
	q, err := http.NewRequest("GET", "https://console.vast.ai/api/v0/users/current/", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer x")
	a, err := u.http.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, a.Body)
	if err != nil || n < 256<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestWaitingEndsWithTheRequestsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		u.w.Fault(Fault{Kind: Latency, Delay: time.Hour})
		u.http.Timeout = 5 * time.Second
		began := time.Now()
		_, _, err := u.raw("GET", "/api/v1/instances/", nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			q, err := http.NewRequestWithContext(ctx, "GET", "https://console.vast.ai/api/v1/instances/", nil)
			if err == nil {
				_, err = u.w.Transport().RoundTrip(q)
			}
			done <- err
		}()
		time.Sleep(time.Second)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestASocketServerBreaksConnectionsToo(t *testing.T) {
	t.Parallel()
	w := New(WithEmptyAccount())
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	var ids []int64
	machines := map[int64]bool{}
	for _, o := range w.Offers() {
		if o.Rentable && !machines[o.MachineID] {
			machines[o.MachineID] = true
			ids = append(ids, o.ID)
		}
	}
	for i, c := range []struct {
		kind Kind
		want int
	}{{Reset, 0}, {LostAnswer, 1}} {
		remove := w.Fault(Fault{Kind: c.kind, Method: "PUT"})
		q, err := http.NewRequest("PUT", fmt.Sprintf("%s/api/v0/asks/%d/", srv.URL, ids[i]), strings.NewReader(`{"image":"a","disk":8}`))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer x")
		if a, err := http.DefaultTransport.RoundTrip(q); err == nil {
			a.Body.Close()
			t.Errorf("%s: %s", c.kind, a.Status)
		}
		remove()
		if n := len(w.Instances()); n != c.want {
			t.Errorf("%s: %d instances, want %d", c.kind, n, c.want)
		}
	}
	if calls := w.Calls("PUT", "/api/v0/asks/"); len(calls) != 2 || calls[0].Status != 0 {
		t.Errorf("calls %+v", calls)
	}
	w.Fault(Fault{Kind: Truncate})
	w.Fault(Fault{Kind: SlowDrip, Delay: time.Microsecond})
	a, err := http.Get(srv.URL + "/api/v0/gpu_types/")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if b, err := io.ReadAll(a.Body); err != nil || json.Valid(b) || len(b) < 1000 {
		t.Errorf("%d bytes, valid %v, %v", len(b), json.Valid(b), err)
	}
}

func TestCallsAreRecorded(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.search(filter{"limit": 1})
	u.raw("GET", "/api/v0/nothing/?a=b", nil)
	all, posts := u.w.Calls("", ""), u.w.Calls("POST", "/api/v0/bundles/")
	if len(all) != 2 || len(posts) != 1 || string(posts[0].Body) != `{"limit":1}` || posts[0].Status != 200 {
		t.Errorf("%+v", all)
	}
	if all[1].Status != 404 || all[1].Query != "a=b" || all[1].At.Before(all[0].At) {
		t.Errorf("%+v", all[1])
	}
}

func TestFaultsAreReadFromTheCommandLine(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Fault{
		"latency:GET:/api/v1/instances/:2s": {Kind: Latency, Method: "GET", Path: "/api/v1/instances/", Delay: 2 * time.Second},
		"lost-answer:put:/api/v0/asks/":     {Kind: LostAnswer, Method: "PUT", Path: "/api/v0/asks/"},
		"502::":                             {Kind: Status, Status: 502},
		"429detail:GET:":                    {Kind: Status, Status: 429, Method: "GET", Body: BodyLimitedDetail},
	} {
		if f, err := ParseFault(s); err != nil || f != want {
			t.Errorf("%s: %+v %v", s, f, err)
		}
	}
	for _, kind := range kinds {
		if f, err := ParseFault(string(kind) + ":PUT:/api/v0/asks/"); err != nil || f.Kind != kind {
			t.Errorf("%s: %+v %v", kind, f, err)
		}
	}
	for _, s := range []string{"", "latency", "sabotage:GET:/", "latency:GET:/:soon", "42:GET:/", "a:b:c:d:e"} {
		if f, err := ParseFault(s); err == nil {
			t.Errorf("%q is read as %+v", s, f)
		}
	}
}
