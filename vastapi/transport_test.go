package vastapi_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vastdeck/vastapi"
)

// to returns a client that speaks to a server on this machine.
func to(t testing.TB, base string, opts ...vastapi.Option) *vastapi.Client {
	t.Helper()
	c, err := vastapi.New(append([]vastapi.Option{
		vastapi.WithBaseURL(base),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return sentinel })),
		vastapi.WithIntervals(vastapi.Intervals{}),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAddressesThatWouldShowTheKeyAreRefused(t *testing.T) {
	t.Parallel()
	good := []string{"https://console.vast.ai", "https://console.vast.ai/", "http://127.0.0.1:8787", "http://localhost:1", "http://[::1]:9", "https://192.0.2.1:444"}
	bad := []string{
		"http://console.vast.ai", "http://192.0.2.1", "ftp://127.0.0.1", "console.vast.ai", "", "https://", "https://:443", "http://127.0.0.1.evil.example",
		"https://user:pass@console.vast.ai", "https://console.vast.ai/api", "https://console.vast.ai?x=1", "https://console.vast.ai#x", "http://localhost.evil.example",
		"https://con sole", "https://\x1b]0;x\a", "javascript:alert(1)",
	}
	for _, u := range good {
		if c, err := vastapi.New(vastapi.WithBaseURL(u)); err != nil || c.BaseURL() != strings.TrimRight(u, "/") {
			t.Errorf("%s: %v", u, err)
		}
	}
	for _, u := range bad {
		if _, err := vastapi.New(vastapi.WithBaseURL(u)); err == nil || strings.ContainsAny(err.Error(), "\x1b\a") || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestRedirectsTakeNeitherKeyNorBodyAnywhere(t *testing.T) {
	t.Parallel()
	targets := []string{
		"https://console.vast.ai/api/v0/other/", "/api/v0/other/", "https://evil.console.vast.ai/", "http://console.vast.ai/", "https://console.vast.ai:444/", "https://evil.example/",
	}
	for _, target := range targets {
		for _, code := range []int{301, 302, 303, 307, 308} {
			there := says(code, "", "Location", target)
			api, s := answering(t, there, there, there, fails(errors.New("followed")))
			_, err := api.User(t.Context())
			if vastapi.KindOf(err) != vastapi.KindRedirect || s.count() != 1 {
				t.Errorf("%d to %s: a read ended %v after %d requests", code, target, err, s.count())
			}
			res := api.Do(t.Context(), calls()[0])
			if vastapi.KindOf(res.Err) != vastapi.KindRedirect || res.Outcome != vastapi.OutcomeUnknown || s.count() != 2 {
				t.Errorf("%d to %s: a write ended %+v after %d requests", code, target, res, s.count())
			}
			for _, q := range s.requests() {
				if q.host != "console.vast.ai" || !strings.HasPrefix(q.url, vastapi.DefaultBaseURL+"/") {
					t.Errorf("%d to %s: a request left for %s", code, target, q.url)
				}
			}
		}
	}
}

func TestReadOnlyRefusesEveryCallAndNoRead(t *testing.T) {
	t.Parallel()
	s := &script{answers: []reply{says(200, `{"success":true,"offers":[],"instances":null,"volumes":[],"id":1,"new_contract":9}`)}}
	api := over(t, s, vastapi.WithReadOnly(true))
	for _, call := range calls() {
		res := api.Do(t.Context(), call)
		if res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindReadOnly {
			t.Errorf("%T: %+v", call, res)
		}
	}
	if s.count() != 0 {
		t.Errorf("%d requests left", s.count())
	}
	for name, read := range reads(api) {
		if err := read(t.Context()); vastapi.KindOf(err) == vastapi.KindReadOnly {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.count() == 0 {
		t.Error("no read left")
	}
}

func TestCallsThatMakeNoSenseAreNotSent(t *testing.T) {
	t.Parallel()
	api, s := answering(t, says(200, fine))
	bid, free := vastapi.Rate(129), vastapi.Unknown[vastapi.Rate]()
	ok := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8}
	with := func(change func(*vastapi.CreateInstance)) vastapi.CreateInstance {
		c := ok
		change(&c)
		return c
	}
	for _, call := range []vastapi.Call{
		vastapi.CreateInstance{},
		with(func(c *vastapi.CreateInstance) { c.Offer = 0 }),
		with(func(c *vastapi.CreateInstance) { c.Image = "" }),
		with(func(c *vastapi.CreateInstance) { c.Disk = 7 }),
		with(func(c *vastapi.CreateInstance) { c.Disk = vastapi.Unknown[vastapi.GB]() }),
		with(func(c *vastapi.CreateInstance) { c.Label = strings.Repeat("x", 257) }),
		with(func(c *vastapi.CreateInstance) { c.Price = &bid }),
		with(func(c *vastapi.CreateInstance) { c.Price = &free }),
		with(func(c *vastapi.CreateInstance) { c.Env = map[string]string{"A": strings.Repeat("x", 40_000)} }),
		vastapi.SetInstanceState{ID: 1, State: "paused"}, vastapi.SetInstanceState{State: "running"},
		vastapi.LabelInstance{ID: 1, Label: strings.Repeat("x", 1025)}, vastapi.LabelInstance{},
		vastapi.RebootInstance{ID: -1}, vastapi.DestroyInstance{},
	} {
		if res := api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindRejected {
			t.Errorf("%+v: %+v", call, res)
		}
	}
	if s.count() != 0 {
		t.Errorf("%d requests left", s.count())
	}
}

// counting is a server that counts the requests it received whole.
func counting(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n.Add(1)
		answer(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv, &n
}

func hijack(t *testing.T, w http.ResponseWriter) (net.Conn, *bufio.ReadWriter) {
	c, rw, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
	}
	return c, rw
}

func TestAnAnswerLostOnARealConnectionIsUnknownAndNotSentAgain(t *testing.T) {
	t.Parallel()
	cases := map[string]http.HandlerFunc{
		"reset": func(w http.ResponseWriter, _ *http.Request) {
			c, _ := hijack(t, w)
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		},
		"closed": func(w http.ResponseWriter, _ *http.Request) {
			c, _ := hijack(t, w)
			_ = c.Close()
		},
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			c, rw := hijack(t, w)
			_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":true,\"new_contract\":7")
			_ = rw.Flush()
			_ = c.Close()
		},
		"no HTTP": func(w http.ResponseWriter, _ *http.Request) {
			c, rw := hijack(t, w)
			_, _ = rw.WriteString("\x1b]52;c;eA==\a no HTTP at all\r\n\r\n")
			_ = rw.Flush()
			_ = c.Close()
		},
		"hangs": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, call := range calls() {
				srv, n := counting(t, answer)
				limits := vastapi.DefaultLimits()
				if name == "hangs" { // long enough for a busy machine to connect in
					limits.Total, limits.Long = 2*time.Second, 2*time.Second
				}
				api := to(t, srv.URL, vastapi.WithLimits(limits))
				res := api.Do(t.Context(), call)
				if res.Outcome != vastapi.OutcomeUnknown || n.Load() != 1 || res.Err == nil {
					t.Errorf("%T: %+v after %d requests", call, res, n.Load())
				}
				if res.Err != nil && strings.ContainsAny(res.Err.Error(), "\x1b\a\r\n") {
					t.Errorf("%q", res.Err.Error())
				}
			}
		})
	}
}

