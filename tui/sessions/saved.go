package sessions

import (
	"slices"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// loopback is the address that only this machine can reach.
const loopback = "127.0.0.1"

// local reports whether an address can be reached from this machine alone.
func local(bind string) bool {
	return bind == "" || bind == loopback || bind == "localhost" || bind == "::1"
}

// unopened are the remembered tunnels that none of this run carries.
func unopened(env view.Env) []feed.SavedTunnel {
	var list []feed.SavedTunnel
	for _, s := range env.Data.Memory.Tunnels {
		open := slices.ContainsFunc(env.Data.Remote.Tunnels, func(t remote.Tunnel) bool {
			return t.State != remote.TunnelClosed && t.Name == s.Name && t.Bind == s.Bind && t.Local == s.Local
		})
		if !open {
			list = append(list, s)
		}
	}
	return list
}

// named is the only instance that has a name now; 0 when none has it or several do.
func named(env view.Env, name string) vastapi.InstanceID {
	var found vastapi.InstanceID
	list := env.Data.Instances.Value.Instances
	for n := range list {
		if name == "" || nameOf(&list[n]) != name {
			continue
		}
		if found != 0 {
			return 0
		}
		found = list[n].ID
	}
	return found
}

// alike is how many instances have a name.
func alike(env view.Env, name string) int {
	n := 0
	list := env.Data.Instances.Value.Instances
	for i := range list {
		if name != "" && nameOf(&list[i]) == name {
			n++
		}
	}
	return n
}

// keep makes a tunnel be opened again in later runs.
func keep(f remote.Forward) view.Intent {
	return view.Remember{Change: func(m *feed.Memory) { m.SaveTunnel(f) }}
}

// forget makes a tunnel not be opened again.
func forget(f remote.Forward) view.Intent {
	return view.Remember{Change: func(m *feed.Memory) { m.ForgetTunnel(f) }}
}
