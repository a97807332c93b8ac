package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
)

// SSHConfigSet answers SetSSHConfig.
type SSHConfigSet struct {
	Answer
	On   bool
	Path string // of the file that includes ours
}

// SetSSHConfig writes the managed part of ssh's configuration, by which `ssh
// vast-NAME` works from any shell, or takes it away. That the user wants it is
// remembered by the view that asked, in Memory.SSHConfig; from then on
// Set.FollowInstances keeps it current.
func (l Loads) SetSSHConfig(on bool, d *feed.Snapshot) tea.Cmd {
	list := d.Instances.Value.Instances
	return overSSH(l, "ssh/config", func(ctx context.Context, r Remote) (string, error) {
		if !on {
			return r.RemoveConfig(ctx)
		}
		return r.WriteConfig(ctx, targets(r, list))
	}, func(a Answer, path string) tea.Msg { return SSHConfigSet{a, on, path} })
}
