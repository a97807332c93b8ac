package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	profile = "work"
	host    = "console.example"
)

// fakeKeyring keeps secrets in memory. When answer is not nil, each call waits for it.
type fakeKeyring struct {
	mu     sync.Mutex
	stored map[string]string
	err    error
	calls  int
	answer chan struct{}
}

func (f *fakeKeyring) enter() error {
	if f.answer != nil {
		<-f.answer
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	return f.err
}

func (f *fakeKeyring) Get(account string) (string, bool, error) {
	if err := f.enter(); err != nil {
		return "", false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	text, ok := f.stored[account]
	return text, ok, nil
}

func (f *fakeKeyring) Set(account, text string) error {
	if err := f.enter(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored[account] = text
	return nil
}

func (f *fakeKeyring) Delete(account string) (bool, error) {
	if err := f.enter(); err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.stored[account]
	delete(f.stored, account)
	return ok, nil
}

func newFake(keys ...string) *fakeKeyring {
	f := &fakeKeyring{stored: map[string]string{}}
	for _, key := range keys {
		f.stored[profile+"@"+host] = key
	}
	return f
}

// command returns a key_command that runs the test binary in a role.
func command(t *testing.T, role string, args ...string) string {
	t.Helper()
	words := append([]string{must(os.Executable())(t), childMark, role}, args...)
	return `"` + strings.Join(words, `" "`) + `"`
}

func childPrint(args []string) error {
	_, err := os.Stdout.WriteString(strings.Join(args, "\n") + "\n")
	return err
}

func childFail(args []string) error {
	if err := childPrint(args[:1]); err != nil {
		return err
	}
	return errors.New(args[1])
}

func childEnv(args []string) error {
	if err := os.WriteFile(args[0], []byte(strings.Join(os.Environ(), "\n")), fileMode); err != nil {
		return err
	}
	return childPrint([]string{"key-from-command"})
}

func TestKeysAreTakenInTheirOrder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("key-from-file\n"), fileMode); err != nil {
		t.Fatal(err)
	}
	s := NewSecrets(newFake("key-from-keyring"), os.Getenv)
	r := Request{Profile: profile, Host: host, KeyFile: file, Stdin: strings.NewReader("key-from-stdin\n"),
		Env: "key-from-env", Command: command(t, "print", "key-from-command", "second line")}
	if err := s.Use(profile, host, testKey(t, "key-for-this-run")); err != nil {
		t.Fatal(err)
	}
	find := func(text string, source Source) {
		t.Helper()
		key, got, err := s.Find(t.Context(), r)
		if err != nil || got != source || key.Reveal() != text {
			t.Fatalf("found %q from %q (%v), want %q from %q", key.Reveal(), got, err, text, source)
		}
	}
	find("key-for-this-run", SourceSession)
	s.forget(profile + "@" + host)
	find("key-from-file", SourceFile)
	r.KeyFile = ""
	find("key-from-stdin", SourceStdin)
	find("key-from-stdin", SourceStdin) // read once, remembered
	s.forget(profile + "@" + host)
	r.Stdin = nil
	find("key-from-env", SourceEnv)
	r.Env = ""
	find("key-from-keyring", SourceKeyring)
	if err := s.Delete(t.Context(), profile, host); err != nil {
		t.Fatal(err)
	}
	find("key-from-command", SourceCommand)
	r.Command = ""
	if _, source, err := s.Find(t.Context(), r); !errors.Is(err, ErrNoKey) || source != "" {
		t.Errorf("with no source left: %q, %v", source, err)
	}
}

func TestOfferedKeyThatIsUnusableIsAnErrorNotPassedOver(t *testing.T) {
	t.Parallel()
	s := NewSecrets(newFake("key-from-keyring"), os.Getenv)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("two SECRET words"), fileMode); err != nil {
		t.Fatal(err)
	}
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, make([]byte, maxKeyInput+1), fileMode); err != nil {
		t.Fatal(err)
	}
	for _, r := range []Request{
		{KeyFile: file}, {KeyFile: file + ".missing"}, {KeyFile: t.TempDir()}, {KeyFile: big}, {Stdin: strings.NewReader("")},
		{Stdin: strings.NewReader("two SECRET words")}, {Env: "two SECRET words"}, {Env: " "},
	} {
		r.Profile, r.Host = profile, host
		key, _, err := s.Find(t.Context(), r)
		if err == nil || errors.Is(err, ErrNoKey) || !key.IsZero() {
			t.Errorf("%+v gave %v", r, err)
		}
		if err != nil && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("the error repeats the text: %v", err)
		}
	}
}

