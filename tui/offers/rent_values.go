package offers

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// The fields of the rent form; those that rental.Validate speaks of have its names.
const (
	fTemplate   = "template"
	fImage      = "image"
	fLaunch     = "launch"
	fDirect     = "direct"
	fArgs       = "args"
	fEntrypoint = "entrypoint"
	fLab        = "lab"
	fFolder     = "folder"
	fDisk       = "disk"
	fName       = "name"
	fBid        = "bid"
	fPrepay     = "prepay"
	fEnv        = "env"
	fEnvFile    = "envfile"
	fOnStart    = "onstart"
	fWrap       = "wrap"
	fPrivate    = "private"
	fRegistry   = "registry"
	fLogin      = "login"
	fPassword   = "password"
	fVolume     = "volume"
	fVolumeSize = "volume size"
	fVolumeName = "volume name"
	fMount      = "mount"
	fCount      = "count"
	fLeast      = "least"
	fCeiling    = "ceiling"
	fHosts      = "hosts"
	fSpread     = "spread"
)

// What the volume field can say beside the id of an existing one.
const (
	noVolume  = ""
	newVolume = "new"
)

// The launch mode of the template's own choice.
const byTemplate = ""

// optionsOf reads a form's values. A number that is none is NaN, which no check lets pass.
func optionsOf(o order, v view.Values, data *feed.Snapshot) rental.RentOptions {
	opt := rental.RentOptions{
		Kind:    o.kind,
		Image:   strings.TrimSpace(v[fImage]),
		Disk:    vastapi.GB(measured(v[fDisk], sizes)),
		Name:    strings.TrimSpace(v[fName]),
		OnStart: v[fOnStart],
	}
	if opt.Name == "" {
		opt.Name = suggested(o) // every machine has a name to know it by
	}
	if t, ok := templateOf(v[fTemplate], data); ok {
		opt.Template = t
	}
	if o.kind == vastapi.Interruptible {
		bid := vastapi.Rate(measured(strings.TrimPrefix(strings.TrimSpace(v[fBid]), "$"), nil))
		opt.Bid = &bid
	}
	if o.kind == vastapi.Reserved {
		opt.Prepay = vastapi.Amount(measured(strings.TrimPrefix(strings.TrimSpace(v[fPrepay]), "$"), nil))
	}
	opt.Launch = launchOf(v)
	if v[fLaunch] == "args" {
		opt.Entrypoint = strings.TrimSpace(v[fEntrypoint])
		opt.OnStart = ""
	}
	opt.Env, _ = envOf(v)
	opt.Required = o.required
	if v.On(fWrap) && len(opt.OnStart) > rental.MaxOnStart {
		if packed, err := rental.WrapOnStart(opt.OnStart); err == nil {
			opt.OnStart = packed
		}
	}
	if v.On(fPrivate) {
		opt.Login = rental.NewLogin(strings.TrimSpace(v[fRegistry]), strings.TrimSpace(v[fLogin]), v[fPassword])
	}
	opt.Volume = volumeOf(o, v, data)
	return opt
}

// suggested is the name that a machine gets when none is typed.
func suggested(o order) string {
	if o.several() && o.mixed() {
		return rental.SuggestName(&vastapi.Offer{}, uint64(o.first().ID))
	}
	return rental.SuggestName(o.first(), uint64(o.first().ID))
}

func launchOf(v view.Values) rental.Launch {
	args, err := rental.SplitWords(v[fArgs])
	if err != nil {
		args = []string{v[fArgs]} // named as a mistake by checkRent
	}
	if args == nil {
		args = []string{}
	}
	l := rental.LaunchOf(v[fLaunch], v.On(fDirect), args)
	if v[fLaunch] == "jupyter" {
		l.JupyterLab, l.JupyterDir = v.On(fLab), strings.TrimSpace(v[fFolder])
	}
	return l
}

// envOf is the .env file's variables and over them what was typed.
func envOf(v view.Values) (rental.Env, map[string]string) {
	errs := map[string]string{}
	file, err := rental.ParseDotEnv(v[fEnvFile+view.FileText])
	if err != nil {
		errs[fEnvFile] = err.Error()
	}
	typed, err := rental.ParseEnv(v[fEnv])
	var at *rental.EnvError
	switch {
	case errors.As(err, &at):
		errs[fEnv] = "at character " + strconv.Itoa(at.Column) + ": " + at.Text
	case err != nil:
		errs[fEnv] = err.Error()
	}
	return file.With(typed), errs
}

