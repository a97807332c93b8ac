package vastapi

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vastdeck/vastapi/safetext"
)

// seeds adds every recorded answer and what becomes of it when it is cut or bent.
func seeds(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/wire/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
		f.Add([]byte(strings.NewReplacer("true", "tru", `"id"`, `"i\u0064"`, ",", ",,").Replace(string(data))))
	}
	for _, s := range []string{"", "null", "{", `{"offers":[`, `{"offers":[{"id":1},]}`, "{\"offers\":[\x01]}", `{"a":"\u00`, "\xef\xbb\xbf{}", `{"offers":[{"id":NaN}]}`} {
		f.Add([]byte(s))
	}
}

func inertLine(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > safetext.MaxRunes {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) })
}

func saneRate(r Rate) bool { return math.IsNaN(float64(r)) || (r >= 0 && r <= maxRate) }

func FuzzOffers(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := readOffers(body, newTexts(maxTexts), defaultLimit)
		if err != nil {
			if len(page.Offers) != 0 {
				t.Error("rows beside an error")
			}
			return
		}
		if !strings.Contains(string(body), "[") {
			t.Error("a page was read from an answer without a list")
		}
		seen := map[OfferID]bool{}
		for _, o := range page.Offers {
			if o.ID <= 0 || seen[o.ID] {
				t.Errorf("id %d", o.ID)
			}
			seen[o.ID] = true
			if !saneRate(o.DphTotal) || !saneRate(o.MinBid) || !saneRate(o.DphBase) || math.IsInf(o.Score, 0) || o.NumGPUs < 0 {
				t.Errorf("%+v", o)
			}
			if !inertLine(o.GPUName.String()) || !inertLine(o.Geolocation.String()) || (o.Country != "" && len(o.Country) != 2) {
				t.Errorf("%q %q %q", o.GPUName, o.Geolocation, o.Country)
			}
		}
		if page.Rows < len(page.Offers)+page.Bad {
			t.Errorf("%d rows, %d offers, %d unreadable", page.Rows, len(page.Offers), page.Bad)
		}
	})
}

func FuzzInstances(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		page, next, err := readInstances(body)
		if err != nil && (len(page.Instances) != 0 || next != "") {
			t.Error("rows beside an error")
		}
		for _, i := range page.Instances {
			if i.ID <= 0 || !saneRate(i.DphTotal) || !saneRate(i.BilledNow) || i.SSHPort < 0 || i.SSHPort > 65535 {
				t.Errorf("%+v", i)
			}
			for _, p := range i.Ports {
				if !isPortName(p.Container) || p.Host < 1 || p.Host > 65535 {
					t.Errorf("%+v", p)
				}
			}
			if !inertLine(i.Label.String()) || !inertLine(i.Status.String()) {
				t.Errorf("%q %q", i.Label, i.Status)
			}
		}
		if one, err := readInstance(body); err == nil && one != nil && one.ID <= 0 {
			t.Errorf("%+v", one)
		}
		if list, err := readVolumes(body); err == nil && !strings.Contains(string(body), "[") {
			t.Errorf("%+v", list)
		}
		if u, err := readUser(body); err == nil && u.ID <= 0 {
			t.Errorf("%+v", u)
		}
	})
}

func FuzzErrorEnvelope(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"detail":"API requests too frequent endpoint threshold=4.5"}`))
	f.Add([]byte(`{"success":false,"error":"invalid_args","msg":"error 404/3603: no_such_ask x"}`))
	f.Add([]byte("API requests too frequent: endpoint threshold=1e99"))
	c, err := New(WithIntervals(Intervals{}))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		env := readEnvelope(body)
		var object map[string]json.RawMessage
		if valid := json.Unmarshal(body, &object) == nil && object != nil; valid && !env.object {
			t.Errorf("%q is an object and was not read as one", body)
		}
		for _, status := range []int{200, 301, 400, 401, 403, 404, 410, 429, 500} {
			e := c.refusal(&request{method: "GET", path: "/x/"}, &answer{status: status, header: http.Header{}, body: body}, env)
			if e.Kind == "" || !inertLine(e.Message) || e.Wait < 0 || !utf8.ValidString(e.Sentence()) || strings.ContainsAny(e.Sentence()+e.Error(), "\x1b\n\r\x07") {
				t.Errorf("%d: %+v", status, e)
			}
			for _, call := range []Call{CreateInstance{Offer: 1}, DestroyInstance{ID: 1}, SetInstanceState{ID: 1, State: "running"}} {
				res := c.settle(call, &request{write: true}, &answer{status: status, header: http.Header{}, body: body}, e)
				if res.Outcome == OutcomeConfirmed && !env.object {
					t.Errorf("%T confirmed by %q", call, body)
				}
				if res.Outcome == OutcomeConfirmed && status == 500 {
					t.Errorf("%T confirmed by a %d", call, status)
				}
			}
		}
	})
}

func FuzzCatalogue(f *testing.F) {
	seeds(f)
	f.Add([]byte(`[{"id":1,"public_key":"ssh-rsa","problem":"a","message":"\u001b[2J","created_at":"2025-01-01"}]`))
	f.Add([]byte(`{"gpu_names":["A\u0000",1,null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var shown []string
		names, err := readGPUNames(body)
		if err != nil && names != nil {
			t.Error("names beside an error")
		}
		for _, n := range names {
			shown = append(shown, n.String())
		}
		reports, _ := readReports(body)
		for _, r := range reports {
			shown = append(shown, r.Problem.String(), r.Message.String())
			if r.Count < 1 || r.First.After(r.At) {
				t.Errorf("%+v", r)
			}
		}
		keys, _ := readSSHKeys(body)
		for _, k := range keys {
			shown = append(shown, k.Public.String(), k.Type, k.Comment.String())
		}
		templates, _ := readTemplates(body, TemplateQuery{})
		for _, x := range templates {
			ref := x.Ref()
			shown = append(shown, x.Name.String(), ref.String(), x.RunType.String(), x.OnStart.String(), x.Hash)
			if x.ID <= 0 || hash(x.Hash) != x.Hash || strings.ContainsAny(x.Flags(), "\x1b\n\x00") {
				t.Errorf("%+v", x)
			}
		}
		if lines, err := rawOffer(body, 7); err == nil && lines != nil {
			for _, line := range lines.All() {
				if strings.ContainsFunc(line, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
					t.Errorf("%q", line)
				}
			}
		}
		for _, s := range shown {
			if !inertLine(s) {
				t.Errorf("%q", s)
			}
		}
	})
}

