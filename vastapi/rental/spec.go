package rental

import (
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
)

// Spec is what is remembered of a filled rent form. It has no place for values
// of variables, scripts and logins, which may be secret. Its fields are those of
// the remembered forms of the user interface, in their order, so that one
// converts to the other.
type Spec struct {
	At       time.Time
	Image    string
	Template string // hash_id of a template, "" = none
	Disk     vastapi.GB
	Name     string
	Kind     vastapi.RentalType
	RunType  string   // "ssh", "jupyter" or "args"
	Direct   bool     // ports of the machine itself, not the proxy
	EnvNames []string // names of the variables, without their values
	Ports    []string // "-p 8080:8080"
	GPU      string   // what it was rented on, to find a match again
	NumGPUs  int
	Bid      vastapi.Rate // NaN or 0 = none
	Machine  vastapi.MachineID
}

// SpecOf is what is remembered of opt for o at a time.
func SpecOf(opt RentOptions, o *vastapi.Offer, at time.Time) Spec {
	s := Spec{
		At: at, Image: opt.Image, Template: opt.Template.Hash, Disk: opt.Disk, Name: opt.Name, Kind: opt.RentalType(),
		RunType: opt.Launch.Mode(), Direct: opt.Launch.Direct, EnvNames: opt.Env.Names(), Ports: opt.Env.Flags(),
		GPU: o.GPUName.String(), NumGPUs: o.NumGPUs, Bid: vastapi.Unknown[vastapi.Rate](), Machine: o.MachineID,
	}
	if !opt.Launch.Chosen() && s.Template == "" {
		s.RunType, s.Direct = DefaultLaunch.Mode(), DefaultLaunch.Direct
	}
	if opt.Bid != nil {
		s.Bid = *opt.Bid
	}
	return s
}

// Options are the options a form is filled with to rent as s says, and what was
// never remembered, by the fields of the form.
func (s Spec) Options() (opt RentOptions, missing []FieldError) {
	opt = RentOptions{
		Kind: s.Kind, Template: vastapi.Template{Hash: s.Template, Disk: vastapi.Unknown[vastapi.GB]()},
		Image: s.Image, Disk: s.Disk, Name: s.Name, Launch: LaunchOf(s.RunType, s.Direct, nil), Env: Env{},
	}
	if s.Bid > 0 && (s.Kind == vastapi.Interruptible || s.Kind == "") {
		bid := s.Bid
		opt.Bid = &bid
	}
	env, err := ParseEnv(strings.Join(s.Ports, " "))
	if err != nil {
		missing = append(missing, FieldError{"env", "the ports that were remembered are not understood"})
	}
	opt.Env = opt.Env.With(env)
	if len(s.EnvNames) > 0 {
		opt.Required = slices.Clone(s.EnvNames) // an empty value must not be sent for one that is only not remembered
		missing = append(missing, FieldError{"env", "values are not stored, fill in " + strings.Join(inertAll(s.EnvNames), ", ")})
	}
	if s.RunType == "args" {
		missing = append(missing, FieldError{"launch", "arguments are not stored"})
	}
	return opt, missing
}

// OptionsOf are the options to rent again what i was rented with, and what i
// does not tell, by the fields of the form.
func OptionsOf(i *vastapi.Instance) (opt RentOptions, missing []FieldError) {
	name, _ := SplitLabel(i.Label.Wire())
	opt = RentOptions{
		Kind: vastapi.OnDemand, Image: i.Image.Wire(), Disk: i.Disk, Name: name,
		Launch: RunType(i.RunType.String()).Launch(), Env: Env{},
	}
	if checkName(name) != "" {
		opt.Name = ""
	}
	if _, err := ParseImage(opt.Image); err != nil {
		opt.Image = ""
		missing = append(missing, FieldError{"image", "its image is not told, or not understood: " + inert(i.Image.String())})
	}
	if i.Bid {
		opt.Kind = vastapi.Interruptible
		if bid := i.DphBase; bid > 0 {
			opt.Bid = &bid
		}
	}
	var odd []string
	for _, pair := range i.Env {
		k, v := pair[0].Wire(), pair[1].Wire()
		switch {
		case k == opVariable:
		case checkEntry(k, v) != "":
			odd = append(odd, k)
		default:
			opt.Env[k] = v
		}
	}
	if len(odd) > 0 {
		missing = append(missing, FieldError{"env", "not understood: " + strings.Join(inertAll(odd), ", ")})
	}
	missing = append(missing, FieldError{"onstart", "an instance does not tell its start script"})
	if opt.Launch.Mode() == "args" {
		missing = append(missing, FieldError{"launch", "an instance does not tell its arguments"})
	}
	if len(i.Volumes) > 0 {
		missing = append(missing, FieldError{"volume", "its " + counted(len(i.Volumes), "volume") + " can be linked on the same machine only, by one instance at a time"})
	}
	if !i.Template.Empty() {
		missing = append(missing, FieldError{"template", "it was made from a template; what that filled in is filled in here"})
	}
	return opt, missing
}

func inertAll(names []string) []string {
	names = slices.Clone(names)
	for n := range names {
		names[n] = inert(names[n])
	}
	return names
}
