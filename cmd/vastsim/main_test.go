package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// start runs the command on a free port and returns its address.
func start(t *testing.T, args ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"--addr", "127.0.0.1:0"}, args...), w, io.Discard)
		w.CloseWithError(io.EOF)
		done <- err
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("no startup message: %v", <-done)
	}
	m := regexp.MustCompile(`VAST_URL=(http://127\.0\.0\.1:\d+)`).FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("startup message %q", line)
	}
	return m[1], func() error { cancel(); return <-done }
}

func TestItServesUntilItIsToldToStop(t *testing.T) {
	t.Parallel()
	url, stop := start(t, "--offers", "50", "--limits", "off", "--fault", "502:GET:/api/v0/gpu_types")
	for path, want := range map[string]int{"/api/v0/gpu_names/unique/": 200, "/api/v0/gpu_types/": 502} {
		a, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, want)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if a, err := http.Get(url + "/api/v0/gpu_names/unique/"); err == nil {
		a.Body.Close()
		t.Error("still serving")
	}
}

func TestStoppingDoesNotWaitForAHeldAnswer(t *testing.T) {
	t.Parallel()
	url, stop := start(t, "--offers", "50", "--fault", "latency:GET::1h")
	asked := make(chan error, 1)
	go func() {
		a, err := http.Get(url + "/api/v0/gpu_names/unique/")
		if err == nil {
			a.Body.Close()
		}
		asked <- err
	}()
	began := time.Now()
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	<-asked
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func TestRateLimitsAreOnUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]int{"on": 429, "off": 200} {
		url, stop := start(t, "--offers", "50", "--limits", flag)
		last := 0
		for range 11 {
			a, err := http.Post(url+"/api/v0/bundles/", "application/json", strings.NewReader(`{"limit":1}`))
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			last = a.StatusCode
		}
		if last != want {
			t.Errorf("limits %s: the eleventh search is %d, want %d", flag, last, want)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestRequestsArePrintedWhenAskedForAndNeverTheirQuery(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		r, w := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		args := []string{"--addr", "127.0.0.1:0", "--offers", "50", "--quiet"}
		if asked {
			args = append(args, "--log")
		}
		done := make(chan error, 1)
		go func() {
			done <- run(ctx, args, w, io.Discard)
			w.CloseWithError(io.EOF)
		}()
		lines := bufio.NewReader(r)
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
		rest := make(chan string, 1)
		go func() {
			all, _ := io.ReadAll(lines)
			rest <- string(all)
		}()
		a, err := http.Get(url + "/api/v0/gpu_names/unique/?api_key=secret")
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		stop()
		if err := <-done; err != nil {
			t.Errorf("stop: %v", err)
		}
		want := ""
		if asked {
			want = "GET /api/v0/gpu_names/unique/\n"
		}
		if got := <-rest; got != want {
			t.Errorf("asked for %v: printed %q, want %q", asked, got, want)
		}
	}
}

func TestBadArgumentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--addr", "0.0.0.0:8787"}, {"--addr", "192.0.2.1:80"}, {"--addr", "nonsense"}, {"--addr", ":8787"},
		{"--limits", "maybe"}, {"--speed", "0"}, {"--fault", "sabotage:GET:/"}, {"extra"}, {"--nonsense"},
	} {
		var out, messages bytes.Buffer
		if err := run(t.Context(), args, &out, &messages); err == nil || out.Len() > 0 {
			t.Errorf("%v: %v, printed %q", args, err, out.String())
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:80", "[::1]:0"} {
		if err := loopbackOnly(addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}
