package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// remembering follows what is written into the history of prices, starts and
// credit, and what was read from it.
func (m *Model) remembering(a command.Answered) tea.Cmd {
	switch a := a.(type) {
	case command.HistoryOpened:
		return m.historyOpened(a)
	case command.HistoryWritten:
		next, tell := m.cmd.OnHistoryWritten(&m.data, a, time.Now())
		if tell != "" {
			m.toast(tell, view.Warn)
		}
		return next
	case command.PastRead:
		if a.Err == nil {
			past := m.data.Past
			m.cmd.Know(func(around *feed.Around) { around.Usual = past.Usual })
		}
	case command.InstancesLoaded:
		if a.Err == nil {
			return m.cmd.RecordStarts(&m.data)
		}
	case command.UserLoaded:
		if a.Err == nil {
			return m.cmd.RecordCredit(&m.data)
		}
	}
	return nil
}

// historyOpened goes on once the history is open, or says why it is not.
func (m *Model) historyOpened(a command.HistoryOpened) tea.Cmd {
	switch {
	case a.Err != nil && !command.Cancelled(a.Err) && !command.Later(a.Err):
		m.toast("the history of prices cannot be used in this run: "+view.Sentence(a.Err), view.Warn)
	case a.Notice != "":
		m.toast(a.Notice, view.Warn)
	}
	return m.cmd.OnHistoryOpened(&m.data, a)
}

// recordMarket notes what a walk through the market has shown, once it is through.
func (m *Model) recordMarket(a command.MarketFolded) tea.Cmd {
	if a.Err != nil || !a.Through && !a.Stuck {
		return nil
	}
	return m.cmd.RecordMarket(&m.data, a.Search.Type)
}

// CloseHistory closes the history of prices, once the program has ended. It waits at
// most limit for what is being written, and reports whether that was enough.
func (m *Model) CloseHistory(limit time.Duration) bool { return m.cmd.CloseHistory(limit) }
