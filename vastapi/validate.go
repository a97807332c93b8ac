package vastapi

import (
	"errors"
	"fmt"
	"strings"
)

// The largest price per hour that is sent for a running bid; the API's own limit
// is 32 $/h a GPU, and how many GPUs an instance has is not known here.
const maxNewBid = Rate(512)

// Validate reports what the API would refuse.
func (c SetInstanceState) Validate() error {
	if c.State != "running" && c.State != "stopped" {
		return fmt.Errorf("an instance can be made running or stopped, not %s", quoted(c.State))
	}
	return needID(c.ID)
}

// Validate reports what the API would refuse.
func (c LabelInstance) Validate() error {
	if len(c.Label) > MaxLabel {
		return fmt.Errorf("the label is longer than %d bytes", MaxLabel)
	}
	return needID(c.ID)
}

// Validate reports what the API would refuse.
func (c RebootInstance) Validate() error { return needID(c.ID) }

// Validate reports what the API would refuse.
func (c DestroyInstance) Validate() error { return needID(c.ID) }

// Validate reports what the API would refuse.
func (c ChangeBid) Validate() error {
	if !(c.Price >= MinBidPrice && c.Price <= maxNewBid) {
		return fmt.Errorf("a bid must be between %g and %g $/h", float64(MinBidPrice), float64(maxNewBid))
	}
	return needID(c.ID)
}

// Validate reports what the API would refuse.
func (c PrepayInstance) Validate() error {
	if !(c.Amount > 0 && c.Amount < 1e6) {
		return errors.New("the amount to pay ahead must be more than $0")
	}
	return needID(c.ID)
}

func needID(id InstanceID) error {
	if id <= 0 {
		return errors.New("no instance is named")
	}
	return nil
}

func containsFold(s, sub string) bool { return strings.Contains(strings.ToLower(s), sub) }
