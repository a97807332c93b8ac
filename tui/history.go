package tui

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// note adds an event to what was noticed in this run.
func (m *Model) note(e feed.Event) tea.Cmd {
	m.data.Note(e)
	return m.tell(command.Noted{})
}

// readJournal reads the journal again while its operations are looked at. One
// reading at a time: the last one comes when the plan has ended.
func (m *Model) readJournal() tea.Cmd {
	if m.active != view.Activity || m.session.phase != ready || m.cmd.Account() == "" || m.cmd.Busy(command.Journal) {
		return nil
	}
	return m.cmd.ReadJournal()
}
