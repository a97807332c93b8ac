package rental

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Caps bound what may be spent without typing the figure.
type Caps struct {
	Action vastapi.Rate  // one plan, $/h
	Total  vastapi.Rate  // everything that runs, is pending or is unknown, $/h
	Runway time.Duration // how long the credit has to last after the plan
	// Raise is by how much of itself a bid may be raised to hold, 0.5 = by half; 0 =
	// any. It bounds what RaiseToHold proposes, not what is bid by hand.
	Raise float64
}

// DefaultCaps are $10/h a plan, $25/h altogether and one hour.
func DefaultCaps() Caps { return Caps{Action: 10, Total: 25, Runway: time.Hour} }

// Check is one thing a plan is held against: a cap, or something that has to be
// right for the plan to serve its purpose.
type Check struct {
	Name   string `json:"name"` // "this action"
	Text   string `json:"text"` // "this action: $25.84/h is above your cap of $10.00/h"
	OK     bool   `json:"ok"`
	Figure string `json:"figure"`         // what has to be typed when it is not: "12.40"
	Warn   bool   `json:"warn,omitempty"` // OK, but to be looked at
	// Final says that typing the figure does not help: with such a check failed,
	// nobody can agree to the plan.
	Final bool `json:"final,omitempty"`
}

// CheckState is how a check came out.
type CheckState uint8

// The states of a check.
const (
	CheckPass CheckState = iota
	CheckWarn            // worth a look; nothing has to be typed
	CheckFail            // its figure has to be typed
)

func (s CheckState) String() string { return [...]string{"pass", "warn", "fail", "?"}[s&3] }

// State is how the check came out.
func (c Check) State() CheckState {
	switch {
	case !c.OK:
		return CheckFail
	case c.Warn:
		return CheckWarn
	}
	return CheckPass
}

// Ceiling is what Execute will not go above: the caps, or the figures that were
// above a cap and have been typed.
type Ceiling struct {
	Total  vastapi.Rate
	Credit vastapi.Amount // the least credit with which the plan still may begin
}

// anyCeiling is that of a plan which is held against nothing.
func anyCeiling() Ceiling {
	return Ceiling{Total: vastapi.Rate(math.Inf(1)), Credit: vastapi.Amount(math.Inf(-1))}
}

// unlimited reports whether a running total that is not known was agreed to.
func (c Ceiling) unlimited() bool { return math.IsInf(float64(c.Total), 1) }

// anyCredit reports whether a credit that is too short or not known was agreed to.
func (c Ceiling) anyCredit() bool { return math.IsInf(float64(c.Credit), -1) }

// admits reports whether a running total is within the ceiling. The slack is
// what adding up floats in another order leaves.
func (c Ceiling) admits(total vastapi.Rate) bool {
	const slack = 1e-9
	return c.unlimited() || total <= c.Total+slack
}

// checkCaps holds a change of rate against the caps and the budget of d. What makes
// the bill smaller is held against nothing: a total that is above its cap, or a credit
// that does not last, is no reason to go on paying more.
func checkCaps(rate vastapi.Rate, d Desk) ([]Check, Ceiling) {
	if rate < 0 {
		return nil, anyCeiling()
	}
	total := d.Before() + rate
	checks := []Check{
		rateCheck("this action", rate, d.Caps.Action),
		rateCheck("running total", total, d.Caps.Total),
		runwayCheck(d.Credit, total, d.Caps.Runway),
	}
	checks = append(checks, d.Budget.checks(rate)...)
	return checks, ceiling(checks, total, d.Caps)
}

func rateCheck(name string, rate, limit vastapi.Rate) Check {
	c := Check{Name: name, OK: rate <= limit, Figure: figure(float64(rate))}
	switch {
	case !vastapi.Known(rate):
		c.Text = fmt.Sprintf("%s: the rate is not known, your cap is %s", name, pricing.Shown(limit))
	case c.OK:
		c.Text = fmt.Sprintf("%s: %s is within your cap of %s", name, pricing.Shown(rate), pricing.Shown(limit))
	default:
		c.Text = fmt.Sprintf("%s: %s is above your cap of %s", name, pricing.Shown(rate), pricing.Shown(limit))
	}
	return c
}

func runwayCheck(credit vastapi.Amount, total vastapi.Rate, least time.Duration) Check {
	s := pricing.SpanOf(credit, total)
	c := Check{Name: "credit lasts", OK: s.Known && (!s.Finite || s.Lasts >= least), Figure: spanFigure(s)}
	switch {
	case !vastapi.Known(credit):
		c.Text = fmt.Sprintf("the credit is not known; it has to last %s", span(least))
	case !s.Known:
		c.Text = fmt.Sprintf("how long the credit would last is not known; it has to last %s", span(least))
	case c.OK:
		c.Text = fmt.Sprintf("credit would last %s, at least %s", spanText(s), span(least))
	default:
		c.Text = fmt.Sprintf("credit would last %s (%s h), less than %s", spanText(s), c.Figure, span(least))
	}
	return c
}

// ceiling raises what was agreed to above a cap to what was shown, and no
// further.
func ceiling(checks []Check, total vastapi.Rate, caps Caps) Ceiling {
	c := Ceiling{Total: caps.Total, Credit: vastapi.Amount(float64(total) * caps.Runway.Hours())}
	if !checks[1].OK {
		c.Total = total
	}
	if !vastapi.Known(c.Total) {
		c.Total = vastapi.Rate(math.Inf(1)) // agreed to by typing "unknown"
	}
	if !checks[2].OK || !vastapi.Known(c.Credit) {
		c.Credit = vastapi.Amount(math.Inf(-1))
	}
	return c
}

func figure(v float64) string {
	if math.IsNaN(v) {
		return pricing.Unpriced
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func spanFigure(s pricing.Span) string {
	if !s.Known {
		return pricing.Unpriced
	}
	return strconv.FormatFloat(tenths(s.Lasts.Hours()), 'f', 1, 64)
}

func spanText(s pricing.Span) string {
	switch {
	case !s.Known:
		return pricing.Unpriced
	case !s.Finite:
		return "for ever"
	}
	return span(s.Lasts)
}

// tenths cuts, so that no time is ever shown longer than it is.
func tenths(hours float64) float64 { return math.Floor(hours*10) / 10 }
