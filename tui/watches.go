package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// looked goes on after a look. One that succeeded, or failed for a reason of its
// own, shows that the others can be looked at.
func (m *Model) looked(err error) tea.Cmd {
	if err == nil || !feed.ConcernsAll(err) && !command.Cancelled(err) {
		m.pace.Mended(command.Watching)
	}
	return m.lookOn(err)
}

// lookOn looks at the next watch when it is time for it, or schedules that. err
// is how the last look ended: what would happen to a look at any watch slows all
// of them. Whatever view is shown, watches are looked at, but not without an account.
func (m *Model) lookOn(err error) tea.Cmd {
	if m.session.phase != ready || m.cmd.Busy(command.Watching) {
		return nil
	}
	now := time.Now()
	w, wait, ok := command.NextWatch(&m.data, now)
	if !ok {
		return nil
	}
	if err != nil && (feed.ConcernsAll(err) || command.Cancelled(err)) {
		wait = max(wait, m.pace.Next(command.Watching, command.EveryWatch, err))
	} else {
		err = nil // the others are looked at in their turn
	}
	if err == nil && wait > 0 && m.cmd.Awaited(command.Watching) {
		return nil // scheduled already, perhaps later because looks failed
	}
	if wait > 0 {
		return m.cmd.Again(command.Watching, wait)
	}
	return m.cmd.LookAt(&m.data, w, now)
}

// announce says what has just been noted.
func (m *Model) announce(list []feed.Event) tea.Cmd {
	var told []string
	for _, e := range list {
		if e.Kind == alertWatch && m.muted(alertWatch) {
			continue
		}
		level := map[feed.EventLevel]view.Level{
			feed.EventInfo: view.Info, feed.EventGood: view.Good, feed.EventWarn: view.Warn, feed.EventBad: view.Bad,
		}[e.Level]
		m.toast(e.Text, level)
		m.inform(level, e)
		if e.Kind == alertWatch {
			told = append(told, e.Text)
		}
	}
	if len(told) == 0 {
		return nil
	}
	return m.notify(told[0], false, time.Now())
}
