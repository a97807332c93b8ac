package view

import "vastdeck/vastapi"

// Profile is one account, or one server, that the program can be switched to.
type Profile struct {
	Name  string
	Color string // how its chip is coloured, one of theme.Chips; "" = not
	Host  string // where its requests go, "" = the API's own host
	// Current says that it is the one in use.
	Current bool
}

// Switch leaves the account in use and goes on with another profile's. What cannot be
// switched to is said; what would end by it is asked about first.
type Switch struct {
	Profile string
	// Sure says that the user was asked already.
	Sure bool
	// Close are the instances of the account that is left whose shared connections are
	// closed, and with them the tunnels and shells that run over them.
	Close []vastapi.InstanceID
}

func (Switch) intent() {}
