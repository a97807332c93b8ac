package command

import (
	"slices"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// followed does what the root does after each good answer.
func followed(s *Set, d *feed.Snapshot) *RemoteFollowed {
	c := s.FollowInstances(d)
	if c == nil {
		return nil
	}
	m := c().(RemoteFollowed)
	s.Current(m)
	return &m
}

func TestHostKeyIsDroppedOnceAnInstanceIsSurelyGone(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	both, one := snapshotOf(running(1), running(2)), snapshotOf(running(1))
	followed(s, both)
	followed(s, one)
	followed(s, both) // it was only left out
	followed(s, one)
	broken := snapshotOf(running(1))
	broken.Instances.Value.Bad = 1
	followed(s, broken)
	failed := snapshotOf(running(1))
	failed.Instances.Err = errBroken
	if s.FollowInstances(failed) != nil {
		t.Error("something follows from an answer that failed")
	}
	if len(r.forgot) != 0 {
		t.Fatalf("%v is forgotten although it may be there", r.forgot)
	}
	followed(s, one)
	followed(s, one)
	if !slices.Equal(r.forgot, []vastapi.InstanceID{2}) {
		t.Errorf("forgot %v", r.forgot)
	}
	if len(r.known) != 1 {
		t.Errorf("tunnels know %v", r.known)
	}
}

func TestInstancesOfAnotherAccountAreNotGone(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	followed(s, snapshotOf(running(1)))
	s.Use(&server{})
	for range 2 * goneAfter {
		followed(s, snapshotOf(running(2)))
	}
	if len(r.forgot) != 0 {
		t.Errorf("forgot %v", r.forgot)
	}
}

func TestSavedTunnelOpensOnceWhenItsInstanceRuns(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	saved := feed.SavedTunnel{Name: "train", Bind: "127.0.0.1", Local: 8080, Host: "localhost", Remote: 80}
	with := func(list ...vastapi.Instance) *feed.Snapshot {
		d := snapshotOf(list...)
		d.Memory.Tunnels = []feed.SavedTunnel{saved}
		return d
	}
	stopped := instanceNamed(5, "train")
	stopped.Actual = safetext.New("exited")
	followed(s, with(stopped))
	followed(s, with(instanceNamed(5, "other")))
	followed(s, with(instanceNamed(5, "train"), instanceNamed(6, "train"))) // which one?
	if len(r.opened) != 0 {
		t.Fatalf("opened %v", r.opened)
	}
	m := followed(s, with(instanceNamed(5, "train")))
	if m == nil || len(m.Opened) != 1 || m.Opened[0] != saved.To(5) || len(m.Failed) != 0 {
		t.Fatalf("got %+v", m)
	}
	followed(s, with(instanceNamed(5, "train")))
	if len(r.opened) != 1 {
		t.Errorf("it was opened %d times", len(r.opened))
	}
	// Another instance of that name is another matter, and a failure is told.
	r.openErr = &remote.PortInUse{Bind: "127.0.0.1", Port: 8080, Free: 8081}
	m = followed(s, with(instanceNamed(9, "train")))
	if m == nil || len(m.Failed) != 1 || m.Failed[0].Err != r.openErr {
		t.Errorf("got %+v", m)
	}
}

func TestSavedTunnelThatIsOpenIsLeftAlone(t *testing.T) {
	t.Parallel()
	f := remote.Forward{Instance: 5, Name: "train", Bind: "127.0.0.1", Local: 8080, Host: "localhost", Remote: 80}
	r := &distant{tunnels: []remote.Tunnel{{Forward: f, State: remote.TunnelUp}}}
	s := far(t, r)
	d := snapshotOf(instanceNamed(5, "train"))
	d.Memory.SaveTunnel(f)
	followed(s, d)
	if len(r.opened) != 0 {
		t.Errorf("opened %v", r.opened)
	}
}

func TestConfigurationIsWrittenOnlyWhenItIsWantedAndOther(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	d := snapshotOf(running(1))
	if followed(s, d) != nil {
		t.Error("there was something to do")
	}
	d.Memory.SSHConfig = true
	followed(s, d)
	followed(s, d)
	followed(s, snapshotOf(running(1))) // not wanted any more
	d2 := snapshotOf(running(1), running(2))
	d2.Memory.SSHConfig = true
	followed(s, d2)
	if len(r.wrote) != 2 || len(r.wrote[1]) != 2 {
		t.Errorf("written %d times: %v", len(r.wrote), r.wrote)
	}
}

func TestWhatComesWhileOneIsUnderWayIsDoneWithTheNextAnswer(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	d := snapshotOf(instanceNamed(1, "train"))
	d.Memory.SSHConfig = true
	first := s.FollowInstances(d) // not run yet
	saved := snapshotOf(instanceNamed(1, "train"), running(2))
	saved.Memory.SSHConfig = true
	saved.Memory.Tunnels = []feed.SavedTunnel{{Name: "train", Bind: "127.0.0.1", Local: 80, Host: "localhost", Remote: 80}}
	if s.FollowInstances(saved) != nil {
		t.Fatal("two at once")
	}
	s.Current(first().(RemoteFollowed))
	followed(s, saved)
	if len(r.opened) != 1 || len(r.wrote) != 2 {
		t.Errorf("opened %v, written %d times", r.opened, len(r.wrote))
	}
}

func TestWhatFailedIsTriedAgainWithTheNextAnswer(t *testing.T) {
	t.Parallel()
	r := &distant{configErr: errBroken, forgetErr: errBroken}
	s := far(t, r)
	with := func(list ...vastapi.Instance) *feed.Snapshot {
		d := snapshotOf(list...)
		d.Memory.SSHConfig = true
		return d
	}
	after := func(d *feed.Snapshot) *RemoteFollowed {
		m := followed(s, d)
		if m != nil {
			s.Followed(*m)
		}
		return m
	}
	after(with(running(1), running(2)))
	for range goneAfter + 2 {
		if m := after(with(running(1))); m == nil || m.Err == nil {
			t.Fatalf("nothing is told: %+v", m)
		}
	}
	r.configErr, r.forgetErr = nil, nil
	if m := after(with(running(1))); m == nil || m.Err != nil || len(r.wrote) != 1 || !slices.Equal(r.forgot, []vastapi.InstanceID{2}) {
		t.Errorf("%+v: written %d times, forgot %v", m, len(r.wrote), r.forgot)
	}
	if m := after(with(running(1))); m != nil {
		t.Errorf("it was done again: %+v", m)
	}
}

func TestALineThatTheUserHasTakenAwayIsNotPutBack(t *testing.T) {
	t.Parallel()
	r := &distant{excluded: true}
	s := far(t, r)
	d := snapshotOf(running(1))
	d.Memory.SSHConfig = true
	if m := followed(s, d); m == nil || !m.Excluded || len(r.wrote) != 0 {
		t.Errorf("%+v, written %d times", m, len(r.wrote))
	}
}

func TestHostKeysOfWhatWasDestroyedAreDroppedAtOnce(t *testing.T) {
	t.Parallel()
	r := &distant{}
	s := far(t, r)
	if s.DropHostKeys(nil) != nil {
		t.Error("there was something to do")
	}
	s.DropHostKeys([]vastapi.InstanceID{5, 6})()
	if !slices.Equal(r.forgot, []vastapi.InstanceID{5, 6}) {
		t.Errorf("forgot %v", r.forgot)
	}
}