func volumeOf(o order, v view.Values, data *feed.Snapshot) rental.VolumeChoice {
	c := rental.VolumeChoice{Mount: strings.TrimSpace(v[fMount])}
	switch v[fVolume] {
	case noVolume:
		return rental.VolumeChoice{}
	case newVolume:
		c.Create, c.Size, c.Name = o.first().VolumeAsk, vastapi.GB(measured(v[fVolumeSize], sizes)), strings.TrimSpace(v[fVolumeName])
		if size, dph := o.first().VolumeGB, o.first().VolumeDph; size > 0 && vastapi.Known(dph) {
			c.Price = vastapi.PerGBMonth(float64(dph) * hoursOfMonth / float64(size))
		}
		return c
	}
	for _, vol := range data.Volumes.Value.Volumes {
		if vol.ID.String() == v[fVolume] {
			c.Link, c.Machine = vol.ID, vol.MachineID
		}
	}
	return c
}

// hoursOfMonth is the month that prices per month are told for.
const hoursOfMonth = 720

// templateOf finds a template by its hash among those that were read.
func templateOf(hash string, data *feed.Snapshot) (vastapi.Template, bool) {
	for _, t := range data.Templates.Value.Templates {
		if t.Hash == hash && hash != "" {
			return t, true
		}
	}
	return vastapi.Template{}, false
}

// fleetOf reads how many machines are wanted; false for one.
func fleetOf(o order, v view.Values, opt rental.RentOptions) (rental.FleetOptions, bool) {
	n := whole(v[fCount])
	if !o.several() {
		return rental.FleetOptions{}, false
	}
	f := rental.FleetOptions{
		Rent: opt, Count: n, Least: whole(v[fLeast]), Hosts: v.On(fHosts), Spread: v.On(fSpread),
		Ceiling: vastapi.Rate(measured(strings.TrimPrefix(strings.TrimSpace(v[fCeiling]), "$"), nil)),
	}
	if strings.TrimSpace(v[fLeast]) == "" {
		f.Least = 0
	}
	return f, true
}

// whole is a whole number, -1 when it is none.
func whole(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > math.MaxInt32 {
		return -1
	}
	return n
}

// checkRent names what is wrong with the values, field by field.
func checkRent(o order, v view.Values, data *feed.Snapshot) map[string]string {
	opt := optionsOf(o, v, data)
	_, errs := envOf(v)
	if fleet, many := fleetOf(o, v, opt); many {
		for _, e := range fleet.Validate() {
			keep(errs, e)
		}
		if v[fVolume] != noVolume {
			errs[fVolume] = "a volume lies on one machine: rent one machine with it, or none of them"
		}
		if n := whole(v[fCount]); n > len(o.offers) {
			errs[fCount] = "only " + strconv.Itoa(len(o.offers)) + " offers are marked or shown"
		}
	}
	for _, e := range o.problems(opt) {
		keep(errs, e)
	}
	if v[fTemplate] != "" && opt.Template.Hash == "" {
		errs[fTemplate] = "no template of this name has been read: choose one with ↓, ctrl+t searches for what is typed, or take it away"
	}
	if !vastapi.Known(opt.Disk) {
		errs[fDisk] = "a number of GB, e.g. 40"
	}
	if opt.Bid != nil && !vastapi.Known(*opt.Bid) {
		errs[fBid] = "a price in $ per hour for the whole offer, e.g. " + typedNumber(float64(pricing.Enough(o.first().MinBid)))
	}
	if _, err := rental.SplitWords(v[fArgs]); err != nil && v[fLaunch] == "args" {
		errs[fArgs] = err.Error()
	}
	if len(v[fOnStart]) > rental.MaxOnStart && !v.On(fWrap) && v[fLaunch] != "args" {
		errs[fOnStart] = "at most " + strconv.Itoa(rental.MaxOnStart) + " bytes, this has " + strconv.Itoa(len(v[fOnStart])) + ": shorten it, or have it packed (the field below)"
	}
	return errs
}

// keep notes a mistake beside the field it is about.
func keep(errs map[string]string, e rental.FieldError) {
	field := e.Field
	switch field {
	case "kind":
		field = fBid
	case "user":
		field = fImage
	}
	if errs[field] == "" {
		errs[field] = e.Text
	}
}

// draftOf is a form filled in as it was before, without what is never kept.
func draftOf(s feed.RentSpec) view.Values {
	v := view.Values{
		fTemplate: s.Template, fImage: s.Image, fLaunch: s.RunType, fName: s.Name,
		fEnv: strings.Join(s.Ports, " "),
	}
	if s.Disk > 0 {
		v[fDisk] = typedNumber(float64(s.Disk))
	}
	if s.Direct {
		v[fDirect] = view.Yes
	}
	for _, name := range s.EnvNames {
		v[fEnv] = strings.TrimSpace(v[fEnv] + " -e " + name + "=")
	}
	if s.Bid > 0 {
		v[fBid] = typedNumber(float64(s.Bid))
	}
	return v
}
