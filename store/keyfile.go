package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"
)

const (
	// keyFileName is the encrypted key file in a profile's folder.
	keyFileName = "key.age"
	// keyFileVersion is the version of what the file holds once it is open.
	keyFileVersion = 1
	// maxKeyFile is the largest encrypted file that is read, in bytes.
	maxKeyFile = 64 << 10
	// workFactor is the logarithm of the cost of trying one passphrase: 2^17 rounds of scrypt, which
	// take 128 MB and some tenths of a second.
	workFactor = 17
	// maxWorkFactor bounds what is spent on a file that somebody else may have put there: 256 MB,
	// which is what age itself uses.
	maxWorkFactor = 18
	// leastPassphrase is the length of the shortest passphrase, in characters.
	leastPassphrase = 8
	// mostPassphrase is the length of the longest one, in bytes.
	mostPassphrase = 1024

	keyFileLockTries = 200
	keyFileLockPause = 50 * time.Millisecond
)

// ErrPassphrase says that a passphrase does not open the encrypted key file. Nothing else is known
// to be wrong with the file.
var ErrPassphrase = errors.New("this passphrase does not open the encrypted key file: try again")

// ErrKeyFileLocked says that a key is kept in an encrypted file and that nobody has given its
// passphrase. Use errors.As with *ErrKeyFileLocked.
type ErrKeyFileLocked struct {
	Path string
	// Keyring says why the keyring, which comes first, could not answer; "" when it answered
	// that it has no key.
	Keyring string
}

// Error returns a sentence for the user.
func (e *ErrKeyFileLocked) Error() string {
	text := "the key is in the encrypted file " + e.Path + ", which its passphrase opens"
	if e.Keyring != "" {
		text += " (" + strings.TrimRight(e.Keyring, ".") + ")"
	}
	return text
}

// ErrKeyFile says why an encrypted key file that is there is not read. Use errors.As with *ErrKeyFile.
type ErrKeyFile struct {
	Path   string
	Reason string // what is the matter: a sentence for the user
	Next   string // what can be done: a sentence for the user
	Err    error  // the cause, for the log
}

// Error returns the reason and the next step.
func (e *ErrKeyFile) Error() string { return "read " + e.Path + ": " + e.Reason + " " + e.Next }

// Unwrap returns the cause.
func (e *ErrKeyFile) Unwrap() error { return e.Err }

// KeyFile is the encrypted key file of one profile: an age file, armored, that a passphrase opens
// (scrypt), with one API key per host. It is made only where the user has asked for it. Its methods
// may be called from several goroutines and processes.
type KeyFile struct {
	path  string
	cost  int        // logarithm of the rounds of scrypt of what is written
	tries int        // how often another process that saves is looked after
	turn  sync.Mutex // trying a passphrase takes memory: one at a time
}

// EncryptedKeys returns the encrypted key file of the named profile; the file need not exist.
func (p Paths) EncryptedKeys(profile string) (*KeyFile, error) {
	dir, err := p.Profile(profile)
	if err != nil {
		return nil, err
	}
	return &KeyFile{path: filepath.Join(dir, keyFileName), cost: workFactor, tries: keyFileLockTries}, nil
}

// Path returns where the file is, or would be.
func (f *KeyFile) Path() string { return f.path }

// Check reports whether there is a file, and as an *ErrKeyFile why it would not be read: somebody
// else's, readable by others, no regular file, or not one that a passphrase opens. Whether a
// passphrase fits is not known.
func (f *KeyFile) Check() (there bool, err error) {
	data, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte(armor.Header)) {
		return true, f.damaged(errors.New("no armored age file"))
	}
	return true, nil
}

// Find opens the file with the passphrase and returns the key for the host. It fails with
// ErrPassphrase, with an *ErrKeyFile, with fs.ErrNotExist when there is no file, and with ErrNoKey
// when it is open and has no key for the host. It takes some tenths of a second.
func (f *KeyFile) Find(ctx context.Context, passphrase, host string) (Key, error) {
	keys, err := f.within(ctx, passphrase)
	if err != nil {
		return Key{}, err
	}
	text, ok := keys[strings.ToLower(host)]
	if !ok {
		return Key{}, fmt.Errorf("%w in the encrypted file for %s", ErrNoKey, host)
	}
	key, err := ParseKey(text)
	if err != nil {
		return Key{}, f.damaged(err)
	}
	return key, nil
}

// Save puts the key of a host into the file, which is made if there is none. One that is there must
// open with the same passphrase: its other keys are kept. The file is replaced as a whole, is
// readable by its owner alone, and never holds a key in the clear.
func (f *KeyFile) Save(ctx context.Context, passphrase, host string, k Key) error {
	if err := CheckPassphrase(passphrase); err != nil {
		return err
	}
	if k.IsZero() {
		return errors.New("save the key: there is none")
	}
	release, err := f.lock(ctx)
	if err != nil {
		return fmt.Errorf("save the key: %w", err)
	}
	defer release()
	keys, err := f.within(ctx, passphrase)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		keys = map[string]string{}
	case errors.Is(err, ErrPassphrase):
		return fmt.Errorf("%w; what is in it can only be kept with the passphrase it was made with, and `vastdeck logout` deletes it", err)
	case err != nil:
		return err
	}
	keys[strings.ToLower(host)] = k.reveal()
	sealed, err := f.seal(passphrase, keys)
	if err != nil {
		return fmt.Errorf("encrypt the key: %w", err)
	}
	return replaceFile(f.path, sealed)
}

