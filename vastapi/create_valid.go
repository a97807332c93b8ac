package vastapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The limits of the API on what is sent (OpenAPI description, create and label).
const (
	MinDisk        GB = 8
	MaxLabelCreate    = 256
	MaxLabel          = 1024
	MinBidPrice       = Rate(0.001)
	MaxBidPrice       = Rate(128)
	// SureOnStart is how many bytes of a start script every source agrees on;
	// MaxOnStart is the most any of them names.
	SureOnStart   = 4048
	MaxOnStart    = 16 << 10
	MaxEnv        = 32768 // bytes, names and values together
	MaxEnvKey     = 256
	maxImage      = 1024
	maxVolumeName = 64
	defaultVolume = 15 // GB (official client)
	maxVolume     = 1 << 20
)

// runWords are the words a run type consists of, each documented or recorded.
var runWords = []string{
	"ssh", "ssh_proxy", "ssh_direc", "ssh_direct", "jupyter", "jupyter_proxy", "jupyter_direc", "jupyter_direct",
}

// Validate reports what the API would refuse, before anything is sent.
func (c CreateInstance) Validate() error {
	switch {
	case c.Offer <= 0:
		return errors.New("no offer is named")
	case c.Image == "" && c.Template == "", len(c.Image) > maxImage:
		return fmt.Errorf("an image name of 1 to %d bytes is needed", maxImage)
	case hash(c.Template) != c.Template:
		return errors.New("the template is not named by its hash")
	case !(c.Disk >= MinDisk && c.Disk < 1e9):
		return fmt.Errorf("the disk must have at least %g GB", float64(MinDisk))
	case len(c.Label) > MaxLabelCreate:
		return fmt.Errorf("the label is longer than %d bytes", MaxLabelCreate)
	case len(c.OnStart) > MaxOnStart:
		return fmt.Errorf("the start script has %d bytes, at most %d are taken", len(c.OnStart), MaxOnStart)
	case c.TargetState != "" && c.TargetState != "running" && c.TargetState != "stopped":
		return fmt.Errorf("an instance can be made running or stopped, not %s", quoted(c.TargetState))
	}
	for _, check := range []func() error{c.priced, c.validEnv, c.validRun, c.validVolume} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// priced reports whether the price says the same as the type.
func (c CreateInstance) priced() error {
	switch c.Type {
	case "", OnDemand, Reserved, Interruptible:
	default:
		return fmt.Errorf("%s is no rental type", quoted(string(c.Type)))
	}
	switch {
	case c.Type == Interruptible && c.Price == nil:
		return errors.New("an interruptible rent needs a bid; without one it would be rented on demand")
	case c.Type != Interruptible && c.Type != "" && c.Price != nil:
		return errors.New("a rent with a bid is interruptible, not " + string(c.Type))
	case c.Price != nil && !(*c.Price >= MinBidPrice && *c.Price <= MaxBidPrice):
		return fmt.Errorf("a bid must be between %g and %g $/h", float64(MinBidPrice), float64(MaxBidPrice))
	}
	return nil
}

func (c CreateInstance) validEnv() error {
	total := 0
	for k, v := range c.Env {
		total += len(k) + len(v)
		switch {
		case strings.TrimSpace(k) == "":
			return errors.New("a variable has no name")
		case len(k) > MaxEnvKey:
			return fmt.Errorf("the name of the variable %s is longer than %d bytes", quoted(k), MaxEnvKey)
		case strings.ContainsRune(k+v, 0):
			return fmt.Errorf("the variable %s holds a NUL", quoted(k))
		}
	}
	if total > MaxEnv {
		return fmt.Errorf("the variables have %d bytes together, at most %d are taken", total, MaxEnv)
	}
	return nil
}

func (c CreateInstance) validRun() error {
	if c.RunType == "args" || c.RunType == "" {
		return nil
	}
	for word := range strings.SplitSeq(c.RunType, " ") {
		if !slices.Contains(runWords, word) {
			return fmt.Errorf("%s is no run type", quoted(c.RunType))
		}
	}
	return nil
}

func (c CreateInstance) validVolume() error {
	v := c.Volume
	switch {
	case v == nil:
		return nil
	case c.VM:
		return errors.New("a virtual machine cannot use a volume")
	case (v.Link > 0) == (v.Offer > 0) || v.Link < 0 || v.Offer < 0:
		return errors.New("a volume is either linked or made: name a volume of yours, or a volume offer")
	case !isMountPath(v.Path):
		return errors.New("the volume needs a path to appear at, such as /data")
	case v.Link > 0 && (v.Size != 0 || v.Name != ""):
		return errors.New("size and name are for new volumes; an existing one keeps its own")
	case v.Size < 0 || v.Size > maxVolume:
		return errors.New("the size of a volume is a number of GB from 1")
	case !isVolumeName(v.Name):
		return fmt.Errorf("the name of a volume has letters, digits and _, at most %d", maxVolumeName)
	}
	return nil
}

// isMountPath reports whether the API takes p: a component at least, none empty;
// one slash at either end is allowed.
func isMountPath(p string) bool {
	p = strings.TrimSuffix(strings.TrimPrefix(p, "/"), "/")
	return p != "" && !strings.Contains(p, "//") && p[0] != '/' && p[len(p)-1] != '/' && !strings.ContainsRune(p, 0)
}

func isVolumeName(s string) bool {
	return len(s) <= maxVolumeName && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
	})
}
