package vastapi_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
)

// paced returns a client with the intervals of the product. It must be called
// inside a bubble.
func paced(t *testing.T, answers ...reply) (*vastapi.Client, *script) {
	s := &script{answers: answers}
	return over(t, s, vastapi.WithIntervals(vastapi.DefaultIntervals())), s
}

// gaps are the times between the requests whose method and address begin so.
func gaps(all []sent, method, path string) []time.Duration {
	var at []time.Time
	for _, q := range all {
		if q.method == method && strings.HasPrefix(q.url, vastapi.DefaultBaseURL+path) {
			at = append(at, q.at)
		}
	}
	var out []time.Duration
	for i := 1; i < len(at); i++ {
		out = append(out, at[i].Sub(at[i-1]))
	}
	return out
}

const fine = `{"success":true,"offers":[],"instances":[],"volumes":[],"gpu_names":[],"reports":[],"templates":[],"ssh_keys":[],"pending_price_increases":[],"apikeys":[],"secrets":{},"audit_logs":[],"tfa_enabled":false,"id":1,"new_contract":9}`

func TestEveryRouteKeepsItsPublishedInterval(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		run  func(context.Context, *vastapi.Client)
		want time.Duration
	}{
		{"search", func(ctx context.Context, c *vastapi.Client) { _, _ = c.SearchOffers(ctx, vastapi.OfferSearch{}) }, 6 * time.Second},
		{"instances", func(ctx context.Context, c *vastapi.Client) { _, _ = c.Instances(ctx) }, time.Second},
		{"instance", func(ctx context.Context, c *vastapi.Client) { _, _ = c.Instance(ctx, 1) }, 2 * time.Second},
		{"volumes", func(ctx context.Context, c *vastapi.Client) { _, _ = c.Volumes(ctx) }, 5500 * time.Millisecond},
		{"user", func(ctx context.Context, c *vastapi.Client) { _, _ = c.User(ctx) }, time.Second},
		{"create", do(vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8}), 4500 * time.Millisecond},
		{"start", do(vastapi.SetInstanceState{ID: 1, State: "running"}), time.Second},
		{"label", do(vastapi.LabelInstance{ID: 1}), time.Second},
		{"reboot", do(vastapi.RebootInstance{ID: 1}), time.Second},
		{"destroy", do(vastapi.DestroyInstance{ID: 1}), 3 * time.Second},
		{"change bid", do(vastapi.ChangeBid{ID: 1, Price: 0.2}), 5500 * time.Millisecond},
		{"prepay", do(vastapi.PrepayInstance{ID: 1, Amount: 1}), 2 * time.Second},
		{"one offer", func(ctx context.Context, c *vastapi.Client) { _, _ = c.OfferRaw(ctx, 1, "", 0) }, 6 * time.Second},
		{"GPU names", func(ctx context.Context, c *vastapi.Client) { _, _ = c.GPUNames(ctx) }, time.Second},
		{"reports", func(ctx context.Context, c *vastapi.Client) { _, _ = c.MachineReports(ctx, 1) }, 1200 * time.Millisecond},
		{"templates", func(ctx context.Context, c *vastapi.Client) { _, _ = c.Templates(ctx, vastapi.TemplateQuery{}) }, 3 * time.Second},
		{"ssh keys", func(ctx context.Context, c *vastapi.Client) { _, _ = c.SSHKeys(ctx) }, time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, s := paced(t, says(200, fine))
				var wg sync.WaitGroup
				for range 8 {
					wg.Go(func() { c.run(t.Context(), api) })
				}
				wg.Wait()
				all := gaps(s.requests(), s.requests()[0].method, "")
				if len(all) != 7 {
					t.Fatalf("%d requests", len(all)+1)
				}
				for _, g := range all {
					if g < c.want || g > c.want+c.want/25 {
						t.Errorf("%v between two requests, want %v and a little", g, c.want)
					}
				}
			})
		})
	}
}

func do(call vastapi.Call) func(context.Context, *vastapi.Client) {
	return func(ctx context.Context, c *vastapi.Client) { c.Do(ctx, call) }
}

func TestAWriteOvertakesReadsThatWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(200, fine))
		var wg sync.WaitGroup
		for id := range 20 {
			wg.Go(func() { _, _ = api.Instance(t.Context(), vastapi.InstanceID(id+1)) })
			wg.Go(func() { _, _ = api.User(t.Context()) })
		}
		time.Sleep(5 * time.Second)
		asked := time.Now()
		if res := api.Do(t.Context(), vastapi.DestroyInstance{ID: 5}); res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%+v", res)
		}
		if took := time.Since(asked); took > 500*time.Millisecond {
			t.Errorf("a destroy waited %v behind reads", took)
		}
		wg.Wait()
		if n := s.count(); n != 41 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestRequestsOfAllRoutesShareOneLaneInWhichWritesGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []reply{says(200, fine)}}
		api := over(t, s, vastapi.WithIntervals(vastapi.Intervals{Between: 2 * time.Second}))
		var wg sync.WaitGroup
		for _, name := range []string{"user", "volumes", "offers", "labels"} {
			wg.Go(func() { _ = reads(api)[name](t.Context()) })
		}
		synctest.Wait()
		for id := range 3 {
			wg.Go(func() { api.Do(t.Context(), vastapi.DestroyInstance{ID: vastapi.InstanceID(id + 1)}) })
		}
		wg.Wait()
		for i, q := range s.requests() {
			if destroys := q.method == "DELETE"; destroys != (i >= 1 && i <= 3) {
				t.Errorf("request %d is %s %s", i+1, q.method, q.url)
			}
			if i > 0 && q.at.Sub(s.requests()[i-1].at) < 2*time.Second {
				t.Errorf("request %d came %v after the one before", i+1, q.at.Sub(s.requests()[i-1].at))
			}
		}
	})
}

func TestReadsStayWithinSixtyAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(200, fine))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for _, read := range reads(api) {
			wg.Go(func() {
				for read(ctx) == nil {
				}
			})
		}
		wg.Wait()
		all := s.requests()
		for i := 60; i < len(all); i++ {
			if d := all[i].at.Sub(all[i-60].at); d < time.Minute {
				t.Fatalf("61 reads within %v", d)
			}
		}
		if len(all) < 550 {
			t.Errorf("only %d reads in ten minutes", len(all))
		}
	})
}

func TestMoreUrgentSearchesGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(200, fine))
		var wg sync.WaitGroup
		ask := func(p vastapi.Priority, storage vastapi.GB) {
			wg.Go(func() {
				_, _ = api.SearchOffers(vastapi.WithPriority(t.Context(), p), vastapi.OfferSearch{Storage: storage})
			})
			synctest.Wait()
		}
		ask(vastapi.PriorityNormal, 1)
		ask(vastapi.PriorityRecorder, 2)
		ask(vastapi.PriorityWatch, 3)
		ask(vastapi.PriorityNormal, 4)
		ask(vastapi.PriorityTyped, 5)
		ask(vastapi.PriorityReread, 6)
		ask(vastapi.PriorityTyped, 7)
		wg.Wait()
		var got []string
		for _, q := range s.requests() {
			_, after, _ := strings.Cut(q.body, `"allocated_storage":`)
			got = append(got, after[:1])
		}
		if want := []string{"1", "6", "5", "7", "4", "3", "2"}; !slices.Equal(got, want) {
			t.Errorf("went in the order %v, want %v", got, want)
		}
	})
}

func TestTheMinutesBudgetHoldsWhateverTheNetworkDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Each request takes its time on the way there: the server may see the
		// first of ten late and the eleventh at once.
		delays := rand.New(rand.NewPCG(7, 7))
		var mu sync.Mutex
		var seen []time.Time
		away := func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			there, back := time.Duration(delays.Int64N(int64(6*time.Second))), time.Duration(delays.Int64N(int64(time.Second)))
			mu.Unlock()
			time.Sleep(there)
			mu.Lock()
			seen = append(seen, time.Now())
			mu.Unlock()
			time.Sleep(back)
			return says(200, fine)(r)
		}
		api, _ := paced(t, away)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for ctx.Err() == nil {
					_, _ = api.SearchOffers(ctx, vastapi.OfferSearch{})
				}
			})
		}
		wg.Wait()
		slices.SortFunc(seen, time.Time.Compare)
		for i := 10; i < len(seen); i++ {
			if d := seen[i].Sub(seen[i-10]); d < time.Minute {
				t.Fatalf("search %d reached the server %v after the tenth before it", i, d)
			}
		}
		if len(seen) < 450 {
			t.Errorf("only %d searches in an hour", len(seen))
		}
	})
}

