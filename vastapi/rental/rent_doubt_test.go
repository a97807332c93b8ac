package rental

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// reservedPlan is a rent that is paid ahead once it is there.
func reservedPlan(t *testing.T, a *account) Plan {
	t.Helper()
	opt := someOptions
	opt.Kind, opt.Prepay = vastapi.Reserved, 20
	return must(t)(PlanRent(a.offers[0], time.Now(), opt, a.desk(t)))
}

// firstRent answers the first request by what f makes of it, carries the others out.
func firstRent(f func(c vastapi.Call) vastapi.Result) func(int, vastapi.Call) (vastapi.Result, bool) {
	return func(n int, c vastapi.Call) (vastapi.Result, bool) {
		if n > 0 {
			return vastapi.Result{}, false
		}
		return f(c), true
	}
}

func TestNothingIsPaidAheadForWhatWasNotAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(*account, vastapi.Call) vastapi.Result
		why    string
	}{
		"another machine": {func(a *account, c vastapi.Call) vastapi.Result {
			res := a.carryOut(c)
			i := findInstance(a.instances, res.Contract)
			i.GPUName, i.DphBase, i.Disk, i.Bid = safetext.New("GTX 1060"), 2.4, 8, true
			return res
		}, "instance 9001 is not what was asked for; nothing was paid ahead"},
		"two of them, the answer lost": {func(a *account, c vastapi.Call) vastapi.Result {
			a.carryOut(c)
			a.carryOut(c)
			return lost()
		}, "rented twice"},
		"two of them": {func(a *account, c vastapi.Call) vastapi.Result {
			a.carryOut(c)
			return a.carryOut(c)
		}, "rented twice"},
		"never listed": {func(*account, vastapi.Call) vastapi.Result {
			return vastapi.Result{Outcome: vastapi.OutcomeConfirmed, Contract: 4711}
		}, "not seen to be what was asked for; nothing was paid ahead"},
		"does not tell what it is": {func(a *account, c vastapi.Call) vastapi.Result {
			res := a.carryOut(c)
			findInstance(a.instances, res.Contract).GPUName = safetext.New("")
			return res
		}, "not seen to be what was asked for; nothing was paid ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := reservedPlan(t, a)
				a.answer = firstRent(func(call vastapi.Call) vastapi.Result { return c.answer(a, call) })
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if len(a.calls) != 1 || sent[vastapi.PrepayInstance](a) != 0 {
					t.Errorf("%d requests, %d payments", len(a.calls), sent[vastapi.PrepayInstance](a))
				}
				checkCounts(t, r, 1, 0, 0, 0, 1)
				if r.Err == nil || !strings.Contains(r.Err.Error(), c.why) || !strings.Contains(r.Err.Error(), "nothing was paid ahead") {
					t.Errorf("ended with %v", r.Err)
				}
				if r.Complete() || !strings.Contains(r.Label(), "not paid ahead") {
					t.Errorf("complete %v: %s", r.Complete(), r.Label())
				}
			})
		})
	}
}

func TestAPaymentThatWasNotSeenIsNoMachineAndNotDone(t *testing.T) {
	for name, shows := range map[string]bool{"no reading shows it": false, "the deposit shows it": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				p := reservedPlan(t, a)
				a.answer = func(_ int, c vastapi.Call) (vastapi.Result, bool) {
					pay, ok := c.(vastapi.PrepayInstance)
					if ok && shows {
						findInstance(a.instances, pay.ID).Deposit = pay.Amount
					}
					return vastapi.Result{}, false
				}
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				checkCounts(t, r, 2, 0, 0, 0, 0)
				want := "1 of 1, paid, not seen"
				if shows {
					want = "1 of 1"
				}
				if r.Label() != want || r.Complete() != shows || r.Done[1].Verified != shows || strings.Contains(r.Summary(), "Done") != shows {
					t.Errorf("%q, complete %v: %s", r.Label(), r.Complete(), r.Summary())
				}
				if r.Done[1].Step.Was == nil || r.Done[1].Step.Was.ID != r.Done[0].Contract {
					t.Errorf("paid for %+v", r.Done[1].Step)
				}
			})
		})
	}
}

