package remote

import (
	"time"

	"vastdeck/vastapi"
)

// Session is a shared connection of ssh to an instance (a ControlMaster) that is up.
type Session struct {
	Instance vastapi.InstanceID
	Endpoint Endpoint // where it leads, the zero Endpoint when that is not known
	Since    time.Time
	PID      int
	// Held means that it stays until it is closed, also after the program has ended; else
	// it ends 10 minutes after its last use.
	Held bool
}

// Forward is one forwarded port: what is said to Local on this machine is said to
// Remote in the instance.
type Forward struct {
	Instance vastapi.InstanceID
	Name     string // of the instance, by which it is remembered
	Bind     string // address on this machine, "127.0.0.1" unless the user wants more
	Local    int
	Host     string // as the instance sees it, "localhost" mostly
	Remote   int
	Keep     bool // goes on after the program has ended
}

// TunnelState says how a tunnel is.
type TunnelState int

// The states of a tunnel.
const (
	TunnelOpening TunnelState = iota
	TunnelUp
	TunnelWaiting // it broke or could not be opened; the next try is at Tunnel.Next
	TunnelFailed  // it is not tried again: Why says what to do
	TunnelClosed
)

func (s TunnelState) String() string {
	return [...]string{"opening", "up", "reconnecting", "failed", "closed"}[s]
}

// Tunnel is a forward that is supervised.
type Tunnel struct {
	Forward
	State    TunnelState
	Since    time.Time // of the state
	Endpoint Endpoint  // by which it goes now
	Why      string    // a sentence: what is wrong, or why it goes by this way
	Tries    int       // in a row that failed
	Next     time.Time // when it is tried again; zero = not
	// Brief means that Keep was asked for and cannot be had: the connection was opened by
	// something else before, and ends 10 minutes after its last use.
	Brief bool
}
