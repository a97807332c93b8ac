package rental

import "vastdeck/vastapi"

// HostMemory is what is remembered of machines and their hosts: the user's
// blocks, and what became of earlier rentals there.
type HostMemory interface {
	// Blocked reports whether the user does not want to rent there, and why.
	Blocked(vastapi.MachineID, vastapi.HostID) (why string, blocked bool)
	// Record is one line about earlier rentals there, "" when there were none.
	Record(vastapi.MachineID, vastapi.HostID) string
}

// NoHosts is the HostMemory of a program that remembers nothing.
type NoHosts struct{}

// Blocked is never so.
func (NoHosts) Blocked(vastapi.MachineID, vastapi.HostID) (string, bool) { return "", false }

// Record is empty.
func (NoHosts) Record(vastapi.MachineID, vastapi.HostID) string { return "" }
