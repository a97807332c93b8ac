package vastapi

// Preset is a ready choice of what a new key may do.
type Preset struct {
	Name   string  // "read only"
	About  string  // one sentence
	Allows string  // which of the program's actions work with it, in words
	Groups []Right // nil = everything
}

// Presets are the choices for a new key, from the least to the most.
func Presets() []Preset {
	reads := []Right{RightMisc, RightUserRead, RightInstanceRead}
	works := append(append([]Right{}, reads...), RightInstanceWrite)
	return []Preset{
		{
			Name: "read only", Groups: reads,
			About:  "It sees offers, instances, volumes and the account, and changes nothing.",
			Allows: "search, watch prices, read logs; not rent, stop, destroy, nor see charges",
		},
		{
			Name: "read only with billing", Groups: append(append([]Right{}, reads...), RightBillingRead),
			About:  "It also sees charges and invoices, and changes nothing.",
			Allows: "search, watch prices, read logs, see the cost; not rent, stop or destroy",
		},
		{
			Name: "no billing", Groups: works,
			About:  "It rents, stops and destroys, and neither sees invoices nor changes keys.",
			Allows: "search, rent, bid, start, stop, destroy, volumes, logs; not charges, keys or variables",
		},
		{
			Name:   "full",
			About:  "It may do everything that the account may, new keys and transfers of credit included.",
			Allows: "everything",
		},
	}
}

// Permissions is the preset as a CreateAPIKey takes it.
func (p Preset) Permissions() Permissions {
	if p.Groups == nil {
		return Permissions{Full: true}
	}
	return Permissions{Groups: p.Groups}
}
