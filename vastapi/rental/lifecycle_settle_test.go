package rental

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// running waits until the account's first on-demand instances run and returns them.
func (m *market) running(n int) []vastapi.Instance {
	m.t.Helper()
	page, err := m.client.Instances(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	list := keepIf(page.Instances, func(i *vastapi.Instance) bool { return !i.Bid && Display(*i).Word == "RUNNING" })
	if len(list) < n {
		m.t.Fatalf("%d instances run", len(list))
	}
	return list[:n]
}

func (m *market) run(p Plan, err error) Report {
	m.t.Helper()
	return Execute(m.t.Context(), m.deps(), must(m.t)(p, err), nil)
}

func TestARestartIsSeenToHappen(t *testing.T) {
	for name, plan := range map[string]func([]vastapi.Instance, Desk) (Plan, error){"reboot": PlanReboot, "recycle": PlanRecycle} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(5))
				r := m.run(plan(m.running(3), m.desk()))
				checkCounts(t, r, 3, 0, 0, 0, 0)
				for _, s := range r.Done {
					if !s.Verified || s.Why != "" {
						t.Errorf("%+v", s)
					}
				}
				if n := len(m.world.Calls("PUT", "/api/v0/instances/"+name+"/")); n != 3 || !r.Complete() {
					t.Errorf("%d requests, %s", n, r.Label())
				}
			})
		})
	}
}

func TestARestartWithoutAnAnswerIsSentOnceAndLookedFor(t *testing.T) {
	for name, c := range map[string]struct {
		kind          vastsim.Kind
		done, unknown int
	}{
		"it happened": {vastsim.LostAnswer, 1, 0},
		"it did not":  {vastsim.Reset, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(5))
				m.world.Fault(vastsim.Fault{Kind: c.kind, Method: "PUT", Path: "/api/v0/instances/reboot/", Times: 1})
				r := m.run(PlanReboot(m.running(1), m.desk()))
				checkCounts(t, r, c.done, 0, 0, c.unknown, 0)
				if n := len(m.world.Calls("PUT", "/api/v0/instances/reboot/")); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

func TestAnUpdateIsSeenAndThenRecycled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(5))
		i := m.running(1)[0]
		u := UpdateOptionsOf(&i)
		u.Image, u.OnStart, u.Recycle = "ubuntu:24.04", "echo hi\n", true
		u.Env = u.Env.With(Env{"HF_TOKEN": "hunter2"})
		r := m.run(PlanUpdate(i, u, m.desk()))
		checkCounts(t, r, 2, 0, 0, 0, 0)
		if !r.Done[0].Verified || !r.Done[1].Verified {
			t.Errorf("%+v", r.Done)
		}
		got, err := m.client.Instance(t.Context(), i.ID)
		if err != nil || got.Image.String() != "ubuntu:24.04" || got.OnStart.Wire() != "echo hi\n" || envOf(got)["HF_TOKEN"] != "hunter2" {
			t.Errorf("%s, %q, %v", got.Image, got.OnStart.Wire(), err)
		}
		if strings.Contains(m.j.text(), "hunter2") {
			t.Error("the journal has the value of a variable")
		}
	})
}

func TestAPaymentIsSeenAndNeverSentTwice(t *testing.T) {
	for name, kind := range map[string]vastsim.Kind{"answered": "", "lost": vastsim.LostAnswer} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(5))
				i := m.running(1)[0]
				if kind != "" {
					m.world.Fault(vastsim.Fault{Kind: kind, Method: "PUT", Path: "/api/v0/instances/prepay/", Times: 1})
				}
				before := m.world.Credit()
				r := m.run(PlanPrepay(i, 10, m.desk()))
				checkCounts(t, r, 1, 0, 0, 0, 0)
				if !r.Done[0].Verified || len(m.world.Calls("PUT", "/api/v0/instances/prepay/")) != 1 || before-m.world.Credit() < 10 || before-m.world.Credit() > 11 {
					t.Errorf("%+v, the credit fell by %v", r.Done[0], before-m.world.Credit())
				}
			})
		})
	}
}

