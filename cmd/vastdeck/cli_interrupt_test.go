//go:build unix

package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// TestAnInterruptNeverLeavesARentUnsaid sends SIGINT while the server keeps the answer
// to a rent to itself.
func TestAnInterruptNeverLeavesARentUnsaid(t *testing.T) {
	t.Parallel()
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithQuietMarket(), vastsim.WithEmptyAccount())
	handler := world.Handler()
	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			handler.ServeHTTP(httptest.NewRecorder(), r)
			close(arrived)
			<-release
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { close(release); server.Close(); world.Close() })
	dir := t.TempDir()
	cmd := exec.Command(programName, "rent", vastapi.OfferID(anOffer(t, world).ID).String(), "--image", "a/b", "--yes")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_STATE_HOME="+dir+"/state", "XDG_CONFIG_HOME="+dir+"/config", "XDG_RUNTIME_DIR="+dir+"/run",
		"DBUS_SESSION_BUS_ADDRESS=unix:path="+dir+"/no-bus", "VAST_URL="+server.URL, "VAST_API_KEY="+scriptKey)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitUnknown {
		t.Fatalf("it ended with %v, want exit code %d: %s", err, exitUnknown, stderr.String())
	}
	if !strings.Contains(stderr.String(), "What became of it is not known") {
		t.Errorf("it said %s", stderr.String())
	}
	if n := len(world.Calls(http.MethodPut, "")); n != 1 || stdout.Len() > 0 {
		t.Errorf("%d rents were sent, and it printed %s", n, stdout.String())
	}

	// The next one that may rent counts what is open, and does not take it for nothing.
	plan := exec.Command(programName, "rent", vastapi.OfferID(anOffer(t, world).ID).String(), "--image", "a/b", "--plan")
	plan.Env = cmd.Env
	out, err := plan.Output()
	if err != nil || !strings.Contains(string(out), `"verb": "rent"`) {
		t.Errorf("planning afterwards: %v, %s", err, out)
	}
}
