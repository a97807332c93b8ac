package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"vastdeck/store"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
)

// Where keys are kept and found, for the full-screen program and for `vastdeck login`.

// keyPlaces is what a log-in in the full-screen program can do.
func (s *session) keyPlaces() command.Keys {
	return command.Keys{
		Places: s.places, Unlock: s.unlock, Encrypt: s.encrypt, Decline: s.decline,
		Keep: func(ctx context.Context, text string, in command.KeepIn, passphrase string) (command.Connected, error) {
			key, err := store.ParseKey(text)
			if err != nil {
				return command.Connected{}, err
			}
			return s.tryAndKeep(ctx, key, in, passphrase)
		},
		Import: s.takeOver,
	}
}

// places looks where keys are and could be.
func (s *session) places(ctx context.Context) (command.KeyPlaces, error) {
	var found command.KeyPlaces
	var unavailable *store.ErrKeyringUnavailable
	if _, err := s.secrets.Reach(ctx, s.opt.profile, s.host); errors.As(err, &unavailable) {
		found.Keyring = unavailable.Reason
	} else if err != nil {
		found.Keyring = err.Error()
	}
	file, err := s.keyFile()
	if err != nil {
		return found, err
	}
	switch there, err := file.Check(); {
	case err != nil:
		found.Refused = sentenceOf(err)
	case there:
		found.Locked = file.Path()
	}
	found.Import = s.offer()
	return found, nil
}

// keyFile is the encrypted key file of the profile.
func (s *session) keyFile() (*store.KeyFile, error) { return s.paths.EncryptedKeys(s.opt.profile) }

// offeredKey is the official client's key as it was offered: what is taken over is what
// was shown, whatever its file holds by then.
type offeredKey struct {
	mu    sync.Mutex
	found *store.OtherKey // nil = nothing is offered
}

// put has another key offered, nil for none. One that nobody took is wiped.
func (o *offeredKey) put(found *store.OtherKey) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found != nil {
		o.found.Key.Wipe()
	}
	o.found = found
}

// take hands out what is offered, which is nobody's then but the caller's.
func (o *offeredKey) take() *store.OtherKey {
	o.mu.Lock()
	defer o.mu.Unlock()
	found := o.found
	o.found = nil
	return found
}

// decline remembers that the official client's key is not wanted.
func (s *session) decline(context.Context) error {
	s.offered.put(nil)
	return s.paths.AnswerImport()
}

// offer is the official client's key, when it is to be offered: once, and for the
// server that it belongs to.
func (s *session) offer() *command.KeyImport {
	if s.base != vastapi.DefaultBaseURL || s.paths.ImportAnswered() {
		return nil
	}
	found, err := store.FindOtherKey(store.OtherKeyPlaces(s.getenv))
	if err != nil {
		s.offered.put(nil)
		return nil
	}
	s.offered.put(&found)
	return &command.KeyImport{Path: found.Path, Shown: s.named(found), Tail: found.Key.Tail(), Written: found.Written}
}

// shortened is a path with ~ for the home folder.
func (a *app) shortened(path string) string {
	home := a.getenv("HOME")
	if rest, ok := strings.CutPrefix(path, home+"/"); ok && home != "" {
		return "~/" + rest
	}
	return path
}

// unlock opens the encrypted key file.
func (s *session) unlock(ctx context.Context, passphrase string) (command.Connected, error) {
	key, err := s.secrets.Unlock(ctx, s.request(false), passphrase)
	if err != nil {
		return command.Connected{}, keyFileError(err)
	}
	client, err := s.client(key)
	return command.Connected{API: client, Source: string(store.SourceLocked), Untried: true}, err
}

// tryAndKeep checks a key with one read of the account and keeps it where it is wanted.
func (s *session) tryAndKeep(ctx context.Context, key store.Key, in command.KeepIn, passphrase string) (command.Connected, error) {
	if in == command.KeepFile {
		if err := store.CheckPassphrase(passphrase); err != nil { // before anything is asked
			return command.Connected{}, err
		}
	}
	client, err := s.client(key)
	if err != nil {
		return command.Connected{}, err
	}
	if _, err := client.User(ctx); err != nil {
		return command.Connected{}, rejected(err)
	}
	source, note, err := s.keepIn(ctx, key, in, passphrase)
	return command.Connected{API: client, Source: source, Note: note}, err
}

// runOnly is what the source of a key is called that is kept nowhere.
const runOnly = "this run only"

// keepIn keeps a good key.
func (s *session) keepIn(ctx context.Context, key store.Key, in command.KeepIn, passphrase string) (source, note string, err error) {
	switch in {
	case command.KeepRun:
		return runOnly, "", s.secrets.Use(s.opt.profile, s.host, key)
	case command.KeepFile:
		note, err = s.keepInFile(ctx, key, passphrase)
		return string(store.SourceLocked), note, err
	}
	return s.keep(ctx, key)
}

