package vastapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

const signed = "https://s3.example/logs/C.5.log?X-Amz-Signature=5ecre7"

func asked(url string) reply {
	return says(200, `{"success":true,"result_url":"`+url+`","writeable_path":"/var/lib/x","msg":"wait"}`)
}

func whole(l *safetext.Lines) string {
	var all []string
	for _, s := range l.All() {
		all = append(all, s)
	}
	return strings.Join(all, "\n")
}

// looking is a client with the look-ups' own interval and no other.
func looking(t *testing.T, s *script) *vastapi.Client {
	return over(t, s, vastapi.WithIntervals(vastapi.Intervals{Result: 300 * time.Millisecond}))
}

func TestALogIsAskedForAndReadWithoutTheKeyOnceItIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []reply{asked(signed), says(404, ""), says(403, ""), says(200, "one\x1b[2J\ntwo\n/var/lib/x/a")}}
		begun := time.Now()
		lines, err := looking(t, s).RequestLogs(t.Context(), 5, vastapi.LogOptions{Tail: 100, Filter: `lo"ss`, Daemon: true})
		if err != nil || whole(lines) != "one␛[2J\ntwo\n/a" {
			t.Fatalf("%v, %v", lines, err)
		}
		if took := time.Since(begun); took != 900*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		got := s.requests()
		if got[0].method != "PUT" || !strings.HasSuffix(got[0].url, "/api/v0/instances/request_logs/5/") || got[0].body != `{"daemon_logs":"true","filter":"lo\"ss","tail":"100"}` {
			t.Errorf("asked %s %s %s", got[0].method, got[0].url, got[0].body)
		}
		for _, q := range got[1:] {
			if q.method != "GET" || q.url != signed || q.body != "" || q.header.Get("Authorization") != "" || strings.Contains(fmt.Sprint(q.header), sentinel) {
				t.Errorf("looked with %s %s %v", q.method, q.url, q.header)
			}
		}
		if len(got) != 4 {
			t.Errorf("%d requests", len(got))
		}
	})
}

func TestALogThatNeverArrivesIsGivenUpAfterNineSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []reply{asked(signed), says(404, "")}}
		begun := time.Now()
		_, err := looking(t, s).RequestLogs(t.Context(), 5, vastapi.LogOptions{})
		if vastapi.KindOf(err) != vastapi.KindNotReady || s.count() != 31 || time.Since(begun) != 9*time.Second {
			t.Errorf("%v after %d requests and %v", err, s.count(), time.Since(begun))
		}
		if s.requests()[0].body != "{}" {
			t.Errorf("asked %s", s.requests()[0].body)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s = &script{answers: []reply{asked(signed), says(404, "")}}
		if _, err := looking(t, s).RequestLogs(ctx, 5, vastapi.LogOptions{}); !errors.Is(err, context.DeadlineExceeded) || s.count() > 5 {
			t.Errorf("given up by the user: %v after %d requests", err, s.count())
		}
	})
}

func TestALookThatFailsIsTriedAgainButARefusalIsNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second reply
		kind   vastapi.Kind
		count  int
	}{
		"broken":   {fails(errors.New("reset by https://s3.example?X-Amz-Signature=5ecre7")), "", 3},
		"busy":     {says(503, "slow down"), "", 3},
		"redirect": {says(302, "", "Location", "http://169.254.169.254/"), vastapi.KindRedirect, 2},
	} {
		api, s := answering(t, asked(signed), c.second, says(200, "text"))
		lines, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
		if vastapi.KindOf(err) != c.kind || s.count() != c.count || (c.kind == "" && whole(lines) != "text") {
			t.Errorf("%s: %v after %d requests", name, err, s.count())
		}
	}
}

