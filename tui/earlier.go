package tui

import (
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// earlier is what is open over ssh to instances of accounts that were left in this run.
// Under another account it is neither listed nor acted on.
type earlier struct {
	owners map[vastapi.InstanceID]string // whose they are
	told   bool                          // the account that is in use has been told of what is hidden from it
}

// rememberEarlier notes whose the open connections are, before the account is left. What
// was hidden from it is another one's, and stays so.
func (m *Model) rememberEarlier() {
	account := m.cmd.Account()
	if account == "" {
		return // it was left before, or was never known
	}
	e := earlier{owners: maps.Clone(m.earlier.owners)}
	if e.owners == nil {
		e.owners = map[vastapi.InstanceID]string{}
	}
	for _, s := range m.data.Remote.Sessions {
		e.owners[s.Instance] = account
	}
	for _, t := range m.data.Remote.Tunnels {
		e.owners[t.Instance] = account
	}
	m.earlier = e
}

// others reports whether an instance is known to be another account's. While it is not
// known whose account is in use, it may be.
func (m *Model) others(id vastapi.InstanceID) bool {
	owner, known := m.earlier.owners[id]
	return known && owner != m.cmd.Account()
}

// findEarlier looks again at what is open once it is known that some of it is this
// account's own.
func (m *Model) findEarlier() tea.Cmd {
	for _, owner := range m.earlier.owners {
		if owner == m.cmd.Account() {
			return m.load(command.Sessions)
		}
	}
	return nil
}

// hideEarlier takes what belongs to an account that was left out of the snapshot.
func (m *Model) hideEarlier(d *feed.Snapshot) {
	e := &m.earlier
	if len(e.owners) == 0 {
		return
	}
	sessions := func(s remote.Session) bool { return m.others(s.Instance) }
	tunnels := func(t remote.Tunnel) bool { return m.others(t.Instance) && t.State != remote.TunnelClosed }
	open := len(d.Remote.Sessions) + len(d.Remote.Tunnels)
	if slices.ContainsFunc(d.Remote.Sessions, sessions) {
		d.Remote.Sessions = slices.DeleteFunc(slices.Clone(d.Remote.Sessions), sessions)
	}
	if slices.ContainsFunc(d.Remote.Tunnels, tunnels) {
		d.Remote.Tunnels = slices.DeleteFunc(slices.Clone(d.Remote.Tunnels), tunnels)
	}
	if hidden := open - len(d.Remote.Sessions) - len(d.Remote.Tunnels); hidden > 0 && !e.told && m.cmd.Account() != "" {
		e.told = true
		text := "a connection to an instance of the account that was left is"
		if hidden > 1 {
			text = figure.Plural(hidden, "connection") + " to instances of the account that was left are"
		}
		m.toast(text+" open and not listed here: log in there again to close "+verb(hidden, "it", "them"), view.Warn)
	}
}
