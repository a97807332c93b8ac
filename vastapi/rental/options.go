package rental

import "vastdeck/vastapi"

// RentOptions is what the user chooses when renting an offer. Printing it shows
// no secret.
type RentOptions struct {
	// Kind is how it is rented. Interruptible needs a Bid, and no other kind takes
	// one. "" is Interruptible with a Bid and OnDemand without.
	Kind vastapi.RentalType
	Bid  *vastapi.Rate // $/h for the whole offer
	// Prepay is what is paid ahead for a Reserved rental, in USD, once it has been
	// rented on demand.
	Prepay vastapi.Amount

	// Template fills in what is left empty below; only its Hash is sent. Without
	// a Hash there is none.
	Template vastapi.Template
	Image    string     // "pytorch/pytorch:latest"; may be empty with a Template
	Disk     vastapi.GB // fixed for the life of the instance
	Name     string     // the label without its token; may be empty

	Launch     Launch   // the zero Launch: the template's, or DefaultLaunch
	Env        Env      // variables and docker flags; values may be secret
	Required   []string // names of variables that must have a value, here or in the Template
	OnStart    string   // script run after every start; not with the run type args
	Entrypoint string   // instead of the image's own, with the run type args only
	User       string   // docker user, "" = the image's

	Login  Login
	Volume VolumeChoice
}

// RentalType is how it is rented, never "".
func (opt RentOptions) RentalType() vastapi.RentalType {
	switch {
	case opt.Kind != "":
		return opt.Kind
	case opt.Bid != nil:
		return vastapi.Interruptible
	}
	return vastapi.OnDemand
}

// RunType is the run type that is sent, "" when the template decides.
func (opt RentOptions) RunType() (RunType, error) {
	l := opt.Launch
	switch {
	case l.Chosen():
		return l.RunType()
	case opt.Template.Hash != "":
		return "", nil
	}
	return DefaultLaunch.RunType()
}

// expectedRunType is the run type it comes to: what is sent, or the template's.
func (opt RentOptions) expectedRunType() RunType {
	if r, err := opt.RunType(); r != "" || err != nil {
		return r
	}
	return launchType(templateLaunch(&opt.Template))
}

func launchType(l Launch) RunType {
	r, err := l.RunType()
	if err != nil || !l.Chosen() {
		return ""
	}
	return r
}
