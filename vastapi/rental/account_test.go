package rental

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestARentOfAnotherAccountIsLeftOpen(t *testing.T) {
	for name, c := range map[string]struct {
		sender, reader string
		settles        bool
	}{
		"another":         {"11", "22", false},
		"the same":        {"11", "11", true},
		"sender not told": {"", "22", true},
		"reader not told": {"11", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				j := &memory{}
				mine := newAccount()
				mine.readErr = func(int) error { return errLost }
				mine.answer = once(lost())
				deps := mine.deps(j)
				deps.Account = c.sender
				checkCounts(t, Execute(t.Context(), deps, mine.rentPlan(t), nil), 0, 0, 0, 1, 0)

				other := newAccount()
				deps = other.deps(j)
				deps.Account = c.reader
				settled, err := Recover(t.Context(), deps, nil)
				if err != nil {
					t.Fatal(err)
				}
				ops, err := Open(j)
				if err != nil {
					t.Fatal(err)
				}
				if (len(settled) == 1) != c.settles || (len(ops.Open()) == 0) != c.settles || (len(other.reads) > 0) != c.settles {
					t.Errorf("settled %+v, open %+v after %v", settled, ops.Open(), other.reads)
				}
				if got := ops.All()[0].Account; got != c.sender {
					t.Errorf("account %q", got)
				}
			})
		})
	}
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
		p = a.rentPlan(t)
		p.Ceiling.Total = p.Cost.Before + p.Steps[0].Rate + 24
		deps.Account = ""
		time.Sleep(time.Second)
		if r := Execute(t.Context(), deps, p, nil); r.Err == nil || len(a.calls) != 1 {
			t.Errorf("whose account it is was not told, and others did not count: %v", r.Err)
		}
	})
}