// LinksTo returns the path that a symbolic link in the file's place leads to, and "" when no link is
// there.
func (f *KeyFile) LinksTo() string {
	target, err := os.Readlink(f.path)
	if err != nil || filepath.IsAbs(target) {
		return target
	}
	return filepath.Join(filepath.Dir(f.path), target)
}

// Delete removes the file with every key in it, whatever its passphrase; found is false when there
// was none. A symbolic link is removed, and what it leads to is left alone; so is what is there but is
// not a file of this user's.
func (f *KeyFile) Delete() (found bool, err error) {
	info, err := os.Lstat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("delete the encrypted key file: %w", err)
	}
	if info.Mode().IsRegular() && !ownedByUs(info) {
		return true, f.refused("It belongs to another user, so it is not deleted.", "Look at who has put it there.", nil)
	}
	if info.IsDir() {
		return true, f.refused("It is a folder, so it is not deleted.", "Look at what is in it.", nil)
	}
	if err := os.Remove(f.path); err != nil {
		return true, fmt.Errorf("delete the encrypted key file: %w", err)
	}
	return true, syncDir(filepath.Dir(f.path))
}

// CheckPassphrase says what is wrong with a new passphrase, nil when it can be used. The error does
// not repeat it.
func CheckPassphrase(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("a passphrase is needed")
	case utf8.RuneCountInString(text) < leastPassphrase:
		return fmt.Errorf("the passphrase has fewer than %d characters: take a longer one", leastPassphrase)
	case len(text) > mostPassphrase:
		return fmt.Errorf("the passphrase is longer than %d bytes: take a shorter one", mostPassphrase)
	}
	return nil
}

// within is what the file holds, by host.
func (f *KeyFile) within(ctx context.Context, passphrase string) (map[string]string, error) {
	data, err := f.read()
	if err != nil {
		return nil, err
	}
	type opened struct {
		keys map[string]string
		err  error
	}
	done := make(chan opened, 1)
	go func() { // scrypt cannot be broken off
		f.turn.Lock()
		defer f.turn.Unlock()
		if ctx.Err() != nil {
			return
		}
		keys, err := f.open(passphrase, data)
		done <- opened{keys, err}
	}()
	select {
	case o := <-done:
		return o.keys, o.err
	case <-ctx.Done():
		return nil, fmt.Errorf("open the encrypted key file: %w", context.Cause(ctx))
	}
}

// open decrypts what was read.
func (f *KeyFile) open(passphrase string, data []byte) (map[string]string, error) {
	if passphrase == "" || len(passphrase) > mostPassphrase {
		return nil, ErrPassphrase
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(data)), identity)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, f.damaged(err)
	}
	plain, err := readLimited(r, "the encrypted key file", maxKeyFile)
	if err != nil {
		return nil, f.damaged(err)
	}
	defer clear(plain)
	var held keyFileContent
	if err := json.Unmarshal(plain, &held); err != nil {
		// The decoder's words may repeat a part of what it read, which is a secret.
		return nil, f.damaged(errors.New("what is in it cannot be read"))
	}
	if held.Version > keyFileVersion {
		return nil, f.refused("It was written by a newer version of vastdeck.", "Update vastdeck, or set VAST_API_KEY.", nil)
	}
	if held.Keys == nil {
		held.Keys = map[string]string{}
	}
	return held.Keys, nil
}

// keyFileContent is what stands in the file once it is open.
type keyFileContent struct {
	Version int               `json:"version"`
	Keys    map[string]string `json:"keys"` // by host, lower case, with a port if it has one
}

// seal encrypts the keys.
func (f *KeyFile) seal(passphrase string, keys map[string]string) ([]byte, error) {
	plain, err := json.Marshal(keyFileContent{Version: keyFileVersion, Keys: keys})
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(f.cost)
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := errors.Join(w.Close(), armored.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// read gives the encrypted file, if it is one of this user's that nobody else can read.
func (f *KeyFile) read() ([]byte, error) {
	file, err := openRegular(f.path, os.O_RDONLY)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case errors.Is(err, errNotRegular), errors.Is(err, errLink):
		return nil, f.refused("It is a link or no regular file, so it is not read.", "Put the file itself there, or delete what is there and log in again.", err)
	case err != nil:
		return nil, f.refused("It cannot be opened.", "Look at its rights and those of its folder.", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, f.refused("It cannot be looked at.", "Look at its rights and those of its folder.", err)
	}
	if !ownedByUs(info) {
		return nil, f.refused("It belongs to another user, so it is not read.", "Delete it and log in again.", nil)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 && !modesUnsupported {
		return nil, f.refused(fmt.Sprintf("Others may read or change it (mode %04o), so it is not read.", info.Mode().Perm()),
			"If you have done that yourself, take it back with `chmod 600`; else delete it and make a new key.", nil)
	}
	data, err := readLimited(file, f.path, maxKeyFile)
	if err != nil {
		return nil, f.damaged(err)
	}
	return data, nil
}

// lock waits up to ten seconds for another process that saves.
func (f *KeyFile) lock(ctx context.Context) (func(), error) {
	if err := makeDir(filepath.Dir(f.path)); err != nil {
		return nil, err
	}
	for range f.tries {
		release, err := lockPath(f.path + ".lock")
		if release != nil || err != nil {
			return release, err
		}
		select {
		case <-time.After(keyFileLockPause):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return nil, errors.New("another copy of the program is saving it")
}

func (f *KeyFile) refused(reason, next string, err error) error {
	return &ErrKeyFile{Path: f.path, Reason: reason, Next: next, Err: err}
}

func (f *KeyFile) damaged(err error) error {
	return f.refused("It is damaged, or no key file of vastdeck.", "Delete it with `vastdeck logout` and log in again.", err)
}
