package vastapi_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// sentinel is a key that must never show anywhere.
const sentinel = "5en71ne1c0ffee5en71ne1c0ffee"

// sent is one request as the transport below the client saw it.
type sent struct {
	at     time.Time
	method string
	url    string
	host   string
	header http.Header
	body   string
	again  bool // Go's transport could send the body a second time
}

// script is a transport without sockets that answers in turn and remembers what
// it was asked. The last answer repeats.
type script struct {
	mu      sync.Mutex
	answers []reply
	seen    []sent
}

type reply func(r *http.Request) (*http.Response, error)

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	s.mu.Lock()
	n := len(s.seen)
	s.seen = append(s.seen, sent{time.Now(), r.Method, r.URL.String(), r.URL.Host, r.Header.Clone(), string(body), r.GetBody != nil})
	answer := s.answers[min(n, len(s.answers)-1)]
	s.mu.Unlock()
	return answer(r)
}

func (s *script) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent(nil), s.seen...)
}

func (s *script) count() int { return len(s.requests()) }

// says answers with status and body.
func says(status int, body string, header ...string) reply {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{
			StatusCode: status, Header: h, Request: r, ContentLength: int64(len(body)),
			Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// fails breaks the connection.
func fails(err error) reply {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// hangs answers never.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// wire is a recorded answer.
func wire(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/wire/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// over returns a client without intervals that speaks through rt.
func over(t testing.TB, rt http.RoundTripper, opts ...vastapi.Option) *vastapi.Client {
	t.Helper()
	all := append([]vastapi.Option{
		vastapi.WithTransport(rt),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return sentinel })),
		vastapi.WithIntervals(vastapi.Intervals{}),
	}, opts...)
	c, err := vastapi.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// answering returns a client whose requests are all answered alike.
func answering(t testing.TB, answers ...reply) (*vastapi.Client, *script) {
	t.Helper()
	s := &script{answers: answers}
	return over(t, s), s
}

// calls are one of each kind of call.
func calls() []vastapi.Call {
	bid := vastapi.Rate(0.2)
	return []vastapi.Call{
		vastapi.CreateInstance{Offer: 77, Image: "ubuntu:22.04", Disk: 10, Label: "a vx-b", Env: map[string]string{"TOKEN": "secret value"}},
		vastapi.CreateInstance{Offer: 78, Image: "ubuntu:22.04", Disk: 10, Price: &bid},
		vastapi.SetInstanceState{ID: 5, State: "running"},
		vastapi.SetInstanceState{ID: 5, State: "stopped"},
		vastapi.LabelInstance{ID: 5, Label: "x"},
		vastapi.RebootInstance{ID: 5},
		vastapi.DestroyInstance{ID: 5},
		vastapi.ChangeBid{ID: 5, Price: bid},
		vastapi.PrepayInstance{ID: 5, Amount: 10},
		vastapi.RecycleInstance{ID: 5},
		vastapi.UpdateInstance{ID: 5, Image: "a/b:1", Env: map[string]string{"TOKEN": "secret value", "-p 1:1": "1"}, OnStart: "a > b"},
		vastapi.AcceptPriceIncrease{Increase: 9, Instance: 5},
		vastapi.RejectPriceIncrease{Increase: 9, Instance: 5},
		vastapi.ExecuteCommand{ID: 5, Command: "rm -r /workspace/out"},
		vastapi.AttachSSHKey{ID: 5, Key: "ssh-ed25519 AAAA me@host"},
		vastapi.DetachSSHKey{ID: 5, Key: 7},
		vastapi.AddSSHKey{Key: "ssh-ed25519 AAAA me@host"},
		vastapi.DeleteSSHKey{Key: 7},
		vastapi.CreateAPIKey{Name: "ci", Permissions: vastapi.Permissions{Groups: []vastapi.Right{vastapi.RightMisc}}},
		vastapi.DeleteAPIKey{Key: 7},
		vastapi.CreateEnvVar{Key: "TOKEN", Value: vastapi.NewSecret("secret value")},
		vastapi.UpdateEnvVar{Key: "TOKEN", Value: vastapi.NewSecret("secret value")},
		vastapi.DeleteEnvVar{Key: "TOKEN"},
	}
}

// reads are one of each kind of read.
func reads(c *vastapi.Client) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"offers":    func(ctx context.Context) error { _, err := c.SearchOffers(ctx, vastapi.OfferSearch{}); return err },
		"instances": func(ctx context.Context) error { _, err := c.Instances(ctx); return err },
		"labels": func(ctx context.Context) error {
			_, err := c.InstancesByLabel(ctx, []string{"a"})
			return err
		},
		"instance":  func(ctx context.Context) error { _, err := c.Instance(ctx, 7); return err },
		"volumes":   func(ctx context.Context) error { _, err := c.Volumes(ctx); return err },
		"increases": func(ctx context.Context) error { _, err := c.PriceIncreases(ctx); return err },
		"some": func(ctx context.Context) error {
			_, err := c.InstancesByID(ctx, []vastapi.InstanceID{7, 8})
			return err
		},
		"keys":        func(ctx context.Context) error { _, err := c.SSHKeys(ctx); return err },
		"keys of one": func(ctx context.Context) error { _, err := c.InstanceSSHKeys(ctx, 7); return err },
		"user":        func(ctx context.Context) error { _, err := c.User(ctx); return err },
		"api keys":    func(ctx context.Context) error { _, err := c.APIKeys(ctx); return err },
		"api key":     func(ctx context.Context) error { _, err := c.APIKey(ctx, 1); return err },
		"variables":   func(ctx context.Context) error { _, err := c.EnvVars(ctx); return err },
		"audit log":   func(ctx context.Context) error { _, _, err := c.AuditLog(ctx); return err },
		"factor":      func(ctx context.Context) error { _, err := c.TwoFactor(ctx); return err },
	}
}

// printed is every way the values could reach a log.
func printed(values ...any) []string {
	var all []string
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			all = append(all, fmt.Sprintf(verb, v))
		}
	}
	return all
}

// slowly is a body that gives one byte per pause.
type slowly struct {
	text  *bytes.Reader
	pause time.Duration
	ctx   context.Context
}

func (s *slowly) Read(p []byte) (int, error) {
	select {
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	case <-time.After(s.pause):
	}
	return s.text.Read(p[:1])
}

func (s *slowly) Close() error { return nil }

func drips(body string, pause time.Duration) reply {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: -1,
			Body: &slowly{bytes.NewReader([]byte(body)), pause, r.Context()},
		}, nil
	}
}
