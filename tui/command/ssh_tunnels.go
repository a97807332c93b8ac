package command

import (
	"context"
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// tunnelling is the part of an SSH that keeps forwards open.
type tunnelling struct {
	client  *remote.Client
	tunnels *remote.Tunnels
}

func newTunnelling(c *remote.Client, resolve func(vastapi.InstanceID) (remote.Target, bool)) tunnelling {
	return tunnelling{c, remote.NewTunnels(c, resolve, remote.TunnelPolicy{})}
}

// Tunnels are the supervised forwards.
func (t tunnelling) Tunnels() []remote.Tunnel {
	return slices.DeleteFunc(t.tunnels.List(), func(x remote.Tunnel) bool { return x.State == remote.TunnelClosed })
}

// OpenTunnel begins to supervise a forward. A port of this machine that somebody
// else uses is told at once; one that an earlier run has left to a connection that
// is still up is taken over.
func (t tunnelling) OpenTunnel(ctx context.Context, f remote.Forward) error {
	f = f.WithDefaults()
	if err := f.Check(); err != nil {
		return err
	}
	if !t.ours(f) && t.taken(f) {
		if err := t.client.Cancel(ctx, f); err != nil || t.taken(f) {
			return &remote.PortInUse{Bind: f.Bind, Port: f.Local, Free: t.client.FreePort(f.Bind, f.Local)}
		}
	}
	return t.tunnels.Add(f)
}

// systemPorts are those below which only the system may listen, as a rule: whether one
// can be had is found out by trying.
const systemPorts = 1024

// taken reports whether somebody listens on the port of a forward.
func (t tunnelling) taken(f remote.Forward) bool {
	return f.Local >= systemPorts && t.client.FreePort(f.Bind, f.Local) != f.Local
}

// ours reports whether a tunnel has that port already.
func (t tunnelling) ours(f remote.Forward) bool {
	return slices.ContainsFunc(t.tunnels.List(), func(x remote.Tunnel) bool {
		return x.Bind == f.Bind && x.Local == f.Local && x.Instance == f.Instance && x.State != remote.TunnelFailed
	})
}

// CloseTunnel takes a forward away.
func (t tunnelling) CloseTunnel(_ context.Context, f remote.Forward) error {
	t.tunnels.Remove(f)
	return nil
}

// together is how long changes are collected before they are told.
const together = 50 * time.Millisecond

// AwaitTunnels waits until something about tunnels has changed.
func (t tunnelling) AwaitTunnels(ctx context.Context) ([]remote.Tunnel, error) {
	select {
	case <-t.tunnels.Changes():
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	pause := time.NewTimer(together)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
	return t.Tunnels(), nil
}

// moved has what waits tried again at once where an instance answers elsewhere now,
// or runs again.
func (t tunnelling) moved(before, now map[vastapi.InstanceID]remote.Target) {
	if slices.ContainsFunc(t.tunnels.List(), func(x remote.Tunnel) bool { return before[x.Instance] != now[x.Instance] }) {
		t.tunnels.Wake()
	}
}

// Close closes all tunnels that are not to be kept, and waits for that at most so
// long. It reports whether all were closed.
func (t tunnelling) Close(limit time.Duration) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.tunnels.Close()
	}()
	pause := time.NewTimer(limit)
	defer pause.Stop()
	select {
	case <-done:
		return true
	case <-pause.C:
		return false
	}
}
