package vastapi

import (
	"errors"
	"fmt"
	"strings"
)

// The limits of the API on what is sent (OpenAPI description, create and label).
const (
	MinDisk        GB = 8
	MaxLabelCreate    = 256
	MaxLabel          = 1024
	MinBidPrice       = Rate(0.001)
	MaxBidPrice       = Rate(128)
	maxImage          = 1024
	maxEnv            = 32768
)

// Validate reports what the API would refuse, before anything is sent.
func (c CreateInstance) Validate() error {
	switch {
	case c.Offer <= 0:
		return errors.New("no offer is named")
	case c.Image == "" || len(c.Image) > maxImage:
		return fmt.Errorf("an image name of 1 to %d bytes is needed", maxImage)
	case !(c.Disk >= MinDisk && c.Disk < 1e9):
		return fmt.Errorf("the disk must have at least %g GB", float64(MinDisk))
	case len(c.Label) > MaxLabelCreate:
		return fmt.Errorf("the label is longer than %d bytes", MaxLabelCreate)
	case c.Price != nil && !(*c.Price >= MinBidPrice && *c.Price <= MaxBidPrice):
		return fmt.Errorf("a bid must be between %g and %g $/h", float64(MinBidPrice), float64(MaxBidPrice))
	}
	total := 0
	for k, v := range c.Env {
		total += len(k) + len(v)
	}
	if total > maxEnv {
		return fmt.Errorf("the variables have %d bytes together, at most %d are taken", total, maxEnv)
	}
	return nil
}

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

func needID(id InstanceID) error {
	if id <= 0 {
		return errors.New("no instance is named")
	}
	return nil
}

func containsFold(s, sub string) bool { return strings.Contains(strings.ToLower(s), sub) }
