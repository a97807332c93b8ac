package rental

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// FieldError says what is wrong with one field of a form.
type FieldError struct {
	Field string // "image", "disk", "name", "kind", "bid", "prepay", "launch", "env", "onstart", "entrypoint", "user", "login", "volume", "template", "first", "permissions", "value"; of a copy "from", "to", "path"
	Text  string
}

// Error is the text with its field.
func (e FieldError) Error() string { return e.Field + ": " + e.Text }

// FieldText is what err says, without the name of its field when it is a FieldError: for
// where the field stands beside it.
func FieldText(err error) string {
	var wrong FieldError
	if errors.As(err, &wrong) {
		return wrong.Text
	}
	return err.Error()
}

// The limits of PUT /asks/{id}/ (official client and published description).
const (
	maxImage = 1024
	maxEnv   = vastapi.MaxEnv
	maxKey   = vastapi.MaxEnvKey
)

// Validate says what is wrong with opt for o: every field that is wrong, once.
func (opt RentOptions) Validate(o *vastapi.Offer) []FieldError {
	var out []FieldError
	for _, check := range []struct {
		field string
		text  string
	}{
		{"template", opt.checkTemplate()},
		{"image", opt.checkImage()},
		{"disk", opt.checkDisk(o)},
		{"name", checkName(opt.Name)},
		{"kind", opt.checkKind()},
		{"bid", opt.checkBid(o)},
		{"prepay", opt.checkPrepay()},
		{"launch", opt.checkLaunch()},
		{"env", opt.checkEnv()},
		{"onstart", opt.checkOnStart()},
		{"entrypoint", opt.checkEntrypoint()},
		{"user", opt.checkUser()},
		{"login", opt.Login.check()},
		{"volume", opt.Volume.check(o)},
	} {
		if check.text != "" {
			out = append(out, FieldError{check.field, check.text})
		}
	}
	return out
}

func (opt RentOptions) checkTemplate() string {
	hash := opt.Template.Hash
	if len(hash) > 128 || !only(hash, "") {
		return "a template is named by its hash: letters and digits only"
	}
	return ""
}

func (opt RentOptions) checkImage() string {
	if opt.Image == "" && opt.Template.Hash != "" {
		return ""
	}
	return textOf(imageError(ParseImage(opt.Image)))
}

// imageError is what ParseImage has against a name.
func imageError(_ Image, err error) error { return err }