func TestWhatWasRentedTwiceIsNeverCalledDone(t *testing.T) {
	for name, answered := range map[string]bool{"accepted": true, "found without an answer": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				p := a.rentPlan(t)
				a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
					res := a.carryOut(c)
					a.carryOut(c)
					if !answered {
						return lost()
					}
					return res
				})
				r := Execute(t.Context(), a.deps(j), p, nil)
				checkCounts(t, r, 1, 0, 0, 0, 0)
				s := r.Done[0]
				if fmt.Sprint(s.Copies) != "[9001 9002]" || r.Complete() || r.Label() != "1 of 1, 1 rented twice" || strings.Contains(r.Summary(), "Done") {
					t.Errorf("copies %v, complete %v: %s", s.Copies, r.Complete(), r.Summary())
				}
				if !strings.Contains(s.Why, "rented twice: instances 9001 and 9002") {
					t.Errorf("why %q", s.Why)
				}
				next := s.Next()
				if next.Trouble != TroubleTwice || kinds(next.Actions) != "destroy, look" || fmt.Sprint(next.Actions[0].Instances) != "[9002]" {
					t.Errorf("%+v", next)
				}
				if all := r.Actions(); len(all) != 1 || all[0].Kind != ActDestroy || fmt.Sprint(all[0].Instances) != "[9002]" {
					t.Errorf("of all: %+v", all)
				}
				if row := r.Table()[0]; row.Result != "rented twice" {
					t.Errorf("row %+v", row)
				}
				if n := len(a.calls); n != 1 {
					t.Errorf("%d requests: nothing is ended unasked", n)
				}
			})
		})
	}
}

func TestWhatWasRentedTwiceAndDiffersSaysBoth(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := a.rentPlan(t)
		a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
			res := a.carryOut(c)
			a.carryOut(c)
			a.instances[0].Disk = 8
			return res
		})
		s := Execute(t.Context(), a.deps(&memory{}), p, nil).Done[0]
		for _, want := range []string{"rented twice", "disk is 8 GB"} {
			if !strings.Contains(s.Why, want) || !strings.Contains(s.Next().Sentence, want) {
				t.Errorf("%q is missing in %q or %q", want, s.Why, s.Next().Sentence)
			}
		}
		if got := kinds(s.Next().Actions); got != "destroy, destroy, look" {
			t.Errorf("actions %s", got)
		}
	})
}

func TestAFleetStopsWhenOneRentMakesTwoMachines(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 5, 3)
		p.Least = 3
		a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
			a.carryOut(c)
			a.carryOut(c)
			return lost()
		})
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		if len(a.instances) > 3 || r.Complete() || !strings.Contains(r.Label(), "1 rented twice") {
			t.Errorf("%d instances, complete %v: %s", len(a.instances), r.Complete(), r.Label())
		}
		if r.Err == nil || !strings.Contains(r.Err.Error(), "rented twice") {
			t.Errorf("ended with %v", r.Err)
		}
		back := must(t)(r.Rollback(a.desk(t)))
		if len(back.Steps) != len(a.instances) {
			t.Errorf("%d of %d are taken back", len(back.Steps), len(a.instances))
		}
	})
}

