package tape_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/tape"
	"vastdeck/vastapi/vastsim"
)

// secrets are one of each kind that must not be in a recording.
var secrets = map[string]string{
	"key": "5en71ne1c0ffee5en71ne1c0ffee", "env": "env-value-5en71ne1", "onstart": "export OPENAI=on-start-5en71ne1-abcdefgh", "login": "login-pass-5en71ne1",
	"ssh": "AAAAC3NzaC1lZDI1NTE5AAAAI5en71ne1", "variable": "hf_variable-5en71ne1", "email": "renter@example.com", "token": "",
}

// client is a client of rt without pacing.
func client(t *testing.T, rt http.RoundTripper, opts ...vastapi.Option) *vastapi.Client {
	t.Helper()
	c, err := vastapi.New(append([]vastapi.Option{
		vastapi.WithTransport(rt), vastapi.WithIntervals(vastapi.Intervals{}),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return secrets["key"] })),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// read is everything that a client can read, as one text.
func read(ctx context.Context, c *vastapi.Client) string {
	var out strings.Builder
	add := func(v any, err error) { fmt.Fprintf(&out, "%+v %v\n", v, err) }
	page, err := c.SearchOffers(ctx, vastapi.OfferSearch{Limit: 20})
	add(page, err)
	list, err := c.Instances(ctx)
	add(list, err)
	for _, i := range list.Instances {
		one, err := c.Instance(ctx, i.ID)
		add(*one, err)
		add(c.InstanceSSHKeys(ctx, i.ID))
		lines, err := c.InstanceRaw(ctx, i.ID)
		add(lines != nil, err)
	}
	add(c.Volumes(ctx))
	add(c.User(ctx))
	add(c.SSHKeys(ctx))
	add(c.APIKeys(ctx))
	add(c.EnvVars(ctx))
	add(c.TwoFactor(ctx))
	add(c.PriceIncreases(ctx))
	add(c.Templates(ctx, vastapi.TemplateQuery{}))
	audit, cut, err := c.AuditLog(ctx)
	add(fmt.Sprint(len(audit), cut), err)
	charges, cut, err := c.Charges(ctx, time.Now().Add(-24*time.Hour), time.Now())
	add(fmt.Sprint(len(charges), cut), err)
	invoices, cut, err := c.Invoices(ctx, time.Now().Add(-90*24*time.Hour), time.Now())
	add(fmt.Sprint(len(invoices), cut), err)
	return out.String()
}

// session records what a program does that sends every kind of secret.
func session(t *testing.T, to *bytes.Buffer) (seen string) {
	t.Helper()
	w := vastsim.New(vastsim.WithOffers(100), vastsim.WithQuietMarket(), vastsim.WithTwoFactor())
	rec, err := tape.NewRecorder(to, "console.vast.ai", "test")
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, w.Transport(), vastapi.WithTap(rec.Tap))
	ctx := t.Context()
	page, err := c.SearchOffers(ctx, vastapi.OfferSearch{Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	made := c.Do(ctx, vastapi.CreateInstance{
		Offer: page.Offers[0].ID, Image: "ubuntu:22.04", Disk: 10, Label: "box", Env: map[string]string{"TOKEN": secrets["env"], "-p 80:80": "1"},
		OnStart: secrets["onstart"], ImageLogin: vastapi.NewSecret("-u me -p " + secrets["login"] + " docker.io"),
	})
	id := made.Contract
	public := "ssh-ed25519 " + secrets["ssh"] + " me@laptop"
	for _, call := range []vastapi.Call{
		vastapi.UpdateInstance{ID: id, Env: map[string]string{"TOKEN": secrets["env"]}, OnStart: secrets["onstart"]},
		vastapi.AddSSHKey{Key: public}, vastapi.AttachSSHKey{ID: id, Key: public},
		vastapi.CreateEnvVar{Key: "HF", Value: vastapi.NewSecret(secrets["variable"])}, vastapi.UpdateEnvVar{Key: "HF", Value: vastapi.NewSecret(secrets["variable"])},
		vastapi.LabelInstance{ID: id, Label: "says " + secrets["variable"]},
	} {
		if res := c.Do(ctx, call); res.Outcome != vastapi.OutcomeConfirmed {
			t.Fatalf("%T: %+v", call, res)
		}
	}
	key := c.Do(ctx, vastapi.CreateAPIKey{Name: "ci", Permissions: vastapi.Permissions{Full: true}})
	secrets := []string{key.Key.Reveal()}
	for _, s := range allSecrets() {
		secrets = append(secrets, s)
	}
	if _, err := c.RequestLogs(ctx, id, vastapi.LogOptions{Tail: 5}); err != nil && vastapi.KindOf(err) != vastapi.KindNotReady {
		t.Fatal(err)
	}
	seen = read(ctx, c)
	if rec.Err() != nil {
		t.Fatal(rec.Err())
	}
	for _, s := range secrets {
		if strings.Contains(to.String(), s) {
			at := strings.Index(to.String(), s)
			t.Errorf("the recording holds %q: …%.200s", s, to.String()[max(0, at-120):])
		}
	}
	return seen
}

func allSecrets() []string {
	var all []string
	for _, s := range secrets {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

func TestNothingSecretIsInARecordingAndTheRestIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		session(t, &file)
		for _, kept := range []string{`"/api/v0/bundles/"`, `"RTX`, `"ubuntu:22.04"`, `"TOKEN":"[hidden]"`, `says [hidden]`, `"vastdeck_recording":1`, `-p 80:80`} {
			if !strings.Contains(file.String(), kept) {
				t.Errorf("no %s in the recording", kept)
			}
		}
		for n, l := range strings.Split(strings.TrimSpace(file.String()), "\n") {
			if !json.Valid([]byte(l)) {
				t.Errorf("line %d is no JSON", n+1)
			}
		}
		for _, name := range []string{"jupyter_token", "api_key", "instance_api_key"} {
			for rest := file.String(); ; {
				_, after, found := strings.Cut(rest, `"`+name+`":`)
				if !found {
					break
				}
				if rest = after; !strings.HasPrefix(rest, `"[hidden]"`) && !strings.HasPrefix(rest, "null") && !strings.HasPrefix(rest, `""`) {
					t.Errorf("%s: %.80s", name, rest)
				}
			}
		}
	})
}

func TestAReplayGivesTheSameAnswersAndNoNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		seen := session(t, &file)
		time.Sleep(40 * 24 * time.Hour) // it is looked at much later
		p, err := tape.Open(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		c := client(t, p, vastapi.WithReadOnly(true))
		if _, err := c.SearchOffers(t.Context(), vastapi.OfferSearch{Limit: 5}); err != nil {
			t.Fatal(err)
		}
		offers, err := c.SearchOffers(t.Context(), vastapi.OfferSearch{Limit: 20})
		if err != nil || len(offers.Offers) != 20 {
			t.Fatalf("%d offers, %v", len(offers.Offers), err)
		}
		list, err := c.Instances(t.Context())
		if err != nil || len(list.Instances) < 5 {
			t.Fatalf("%d instances, %v", len(list.Instances), err)
		}
		for _, i := range list.Instances {
			if i.Label.String() == "says [hidden]" && time.Since(i.Start) > time.Hour {
				t.Errorf("it began %v ago: times were not moved", time.Since(i.Start))
			}
		}
		if again := read(t.Context(), c); strings.Count(again, "<nil>") != strings.Count(seen, "<nil>") || strings.Contains(again, "not_recorded") {
			t.Errorf("what failed and what did not differs from the session\n%s", again)
		}
		if res := c.Do(t.Context(), vastapi.DestroyInstance{ID: 5}); res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindReadOnly {
			t.Errorf("a write in a replay: %+v", res)
		}
		_, err = c.MachineReports(t.Context(), 99)
		if vastapi.KindOf(err) != vastapi.KindRejected || !strings.Contains(err.Error(), "not asked in the recorded session") {
			t.Errorf("what was not recorded: %v", err)
		}
	})
}

