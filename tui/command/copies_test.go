package command

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi/remote"
)

// copied takes the messages of a copy in, as the root does.
func copied(d *feed.Snapshot, all []tea.Msg) {
	for _, m := range all {
		if f, ok := m.(feed.Folder); ok {
			f.Fold(d)
		}
	}
}

func TestProgressOfACopyIsToldFourTimesASecondAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &distant{copying: func(_ context.Context, tell func(remote.CopyProgress)) error {
			for n := range 300 {
				tell(remote.CopyProgress{Tool: "rsync", Done: int64(n), Total: 300})
				time.Sleep(10 * time.Millisecond)
			}
			tell(remote.CopyProgress{Tool: "rsync", Done: 300, Total: 300, Files: 2})
			return nil
		}}
		all := drive(far(t, r).Loads().StartCopy(CopySized{Instance: running(4), Size: CopySize{Bytes: 300, Files: 2}}))
		steps := of[CopyProgressed](all)
		if len(steps) < 10 || len(steps) > 13 {
			t.Errorf("%d messages in 3 s", len(steps))
		}
		if first := steps[0].Copy; first.Instance != 4 || first.ID == 0 || first.Progress.Total != 300 || first.Started.IsZero() {
			t.Errorf("it begins with %+v", first)
		}
		d := &feed.Snapshot{}
		copied(d, all)
		if c := d.Remote.Copies; len(c) != 1 || c[0].Progress.Done != 300 || c[0].Ended.IsZero() || c[0].Err != nil {
			t.Errorf("kept %+v", c)
		}
		steps[1].Fold(d) // comes late
		if len(d.Remote.Copying()) != 0 {
			t.Error("a copy that has ended is under way again")
		}
	})
}

func TestCopyThatIsCancelledEndsAndSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &distant{copying: func(ctx context.Context, tell func(remote.CopyProgress)) error {
			<-ctx.Done()
			return errors.Join(context.Cause(ctx))
		}}
		s := far(t, r)
		first := s.Loads().StartCopy(CopySized{Instance: running(4)})
		second := s.Loads().StartCopy(CopySized{Instance: running(5)})
		out := make(chan []tea.Msg, 2)
		go func() { out <- drive(first) }()
		go func() { out <- drive(second) }()
		time.Sleep(time.Second)
		s.Loads().CancelCopy(1)
		end := of[CopyEnded](<-out)
		if len(end) != 1 || end[0].Copy.Instance != 4 || !Cancelled(end[0].Err) || !s.Current(end[0]) {
			t.Errorf("got %+v", end)
		}
		s.Loads().CancelCopy(2)
		<-out
	})
}

func TestCopyOfAnInstanceThatStoppedMeanwhileFails(t *testing.T) {
	t.Parallel()
	stopped := running(4)
	stopped.Actual = stopped.Label
	end := of[CopyEnded](drive(far(t, &distant{}).Loads().StartCopy(CopySized{Instance: stopped})))
	if len(end) != 1 || end[0].Copy.Err == nil || end[0].Copy.Ended.IsZero() {
		t.Errorf("got %+v", end)
	}
}

func TestRunWithoutSSHSaysWhy(t *testing.T) {
	t.Parallel()
	s := New(t.Context(), Config{Journal: &journal{}, NoRemote: errBroken})
	l := s.Loads()
	d := snapshotOf(running(1))
	for name, c := range map[string]tea.Cmd{
		"way": l.ChooseWay(running(1), remote.Auto), "session": l.OpenSession(running(1), remote.Auto), "close": l.CloseSession(1),
		"tunnel": l.AddTunnel(remote.Forward{Instance: 1, Local: 1}), "size": l.SizeCopy(running(1), remote.CopyJob{}),
		"copy": l.StartCopy(CopySized{Instance: running(1)}), "keys": l.LoadLocalKeys(), "examine": l.Examine(running(1), d),
		"run": l.RunRemote("r", crowd(1), "ls", RunLimits{}), "config": l.SetSSHConfig(true, d),
	} {
		told := false
		for _, m := range drive(c) {
			if a, ok := m.(Answered); ok {
				told = told || errors.Is(a.About().Err, errBroken)
			}
		}
		if !told {
			t.Errorf("%s does not say why", name)
		}
	}
	if s.FollowInstances(d) != nil || l.LookRemote() != nil || l.AwaitTunnels() != nil || l.OpenShell(WayChosen{}) != nil {
		t.Error("something is asked of nobody")
	}
}
