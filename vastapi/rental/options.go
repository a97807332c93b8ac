package rental

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// RentOptions is what the user chooses when renting an offer.
type RentOptions struct {
	Image string            // "pytorch/pytorch:latest"
	Disk  vastapi.GB        // fixed for the life of the instance
	Name  string            // the label without its token; may be empty
	Bid   *vastapi.Rate     // nil = on-demand; else an interruptible bid in $/h for the whole offer
	Env   map[string]string // variables and docker flags; values may be secret
}

// FieldError says what is wrong with one field of a form.
type FieldError struct {
	Field string // "image", "disk", "name", "bid", "env"
	Text  string
}

// Error is the text with its field.
func (e FieldError) Error() string { return e.Field + ": " + e.Text }

// The limits of PUT /asks/{id}/ (official client and published description).
const (
	maxImage = 1024
	maxEnv   = 32768
	maxKey   = 256
)

// Validate says what is wrong with opt for o, field by field.
func (opt RentOptions) Validate(o *vastapi.Offer) []FieldError {
	var out []FieldError
	for _, check := range []struct {
		field string
		text  string
	}{
		{"image", opt.checkImage()},
		{"disk", opt.checkDisk(o)},
		{"name", checkName(opt.Name)},
		{"bid", opt.checkBid(o)},
		{"env", opt.checkEnv()},
	} {
		if check.text != "" {
			out = append(out, FieldError{check.field, check.text})
		}
	}
	return out
}

func (opt RentOptions) checkImage() string {
	switch {
	case opt.Image == "":
		return "an image is needed, e.g. pytorch/pytorch:latest"
	case len(opt.Image) > maxImage:
		return fmt.Sprintf("at most %d characters", maxImage)
	case strings.ContainsFunc(opt.Image, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "an image has no spaces or special characters"
	}
	return ""
}

func (opt RentOptions) checkDisk(o *vastapi.Offer) string {
	switch {
	case !(opt.Disk >= vastapi.MinDisk): // also when it is no number
		return "at least " + gb(vastapi.MinDisk)
	case opt.Disk > o.DiskSpace:
		return "this machine offers " + gb(vastapi.GB(int(o.DiskSpace))) + " at most"
	case !vastapi.Known(o.DiskSpace) && opt.Disk > vastapi.GB(1<<20):
		return "at most " + gb(1<<20)
	}
	return ""
}

func checkName(name string) string {
	switch {
	case len(name) > MaxName:
		return fmt.Sprintf("at most %d bytes, this has %d", MaxName, len(name))
	case name != safetext.Clean(name, vastapi.MaxLabelCreate) || name != strings.TrimSpace(name):
		return "one line of visible characters"
	}
	if _, token := SplitLabel(name); token != "" {
		return "must not end like a rental's own mark (vx-…)"
	}
	return ""
}

func (opt RentOptions) checkBid(o *vastapi.Offer) string {
	if opt.Bid == nil {
		return ""
	}
	switch bid := *opt.Bid; {
	case !(bid >= vastapi.MinBidPrice && bid <= vastapi.MaxBidPrice):
		return fmt.Sprintf("between %s and %s", pricing.Shown(vastapi.MinBidPrice), pricing.Shown(vastapi.MaxBidPrice))
	case !vastapi.Known(o.MinBid) || o.MinBid <= 0:
		return "this offer takes no bids"
	case bid < o.MinBid:
		return "the lowest bid that would run now is " + pricing.Shown(o.MinBid)
	}
	return ""
}

func (opt RentOptions) checkEnv() string {
	total := 0
	for k, v := range opt.Env {
		total += len(k) + len(v)
		switch {
		case k == "" || len(k) > maxKey:
			return fmt.Sprintf("a name has 1 to %d characters", maxKey)
		case k == opVariable:
			return opVariable + " is used by this program"
		}
	}
	if total > maxEnv {
		return fmt.Sprintf("at most %d characters in all", maxEnv)
	}
	return ""
}
