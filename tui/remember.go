package tui

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
)

// restore takes over what earlier runs remembered, before the first frame: the
// view that was open last is the one that is shown.
func (m *Model) restore() {
	memory, notice := m.cmd.LoadMemory()
	if memory.Workload == (feed.Workload{}) {
		memory.Workload = feed.DefaultWorkload()
	}
	m.data.Memory = memory
	if last := view.ID(memory.LastView); !last.Page() && m.tab(last) != nil {
		m.active = last
	}
	if notice != "" {
		m.toast(notice, view.Warn)
	}
}

// remember changes what is remembered: here at once, on the disk soon after.
func (m *Model) remember(change func(*feed.Memory)) tea.Cmd {
	memory := m.data.Memory.Clone()
	change(&memory)
	m.data.Memory = memory
	return tea.Batch(m.cmd.Remember(change), m.tell(command.MemoryChanged{}), m.lookOn(nil))
}

// onSaved says once why nothing is kept, until something is again.
func (m *Model) onSaved(err error) {
	if err != nil && !m.forgetful {
		m.toast("what you change here lasts for this run only: "+view.Sentence(err), view.Warn)
	}
	m.forgetful = err != nil
}

// noteLeft has the next run find what is marked in a list now. The views are not told.
func (m *Model) noteLeft(in view.Leave) tea.Cmd {
	m.data.Memory.SetLeft(in.List, in.Left)
	return m.cmd.Remember(func(mem *feed.Memory) { mem.SetLeft(in.List, in.Left) })
}

// part has the shown view note what it is left with.
func (m *Model) part() (noted tea.Cmd) {
	defer func() { _ = recover() }() // a view that fails now must not lose what the others have noted
	if m.session.phase == ready {
		noted = m.apply(m.tab(m.active).Update(m.env(), view.Hidden{}), false)
	}
	return noted
}

// Keep writes what has not been written yet. It is called once the program has
// ended; the error says why that is lost.
func (m *Model) Keep() error {
	m.part()
	return m.cmd.KeepMemory()
}

// noting has what was read of the account noted for completion in a shell.
func (m *Model) noting(a command.Answered) tea.Cmd {
	switch a := a.(type) {
	case command.InstancesLoaded:
		if a.Err == nil {
			return m.cmd.NoteKnown(&m.data)
		}
	case command.VolumesLoaded:
		if a.Err == nil {
			return m.cmd.NoteKnown(&m.data)
		}
	}
	return nil
}
