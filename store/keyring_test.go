package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

// The mock of go-keyring is global: the tests that use it do not run in parallel with others
// that reach it, which are all in this file.

func alwaysReady() error { return nil }

func TestSystemKeyringKeepsAKey(t *testing.T) {
	keyring.MockInit()
	s := NewSecrets(systemKeyring{alwaysReady}, os.Getenv)
	r := Request{Profile: profile, Host: host}
	if _, _, err := s.Find(t.Context(), r); !errors.Is(err, ErrNoKey) {
		t.Fatalf("an empty keyring gave %v, want ErrNoKey", err)
	}
	if err := s.Delete(t.Context(), profile, host); !errors.Is(err, ErrNoKey) {
		t.Errorf("deleting from an empty keyring gave %v, want ErrNoKey", err)
	}
	if err := s.Save(t.Context(), profile, host, testKey(t, canary)); err != nil {
		t.Fatal(err)
	}
	if got := must(keyring.Get("vastdeck", "work@console.example"))(t); got != canary {
		t.Error("the key is stored under another name")
	}
	if key, source, err := s.Find(t.Context(), r); err != nil || source != SourceKeyring || key.Reveal() != canary {
		t.Errorf("found from %q, %v", source, err)
	}
	if err := s.Delete(t.Context(), profile, host); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Get("vastdeck", "work@console.example"); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("after the log out the keyring still answers (%v)", err)
	}
}

func TestStoredNonsenseIsAnErrorAndNotShown(t *testing.T) {
	keyring.MockInit()
	if err := keyring.Set("vastdeck", "work@console.example", "two SECRET words"); err != nil {
		t.Fatal(err)
	}
	_, _, err := NewSecrets(systemKeyring{alwaysReady}, os.Getenv).Find(t.Context(), Request{Profile: profile, Host: host})
	if err == nil || errors.Is(err, ErrNoKey) || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("got %v", err)
	}
}

func TestEveryKeyringFailureHasItsSentence(t *testing.T) {
	for _, test := range []struct {
		err    error
		reason string
	}{
		{&exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}, "cannot be run"},
		{&net.OpError{Op: "dial", Net: "unix", Addr: &net.UnixAddr{Name: "/x"}, Err: fs.ErrNotExist}, "does not answer"},
		{errors.New("The name org.freedesktop.secrets was not provided by any .service files"), "No keyring service"},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/collection/login'"), "locked"},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), "no keyring yet"},
		{keyring.ErrUnsupportedPlatform, "has no keyring"},
		{keyring.ErrSetDataTooBig, "longer than"},
		{errors.New("exit status 36"), "macOS"},
		{errors.New("something new"), "does not know"},
	} {
		keyring.MockInitWithError(test.err)
		s := NewSecrets(systemKeyring{alwaysReady}, os.Getenv)
		_, _, findErr := s.Find(t.Context(), Request{Profile: profile, Host: host})
		for _, err := range []error{findErr, s.Save(t.Context(), profile, host, testKey(t, canary)), s.Delete(t.Context(), profile, host)} {
			var unavailable *ErrKeyringUnavailable
			if !errors.As(err, &unavailable) || errors.Is(err, ErrNoKey) || !errors.Is(err, test.err) {
				t.Errorf("%v became %v", test.err, err)
				continue
			}
			if !strings.Contains(unavailable.Reason, test.reason) || unavailable.Next == "" {
				t.Errorf("%v is explained as %q with the next step %q", test.err, unavailable.Reason, unavailable.Next)
			}
		}
	}
}

func TestKeyringIsNotTouchedWithoutABus(t *testing.T) {
	keyring.MockInit()
	if err := keyring.Set("vastdeck", "work@console.example", "stored"); err != nil {
		t.Fatal(err)
	}
	none := systemKeyring{func() error { return sessionBus("linux", environment(), filepath.Join(t.TempDir(), "bus")) }}
	s := NewSecrets(none, os.Getenv)
	_, _, findErr := s.Find(t.Context(), Request{Profile: profile, Host: host})
	for _, err := range []error{findErr, s.Save(t.Context(), profile, host, testKey(t, canary)), s.Delete(t.Context(), profile, host)} {
		var unavailable *ErrKeyringUnavailable
		if !errors.As(err, &unavailable) || !strings.Contains(unavailable.Reason, "D-Bus") {
			t.Errorf("got %v, want the sentence about the missing bus", err)
		}
	}
	if got := must(keyring.Get("vastdeck", "work@console.example"))(t); got != "stored" {
		t.Error("the keyring was changed")
	}
}

func TestSessionBusIsRequiredWhereKeyringsNeedIt(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "bus")
	there := t.TempDir()
	for _, test := range []struct {
		goos, address, socket string
		ok                    bool
	}{
		{"linux", "", missing, false},
		{"linux", "autolaunch:", missing, false},
		{"linux", "unix:path=/x", missing, true},
		{"linux", "", there, true},
		{"freebsd", "", missing, false},
		{"darwin", "", missing, true},
		{"windows", "", missing, true},
	} {
		err := sessionBus(test.goos, environment("DBUS_SESSION_BUS_ADDRESS="+test.address), test.socket)
		if (err == nil) != test.ok {
			t.Errorf("%+v gave %v", test, err)
		}
	}
}

// childBus asks the real keyring with a limit of a second and prints what it said, and whether
// that took less than for ever. How long it takes exactly is measured where time is virtual.
func childBus([]string) error {
	s := NewSecrets(SystemKeyring(os.Getenv), os.Getenv)
	s.start = time.Second
	for range 2 {
		start := time.Now()
		_, _, err := s.Find(context.Background(), Request{Profile: profile, Host: host})
		fmt.Printf("%t %s\n", time.Since(start) < time.Minute, err)
	}
	return nil
}

func TestBusThatAcceptsAndNeverAnswersCostsTheLimitOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bus")
	bus := must(net.Listen("unix", path))(t)
	var mu sync.Mutex
	var accepted []net.Conn
	served := make(chan struct{})
	go func() {
		defer close(served)
		for {
			conn, err := bus.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			accepted = append(accepted, conn)
			mu.Unlock()
		}
	}()
	cmd := childCommand(t, "bus")
	cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=unix:path="+path)
	out, err := cmd.CombinedOutput()
	_ = bus.Close()
	<-served
	for _, conn := range accepted {
		_ = conn.Close()
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(accepted) != 1 {
		t.Errorf("the bus was called %d times, want once", len(accepted))
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, "true ") || !strings.Contains(line, "did not answer within 1s") {
			t.Errorf("the child says %q", line)
		}
	}
	if len(lines) != 2 {
		t.Errorf("the child says %q", lines)
	}
}