func TestARefusalForHasteIsBelievedOnlyWhenTheAccountShowsIt(t *testing.T) {
	for name, c := range map[string]struct {
		happened, partial bool
		calls             int
	}{
		"it was rented, the look fails":      {true, false, 1},
		"it was not rented, the look fails":  {false, false, 2},
		"it was rented, rows are unread":     {true, true, 1},
		"it was not rented, rows are unread": {false, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				p := candidatesPlan(t, a, 4, 1)
				var until time.Time
				a.answer = firstRent(func(call vastapi.Call) vastapi.Result {
					if c.happened {
						time.AfterFunc(time.Second, func() { a.carryOut(call) })
					}
					until = time.Now().Add(10 * time.Second)
					if c.partial {
						a.bad = 1
						time.AfterFunc(10*time.Second, func() { a.mu.Lock(); a.bad = 0; a.mu.Unlock() })
					}
					return refused(vastapi.KindRateLimited, 429)
				})
				a.readErr = func(int) error {
					if !c.partial && time.Now().Before(until) {
						return errors.New("reset")
					}
					return nil
				}
				r := Execute(t.Context(), a.deps(j), p, nil)
				if len(a.calls) != c.calls || len(a.instances) != 1 || len(r.Done) != 1 || !r.Complete() {
					t.Errorf("%d requests, %d instances: %s\n%s", len(a.calls), len(a.instances), r.Summary(), r.Text())
				}
				if got := fmt.Sprint(j.kinds()[:4]); got != "[plan intent sent unknown]" {
					t.Errorf("journal %s", got)
				}
			})
		})
	}
}

// brokenWithContract carries a rent out, loses its label and answers 500 with the
// number of the contract.
func brokenWithContract(a *account, c vastapi.Call) vastapi.Result {
	res := a.carryOut(c)
	findInstance(a.instances, res.Contract).Label = safetext.New("")
	res.Outcome, res.Err = vastapi.OutcomeUnknown, &vastapi.Error{Kind: vastapi.KindServer, Status: 500}
	return res
}

func TestARentWithoutAClearAnswerIsLookedForByTheNumberItNamed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		p := candidatesPlan(t, a, 4, 1)
		a.answer = firstRent(func(c vastapi.Call) vastapi.Result { return brokenWithContract(a, c) })
		r := Execute(t.Context(), a.deps(j), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 3)
		if s := r.Done[0]; len(a.instances) != 1 || s.Contract != 9001 || s.Foreign || len(s.Differences) == 0 || s.Differences[0].What != "name" {
			t.Errorf("%d instances, %+v", len(a.instances), s)
		}
		ops, err := Open(j)
		if err != nil || ops.All()[0].State != OpConfirmed || ops.All()[0].Contract != 9001 {
			t.Errorf("%+v, %v", ops.All(), err)
		}
	})
}

func TestTheNumberThatAnUnclearAnswerNamedOutlivesTheProcess(t *testing.T) {
	for name, cancelled := range map[string]bool{"nothing could be read": false, "ended at once": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, j := newAccount(), &memory{}
				p := a.rentPlan(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
					if cancelled {
						cancel()
					}
					return brokenWithContract(a, c)
				})
				a.readErr = func(int) error { return errLost }
				d := a.deps(j)
				d.Account = "11"
				checkCounts(t, Execute(ctx, d, p, nil), 0, 0, 0, 1, 0)
				ops, err := Open(j)
				if err != nil || len(ops.Open()) != 1 || ops.Open()[0].Contract != 9001 {
					t.Fatalf("%+v, %v", ops.Open(), err)
				}
				a.readErr = nil
				found, err := Recover(t.Context(), d, nil)
				if err != nil || len(found) != 1 || found[0].State != OpConfirmed || found[0].Delivered == nil || found[0].Delivered.ID != 9001 {
					t.Errorf("%+v, %v", found, err)
				}
			})
		})
	}
}

func TestAFleetStopsWhenARentThatFailedNamesAnInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		p := candidatesPlan(t, a, 4, 2)
		res := lost()
		res.Contract = 4711 // and there is no such instance
		a.answer = firstRent(func(vastapi.Call) vastapi.Result { return res })
		p.Want = 1
		r := Execute(t.Context(), a.deps(&memory{}), p, nil)
		checkCounts(t, r, 0, 1, 0, 0, 3)
		if r.Err == nil || !strings.Contains(r.Err.Error(), "4711") {
			t.Errorf("ended with %v", r.Err)
		}
	})
}

