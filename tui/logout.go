package tui

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// leaveAccount logs out because the user wants to. Nothing of the account is left on
// the screen or known any more; what goes on there is said, because it costs money
// all the same. Changes that are under way go on and are reported.
func (m *Model) leaveAccount() tea.Cmd {
	if m.session.phase != ready {
		return nil
	}
	noted := m.part()
	why := "You have logged out. The key " + view.KeyAfterLogOut(m.session.source) + "."
	if b := m.data.Burn; (b.AtLeast > 0 || b.Unknown > 0) && m.data.Instances.Told() {
		why += " " + m.billing() + " at " + spending(b) + "."
	}
	m.rememberEarlier()
	left := m.logOut(why)
	// What is remembered belongs to the profile, not to the account.
	m.data, m.views = feed.Snapshot{Memory: m.data.Memory, Past: m.data.Past}, newViews(m.theme)
	m.alerts = alerts{}
	m.notices.list = nil
	m.toasts.Clear()
	m.session = session{phase: loggedOut}
	return tea.Batch(noted, left, m.tell(command.MemoryLoaded{}))
}

// learnRights takes in what the key has been refused up to now.
func (m *Model) learnRights() { m.data.Rights.Refused = m.cmd.Refusals() }

// owner is what the header says of whose account it is; nobody's while nobody is
// logged in.
func (m *Model) owner() string {
	if m.session.phase == loggedOut {
		return m.deps.Account
	}
	return m.account()
}

// runOnly is what the source of a key is called that is kept nowhere.
const runOnly = view.RunOnly

// toastKey says where the key came from, and that somebody is logged in when an account
// was read with it.
func (m *Model) toastKey(c command.Connected) {
	switch {
	case c.Untried:
		m.toast("the key is from the "+c.Source, view.Info)
	case c.Source == runOnly:
		m.toast("logged in; the key lasts for this run only", view.Good)
	default:
		m.toast("logged in; the key is from the "+c.Source, view.Good)
	}
}