func TestATextIsReadNowhereButWhereNobodyReadsAlong(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"http://s3.example/x", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://s3.example/x", "//s3.example/x", "x", "https://user:pass@s3.example/x",
		"http://127.0.0.1:1/x", "http://localhost/x", "https:///x", "javascript:1",
	} {
		api, s := answering(t, asked(url), says(200, "text"))
		_, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
		if vastapi.KindOf(err) != vastapi.KindServer || s.count() != 1 {
			t.Errorf("%s: %v after %d requests", url, err, s.count())
		}
	}
	api, s := answering(t, says(200, `{"success":true,"msg":"no address"}`))
	if _, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{}); vastapi.KindOf(err) != vastapi.KindServer || s.count() == 0 {
		t.Errorf("without an address: %v", err)
	}
	for _, opt := range []vastapi.LogOptions{{Tail: -1}, {Filter: "a\nb"}, {Filter: strings.Repeat("x", 600)}} {
		api, s := answering(t, asked(signed))
		if _, err := api.RequestLogs(t.Context(), 5, opt); vastapi.KindOf(err) != vastapi.KindRejected || s.count() != 0 {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

func TestTheAddressOfATextIsShownNowhere(t *testing.T) {
	t.Parallel()
	res := func() vastapi.Result {
		api, _ := answering(t, asked(signed))
		return api.Do(t.Context(), vastapi.ExecuteCommand{ID: 5, Command: "ls /"})
	}()
	if res.Outcome != vastapi.OutcomeConfirmed || !res.Output.Given() {
		t.Fatalf("%+v", res)
	}
	api, _ := answering(t, asked(signed), fails(fmt.Errorf("Get %q: reset", signed)), says(404, ""))
	_, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
	broken, _ := answering(t, asked(signed), fails(fmt.Errorf("Get %q: reset", signed)))
	_, lost := broken.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
	if vastapi.KindOf(lost) != vastapi.KindTransport {
		t.Errorf("%v", lost)
	}
	text, _ := res.Output.MarshalJSON()
	for _, s := range append(printed(res, res.Output, err, lost), string(text)) {
		if strings.Contains(s, "5ecre7") {
			t.Errorf("shown: %s", s)
		}
	}
	var e *vastapi.Error
	if errors.As(lost, &e) && strings.Contains(e.Sentence()+e.Message, "5ecre7") {
		t.Errorf("said: %s", e.Sentence())
	}
}

func TestWhatACommandPrintsIsReadLikeALog(t *testing.T) {
	t.Parallel()
	api, s := answering(t, asked(signed), says(404, ""), says(200, "/var/lib/x/workspace:\ntotal 4\n"))
	res := api.Do(t.Context(), vastapi.ExecuteCommand{ID: 5, Command: "ls -l /workspace"})
	lines, err := api.Output(t.Context(), res.Output)
	if err != nil || whole(lines) != "/workspace:\ntotal 4" || s.count() != 3 {
		t.Errorf("%v, %v after %d requests", lines, err, s.count())
	}
	if _, err := api.Output(t.Context(), vastapi.Output{}); vastapi.KindOf(err) != vastapi.KindRejected {
		t.Errorf("no output: %v", err)
	}
	api, _ = answering(t, says(200, `{"success":true}`))
	if res := api.Do(t.Context(), vastapi.ExecuteCommand{ID: 5, Command: "ls /"}); res.Outcome != vastapi.OutcomeConfirmed || res.Output.Given() {
		t.Errorf("without an address: %+v", res)
	}
}

func TestALogIsReadWithoutColoursAndStateByState(t *testing.T) {
	t.Parallel()
	api, _ := answering(t, asked(signed), says(200, "\x1b[32mINFO\x1b[0m load\n\r  0%|\r100%|\ndone\n"))
	lines, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
	if err != nil || whole(lines) != "INFO load\n  0%|\n100%|\ndone" {
		t.Errorf("%v, %q", err, whole(lines))
	}
}

func TestAnEndlessLogIsLeftAtItsLimit(t *testing.T) {
	t.Parallel()
	body := &endless{}
	api, _ := answering(t, asked(signed), func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: -1, Body: body}, nil
	})
	if _, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{}); vastapi.KindOf(err) != vastapi.KindServer || body.read > 34<<20 {
		t.Errorf("%d MB were read: %v", body.read>>20, err)
	}
	long := strings.Repeat("a line of a log that is rather long\n", 400_000)
	api, _ = answering(t, asked(signed), says(200, long))
	lines, err := api.RequestLogs(t.Context(), 5, vastapi.LogOptions{})
	if err != nil || lines.Len() != 200_000 || lines.Dropped() != 200_000 {
		t.Errorf("%d lines of %d MB, %v", lines.Len(), len(long)>>20, err)
	}
}

// A result on this machine needs no https, and still has no key.
func TestLogsAreReadOverASocketFromTheAPIItself(t *testing.T) {
	t.Parallel()
	w := vastsim.New(vastsim.WithOffers(20), vastsim.WithQuietMarket())
	var leaked []string
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_results/") && r.Header.Get("Authorization") != "" {
			leaked = append(leaked, r.URL.Path)
		}
		w.Handler().ServeHTTP(rw, r)
	}))
	t.Cleanup(srv.Close)
	api := to(t, srv.URL, vastapi.WithIntervals(vastapi.Intervals{Result: time.Millisecond}))
	for _, i := range w.Instances() {
		id := vastapi.InstanceID(i.ID)
		lines, err := api.RequestLogs(t.Context(), id, vastapi.LogOptions{Daemon: true, Tail: 1})
		if err != nil || lines.Len() != 1 || !strings.Contains(lines.At(0), "kaalia") {
			t.Errorf("#%d: %v, %v", id, lines, err)
		}
		res := api.Do(t.Context(), vastapi.ExecuteCommand{ID: id, Command: "ls -l /workspace"})
		out, err := api.Output(t.Context(), res.Output)
		if err != nil || out.At(0) != "/workspace:" || !strings.Contains(whole(out), "train.py") {
			t.Errorf("#%d: %v, %v", id, out, err)
		}
	}
	if len(leaked) > 0 {
		t.Errorf("the key went to %v", leaked)
	}
}

func BenchmarkALogOfTenMegabytes(b *testing.B) {
	text := strings.Repeat("2026-01-01 00:00:00 INFO step 12345 loss 0.1234 lr 2.00e-04 and some more words to fill the line\n", 100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		api, _ := answering(b, asked(signed), func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}, nil
		})
		if _, err := api.RequestLogs(b.Context(), 5, vastapi.LogOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