func TestAnInstanceThatWasThereBeforeIsNeverTakenForTheRent(t *testing.T) {
	for name, c := range map[string]struct {
		label   string
		outcome vastapi.Outcome
	}{
		"accepted":                {"production-db", vastapi.OutcomeConfirmed},
		"accepted, without label": {"", vastapi.OutcomeConfirmed},
		"no clear answer":         {"production-db", vastapi.OutcomeUnknown},
		"nor a label":             {"", vastapi.OutcomeUnknown},
		"refused":                 {"production-db", vastapi.OutcomeRejected},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				a.instances = []vastapi.Instance{instance(1, c.label)}
				p := candidatesPlan(t, a, 1, 1)
				p.Least = 2
				res := vastapi.Result{Outcome: c.outcome, Contract: 1}
				if c.outcome != vastapi.OutcomeConfirmed {
					res.Err = &vastapi.Error{Kind: vastapi.KindRejected, Status: 400}
				}
				a.answer = once(res)
				j := &memory{}
				r := Execute(t.Context(), a.deps(j), p, nil)
				if ops, err := Open(j); err != nil || ops.All()[0].State != OpConfirmed && ops.All()[0].Contract != 0 {
					t.Errorf("the journal names it: %+v, %v", ops.All(), err)
				}
				if q, err := r.Rollback(a.desk(t)); err == nil {
					t.Errorf("it is to be destroyed: %s %+v", q.Title, q.Steps)
				}
				if q, ok := r.Leftover(a.desk(t)); ok {
					t.Errorf("it was left behind: %s", q.Title)
				}
				for _, s := range slices.Concat(r.Done, r.Failed) {
					for _, act := range s.Next().Actions {
						if act.Kind == ActDestroy {
							t.Errorf("offered: %+v", act)
						}
					}
					if s.Outcome == vastapi.OutcomeConfirmed && (!s.Foreign || s.Differences[0].What != "name") {
						t.Errorf("foreign %v, %v", s.Foreign, s.Differences)
					}
				}
				if r.Complete() {
					t.Errorf("complete: %s", r.Label())
				}
			})
		})
	}
}

func TestTheRentIsFoundThoughItsAnswerNamedAnotherInstance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.instances = []vastapi.Instance{instance(1, "production-db")}
		p := a.rentPlan(t)
		a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
			res := a.carryOut(c)
			res.Contract = 1
			return res
		})
		r := Execute(t.Context(), a.deps(j), p, nil)
		checkCounts(t, r, 1, 0, 0, 0, 0)
		ops, err := Open(j)
		if s := r.Done[0]; s.Contract != 9001 || s.Foreign || !r.Complete() || err != nil || ops.All()[0].Contract != 9001 {
			t.Errorf("%+v, %+v, %v", s, ops.All(), err)
		}
	})
}

func TestARowOfTheOtherKindSaysNothingAboutThePrice(t *testing.T) {
	bid := vastapi.Rate(0.3)
	for name, c := range map[string]struct {
		bid    *vastapi.Rate
		change func(*vastapi.Offer)
		what   string
	}{
		"the price of a bid":       {nil, func(o *vastapi.Offer) { o.IsBid, o.DphBase = true, 5 }, "GPU price"},
		"the same figure of a bid": {nil, func(o *vastapi.Offer) { o.IsBid = true }, "GPU price"},
		"no price to hold":         {&bid, func(o *vastapi.Offer) { o.MinBid = vastapi.Unknown[vastapi.Rate]() }, "lowest bid that wins"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				opt := someOptions
				if c.bid != nil {
					opt.Kind, opt.Bid = vastapi.Interruptible, c.bid
				}
				p := must(t)(PlanRent(a.offers[0], time.Now(), opt, a.desk(t)))
				time.Sleep(time.Minute)
				c.change(&a.offers[0])
				if got := p.Moved(a.offers, nil); c.bid == nil && len(got) > 0 {
					t.Errorf("a row of another search moves the plan: %v", got)
				}
				r := Execute(t.Context(), a.deps(&memory{}), p, nil)
				if len(a.calls) > 0 || !errors.Is(r.Err, ErrMoved) || len(r.Moved) == 0 || r.Moved[0].What != c.what || r.Moved[0].Is != "unknown" {
					t.Errorf("%d requests, moved %v, %v", len(a.calls), r.Moved, r.Err)
				}
			})
		})
	}
}