func TestAnswersComeInTheirOrderAndTheLastOneAgain(t *testing.T) {
	t.Parallel()
	n := 0
	rt := transport(func(q *http.Request) (*http.Response, error) {
		n++
		return reply(q, 200, fmt.Sprintf(`{"id":%d}`, n)), nil
	})
	var file bytes.Buffer
	rec, err := tape.NewRecorder(&file, "console.vast.ai", "test")
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, rt, vastapi.WithTap(rec.Tap))
	for range 3 {
		_, _ = c.User(t.Context())
	}
	p, err := tape.Open(&file)
	if err != nil {
		t.Fatal(err)
	}
	c = client(t, p)
	for _, want := range []int64{1, 2, 3, 3, 3} {
		if u, err := c.User(t.Context()); err != nil || u.ID != want {
			t.Errorf("%d, %v; want %d", u.ID, err, want)
		}
	}
}

func TestAFileThatCannotBePlayedIsSaidInASentence(t *testing.T) {
	t.Parallel()
	good := `{"vastdeck_recording":1,"started":"2026-01-01T00:00:00Z","program":"x"}`
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "no recording"},
		"something else": {`{"a":1}`, "no recording"},
		"no JSON":        {"PK\x03\x04", "no recording"},
		"newer":          {strings.Replace(good, ":1", ":2", 1), "newer version"},
		"damaged":        {good + "\n{\"method\":\n", "line 2"},
		"no request":     {good + "\n{}", "line 2"},
	} {
		_, err := tape.Open(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := tape.Open(strings.NewReader(good)); err != nil || p.Started().IsZero() {
		t.Errorf("a recording of nothing: %v", err)
	}
}

func TestARecordingEndsAtItsLargestSizeAndTheSessionGoesOn(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	rec, err := tape.NewRecorder(&file, "console.vast.ai", "test")
	if err != nil {
		t.Fatal(err)
	}
	const limit = 1 << 20
	rec.Limit(limit)
	big := `{"id":1,"username":"u","desc":"` + strings.Repeat("many words ", 20_000) + `"}`
	c := client(t, transport(func(q *http.Request) (*http.Response, error) { return reply(q, 200, big), nil }), vastapi.WithTap(rec.Tap))
	for range 12 {
		if _, err := c.User(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if rec.Err() != tape.ErrFull || file.Len() > limit+200 || file.Len() < limit/2 {
		t.Errorf("%v after %d bytes", rec.Err(), file.Len())
	}
	if _, err := tape.Open(&file); err != nil {
		t.Error(err)
	}
}

func TestEveryRecordedAnswerOfTheWireGoesIn(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/wire/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		rec, _ := tape.NewRecorder(&file, "console.vast.ai", "test")
		c := client(t, transport(func(q *http.Request) (*http.Response, error) { return reply(q, 200, string(body)), nil }), vastapi.WithTap(rec.Tap))
		_, _ = c.Instances(t.Context())
		if strings.Contains(file.String(), "This text is not") && json.Valid(body) {
			t.Errorf("%s was left out", name)
		}
		if _, err := tape.Open(&file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

func reply(q *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: q,
		Body: readCloser{strings.NewReader(body)}, ContentLength: int64(len(body)),
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// cancelled is a context that has ended: nothing is waited for.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// A session that was killed leaves half a line: what came before it is played. Half a
// line anywhere else, or one that was ended, is damage.
func TestARecordingThatBreaksOffIsPlayedUpToThere(t *testing.T) {
	t.Parallel()
	const head = `{"vastdeck_recording":1,"started":"2026-01-01T00:00:00Z","program":"x"}` + "\n"
	const whole, half = `{"method":"GET","path":"/a","status":200}` + "\n", `{"method":"GET","pa`
	for text, torn := range map[string]bool{head + whole + half: true, head + half: true, head + whole: false, head + strings.TrimSuffix(whole, "\n"): false} {
		p, err := tape.Open(strings.NewReader(text))
		if err != nil || p.Torn() != torn {
			t.Errorf("%q: %v, torn %t", text, err, p != nil && p.Torn())
		}
	}
	for _, text := range []string{head + half + "\n", head + half + "\n" + whole, head + `{"path":"/a"}`} {
		if _, err := tape.Open(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The address of a machine is left out wherever it stands, not only in its field.
func TestAddressesAreLeftOutOfMessagesToo(t *testing.T) {
	t.Parallel()
	const answer = `{"instances":[{"id":1,"public_ipaddr":"203.0.113.77 ","local_ipaddrs":"10.7.7.7 172.17.0.9\n","status_msg":"dial 203.0.113.77:443 from 10.7.7.7",
		"ports":{"22/tcp":[{"HostIp":"0.0.0.0","HostPort":"30022"},{"HostIp":"203.0.113.77","HostPort":"30022"}]}}],"next_token":null,"total_instances":1}`
	var out bytes.Buffer
	r, err := tape.NewRecorder(&out, "console.vast.ai", "test")
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, answers(answer), vastapi.WithTap(r.Tap))
	if _, err := c.Instances(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"203.0.113.77", "10.7.7.7", "172.17.0.9"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s is in the recording:\n%s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), `"HostIp":"0.0.0.0"`) || !strings.Contains(out.String(), "30022") {
		t.Errorf("what is needed to play it is gone:\n%s", out.String())
	}
}

// answers gives the same answer to everything.
type answers string

func (a answers) RoundTrip(q *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Proto: "HTTP/1.1", Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(a))), Request: q}, nil
}
