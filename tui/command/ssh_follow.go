package command

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// RemoteFollowed answers FollowInstances.
type RemoteFollowed struct {
	Answer
	Opened []remote.Forward // saved tunnels that were opened
	Failed []TunnelFailure  // those that could not be
	// Excluded reports that the line that includes the managed configuration was taken
	// away by somebody else: nothing was written.
	Excluded bool

	gone   []vastapi.InstanceID // whose host keys could not be dropped
	config bool                 // the configuration could not be written
}

// TunnelFailure says why a saved tunnel could not be opened.
type TunnelFailure struct {
	Forward remote.Forward
	Err     error
}

// FollowInstances keeps what belongs to ssh in step with the instances that were
// read: tunnels are told where they lead now, saved ones are opened once their
// instance runs, ssh's configuration is written if the user wants it to be, and
// what belongs to instances that are gone is dropped. It is called after each
// good answer; nil when there is nothing to do.
func (s *Set) FollowInstances(d *feed.Snapshot) tea.Cmd {
	r := s.cfg.Remote
	if r == nil || !d.Instances.Told() || d.Instances.Err != nil {
		return nil
	}
	f := &s.follow
	list := targets(r, d.Instances.Value.Instances)
	r.Know(list)
	gone := f.gone(list, d.Instances.Value.Bad == 0)
	open := f.wanted(list, d.Memory.Tunnels, r.Tunnels())
	config := d.Memory.SSHConfig && (!f.written || !slices.Equal(f.last, list))
	if len(gone) == 0 && len(open) == 0 && !config {
		return nil
	}
	if s.Busy(sshFollowing) { // with the next answer
		f.again(gone, open)
		return nil
	}
	f.written, f.last = config, list
	return overSSH(s.Loads(), sshFollowing, func(ctx context.Context, r Remote) (RemoteFollowed, error) {
		return keepInStep(ctx, r, list, gone, open, config)
	}, func(a Answer, m RemoteFollowed) tea.Msg {
		m.Answer = a
		return m
	})
}

func keepInStep(ctx context.Context, r Remote, list []remote.Target, gone []vastapi.InstanceID, open []remote.Forward, config bool) (m RemoteFollowed, err error) {
	if len(gone) > 0 {
		if err = r.ForgetHostKeys(ctx, gone); err != nil {
			m.gone = gone
		}
	}
	if config {
		included, e := r.KeepConfig(ctx, list)
		m.Excluded, m.config = e == nil && !included, e != nil
		if err == nil {
			err = e
		}
	}
	for _, f := range open {
		if e := r.OpenTunnel(ctx, f); e != nil {
			m.Failed = append(m.Failed, TunnelFailure{f, e})
		} else {
			m.Opened = append(m.Opened, f)
		}
	}
	return m, err
}

// Followed has what could not be done tried again with the next answer.
func (s *Set) Followed(m RemoteFollowed) {
	if m.config {
		s.follow.written = false
	}
	if len(m.gone) > 0 {
		s.follow.again(m.gone, nil)
	}
}

// HostKeysDropped answers DropHostKeys.
type HostKeysDropped struct{ Answer }

// DropHostKeys drops the pinned host keys of instances that were destroyed, at once:
// the program may end before two answers have lacked them. It is nil when there are none.
func (s *Set) DropHostKeys(ids []vastapi.InstanceID) tea.Cmd {
	if s.cfg.Remote == nil || len(ids) == 0 {
		return nil
	}
	return overSSH(s.Loads(), sshTopic("drop", ids[0]), func(ctx context.Context, r Remote) (doneOf, error) {
		return doneOf{}, r.ForgetHostKeys(ctx, ids)
	}, func(a Answer, _ doneOf) tea.Msg { return HostKeysDropped{a} })
}

// following is what was seen of instances so far. It is used from Update alone.
type following struct {
	seen    map[vastapi.InstanceID]bool // were there
	missed  map[vastapi.InstanceID]int  // in how many answers in a row they were not
	opened  map[savedKey]bool           // saved tunnels that were opened in this run
	written bool                        // ssh's configuration was
	last    []remote.Target             // for which
}

// savedKey is which saved tunnel to which instance.
type savedKey struct {
	instance vastapi.InstanceID
	saved    feed.SavedTunnel
}

// goneAfter is how many whole answers in a row must lack an instance before it is
// believed to be gone.
const goneAfter = 2

// gone are the instances that were there and are believed to be no more. An answer
// with rows that could not be read tells of none.
func (f *following) gone(list []remote.Target, whole bool) []vastapi.InstanceID {
	if f.seen == nil {
		f.seen, f.missed, f.opened = map[vastapi.InstanceID]bool{}, map[vastapi.InstanceID]int{}, map[savedKey]bool{}
	}
	here := make(map[vastapi.InstanceID]bool, len(list))
	for _, t := range list {
		here[t.Instance] = true
		f.seen[t.Instance] = true
		delete(f.missed, t.Instance)
	}
	var gone []vastapi.InstanceID
	for id := range f.seen {
		if here[id] || !whole {
			continue
		}
		if f.missed[id]++; f.missed[id] >= goneAfter {
			gone = append(gone, id)
			delete(f.seen, id)
			delete(f.missed, id)
		}
	}
	slices.Sort(gone)
	return gone
}

// wanted are the saved tunnels that are to be opened now: each once, when the
// instance of its name runs and there is just one of that name.
func (f *following) wanted(list []remote.Target, saved []feed.SavedTunnel, open []remote.Tunnel) []remote.Forward {
	var out []remote.Forward
	for _, s := range saved {
		t, ok := named(list, s.Name)
		if !ok || !t.Running || t.Refused != "" || f.opened[savedKey{t.Instance, s}] {
			continue
		}
		f.opened[savedKey{t.Instance, s}] = true
		forward := s.To(t.Instance)
		if slices.ContainsFunc(open, func(x remote.Tunnel) bool { return x.Bind == forward.Bind && x.Local == forward.Local }) {
			continue
		}
		out = append(out, forward)
	}
	return out
}

// again has what could not be done now done with the next answer.
func (f *following) again(gone []vastapi.InstanceID, open []remote.Forward) {
	for _, id := range gone {
		f.seen[id], f.missed[id] = true, goneAfter
	}
	for _, one := range open {
		delete(f.opened, savedKey{one.Instance, feed.SavedTunnelOf(one)})
	}
}

// named is the only target of a name.
func named(list []remote.Target, name string) (found remote.Target, ok bool) {
	for _, t := range list {
		if t.Name != name {
			continue
		}
		if ok {
			return remote.Target{}, false
		}
		found, ok = t, true
	}
	return found, ok
}
