package feed

import (
	"slices"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// SavedTunnel is a tunnel that is opened again when an instance of its name runs.
type SavedTunnel struct {
	Name   string // of the instance
	Bind   string // address on this machine
	Local  int
	Host   string // as the instance sees it
	Remote int
	Keep   bool // goes on after the program has ended
}

// SavedTunnelOf is what is remembered of a forward.
func SavedTunnelOf(f remote.Forward) SavedTunnel {
	return SavedTunnel{Name: f.Name, Bind: f.Bind, Local: f.Local, Host: f.Host, Remote: f.Remote, Keep: f.Keep}
}

// To is the forward to an instance of that name.
func (s SavedTunnel) To(id vastapi.InstanceID) remote.Forward {
	return remote.Forward{Instance: id, Name: s.Name, Bind: s.Bind, Local: s.Local, Host: s.Host, Remote: s.Remote, Keep: s.Keep}
}

// maxTunnels is how many tunnels are remembered.
const maxTunnels = 100

// SaveTunnel remembers a tunnel by the name of its instance, in place of one with
// the same port of this machine. One to an instance without a name is not remembered.
func (m *Memory) SaveTunnel(f remote.Forward) {
	if f.Name == "" {
		return
	}
	m.ForgetTunnel(f)
	m.Tunnels = append(m.Tunnels, SavedTunnelOf(f))
	m.Tunnels = m.Tunnels[max(0, len(m.Tunnels)-maxTunnels):]
}

// ForgetTunnel makes a tunnel not be opened again.
func (m *Memory) ForgetTunnel(f remote.Forward) {
	m.Tunnels = slices.DeleteFunc(slices.Clone(m.Tunnels), func(s SavedTunnel) bool {
		return s.Name == f.Name && s.Bind == f.Bind && s.Local == f.Local
	})
}

// Saved reports whether a tunnel is opened again in the next run.
func (m Memory) Saved(f remote.Forward) bool {
	return slices.Contains(m.Tunnels, SavedTunnelOf(f))
}