func FuzzIncreasesAndTexts(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"pending_price_increases":[{"pending_price_increase_id":1,"contract_id":2,"new_gpu_costpersec":1e-4}]}`))
	f.Add([]byte(`{"success":true,"result_url":"https://s3.example/x","writeable_path":"/v"}`))
	f.Add([]byte(`{"instances":{"id":7,"jupyter_token":"t0k3n","extra_env":[["A","b"]]}}`))
	c, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := readIncreases(body)
		for _, p := range all.List {
			if err != nil || p.ID <= 0 || p.Instance <= 0 || !saneRate(p.NewGPU) || !saneRate(p.OldGPU) || !saneRate(Rate(p.NewDisk)) {
				t.Errorf("%+v, %v", p, err)
			}
		}
		if out := c.outputOf(body); out.Given() {
			if u, err := c.outputURL(out.at.url); err == nil && (u.Scheme != "https" || u.Host == "" || u.User != nil) {
				t.Errorf("%s may be asked", u)
			}
		}
		lines, err := rawInstance(body, 7)
		if err != nil || lines == nil {
			return
		}
		for _, l := range lines.All() {
			if strings.ContainsFunc(l, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
				t.Errorf("%q", l)
			}
		}
	})
}

func FuzzAccount(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"apikeys":[{"id":5,"name":"x","rights":{"api":{"misc":{},"instance_read":{"a":1}}}}]}`))
	f.Add([]byte(`{"success":true,"secrets":{"A":"***","B":null}}`))
	f.Add([]byte(`[{"ip_address":"192.0.2.1","api_key_id":7,"created_at":1.5,"api_route":"PUT /api/v0/asks/77/","args":"{\"id\":[1,2]}"}]`))
	f.Add([]byte(`{"tfa_enabled":true,"methods":[{"method":"totp"}],"backup_codes_remaining":8}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, err := readAPIKeys(body)
		for _, k := range keys {
			if err != nil || k.ID <= 0 || !inertLine(k.Name.String()) || !inertLine(k.Grant.String()) {
				t.Errorf("%+v, %v", k, err)
			}
		}
		vars, err := readEnvVars(body)
		for _, v := range vars {
			if err != nil || !inertLine(v.Name.String()) {
				t.Errorf("%+v, %v", v, err)
			}
		}
		list, err := readAudit(body)
		for _, e := range list {
			if err != nil || len(e.Args) > mostArgs || len(e.Objects) > mostObjects || !inertLine(e.Route.String()) {
				t.Errorf("%+v, %v", e, err)
			}
		}
		if tf, err := readTwoFactor(body); err == nil && tf.BackupCodes < -1 {
			t.Errorf("%+v", tf)
		}
		_ = readNewKey(body)
	})
}

// FuzzShapeOf looks at answers of any kind: what comes out is bounded and inert.
func FuzzShapeOf(f *testing.F) {
	for _, seed := range []string{
		`{"offers":[{"id":1,"dph_total":"x"},7,{}]}`, `{"instances":[{"id":1,"instance":{"totalHour":[]},"ports":{"a":1}}],"next_token":3}`,
		`{"id":"x","rights":{"a":[]}}`, `{"volumes":[{"id":null,"instances":["a"]}]}`, `[`, `{"offers":[{"\u001b[2J":NaN}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, what := range AllRows() {
			s, err := ShapeOf(what, body)
			if err != nil {
				continue
			}
			s.Add(s)
			d := s.Drift()
			if d.Unread > d.Rows || len(d.Deviations) > mostShapedNames+len(wireTables()[what].order) {
				t.Errorf("%s: %d of %d rows, %d fields", what, d.Unread, d.Rows, len(d.Deviations))
			}
			for _, v := range d.Deviations {
				if v.Field != safetext.Clean(v.Field, maxFieldName) || v.In > v.Of {
					t.Errorf("%s: %+v", what, v)
				}
			}
		}
	})
}
