package store

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// withFile are secrets of a keyring and a request that names an encrypted file with a key.
func withFile(t *testing.T, ring *fakeKeyring) (*Secrets, Request) {
	t.Helper()
	f := cheapKeyFile(t)
	saved(t, f, host, fileKey)
	return NewSecrets(ring, os.Getenv), Request{Profile: profile, Host: host, File: f}
}

// answers gives one passphrase after the other, and counts the questions.
func answers(asked *int, list ...string) func(context.Context, error) (string, error) {
	return func(context.Context, error) (string, error) {
		*asked++
		return list[min(*asked, len(list))-1], nil
	}
}

func TestTheEncryptedFileIsTheLastSource(t *testing.T) {
	t.Parallel()
	empty := func() *fakeKeyring { return &fakeKeyring{stored: map[string]string{}} }
	for name, c := range map[string]struct {
		ring   *fakeKeyring
		change func(*Request)
		want   Source
	}{
		"the environment": {empty(), func(r *Request) { r.Env = "environment-key-0123" }, SourceEnv},
		"the keyring":     {&fakeKeyring{stored: map[string]string{profile + "@" + host: "keyring-key-01234567"}}, nil, SourceKeyring},
		"key_command":     {empty(), func(r *Request) { r.Command = "echo command-key-01234567" }, SourceCommand},
		"nothing else":    {empty(), nil, SourceLocked},
		"a keyring that cannot answer": {
			&fakeKeyring{err: &ErrKeyringUnavailable{Reason: "Locked.", Next: "Unlock it."}}, nil, SourceLocked,
		},
	} {
		s, r := withFile(t, c.ring)
		asked := 0
		r.Passphrase = answers(&asked, passphrase)
		if c.change != nil {
			c.change(&r)
		}
		key, source, err := s.Find(t.Context(), r)
		if err != nil || source != c.want {
			t.Errorf("%s: %q, %v; want %q", name, source, err, c.want)
		}
		if c.want != SourceLocked && asked > 0 {
			t.Errorf("%s: the passphrase was asked for", name)
		}
		if c.want == SourceLocked && !key.Equal(keyOf(t, fileKey)) {
			t.Errorf("%s: another key", name)
		}
	}
}

// A key_command that fails is not passed over: what comes after a source that was named is
// not tried.
func TestAFailingKeyCommandIsNotPassedOverForTheFile(t *testing.T) {
	t.Parallel()
	s, r := withFile(t, &fakeKeyring{stored: map[string]string{}})
	asked := 0
	r.Command, r.Passphrase = "false", answers(&asked, passphrase)
	if _, source, err := s.Find(t.Context(), r); err == nil || source != "" || asked > 0 {
		t.Errorf("%q, %v, asked %d times", source, err, asked)
	}
}

func TestAnUnlockedKeyIsAskedForOnceARun(t *testing.T) {
	t.Parallel()
	s, r := withFile(t, &fakeKeyring{stored: map[string]string{}})
	asked := 0
	r.Passphrase = answers(&asked, "wrong horse battery", passphrase)
	for range 2 {
		if _, source, err := s.Find(t.Context(), r); err != nil || source != SourceLocked {
			t.Fatalf("%q, %v", source, err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times, want 2: one wrong, one right", asked)
	}
	s.Wipe()
	r.Passphrase = nil
	if _, _, err := s.Find(t.Context(), r); !errors.As(err, new(*ErrKeyFileLocked)) {
		t.Errorf("after Wipe: %v", err)
	}
}

func TestThreeWrongPassphrasesEndTheAsking(t *testing.T) {
	t.Parallel()
	s, r := withFile(t, &fakeKeyring{stored: map[string]string{}})
	asked := 0
	r.Passphrase = answers(&asked, "wrong horse battery")
	if _, _, err := s.Find(t.Context(), r); !errors.Is(err, ErrPassphrase) || asked != passphraseTries {
		t.Errorf("%v after %d tries", err, asked)
	}
}

func TestWhereNobodyCanBeAskedTheFileIsSaidToBeLocked(t *testing.T) {
	t.Parallel()
	s, r := withFile(t, &fakeKeyring{err: &ErrKeyringUnavailable{Reason: "There is no bus.", Next: "Start one."}})
	_, _, err := s.Find(t.Context(), r)
	var locked *ErrKeyFileLocked
	if !errors.As(err, &locked) || locked.Path != r.File.Path() || !strings.Contains(err.Error(), "There is no bus") {
		t.Errorf("%v", err)
	}
	if _, err := s.Unlock(t.Context(), r, "wrong horse battery"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("%v", err)
	}
	if key, err := s.Unlock(t.Context(), r, passphrase); err != nil || !key.Equal(keyOf(t, fileKey)) {
		t.Errorf("%v", err)
	}
	if _, source, err := s.Find(t.Context(), r); err != nil || source != SourceLocked {
		t.Errorf("after unlocking: %q, %v", source, err)
	}
}

func TestAKeyFileThatIsNotReadIsSaidInPlaceOfNoKey(t *testing.T) {
	t.Parallel()
	s, r := withFile(t, &fakeKeyring{stored: map[string]string{}})
	if err := os.Chmod(r.File.Path(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Find(t.Context(), r); !errors.As(err, new(*ErrKeyFile)) {
		t.Errorf("%v", err)
	}
}

func TestReachTellsWhetherTheKeyringHasAKey(t *testing.T) {
	t.Parallel()
	s := NewSecrets(&fakeKeyring{stored: map[string]string{profile + "@" + host: "keyring-key-01234567"}}, os.Getenv)
	if has, err := s.Reach(t.Context(), profile, host); !has || err != nil {
		t.Errorf("%t, %v", has, err)
	}
	if has, err := s.Reach(t.Context(), profile, "other.example"); has || err != nil {
		t.Errorf("another host: %t, %v", has, err)
	}
	s = NewSecrets(&fakeKeyring{err: &ErrKeyringUnavailable{Reason: "Locked."}}, os.Getenv)
	if _, err := s.Reach(t.Context(), profile, host); !errors.As(err, new(*ErrKeyringUnavailable)) {
		t.Errorf("a locked keyring: %v", err)
	}
}

func TestWipeOverwritesTheKeysOfTheRun(t *testing.T) {
	t.Parallel()
	s := NewSecrets(nil, os.Getenv)
	k := keyOf(t, fileKey)
	if err := s.Use(profile, host, k); err != nil {
		t.Fatal(err)
	}
	s.Wipe()
	if !k.IsZero() {
		t.Error("a copy of the key is still one")
	}
}
