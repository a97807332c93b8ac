package rental

import (
	"errors"
	"testing"

	"vastdeck/vastapi"
)

func TestAPlanIsCarriedOutInTheAccountItWasWorkedOutForOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		a.instances = []vastapi.Instance{instance(1, "a")}
		desk := a.desk(t)
		desk.Whose = "11"
		plans := func() []Plan {
			return []Plan{
				must(t)(PlanDestroy(a.instances[:1], desk)), must(t)(PlanStop(a.instances[:1], desk)),
				must(t)(PlanRename(a.instances[0], "b", desk)), must(t)(PlanRent(a.offers[0], desk.At, someOptions, desk)),
			}
		}
		for account, want := range map[string]error{"22": ErrOther, "": ErrAccount} {
			deps := a.deps(j)
			deps.Account = account
			for _, p := range plans() {
				if r := Execute(t.Context(), deps, p, nil); !errors.Is(r.Err, want) || len(a.calls)+len(j.lines) > 0 {
					t.Errorf("%s in account %q: %v, %d requests, journal %q", p.Verb, account, r.Err, len(a.calls), j.text())
				}
			}
		}
		deps := a.deps(j)
		deps.Account = "11"
		checkCounts(t, Execute(t.Context(), deps, plans()[0], nil), 1, 0, 0, 0, 0)
	})
}
