package rental

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestAPriceIncreaseIsReadAgainBeforeItIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		now     func(*rising)
		sent    int
		err     error
		skipped int
		says    string
	}{
		"it waits as before": {func(*rising) {}, 1, nil, 0, ""},
		"it was raised":      {func(r *rising) { r.waiting[0].NewGPU = 20 }, 0, ErrMoved, 0, "the price that is asked for was $2.000/h, is now $20.00/h"},
		"its disk was":       {func(r *rising) { r.waiting[0].NewDisk = 9 }, 0, ErrMoved, 0, "the disk price that is asked for"},
		"its traffic was":    {func(r *rising) { r.waiting[0].NewUp = 1 }, 0, ErrMoved, 0, "the price of traffic out"},
		"it is lower now":    {func(r *rising) { r.waiting[0].NewGPU = 1 }, 1, nil, 0, ""},
		"another asks":       {func(r *rising) { r.waiting[0].ID = 4 }, 0, nil, 1, "waits no longer"},
		"it is gone":         {func(r *rising) { r.waiting = nil }, 0, nil, 1, "waits no longer"},
		"it cannot be read":  {func(r *rising) { r.err = errLost }, 0, errLost, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				for _, plan := range []func([]vastapi.Instance, []vastapi.PriceIncrease, Desk) (Plan, error){PlanAcceptIncrease, PlanRejectIncrease} {
					r := &rising{account: newAccount(), waiting: []vastapi.PriceIncrease{rise(3, 1, 2)}}
					r.instances = []vastapi.Instance{instance(1, "a")}
					p := must(t)(plan(r.instances, r.waiting, r.desk(t)))
					r.waiting = []vastapi.PriceIncrease{rise(3, 1, 2)}
					c.now(r)
					time.Sleep(time.Second) // too short for anything else to be read again
					deps := r.deps(&memory{})
					deps.Read = r
					report := Execute(t.Context(), deps, p, nil)
					said := ""
					for _, m := range report.Moved {
						said += m.String()
					}
					for _, s := range report.Skipped {
						said += s.Why
					}
					if len(r.calls) != c.sent || !errors.Is(report.Err, c.err) || len(report.Skipped) != c.skipped || !strings.Contains(said, c.says) {
						t.Errorf("%s: %d sent, %v, %d skipped, %q", p.Verb, len(r.calls), report.Err, len(report.Skipped), said)
					}
				}
			})
		})
	}
}

func TestAnIncreaseThatIsNotListedAmongManyIsNotTakenForGone(t *testing.T) {
	t.Parallel()
	asked := rise(3, 1, 2)
	f := Fact{Subject: Subject{Instance: 1}, Increase: &asked}
	for _, now := range []vastapi.PriceIncreases{{Truncated: true}, {Bad: 1}} {
		if got := f.againstIncreases(now); len(refuses(got)) != 1 || got[0].Gone {
			t.Errorf("%+v: %+v", now, got)
		}
	}
}
