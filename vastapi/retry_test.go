package vastapi_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
)

// faults are what can become of a request, and whether a read is worth another try.
var faults = []struct {
	name  string
	reply reply
	again bool
}{
	{"429", says(429, "API requests too frequent"), true},
	{"500", says(500, `{"success":false}`), true},
	{"502", says(502, "<html>"), true},
	{"503", says(503, ""), true},
	{"504", says(504, ""), true},
	{"reset", fails(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), true},
	{"closed", fails(errors.New("unexpected EOF")), true},
	{"hangs", hangs, true},
	{"cut short", says(200, `{"success":true,"new_contr`), true},
	{"empty", says(200, ""), true},
	{"a page", says(200, "<html>hello</html>"), true},
	{"null", says(200, "null"), true},
	{"list missing", says(200, `{}`), true},
	{"drips", drips(`{"success":true,"new_contract":7,"offers":[]}`, 5*time.Second), true},
	{"stalls", drips(`{"success":true}`, time.Hour), true},
	{"400", says(400, `{"success":false,"error":"invalid_args"}`), false},
	{"401", says(401, `{"success":false,"error":"auth_error"}`), false},
	{"403", says(403, `{"success":false,"error":"auth_error"}`), false},
	{"410", says(410, `{"success":false,"error":"no_such_ask"}`), false},
	{"200 that failed", says(200, `{"success":false,"msg":"no"}`), false},
	{"redirect", says(307, "", "Location", "https://evil.example/"), false},
	{"untrusted", fails(x509.UnknownAuthorityError{}), false},
}

func TestReadsAreTriedFourTimesAtMost(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, s := paced(t, f.reply)
				_, err := api.User(t.Context())
				want := 1
				if f.again {
					want = 4
				}
				if err == nil || s.count() != want {
					t.Errorf("%d tries, want %d: %v", s.count(), want, err)
				}
				for i, g := range gaps(s.requests(), "GET", "") {
					if g < time.Second {
						t.Errorf("try %d came %v after the one before", i+2, g)
					}
				}
			})
		})
	}
}

func TestAReadThatSucceedsLaterSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(502, ""), fails(errors.New("reset")), says(200, `{"id":4}`))
		var retries int
		ctx := vastapi.WithProgress(t.Context(), func(p vastapi.Progress) {
			if p.Stage == vastapi.StageRetrying {
				retries++
			}
		})
		if u, err := api.User(ctx); err != nil || u.ID != 4 || s.count() != 3 || retries != 2 {
			t.Errorf("%+v, %v after %d requests, %d retries told", u, err, s.count(), retries)
		}
	})
}

func TestAWaitBetweenTriesCanBeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(429, "slow", "Retry-After", "200"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		start := time.Now()
		_, err := api.User(ctx)
		if !errors.Is(err, context.Canceled) || s.count() != 1 || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v and %d requests", err, time.Since(start), s.count())
		}
	})
}

// No part of the client sends a write again, and only the API's own yes or no
// is taken for one.
func TestAWriteIsSentOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	rejected := map[string]bool{"429": true, "400": true, "401": true, "403": true, "410": true, "200 that failed": true}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, call := range calls() {
					api, s := paced(t, f.reply)
					res := api.Do(t.Context(), call)
					want := vastapi.OutcomeUnknown
					if rejected[f.name] {
						want = vastapi.OutcomeRejected
					}
					if s.requests()[0].again || s.requests()[0].header.Get("Idempotency-Key") != "" {
						t.Errorf("%T: Go's transport may send it again by itself", call)
					}
					if s.count() != 1 || res.Outcome != want || res.Err == nil {
						t.Errorf("%T: %d requests, %v, %v", call, s.count(), res.Outcome, res.Err)
					}
				}
			})
		})
	}
}

