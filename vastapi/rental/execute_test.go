package rental

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestARentIsWrittenDownBeforeItIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		var before []string
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) {
			before = j.kinds()
			return vastapi.Result{}, false
		}
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if got := fmt.Sprint(before); got != "[plan intent sent]" {
			t.Errorf("on disk before the request left: %s", got)
		}
		if got := fmt.Sprint(j.kinds()); got != "[plan intent sent confirmed]" {
			t.Errorf("on disk at the end: %s", got)
		}
		if d := r.Done[0]; !d.Verified || d.Contract != 9001 || d.Why != "" || d.Delivered == nil {
			t.Errorf("result is %+v", d)
		}
	})
}

func TestARentAsksForAnErrorInsteadOfAStoppedInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		Execute(t.Context(), a.deps(&memory{}), p, nil)
		c := a.calls[0].(vastapi.CreateInstance)
		name, token := SplitLabel(c.Label)
		if !c.CancelUnavail || name != "train" || token == "" || token != p.Steps[0].Token || c.Env["VX_OP"] != token {
			t.Errorf("sent %+v", c)
		}
	})
}

// slow is a journal on a slow disk: whoever looks before writing sees nothing of
// the others.
type slow struct{ *memory }

func (s slow) Append(line []byte) error {
	time.Sleep(time.Second + rand.N(time.Second))
	return s.memory.Append(line)
}

func TestFiftyTimesOnePlanRentsOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), slow{&memory{}}
		p := a.rentPlan(t)
		var done, used int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				r := Execute(t.Context(), a.deps(j), p, nil)
				mu.Lock()
				defer mu.Unlock()
				done += len(r.Done)
				if errors.Is(r.Err, ErrUsed) {
					used++
				}
			})
		}
		all.Wait()
		if n := sent[vastapi.CreateInstance](a); n != 1 || done != 1 || used != 49 {
			t.Errorf("%d requests, %d done, %d refused; want 1, 1, 49", n, done, used)
		}
	})
}

func TestAPlanIsRefusedAfterARestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		p := a.rentPlan(t)
		// Another process has claimed it and died.
		if err := write(j, record{Kind: recordPlan, Plan: p.ID, Run: "r", Process: "other"}); err != nil {
			t.Fatal(err)
		}
		r := Execute(t.Context(), a.deps(j), p, nil)
		if !errors.Is(r.Err, ErrUsed) || len(a.calls) != 0 {
			t.Errorf("err %v, %d requests", r.Err, len(a.calls))
		}
		checkCounts(t, r, 0, 0, 0, 0, 1)
	})
}

func TestTwoProcessesThatClaimAtOnceBothGiveWay(t *testing.T) {
	t.Parallel()
	ops := Ops{claims: map[string][]record{"p": {{Run: "mine", Process: process()}, {Run: "theirs", Process: "other"}}}}
	if ops.won("p", "mine") {
		t.Error("a plan was won against another process")
	}
}

func TestWithoutAJournalNothingIsSent(t *testing.T) {
	for n := range 3 {
		t.Run(fmt.Sprintf("append %d fails", n), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				j := &memory{fails: func(have int) error {
					if have >= n {
						return errDisk
					}
					return nil
				}}
				r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
				if len(a.calls) != 0 || !errors.Is(r.Err, ErrJournal) || !errors.Is(r.Err, errDisk) {
					t.Errorf("%d requests, err %v", len(a.calls), r.Err)
				}
				checkCounts(t, r, 0, 0, 0, 0, 1)
			})
		})
	}
}

func TestADamagedJournalSpendsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{lines: [][]byte{[]byte(`{"kind":"sent"`)}}
		r := Execute(t.Context(), a.deps(j), a.rentPlan(t), nil)
		if len(a.calls) != 0 || !errors.Is(r.Err, ErrJournal) {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
	})
}

