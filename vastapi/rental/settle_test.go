package rental

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestAnAnswerLostAfterTheCommitIsFound(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer = afterCommit(a)
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if d := r.Done[0]; d.Contract != 9001 || !strings.Contains(d.Why, "it was rented: instance 9001") {
			t.Errorf("result %+v", d)
		}
		if got := fmt.Sprint(j.kinds()); got != "[plan intent sent unknown confirmed]" {
			t.Errorf("journal %s", got)
		}
		if n := sent[vastapi.CreateInstance](a); n != 1 {
			t.Errorf("%d rents were sent", n)
		}
	})
}

func TestALateCommitIsFound(t *testing.T) {
	for _, delay := range []time.Duration{time.Second, 30 * time.Second, 150 * time.Second, 179 * time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
					time.AfterFunc(delay, func() { a.carryOut(c) })
					return lost(), true
				}
				checkCounts(t, Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
			})
		})
	}
}

func TestAbsenceIsBelievedAfterSettlingOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer = once(lost())
		begun := time.Now()
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		checkCounts(t, r, 0, 1, 0, 0, 0)
		if took := time.Since(begun); took < 180*time.Second || took > 260*time.Second {
			t.Errorf("believed after %s", took)
		}
		if got := fmt.Sprint(j.kinds()); got != "[plan intent sent unknown absent]" {
			t.Errorf("journal %s", got)
		}
		if want := "renting again is safe"; !strings.Contains(r.Failed[0].Why, want) {
			t.Errorf("why %q", r.Failed[0].Why)
		}
	})
}

func TestFailedReadsProveNoAbsence(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer = once(lost())
		a.readErr = func(int) error { return errLost }
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		checkCounts(t, r, 0, 0, 0, 1, 0)
		ops, err := Open(j)
		if err != nil || len(ops.Open()) != 1 || ops.Reserved() < 0.4 {
			t.Errorf("open operations %+v, reserved %v, %v", ops.Open(), ops.Reserved(), err)
		}
	})
}

func TestRowsThatCannotBeReadProveNoAbsence(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer, a.bad = once(lost()), 1
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		checkCounts(t, Execute(ctx, a.deps(&memory{}), a.rentPlan(t), nil), 0, 0, 0, 1, 0)
	})
}

func TestTwoInstancesWithOneTokenAreBothNamed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) {
			a.carryOut(c)
			a.carryOut(c)
			return lost(), true
		}
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		if why := r.Done[0].Why; !strings.Contains(why, "9001 and 9002") {
			t.Errorf("why %q", why)
		}
		ops, err := Open(j)
		if got := Orphans(a.instances, ops); err != nil || fmt.Sprint(got) != "[9002]" {
			t.Errorf("orphans %v, %v", got, err)
		}
		if len(a.calls) != 1 {
			t.Errorf("%d requests", len(a.calls))
		}
	})
}

func TestWhatBecomesOfARefusedRent(t *testing.T) {
	withContract := refused(vastapi.KindRejected, 400)
	withContract.Contract = 4711
	for name, c := range map[string]struct {
		res  vastapi.Result
		why  string
		last string // kind of the last record
	}{
		"410 gone":         {refused(vastapi.KindGone, 410), "Search again", "rejected"},
		"404 no such ask":  {refused(vastapi.KindNotFound, 404), "search again", "rejected"},
		"401":              {refused(vastapi.KindAuth, 401), "API key", "rejected"},
		"no credit":        {refused(vastapi.KindCredit, 400), "Add credit", "rejected"},
		"429":              {refused(vastapi.KindRateLimited, 429), "Nothing was changed", "rejected"},
		"refused":          {refused(vastapi.KindRejected, 400), "Nothing was changed", "rejected"},
		"leaves a machine": {withContract, "left instance 4711 behind, and what it is billed was not seen", "rejected"},
		"no connection": {vastapi.Result{Outcome: vastapi.OutcomeNotSent, Err: &vastapi.Error{Kind: vastapi.KindTransport}},
			"nothing was sent", "notsent"},
		"read only": {vastapi.Result{Outcome: vastapi.OutcomeNotSent, Err: &vastapi.Error{Kind: vastapi.KindReadOnly}}, "only reads", "notsent"},
		"500":       {vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindServer, Status: 500}}, "not rented as far as can be seen", "absent"},
		"HTML":      {vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindServer, Status: 200}}, "not rented as far as can be seen", "absent"},
		"time-out":  {vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindTimeout}}, "not rented as far as can be seen", "absent"},
		"yes without an id": {vastapi.Result{Outcome: vastapi.OutcomeConfirmed},
			"not rented as far as can be seen", "absent"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				a.answer = once(c.res)
				r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
				checkCounts(t, r, 0, 1, 0, 0, 0)
				if got := r.Failed[0]; !strings.Contains(got.Why, c.why) || got.Contract != c.res.Contract {
					t.Errorf("why %q, contract %d", got.Why, got.Contract)
				}
				if kinds := j.kinds(); kinds[len(kinds)-1] != c.last || len(a.calls) != 1 {
					t.Errorf("journal %v, %d requests", kinds, len(a.calls))
				}
			})
		})
	}
}

func TestARentRefusedForHasteIsLookedForOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) {
			a.carryOut(c)
			return refused(vastapi.KindRateLimited, 429), true
		}
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
	})
}

func TestWhatWasDeliveredIsComparedWithWhatWasAsked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*vastapi.Instance)
		want   string
	}{
		"GPU":   {func(i *vastapi.Instance) { i.GPUName = safetext.New("RTX 3090") }, `GPU is "RTX 3090", asked for was "RTX 4090"`},
		"count": {func(i *vastapi.Instance) { i.NumGPUs = 4 }, "GPU count is 4, asked for was 1"},
		"disk":  {func(i *vastapi.Instance) { i.Disk = 16 }, "disk is 16 GB, asked for was 32 GB"},
		"type":  {func(i *vastapi.Instance) { i.Bid = true }, "type is interruptible, asked for was on-demand"},
		"price": {func(i *vastapi.Instance) { i.DphBase = 0.5 }, "GPU price is $0.500/h, asked for was $0.400/h"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				a.answer = func(_ int, call vastapi.Call) (vastapi.Result, bool) {
					res := a.carryOut(call)
					c.change(&a.instances[0])
					return res, true
				}
				r := Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil)
				checkCounts(t, r, 1, 0, 0, 0, 0)
				if got := fmt.Sprint(r.Done[0].Differences); !strings.Contains(got, c.want) {
					t.Errorf("differences %s, want %s", got, c.want)
				}
				if !strings.Contains(r.Done[0].Why, "not what was asked for") {
					t.Errorf("why %q", r.Done[0].Why)
				}
			})
		})
	}
}

func TestRestartFindsWhatAKilledProcessHasDone(t *testing.T) {
	for _, happened := range []bool{true, false} {
		t.Run(fmt.Sprint(happened), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, first := newAccount(), &memory{}
				p := a.rentPlan(t)
				// Killed right after the request left.
				first.fails = func(have int) error {
					if have == 3 {
						return errDisk
					}
					return nil
				}
				a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
					if happened {
						a.carryOut(c)
					}
					return lost(), true
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				Execute(ctx, a.deps(first), p, nil)
				cancel()
				second := &memory{lines: first.lines}
				var told []OpState
				settled, err := Recover(t.Context(), a.deps(second), func(s Settled) { told = append(told, s.State) })
				if err != nil || len(settled) != 1 {
					t.Fatalf("recovered %+v, %v", settled, err)
				}
				want := map[bool]OpState{true: OpConfirmed, false: OpAbsent}[happened]
				if settled[0].State != want || fmt.Sprint(told) != fmt.Sprintf("[%s]", want) {
					t.Errorf("state %s, told %v; want %s", settled[0].State, told, want)
				}
				ops, err := Open(second)
				if err != nil || len(ops.Open()) != 0 || !ops.Used(p.ID) {
					t.Errorf("still open: %+v, %v", ops.Open(), err)
				}
				if len(a.calls) != 1 {
					t.Errorf("%d requests", len(a.calls))
				}
			})
		})
	}
}

func TestRecoverNeverSends(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.instances = []vastapi.Instance{instance(1, "a"), instance(2, "b"), stopped(3, "c"), instance(4, "d")}
		for n, s := range []Step{
			{Verb: "destroy", Call: vastapi.DestroyInstance{ID: 1}, Subject: Subject{Instance: 1}},
			{Verb: "stop", Call: vastapi.SetInstanceState{ID: 2, State: "stopped"}, Subject: Subject{Instance: 2}},
			{Verb: "start", Call: vastapi.SetInstanceState{ID: 3, State: "running"}, Subject: Subject{Instance: 3}, Rate: 1},
			{Verb: "rename", Call: vastapi.LabelInstance{ID: 4, Label: "d"}, Subject: Subject{Instance: 4}},
			{Verb: "reboot", Call: vastapi.RebootInstance{ID: 4}, Subject: Subject{Instance: 4}},
		} {
			op := fmt.Sprintf("p/%d", n)
			for _, r := range []record{intentOf("1", "p", op, s), {Kind: recordSent, Op: op}} {
				if err := write(j, r); err != nil {
					t.Fatal(err)
				}
			}
		}
		settled, err := Recover(t.Context(), a.deps(j), nil)
		if err != nil || len(a.calls) != 0 {
			t.Fatalf("%d requests, %v", len(a.calls), err)
		}
		var got []string
		for _, s := range settled {
			got = append(got, fmt.Sprintf("%s %s", s.Op.Verb, s.State))
		}
		if want := "[destroy absent stop absent start absent rename confirmed reboot unknown]"; fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	})
}

