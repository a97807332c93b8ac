package rental

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

// fakeFleet is a fleet of an account in memory.
func fakeFleet(t *testing.T, a *account, n int, opt FleetOptions) Plan {
	t.Helper()
	a.offers, a.credit = places(n), 1000
	return must(t)(PlanFleet(a.offers, time.Now(), opt, a.desk(t)))
}

func TestAFleetIsRentedWithNothingAskedTwice(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		r := Execute(t.Context(), a.deps(&memory{}), fakeFleet(t, a, 10, fleetOf(3)), nil)
		checkCounts(t, r, 3, 0, 0, 0, 7)
		if !r.Complete() || r.Label() != "3 of 3" || r.Summary() != "Done: rented 3 of 3." || sent[vastapi.CreateInstance](a) != 3 {
			t.Errorf("%s, %d requests", r.Summary(), sent[vastapi.CreateInstance](a))
		}
	})
}

func TestThreeOfFiveIsSaidWithTheReasons(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		opt := fleetOf(5)
		p := fakeFleet(t, a, 6, opt)
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			switch n {
			case 1:
				return refused(vastapi.KindGone, 410), true
			case 3:
				return refused(vastapi.KindRejected, 400), true
			case 5:
				return refused(vastapi.KindCredit, 400), true
			}
			return vastapi.Result{}, false
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if r.Label() != "3 of 5" || r.Complete() || strings.Contains(r.Summary(), "Done") || !strings.HasPrefix(r.Summary(), "Rented 3 of 5. No more is tried") {
			t.Errorf("%q, %q", r.Label(), r.Summary())
		}
		text := r.Text()
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if len(lines) != 8 || lines[0] != "3 of 5" || lines[1] != "offer\tinstance\tmachine\tprice\tresult\treason" ||
			!strings.HasPrefix(lines[2], "1\t9001\t1001\t$0.307/h\trented\t") || !strings.Contains(lines[7], "\tskipped\tThis offer is no longer") {
			t.Errorf("%s", text)
		}
		raw, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var out struct {
			Result   string
			Complete *bool
			Nodes    []map[string]float64
		}
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		n := out.Nodes
		if out.Result != "3 of 5" || out.Complete == nil || *out.Complete || len(n) != 3 || len(n[0]) != 4 ||
			n[0]["offer_id"] != 1 || n[0]["instance_id"] != 9001 || n[0]["machine_id"] != 1001 || n[0]["price"] < 0.3 {
			t.Errorf("%s", raw)
		}
	})
}

func TestNothingIsCalledDoneBeforeItWasSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := fakeFleet(t, a, 4, fleetOf(2))
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) {
			return vastapi.Result{Outcome: vastapi.OutcomeConfirmed, Contract: 77}, n == 1 // and nothing is there
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 0, 0, 0, 2)
		if r.Complete() || r.Label() != "2 of 2, 1 not seen yet" || strings.Contains(r.Summary(), "Done") || r.Table()[1].Result != "rented, not seen yet" {
			t.Errorf("%q, %+v", r.Label(), r.Table())
		}
	})
}

func TestAFleetThatComesOutShortCanBeTakenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithCredit(500), vastsim.WithTraffic(false))
		p := m.fleetPlan(FleetOptions{Rent: someOptions, Count: 3, Least: 3, Ceiling: 5})
		p.Steps, p.Basis.Facts = p.Steps[:4], p.Basis.Facts[:4]
		m.world.Fault(vastsim.Fault{Kind: vastsim.Status, Method: http.MethodPut, Path: "/api/v0/asks/", Status: 429, After: 1, Times: 2})
		r := Execute(t.Context(), m.deps(), p, nil)
		checkCounts(t, r, 2, 2, 0, 0, 0)
		if !r.Short() || !strings.Contains(r.Summary(), "At least 3 are needed.") {
			t.Errorf("short %v: %s", r.Short(), r.Summary())
		}
		d := m.desk()
		back := must(t)(r.Rollback(d))
		if back.Consent.Words != "destroy 2" || back.Facts[0].Label != "spent so far" || back.Title != "Take back 2 instances: 2 of 3 were rented, at least 3 are needed" {
			t.Errorf("%q, %q, %+v", back.Consent.Words, back.Title, back.Facts[0])
		}
		done := Execute(t.Context(), m.deps(), back, nil)
		if !done.Complete() || len(m.world.Instances()) > 0 || len(m.world.Calls(http.MethodDelete, "")) != 2 {
			t.Errorf("%s, %d left, %d requests", done.Label(), len(m.world.Instances()), len(m.world.Calls(http.MethodDelete, "")))
		}
		time.Sleep(time.Minute)
		if again, err := r.Rollback(m.desk()); err == nil {
			t.Errorf("what is gone is to be taken back: %+v", again.Steps)
		}
	})
}

