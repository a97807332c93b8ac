package command

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// InstancesLoaded answers LoadInstances.
type InstancesLoaded struct {
	Answer
	Page vastapi.InstancePage
}

// Fold keeps the instances and works out what the account spends.
func (m InstancesLoaded) Fold(s *feed.Snapshot) {
	s.Instances.Apply(m.Page, m.At, m.Err)
	s.Derive()
}

// LoadInstances asks for all of the account's instances.
func (l Loads) LoadInstances() tea.Cmd {
	if l.closed() {
		return nil
	}
	return Run(l.s.Runner, Instances, l.s.api.Instances,
		func(a Answer, v vastapi.InstancePage) tea.Msg { return InstancesLoaded{a, v} })
}