// textOf is the text of an error without the field it is about; "" for nil.
func textOf(err error) string {
	if f, ok := errors.AsType[FieldError](err); ok {
		return f.Text
	}
	if err != nil {
		return err.Error()
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

func (opt RentOptions) checkKind() string {
	switch opt.RentalType() {
	case vastapi.OnDemand, vastapi.Interruptible, vastapi.Reserved:
		return ""
	}
	return "on-demand, interruptible or reserved"
}

func (opt RentOptions) checkBid(o *vastapi.Offer) string {
	kind := opt.RentalType()
	switch {
	case opt.Bid == nil && kind == vastapi.Interruptible:
		return "an interruptible rental needs a bid; without one it would be rented on demand"
	case opt.Bid == nil:
		return ""
	case kind != vastapi.Interruptible:
		return "a bid makes it interruptible: choose that, or take the bid away"
	}
	switch bid := *opt.Bid; {
	case !(bid >= vastapi.MinBidPrice && bid <= vastapi.MaxBidPrice):
		return fmt.Sprintf("between %s and %s", pricing.Shown(vastapi.MinBidPrice), pricing.Shown(vastapi.MaxBidPrice))
	case !vastapi.Known(o.MinBid) || o.MinBid <= 0:
		return "this offer takes no bids"
	case bid < o.MinBid:
		return "the lowest bid that would run now is " + pricing.ShownEnough(o.MinBid)
	}
	return ""
}

// maxPrepay is above what anybody pays ahead for one machine; more is a mistake.
const maxPrepay vastapi.Amount = 100000

func (opt RentOptions) checkPrepay() string {
	switch reserved := opt.RentalType() == vastapi.Reserved; {
	case !reserved && opt.Prepay != 0:
		return "only a reserved rental is paid ahead: choose that, or leave this empty"
	case reserved && !(opt.Prepay >= 1 && opt.Prepay <= maxPrepay):
		return "what is paid ahead, " + pricing.Money(1) + " to " + pricing.Money(maxPrepay)
	}
	return ""
}

func (opt RentOptions) checkLaunch() string {
	if _, err := opt.RunType(); err != nil {
		return textOf(err)
	}
	if dir := opt.Launch.JupyterDir; dir != safetext.Clean(dir, vastapi.MaxLabel) {
		return "the folder of jupyter is one line of visible characters"
	}
	total := len(opt.OnStart) + len(opt.Entrypoint)
	for _, arg := range opt.Launch.Args {
		if strings.ContainsRune(arg, 0) || !utf8.ValidString(arg) {
			return "an argument is text: take out what is none"
		}
		total += len(arg) + 1
	}
	if len(opt.Launch.SentArgs()) > 0 && total > maxArgs {
		return fmt.Sprintf("arguments and script have %d bytes together, at most %d are taken", total, maxArgs)
	}
	return ""
}

// maxArgs is the limit of arguments and script together (published description).
const maxArgs = 4096

func (opt RentOptions) checkEnv() string {
	total := 0
	for k, v := range opt.Env {
		total += len(k) + len(v)
		if k == opVariable {
			return opVariable + " is used by this program"
		}
	}
	if total > maxEnv {
		return fmt.Sprintf("at most %d characters in all", maxEnv)
	}
	for _, k := range sortedKeys(opt.Env) {
		if text := checkEntry(k, opt.Env[k]); text != "" {
			return text
		}
	}
	if n := len(opt.Env.Ports()); n > MaxPorts {
		return fmt.Sprintf("%d ports, at most %d are taken", n, MaxPorts)
	}
	if _, err := opt.portal(); err != nil {
		return textOf(err)
	}
	return textOf(opt.required())
}

// required says which of the required variables have no value, all at once.
func (opt RentOptions) required() error {
	if len(opt.Required) == 0 {
		return nil
	}
	base, err := ParseEnv(opt.Template.Env.Wire())
	if err != nil {
		base = nil // what is not understood does not count as given
	}
	return base.With(opt.Env).Require(opt.Required)
}

// checkEntry holds one entry against what ParseEnv would have made of it.
func checkEntry(k, v string) string {
	if !isFlag(k) {
		if f := checkVariable(k, v); f != nil {
			return safetext.Quote(k, maxQuoted) + ": " + f.text
		}
		return ""
	}
	text := k
	if k == hostFlag {
		text = k + " " + v
	}
	env, err := ParseEnv(text)
	if err != nil || len(env) != 1 || env[k] != v {
		return safetext.Quote(text, maxQuoted) + " is no flag that is taken"
	}
	return ""
}

// portal is PORTAL_CONFIG as it is sent.
func (opt RentOptions) portal() (string, error) {
	run, err := opt.RunType()
	if err != nil {
		return "", err
	}
	return portalConfig(run, opt.Env["PORTAL_CONFIG"])
}

func (opt RentOptions) checkOnStart() string {
	if opt.OnStart != "" && opt.expectedRunType().Args() {
		return "with args the image's own entrypoint runs and no start script: choose ssh or jupyter, or name an entrypoint"
	}
	return checkScript(opt.OnStart)
}

func (opt RentOptions) checkEntrypoint() string {
	switch {
	case opt.Entrypoint == "":
		return ""
	case !opt.expectedRunType().Args():
		return "an entrypoint is for the run type args: ssh and jupyter replace it"
	case len(opt.Entrypoint) > maxArgs || strings.ContainsFunc(opt.Entrypoint, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "one line, e.g. /app/serve.sh"
	}
	return ""
}

func (opt RentOptions) checkUser() string {
	if len(opt.User) > 64 || !only(opt.User, ".:_-") {
		return "a docker user is a name or a number, e.g. 1000:1000"
	}
	return ""
}
