package rental

import (
	"errors"
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// ErrMoved is the Report.Err of a plan whose Basis no longer holds; nothing was
// sent. Report.Moved lists what differs.
var ErrMoved = errors.New("things have changed since this was worked out: look at the new figures and agree again")

// Basis is what a plan was worked out from and what must still hold when it is
// carried out.
type Basis struct {
	At      time.Time // when the facts below were read
	Whose   string    // the account it was worked out for, "" = not told
	Account time.Time // when the account's instances and credit were read
	Size    int       // instances the account had
	// Committed is what the account came to once every instance of it was where
	// it was headed, operations without an answer not included: pricing.Burn.
	Committed vastapi.Rate
	Listed    []Listed // the instances that are in Committed
	// NewestVolume is the highest id of the account's volumes, 0 without one.
	NewestVolume vastapi.VolumeID
	NewestKey    int64 // of the account's API keys; 0 = not told, or about something else
	Facts        []Fact
}

// Fact is one thing that must still hold: an offer at a price, or an instance
// that is still the same one.
type Fact struct {
	Subject Subject
	Text    string // the fact in words

	// An offer: what was shown.
	GPU      safetext.Text
	GPUs     int
	Price    pricing.Breakdown
	Disk     vastapi.GB
	InCost   vastapi.PerGB
	OutCost  vastapi.PerGB
	Bid      *vastapi.Rate // nil = on-demand
	Verified bool

	// An instance: who it is. Its price counts only when it is to be started.
	Label  safetext.Text
	Starts bool
	// Lowered is the bid that is to be lowered, 0 for none: below it the plan would save
	// less than was agreed to, or raise the bid.
	Lowered vastapi.Rate
	// Increase is the price increase that is answered for it, nil for none: it must
	// still wait, at these prices.
	Increase *vastapi.PriceIncrease

	// Volume is what must hold of a volume, or of the place of a new one; nil = the
	// fact is about none.
	Volume *VolumeFact
}

// Change is one difference between a Basis and newer data.
type Change struct {
	Subject Subject
	What    string // "price", "name", "machine", "offer", "instance" …
	Was, Is string
	Gone    bool // the subject is not there any more
	Lower   bool // only a price that fell: taken as it is, and reported
}

// String is the change as a sentence. Prices and text from outside never meet
// in one.
func (c Change) String() string {
	who := c.Subject.String()
	switch {
	case c.Gone && c.What == whatIncrease:
		return who + ": the price increase waits no longer"
	case c.Gone:
		return who + " is gone"
	case c.Lower:
		return fmt.Sprintf("%s: %s fell from %s to %s", who, c.What, c.Was, c.Is)
	}
	return fmt.Sprintf("%s: %s was %s, is now %s", who, c.What, c.Was, c.Is)
}

// String names the subject by its id.
func (s Subject) String() string {
	switch {
	case s.Instance != 0:
		return "instance " + s.Instance.String()
	case s.Volume != 0:
		return "volume " + s.Volume.String()
	case s.Offer != 0:
		return "offer " + s.Offer.String()
	}
	if s.Machine != 0 {
		return "machine " + s.Machine.String()
	}
	return "account"
}

// Moved lists the facts of p that no longer hold, given newer data. It speaks
// only of what the data speaks about: offers that are not among the given ones
// are left out, since a filter may hide them; instances, when given (not nil),
// are taken as the whole account, so a target that is not among them is gone. A
// changed status alone is no difference. Changes with Lower set refuse nothing.
func (p Plan) Moved(offers []vastapi.Offer, instances []vastapi.Instance) []Change {
	var changes []Change
	for _, f := range p.Basis.Facts {
		switch {
		case f.Subject.Offer != 0:
			if o := findOffer(offers, f.Subject.Offer); o != nil {
				changes = append(changes, f.againstOffer(o)...)
			}
		case f.Subject.Instance != 0 && instances != nil:
			changes = append(changes, f.againstInstance(findInstance(instances, f.Subject.Instance))...)
		}
	}
	return changes
}

func findOffer(offers []vastapi.Offer, id vastapi.OfferID) *vastapi.Offer {
	for n := range offers {
		if offers[n].ID == id {
			return &offers[n]
		}
	}
	return nil
}

func findInstance(instances []vastapi.Instance, id vastapi.InstanceID) *vastapi.Instance {
	for n := range instances {
		if instances[n].ID == id {
			return &instances[n]
		}
	}
	return nil
}

// refuses picks the changes for the worse: those that keep a plan from being
// carried out.
func refuses(changes []Change) []Change {
	var out []Change
	for _, c := range changes {
		if !c.Lower {
			out = append(out, c)
		}
	}
	return out
}