func TestATypedQueryIsSentSixSecondsAfterTheLastSearchAtTheEarliest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(200, fine))
		for i, p := range []vastapi.Priority{vastapi.PriorityRecorder, vastapi.PriorityTyped, vastapi.PriorityReread, vastapi.PriorityTyped} {
			_, _ = api.SearchOffers(vastapi.WithPriority(t.Context(), p), vastapi.OfferSearch{Limit: i + 1})
			time.Sleep(time.Duration(i) * time.Second)
		}
		for _, g := range gaps(s.requests(), "POST", "") {
			if g < 6*time.Second || g > 6500*time.Millisecond {
				t.Errorf("%v between two searches", g)
			}
		}
	})
}

func TestWaitingIsToldAndTheTimeLimitStartsAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(28 * time.Second):
				return says(200, fine)(r)
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
		api, _ := paced(t, says(200, fine), slow)
		api.Do(t.Context(), vastapi.DestroyInstance{ID: 1})
		start := time.Now()
		var stages []string
		ctx := vastapi.WithProgress(t.Context(), func(p vastapi.Progress) {
			stages = append(stages, fmt.Sprint(p.Stage, p.Route, p.Until.Sub(start).Round(10*time.Millisecond)))
		})
		res := api.Do(ctx, vastapi.DestroyInstance{ID: 2})
		if res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%+v: the limit of 30 s ran while the pacer held the request", res)
		}
		if len(stages) != 2 || stages[0] != "0destroy instance3.06s" || !strings.HasPrefix(stages[1], "1destroy instance") {
			t.Errorf("told %q", stages)
		}
	})
}

func TestWaitingCountsThoseAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, _ := paced(t, says(200, fine))
		start := time.Now()
		var wg sync.WaitGroup
		for i := range 4 {
			var first time.Time
			ctx := vastapi.WithProgress(t.Context(), func(p vastapi.Progress) {
				if first.IsZero() && p.Stage == vastapi.StageWaiting {
					first = p.Until
				}
			})
			wg.Go(func() { _, _ = api.SearchOffers(ctx, vastapi.OfferSearch{}) })
			synctest.Wait()
			if want := time.Duration(i) * 6120 * time.Millisecond; i > 0 && first.Sub(start) != want {
				t.Errorf("search %d is told to wait %v, want %v", i+1, first.Sub(start), want)
			}
		}
		wg.Wait()
	})
}

func TestAWaitThatIsGivenUpSendsNothingAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(200, fine))
		api.Do(t.Context(), vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		res := api.Do(ctx, vastapi.CreateInstance{Offer: 2, Image: "i", Disk: 8})
		if res.Outcome != vastapi.OutcomeNotSent || !errors.Is(res.Err, context.Canceled) || s.count() != 1 {
			t.Errorf("%+v after %d requests", res, s.count())
		}
		api.Do(t.Context(), vastapi.CreateInstance{Offer: 3, Image: "i", Disk: 8})
		if g := gaps(s.requests(), "PUT", ""); g[0] > 4600*time.Millisecond {
			t.Errorf("the next one waited %v", g[0])
		}
	})
}

func TestARequestThatHadLeftCountsThoughItWasCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, hangs, says(200, fine))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, _ = api.SearchOffers(ctx, vastapi.OfferSearch{})
		_, _ = api.SearchOffers(t.Context(), vastapi.OfferSearch{})
		if g := gaps(s.requests(), "POST", ""); g[0] < 6*time.Second {
			t.Errorf("the next search left after %v", g[0])
		}
	})
}

func TestTooFrequentMakesTheRouteRestForEverybody(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		answer reply
		least  time.Duration
		most   time.Duration
	}{
		{"without a number, the table's", says(429, "API requests too frequent"), 2 * time.Second, 2100 * time.Millisecond},
		{"with a threshold", says(429, `{"detail":"API requests too frequent endpoint threshold=9.0"}`), 9 * time.Second, 9300 * time.Millisecond},
		{"with a smaller threshold", says(429, `API requests too frequent: endpoint threshold=0.5`), 2 * time.Second, 2100 * time.Millisecond},
		{"with Retry-After in seconds", says(429, "slow", "Retry-After", "100"), 100 * time.Second, 100 * time.Second},
		{"with Retry-After as a date", says(429, "slow", "Retry-After", "Fri, 21 Nov 2025 10:02:00 GMT", "Date", "Fri, 21 Nov 2025 10:00:00 GMT"), 2 * time.Minute, 2 * time.Minute},
		{"with the longest Retry-After that is waited for", says(429, "slow", "Retry-After", "300"), 5 * time.Minute, 5 * time.Minute},
		{"with Retry-After beyond reason", says(429, "slow", "Retry-After", "99999999"), 2 * time.Second, 2100 * time.Millisecond},
		{"with a field", says(429, `{"msg":"slow","retry_after":30}`), 30 * time.Second, 30 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, s := paced(t, c.answer, says(200, `{"instances":null}`))
				var wg sync.WaitGroup
				wg.Go(func() { _, _ = api.Instance(t.Context(), 1) })
				synctest.Wait()
				wg.Go(func() { _, _ = api.Instance(t.Context(), 2) })
				wg.Wait()
				if g := gaps(s.requests(), "GET", ""); g[0] < c.least || g[0] > c.most {
					t.Errorf("the next request left after %v, want %v", g[0], c.least)
				}
			})
		})
	}
}

