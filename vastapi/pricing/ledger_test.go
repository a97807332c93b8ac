package pricing

import (
	"math"
	"testing"
	"time"

	"vastdeck/vastapi"
)

func TestMonthAndStorageComeToTheDocumentedFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate  vastapi.Rate
		hours float64
		want  string
	}{
		{0.80, MonthHours, "$576.00"}, {0.80, 730, "$584.00"},
		{vastapi.PerGBMonth(0.10).Hourly(200), MonthHours, "$20.00"},
	} {
		if got := Money(Monthly(c.rate, c.hours)); got != c.want {
			t.Errorf("%v for %v h is %s, want %s", c.rate, c.hours, got, c.want)
		}
	}
}

func TestStretchesAddUpAndTellWhatIsGuessed(t *testing.T) {
	t.Parallel()
	a := Accrue([]Stretch{{0.5, 10 * time.Hour, false}, {1, 2 * time.Hour, true}, {0.02, 50 * time.Hour, true}, {9, -time.Hour, true}, {9, 0, false}})
	if math.Abs(float64(a.Total)-8) > 1e-9 || math.Abs(float64(a.Seen)-3) > 1e-9 || a.SeenFor != 52*time.Hour || a.GuessedFor != 10*time.Hour || !a.Estimated() {
		t.Errorf("it came to %+v", a)
	}
	if a := Accrue([]Stretch{{1, time.Hour, true}}); a.Estimated() || a.Total != 1 {
		t.Errorf("what was seen whole is %+v", a)
	}
	unknown := Accrue([]Stretch{{1, time.Hour, true}, {vastapi.Unknown[vastapi.Rate](), time.Hour, false}})
	if vastapi.Known(unknown.Total) || unknown.Seen != 1 {
		t.Errorf("an unknown rate gives %+v", unknown)
	}
	if both := a.And(unknown); vastapi.Known(both.Total) || both.SeenFor != 53*time.Hour || both.GuessedFor != 11*time.Hour {
		t.Errorf("together they are %+v", both)
	}
}

func TestSpendingAlwaysAddsUpToTheCharge(t *testing.T) {
	t.Parallel()
	item := func(kind string, amount vastapi.Amount) vastapi.ChargeItem {
		return vastapi.ChargeItem{Kind: kind, Amount: amount}
	}
	for name, c := range map[string]struct {
		charge vastapi.Charge
		want   Spending
	}{
		"all kinds":      {vastapi.Charge{Amount: 10, Items: []vastapi.ChargeItem{item("gpu", 6), item("disk", 1), item("bwd", 2), item("bwu", 1)}}, Spending{GPU: 6, Disk: 1, Up: 1, Down: 2}},
		"no items":       {vastapi.Charge{Amount: 3}, Spending{Other: 3}},
		"an unknown one": {vastapi.Charge{Amount: 3, Items: []vastapi.ChargeItem{item("gpu", 1), item("", 2)}}, Spending{GPU: 1, Other: 2}},
		"less than all":  {vastapi.Charge{Amount: 3, Items: []vastapi.ChargeItem{item("gpu", 1)}}, Spending{GPU: 1, Other: 2}},
		"more than all":  {vastapi.Charge{Amount: 3, Items: []vastapi.ChargeItem{item("gpu", 4)}}, Spending{GPU: 4, Other: -1}},
	} {
		if got := SpendingOf(c.charge); got != c.want || got.Total() != c.charge.Amount {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestDeviationIsUnknownWithoutACharge(t *testing.T) {
	t.Parallel()
	if d := Deviation(11, 10); math.Abs(d-10) > 1e-9 {
		t.Errorf("11 against 10 is %v %%", d)
	}
	if d := Deviation(9, 10); math.Abs(d+10) > 1e-9 {
		t.Errorf("9 against 10 is %v %%", d)
	}
	for _, d := range []float64{Deviation(1, 0), Deviation(vastapi.Unknown[vastapi.Amount](), 1), Deviation(1, vastapi.Unknown[vastapi.Amount]())} {
		if vastapi.Known(d) {
			t.Errorf("it is %v", d)
		}
	}
}

func TestAllowanceWarnsAtEightyPercentAndIsUsedAtAHundred(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a    Allowance
		want AllowanceState
	}{
		{Allowance{0, 100}, AllowanceNone}, {Allowance{10, vastapi.Unknown[vastapi.Amount]()}, AllowanceUnknown}, {Allowance{10, 0}, AllowanceUnder},
		{Allowance{10, 7.99}, AllowanceUnder}, {Allowance{10, 8}, AllowanceNear}, {Allowance{10, 9.99}, AllowanceNear}, {Allowance{10, 10}, AllowanceUsed},
		{Allowance{10, 11}, AllowanceUsed}, {Allowance{0.3, 0.1 + 0.2}, AllowanceUsed},
	} {
		if got := c.a.State(); got != c.want {
			t.Errorf("%+v is %d, want %d", c.a, got, c.want)
		}
	}
	if p := (Allowance{10, 8}).Part(); p != 80 {
		t.Errorf("8 of 10 is %v %%", p)
	}
}

func TestCountedIsTheChargesAndTheEstimateSince(t *testing.T) {
	t.Parallel()
	if got := Counted(3, 0.5, 2*time.Hour); got != 4 {
		t.Errorf("it is %v", got)
	}
	if got := Counted(3, 0.5, -time.Hour); got != 3 {
		t.Errorf("charges from the future come to %v", got)
	}
	if got := Counted(3, vastapi.Unknown[vastapi.Rate](), time.Hour); vastapi.Known(got) {
		t.Errorf("an unknown burn gives %v", got)
	}
}
