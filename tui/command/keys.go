package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// LocalKeysRead answers LoadLocalKeys.
type LocalKeysRead struct {
	Answer
	Keys []remote.LocalKey
}

// Fold keeps the keys of this machine.
func (m LocalKeysRead) Fold(s *feed.Snapshot) {
	if m.Err == nil {
		s.Remote.Keys = m.Keys
	}
}

// LoadLocalKeys reads the public keys that lie on this machine.
func (l Loads) LoadLocalKeys() tea.Cmd {
	return overSSH(l, localKeys, func(ctx context.Context, r Remote) ([]remote.LocalKey, error) {
		return r.LocalKeys(ctx)
	}, func(a Answer, keys []remote.LocalKey) tea.Msg { return LocalKeysRead{a, keys} })
}

// PublicKeyRead answers ReadPublicKey.
type PublicKeyRead struct {
	Answer
	Form string // the form it was asked for
	Path string
	Key  remote.LocalKey
}

// ReadPublicKey reads one public key for a form. A file with a private key is
// refused, and its text goes nowhere.
func (l Loads) ReadPublicKey(form, path string) tea.Cmd {
	return overSSH(l, Topic("ssh/key/"+form), func(ctx context.Context, r Remote) (remote.LocalKey, error) {
		full, err := homed(path)
		if err != nil {
			return remote.LocalKey{}, err
		}
		return r.ReadPublicKey(ctx, full)
	}, func(a Answer, k remote.LocalKey) tea.Msg { return PublicKeyRead{a, form, path, k} })
}

// KeyGenerated answers GenerateKey.
type KeyGenerated struct {
	Answer
	Form string // the form it was asked for
	Key  remote.LocalKey
}

// GenerateKey makes a new pair of keys in ~/.ssh, for a form. Nothing that exists is
// overwritten. The local keys are read again with LoadLocalKeys.
func (l Loads) GenerateKey(form, name, comment string) tea.Cmd {
	return overSSH(l, "ssh/generate", func(ctx context.Context, r Remote) (remote.LocalKey, error) {
		return r.GenerateKey(ctx, name, comment)
	}, func(a Answer, k remote.LocalKey) tea.Msg { return KeyGenerated{a, form, k} })
}

// InstanceKeysRead answers LoadInstanceKeys.
type InstanceKeysRead struct {
	Answer
	Form     string // the form it was asked for
	Instance vastapi.InstanceID
	Keys     []vastapi.SSHKey
}

// LoadInstanceKeys asks which public keys were attached to an instance, for a form.
// Each has its id there, which may be another one than it has in the account. Those
// that the account had when the instance was rented need not be among them.
func (l Loads) LoadInstanceKeys(form string, id vastapi.InstanceID) tea.Cmd {
	if l.closed() {
		return nil
	}
	api := l.s.api
	return Run(l.s.Runner, "sshkeys/"+Topic(id.String()), func(ctx context.Context) ([]vastapi.SSHKey, error) {
		return api.InstanceSSHKeys(ctx, id)
	}, func(a Answer, keys []vastapi.SSHKey) tea.Msg { return InstanceKeysRead{a, form, id, keys} })
}
