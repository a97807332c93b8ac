package rental

import (
	"errors"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// spent is a budget of $40 a day of which so much is used.
func spent(amount vastapi.Amount, block bool) Budget {
	return Budget{Day: pricing.Allowance{Limit: 40, Spent: amount}, Block: block}
}

// budgeted is a plan to rent with a budget.
func budgeted(t *testing.T, b Budget) Plan {
	t.Helper()
	d := rich()
	d.SSHKey, d.Budget = vastapi.FlagYes, b
	p, err := PlanRent(offer(77), noon, RentOptions{Image: "pytorch/pytorch", Disk: 40}, d)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func budgetCheck(p Plan) (Check, bool) {
	for _, c := range p.Checks {
		if strings.HasPrefix(c.Name, "budget") {
			return c, true
		}
	}
	return Check{}, false
}

func TestBudgetWarnsThenAsksThenBlocks(t *testing.T) {
	t.Parallel()
	unknown := vastapi.Unknown[vastapi.Amount]()
	for name, c := range map[string]struct {
		budget Budget
		state  CheckState
		kind   ConsentKind
		words  string
		text   string
	}{
		"under":               {spent(10, true), CheckPass, ConsentChoose, "", "$10.00 of $40.00 are spent today"},
		"near":                {spent(32, true), CheckWarn, ConsentChoose, "", "(80 %)"},
		"used, as a cap":      {spent(41.2, false), CheckFail, ConsentType, "41.20", "it is used up"},
		"used, blocked":       {spent(41.2, true), CheckFail, ConsentType, "", "nothing that costs more is begun"},
		"exactly, blocked":    {spent(40, true), CheckFail, ConsentType, "", "it is used up"},
		"unknown is said":     {spent(unknown, true), CheckWarn, ConsentChoose, "", "not known yet"},
		"the month's as well": {Budget{Month: pricing.Allowance{Limit: 100, Spent: 100}, Block: true}, CheckFail, ConsentType, "", "this month"},
	} {
		p := budgeted(t, c.budget)
		got, ok := budgetCheck(p)
		if !ok || got.State() != c.state || p.Consent.Kind != c.kind || p.Consent.Words != c.words || !strings.Contains(got.Text, c.text) {
			t.Errorf("%s: %+v, consent %+v", name, got, p.Consent)
		}
	}
	if _, ok := budgetCheck(budgeted(t, Budget{Block: true})); ok {
		t.Error("without a limit there is a check")
	}
}

func TestNobodyCanAgreeToABlockedPlanAndItIsNeverSent(t *testing.T) {
	t.Parallel()
	p := budgeted(t, spent(41.2, true))
	for _, line := range []string{"", "41.20", "yes", " "} {
		if p.Consent.Agrees(line) {
			t.Errorf("%q agrees", line)
		}
	}
	r := Execute(t.Context(), Deps{}, p, nil)
	if !errors.Is(r.Err, ErrBudget) {
		t.Errorf("it was carried out: %+v", r)
	}
}

func TestBudgetBlocksWhatCostsMoreAndNothingElse(t *testing.T) {
	t.Parallel()
	raised := instance(7, "a")
	raised.Bid, raised.DphBase, raised.MinBid, raised.BilledNow, raised.DphTotal = true, 0.5, 0.1, 0.52, 0.52
	d := deskOf(raised)
	d.Credit, d.Budget = 1000, spent(50, true)
	final := func(p Plan, err error) bool {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return blocked(p.Checks)
	}
	if !final(PlanBid(raised, 0.7, d)) {
		t.Error("a higher bid is not blocked")
	}
	if final(PlanBid(raised, 0.3, d)) {
		t.Error("a lower bid is blocked")
	}
	if final(PlanStop([]vastapi.Instance{raised}, d)) || final(PlanDestroy([]vastapi.Instance{raised}, d)) {
		t.Error("ending something is blocked")
	}
	still := stopped(8, "b")
	d = deskOf(still)
	d.Credit, d.Budget = 1000, spent(50, true)
	if !final(PlanStart([]vastapi.Instance{still}, d)) {
		t.Error("a start is not blocked")
	}
	o := offer(99)
	o.StorageCost, o.DiskSpace = 0.1, 500
	if !final(PlanCreateVolume(o, noon, NewVolume{Size: 100, Name: "x"}, d)) {
		t.Error("a new volume is not blocked")
	}
}
