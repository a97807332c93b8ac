package rental

import (
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Desk is what is known about the account when a plan is made.
type Desk struct {
	Now       time.Time
	NewID     func() string // nil = NewID; must be unique over all processes
	Caps      Caps
	Credit    vastapi.Amount
	Burn      pricing.Burn
	OpenRate  vastapi.Rate // Ops.ReservedFor(): what operations without an answer may cost beyond Burn
	Instances []vastapi.Instance
	At        time.Time // when the facts about the account were read
}

// sure makes unknown what was never read: before the first answer an account
// looks as if nothing in it were billed. The credit comes from another read, so
// one that is told stays.
func (d Desk) sure() Desk {
	if d.At.IsZero() {
		unknown := vastapi.Unknown[vastapi.Rate]()
		d.Burn = pricing.Burn{Total: unknown, Committed: unknown}
		if d.Credit == 0 {
			d.Credit = vastapi.Unknown[vastapi.Amount]()
		}
	}
	return d
}

// before is what the account comes to, before a plan, once everything that was
// agreed to is where it is headed and what has no answer has happened.
func (d Desk) before() vastapi.Rate { return d.Burn.Committed + d.OpenRate }

// basis is what a plan about the account is worked out from, without its facts.
func (d Desk) basis(at time.Time) Basis {
	return Basis{At: at, Account: d.At, Size: len(d.Instances), Committed: d.Burn.Committed, Listed: listed(d.Instances)}
}

func (d Desk) newID() string {
	if d.NewID == nil {
		return NewID()
	}
	return d.NewID()
}
