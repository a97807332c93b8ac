package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/vastapi"
)

// household is a program with the profiles default, home and work in folders of its own.
func household(t *testing.T) *app {
	t.Helper()
	dir := t.TempDir()
	environ := map[string]string{
		"HOME": dir, "XDG_STATE_HOME": dir + "/s", "XDG_CONFIG_HOME": dir + "/c", "XDG_RUNTIME_DIR": dir + "/r",
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + dir + "/no-bus",
	}
	config := "[profiles.home]\ncolor = \"green\"\n[profiles.work]\ncolor = \"red\"\nurl = \"https://two.example\"\n"
	if err := os.MkdirAll(dir+"/c/vastdeck", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/c/vastdeck/config.toml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = null.Close() })
	a := &app{getenv: func(name string) string { return environ[name] }, stdin: null, stdout: null, stderr: null, equip: func(*tui.Deps) {}}
	a.opt.profile = "home"
	return a
}

// Keys that were given for the profile of the start are given to no other.
func TestAKeyOfTheCommandLineStaysWithItsProfile(t *testing.T) {
	t.Parallel()
	a := household(t)
	a.envKey, a.opt.keyFile, a.opt.keyStdin = "environment-key-0123", "/a/file", true
	b := a.forProfile("work", nil)
	if b.envKey != "" || b.opt.keyFile != "" || b.opt.keyStdin || b.opt.profile != "work" {
		t.Errorf("work is given %t %t %t", b.envKey != "", b.opt.keyFile != "", b.opt.keyStdin)
	}
	back := b.forProfile("home", nil)
	if back.envKey != "" {
		t.Error("a profile that was switched to hands a key on")
	}
	if home := a.forProfile("home", nil); home.envKey != a.envKey || home.opt.keyFile != a.opt.keyFile {
		t.Error("the profile of the start has lost its key")
	}
}

func TestAProfileThatIsSwitchedToGoesToItsOwnServer(t *testing.T) {
	t.Parallel()
	a := household(t)
	a.opt.url = "http://127.0.0.1:1"
	b := a.forProfile("work", nil)
	for _, c := range []struct {
		of        *app
		own, want string
	}{
		{a, "https://two.example", "http://127.0.0.1:1"}, {b, "https://two.example", "https://two.example"},
		{b, "", "http://127.0.0.1:1"}, {a.forProfile("home", nil), "https://two.example", "http://127.0.0.1:1"},
	} {
		if got := c.of.baseURL(c.own); got != c.want {
			t.Errorf("profile %s: %s, want %s", c.of.opt.profile, got, c.want)
		}
	}
}

// Each profile has a journal, a memory and a history of its own, and what the former one
// held is given back when it is left.
func TestOpeningAnotherProfileSharesNothingWithTheFirst(t *testing.T) {
	t.Parallel()
	a := household(t)
	first, _, err := a.real(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if p := first.Profiles; p.Name != "home" || p.Color != "green" || len(p.All) != 3 || p.All[2].Name != "work" || p.All[2].Host != "two.example" || p.All[2].Color != "red" {
		t.Fatalf("%+v", p.All)
	}
	second, err := first.Profiles.Open(t.Context(), "work")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Profiles.Close()
	if second.Profiles.Name != "work" || second.Host != "two.example" || second.Account != "work" {
		t.Errorf("%q at %q", second.Profiles.Name, second.Host)
	}
	paths, err := store.Resolve(a.getenv)
	if err != nil {
		t.Fatal(err)
	}
	journals := func(name string) int {
		list, err := filepath.Glob(filepath.Join(paths.JournalDir(name), "*.log"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if journals("home") != 1 || journals("work") != 1 {
		t.Errorf("journals: %d and %d", journals("home"), journals("work"))
	}
	if first.Command.History.Path == second.Command.History.Path || filepath.Base(filepath.Dir(second.Command.History.Path)) != "work" {
		t.Errorf("the history of work is %s", second.Command.History.Path)
	}
	first.Profiles.Close()
	if journals("home") != 0 {
		t.Error("the journal of the first profile is still open")
	}
	if _, err := first.Profiles.Open(t.Context(), "no/such"); err == nil {
		t.Error("a name that is no profile's was opened")
	}
}

// Leaving a profile overwrites its key, also in the client that had it.
func TestLeavingAProfileForgetsItsKey(t *testing.T) {
	t.Parallel()
	a := household(t)
	s, err := a.session()
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	key, err := store.ParseKey("some-api-key-0123456789")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client(key); err != nil {
		t.Fatal(err)
	}
	s.held.wipe()
	if !key.IsZero() {
		t.Error("the client still has the key")
	}
	if hostOf(vastapi.DefaultBaseURL) != "" || hostOf("https://two.example:8443") != "two.example:8443" {
		t.Error("a profile's host")
	}
}

// Leaving a profile leaves no connection behind that was made with its key.
func TestLeavingAProfileClosesItsConnections(t *testing.T) {
	t.Parallel()
	states := make(chan http.ConnState, 100)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) { states <- state }
	server.Start()
	defer server.Close()
	a := household(t)
	a.opt.url = server.URL
	s, err := a.session()
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	key, err := store.ParseKey("some-api-key-0123456789")
	if err != nil {
		t.Fatal(err)
	}
	client, err := s.client(key)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = client.User(t.Context()) // what it answers is of no matter here
	reached := func(want http.ConnState) {
		t.Helper()
		for {
			select {
			case got := <-states:
				if got == want {
					return
				}
			case <-time.After(hangGuard):
				t.Fatalf("the connection never was %s", want)
			}
		}
	}
	reached(http.StateIdle)
	s.held.wipe()
	reached(http.StateClosed)
}

// calledOff ends when it was looked at so often.
type calledOff struct {
	context.Context
	looks int
}

func (c *calledOff) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}

func TestAProfileThatNobodyWaitsForAnyMoreIsNotLeftOpen(t *testing.T) {
	t.Parallel()
	a := household(t)
	first, _, err := a.real(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Profiles.Close()
	for looks := range 3 {
		if _, err := first.Profiles.Open(&calledOff{t.Context(), looks}, "work"); !errors.Is(err, context.Canceled) {
			t.Errorf("called off at look %d it ends with %v", looks, err)
		}
	}
	work, err := first.Profiles.Open(t.Context(), "work")
	if err != nil {
		t.Fatal(err)
	}
	defer work.Profiles.Close()
	if err := work.Command.Journal.Append([]byte("{}")); err != nil {
		t.Errorf("after all it cannot be used: %v", err)
	}
}

func TestTheListOfProfilesNamesTheServersThatTheyGoTo(t *testing.T) {
	t.Parallel()
	a := household(t)
	a.opt.url = "http://127.0.0.1:1"
	deps, _, err := a.real(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	defer deps.Profiles.Close()
	for _, p := range deps.Profiles.All {
		if want := map[string]string{"work": "two.example"}[p.Name]; p.Host != firstOf(want, "127.0.0.1:1") {
			t.Errorf("profile %s is said to go to %q", p.Name, p.Host)
		}
	}
}
