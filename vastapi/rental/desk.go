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
	Budget    Budget // the zero Budget = none
	Credit    vastapi.Amount
	Burn      pricing.Burn
	OpenRate  vastapi.Rate // Ops.ReservedFor(): what operations without an answer may cost beyond Burn
	Instances []vastapi.Instance
	Volumes   []vastapi.Volume
	At        time.Time // when the facts about the account were read
	// Whose names the account, as Deps.Account does; "" = not known yet. A plan that is
	// worked out for one account is carried out in no other.
	Whose string

	// What a rent is held against; each may be left at its zero value.
	SSHKey vastapi.Flag // the account has a public key
	Hours  float64      // how long the job runs, 0 = not said
	In     vastapi.GB   // traffic of the job to the machine
	Out    vastapi.GB   // and from it
	Hosts  HostMemory   // nil = NoHosts

	// Leaving are volumes that a plan deletes which is carried out right after this one, if
	// this one ends as planned; nil = none.
	Leaving []vastapi.VolumeID

	// Opened is what leads from this machine to instances; nil = nothing, or not known.
	Opened map[vastapi.InstanceID]Opened
}

// Opened is what leads from this machine to one instance, and ends with what runs in it.
type Opened struct {
	Sessions int // of ssh
	Tunnels  int
	Copies   int // that are under way
}

// parts are what there is of it, counted.
func (o Opened) parts() []string {
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{o.Sessions, "ssh session"}, {o.Tunnels, "tunnel"}} {
		if p.n > 0 {
			parts = append(parts, counted(p.n, p.noun))
		}
	}
	switch {
	case o.Copies == 1:
		parts = append(parts, "1 copy of files")
	case o.Copies > 1:
		parts = append(parts, counted(o.Copies, "copie")+" of files")
	}
	return parts
}

// afterPaying is d once amount has left the credit.
func (d Desk) afterPaying(amount vastapi.Amount) Desk {
	d.Credit -= amount
	return d
}

// hosts is what is remembered of hosts, never nil.
func (d Desk) hosts() HostMemory {
	if d.Hosts == nil {
		return NoHosts{}
	}
	return d.Hosts
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

// Before is what the account comes to, before a plan, once everything that was
// agreed to is where it is headed and what has no answer has happened.
func (d Desk) Before() vastapi.Rate { return d.Burn.Committed + d.OpenRate }

// basis is what a plan about the account is worked out from, without its facts.
func (d Desk) basis(at time.Time) Basis {
	return Basis{At: at, Whose: d.Whose, Account: d.At, Size: len(d.Instances), Committed: d.Burn.Committed, Listed: listed(d.Instances), NewestVolume: newestVolume(d.Volumes)}
}

func (d Desk) newID() string {
	if d.NewID == nil {
		return NewID()
	}
	return d.NewID()
}