func TestStoredKeyIsForItsHostAlone(t *testing.T) {
	t.Parallel()
	s := NewSecrets(newFake(), os.Getenv)
	if err := s.Save(t.Context(), profile, host, testKey(t, "key-of-host")); err != nil {
		t.Fatal(err)
	}
	for _, other := range [][2]string{{profile, "evil.example"}, {profile, host + ":8080"}, {"other", host}} {
		if key, _, err := s.Find(t.Context(), Request{Profile: other[0], Host: other[1]}); !errors.Is(err, ErrNoKey) {
			t.Errorf("%v got the key %q (%v)", other, key.Reveal(), err)
		}
	}
	if key, _, err := s.Find(t.Context(), Request{Profile: profile, Host: strings.ToUpper(host)}); err != nil || key.Reveal() != "key-of-host" {
		t.Errorf("the host in capitals has no key (%v)", err)
	}
	for _, bad := range [][2]string{{"", host}, {"a@b", host}, {profile, ""}, {profile, "a@b"}, {profile, "a/b"}, {profile, "a b"}, {profile, "a\n"}} {
		_, _, findErr := s.Find(t.Context(), Request{Profile: bad[0], Host: bad[1]})
		for _, err := range []error{findErr, s.Save(t.Context(), bad[0], bad[1], testKey(t, "k")), s.Use(bad[0], bad[1], testKey(t, "k")), s.Delete(t.Context(), bad[0], bad[1])} {
			if err == nil || errors.Is(err, ErrNoKey) {
				t.Errorf("%q was taken (%v)", bad, err)
			}
		}
	}
}

func TestNoKeyIsNeverSaved(t *testing.T) {
	t.Parallel()
	ring := newFake("old")
	s := NewSecrets(ring, os.Getenv)
	if s.Save(t.Context(), profile, host, Key{}) == nil || s.Use(profile, host, Key{}) == nil || ring.calls != 0 {
		t.Error("an empty key replaced the stored one")
	}
}

func TestKeyringThatCannotAnswerIsNotLoggedOut(t *testing.T) {
	t.Parallel()
	ring := newFake("stored")
	ring.err = explain(errors.New("failed to unlock correct collection '/org/freedesktop/secrets/collection/login'"))
	s := NewSecrets(ring, os.Getenv)
	r := Request{Profile: profile, Host: host}
	_, _, findErr := s.Find(t.Context(), r)
	for _, err := range []error{findErr, s.Save(t.Context(), profile, host, testKey(t, "new-key")), s.Delete(t.Context(), profile, host)} {
		var unavailable *ErrKeyringUnavailable
		if !errors.As(err, &unavailable) || errors.Is(err, ErrNoKey) {
			t.Errorf("got %v, want ErrKeyringUnavailable", err)
		}
	}
	if ring.stored[profile+"@"+host] != "stored" {
		t.Error("the stored key was changed")
	}
	r.Command = command(t, "print", "key-from-command")
	if key, source, err := s.Find(t.Context(), r); err != nil || source != SourceCommand || key.Reveal() != "key-from-command" {
		t.Errorf("key_command was not asked: %q, %v", source, err)
	}
	r.Command = command(t, "fail", "", "no such entry")
	_, _, err := s.Find(t.Context(), r)
	var unavailable *ErrKeyringUnavailable
	if !errors.As(err, &unavailable) || !strings.Contains(err.Error(), "no such entry") {
		t.Errorf("got %v, want both reasons", err)
	}
}

func TestDeleteForgetsTheKeyOfThisRunToo(t *testing.T) {
	t.Parallel()
	for _, ring := range []Keyring{newFake("stored"), newFake(), nil} {
		s := NewSecrets(ring, os.Getenv)
		if err := s.Use(profile, host, testKey(t, "key-for-this-run")); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), profile, host); err != nil {
			t.Error(err)
		}
		if key, source, err := s.Find(t.Context(), Request{Profile: profile, Host: host}); err == nil {
			t.Errorf("%v came back from %q", key, source)
		}
	}
	if err := NewSecrets(newFake(), os.Getenv).Delete(t.Context(), profile, host); !errors.Is(err, ErrNoKey) {
		t.Errorf("logging out twice gave %v, want ErrNoKey", err)
	}
}

func TestKeyringLimitsHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ring := newFake("stored")
		ring.answer = make(chan struct{})
		s := NewSecrets(ring, os.Getenv)
		wait := func(limit time.Duration, do func() error) {
			t.Helper()
			start := time.Now()
			err := do()
			var unavailable *ErrKeyringUnavailable
			if took := time.Since(start); took != limit || !errors.As(err, &unavailable) || !strings.Contains(unavailable.Reason, "did not answer") {
				t.Errorf("after %s: %v, want ErrKeyringUnavailable after %s", took, err, limit)
			}
		}
		r := Request{Profile: profile, Host: host}
		find := func() error { _, _, err := s.Find(t.Context(), r); return err }
		wait(3*time.Second, find)
		r.Interactive = true
		wait(60*time.Second, find)
		wait(60*time.Second, func() error { return s.Save(t.Context(), profile, host, testKey(t, "new-key")) })
		wait(60*time.Second, func() error { return s.Delete(t.Context(), profile, host) })

		close(ring.answer) // the user unlocks the keyring
		synctest.Wait()
		if ring.calls != 1 {
			t.Errorf("%d calls were left waiting, want one", ring.calls)
		}
		if key, _, err := s.Find(t.Context(), r); err != nil || key.Reveal() != "stored" {
			t.Errorf("after the unlock: %v", err)
		}
	})
}

func TestCancelledFindSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ring := newFake("stored")
		ring.answer = make(chan struct{})
		defer close(ring.answer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := NewSecrets(ring, os.Getenv).Find(ctx, Request{Profile: profile, Host: host, Command: "never-run"})
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrNoKey) || strings.Contains(err.Error(), "key_command") {
			t.Errorf("got %v", err)
		}
	})
}

func TestKeyCommandGetsAnAllowedEnvironmentOnly(t *testing.T) {
	t.Parallel()
	seen := filepath.Join(t.TempDir(), "env")
	getenv := func(name string) string {
		if name == "TZ" {
			return ""
		}
		return "value of " + name // every variable there is, VAST_API_KEY among them
	}
	key, err := runKeyCommand(t.Context(), command(t, "env", seen), getenv)
	if err != nil || key.Reveal() != "key-from-command" {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for line := range strings.SplitSeq(string(must(os.ReadFile(seen))(t)), "\n") {
		name, value, _ := strings.Cut(line, "=")
		got[name] = true
		if value != "value of "+name {
			t.Errorf("%s is handed on from elsewhere", line)
		}
	}
	for _, name := range []string{"PATH", "HOME", "GNUPGHOME", "SSH_AUTH_SOCK"} {
		if !got[name] {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"VAST_API_KEY", "TZ", "AWS_SECRET_ACCESS_KEY"} {
		if got[name] {
			t.Errorf("%s was handed on", name)
		}
	}
}

func TestKeyCommandThatFailsSaysWhyWithoutTheKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ command, why string }{
		"fails":        {command(t, "fail", "SECRET-KEY", "cannot decrypt SECRET-KEY \x1b[2J"), `cannot decrypt [redacted] \x1b[2J`},
		"prints none":  {command(t, "print", ""), "empty"},
		"prints words": {command(t, "print", "SECRET KEY"), "space"},
		"is missing":   {"no-such-program-anywhere", "no-such-program-anywhere"},
		"is unclosed":  {"pass 'vast", "quote"},
		"is empty":     {"''", "no program"},
	} {
		_, err := runKeyCommand(t.Context(), test.command, os.Getenv)
		if err == nil || !strings.Contains(err.Error(), test.why) || !strings.Contains(err.Error(), "key_command") {
			t.Errorf("a command that %s: %v, want %q", name, err, test.why)
		}
		if err != nil && (strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "\x1b")) {
			t.Errorf("a command that %s: the error repeats too much: %q", name, err)
		}
	}
}

func TestKeyCommandHasALimit(t *testing.T) {
	t.Parallel()
	start := time.Now()
	_, err := runKeyCommandWithin(t.Context(), 100*time.Millisecond, command(t, "hang"), os.Getenv)
	if err == nil || !strings.Contains(err.Error(), "longer than 100ms") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > time.Minute { // the command never ends by itself
		t.Errorf("it took %s", took)
	}
}

func TestCommandLinesAreSplitWithoutAShell(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"pass vast":              "pass|vast",
		"  pass \t  vast ":       "pass|vast",
		`op read "op://a b/key"`: "op|read|op://a b/key",
		`a'b c'd ''`:             "ab cd|",
		`echo $HOME ~ ; rm *`:    "echo|$HOME|~|;|rm|*",
		`x "it's"`:               "x|it's",
	} {
		if got := strings.Join(must(splitCommand(line))(t), "|"); got != want {
			t.Errorf("%q was split into %q, want %q", line, got, want)
		}
	}
}
