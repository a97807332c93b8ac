package rental

import (
	"context"
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// recheck makes sure that the plan's facts still hold, reading again those that
// are too old. Targets that are gone leave their step out; anything else that
// differs refuses the plan, except that a FirstN plan only loses candidates.
func (x *execution) recheck() error {
	changes, err := x.changes()
	if err != nil {
		return fmt.Errorf("what this was worked out from could not be read again, so nothing was sent; try again: %w", err)
	}
	for _, c := range changes {
		switch {
		case c.Lower:
			x.lower = append(x.lower, c)
		case x.plan.Mode == FirstN && c.Subject.Offer != 0, c.Gone && (c.Subject.Instance != 0 || c.Subject.Volume != 0 && x.plan.Mode == Each):
			x.leaveOut(c)
		default:
			x.moved = append(x.moved, c)
		}
	}
	if len(x.moved) > 0 {
		return ErrMoved
	}
	return nil
}

// leaveOut skips the steps that a change is about.
func (x *execution) leaveOut(c Change) {
	for _, a := range x.attempts {
		if a.step.Subject != c.Subject || a.stage != stageUntried {
			continue
		}
		a.stage, a.why = stageSkipped, c.String()
		if c.Gone && (isDestroy(a.step.Call) || c.Subject.Volume != 0) {
			a.why = "it is gone already"
		}
		x.progress(a, StateSkipped, a.why)
	}
}

// changes reads again what is too old, and compares.
func (x *execution) changes() ([]Change, error) {
	var changes []Change
	if x.tooOld(x.checked) {
		offers, err := x.offerChanges()
		if err != nil {
			return nil, err
		}
		instances, err := x.targetChanges()
		if err != nil {
			return nil, err
		}
		volumes, err := x.volumeChanges()
		if err != nil {
			return nil, err
		}
		changes = append(append(offers, instances...), volumes...)
		x.checked = time.Now()
	}
	increases, err := x.increaseChanges()
	if err != nil {
		return nil, err
	}
	credit, err := x.creditChanges()
	return append(append(changes, increases...), credit...), err
}

// tooOld reports whether facts of that time have to be read again. A time that
// is still to come is a clock that was set, and says nothing.
func (x *execution) tooOld(at time.Time) bool {
	age := time.Since(at)
	return age > x.deps.Policy.Fresh || age < 0
}

func (x *execution) reading() (context.Context, context.CancelFunc) {
	return context.WithTimeout(x.ctx, x.deps.Policy.Wait+x.deps.Policy.Request)
}

// offerChanges asks for all the offers of the plan that are still to be tried in
// one search. What does not come back is gone.
func (x *execution) offerChanges() ([]Change, error) {
	var facts []Fact
	var ids []int64
	for _, f := range x.plan.Basis.Facts {
		if f.Subject.Offer != 0 && x.untried(f.Subject) {
			facts = append(facts, f)
			ids = append(ids, int64(f.Subject.Offer))
		}
	}
	if len(facts) == 0 {
		return nil, nil
	}
	page, err := x.search(facts[0], ids)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, f := range facts {
		o := findOffer(page.Offers, f.Subject.Offer)
		if o == nil {
			changes = append(changes, Change{Subject: f.Subject, What: "offer", Gone: true})
			continue
		}
		changes = append(changes, f.againstReread(o)...)
	}
	return changes, nil
}

// search finds offers by ask_contract_id: filtering on id has been seen to match
// nothing (reports of other clients).
func (x *execution) search(f Fact, ids []int64) (vastapi.OfferPage, error) {
	ctx, cancel := x.reading()
	defer cancel()
	s := vastapi.OfferSearch{
		Filter:  vastapi.Filter{"ask_contract_id": {"in": ids}},
		Type:    vastapi.OnDemand,
		Storage: f.Disk,
		Limit:   len(ids),
	}
	if f.Bid != nil {
		s.Type = vastapi.Interruptible
	}
	return x.deps.Read.SearchOffers(ctx, s)
}

func (x *execution) untried(s Subject) bool {
	for _, a := range x.attempts {
		if a.step.Subject == s && a.stage == stageUntried {
			return true
		}
	}
	return false
}

func (x *execution) targetChanges() ([]Change, error) {
	var ids []vastapi.InstanceID
	for _, f := range x.plan.Basis.Facts {
		if f.Subject.Instance != 0 {
			ids = append(ids, f.Subject.Instance)
		}
	}
	targets, err := x.instances(ids)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, f := range x.plan.Basis.Facts {
		if f.Subject.Instance != 0 {
			changes = append(changes, f.againstInstance(targets[f.Subject.Instance])...)
		}
	}
	return changes, nil
}

// creditChanges reads the credit again before money is spent.
func (x *execution) creditChanges() ([]Change, error) {
	if !x.plan.SpendsMoney() || x.plan.Ceiling.anyCredit() || !x.tooOld(x.plan.Basis.Account) {
		return nil, nil
	}
	ctx, cancel := x.reading()
	defer cancel()
	user, err := x.deps.Read.User(ctx)
	if err != nil {
		return nil, err
	}
	if user.Spendable() >= x.plan.Ceiling.Credit {
		return nil, nil
	}
	return []Change{{
		What: "credit", Was: "at least " + pricing.Money(x.plan.Ceiling.Credit), Is: pricing.Money(user.Spendable()),
	}}, nil
}