func TestAFleetThatIsLongEnoughIsNotTakenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		opt := fleetOf(3)
		opt.Least = 2
		p := fakeFleet(t, a, 3, opt)
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) { return refused(vastapi.KindGone, 410), n == 2 }
		if r := Execute(t.Context(), a.deps(&memory{}), p, nil); r.Short() || r.Label() != "2 of 3" {
			t.Errorf("short %v, %s", r.Short(), r.Label())
		}
	})
}

func TestAFleetThatIsNotKnownYetIsNotShort(t *testing.T) {
	t.Parallel()
	r := Report{Plan: Plan{Mode: FirstN, Want: 3, Least: 3}, Done: make([]StepResult, 2), Unknown: make([]StepResult, 1)}
	if r.Short() || r.Complete() || r.Label() != "2 of 3, 2 not seen yet, 1 not known" {
		t.Errorf("short %v, %s", r.Short(), r.Label())
	}
}

func TestAHaltFinishesWhatIsInFlightAndSendsNothingNew(t *testing.T) {
	for name, wait := range map[string]time.Duration{
		"while a request is on its way":         time.Second,      // the first takes three seconds
		"while the second waits for its turn":   4 * time.Second,  // 4.6 s after the first
		"while the third waits for its turn":    9 * time.Second,  // and so on
		"while the third is on its way":         11 * time.Second, // three seconds from 9.2 s on
		"when everything has been sent already": 45 * time.Second,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithCredit(500))
				p := m.fleetPlan(FleetOptions{Rent: someOptions, Count: 4, Ceiling: 5})
				m.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: http.MethodPut, Path: "/api/v0/asks/", Delay: 3 * time.Second})
				deps := m.deps()
				halt := make(chan struct{})
				deps.Halt = halt
				begun := 0
				timer := time.AfterFunc(wait, func() { begun = m.creates(); close(halt) })
				r := Execute(t.Context(), deps, p, nil)
				if !timer.Stop() && m.creates() != begun {
					t.Errorf("%d requests after the halt", m.creates()-begun)
				}
				if m.ours() != len(r.Done) || len(r.Unknown) > 0 {
					t.Errorf("%d machines, %s", m.ours(), r.Label())
				}
				for _, s := range r.Done {
					if !s.Verified {
						t.Errorf("instance %s was not looked for", s.Contract)
					}
				}
				if wait < 20*time.Second && (r.Err == nil || len(r.Done) == 0 || r.Complete()) {
					t.Errorf("%s: %v", r.Label(), r.Err)
				}
			})
		})
	}
}

func TestAnEndTakesBackWhatWaitsForItsTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithCredit(500))
		p := m.fleetPlan(FleetOptions{Rent: someOptions, Count: 4, Ceiling: 5})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		begun := time.Now()
		r := Execute(ctx, m.deps(), p, nil)
		if m.creates() != 1 || time.Since(begun) > 3*time.Second || len(r.Unknown) > 0 {
			t.Errorf("%d requests, after %s: %s", m.creates(), time.Since(begun), r.Label())
		}
	})
}

func TestAFleetEndsWithARefusalThatHoldsForAll(t *testing.T) {
	for _, kind := range []vastapi.Kind{vastapi.KindSpendLimit, vastapi.KindImage, vastapi.KindEnv, vastapi.KindSSHKey, vastapi.KindCredit, vastapi.KindAuth} {
		t.Run(string(kind), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := fakeFleet(t, a, 9, fleetOf(4))
				a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) { return refused(kind, 400), n == 1 }
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				checkCounts(t, r, 1, 1, 0, 0, 7)
			})
		})
	}
	t.Run("the second that says no more", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			a := newAccount()
			p := fakeFleet(t, a, 9, fleetOf(4))
			a.answer = func(int, vastapi.Call) (vastapi.Result, bool) { return refused(vastapi.KindRejected, 400), true }
			checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 0, 2, 0, 0, 7)
		})
	})
}

func TestAFleetStopsAtWhatWasAgreedTo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := fakeFleet(t, a, 4, fleetOf(3))
		a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
			res := a.carryOut(c)
			a.instances[len(a.instances)-1].DphBase = 0.7
			return res, true
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(r.Done) != 1 || r.Err == nil || !strings.Contains(r.Err.Error(), "costs more than it was offered for") {
			t.Errorf("%s: %v", r.Label(), r.Err)
		}
	})
}