func TestWhatWasLeftBehindIsToldAsItWasSeen(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*vastapi.Instance)
		want   string
		not    string
	}{
		"running":    {func(i *vastapi.Instance) { i.Actual = safetext.New("running") }, "left instance 9001 behind, running: it is billed $0.407/h", "stopped"},
		"coming up":  {func(*vastapi.Instance) {}, "left instance 9001 behind, about to run: it is billed $0.407/h then", "stopped"},
		"stopped":    {func(i *vastapi.Instance) { *i = halted(*i) }, "left instance 9001 behind, stopped: its disk is billed $0.00", "running"},
		"lost label": {func(i *vastapi.Instance) { i.Label = safetext.New("") }, "left instance 9001 behind, about to run", "stopped"},
		"never seen": {nil, "left instance 9001 behind, and what it is billed was not seen", "stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a := newAccount()
				a.answer = firstRent(func(call vastapi.Call) vastapi.Result {
					res := a.carryOut(call)
					if c.change == nil {
						a.instances = nil
					} else {
						c.change(&a.instances[0])
					}
					res.Outcome, res.Err = vastapi.OutcomeRejected, &vastapi.Error{Kind: vastapi.KindRejected, Status: 400}
					return res
				})
				r := Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), nil)
				checkCounts(t, r, 0, 1, 0, 0, 0)
				for _, text := range []string{r.Failed[0].Why, r.Failed[0].Next().Sentence} {
					if !strings.Contains(text, c.want) || strings.Contains(text, c.not) {
						t.Errorf("told %q, want %q", text, c.want)
					}
				}
			})
		})
	}
}

func halted(i vastapi.Instance) vastapi.Instance {
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), word, word, word
	return i
}

func TestWhatDoesNotTellWhatItIsIsNotVerified(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		a.answer = firstRent(func(c vastapi.Call) vastapi.Result {
			res := a.carryOut(c)
			findInstance(a.instances, res.Contract).GPUName = safetext.New("")
			return res
		})
		var last Progress
		r := Execute(t.Context(), a.deps(&memory{}), a.rentPlan(t), func(p Progress) { last = p })
		checkCounts(t, r, 1, 0, 0, 0, 0)
		if s := r.Done[0]; s.Verified || r.Complete() || !strings.Contains(s.Why, "does not tell yet what it is") || last.State != StateAccepted {
			t.Errorf("verified %v, complete %v, %q, %v", s.Verified, r.Complete(), s.Why, last.State)
		}
	})
}

func TestTheMarkComesBeforeEveryOtherDifference(t *testing.T) {
	t.Parallel()
	i := instance(1, "production-db")
	list := Delivered(Asked{GPU: safetext.New("H100"), Disk: 500, Label: Label("train", tokenOf("p", 0))}, &i)
	if len(list) < 3 || list[0].What != "name" {
		t.Errorf("%v", list)
	}
}

func TestTheHostsLastWordsSayWhyAStartIsHopeless(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"Error response from daemon: pull access denied for a/b": "the image does not exist, or its registry wants a login",
		"no matching manifest for linux/arm64":                   "the image is not made for this kind of machine",
		"Error response from daemon: something new":              "the container could not be started, or ended at once",
	} {
		i := coming(1)
		i.Status = safetext.New(message)
		if got := hopeless(&i); got != want && !(got == "" && want == "") {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}

func TestARentThatComesLateWithoutItsLabelIsAnOrphanByItsNumber(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		p := a.rentPlan(t)
		res := lost()
		res.Contract = 9001
		a.answer = once(res)
		checkCounts(t, Execute(t.Context(), a.deps(j), p, nil), 0, 1, 0, 0, 0)
		a.instances = []vastapi.Instance{instance(9001, ""), instance(9002, "")}
		ops, err := Open(j)
		strays := Strays(a.instances, ops)
		if err != nil || len(strays) != 1 || strays[0].Instance != 9001 || strays[0].Token != p.Steps[0].Token || !strays[0].Known {
			t.Errorf("%+v, %v", strays, err)
		}
	})
}
