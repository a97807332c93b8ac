package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// KeyFound answers FindKey. Err says why there is no client; the sentence is
// meant for the user.
type KeyFound struct {
	Answer
	Connected Connected
}

// FindKey looks for a key where keys are kept. The keyring may ask the user to
// unlock it, so this is never done before the first frame.
func (s *Set) FindKey() tea.Cmd {
	return Run(s.Runner, keyTopic, s.cfg.Find, func(a Answer, c Connected) tea.Msg { return KeyFound{a, c} })
}

// KeyTried answers TryKey.
type KeyTried struct {
	Answer
	Connected Connected
}

// TryKey checks a key that was typed by reading the account with it, and
// stores it when it is good.
func (l Loads) TryKey(key string) tea.Cmd {
	try := l.s.cfg.TryKey
	return Run(l.s.Runner, keyTopic, func(ctx context.Context) (Connected, error) { return try(ctx, key) },
		func(a Answer, c Connected) tea.Msg { return KeyTried{a, c} })
}

// UserLoaded answers LoadUser.
type UserLoaded struct {
	Answer
	User vastapi.User
}

// Fold keeps the account.
func (m UserLoaded) Fold(s *feed.Snapshot) {
	s.User.Apply(m.User, m.At, m.Err)
	s.DeriveRights()
}

// LoadUser asks for the account's credit and name.
func (l Loads) LoadUser() tea.Cmd {
	if l.closed() {
		return nil
	}
	return Run(l.s.Runner, User, l.s.api.User, func(a Answer, v vastapi.User) tea.Msg { return UserLoaded{a, v} })
}

// VolumesLoaded answers LoadVolumes.
type VolumesLoaded struct {
	Answer
	List vastapi.VolumeList
}

// Fold keeps the volumes and works out what the account spends.
func (m VolumesLoaded) Fold(s *feed.Snapshot) {
	s.Volumes.Apply(m.List, m.At, m.Err)
	s.Derive()
}

// LoadVolumes asks for the account's volumes, which bill like a stopped instance's disk.
func (l Loads) LoadVolumes() tea.Cmd {
	if l.closed() {
		return nil
	}
	return Run(l.s.Runner, Volumes, l.s.api.Volumes, func(a Answer, v vastapi.VolumeList) tea.Msg { return VolumesLoaded{a, v} })
}
