package rental

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func three() *account {
	a := newAccount()
	a.instances = []vastapi.Instance{instance(1, "a"), instance(2, "b"), instance(3, "c")}
	return a
}

func TestDestroySendsEachIDOnceAndMakesSure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:2], a.desk(t)))
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 0, 0, 0, 0)
		if fmt.Sprint(a.calls) != "[{1} {2}]" || len(a.instances) != 1 || a.instances[0].ID != 3 {
			t.Errorf("sent %v, left %d", a.calls, len(a.instances))
		}
		if !r.Done[0].Verified || !r.Done[1].Verified {
			t.Error("nobody made sure")
		}
	})
}

func TestADestroyIsSentAgainOnlyAfterAReadShowsTheInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:1], a.desk(t)))
		var readsBefore []int
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			readsBefore = append(readsBefore, len(a.reads))
			return lost(), n < 2
		}
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 1, 0, 0, 0, 0)
		if len(readsBefore) != 3 || readsBefore[1] == 0 || readsBefore[2] == readsBefore[1] {
			t.Errorf("reads before each request: %v", readsBefore)
		}
	})
}

func TestADestroyIsSentThreeTimesAtMost(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:1], a.desk(t)))
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) { return lost(), true }
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 0)
		if len(a.calls) != 3 || !strings.Contains(r.Failed[0].Why, "still there, and is billed") {
			t.Errorf("%d requests, why %q", len(a.calls), r.Failed[0].Why)
		}
	})
}

func TestADestroyTheServerForgetsIsSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:1], a.desk(t)))
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			return vastapi.Result{Outcome: vastapi.OutcomeConfirmed}, n == 0
		}
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 1, 0, 0, 0, 0)
		if len(a.calls) != 2 {
			t.Errorf("%d requests", len(a.calls))
		}
	})
}

func TestALostDestroyThatHappenedIsNotSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:1], a.desk(t)))
		a.answer = afterCommit(a)
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 1, 0, 0, 0, 0)
		if len(a.calls) != 1 {
			t.Errorf("%d requests", len(a.calls))
		}
	})
}

func TestDestroyingWhatIsGoneIsDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances[:1], a.desk(t)))
		a.instances = a.instances[1:]
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 1, 0, 0, 0, 0)
	})
}

func TestATargetThatVanishedIsLeftOut(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances, a.desk(t)))
		time.Sleep(time.Minute)
		a.instances = a.instances[1:]
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 0, 1, 0, 0)
		if r.Skipped[0].Why != "It is gone already." || r.Skipped[0].Step.Subject.Instance != 1 {
			t.Errorf("skipped %+v", r.Skipped[0])
		}
	})
}

func TestATargetThatIsAnotherOneRefusesThePlan(t *testing.T) {
	for name, change := range map[string]func(*vastapi.Instance){
		"renamed":         func(i *vastapi.Instance) { i.Label = safetext.New("production") },
		"another machine": func(i *vastapi.Instance) { i.MachineID = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := three()
				p := must(t)(PlanDestroy(a.instances, a.desk(t)))
				time.Sleep(time.Minute)
				change(&a.instances[1])
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				checkCounts(t, r, 0, 0, 0, 0, 3)
				if len(a.calls) != 0 || len(r.Moved) != 1 {
					t.Errorf("%d requests, moved %v", len(a.calls), r.Moved)
				}
			})
		})
	}
}

func TestAChangeOfStatusAloneIsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanDestroy(a.instances, a.desk(t)))
		time.Sleep(time.Minute)
		a.instances[1] = stopped(2, "b")
		checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 3, 0, 0, 0, 0)
	})
}

// TestNeverAWrongInstance destroys random marks while the account is changed at
// random, before and between the requests, and the server misbehaves.
func TestNeverAWrongInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for run := range 10_000 {
			if wrong := interleave(t, uint64(run)); wrong != "" {
				t.Fatalf("run %d: %s", run, wrong)
			}
		}
	})
}

