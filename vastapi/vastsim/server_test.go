package vastsim

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestAnswersAreExactlyApplicationJSON(t *testing.T) {
	t.Parallel()
	w := New()
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	for _, path := range []string{
		"/api/v0/users/current", "/api/v0/users/current/", "/api/v0/volumes?owner=me", "/api/v0/volumes/?owner=me",
		"/api/v1/instances", "/api/v1/instances/", "/api/v0/template/", "/api/v0/nothing/", "/api/v9/users/current/",
	} {
		q, err := http.NewRequest("GET", srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer x")
		a, err := http.DefaultTransport.RoundTrip(q) // follows no redirect
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.NewDecoder(a.Body).Decode(&v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		a.Body.Close()
		want := 200
		if strings.Contains(path, "nothing") || strings.Contains(path, "v9") {
			want = 404
		}
		if a.StatusCode != want || a.Header.Get("Content-Type") != "application/json" || len(a.Header["Content-Type"]) != 1 {
			t.Errorf("%s: %d %q", path, a.StatusCode, a.Header["Content-Type"])
		}
	}
}

func TestKeysAreCheckedAsDocumented(t *testing.T) {
	t.Parallel()
	w := New(WithKey("good"))
	for _, c := range []struct {
		method, path, key string
		status            int
		code              string
	}{
		{"GET", "/api/v0/users/current/", "good", 200, ""},
		{"GET", "/api/v0/users/current/", "", 401, "auth_error"},
		{"GET", "/api/v0/users/current/", "bad", 401, "auth_error"},
		{"GET", "/api/v0/charges/", "", 403, "auth_error"},
		{"GET", "/api/v0/charges/", "bad", 404, "auth_error"},
		{"GET", "/api/v1/invoices/", "", 403, "auth_error"},
		{"POST", "/api/v0/bundles/", "", 200, ""},
		{"POST", "/api/v0/bundles/", "bad", 404, "auth_error"},
		{"GET", "/api/v0/gpu_names/unique/", "bad", 200, ""},
		{"GET", "/api/v0/volumes/", "", 401, ""},
		{"GET", "/api/v0/users/current/?api_key=good", "", 200, ""},
	} {
		q := httptest.NewRequest(c.method, c.path, nil)
		if c.key != "" {
			q.Header.Set("Authorization", "Bearer "+c.key)
		}
		rec := httptest.NewRecorder()
		w.Handler().ServeHTTP(rec, q)
		var v map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if code, _ := v["error"].(string); rec.Code != c.status || code != c.code {
			t.Errorf("%s %s with %q: %d %v", c.method, c.path, c.key, rec.Code, v)
		}
	}
}

// recorded is one line of testdata/requests.jsonl: what the official client sent
// for a command line.
type recorded struct {
	Argv     []string
	Requests []struct {
		Method, Path string
		Body         map[string]any
	}
}

// stage is a world in which the ids of the recorded requests mean something.
type stage struct {
	u                          *user
	ask, bidAsk                int64
	instance, second, whisper  int64
	volumeAsk, volume, volAsk2 int64
	hash                       string
}

func newStage(t *testing.T) *stage {
	u := newUser(t, WithQuietMarket(), WithCredit(500))
	s := &stage{u: u, hash: u.w.templates[0].Hash}
	for _, in := range u.w.Instances() {
		switch in.Label {
		case "llama-finetune":
			s.instance = in.ID
		case "eval-7b":
			s.second = in.ID
		case "whisper-bid":
			s.whisper = in.ID
		}
	}
	s.volume = u.w.Volumes()[1].ID
	machine := u.w.Volumes()[1].MachineID
	o := u.anOffer(func(o OfferState) bool { return o.VolumeOfferID != 0 && o.DiskGB > 100 && o.MinBid > 0 })
	s.ask, s.bidAsk, s.volumeAsk = o.ID, o.ID, o.VolumeOfferID
	for _, o := range u.w.Offers() {
		if o.MachineID == machine && o.Rentable {
			s.volAsk2 = o.ID
		}
	}
	u.w.SetOfferPrice(o.ID, 0.2) // so that the recorded bid of 0.17 wins
	return s
}

// rewrite puts the ids of this world in place of the recorded ones.
func (s *stage) rewrite(argv []string, path string, body map[string]any) string {
	line := strings.Join(argv, " ")
	ask := s.ask
	if strings.Contains(line, "--link-volume") {
		ask = s.volAsk2
	}
	target := s.instance
	if strings.Contains(line, "change bid") {
		target = s.whisper
	}
	for from, to := range map[string]int64{"/7012345/": ask, "/77/": target, "id=881": s.volume} {
		r := fmt.Sprint(to)
		if strings.HasPrefix(from, "/") {
			r = "/" + r + "/"
		} else {
			r = "id=" + r
		}
		path = strings.ReplaceAll(path, from, r)
	}
	swap := map[any]any{
		881.0: s.volume, 31234567.0: s.volumeAsk, "a1b2c3": s.hash, "C.5": fmt.Sprintf("C.%d", s.instance),
		"C.6": fmt.Sprintf("C.%d", s.second), 77.0: s.instance, 78.0: s.second, 11.0: s.ask,
	}
	replaceValues(body, swap)
	return path
}

func replaceValues(v any, swap map[any]any) {
	switch x := v.(type) {
	case map[string]any:
		for k, inner := range x {
			if to, found := swap[hashable(inner)]; found {
				x[k] = to
			}
			replaceValues(inner, swap)
		}
	case []any:
		for i, inner := range x {
			if to, found := swap[hashable(inner)]; found {
				x[i] = to
			}
			replaceValues(inner, swap)
		}
	}
}

func hashable(v any) any {
	switch v.(type) {
	case string, float64:
		return v
	}
	return nil
}

// shapeOf says which key the answer to a recorded command has to have.
func shapeOf(line string) string {
	for _, c := range []struct{ part, key string }{
		{"search offers", "offers"}, {"search volumes", "offers"}, {"create instances ", "new_contracts"},
		{"create instance ", "new_contract"}, {"logs ", "result_url"}, {"execute ", "result_url"}, {"prepay ", "timescale"},
		{"create volume", "volume_name"}, {"clone volume", "volume_name"}, {"show volumes", "volumes"},
		{"show instance", "instances"}, {"show user", "credit"}, {"create ssh-key", "key"},
		{"show env-vars", "secrets"}, {"search templates", "templates"},
	} {
		if strings.Contains(line, c.part) {
			return c.key
		}
	}
	return "success"
}

func TestRecordedRequestsOfTheOfficialClientSucceed(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	played := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		line := strings.Join(r.Argv, " ") + " "
		played++
		s := newStage(t)
		if strings.HasPrefix(line, "detach ssh") {
			s.u.w.instances[s.instance].keys[0].ID = 5
		}
		if strings.HasPrefix(line, "delete env-var") {
			s.u.must("POST", "/api/v0/secrets/", map[string]any{"key": "HF_TOKEN", "value": "x"})
		}
		for _, q := range r.Requests {
			var body any
			if q.Body != nil {
				body = q.Body
			}
			a, b, err := s.u.raw(q.Method, s.rewrite(r.Argv, q.Path, q.Body), body)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %d %q %.300s", line, a.StatusCode, a.Header.Get("Content-Type"), b)
				continue
			}
			var list []any
			if strings.HasPrefix(line, "show ssh-keys") {
				if err := json.Unmarshal(b, &list); err != nil || len(list) == 0 {
					t.Errorf("%s: %v %.300s", line, err, b)
				}
				continue
			}
			var v map[string]any
			if err := json.Unmarshal(b, &v); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			if got := v[shapeOf(line)]; got == nil || got == false || v["success"] == false {
				t.Errorf("%s: no %s in %.300s", line, shapeOf(line), b)
			}
		}
	}
	if played != 43 {
		t.Errorf("played %d records, want 43", played)
	}
}