// A kept connection that the server closes as the request leaves would make the
// outcome unknown; so writes use none.
func TestAWriteUsesAConnectionOfItsOwn(t *testing.T) {
	t.Parallel()
	var conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, fine) }))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	api := to(t, srv.URL)
	for range 3 {
		_, _ = api.User(t.Context())
	}
	for range 3 {
		api.Do(t.Context(), vastapi.DestroyInstance{ID: 1})
	}
	if n := conns.Load(); n != 4 {
		t.Errorf("%d connections for three reads and three writes, want 1 + 3", n)
	}
}

func TestWhatNeverLeftIsSaidToBeNotSent(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	t.Cleanup(tls.Close)
	for name, base := range map[string]string{
		"nobody listens": closed.URL,
		"certificate":    tls.URL,
	} {
		api := to(t, base)
		res := api.Do(t.Context(), calls()[0])
		if res.Outcome != vastapi.OutcomeNotSent || vastapi.KindOf(res.Err) != vastapi.KindTransport {
			t.Errorf("%s: %+v", name, res)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	api, s := answering(t, says(200, fine))
	if res := api.Do(ctx, calls()[0]); res.Outcome != vastapi.OutcomeNotSent || s.count() != 0 {
		t.Errorf("cancelled before: %+v", res)
	}
	// A transport that cannot tell whether it connected proves nothing.
	api, _ = answering(t, fails(errors.New("something broke")))
	if res := api.Do(t.Context(), calls()[0]); res.Outcome != vastapi.OutcomeUnknown {
		t.Errorf("a transport without a trace: %+v", res)
	}
	api, _ = answering(t, fails(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host"}}))
	if res := api.Do(t.Context(), calls()[0]); res.Outcome != vastapi.OutcomeNotSent {
		t.Errorf("a dial that failed: %+v", res)
	}
}

func TestAnAnswerIsNotReadBeyondItsLimitEvenCompressed(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	zeros := bytes.Repeat([]byte{' '}, 1<<20)
	for range 64 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	srv, _ := counting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	api := to(t, srv.URL)
	res := api.Do(t.Context(), vastapi.DestroyInstance{ID: 1})
	if res.Outcome != vastapi.OutcomeUnknown || vastapi.KindOf(res.Err) != vastapi.KindServer || !strings.Contains(res.Err.Error(), "8 MB") {
		t.Errorf("%d KB that hold 64 MB: %+v", bomb.Len()>>10, res)
	}
}

// endless is a body that never ends and counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { return nil }

func TestAnEndlessAnswerIsLeftAtItsLimit(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"user": 8 << 20, "instances": 8 << 20, "offers": 128 << 20} {
		body := &endless{}
		api, s := answering(t, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: -1, Body: body}, nil
		}, says(400, `{"msg":"enough"}`))
		err := reads(api)[name](t.Context())
		if err == nil || body.read > most+1<<20 || body.read < most || s.count() != 2 {
			t.Errorf("%s: %d MB were read: %v", name, body.read>>20, err)
		}
	}
}

func TestADeepAnswerIsAnErrorOrReadButNeverACrash(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":[`, 20_000) + strings.Repeat(`]}`, 20_000)
	for _, body := range []string{
		strings.Repeat("[", 20_000), strings.Repeat(`{"offers":`, 20_000), `{"offers":` + strings.Repeat("[", 20_000),
		`{"offers":[{"id":1,"x":` + strings.Repeat("[", 20_000),
	} {
		api, _ := answering(t, says(200, body))
		if _, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); err == nil {
			t.Errorf("%.40s is no error", body)
		}
	}
	api, _ := answering(t, says(200, `{"offers":[{"x":`+deep+`,"id":1}],"y":`+deep+`}`))
	if page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil || len(page.Offers) != 1 {
		t.Errorf("%v, %v", page, err)
	}
}

