package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// RemoteLooked answers LookRemote.
type RemoteLooked struct {
	Answer
	Sessions []remote.Session
	Tunnels  []remote.Tunnel
}

// Fold keeps what is open. A look that failed keeps what was seen before.
func (m RemoteLooked) Fold(s *feed.Snapshot) {
	s.Remote.At, s.Remote.Err = m.At, m.Err
	if m.Err == nil {
		s.Remote.Sessions, s.Remote.Tunnels = m.Sessions, m.Tunnels
	}
}

// LookRemote looks at what is open to instances over ssh; nil in a run without ssh.
func (l Loads) LookRemote() tea.Cmd {
	if l.s.cfg.Remote == nil {
		return nil
	}
	return overSSH(l, Sessions, func(ctx context.Context, r Remote) (RemoteLooked, error) {
		sessions, err := r.Sessions(ctx)
		return RemoteLooked{Sessions: sessions, Tunnels: r.Tunnels()}, err
	}, func(a Answer, m RemoteLooked) tea.Msg {
		m.Answer = a
		return m
	})
}

// targets are instances as ssh knows them.
func targets(r Remote, list []vastapi.Instance) []remote.Target {
	out := make([]remote.Target, 0, len(list))
	for _, i := range list {
		out = append(out, r.Target(i))
	}
	return out
}

// SessionOpened answers OpenSession.
type SessionOpened struct {
	Answer
	Instance vastapi.InstanceID
	Endpoint remote.Endpoint
	Why      string // this way was taken
}

// OpenSession opens a shared connection to an instance in the background, so that
// shells, commands and copies begin at once.
func (l Loads) OpenSession(i vastapi.Instance, way remote.Way) tea.Cmd {
	return overSSH(l, sshTopic("open", i.ID), func(ctx context.Context, r Remote) (WayChosen, error) {
		w, err := choose(ctx, r, i, way)
		if err == nil {
			err = r.OpenSession(ctx, w.target, w.Endpoint)
		}
		return w, err
	}, func(a Answer, w WayChosen) tea.Msg { return SessionOpened{a, i.ID, w.Endpoint, w.Why} })
}

// SessionClosed answers CloseSession.
type SessionClosed struct {
	Answer
	Instance vastapi.InstanceID
}

// CloseSession closes the shared connection to an instance and all that goes over
// it. The instance need not exist any more.
func (l Loads) CloseSession(id vastapi.InstanceID) tea.Cmd {
	return overSSH(l, sshTopic("close", id), func(ctx context.Context, r Remote) (doneOf, error) {
		return doneOf{}, r.CloseSession(ctx, id)
	}, func(a Answer, _ doneOf) tea.Msg { return SessionClosed{a, id} })
}

// sshTopic is the topic of one deed for one instance.
func sshTopic(deed string, id vastapi.InstanceID) Topic {
	return Topic("ssh/" + deed + "/" + id.String())
}

// Target is what has to be known of an instance to get into it, and why there may be
// no way. It does not wait.
func (l Loads) Target(i vastapi.Instance) remote.Target {
	if l.s == nil || l.s.cfg.Remote == nil {
		return remote.TargetOf(&i)
	}
	return l.s.cfg.Remote.Target(i)
}

// HostNames are the names under which ssh's configuration knows targets once it is
// kept, the first of each by its id, the second by its name. It does not wait.
func (l Loads) HostNames(list []remote.Target) map[vastapi.InstanceID][]string {
	if l.s == nil || l.s.cfg.Remote == nil {
		return remote.HostNames(list)
	}
	return l.s.cfg.Remote.HostNames(list)
}
