package rental

import (
	"errors"
	"fmt"
	"math"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// earlyFee is the part of the discount received that ending a reservation early
// costs beside the discount itself (pricing guide of the marketplace).
const earlyFee = 0.05

// Prepaid is what paying ahead for an instance comes to. The server decides the
// discount; Best is the most it can be.
type Prepaid struct {
	Amount vastapi.Amount
	Now    vastapi.Rate // what it costs while it runs, without paying ahead
	Best   float64      // fraction; unknown when the instance does not tell
	// BreakEven is how long it has to run before paying ahead costs less than not:
	// until on demand would have come to the amount.
	BreakEven time.Duration
	// Lasts is how long the amount pays for at the best discount; 0 = not known.
	Lasts time.Duration
	// Loss is the most that ending early can cost more than on demand; unknown
	// when Best is.
	Loss vastapi.Amount
}

// PrepaidFor works out what paying amount ahead for i comes to. The figures are
// unknown or 0 where its price is not known.
func PrepaidFor(i *vastapi.Instance, amount vastapi.Amount) Prepaid {
	p := Prepaid{Amount: amount, Now: pricing.Running(i).Total(), Best: i.DiscountMax}
	p.BreakEven = hoursOf(float64(amount) / float64(p.Now))
	p.Lasts = hoursOf(float64(amount) / (float64(p.Now) * (1 - p.Best)))
	p.Loss = vastapi.Amount(earlyFee * p.Best * float64(amount) / (1 + earlyFee*p.Best))
	return p
}

// hoursOf is a time of so many hours, 0 when that is no time.
func hoursOf(h float64) time.Duration {
	if !(h > 0) || h > math.MaxInt64/float64(time.Hour) {
		return 0
	}
	return time.Duration(h * float64(time.Hour))
}

// PlanPrepay plans to reserve target by paying amount ahead, which lowers its
// price. Sent twice it would pay twice, so it is never repeated.
func PlanPrepay(target vastapi.Instance, amount vastapi.Amount, d Desk) (Plan, error) {
	d = d.sure()
	if _, _, err := remaining([]vastapi.Instance{target}); err != nil {
		return Plan{}, err
	}
	if err := checkPrepay(&target, amount, d); err != nil {
		return Plan{}, err
	}
	i := &target
	paid := PrepaidFor(i, amount)
	p := lifecyclePlan("prepay", []vastapi.Instance{target}, d)
	p.Title = fmt.Sprintf("Pay %s ahead for instance %d", pricing.Money(amount), i.ID)
	p.Button = "Pay " + pricing.Money(amount)
	p.Keep = "Cancel"
	p.addStep(i, instanceDetail(i), UndoPrepay, vastapi.PrepayInstance{ID: i.ID, Amount: amount})
	p.Facts = append(p.Facts, paid.lines()...)
	if i.Deposit > 0 {
		p.Facts = append(p.Facts, Line{"paid already", pricing.Money(i.Deposit) + " is left, the discount now is " + percent(i.Discount)})
	}
	after := d.afterPaying(amount)
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	p.Cost.DueNow = amount
	p.Cost.RunwayAfter = pricing.SpanOf(after.Credit, p.Cost.After)
	p.Checks, p.Ceiling = checkCaps(0, after)
	p.Consent = overCaps(Consent{Kind: ConsentChoose}, p.Checks)
	p.Warnings = prepayWarnings(i, paid, d)
	return p, nil
}

func checkPrepay(i *vastapi.Instance, amount vastapi.Amount, d Desk) error {
	switch {
	case i.Bid:
		return fmt.Errorf("instance %d is interruptible, which cannot be reserved: rent on demand for that", i.ID)
	case ended(i, d.Now):
		return fmt.Errorf("the contract of instance %d has ended, so it cannot be reserved", i.ID)
	case !(amount >= 0.01 && amount < 1e6):
		return FieldError{"prepay", "an amount in dollars, e.g. 25"}
	case amount > d.Credit:
		return FieldError{"prepay", fmt.Sprintf("the credit is %s: pay less, or add credit", pricing.Money(d.Credit))}
	case !(pricing.Running(i).Total() > 0):
		return errors.New("the price of this instance is not known, so nothing is paid ahead for it")
	}
	return nil
}

// lines say in words what paying ahead comes to.
func (p Prepaid) lines() []Line {
	lines := []Line{
		{"taken now", pricing.Money(p.Amount) + " leaves the credit at once"},
		{"price now", pricing.Shown(p.Now) + " while it runs"},
		{"break-even", fmt.Sprintf("it pays off once it has run %s more: by then on demand comes to %s", span(p.BreakEven), pricing.Money(p.Amount))},
	}
	if !vastapi.Known(p.Best) || p.Best <= 0 {
		return append(lines, Line{"discount", "the server decides it, and this instance does not tell how much it can be"})
	}
	return append(lines,
		Line{"discount", fmt.Sprintf("the server decides it, at most %s: %s", percent(p.Best), pricing.Shown(p.Now*vastapi.Rate(1-p.Best)))},
		Line{"lasts", fmt.Sprintf("at most %s, at that discount", span(p.Lasts))},
		Line{"ended early", fmt.Sprintf("costs up to %s more than on demand would have", pricing.Money(p.Loss))},
	)
}

func prepayWarnings(i *vastapi.Instance, p Prepaid, d Desk) []Warning {
	var w warnings
	w.add(true, Caution, "destroyed early, what is left of it comes back less the discount received and 5%% of that")
	if left := i.End.Sub(d.Now); !i.End.IsZero() && p.BreakEven > left {
		w.add(true, Danger, "the contract ends in %s, before that is used up: pay less", span(left))
	}
	w.add(i.Actual.String() != "running", Caution, "it does not run now: the discount is for while it runs")
	w.add(true, Note, "while it runs it then draws on what was paid ahead: the credit lasts longer than is worked out here")
	w.uncertain(d)
	return w
}