func interleave(t *testing.T, seed uint64) string {
	rnd := seeded(seed)
	a := newAccount()
	a.next = 100
	for n := range 2 + rnd.IntN(5) {
		a.instances = append(a.instances, instance(vastapi.InstanceID(n+1), string(rune('a'+n))))
	}
	meddle := func() {
		if len(a.instances) == 0 {
			return
		}
		n := rnd.IntN(len(a.instances))
		switch rnd.IntN(5) {
		case 0:
			a.instances = append(a.instances[:n:n], a.instances[n+1:]...)
		case 1:
			a.instances[n].Label = safetext.New(fmt.Sprint("renamed", rnd.IntN(9)))
		case 2:
			rnd.Shuffle(len(a.instances), func(i, j int) { a.instances[i], a.instances[j] = a.instances[j], a.instances[i] })
		case 3:
			a.next++
			a.instances = append(a.instances, instance(a.next, string(rune('a'+rnd.IntN(5)))))
		case 4:
			a.instances[n] = stopped(a.instances[n].ID, a.instances[n].Label.Wire())
		}
	}
	marks := map[vastapi.InstanceID]vastapi.Instance{}
	var targets []vastapi.Instance
	for _, i := range a.instances {
		if rnd.IntN(2) == 0 {
			targets = append(targets, i)
			marks[i.ID] = i
		}
	}
	if len(targets) == 0 {
		return ""
	}
	p := must(t)(PlanDestroy(targets, a.desk(t)))
	for range rnd.IntN(4) {
		meddle()
	}
	aged := rnd.IntN(2) == 0
	if aged {
		time.Sleep(time.Minute)
	}
	wrong := ""
	a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) {
		id := c.(vastapi.DestroyInstance).ID
		mark, marked := marks[id]
		now := findInstance(a.instances, id)
		if !marked {
			wrong = fmt.Sprintf("destroyed %d, which was not marked", id)
		}
		// When the facts were old they were read again just before the first request.
		if n == 0 && aged && now != nil && !now.Label.Equal(mark.Label) {
			wrong = fmt.Sprintf("destroyed %d, which is now %s", id, now.Label)
		}
		meddle()
		return lost(), rnd.IntN(4) == 0
	}
	r := Execute(t.Context(), a.deps(&memory{}), p, nil)
	if n := len(r.Done) + len(r.Failed) + len(r.Skipped) + len(r.Unknown) + len(r.NotTried); n != len(targets) {
		return fmt.Sprintf("%d steps, %d reported", len(targets), n)
	}
	return wrong
}

func TestStopIsVerifiedAndSentAgainWhenItDidNotHappen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := three()
		p := must(t)(PlanStop(a.instances[:1], a.desk(t)))
		a.answer = once(refused(vastapi.KindRateLimited, 429))
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if len(a.calls) != 2 || !r.Done[0].Verified {
			t.Errorf("%d requests, %+v", len(a.calls), r.Done)
		}
	})
}

func TestAQueuedStartWaitsForTheGPU(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.instances = []vastapi.Instance{stopped(1, "a")}
		p := must(t)(PlanStart(a.instances, a.desk(t)))
		a.answer = once(vastapi.Result{Outcome: vastapi.OutcomeConfirmed, Queued: true})
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if !r.Done[0].Queued || !strings.Contains(r.Done[0].Why, "when the GPU is free") {
			t.Errorf("result %+v", r.Done[0])
		}
	})
}

func TestALostStartIsNeverSentAgain(t *testing.T) {
	for _, happened := range []bool{true, false} {
		t.Run(fmt.Sprint(happened), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				a.instances = []vastapi.Instance{stopped(1, "a")}
				p := must(t)(PlanStart(a.instances, a.desk(t)))
				a.answer = once(lost())
				if happened {
					a.answer = afterCommit(a)
				}
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if happened {
					checkCounts(t, r, 1, 0, 0, 0, 0)
				} else {
					checkCounts(t, r, 0, 1, 0, 0, 0)
				}
				if len(a.calls) != 1 {
					t.Errorf("%d requests", len(a.calls))
				}
			})
		})
	}
}

func TestRenameKeepsTheToken(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.instances = []vastapi.Instance{instance(1, Label("old", "abcdefghijkl"))}
		p := must(t)(PlanRename(a.instances[0], "new", a.desk(t)))
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if got := a.instances[0].Label.Wire(); got != "new vx-abcdefghijkl" {
			t.Errorf("label %q", got)
		}
	})
}

// candidates is a plan to rent want of n offers.
func candidatesPlan(t *testing.T, a *account, n, want int) Plan {
	t.Helper()
	a.offers = nil
	p := Plan{ID: NewID(), Verb: "rent", Mode: FirstN, Want: want}
	for i := range n {
		o := offer(vastapi.OfferID(100 + i))
		o.MachineID = vastapi.MachineID(i)
		a.offers = append(a.offers, o)
		d := a.desk(t)
		d.NewID = func() string { return fmt.Sprintf("%s/%d", p.ID, i) }
		one := must(t)(PlanRent(o, time.Now(), someOptions, d))
		p.Steps = append(p.Steps, one.Steps...)
		p.Basis.Facts = append(p.Basis.Facts, one.Basis.Facts...)
		facts := p.Basis.Facts
		p.Basis, p.Ceiling, p.Cost = one.Basis, one.Ceiling, one.Cost
		p.Basis.Facts = facts
	}
	p.Cost.Change *= vastapi.Rate(want)
	return p
}

