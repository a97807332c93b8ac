package store

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/zalando/go-keyring"
)

// keyringService is the name under which all keys are stored.
const keyringService = "vastdeck"

// Keyring keeps secrets under an account name. Its calls may block for as long as a person takes
// to answer a prompt, or for ever: [Secrets] puts a limit on them.
type Keyring interface {
	// Get returns the secret. found is false only when the keyring answered that it has none;
	// a keyring that could not answer gives an error.
	Get(account string) (secret string, found bool, err error)
	// Set stores the secret in place of any other.
	Set(account, secret string) error
	// Delete removes the secret; found is false when there was none.
	Delete(account string) (found bool, err error)
}

// SystemKeyring returns the keyring of this system: the Secret Service on Linux, the Keychain on
// macOS, the Credential Manager on Windows. getenv looks the environment up (os.Getenv).
func SystemKeyring(getenv func(string) string) Keyring {
	return systemKeyring{ready: func() error { return sessionBus(runtime.GOOS, getenv, userBus()) }}
}

// systemKeyring asks go-keyring, if ready has nothing against it.
type systemKeyring struct{ ready func() error }

func (s systemKeyring) Get(account string) (string, bool, error) {
	if err := s.ready(); err != nil {
		return "", false, err
	}
	text, err := keyring.Get(keyringService, account)
	if errors.Is(err, keyring.ErrNotFound) {
		return "", false, nil
	}
	return text, err == nil, explain(err)
}

func (s systemKeyring) Set(account, text string) error {
	if err := s.ready(); err != nil {
		return err
	}
	return explain(keyring.Set(keyringService, account, text))
}

func (s systemKeyring) Delete(account string) (bool, error) {
	if err := s.ready(); err != nil {
		return false, err
	}
	err := keyring.Delete(keyringService, account)
	if errors.Is(err, keyring.ErrNotFound) {
		return false, nil
	}
	return err == nil, explain(err)
}

// userBus is where systemd puts a user's bus; go-keyring's D-Bus library looks there as well.
func userBus() string { return filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus") }

// sessionBus returns an error when the system needs a D-Bus session bus and there is none.
// Without this check the D-Bus library would run dbus-launch, if that is installed, and leave a
// bus daemon behind that nobody else uses.
func sessionBus(goos string, getenv func(string) string, socket string) error {
	switch goos {
	case "darwin", "ios", "windows":
		return nil
	}
	if address := getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && !strings.HasPrefix(address, "autolaunch:") {
		return nil
	}
	_, err := os.Stat(socket)
	if err == nil {
		return nil
	}
	return noBus(err)
}

func noBus(err error) error {
	return &ErrKeyringUnavailable{
		Reason: "There is no D-Bus session bus, through which the system keyring is reached.",
		Next:   "Run vastdeck in a desktop session or under dbus-run-session, set VAST_API_KEY, or enter a key for this run.",
		Err:    err,
	}
}

// causes maps what go-keyring v0.2.8 was seen to answer to sentences. It gives most of its errors
// no type of their own, so their text is compared.
var causes = []struct {
	is           func(err error, text string) bool
	reason, next string
}{
	{
		is:     func(err error, _ string) bool { return errors.Is(err, keyring.ErrUnsupportedPlatform) },
		reason: "This system has no keyring that vastdeck can use.",
		next:   "Set VAST_API_KEY, configure key_command, or enter a key for this run.",
	}, {
		is:     func(err error, _ string) bool { return errors.Is(err, keyring.ErrSetDataTooBig) },
		reason: "The key is longer than the system keyring takes.",
		next:   "Check that it is the key alone, and enter it again.",
	}, {
		is: func(err error, _ string) bool {
			return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrPermission)
		},
		reason: "The program through which the system keyring is reached cannot be run.",
		next:   "Run vastdeck in a desktop session or under dbus-run-session, set VAST_API_KEY, or enter a key for this run.",
	}, {
		is:     func(_ error, text string) bool { return strings.Contains(text, "dial unix") },
		reason: "The D-Bus session bus named in the environment does not answer.",
		next:   "Check DBUS_SESSION_BUS_ADDRESS or log in again, set VAST_API_KEY, or enter a key for this run.",
	}, {
		is:     func(_ error, text string) bool { return strings.Contains(text, "org.freedesktop.secrets") },
		reason: "No keyring service runs on the D-Bus session bus.",
		next:   "Start one (gnome-keyring, KWallet or KeePassXC), set VAST_API_KEY, or enter a key for this run.",
	}, {
		is: func(_ error, text string) bool {
			return strings.Contains(text, "failed to unlock") && strings.Contains(text, "aliases/default")
		},
		reason: "The keyring service has no keyring yet.",
		next:   "Create a default keyring (in Seahorse, or by logging in to the desktop once), or enter a key for this run.",
	}, {
		is:     func(_ error, text string) bool { return strings.Contains(text, "failed to unlock") },
		reason: "The system keyring is locked and was not unlocked.",
		next:   "Unlock it (log in to the desktop, or open Seahorse) and try again, or enter a key for this run.",
	}, {
		// What /usr/bin/security ends with when nobody can be asked for the password.
		is:     func(_ error, text string) bool { return strings.Contains(text, "exit status 36") },
		reason: "The macOS keychain is locked, as it is over SSH.",
		next:   "Run `security unlock-keychain` and try again, or enter a key for this run.",
	},
}

// explain turns an error of go-keyring into a sentence and a next step.
func explain(err error) error {
	if err == nil {
		return nil
	}
	unavailable := &ErrKeyringUnavailable{
		Reason: "The system keyring gave an answer that vastdeck does not know.",
		Next:   "Try again, set VAST_API_KEY, or enter a key for this run.",
		Err:    err,
	}
	for _, c := range causes {
		if c.is(err, err.Error()) {
			unavailable.Reason, unavailable.Next = c.reason, c.next
			break
		}
	}
	return unavailable
}
