package rental

import (
	"errors"
	"fmt"
	"strconv"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Budget is what may be spent in a day and in a month of UTC, and what has been. The
// zero Budget is none.
type Budget struct {
	Day, Month pricing.Allowance
	// Block says that nothing that costs more is begun once it is used up. Without it
	// the figure has to be typed, as above a cap.
	Block bool
}

// Set reports whether there is a budget at all.
func (b Budget) Set() bool { return b.Day.Limit > 0 || b.Month.Limit > 0 }

// ErrBudget refuses a plan that would spend more than the budget.
var ErrBudget = errors.New("the budget is used up: nothing that costs more is begun until it is raised in config.toml, or a new day or month begins")

// checks holds a change of rate against the budget: one that makes nothing dearer
// always passes.
func (b Budget) checks(rate vastapi.Rate) []Check {
	if rate <= 0 {
		return nil
	}
	var list []Check
	for _, a := range []struct {
		name, when string
		of         pricing.Allowance
	}{{"budget of the day (UTC)", "today", b.Day}, {"budget of the month (UTC)", "this month", b.Month}} {
		if c, ok := b.check(a.name, a.when, a.of); ok {
			list = append(list, c)
		}
	}
	return list
}

func (b Budget) check(name, when string, a pricing.Allowance) (Check, bool) {
	c := Check{Name: name, OK: true, Figure: strconv.FormatFloat(float64(a.Spent), 'f', 2, 64)}
	of := fmt.Sprintf("%s: %s of %s are spent %s", name, pricing.Money(a.Spent), pricing.Money(a.Limit), when)
	switch a.State() {
	case pricing.AllowanceNone:
		return Check{}, false
	case pricing.AllowanceUnknown:
		c.Warn, c.Figure = true, ""
		c.Text = fmt.Sprintf("%s: what was spent %s is not known yet, the limit is %s", name, when, pricing.Money(a.Limit))
	case pricing.AllowanceUnder:
		c.Text = of
	case pricing.AllowanceNear:
		c.Warn, c.Text = true, fmt.Sprintf("%s (%.0f %%)", of, a.Part())
	case pricing.AllowanceUsed:
		c.OK, c.Text = false, of+": it is used up"
		if b.Block {
			c.Final = true
			c.Text += "; nothing that costs more is begun"
		}
	}
	return c, true
}

// blocked reports whether a check failed that typing its figure does not override.
func blocked(checks []Check) bool {
	for _, c := range checks {
		if !c.OK && c.Final {
			return true
		}
	}
	return false
}
