package rental

import (
	"context"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// judgeTrace decides what a look means for a request that leaves a trace only for
// a while, or only a figure: a reboot, a recycle, a payment. That no trace is seen
// proves nothing, so one without an answer then stays unknown.
func (x *execution) judgeTrace(a *attempt, i *vastapi.Instance, at time.Time) {
	switch {
	case a.step.Was == nil:
		x.judgeUnseen(a)
	case i == nil && a.stage == stageUnknown:
		x.judgeUnseen(a)
	case i != nil && leavesTrace(a.step, i):
		x.seen(a, i)
	default:
		x.patient(a, at)
	}
}

// patient looks on until it has been long enough.
func (x *execution) patient(a *attempt, at time.Time) {
	a.looks++
	if a.looks < x.deps.Policy.Checks || at.Sub(a.sent) < x.deps.Policy.Seen {
		return
	}
	if a.stage == stageAccepted {
		a.why = "the server accepted it, but no reading has shown it: look again in a minute"
		x.progress(a, StateAccepted, a.why)
	}
	x.judgeUnseen(a)
}

// leavesTrace reports whether i, read after the request, shows that it was done.
func leavesTrace(s Step, i *vastapi.Instance) bool {
	switch c := s.Call.(type) {
	case vastapi.RebootInstance, vastapi.RecycleInstance:
		switch i.Actual.String() {
		case "rebooting", "recycling", "created", "loading", "":
			return s.Was.Actual.String() != i.Actual.String() || s.Was.Status.String() != i.Status.String()
		}
	case vastapi.PrepayInstance:
		return paid(c.Amount, s.Was.Deposit, i.Deposit)
	}
	return false
}

// paid reports whether what is left of what was paid ahead shows a payment. Where
// it was not told before, it must be that payment and no older one.
func paid(amount, before, now vastapi.Amount) bool {
	const used, slack = 0.9, 1.001
	if !vastapi.Known(before) {
		return now >= amount*used && now <= amount*slack
	}
	return now-before >= amount/2
}

// increaseReader reads the price increases that wait for an answer.
type increaseReader interface {
	PriceIncreases(context.Context) (vastapi.PriceIncreases, error)
}

// judgeIncrease decides what a look means for the answer to a price increase: it
// was given once the increase waits no longer. A price that has risen tells the
// two answers apart.
func (x *execution) judgeIncrease(a *attempt, i *vastapi.Instance, at time.Time) {
	reader, can := x.deps.Read.(increaseReader)
	if !can || i == nil || a.step.Was == nil {
		x.judgeUnseen(a)
		return
	}
	ctx, cancel := x.reading()
	defer cancel()
	list, err := reader.PriceIncreases(ctx)
	if err != nil {
		x.unread(a)
		return
	}
	if !list.Truncated && list.Bad == 0 && !waits(list.List, a.step.Call) && answeredAs(a.step, i) {
		x.seen(a, i)
		return
	}
	x.patient(a, at)
}

// waits reports whether the increase that c answers still waits.
func waits(list []vastapi.PriceIncrease, c vastapi.Call) bool {
	var id vastapi.PriceIncreaseID
	switch c := c.(type) {
	case vastapi.AcceptPriceIncrease:
		id = c.Increase
	case vastapi.RejectPriceIncrease:
		id = c.Increase
	}
	for _, p := range list {
		if p.ID == id {
			return true
		}
	}
	return false
}

// answeredAs reports whether the price of i is what the answer makes of it.
func answeredAs(s Step, i *vastapi.Instance) bool {
	rose := pricing.Running(i).Total() > pricing.Running(s.Was).Total()
	_, accepts := s.Call.(vastapi.AcceptPriceIncrease)
	return rose == accepts
}

// updated reports whether i shows what c changes of it.
func updated(c vastapi.UpdateInstance, i *vastapi.Instance) bool {
	if c.Image != "" && i.Image.Wire() != c.Image ||
		c.Template != "" && i.TemplateHash != c.Template ||
		c.OnStart != "" && i.OnStart.Wire() != c.OnStart {
		return false
	}
	env := envOf(i)
	for k, v := range c.Env {
		if got, has := env[k]; !has || got != v {
			return false
		}
	}
	return true
}
