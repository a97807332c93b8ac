package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// beginRemote asks what is open over ssh, and waits for what changes about it.
func (m *Model) beginRemote() tea.Cmd {
	l := m.cmd.Loads()
	return tea.Batch(l.LookRemote(), l.AwaitTunnels())
}

// sessionsInterval is how often connections are looked at: only while there is
// something to see.
func (m *Model) sessionsInterval() time.Duration {
	if m.active == view.Sessions || m.data.Remote.Active() {
		return command.EverySessions
	}
	return 0
}

// onNews takes in what has come so far of something that goes on, and asks for what
// comes after it.
func (m *Model) onNews(n command.News) tea.Cmd {
	if f, ok := n.(feed.Folder); ok {
		f.Fold(&m.data)
	}
	m.hideEarlier(&m.data)
	return tea.Batch(m.tell(n), n.Next())
}

// reactRemote goes on from an answer about what is open over ssh.
func (m *Model) reactRemote(a command.Answered) tea.Cmd {
	if m.session.phase != ready {
		return nil
	}
	switch a := a.(type) {
	case command.TunnelsChanged:
		switch {
		case command.Cancelled(a.Err):
			return nil
		case a.Err != nil: // it may fail at once the next time too
			return m.cmd.Again(command.Tunnels, m.pace.Next(command.Tunnels, command.EverySessions, a.Err))
		}
		m.pace.Mended(command.Tunnels)
		return m.cmd.Loads().AwaitTunnels()
	case command.SessionOpened, command.SessionClosed, command.TunnelAdded, command.TunnelRemoved:
		return m.load(command.Sessions)
	case command.RemoteFollowed:
		return m.onFollowed(a)
	case command.ShellEnded:
		return m.onShell(a)
	}
	return nil
}

// follow tells ssh where the instances answer now.
func (m *Model) follow() tea.Cmd { return m.cmd.FollowInstances(&m.data) }

// closing is what leaving does to what is open over ssh, in sentences.
func (m *Model) closing() []string {
	var why []string
	if v, ok := m.tab(view.Account).(interface{ Losing() string }); ok {
		if lost := v.Losing(); lost != "" {
			why = append(why, lost)
		}
	}
	var closed, kept int
	for _, t := range m.data.Remote.Tunnels {
		switch {
		case t.State == remote.TunnelClosed:
		case t.Forward.Keep:
			kept++
		default:
			closed++
		}
	}
	var parts []string
	if closed > 0 {
		parts = append(parts, figure.Plural(closed, "tunnel")+verb(closed, " closes", " close"))
	}
	if kept > 0 {
		parts = append(parts, figure.Plural(kept, "tunnel")+verb(kept, " stays open", " stay open"))
	}
	if len(parts) > 0 {
		why = append(why, strings.Join(parts, ", ")+".")
	}
	if n := len(m.data.Remote.Copying()); n > 0 {
		copies := "1 copy of files is"
		if n > 1 {
			copies = fmt.Sprintf("%d copies of files are", n)
		}
		why = append(why, copies+" under way and will be broken off.")
	}
	return why
}

// verb is one or many, whichever n things do.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// onShell goes on when a shell gave the terminal back: what was typed ahead was
// meant for it, and what it did may have changed the instance.
func (m *Model) onShell(a command.ShellEnded) tea.Cmd {
	if a.Window {
		return m.load(command.Sessions)
	}
	now := time.Now()
	m.deaf.begin(now)
	m.session.touched.at(a.Instance, now)
	return tea.Batch(m.lookAgain(), m.load(command.Sessions))
}

// onFollowed says what became of tunnels that were saved for instances that run again.
func (m *Model) onFollowed(a command.RemoteFollowed) tea.Cmd {
	m.cmd.Followed(a)
	m.unfollowed(a.Err)
	var forgotten tea.Cmd
	if a.Excluded && m.data.Memory.SSHConfig {
		m.toast("the Include line is not in ~/.ssh/config any more, so the names for ssh are no longer kept: I in Sessions adds it again", view.Warn)
		forgotten = m.remember(func(mem *feed.Memory) { mem.SSHConfig = false })
	}
	for _, f := range a.Failed {
		m.toast(fmt.Sprintf("the tunnel %s is not open: %s", forwardText(f.Forward), view.Sentence(f.Err)), view.Warn)
	}
	if len(a.Opened) == 0 {
		return forgotten
	}
	text := figure.Plural(len(a.Opened), "saved tunnel") + verb(len(a.Opened), " is", " are") + " open again"
	if len(a.Opened) == 1 {
		text = fmt.Sprintf("the tunnel %s is open again", forwardText(a.Opened[0]))
	}
	m.toast(text, view.Good)
	return tea.Batch(forgotten, m.load(command.Sessions))
}

// unfollowed says once why host keys or ssh's configuration could not be kept in
// step, until that is over or another reason comes.
func (m *Model) unfollowed(err error) {
	why := ""
	if err != nil && !command.Cancelled(err) {
		why = view.Sentence(err)
	}
	if why != "" && why != m.session.unfollowed {
		m.toast("what belongs to ssh could not be kept current and is tried again: "+why, view.Warn)
	}
	m.session.unfollowed = why
}

// forwardText is a forward in few words: "8080 → worker:80".
func forwardText(f remote.Forward) string {
	return fmt.Sprintf("%d → %s:%d", f.Local, safetext.Clean(f.Name, maxCalled), f.Remote)
}
