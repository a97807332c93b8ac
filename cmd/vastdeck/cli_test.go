package main

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"vastdeck/vastapi/vastsim"
)

// TestMain lets the scripts run the program as a command of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){programName: main})
}

// TestCommandLine plays testdata/script against a simulator on loopback whose
// only key is "right-key-0123456789". No script has a keyring: there is no bus.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	world := vastsim.New(vastsim.WithKey("right-key-0123456789"), vastsim.WithQuietMarket())
	server := httptest.NewServer(world.Handler())
	t.Cleanup(func() { server.Close(); world.Close() })
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_GOLDEN") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("VAST_URL", server.URL)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_STATE_HOME", env.WorkDir+"/state")
			env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/config")
			env.Setenv("XDG_RUNTIME_DIR", env.WorkDir+"/run")
			env.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+env.WorkDir+"/no-bus")
			return nil
		},
	})
}
