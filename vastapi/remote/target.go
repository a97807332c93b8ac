package remote

import (
	"net"
	"strconv"

	"vastdeck/vastapi"
)

// Way is how an instance is reached.
type Way int

// The ways.
const (
	Auto   Way = iota // direct when it answers, else through the proxy
	Direct            // the port of the machine that leads to the container's port 22
	Proxy             // the provider's ssh proxy
)

func (w Way) String() string { return [...]string{"auto", "direct", "proxy"}[w] }

// Endpoint is where ssh is spoken to. The zero Endpoint is none. Its host and port
// have been checked: it can be an argument of ssh.
type Endpoint struct {
	Way  Way
	Host string
	Port int
}

// Given reports whether there is one.
func (e Endpoint) Given() bool { return e.Host != "" }

// Address is host and port as a dialer takes them.
func (e Endpoint) Address() string { return net.JoinHostPort(e.Host, strconv.Itoa(e.Port)) }

// Target is an instance as ssh needs to know it, as it was told last.
type Target struct {
	Instance vastapi.InstanceID
	Name     string // inert, without the token of the rental; "" = it has none
	Machine  vastapi.MachineID
	Direct   Endpoint // the zero Endpoint when there is none
	Proxy    Endpoint
	// Refused says in a sentence why there is no way at all, "" when there is one.
	Refused string
	Running bool
	// Gone means that the instance was there and has been destroyed: it does not come back.
	Gone bool
}
