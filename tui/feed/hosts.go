package feed

import (
	"strings"
	"time"

	"vastdeck/vastapi"
)

// Hosts is what is remembered of machines and hosts, for the checks of plans.
type Hosts struct {
	Memory Memory
	Past   Past
	Now    time.Time
}

// HostsAt is what is remembered of machines and hosts at a moment.
func (s *Snapshot) HostsAt(now time.Time) Hosts { return Hosts{s.Memory, s.Past, now} }

// Blocked reports whether the user has blocked the machine or its host, and why.
func (h Hosts) Blocked(machine vastapi.MachineID, host vastapi.HostID) (why string, blocked bool) {
	b, blocked := h.Memory.Blocked(machine, host, h.Now)
	return b.Reason, blocked
}

// Record is what came of earlier rentals there, and the user's own notes.
func (h Hosts) Record(machine vastapi.MachineID, host vastapi.HostID) string {
	var parts []string
	if record := h.Past.Record(machine, host); record != "" {
		parts = append(parts, record)
	}
	for _, key := range []string{"machine " + machine.String(), "host " + host.String()} {
		if text := h.Memory.Notes[key]; text != "" {
			parts = append(parts, "your note: "+text)
		}
	}
	return strings.Join(parts, "; ")
}