func TestTheLogHoldsNeitherKeyNorBodiesNorControls(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	lines := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := &script{answers: []reply{
		says(400, `{"msg":"no `+sentinel+` \u001b]0;x\u0007"}`), says(502, "<html>\x1b[2J "+sentinel+"</html>"), says(200, `{"id":1,"api_key":"`+sentinel+`"}`),
	}}
	api := over(t, s, vastapi.WithLog(lines))
	api.Do(t.Context(), calls()[0])
	_, _ = api.User(t.Context())
	text := out.String()
	if strings.Contains(text, sentinel) || strings.Contains(text, "secret value") || strings.ContainsAny(text, "\x1b\a") {
		t.Errorf("%q", text)
	}
	for _, want := range []string{"method=PUT", "path=/api/v0/asks/77/", "status=502", "status=200", "html"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
	if strings.Count(text, "\n") != 3 {
		t.Errorf("%d lines for three requests", strings.Count(text, "\n"))
	}
}

func TestTheKeyIsAskedForAnewEachTime(t *testing.T) {
	t.Parallel()
	n := 0
	s := &script{answers: []reply{says(200, `{"id":1}`)}}
	api := over(t, s, vastapi.WithUserAgent("vastdeck/1.2"), vastapi.WithKey(vastapi.KeyFunc(func() string { n++; return fmt.Sprintf(" key-%d\n", n) })))
	_, _ = api.User(t.Context())
	_, _ = api.User(t.Context())
	a, b := s.requests()[0].header, s.requests()[1].header
	if a.Get("Authorization") == b.Get("Authorization") || !strings.HasPrefix(a.Get("Authorization"), "Bearer key-") || a.Get("User-Agent") != "vastdeck/1.2" {
		t.Errorf("%v, %v", a, b)
	}
	api = over(t, s, vastapi.WithKey(nil), vastapi.WithKey(vastapi.KeyFunc(func() string { return "" })))
	_, _ = api.User(t.Context())
	if _, there := s.requests()[2].header["Authorization"]; there {
		t.Error("an empty key was sent")
	}
}
