package vastapi_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// poller asks the way the program does: each thing again some time after its
// answer came.
type poller struct {
	ctx context.Context
	wg  sync.WaitGroup
	mu  sync.Mutex
	err error
}

func (p *poller) every(d time.Duration, order vastapi.Priority, read func(context.Context) error) {
	p.wg.Go(func() {
		for ctx := vastapi.WithPriority(p.ctx, order); ctx.Err() == nil; {
			if err := read(ctx); err != nil && ctx.Err() == nil {
				p.mu.Lock()
				p.err = err
				p.mu.Unlock()
			}
			select {
			case <-ctx.Done():
			case <-time.After(d):
			}
		}
	})
}

// rest polls what the program polls beside instances.
func (p *poller) rest(api *vastapi.Client) {
	p.every(time.Minute, vastapi.PriorityNormal, func(ctx context.Context) error { _, err := api.User(ctx); return err })
	p.every(time.Minute, vastapi.PriorityNormal, func(ctx context.Context) error { _, err := api.Volumes(ctx); return err })
	p.every(5*time.Minute, vastapi.PriorityWatch, func(ctx context.Context) error { _, err := api.PriceIncreases(ctx); return err })
	p.every(30*time.Second, vastapi.PriorityNormal, func(ctx context.Context) error {
		_, err := api.SearchOffers(ctx, vastapi.OfferSearch{Limit: 20})
		return err
	})
}

// counted is a transport that counts answers, and those that say "too frequent".
type counted struct {
	next    http.RoundTripper
	all     atomic.Int64
	refused atomic.Int64
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := c.next.RoundTrip(r)
	c.all.Add(1)
	if err == nil && a.StatusCode == http.StatusTooManyRequests {
		c.refused.Add(1)
	}
	return a, err
}

// neverTooFrequent fails when the server turned a request away or a read failed.
func (p *poller) neverTooFrequent(t *testing.T, c *counted) {
	t.Helper()
	p.wg.Wait()
	if n := c.refused.Load(); n > 0 {
		t.Errorf("%d of %d requests were too frequent", n, c.all.Load())
	}
	if p.err != nil {
		t.Errorf("a read failed: %v", p.err)
	}
}

func TestADayWithFiveInstancesIsNeverTooFrequent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithOffers(20), vastsim.WithRateLimits(true), vastsim.WithInstances(5), vastsim.WithCredit(10_000))
		counts := &counted{next: w.Transport()}
		api := over(t, counts, vastapi.WithIntervals(vastapi.DefaultIntervals()))
		span := 24 * time.Hour
		if testing.Short() {
			span = 2 * time.Hour
		}
		ctx, cancel := context.WithTimeout(t.Context(), span)
		defer cancel()
		p := &poller{ctx: ctx}
		p.rest(api)
		lists := 0
		p.every(10*time.Second, vastapi.PriorityNormal, func(ctx context.Context) error { // something moves all day
			_, err := api.Instances(ctx)
			lists++
			return err
		})
		id := vastapi.InstanceID(w.Instances()[0].ID)
		p.every(15*time.Second, vastapi.PriorityNormal, func(ctx context.Context) error { // its log is followed
			_, err := api.RequestLogs(ctx, id, vastapi.LogOptions{Tail: 200})
			return err
		})
		p.every(7*time.Minute, vastapi.PriorityNormal, func(ctx context.Context) error { // and now and then it is used
			for _, call := range []vastapi.Call{
				vastapi.LabelInstance{ID: id, Label: "x"}, vastapi.LabelInstance{ID: id, Label: "y"}, vastapi.RebootInstance{ID: id},
				vastapi.ExecuteCommand{ID: id, Command: "ls /"}, vastapi.ExecuteCommand{ID: id, Command: "du /"},
			} {
				if res := api.Do(ctx, call); res.Err != nil {
					return res.Err
				}
			}
			return nil
		})
		p.neverTooFrequent(t, counts)
		if want := int(span / (12 * time.Second)); lists < want {
			t.Errorf("%d lists of %d requests in %v", lists, counts.all.Load(), span)
		}
	})
}

// With thousands of instances a walk over all takes minutes. What is looked at is
// read by its ids, before the walk's next page.
func TestAnHourWithFiveThousandInstancesIsNeverTooFrequentAndTheScreenIsFresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithOffers(20), vastsim.WithRateLimits(true), vastsim.WithInstances(5000), vastsim.WithQuietMarket())
		counts := &counted{next: w.Transport()}
		api := over(t, counts, vastapi.WithIntervals(vastapi.DefaultIntervals()))
		span := time.Hour
		if testing.Short() {
			span = 10 * time.Minute
		}
		var screen []vastapi.InstanceID
		for n, i := range w.Instances() {
			if n%120 == 0 {
				screen = append(screen, vastapi.InstanceID(i.ID))
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), span)
		defer cancel()
		p := &poller{ctx: ctx}
		p.rest(api)
		sweeps, shown, slowest := 0, 0, time.Duration(0)
		p.every(30*time.Second, vastapi.PriorityWatch, func(ctx context.Context) error {
			page, err := api.Instances(ctx)
			if err == nil && len(page.Instances) != 5000 {
				t.Errorf("%d instances", len(page.Instances))
			}
			if err == nil {
				sweeps++
			}
			return err
		})
		p.every(10*time.Second, vastapi.PriorityNormal, func(ctx context.Context) error {
			begun := time.Now()
			page, err := api.InstancesByID(ctx, screen)
			if err == nil && len(page.Instances) != len(screen) {
				t.Errorf("%d of %d on the screen", len(page.Instances), len(screen))
			}
			if err == nil {
				shown++
				slowest = max(slowest, time.Since(begun))
			}
			return err
		})
		p.neverTooFrequent(t, counts)
		if sweeps < int(span/(6*time.Minute)) || shown < int(span/(15*time.Second)) || slowest > 8*time.Second {
			t.Errorf("%d sweeps, the screen %d times, the slowest %v", sweeps, shown, slowest)
		}
	})
}
