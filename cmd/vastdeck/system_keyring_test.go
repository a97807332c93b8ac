//go:build system && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/store"
)

// The test binary uses the keyring of its session and exits when this variable names
// what to do.
const keyringVariable = "VASTDECK_TEST_KEYRING"

const (
	keyringProfile = "default"
	keyringHost    = "console.vast.ai"
)

func init() {
	if action := os.Getenv(keyringVariable); action != "" {
		os.Exit(useKeyring(action))
	}
}

// useKeyring does one thing with the keyring and prints the outcome in one word.
func useKeyring(action string) int {
	secrets := store.NewSecrets(store.SystemKeyring(os.Getenv), os.Getenv)
	ctx := context.Background()
	switch action {
	case "save":
		key, err := store.ParseKey(sentinel)
		if err != nil {
			return report(err)
		}
		return report(secrets.Save(ctx, keyringProfile, keyringHost, key))
	case "delete":
		return report(secrets.Delete(ctx, keyringProfile, keyringHost))
	}
	// As who waits for a prompt: the keyring may take its time.
	key, source, err := secrets.Find(ctx, store.Request{Profile: keyringProfile, Host: keyringHost, Interactive: true})
	switch {
	case errors.Is(err, store.ErrNoKey):
		fmt.Println("none")
		return 0
	case err != nil:
		return report(err)
	case key.Reveal() != sentinel:
		fmt.Println("another")
		return 0
	}
	fmt.Println("found in", source)
	return 0
}

func report(err error) int {
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("done")
	return 0
}

// needTool fails the test when a program is missing and names its Debian package.
func needTool(t *testing.T, name, debianPackage string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("this test needs %s, which is missing: install the package %s", name, debianPackage)
	}
}

// bus runs commands on private D-Buses with an unlocked gnome-keyring, all with the
// same home folder: each call is a new login session of the same user.
type bus struct {
	t    *testing.T
	home string
}

func newBus(t *testing.T) bus {
	t.Helper()
	needTool(t, "dbus-run-session", "dbus")
	needTool(t, "gnome-keyring-daemon", "gnome-keyring")
	home := t.TempDir()
	for _, folder := range []string{"run", "state", "config", "data"} {
		if err := os.Mkdir(filepath.Join(home, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return bus{t, home}
}

// login starts a keyring and then the script $1 with the arguments behind it. The
// password must not end in a newline: the newline would be part of it. The script
// begins when the keyring has its name on the bus: asked for earlier, the bus would
// start another one, which is locked and outlives the session.
const login = `printf %s pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1
tries=0
until dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus \
	org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true; do
	tries=$((tries+1)); [ $tries -gt 3600 ] && { echo "the keyring did not come up" >&2; exit 9; }
	sleep 0.05
done
script=$1; shift
eval "$script"`

// run runs a shell script with arguments in a new session and returns its stdout.
func (b bus) run(script string, arguments ...string) string {
	b.t.Helper()
	cmd := exec.Command("dbus-run-session", append([]string{"--", "sh", "-c", login, "sh", script}, arguments...)...)
	cmd.Dir = b.home
	cmd.Env = programEnvironment(b.home, "XDG_RUNTIME_DIR="+b.home+"/run", "XDG_STATE_HOME="+b.home+"/state",
		"XDG_CONFIG_HOME="+b.home+"/config", "XDG_DATA_HOME="+b.home+"/data")
	// Into files: a daemon that outlives the session would keep pipes open.
	folder := b.t.TempDir()
	said := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			b.t.Fatal(err)
		}
		return string(text)
	}
	var files [2]*os.File
	for n, name := range []string{"stdout", "stderr"} {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			b.t.Fatal(err)
		}
		defer f.Close()
		files[n] = f
	}
	cmd.Stdout, cmd.Stderr = files[0], files[1]
	if err := cmd.Run(); err != nil {
		b.t.Fatalf("%s: %v\nstdout: %s\nstderr: %s", script, err, said("stdout"), said("stderr"))
	}
	return said("stdout") + said("stderr")
}

func (b bus) use(action string) string {
	b.t.Helper()
	said := b.run(keyringVariable+`=`+action+` "$1" 2>/dev/null`, os.Args[0])
	return strings.Split(strings.TrimSpace(said), "\n")[0]
}

func TestKeySavedInTheKeyringIsFoundByAnotherProcess(t *testing.T) {
	t.Parallel()
	b := newBus(t)
	steps := []struct{ action, want string }{
		{"find", "none"},
		{"save", "done"},
		{"find", "found in keyring"},
		{"save", "done"},
		{"delete", "done"},
		{"find", "none"},
		{"delete", store.ErrNoKey.Error()},
	}
	for _, step := range steps[:len(steps)-1] {
		if got := b.use(step.action); got != step.want {
			t.Fatalf("%s: %q, want %q", step.action, got, step.want)
		}
	}
	last := steps[len(steps)-1]
	if got := b.run(keyringVariable+`=delete "$1" 2>/dev/null || true`, os.Args[0]); !strings.HasPrefix(got, last.want) {
		t.Errorf("second delete: %q, want %q", got, last.want)
	}
}

func TestKeyInTheKeyringIsInNoFile(t *testing.T) {
	t.Parallel()
	b := newBus(t)
	if got := b.use("save"); got != "done" {
		t.Fatalf("save: %q", got)
	}
	if found := filesWith(t, b.home, sentinelForms()); len(found) > 0 {
		t.Errorf("files with the key: %v", found)
	}
	files, err := filepath.Glob(filepath.Join(b.home, "data", "keyrings", "*.keyring"))
	if err != nil || len(files) == 0 {
		t.Errorf("the keyring was not written: %v, %v", files, err)
	}
}

// TestLoginWhoamiLogout goes through the life of a key with the built program, one
// login session after the other.
func TestLoginWhoamiLogout(t *testing.T) {
	t.Parallel()
	path, server, b := buildProgram(t), startService(t), newBus(t)
	said := b.run(`printf '%s\n' "$3" | "$1" login --api-key-stdin --url "$2"`, path, server.url, sentinel)
	checkSilent(t, "login", said)
	said = b.run(`"$1" whoami --url "$2"`, path, server.url)
	checkSilent(t, "whoami", said)
	if !strings.Contains(said, "keyring") {
		t.Errorf("whoami does not name the keyring: %q", said)
	}
	if server.keys.Load() == 0 {
		t.Error("no request carried the key")
	}
	// A key is stored for one host and must not be found for another.
	if said = b.run(`"$1" whoami --url http://localhost:1; test $? = 3`, path); strings.Contains(said, "keyring:") {
		t.Errorf("whoami at another host: %q", said)
	}
	checkSilent(t, "logout", b.run(`"$1" logout --url "$2"`, path, server.url))
	checkSilent(t, "whoami after logout", b.run(`"$1" whoami --url "$2"; test $? = 3`, path, server.url))
	if found := filesWith(t, b.home, sentinelForms()); len(found) > 0 {
		t.Errorf("files with the key: %v", found)
	}
}

func checkSilent(t *testing.T, what, said string) {
	t.Helper()
	for _, form := range sentinelForms() {
		if strings.Contains(said, form) {
			t.Errorf("%s prints the key: %q", what, said)
		}
	}
}
