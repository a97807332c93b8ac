package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Source says where a key came from, in words for the user.
type Source string

// The sources of a key, in the order in which Find tries them.
const (
	SourceSession Source = "session" // entered for this run, see Secrets.Use
	SourceFile    Source = "file"
	SourceStdin   Source = "stdin"
	SourceEnv     Source = "environment VAST_API_KEY"
	SourceKeyring Source = "keyring"
	SourceCommand Source = "key_command"
	SourceLocked  Source = "encrypted file"
)

// ErrNoKey says that every source was asked and none has a key: the user is not logged in.
var ErrNoKey = errors.New("no API key is stored")

// Request says whose key is wanted and what the command line and the environment offer.
type Request struct {
	Profile string    // as Paths.Profile takes it
	Host    string    // host, with a port if it has one, that the key is for
	KeyFile string    // path from --api-key-file; "" for none
	Stdin   io.Reader // nil unless --api-key-stdin
	Env     string    // the value of VAST_API_KEY; "" for none
	Command string    // key_command of the settings; "" for none
	File    *KeyFile  // the encrypted key file; nil for none
	// Passphrase asks for the passphrase of File, again after a wrong one, which wrong then is. It is
	// nil where nobody can be asked.
	Passphrase func(ctx context.Context, wrong error) (string, error)
	// Interactive is true when the user asked to log in or to unlock and waits for a prompt.
	Interactive bool
}

// Secrets finds, keeps and deletes API keys. Its methods may be called from several goroutines.
type Secrets struct {
	keyring      Keyring
	getenv       func(string) string
	start, asked time.Duration

	// busy holds a token while a keyring call runs. A call that outlives its limit cannot be
	// ended, and the D-Bus library would make the next one wait for it anyway: one is enough.
	busy chan struct{}

	mu      sync.Mutex
	session map[string]sessionKey // by account
}

// sessionKey is a key that lasts for the run.
type sessionKey struct {
	key    Key
	source Source
}

// NewSecrets returns secrets kept in the keyring (nil: keys last for the run only, as the demo
// wants it). getenv looks the environment up (os.Getenv); key_command gets a part of it.
func NewSecrets(keyring Keyring, getenv func(string) string) *Secrets {
	return &Secrets{
		keyring: keyring,
		getenv:  getenv,
		start:   StartLimit,
		asked:   AskedLimit,
		busy:    make(chan struct{}, 1),
		session: map[string]sessionKey{},
	}
}

// Find returns the key for the profile and host and where it came from. It takes the first of: a
// key entered or unlocked in this run, KeyFile, Stdin (read once; remembered for the run), Env, the
// keyring, Command, File. An offered file, stdin or variable that holds no usable key is an error;
// what comes after it is not tried. ErrNoKey means that no source has a key. When the keyring could
// not answer and no later source has one, the error is an *ErrKeyringUnavailable. When File has to be
// opened first and Passphrase is nil, it is an *ErrKeyFileLocked.
func (s *Secrets) Find(ctx context.Context, r Request) (Key, Source, error) {
	account, err := accountName(r.Profile, r.Host)
	if err != nil {
		return Key{}, "", err
	}
	if kept, ok := s.kept(account); ok {
		return kept.key, kept.source, nil
	}
	key, source, err := s.offered(ctx, account, r)
	if source != "" {
		return key, source, err
	}
	key, err = s.fromKeyring(ctx, account, r.Interactive)
	if err == nil {
		return key, SourceKeyring, nil
	}
	if ctx.Err() != nil {
		return Key{}, "", err
	}
	if r.Command != "" {
		key, commandErr := runKeyCommand(ctx, r.Command, s.getenv)
		if commandErr == nil {
			return key, SourceCommand, nil
		}
		if errors.Is(err, ErrNoKey) {
			return Key{}, "", commandErr
		}
		return Key{}, "", errors.Join(err, commandErr)
	}
	return s.locked(ctx, account, r, err)
}

// passphraseTries is how often a passphrase is asked for.
const passphraseTries = 3

// locked is the key of the encrypted file. before is why no earlier source has one.
func (s *Secrets) locked(ctx context.Context, account string, r Request, before error) (Key, Source, error) {
	if r.File == nil {
		return Key{}, "", before
	}
	there, err := r.File.Check()
	switch {
	case !there && err == nil:
		return Key{}, "", before
	case err != nil:
		return Key{}, "", err
	case r.Passphrase == nil:
		locked := &ErrKeyFileLocked{Path: r.File.Path()}
		if unavailable := new(ErrKeyringUnavailable); errors.As(before, &unavailable) {
			locked.Keyring = unavailable.Reason
		}
		return Key{}, "", locked
	}
	for range passphraseTries {
		passphrase, asked := r.Passphrase(ctx, err)
		if asked != nil {
			return Key{}, "", asked
		}
		var key Key
		if key, err = s.unlock(ctx, account, r, passphrase); err == nil {
			return key, SourceLocked, nil
		}
		if !errors.Is(err, ErrPassphrase) {
			break
		}
	}
	return Key{}, "", err
}

