package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// With 5,000 instances a walk over all takes minutes. What is on the screen is
// fresh all the same, and the server has nothing to complain about.
func TestTheScreenIsFreshWithFiveThousandInstances(t *testing.T) {
	t.Parallel()
	all, counted := 5000, "5,000"
	if testing.Short() {
		all, counted = 2000, "2,000"
	}
	play(t, 160, 40, func(d *deck) {
		d.Press("2")
		d.UntilHas(2*time.Minute, "loading instances… 1,000 of "+counted)
		d.Until(8*time.Minute, func(s string) bool {
			return strings.Contains(s, "2 Instances "+itoa(int64(all))) || strings.Contains(s, "2 Instances "+counted)
		})
		d.Wait(time.Minute)
		id := d.world.Instances()[3].ID
		if row(d.Text(), itoa(id)) == "" {
			t.Fatalf("instance %d is not on the screen\n%s", id, d.Text())
		}
		for _, state := range []string{"offline", "running"} {
			d.world.SetInstanceStatus(id, state, "")
			d.Until(45*time.Second, func(s string) bool { return strings.Contains(row(s, itoa(id)), strings.ToUpper(state)) })
		}
		d.Wait(5 * time.Minute)
		d.Lacks("STALE")
		walks := 0
		for _, c := range d.world.Calls("", "") {
			if c.Status == 429 {
				t.Errorf("%s %s is too frequent at %s", c.Method, c.Path, c.At)
			}
			if c.Path == "/api/v1/instances/" {
				walks++
			}
		}
		if walks < 300 {
			t.Errorf("%d pages were read", walks)
		}
	}, vastsim.WithInstances(all), vastsim.WithRateLimits(true), vastsim.WithOffers(40))
}