func TestFiveFailuresInARowMakeReadsRestButNotWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bad := says(502, "")
		slow := func(r *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			return bad(r)
		}
		api, s := paced(t, bad, bad, bad, bad, bad, bad, slow)
		_, _ = api.User(t.Context())
		_, err := api.Instance(t.Context(), 1)
		if vastapi.KindOf(err) != vastapi.KindServer || s.count() != 5 {
			t.Fatalf("%v after %d requests: the failure before the pause is what is told", err, s.count())
		}
		_, err = api.Volumes(t.Context())
		var e *vastapi.Error
		if !errors.As(err, &e) || e.Kind != vastapi.KindPaused || e.Wait < 25*time.Second || e.Wait > 30*time.Second || s.count() != 5 {
			t.Fatalf("%+v after %d requests", e, s.count())
		}
		if h := api.Health(); h.Failures != 5 || time.Until(h.Paused) != e.Wait {
			t.Errorf("%+v", h)
		}
		api.Do(t.Context(), vastapi.DestroyInstance{ID: 1})
		if s.count() != 6 {
			t.Error("a destroy was held back")
		}
		time.Sleep(31 * time.Second)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _, _ = api.User(t.Context()) })
		}
		synctest.Wait()
		_, err = api.Volumes(t.Context())
		wg.Wait()
		if err == nil || s.count() != 7 {
			t.Errorf("%v after %d requests: one read finds out whether the server is back", err, s.count())
		}
		time.Sleep(31 * time.Second)
		if _, err = api.Volumes(t.Context()); vastapi.KindOf(err) != vastapi.KindPaused {
			t.Errorf("%v: the second pause is twice as long", err)
		}
	})
}

func TestReadsGoOnOnceTheServerIsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bad := says(503, "")
		api, s := paced(t, bad, bad, bad, bad, bad, says(200, fine))
		_, _ = api.User(t.Context())
		_, _ = api.User(t.Context())
		time.Sleep(31 * time.Second)
		for name, read := range reads(api) {
			if name == "instance" {
				continue
			}
			if err := read(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if h := api.Health(); h.Failures != 0 || !h.Paused.IsZero() {
			t.Errorf("%+v after %d requests", h, s.count())
		}
	})
}

func TestASlowAnswerEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		reply reply
		run   func(*vastapi.Client, context.Context)
		want  time.Duration
	}{
		{"a read that hangs", hangs, func(c *vastapi.Client, ctx context.Context) { _, _ = c.User(ctx) }, 30 * time.Second},
		{"a search that hangs", hangs, func(c *vastapi.Client, ctx context.Context) { _, _ = c.SearchOffers(ctx, vastapi.OfferSearch{}) }, 60 * time.Second},
		{"a create that hangs", hangs, func(c *vastapi.Client, ctx context.Context) { c.Do(ctx, calls()[0]) }, 60 * time.Second},
		{"a destroy that hangs", hangs, func(c *vastapi.Client, ctx context.Context) { c.Do(ctx, vastapi.DestroyInstance{ID: 1}) }, 30 * time.Second},
		{"no byte for long", drips(`{"id":4}`, time.Hour), func(c *vastapi.Client, ctx context.Context) { _, _ = c.User(ctx) }, 10 * time.Second},
		{"a byte now and then", drips(`{"id":4,"email":"a@example.org"}`, 3*time.Second), func(c *vastapi.Client, ctx context.Context) { _, _ = c.User(ctx) }, 30 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: []reply{c.reply, says(400, `{"msg":"enough"}`)}}
				api := over(t, s)
				start := time.Now()
				c.run(api, t.Context())
				if took := time.Since(start); took != c.want {
					t.Errorf("took %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestTheServersClockIsCompared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		date := time.Now().Add(7 * time.Minute).UTC().Format(http.TimeFormat)
		api, _ := answering(t, says(200, `{"id":4}`, "Date", date))
		_, _ = api.User(t.Context())
		if h := api.Health(); h.Skew != 7*time.Minute || h.Requests != 1 {
			t.Errorf("%+v", h)
		}
	})
}
