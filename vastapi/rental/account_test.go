package rental

import (
	"errors"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// left is a journal with one operation of an account that has no answer.
func left(t *testing.T, account string, s Step) *memory {
	t.Helper()
	j := &memory{}
	for _, r := range []record{intentOf(account, "p", "p/0", s), {Kind: recordSent, Plan: "p", Op: "p/0"}, {Kind: recordUnknown, Plan: "p", Op: "p/0"}} {
		if err := write(j, r); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

func opened(t *testing.T, j Journal) Ops {
	t.Helper()
	ops, err := Open(j)
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func recovered(t *testing.T, a *account, j Journal, account string) []Settled {
	t.Helper()
	deps := a.deps(j)
	deps.Account = account
	out, err := Recover(t.Context(), deps, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsMissingIsBelievedInTheOwnAccountOnly(t *testing.T) {
	for name, c := range map[string]struct {
		sender, reader string
		looks, settles bool
	}{
		"another":         {"11", "22", false, false},
		"the same":        {"11", "11", true, true},
		"sender not told": {"", "22", true, false},
		"reader not told": {"11", "", true, false},
	} {
		for verb, step := range map[string]Step{
			"rent":    newAccount().rentPlan(t).Steps[0],
			"destroy": {Verb: "destroy", Call: vastapi.DestroyInstance{ID: 5}, Subject: Subject{Instance: 5}},
			"stop":    {Verb: "stop", Call: vastapi.SetInstanceState{ID: 5, State: "stopped"}, Subject: Subject{Instance: 5}},
		} {
			t.Run(name+" "+verb, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					j, other := left(t, c.sender, step), newAccount()
					settled := recovered(t, other, j, c.reader)
					ops := opened(t, j)
					if (len(settled) == 1) != c.looks || (len(other.reads) > 0) != c.looks || (len(ops.Open()) == 0) != c.settles {
						t.Errorf("settled %+v, open %+v after %v", settled, ops.Open(), other.reads)
					}
					if c.looks && !c.settles && (settled[0].State != OpUnknown || !strings.Contains(settled[0].Why, "another account")) {
						t.Errorf("%+v", settled[0])
					}
				})
			})
		}
	}
}

func TestWhatIsSeenIsBelievedThoughTheAccountWasNotTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a := newAccount()
		step := a.rentPlan(t).Steps[0]
		j := left(t, "", step)
		a.carryOut(step.Call)
		if out := recovered(t, a, j, "22"); out[0].State != OpConfirmed || len(opened(t, j).Open()) != 0 {
			t.Errorf("%+v", out)
		}
	})
}

func TestNothingIsSpentBeforeTheAccountIsKnown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		bidding := instance(1, "a")
		bidding.Bid, bidding.MinBid = true, 0.1
		a.instances = []vastapi.Instance{bidding, stopped(2, "b"), instance(3, "c")}
		rise := vastapi.PriceIncrease{ID: 3, Instance: 3, NewGPU: 1, OldGPU: 0.8, OldDisk: vastapi.Unknown[vastapi.PerGBMonth](), NewDisk: vastapi.Unknown[vastapi.PerGBMonth]()}
		deps := a.deps(j)
		deps.Account = ""
		for _, p := range []Plan{
			a.rentPlan(t),
			must(t)(PlanBid(a.instances[0], 3, a.desk(t))),
			must(t)(PlanStart(a.instances[1:2], a.desk(t))),
			must(t)(PlanPrepay(a.instances[2], 5, a.desk(t))),
			must(t)(PlanAcceptIncrease(a.instances[2:], []vastapi.PriceIncrease{rise}, a.desk(t))),
		} {
			if r := Execute(t.Context(), deps, p, nil); !errors.Is(r.Err, ErrAccount) || len(a.calls)+len(j.lines) > 0 {
				t.Errorf("%s: %v, %d requests, journal %q", p.Verb, r.Err, len(a.calls), j.text())
			}
		}
		p := a.rentPlan(t)
		Execute(t.Context(), deps, p, nil)
		checkCounts(t, Execute(t.Context(), a.deps(j), p, nil), 1, 0, 0, 0, 0)
		checkCounts(t, Execute(t.Context(), deps, must(t)(PlanDestroy(a.instances[:1], a.desk(t))), nil), 1, 0, 0, 0, 0)
	})
}

func TestOnlyTheOwnAccountsOperationsCount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.credit = 1000
		for account, rate := range map[string]vastapi.Rate{"11": 1, "22": 20, "": 4} {
			op := "op" + account
			for _, r := range []record{intentOf(account, "p", op, Step{Verb: "rent", Call: vastapi.CreateInstance{}, Rate: rate}), {Kind: recordSent, Op: op}} {
				if err := write(j, r); err != nil {
					t.Fatal(err)
				}
			}
		}
		ops, err := Open(j)
		if err != nil {
			t.Fatal(err)
		}
		if own, all := ops.ReservedFor("11", nil), ops.Reserved(); own != 5 || all != 25 || len(ops.OpenFor("22")) != 2 || len(ops.Open()) != 3 {
			t.Errorf("own %v, all %v, open %v", own, all, ops.OpenFor("22"))
		}
		p := a.rentPlan(t)
		p.Ceiling.Total = p.Steps[0].Rate + 5
		deps := a.deps(j)
		deps.Account = "11"
		checkCounts(t, Execute(t.Context(), deps, p, nil), 1, 0, 0, 0, 0)
		if !strings.Contains(j.text(), `"kind":"intent"`) || strings.Count(j.text(), `"account":"11"`) != 2 {
			t.Errorf("journal:\n%s", j.text())
		}
	})
}
