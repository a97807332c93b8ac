package command

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
)

// KeepIn says where a key is kept once it was found to be good.
type KeepIn int

// The places of a key.
const (
	KeepKeyring KeepIn = iota // the system's keyring; where there is none, for this run, and Connected.Note says so
	KeepRun                   // this run only
	KeepFile                  // the file that a passphrase encrypts
)

// Keys is what a log-in can do besides taking a typed key. A function that is nil
// cannot be done in this run.
type Keys struct {
	// Places tells where keys can be kept and found. It may take as long as the
	// keyring is waited for at the start.
	Places func(context.Context) (KeyPlaces, error)
	// Unlock opens the encrypted key file.
	Unlock func(ctx context.Context, passphrase string) (Connected, error)
	// Keep checks a key with one read of the account and keeps it. The passphrase is
	// for KeepFile.
	Keep func(ctx context.Context, key string, in KeepIn, passphrase string) (Connected, error)
	// Import does the same with the key of the official client. remove deletes its
	// file once the key is kept.
	Import func(ctx context.Context, in KeepIn, passphrase string, remove bool) (Connected, error)
	// Decline remembers that the official client's key is not wanted.
	Decline func(context.Context) error
	// Encrypt puts the key in use into the encrypted file as well; where says where
	// it is now.
	Encrypt func(ctx context.Context, passphrase string) (where string, err error)
}

// KeyPlaces is where keys can be kept and found, in sentences for the user.
type KeyPlaces struct {
	Keyring string     // why the keyring cannot be used, "" = it can
	Locked  string     // path of an encrypted key file that a passphrase opens, "" = none
	Refused string     // why an encrypted key file that is there is not read, "" = nothing is wrong
	Import  *KeyImport // the official client's key; nil = there is none, or it was offered before
}

// KeyImport is a key of the official client that can be taken over.
type KeyImport struct {
	Path    string    // where it is
	Shown   string    // the same, with ~ for the home folder
	Tail    string    // the last four characters of the key, "" of a short one
	Written time.Time // when the file was written last
}

// LockedError is the error of a KeyFound where a key waits for its passphrase.
type LockedError struct {
	Path string
	Why  string // a sentence for the user
}

// Error is the sentence.
func (e *LockedError) Error() string { return e.Why }

// errNotHere is why a function of Keys cannot be used.
var errNotHere = errors.New("this run keeps no keys")

// keyTopic is the one topic of all that is about the key: only the newest counts.
const keyTopic Topic = "key"

// KeyPlacesFound answers LoadKeyPlaces.
type KeyPlacesFound struct {
	Answer
	Places KeyPlaces
}

// LoadKeyPlaces finds out where keys can be kept and found.
func (l Loads) LoadKeyPlaces() tea.Cmd {
	places := l.s.cfg.Keys.Places
	return Run(l.s.Runner, "key/places", func(ctx context.Context) (KeyPlaces, error) {
		if places == nil {
			return KeyPlaces{}, errNotHere
		}
		return places(ctx)
	}, func(a Answer, p KeyPlaces) tea.Msg { return KeyPlacesFound{a, p} })
}

// Unlock opens the encrypted key file; it is answered by KeyTried. It takes some
// tenths of a second, on purpose.
func (l Loads) Unlock(passphrase string) tea.Cmd {
	unlock := l.s.cfg.Keys.Unlock
	return l.tried(unlock != nil, func(ctx context.Context) (Connected, error) { return unlock(ctx, passphrase) })
}

// KeepKey checks a key that was typed by reading the account with it, and keeps it
// where it is wanted; it is answered by KeyTried.
func (l Loads) KeepKey(key string, in KeepIn, passphrase string) tea.Cmd {
	keep := l.s.cfg.Keys.Keep
	if keep == nil && in == KeepKeyring && l.s.cfg.TryKey != nil {
		return l.TryKey(key)
	}
	return l.tried(keep != nil, func(ctx context.Context) (Connected, error) { return keep(ctx, key, in, passphrase) })
}

// ImportKey takes over the key of the official client; it is answered by KeyTried.
// remove deletes its file once the key is kept; Connected.Note says what became of it.
func (l Loads) ImportKey(in KeepIn, passphrase string, remove bool) tea.Cmd {
	take := l.s.cfg.Keys.Import
	return l.tried(take != nil, func(ctx context.Context) (Connected, error) { return take(ctx, in, passphrase, remove) })
}

func (l Loads) tried(can bool, do func(context.Context) (Connected, error)) tea.Cmd {
	tidy := l.s.cfg.Tidy
	return Run(l.s.Runner, keyTopic, func(ctx context.Context) (Connected, error) {
		if !can {
			return Connected{}, errNotHere
		}
		c, err := do(ctx)
		if tidy != nil {
			tidy() // trying a passphrase takes much memory for a moment
		}
		return c, err
	}, func(a Answer, c Connected) tea.Msg { return KeyTried{a, c} })
}

// ImportDeclined answers DeclineImport.
type ImportDeclined struct{ Answer }

// DeclineImport remembers that the key of the official client is not wanted.
func (l Loads) DeclineImport() tea.Cmd {
	decline := l.s.cfg.Keys.Decline
	return Run(l.s.Runner, "key/decline", func(ctx context.Context) (struct{}, error) {
		if decline == nil {
			return struct{}{}, errNotHere
		}
		return struct{}{}, decline(ctx)
	}, func(a Answer, _ struct{}) tea.Msg { return ImportDeclined{a} })
}

// KeySaved answers SaveEncrypted.
type KeySaved struct {
	Answer
	Where string // a sentence: where the key is now
}

// SaveEncrypted puts the key in use into the encrypted key file.
func (l Loads) SaveEncrypted(passphrase string) tea.Cmd {
	encrypt, tidy := l.s.cfg.Keys.Encrypt, l.s.cfg.Tidy
	return Run(l.s.Runner, "key/encrypt", func(ctx context.Context) (string, error) {
		if encrypt == nil {
			return "", errNotHere
		}
		where, err := encrypt(ctx, passphrase)
		if tidy != nil {
			tidy()
		}
		return where, err
	}, func(a Answer, where string) tea.Msg { return KeySaved{a, where} })
}