// Unlock opens the encrypted key file for the profile and host of r, and keeps the key for the run.
// Its errors are those of [KeyFile.Find].
func (s *Secrets) Unlock(ctx context.Context, r Request, passphrase string) (Key, error) {
	account, err := accountName(r.Profile, r.Host)
	if err != nil {
		return Key{}, err
	}
	if r.File == nil {
		return Key{}, ErrNoKey
	}
	return s.unlock(ctx, account, r, passphrase)
}

func (s *Secrets) unlock(ctx context.Context, account string, r Request, passphrase string) (Key, error) {
	key, err := r.File.Find(ctx, passphrase, r.Host)
	if err == nil {
		s.keep(account, sessionKey{key, SourceLocked})
	}
	return key, err
}

// offered returns the key that the command line or the environment offers; without an offer the
// source is empty.
func (s *Secrets) offered(ctx context.Context, account string, r Request) (Key, Source, error) {
	switch {
	case r.KeyFile != "":
		key, err := readKeyFile(ctx, r.KeyFile)
		return key, SourceFile, err
	case r.Stdin != nil:
		key, err := readKey(ctx, r.Stdin)
		if err != nil {
			return Key{}, SourceStdin, fmt.Errorf("read the key from stdin: %w", err)
		}
		s.keep(account, sessionKey{key, SourceStdin}) // stdin gives it only once
		return key, SourceStdin, nil
	case r.Env != "":
		key, err := ParseKey(r.Env)
		if err != nil {
			err = fmt.Errorf("read VAST_API_KEY: %w", err)
		}
		return key, SourceEnv, err
	}
	return Key{}, "", nil
}

func (s *Secrets) fromKeyring(ctx context.Context, account string, interactive bool) (Key, error) {
	var text string
	var found bool
	limit := s.start
	if interactive {
		limit = s.asked
	}
	err := s.call(ctx, limit, func(k Keyring) (err error) {
		text, found, err = k.Get(account)
		return err
	})
	if err != nil {
		return Key{}, err
	}
	if !found {
		return Key{}, ErrNoKey
	}
	key, err := ParseKey(text)
	if err != nil {
		return Key{}, fmt.Errorf("read the key of %s in the keyring: %w", account, err)
	}
	return key, nil
}

// Save stores the key in the keyring for the profile and host, in place of any other, within
// 60 s. When it fails with *ErrKeyringUnavailable, Use keeps the key for this run.
func (s *Secrets) Save(ctx context.Context, profile, host string, k Key) error {
	account, err := accountName(profile, host)
	if err != nil {
		return err
	}
	if k.IsZero() {
		return errors.New("save the key: there is none")
	}
	if err := s.call(ctx, s.asked, func(ring Keyring) error { return ring.Set(account, k.reveal()) }); err != nil {
		return err
	}
	s.forget(account)
	return nil
}

// Use keeps the key in memory for the profile and host until the program ends; Find then returns
// it before anything else.
func (s *Secrets) Use(profile, host string, k Key) error {
	account, err := accountName(profile, host)
	if err != nil {
		return err
	}
	if k.IsZero() {
		return errors.New("use the key: there is none")
	}
	s.keep(account, sessionKey{k, SourceSession})
	return nil
}

// Delete forgets the key entered for this run and deletes the one in the keyring for the profile
// and host, within 60 s. ErrNoKey means that there was neither.
func (s *Secrets) Delete(ctx context.Context, profile, host string) error {
	account, err := accountName(profile, host)
	if err != nil {
		return err
	}
	had := s.forget(account)
	if s.keyring == nil && had {
		return nil
	}
	found := false
	err = s.call(ctx, s.asked, func(k Keyring) (err error) {
		found, err = k.Delete(account)
		return err
	})
	if err == nil && !found && !had {
		return ErrNoKey
	}
	return err
}

// Reach asks the keyring whether it has a key for the profile and host, within the limit of the
// start; the key itself is forgotten at once. The error is an *ErrKeyringUnavailable when it could
// not answer.
func (s *Secrets) Reach(ctx context.Context, profile, host string) (has bool, err error) {
	account, err := accountName(profile, host)
	if err != nil {
		return false, err
	}
	key, err := s.fromKeyring(ctx, account, false)
	switch {
	case errors.Is(err, ErrNoKey):
		return false, nil
	case err != nil:
		return false, err
	}
	key.Wipe()
	return true, nil
}

// Wipe forgets every key of this run and overwrites it in memory: copies of those keys that are still
// in use are no keys any more.
func (s *Secrets) Wipe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.session {
		one.key.Wipe()
	}
	clear(s.session)
}

func (s *Secrets) kept(account string) (sessionKey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.session[account]
	return kept, ok
}

func (s *Secrets) keep(account string, k sessionKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session[account] = k
}

func (s *Secrets) forget(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, had := s.session[account]
	delete(s.session, account)
	return had
}

// accountName returns the keyring's account of a profile and host. A key is stored for one host
// so that it can never be sent to another.
func accountName(profile, host string) (string, error) {
	if err := checkProfile(profile); err != nil {
		return "", err
	}
	if host == "" || strings.ContainsFunc(host, notInHost) {
		return "", fmt.Errorf("host name %q: a host, or host:port, is needed", host)
	}
	return profile + "@" + strings.ToLower(host), nil
}

func notInHost(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`@/\?#"'`, r)
}
