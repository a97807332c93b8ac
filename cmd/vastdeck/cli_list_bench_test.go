package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi/vastsim"
)

// recordedMarket is the answer of a simulated market to a search for n offers.
func recordedMarket(tb testing.TB, n int) []byte {
	tb.Helper()
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithOffers(n*3/2), vastsim.WithMaxLimit(n), vastsim.WithRateLimits(false), vastsim.WithQuietMarket())
	defer world.Close()
	question := fmt.Sprintf(`{"limit":%d,"type":"on-demand","allocated_storage":10,"order":[["dph_total","asc"]]}`, n)
	r, err := http.NewRequest(http.MethodPost, "http://127.0.0.1/api/v0/bundles/", strings.NewReader(question))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+scriptKey)
	resp, err := world.Transport().RoundTrip(r)
	if err != nil {
		tb.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		tb.Fatal(resp.Status, err)
	}
	return body
}

// serveAnswer gives the address of a server that answers every search with body.
func serveAnswer(tb testing.TB, body []byte) string {
	tb.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	tb.Cleanup(s.Close)
	return s.URL
}

// runOffers runs the verb offers in this process, against url; what it prints as data is written to out.
func runOffers(tb testing.TB, url string, out *os.File, args ...string) {
	tb.Helper()
	home := tb.TempDir()
	errs, err := os.Create(home + "/stderr")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = errs.Close() }()
	key := home + "/key"
	if err := os.WriteFile(key, []byte(scriptKey), 0o600); err != nil {
		tb.Fatal(err)
	}
	env := map[string]string{"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home, "VAST_URL": url}
	a := &app{getenv: func(name string) string { return env[name] }, stdin: out, stdout: out, stderr: errs}
	if code := a.run(append([]string{"offers", "--api-key-file", key}, args...)); code != exitDone {
		said, _ := os.ReadFile(errs.Name())
		tb.Fatalf("exit code %d: %s", code, said)
	}
}

// BenchmarkOffersJSON is the verb offers with ten thousand offers from a server on
// loopback, whose answer lies ready: from the command line to the last byte printed.
func BenchmarkOffersJSON(b *testing.B) {
	const n = 10_000
	body := recordedMarket(b, n)
	url := serveAnswer(b, body)
	out, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		runOffers(b, url, out, "--json", "--no-default", "--limit", strconv.Itoa(n))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/offer")
}