func TestAnOutcomeFoundByAnotherProcessCountsWhateverTheOrderOfFiles(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 1, 1, 0, 0, s, 0, time.UTC) }
	rate := vastapi.Rate(0.4)
	mine := []record{
		{Kind: recordIntent, Op: "p/0", Plan: "p", Verb: "rent", Token: "abcdefghijkl", MaxRate: &rate, Time: at(1)},
		{Kind: recordSent, Op: "p/0", Time: at(2)},
	}
	theirs := record{Kind: recordConfirmed, Op: "p/0", Contract: 9, Time: at(3)}
	for _, order := range [][]record{{mine[0], mine[1], theirs}, {theirs, mine[0], mine[1]}} {
		j := &memory{}
		for _, r := range order {
			if err := write(j, r); err != nil {
				t.Fatal(err)
			}
		}
		ops, err := Open(j)
		if err != nil {
			t.Fatal(err)
		}
		if op, ok := ops.ByToken("abcdefghijkl"); !ok || op.State != OpConfirmed || op.Contract != 9 || op.MaxRate != rate {
			t.Errorf("operation %+v", op)
		}
	}
}

func TestAbsenceNeedsThreeReadsThatSucceeded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.answer = once(lost())
		begun, good := time.Now(), 0
		a.readErr = func(int) error {
			if time.Since(begun) < 190*time.Second {
				return errLost
			}
			good++
			return nil
		}
		checkCounts(t, Execute(t.Context(), a.deps(j), a.rentPlan(t), nil), 0, 1, 0, 0, 0)
		if good != 3 || !strings.Contains(j.text(), `"checks":3`) {
			t.Errorf("%d reads succeeded; journal:\n%s", good, j.text())
		}
	})
}

func TestSettlingBeginsWhenTheRequestIsGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
			time.Sleep(time.Minute)
			time.AfterFunc(179*time.Second, func() { a.carryOut(c) })
			return lost(), true
		}
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
	})
}

func TestWhatAKilledProcessSentMayStillHaveWaitedForItsTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		p := a.rentPlan(t)
		for _, r := range []record{intentOf("", p.ID, "p/0", p.Steps[0]), {Kind: recordSent, Op: "p/0"}} {
			if err := write(j, r); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Second)
		time.AfterFunc(270*time.Second, func() { a.carryOut(p.Steps[0].Call) })
		settled, err := Recover(t.Context(), a.deps(j), nil)
		if err != nil || len(settled) != 1 || settled[0].State != OpConfirmed {
			t.Errorf("%+v, %v", settled, err)
		}
	})
}

func TestARecordIsLaterThanTheOneBeforeWhateverTheClock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		x := newExecution(t.Context(), a.deps(j), a.rentPlan(t), nil)
		later := time.Now().Add(time.Hour) // then the clock was set back
		x.attempts[0].stamp = later
		if err := write(j, record{Kind: recordSent, Op: "p/0", Time: later}); err != nil {
			t.Fatal(err)
		}
		if err := x.write(x.attempts[0], record{Kind: recordConfirmed, Op: "p/0", Contract: 9}); err != nil {
			t.Fatal(err)
		}
		ops, err := Open(j)
		if err != nil || len(ops.Open()) != 0 {
			t.Errorf("%+v, %v", ops.Open(), err)
		}
	})
}

func TestARentThatIsNotListedYetIsDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer = once(vastapi.Result{Outcome: vastapi.OutcomeConfirmed, Contract: 4711})
		r := Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if d := r.Done[0]; d.Verified || d.Why != "Rented as instance 4711, which is not listed yet." {
			t.Errorf("%+v", d)
		}
	})
}

func TestWhatOneProcessSawIsNotAbsentForAnother(t *testing.T) {
	t.Parallel()
	j := &memory{}
	now := time.Now().UTC()
	for n, r := range []record{
		{Kind: recordIntent, Op: "p/0", Plan: "p", Verb: "rent", Token: "t"}, {Kind: recordSent, Op: "p/0"},
		{Kind: recordConfirmed, Op: "p/0", Contract: 7, Via: "reading"}, {Kind: recordAbsent, Op: "p/0"},
	} {
		r.Time = now.Add(time.Duration(n))
		if err := write(j, r); err != nil {
			t.Fatal(err)
		}
	}
	ops, err := Open(j)
	if err != nil || ops.All()[0].State != OpConfirmed {
		t.Errorf("%+v, %v", ops.All(), err)
	}
}