func TestTooFrequentAgainAndAgainDoublesTheRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(429, "API requests too frequent"))
		_, err := api.Instance(t.Context(), 1)
		var e *vastapi.Error
		if !errors.As(err, &e) || e.Kind != vastapi.KindRateLimited || e.Wait < 16*time.Second {
			t.Errorf("%+v", e)
		}
		g := gaps(s.requests(), "GET", "")
		if len(g) != 3 {
			t.Fatalf("%d tries, want 4", len(g)+1)
		}
		for i, want := range []time.Duration{2, 4, 8} {
			if d := want * time.Second; g[i] < d || g[i] > d+d/10 {
				t.Errorf("rest %d is %v, want %v", i+1, g[i], d)
			}
		}
	})
}

func TestCreatingRestsLongerAfterTooFrequentAndIsNotSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(429, "API requests too frequent"), says(200, fine))
		create := vastapi.CreateInstance{Offer: 1, Image: "i", Disk: 8}
		if res := api.Do(t.Context(), create); res.Outcome != vastapi.OutcomeRejected || s.count() != 1 {
			t.Errorf("%+v after %d requests", res, s.count())
		}
		api.Do(t.Context(), create)
		if g := gaps(s.requests(), "PUT", ""); g[0] < 12*time.Second {
			t.Errorf("the next create left after %v", g[0])
		}
	})
}

func TestIntervalsCanBeDivided(t *testing.T) {
	t.Parallel()
	whole, part := vastapi.DefaultIntervals(), vastapi.DefaultIntervals().Divided(1000)
	if part.Least[vastapi.RouteSearch] != 6*time.Millisecond || part.Pause != 30*time.Millisecond || part.Minute != 60*time.Millisecond {
		t.Errorf("%+v", part)
	}
	if whole.Least[vastapi.RouteSearch] != 6*time.Second {
		t.Error("the whole was changed")
	}
}

// The server counts by address too: another key is no second budget.
func TestClientsThatShareAPacerShareOneBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, _ := paced(t, says(200, fine))
		s := &script{answers: []reply{says(200, fine)}}
		second := over(t, s, vastapi.WithIntervals(vastapi.DefaultIntervals()), vastapi.WithPacerOf(first))
		third := over(t, s, vastapi.WithIntervals(vastapi.DefaultIntervals()), vastapi.WithPacerOf(nil))
		search := func(c *vastapi.Client) time.Duration {
			begun := time.Now()
			if _, err := c.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil {
				t.Fatal(err)
			}
			return time.Since(begun)
		}
		search(first)
		if d := search(second); d < 6*time.Second {
			t.Errorf("the second key searches after %s", d)
		}
		if d := search(third); d != 0 {
			t.Errorf("a client with a pacer of its own waits %s", d)
		}
		begun := time.Now()
		for range 10 {
			search(first)
			search(second)
		}
		if d := time.Since(begun); d < 119*time.Second {
			t.Errorf("twenty searches of both together took %s", d)
		}
	})
}

// An interval that the server has named is known to the next client.
func TestWhatAPacerHasLearntIsHandedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, _ := paced(t, says(429, `API requests too frequent: endpoint threshold=9.0`), says(200, fine))
		if _, err := first.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		s := &script{answers: []reply{says(200, fine)}}
		second := over(t, s, vastapi.WithIntervals(vastapi.DefaultIntervals()), vastapi.WithPacerOf(first))
		if _, err := second.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begun); d < 9*time.Second {
			t.Errorf("the second client searches after %s, though 9 s were asked for", d)
		}
	})
}