func TestWhenTheOutcomeCannotBeWrittenNothingMoreIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.instances = []vastapi.Instance{instance(1, "a"), instance(2, "b")}
		p := must(t)(PlanDestroy(a.instances, a.desk(t)))
		j := &memory{fails: func(have int) error {
			if have >= 3 {
				return errDisk
			}
			return nil
		}}
		r := Execute(t.Context(), a.deps(j), p, nil)
		if len(a.calls) != 1 || !errors.Is(r.Err, ErrJournal) {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
		checkCounts(t, r, 1, 0, 0, 0, 1)
	})
}

func TestARiseInPriceIsRefusedAndShown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		time.Sleep(11 * time.Second)
		a.offers[0].DphBase = 0.425
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(a.calls) != 0 || !errors.Is(r.Err, ErrMoved) {
			t.Fatalf("%d requests, err %v", len(a.calls), r.Err)
		}
		if got := fmt.Sprint(r.Moved); !strings.Contains(got, "offer 77: GPU price was $0.400/h, is now $0.425/h") {
			t.Errorf("shown: %s", got)
		}
		if q := a.searches[0]; q.Storage != 32 || q.Type != vastapi.OnDemand || q.Limit != 1 {
			t.Errorf("searched %+v", q)
		}
	})
}

func TestARiseThatCannotBeSeenIsNone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		time.Sleep(11 * time.Second)
		a.offers[0].DphBase = 0.4001
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 1, 0, 0, 0, 0)
	})
}

func TestALowerPriceIsTakenAndReported(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		time.Sleep(11 * time.Second)
		a.offers[0].DphBase = 0.35
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if len(r.Lower) == 0 || !strings.Contains(r.Lower[0].String(), "fell from $0.400/h to $0.350/h") {
			t.Errorf("reported %v", r.Lower)
		}
		if d := r.Done[0]; d.Why != "" || len(d.Differences) > 0 {
			t.Errorf("complained: %+v", d)
		}
	})
}

func TestFreshFactsAreNotReadAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		time.Sleep(9 * time.Second)
		Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(a.searches) != 0 {
			t.Errorf("searched %d times", len(a.searches))
		}
	})
}

func TestWhatMakesARentMoved(t *testing.T) {
	for name, change := range map[string]func(*account){
		"gone":           func(a *account) { a.offers = nil },
		"not rentable":   func(a *account) { a.offers[0].Rentable = vastapi.FlagNo },
		"another GPU":    func(a *account) { a.offers[0].GPUName = safetext.New("RTX 3090") },
		"fewer GPUs":     func(a *account) { a.offers[0].NumGPUs = 0 },
		"machine":        func(a *account) { a.offers[0].MachineID = 1 },
		"less disk":      func(a *account) { a.offers[0].DiskSpace = 10 },
		"deverified":     func(a *account) { a.offers[0].Verification = safetext.New("deverified") },
		"dearer disk":    func(a *account) { a.offers[0].StorageCost = 0.16 },
		"dearer traffic": func(a *account) { a.offers[0].InetDownCost = 0.01 },
		"price unknown":  func(a *account) { a.offers[0].DphBase = vastapi.Unknown[vastapi.Rate]() },
		"free":           func(a *account) { a.offers[0].DphBase = 0 },
		"less credit":    func(a *account) { a.credit = 0.1 },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := a.rentPlan(t)
				time.Sleep(11 * time.Second)
				change(a)
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if len(a.calls) != 0 || !errors.Is(r.Err, ErrMoved) || len(refuses(r.Moved)) == 0 {
					t.Errorf("%d requests, err %v, moved %v", len(a.calls), r.Err, r.Moved)
				}
			})
		})
	}
}

func TestWhatCannotBeReadAgainIsNotSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		time.Sleep(time.Minute)
		a.readErr = func(int) error { return errLost }
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(a.calls) != 0 || r.Err == nil {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
	})
}