func TestWhileARequestWaitsForItsTurnThatIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithEmptyAccount(), vastsim.WithCredit(500))
		p := m.fleetPlan(FleetOptions{Rent: someOptions, Count: 2, Ceiling: 5})
		var told []string
		Execute(t.Context(), m.deps(), p, func(g Progress) { told = append(told, g.State.String()+" "+g.Note) })
		all := strings.Join(told, "|")
		if !strings.Contains(all, "waiting its turn comes in 5s|") || strings.Count(all, "verified") != 2 {
			t.Errorf("told %s", all)
		}
	})
}

func TestAHaltIsHeededWhenNothingHasToWait(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := fakeFleet(t, a, 6, fleetOf(4))
		deps := a.deps(&memory{})
		halt := make(chan struct{})
		deps.Halt = halt
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			if n == 1 {
				close(halt)
			}
			return vastapi.Result{}, false
		}
		r := Execute(t.Context(), deps, p, nil)
		checkCounts(t, r, 2, 0, 0, 0, 4)
		if len(a.calls) != 2 || r.Err == nil || !r.Done[1].Verified {
			t.Errorf("%d requests, %v, %+v", len(a.calls), r.Err, r.Done)
		}
	})
}

func TestWhatWasSpentIsNeverLessThanWhatIsBilled(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(77), noon, someOptions, deskOf()))
	one := StepResult{Step: p.Steps[0], Outcome: vastapi.OutcomeConfirmed, Contract: 5, Sent: noon}
	r := Report{Plan: p, Done: []StepResult{one}}
	running := instance(5, "a") // $0.8/h and 80 GB at $0.18 a month
	loading := running
	loading.Actual = safetext.New("loading")
	const disk = 80 * 0.18 / 720
	for name, c := range map[string]struct {
		known []vastapi.Instance
		read  time.Time
		want  float64
	}{
		"running":                   {[]vastapi.Instance{running}, noon.Add(time.Hour), 0.8 + disk},
		"loading, read now":         {[]vastapi.Instance{loading}, noon.Add(time.Hour), disk},
		"loading, read a while ago": {[]vastapi.Instance{loading}, noon.Add(30 * time.Minute), 0.4 + disk},
		"not listed":                {nil, noon.Add(time.Hour), float64(p.Steps[0].Rate)},
	} {
		d := Desk{Now: noon.Add(time.Hour), At: c.read, Instances: c.known}
		if got := float64(r.Spent(d)); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %.6f, want %.6f", name, got, c.want)
		}
	}
	one.Sent = time.Time{}
	if got := (Report{Plan: p, Failed: []StepResult{one}}).Spent(Desk{Now: noon}); got != 0 {
		t.Errorf("what was not sent cost %v", got)
	}
}

func TestAFleetEndsWhenTheCreditFallsOnTheWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := fakeFleet(t, a, 6, fleetOf(4))
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) {
			time.Sleep(31 * time.Second)
			a.credit = 0.01
			return vastapi.Result{}, false
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 5)
		if r.Err == nil || len(r.Moved) > 0 || !strings.Contains(r.Err.Error(), "account: credit was at least") {
			t.Errorf("%v, moved %v", r.Err, r.Moved)
		}
	})
}

func TestWhatNoReadingCanShowIsNotWaitedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := Plan{ID: "p", Verb: "reboot", Mode: Each, Basis: Basis{At: time.Now()}, Steps: []Step{
			{Verb: "reboot", Call: vastapi.RebootInstance{ID: 4}, Subject: Subject{Instance: 4}},
		}}
		if r := Execute(t.Context(), a.deps(&memory{}), p, nil); !r.Complete() || r.Label() != "1 of 1" {
			t.Errorf("%s", r.Label())
		}
	})
}

func TestAFleetWithoutCandidatesLeftSaysSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := fakeFleet(t, a, 3, fleetOf(2))
		time.Sleep(time.Minute)
		a.offers = nil
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 0, 0, 3, 0, 0)
		if got := r.Summary(); got != "Rented 0 of 2. No candidate is left: 3 were gone or had changed, 0 were refused." {
			t.Errorf("%s", got)
		}
	})
}

func TestWhatIsFoundAfterAKillIsComparedToo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t)
		p := m.rentPlan(someOptions)
		m.world.Fault(vastsim.Fault{Kind: vastsim.CappedDisk, Method: http.MethodPut, Path: "/api/v0/asks/"})
		m.world.Fault(vastsim.Fault{Kind: vastsim.Latency, Method: http.MethodPut, Path: "/api/v0/asks/", Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		checkCounts(t, Execute(ctx, m.deps(), p, nil), 0, 0, 0, 1, 0)
		found, err := Recover(t.Context(), m.deps(), nil)
		if err != nil || len(found) != 1 || len(found[0].Differences) != 1 || found[0].Differences[0].What != "disk" || found[0].Delivered == nil {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