func TestAPriceIncreaseIsAnsweredAndSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(5))
		two := m.running(2)
		for _, i := range two {
			if m.world.RaisePrice(int64(i.ID), 1.5) == 0 {
				t.Fatal("no increase was made")
			}
		}
		asks, err := m.client.PriceIncreases(t.Context())
		if err != nil || len(asks.List) != 2 || asks.Bad != 0 {
			t.Fatalf("%+v, %v", asks, err)
		}
		accept := must(t)(PlanAcceptIncrease(two[:1], asks.List, m.desk()))
		if rate := accept.Cost.Change; rate < two[0].DphTotal*0.49 || rate > two[0].DphTotal*0.51 {
			t.Errorf("half as much again is said to be %v of %v", rate, two[0].DphTotal)
		}
		r := m.run(accept, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		refuse := m.run(PlanRejectIncrease(two[1:], asks.List, m.desk()))
		checkCounts(t, refuse, 1, 0, 0, 0, 0)
		if !r.Done[0].Verified || !refuse.Done[0].Verified {
			t.Errorf("%+v\n%+v", r.Done[0], refuse.Done[0])
		}
		for n, factor := range []vastapi.Rate{1.5, 1} {
			if i, err := m.client.Instance(t.Context(), two[n].ID); err != nil || i.DphTotal < two[n].DphTotal*factor*0.99 || i.DphTotal > two[n].DphTotal*factor*1.01 {
				t.Errorf("#%d costs %v after %v: %v", two[n].ID, i.DphTotal, two[n].DphTotal, err)
			}
		}
		stale := m.run(PlanAcceptIncrease(two[:1], asks.List, m.desk()))
		checkCounts(t, stale, 0, 0, 1, 0, 0)
		if why := stale.Skipped[0].Why; !strings.Contains(why, "waits no longer") {
			t.Errorf("said %q", why)
		}
	})
}

func TestACommandsOutputIsInItsReport(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(5))
		r := m.run(PlanExecute(m.running(2), "ls -l /workspace", m.desk()))
		checkCounts(t, r, 2, 0, 0, 0, 0)
		if !r.Complete() {
			t.Errorf("%s", r.Label())
		}
		for _, s := range r.Done {
			lines, err := m.client.Output(t.Context(), s.Output)
			if err != nil || lines.At(0) != "/workspace:" {
				t.Errorf("%v, %v", lines, err)
			}
		}
		m.world.Fault(vastsim.Fault{Kind: vastsim.LostAnswer, Method: "PUT", Path: "/api/v0/instances/command/", Times: 1})
		r = m.run(PlanExecute(m.running(1), "rm -r /workspace/out", m.desk()))
		checkCounts(t, r, 0, 0, 0, 1, 0)
		if n := len(m.world.Calls("PUT", "/api/v0/instances/command/")); n != 3 || r.Unknown[0].Output.Given() {
			t.Errorf("%d requests, %+v", n, r.Unknown[0])
		}
	})
}

func TestAHigherBidIsSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount())
		opt := someOptions
		o := m.cheapest(vastapi.Interruptible)
		low := o.MinBid * 1.2
		opt.Bid = &low
		id := m.run(PlanRent(o, time.Now(), opt, m.desk())).Done[0].Contract
		time.Sleep(5 * time.Minute)
		i, err := m.client.Instance(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		r := m.run(PlanBid(*i, low*2, m.desk()))
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if !r.Done[0].Verified || !slices.ContainsFunc(m.world.Instances(), func(s vastsim.InstanceState) bool { return s.BidPrice > float64(low)*1.99 }) {
			t.Errorf("%+v", r.Done[0])
		}
	})
}

// What an instance is made from and what it shows are held against each other
// byte for byte.
func TestWhatWasUpdatedIsTold(t *testing.T) {
	t.Parallel()
	i := worked(5)
	for name, c := range map[string]struct {
		call vastapi.UpdateInstance
		want bool
	}{
		"image":         {vastapi.UpdateInstance{Image: "pytorch/pytorch:2.4"}, true},
		"another image": {vastapi.UpdateInstance{Image: "pytorch/pytorch:2.5"}, false},
		"variable":      {vastapi.UpdateInstance{Env: map[string]string{"BATCH": "16"}}, true},
		"another value": {vastapi.UpdateInstance{Env: map[string]string{"BATCH": "17"}}, false},
		"missing":       {vastapi.UpdateInstance{Env: map[string]string{"NEW": ""}}, false},
		"script":        {vastapi.UpdateInstance{OnStart: "cd /workspace\npython train.py\n"}, true},
		"template":      {vastapi.UpdateInstance{Template: "abc"}, false},
	} {
		if updated(c.call, &i) != c.want {
			t.Errorf("%s: %t", name, !c.want)
		}
	}
}
