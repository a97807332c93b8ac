package vastapi_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
)

const (
	spent = `{"success":false,"error":"search_quota_exceeded","msg":"You have used all searches of today"}`
	found = `{"offers":[{"id":7}]}`
)

// A quota that is used up for hours is told with its time, is not waited for inside of a
// read, and nothing of the kind is sent before it has passed.
func TestAQuotaThatIsUsedUpIsToldAndNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]reply{
		"in seconds":            says(429, spent, "Retry-After", "10800"),
		"as a date":             says(429, spent, "Retry-After", "Fri, 21 Nov 2025 13:00:00 GMT", "Date", "Fri, 21 Nov 2025 10:00:00 GMT"),
		"as a field":            says(429, spent[:len(spent)-1]+`,"retry_after":10800}`),
		"with another status":   says(403, spent, "Retry-After", "10800"),
		"without a code, a 429": says(429, "You have used all searches of today", "Retry-After", "10800"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, s := paced(t, refusal, says(200, found))
				refused := func(wait time.Duration) {
					t.Helper()
					began := time.Now()
					_, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{})
					var e *vastapi.Error
					if !errors.As(err, &e) || e.Kind != vastapi.KindRateLimited || e.Wait != wait || time.Since(began) > time.Second || s.count() != 1 {
						t.Fatalf("%+v after %v and %d requests, want a wait of %v", e, time.Since(began), s.count(), wait)
					}
					until := began.Add(wait).Local().Format("Jan 2 15:04")
					if text := e.Sentence(); !strings.Contains(text, "You have used all searches of today") || !strings.Contains(text, "until "+until) {
						t.Error(text)
					}
				}
				refused(3 * time.Hour)
				time.Sleep(time.Hour)
				refused(2 * time.Hour)
				time.Sleep(2*time.Hour - time.Second)
				if _, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); vastapi.KindOf(err) != vastapi.KindRateLimited || s.count() != 1 {
					t.Errorf("a second before it ends: %v", err)
				}
				time.Sleep(time.Second)
				if page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); err != nil || len(page.Offers) != 1 || s.count() != 2 {
					t.Errorf("after it has ended: %v, %d requests", err, s.count())
				}
			})
		})
	}
}

// What is refused for hours is of one kind: other reads go on, and a write is sent.
func TestAQuotaHoldsNothingElseBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(429, spent, "Retry-After", "10800"), says(200, `{"id":4}`))
		if _, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{}); vastapi.KindOf(err) != vastapi.KindRateLimited {
			t.Fatal(err)
		}
		if u, err := api.User(t.Context()); err != nil || u.ID != 4 {
			t.Errorf("%+v, %v", u, err)
		}
		if s.count() != 2 {
			t.Errorf("%d requests", s.count())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		api, s := paced(t, says(429, "slow", "Retry-After", "10800"), says(200, `{"success":true}`))
		began := time.Now()
		first := api.Do(t.Context(), vastapi.DestroyInstance{ID: 5})
		second := api.Do(t.Context(), vastapi.DestroyInstance{ID: 5})
		if first.Outcome != vastapi.OutcomeRejected || second.Outcome != vastapi.OutcomeConfirmed || time.Since(began) > 6*time.Minute || s.count() != 2 {
			t.Errorf("%v, then %v after %v and %d requests", first.Outcome, second.Outcome, time.Since(began), s.count())
		}
	})
}

// An answer that says that it is cut is not taken for the whole market, wherever it says so.
func TestAnAnswerThatIsSaidToBeCutIsNotTheWholeMarket(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"offers":[{"id":7}]}`:                    false,
		`{"offers":[{"id":7}],"truncated":false}`:  false,
		`{"offers":[{"id":7}],"truncated":null}`:   false,
		`{"offers":[{"id":7}],"truncated":0}`:      false,
		`{"offers":[{"id":7}],"truncated":true}`:   true,
		`{"truncated":true,"offers":[{"id":7}]}`:   true,
		`{"truncated":"true","offers":[{"id":7}]}`: true,
		`{"offers":[{"id":7}],"truncated":1200}`:   true,
	} {
		api, _ := answering(t, says(200, body))
		page, err := api.SearchOffers(t.Context(), vastapi.OfferSearch{Limit: 500})
		if err != nil || len(page.Offers) != 1 || page.Truncated != want || page.Full() != want {
			t.Errorf("%s: %+v, %v", body, page, err)
		}
	}
}
