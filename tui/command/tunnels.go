package command

import (
	"context"
	"errors"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi/remote"
)

// TunnelsChanged tells how tunnels are now.
type TunnelsChanged struct {
	Answer
	Tunnels []remote.Tunnel
}

// Fold keeps how tunnels are.
func (m TunnelsChanged) Fold(s *feed.Snapshot) {
	if m.Err == nil {
		s.Remote.Tunnels = m.Tunnels
	}
}

// AwaitTunnels waits for the next change of a tunnel. At most one waits: it is nil
// while one does, and in a run without ssh.
func (l Loads) AwaitTunnels() tea.Cmd {
	if l.s.cfg.Remote == nil || l.s.Busy(Tunnels) {
		return nil
	}
	return overSSH(l, Tunnels, func(ctx context.Context, r Remote) ([]remote.Tunnel, error) {
		return r.AwaitTunnels(ctx)
	}, func(a Answer, list []remote.Tunnel) tea.Msg { return TunnelsChanged{a, list} })
}

// TunnelAdded answers AddTunnel. Err says why there is none; Free is then another
// port of this machine that could be had, 0 when the port is not the reason.
type TunnelAdded struct {
	Answer
	Forward remote.Forward
	Free    int
}

// AddTunnel opens a tunnel and keeps it open until it is removed, or the program ends.
func (l Loads) AddTunnel(f remote.Forward) tea.Cmd {
	return overSSH(l, tunnelTopic("add", f), func(ctx context.Context, r Remote) (int, error) {
		err := r.OpenTunnel(ctx, f)
		var taken *remote.PortInUse
		if errors.As(err, &taken) {
			return taken.Free, err
		}
		return 0, err
	}, func(a Answer, free int) tea.Msg { return TunnelAdded{a, f, free} })
}

// TunnelRemoved answers RemoveTunnel.
type TunnelRemoved struct {
	Answer
	Forward remote.Forward
}

// RemoveTunnel closes a tunnel.
func (l Loads) RemoveTunnel(f remote.Forward) tea.Cmd {
	return overSSH(l, tunnelTopic("remove", f), func(ctx context.Context, r Remote) (doneOf, error) {
		return doneOf{}, r.CloseTunnel(ctx, f)
	}, func(a Answer, _ doneOf) tea.Msg { return TunnelRemoved{a, f} })
}

// PortFound answers FindPort.
type PortFound struct {
	Answer
	Form, Key    string // what it was asked for
	Bind         string
	Wanted, Port int // Port differs from Wanted when that is in use
}

// FindPort finds a port of this machine that nobody listens on, the wanted one if
// possible; form and key say for which field of which form.
func (l Loads) FindPort(form, key, bind string, wanted int) tea.Cmd {
	return overSSH(l, Topic("ssh/port/"+form+"/"+key), func(ctx context.Context, r Remote) (int, error) {
		return r.FreePort(ctx, bind, wanted)
	}, func(a Answer, port int) tea.Msg { return PortFound{a, form, key, bind, wanted, port} })
}

func tunnelTopic(deed string, f remote.Forward) Topic {
	return sshTopic("tunnel/"+deed, f.Instance) + Topic("/"+f.Bind+"/"+strconv.Itoa(f.Local))
}