// keepInFile puts a key into the encrypted file. One that the keyring has would be
// found before it, and goes; the note says when that could not be done.
func (s *session) keepInFile(ctx context.Context, key store.Key, passphrase string) (note string, err error) {
	file, err := s.keyFile()
	if err != nil {
		return "", err
	}
	if err := file.Save(ctx, passphrase, s.host, key); err != nil {
		return "", keyFileError(err)
	}
	has, err := s.secrets.Reach(ctx, s.opt.profile, s.host)
	if err == nil && has {
		err = s.secrets.Delete(ctx, s.opt.profile, s.host)
		if err == nil {
			note = "the key that the keyring had for this profile is deleted from there"
		} else {
			note = "the keyring still has a key for this profile, which is found first: " + sentenceOf(err)
		}
	}
	return note, s.secrets.Use(s.opt.profile, s.host, key)
}

// encrypt puts the key in use into the encrypted file.
func (s *session) encrypt(ctx context.Context, passphrase string) (string, error) {
	if err := store.CheckPassphrase(passphrase); err != nil {
		return "", err
	}
	key, _, err := s.find(ctx, false)
	if err != nil {
		return "", err
	}
	note, err := s.keepInFile(ctx, key, passphrase)
	if err != nil {
		return "", err
	}
	file, err := s.keyFile()
	if err != nil {
		return "", err
	}
	where := "the key is in " + s.shortened(file.Path()) + ", which its passphrase opens"
	if note != "" {
		where += "; " + note
	}
	return where, nil
}

// takeOver tries the key of the official client that was offered and keeps it. With remove
// its files are deleted once that has worked, as far as they still hold this key.
func (s *session) takeOver(ctx context.Context, in command.KeepIn, passphrase string, remove bool) (command.Connected, error) {
	found := s.offered.take()
	if found == nil {
		return command.Connected{}, errors.New("no key of the official client was offered")
	}
	connected, err := s.tryAndKeep(ctx, found.Key, in, passphrase)
	if err != nil {
		s.offered.put(found) // it may be tried again
		return connected, err
	}
	said := s.advice(*found)
	if remove && connected.Source == runOnly {
		said = "nothing is deleted at " + s.named(*found) + ", because the key is kept nowhere else"
	} else if remove {
		said = s.removeOther(*found)
	}
	if err := s.paths.AnswerImport(); err != nil {
		s.log.Warn("the answer about the official client's key is not remembered", "err", err)
	}
	connected.Note = strings.TrimPrefix(connected.Note+"; "+said, "; ")
	return connected, nil
}

// otherKey is the key of the official client.
func (s *session) otherKey() (store.OtherKey, error) {
	places := store.OtherKeyPlaces(s.getenv)
	found, err := store.FindOtherKey(places)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found, errors.New("the official client keeps no key on this machine: looked for " + strings.Join(s.allShortened(places), " and ") + ". " + insteadOfImport)
	case err != nil:
		return found, errors.New(ended(err.Error()) + " Nothing was taken over. " + insteadOfImport)
	}
	return found, nil
}

// insteadOfImport is what to do when there is no key to take over.
const insteadOfImport = "`vastdeck login` without --import asks for a key; https://cloud.vast.ai/manage-keys/ makes one."

// advice is what to do with the file that a key was taken from.
func (s *session) advice(k store.OtherKey) string {
	text := "the key still lies unencrypted in " + s.named(k)
	if k.Open {
		text += ", where other users of this machine can read it"
	}
	return text + ": delete that file if you do not use the official client any more"
}

// named are the files in which the official client has the key: those that are deleted
// when the user says so, and no others.
func (s *session) named(k store.OtherKey) string {
	return strings.Join(s.allShortened(k.Paths()), " and ")
}

// removeOther deletes the files in which the official client has the key, and says so.
func (s *session) removeOther(k store.OtherKey) string {
	removed, err := store.RemoveOtherKeys(k.Paths(), k.Key)
	said := strings.Join(s.allShortened(removed), " and ")
	if said != "" {
		said += " is deleted; the official client asks for a key when it is used next"
		if len(removed) > 1 {
			said = strings.Replace(said, " is deleted", " are deleted", 1)
		}
	}
	if err != nil {
		said = strings.TrimPrefix(said+"; ", "; ") + "not deleted: " + err.Error()
	}
	return said
}

func (s *session) allShortened(paths []string) []string {
	return each(paths, s.shortened)
}

// sentenceOf is an error about keys without what it was wrapped in for the log.
func sentenceOf(err error) string {
	var unavailable *store.ErrKeyringUnavailable
	var file *store.ErrKeyFile
	switch {
	case errors.As(err, &unavailable):
		return unavailable.Reason + " " + unavailable.Next
	case errors.As(err, &file):
		return file.Path + ": " + file.Reason + " " + file.Next
	}
	return err.Error()
}

// keyFileError is an error of the encrypted key file as a sentence.
func keyFileError(err error) error {
	switch {
	case errors.Is(err, store.ErrPassphrase):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no encrypted key file for this profile: `vastdeck login --encrypted-file` makes one")
	case errors.Is(err, store.ErrNoKey):
		return fmt.Errorf("the passphrase is right, but %w: log in to add one", err)
	}
	return errors.New(sentenceOf(err))
}