func TestTheCapsCountWhatOtherPlansHaveBegun(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.credit = 1000
		first, second := a.rentPlan(t), a.rentPlan(t)
		second.Ceiling.Total = 0.6
		a.answer = once(lost())
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		checkCounts(t, Execute(ctx, a.deps(j), first, nil), 0, 0, 0, 1, 0)
		r := Execute(t.Context(), a.deps(j), second, nil)
		if len(a.calls) != 1 || r.Err == nil || !strings.Contains(r.Err.Error(), "above the limit of $0.600/h") {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
	})
}

func TestAfterACancelNothingNewIsSent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.instances = []vastapi.Instance{instance(1, "a"), instance(2, "b"), instance(3, "c")}
		p := must(t)(PlanDestroy(a.instances, a.desk(t)))
		ctx, cancel := context.WithCancel(t.Context())
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			cancel()
			return vastapi.Result{}, false
		}
		r := Execute(ctx, a.deps(j), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 2)
		if r.Err == nil || len(a.calls) != 1 {
			t.Errorf("err %v, %d requests", r.Err, len(a.calls))
		}
	})
}

// hung is a server that never answers.
type hung struct{ *account }

func (h hung) Do(ctx context.Context, c vastapi.Call) vastapi.Result {
	h.carryOut(c)
	<-ctx.Done()
	return lost()
}

func TestQuittingWaitsFiveSecondsAndLeavesTheRequestInTheJournal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		deps := a.deps(j)
		deps.API = hung{a}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		begun := time.Now()
		r := Execute(ctx, deps, a.rentPlan(t), nil)
		if took := time.Since(begun); took != 6*time.Second {
			t.Errorf("took %s", took)
		}
		checkCounts(t, r, 0, 0, 0, 1, 0)
		if got := fmt.Sprint(j.kinds()); got != "[plan intent sent]" {
			t.Errorf("journal: %s", got)
		}
		settled, err := Recover(t.Context(), a.deps(j), nil)
		if err != nil || len(settled) != 1 || settled[0].State != OpConfirmed || settled[0].Contracts[0] != 9001 {
			t.Errorf("recovered %+v, %v", settled, err)
		}
	})
}

func TestARequestMayTakeSixtySecondsWhateverTheViewDoes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) {
			time.Sleep(59 * time.Second)
			return vastapi.Result{}, false
		}
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil), 1, 0, 0, 0, 0)
	})
}

func TestProgressIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		var states []string
		Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), func(p Progress) {
			states = append(states, fmt.Sprint(p.Step, p.State))
		})
		if got := fmt.Sprint(states); got != "[0 sending 0 accepted 0 verified]" {
			t.Errorf("told %s", got)
		}
		synctest.Wait()
	})
}

func TestAnEmptyPlanIsRefused(t *testing.T) {
	t.Parallel()
	if r := Execute(t.Context(), newAccount().deps(&memory{}), Plan{ID: "x"}, nil); r.Err == nil {
		t.Error("an empty plan went through")
	}
}

func TestFactsFromTheFutureAreReadAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		p.Basis.At = time.Now().Add(time.Hour) // the clock was set back
		a.offers[0].DphBase = 0.5
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(a.calls) != 0 || !errors.Is(r.Err, ErrMoved) {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
	})
}

func TestARebootIsSentOnceAndLeftAlone(t *testing.T) {
	for name, res := range map[string]vastapi.Result{"yes": {Outcome: vastapi.OutcomeConfirmed}, "no answer": lost()} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := Plan{ID: "p", Verb: "reboot", Mode: Each, Basis: Basis{At: time.Now()}, Steps: []Step{
					{Verb: "reboot", Call: vastapi.RebootInstance{ID: 4}, Subject: Subject{Instance: 4}},
				}}
				a.answer = once(res)
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if len(a.calls) != 1 || len(r.Done)+len(r.Unknown) != 1 || (name == "yes") != (len(r.Done) == 1) {
					t.Errorf("%d requests, %+v", len(a.calls), r)
				}
			})
		})
	}
}
