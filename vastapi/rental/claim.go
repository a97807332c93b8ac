package rental

import (
	"errors"
	"sync"

	"vastdeck/vastapi"
)

// ErrUsed is why a plan is refused that was tried before, by this process or
// another: a second press, a message that came twice, a restart.
var ErrUsed = errors.New("this was carried out already: look at what it did before you do it again")

// ErrAccount is why a plan that spends money is refused while it is not known
// whose account the key opens: what became of it could not be told later.
var ErrAccount = errors.New("the account is not known yet, so nothing was sent: try again in a moment")

// ErrOther is why a plan is refused that was worked out for another account than the
// one that the key opens.
var ErrOther = errors.New("this was worked out for another account, so nothing was sent: go back to that account, or begin anew here")

// accountKnown refuses p while account is not told, if p can cost anything, and
// whatever p does if it is about another account.
func accountKnown(account string, p Plan) error {
	switch {
	case account == "" && p.Basis.Whose != "":
		return ErrAccount
	case account != "" && p.Basis.Whose != "" && p.Basis.Whose != account:
		return ErrOther
	case account != "":
		return nil
	}
	for _, s := range p.Steps {
		if _, pays := s.Call.(vastapi.PrepayInstance); pays || spends(s.Call) {
			return ErrAccount
		}
	}
	return nil
}

// process tells the claims of this process from those of others.
var process = sync.OnceValue(NewID)

// claim makes the plan this attempt's own. Whoever's claim comes first in the
// journal of one process has it. Between processes there is no order that all
// would agree on, so when two claim the same plan at once neither gets it.
func claim(j Journal, plan string) error {
	before, err := Open(j)
	if err != nil {
		return err
	}
	if plan == "" || before.Used(plan) {
		return ErrUsed
	}
	run := NewID()
	if err := write(j, record{Kind: recordPlan, Plan: plan, Run: run, Process: process()}); err != nil {
		return err
	}
	after, err := Open(j)
	if err != nil {
		return err
	}
	if !after.won(plan, run) {
		return ErrUsed
	}
	return nil
}

func (o Ops) won(plan, run string) bool {
	claims := o.claims[plan]
	if len(claims) == 0 || claims[0].Run != run {
		return false
	}
	for _, c := range claims {
		if c.Process != process() {
			return false
		}
	}
	return true
}