func TestFirstNStopsAtN(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 6, 2)
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) { return refused(vastapi.KindGone, 410), n == 0 }
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 0, 1, 0, 3)
	})
}

func TestFirstNSkipsWhatIsDearerOrGone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 4, 2)
		time.Sleep(time.Minute)
		a.offers[0].DphBase = 0.9
		a.offers = append(a.offers[:1], a.offers[2:]...)
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 2, 0, 2, 0, 0)
	})
}

func TestTwoLostAnswersInARowStopFirstN(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 6, 5)
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) { return lost(), n == 1 || n == 2 }
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 2, 0, 0, 3)
		if len(a.calls) != 3 || r.Err == nil {
			t.Errorf("%d requests, err %v", len(a.calls), r.Err)
		}
	})
}

func TestTwoLostAnswersThatWereFoundAgainAreNotWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		happened bool
		want     string
	}{
		"both found": {true, "by now it is known what came of them"},
		"neither":    {false, "by now it is known what came of them"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := candidatesPlan(t, a, 6, 5)
				a.answer = func(n int, call vastapi.Call) (vastapi.Result, bool) {
					if n > 1 {
						return vastapi.Result{}, false
					}
					if c.happened {
						a.carryOut(call)
					}
					return lost(), true
				}
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if len(r.Unknown) > 0 || r.Err == nil || !strings.Contains(r.Err.Error(), c.want) || strings.Contains(r.Err.Error(), "until") {
					t.Errorf("unknown %d, err %v", len(r.Unknown), r.Err)
				}
			})
		})
	}
}

func TestALostRentCountsUntilItIsKnownNotToHaveHappened(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 3, 1)
		first := time.Now()
		var second time.Duration
		a.answer = func(n int, c vastapi.Call) (vastapi.Result, bool) {
			if n == 1 {
				second = time.Since(first)
			}
			return lost(), n == 0
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 1, 0, 0, 1)
		if second < 180*time.Second {
			t.Errorf("the next candidate was tried after %s", second)
		}
	})
}

func TestFirstNStopsWhenTheKeyOrTheCreditIsRefused(t *testing.T) {
	for _, kind := range []vastapi.Kind{vastapi.KindAuth, vastapi.KindCredit} {
		t.Run(string(kind), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := candidatesPlan(t, a, 3, 2)
				a.answer = func(int, vastapi.Call) (vastapi.Result, bool) { return refused(kind, 401), true }
				checkCounts(t, Execute(t.Context(), a.deps(&memory{}), p, nil), 0, 1, 0, 0, 2)
			})
		})
	}
}

func TestAChainEndsWithItsFirstFailure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 3, 0)
		p.Mode = Chain
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) { return refused(vastapi.KindRejected, 400), n == 1 }
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 1, 1, 0, 0, 1)
		if len(r.Rest()) != 2 {
			t.Errorf("rest %v", r.Rest())
		}
	})
}

func TestFirstNStopsWithoutAConnection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 4, 2)
		a.answer = func(int, vastapi.Call) (vastapi.Result, bool) {
			return vastapi.Result{Outcome: vastapi.OutcomeNotSent, Err: &vastapi.Error{Kind: vastapi.KindTransport}}, true
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 3)
		if r.Failed[0].Outcome != vastapi.OutcomeNotSent {
			t.Errorf("outcome %s", r.Failed[0].Outcome)
		}
	})
}

func TestFirstNReadsItsCandidatesAgainOnTheWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 4, 3)
		a.answer = func(n int, _ vastapi.Call) (vastapi.Result, bool) {
			time.Sleep(31 * time.Second)
			a.offers[2].DphBase = 0.9
			return vastapi.Result{}, false
		}
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 3, 0, 1, 0, 0)
		if len(a.searches) < 2 || len(r.Skipped) != 1 || r.Skipped[0].Step.Subject.Offer != 102 {
			t.Errorf("%d searches, skipped %+v", len(a.searches), r.Skipped)
		}
	})
}

func TestAStartWhoseInstanceGotDearerIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.instances = []vastapi.Instance{stopped(1, "a")}
		p := must(t)(PlanStart(a.instances, a.desk(t)))
		time.Sleep(time.Minute)
		a.instances[0].DphBase = 1.1
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 0, 0, 0, 0, 1)
		if len(a.calls) != 0 || fmt.Sprint(r.Moved) != "[instance 1: price was $0.820/h, is now $1.120/h]" {
			t.Errorf("%d requests, moved %v", len(a.calls), r.Moved)
		}
	})
}
