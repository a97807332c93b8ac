package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/store"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// offering is a session to which a key of the official client is offered; path is that
// client's file. Its server takes scriptKey alone.
func offering(t *testing.T) (s *session, path string) {
	t.Helper()
	home := t.TempDir()
	getenv := func(name string) string { return map[string]string{"HOME": home}[name] }
	paths, err := store.Resolve(getenv)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(home, ".vast_api_key")
	if err := os.WriteFile(path, []byte(scriptKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithQuietMarket())
	server := httptest.NewServer(world.Handler())
	t.Cleanup(func() { server.Close(); world.Close() })
	probe, err := vastapi.New(vastapi.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	a := &app{getenv: getenv, opt: options{profile: usualProfile}}
	s = &session{app: a, paths: paths, base: server.URL, host: strings.TrimPrefix(server.URL, "http://"), probe: probe, log: slog.New(slog.DiscardHandler),
		secrets: store.NewSecrets(store.SystemKeyring(getenv), getenv)}
	return s, path
}

// offered has the session offer what is in the official client's file.
func offered(t *testing.T, s *session) *command.KeyImport {
	t.Helper()
	base := s.base
	s.base = vastapi.DefaultBaseURL // for which alone it is offered
	defer func() { s.base = base }()
	found := s.offer()
	if found == nil {
		t.Fatal("nothing is offered")
	}
	return found
}

func TestTheKeyThatWasShownIsTheOneThatIsTakenOver(t *testing.T) {
	t.Parallel()
	s, path := offering(t)
	if tail := offered(t, s).Tail; !strings.HasSuffix(scriptKey, tail) || tail == "" {
		t.Errorf("…%s is offered", tail)
	}
	const another = "another-key-9876543210"
	if err := os.WriteFile(path, []byte(another), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := s.takeOver(context.Background(), command.KeepRun, "", true)
	if err != nil || c.Source != runOnly {
		t.Fatalf("%+v, %v", c, err)
	}
	if user, err := c.API.User(context.Background()); err != nil || user.ID == 0 {
		t.Errorf("the key that was shown opens %+v, %v", user, err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != another {
		t.Errorf("the file of another key is now %q, %v", text, err)
	}
	if _, err := s.takeOver(context.Background(), command.KeepRun, "", false); err == nil {
		t.Error("what was not offered again was taken over")
	}
}

func TestAKeyThatDidNotDoIsStillTheOneThatWasShown(t *testing.T) {
	t.Parallel()
	s, path := offering(t)
	if err := os.WriteFile(path, []byte("wrong-key-0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	offered(t, s)
	if err := os.WriteFile(path, []byte(scriptKey), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.takeOver(context.Background(), command.KeepRun, "", false); err == nil || !strings.Contains(err.Error(), "does not open an account") {
			t.Errorf("the key that was shown is none, and it ended with %v", err)
		}
	}
	if err := s.decline(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.takeOver(context.Background(), command.KeepRun, "", false); err == nil || s.offer() != nil {
		t.Errorf("what was declined is still there: %v", err)
	}
}

func TestTheDemoSaysWhatIsWrongWithTheSettings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"theme = \"pink\"\n":                              "config.toml:1:1",
		"[keys.market]\nret = \"N\"\n":                    "no action is called so there: perhaps rent",
		"[caps]\nper_action = -1\n":                       "config.toml:2:1",
		"[budgets]\nday = 1\n":                            "config.toml:1:",
		"[[commands]]\nname = \"x\"\nrun = \"a {nam}\"\n": "there is no {nam}",
	} {
		home := t.TempDir()
		if err := os.MkdirAll(filepath.Join(home, ".config", "vastdeck"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, ".config", "vastdeck", "config.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		a := &app{getenv: func(name string) string { return map[string]string{"HOME": home}[name] }, taping: &taping{}}
		a.opt.demo, a.opt.demoSeed, a.opt.demoSpeed, a.opt.demoOffers = true, 1, 1, 10
		if _, _, err := a.deps(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %s", text, err, want)
		}
	}
}
