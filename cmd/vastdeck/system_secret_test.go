//go:build system && linux

package main

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// sentinel is an API key that nothing else contains.
const sentinel = "5E171E1c0ffee0ddba11fee1dead5e171e1c0ffee0ddba11fee1dead5e171e1c"

// sentinelForms are the shapes in which it could leak.
func sentinelForms() []string {
	return []string{
		sentinel,
		strings.ToLower(sentinel),
		hex.EncodeToString([]byte(sentinel)),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(sentinel)), "=")[:80],
	}
}

// service is the simulator in a process of its own, behind a proxy that counts the
// requests that carry the sentinel as they should.
type service struct {
	url  string
	keys atomic.Int64
}

func startService(t *testing.T) *service {
	t.Helper()
	address := freeAddress(t)
	simulator := exec.Command(buildSimulator(t), "--addr", address, "--seed", "1")
	if err := simulator.Start(); err != nil {
		t.Fatalf("start vastsim: %v", err)
	}
	t.Cleanup(func() {
		_ = simulator.Process.Kill()
		_ = simulator.Wait()
	})
	waitListening(t, address)

	s := &service{}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+sentinel {
			s.keys.Add(1)
		}
		if strings.Contains(r.URL.String(), sentinel) {
			t.Errorf("the key is in a URL: %s", r.URL)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// buildSimulator builds vastsim, once for all tests, and returns its path.
func buildSimulator(t testing.TB) string {
	t.Helper()
	path, err := builtSimulator()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var builtSimulator = sync.OnceValues(func() (string, error) { return build("vastsim", "../vastsim") })

// freeAddress is a loopback address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func waitListening(t *testing.T, address string) {
	t.Helper()
	waitUntil(t, "server at "+address, func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err == nil
	})
}

// TestKeyOfTheEnvironmentIsNowhereElse runs the real program with a key in its
// environment, uses it and lets it crash: the key reaches the server, but neither the
// surroundings of the process that draws, nor the screen, nor any file.
func TestKeyOfTheEnvironmentIsNowhereElse(t *testing.T) {
	t.Parallel()
	path, server := buildProgram(t), startService(t)
	for _, crash := range []bool{false, true} {
		home := t.TempDir()
		cmd := exec.Command(path, "--url", server.url)
		cmd.Dir = home
		cmd.Env = programEnvironment(home, keyVariable+"="+sentinel, "TEA_TRACE=trace.log", "TEA_DEBUG=1",
			"XDG_CONFIG_HOME="+home+"/config", "XDG_STATE_HOME="+home+"/state", "XDG_RUNTIME_DIR="+home+"/run")
		s := startSession(t, 140, 40, cmd)
		s.waitMarket(0)
		drawing := s.drawing()
		checkSurroundings(t, drawing)
		help := shows("Keys  type to filter")
		for _, step := range []struct {
			key   string
			shown func([]string) bool
		}{
			{"2", shows("[2 Instances")}, {"?", help}, {"\x1b", func(lines []string) bool { return !help(lines) }}, {"1", shows("[1 Market")},
			{"/", shows("[1 Market")}, {"4090", shows("4090")}, {"\r", shows("RTX 4090")},
		} {
			s.press(step.key)
			s.waitScreen(fmt.Sprintf("screen after %q", step.key), step.shown)
		}
		if server.keys.Load() == 0 {
			t.Error("no request carried the key")
		}
		if crash {
			s.send(badEnd{signal: unix.SIGABRT}, drawing)
			if got := s.waitExit(); got != 2 {
				t.Errorf("exit code %d, want 2", got)
			}
			s.drain()
			if !strings.Contains(s.output(), "crash report in ") {
				t.Errorf("no crash report; written last: %q", tail(s.output(), 500))
			}
		} else {
			s.leaveWithQ()
		}
		s.checkRestored()
		for _, form := range sentinelForms() {
			if strings.Contains(s.output(), form) {
				t.Errorf("the key was written to the terminal as %s", form)
			}
		}
		if found := filesWith(t, home, sentinelForms()); len(found) > 0 {
			t.Errorf("files with the key: %v", found)
		}
	}
}

// checkSurroundings looks for the key in what other processes can see of one.
func checkSurroundings(t *testing.T, pid int) {
	t.Helper()
	for _, name := range []string{"environ", "cmdline"} {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
		if errors.Is(err, fs.ErrPermission) {
			continue // Only root may look, which is better still.
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range sentinelForms() {
			if strings.Contains(string(text), form) {
				t.Errorf("%s of the process that draws holds the key", name)
			}
		}
	}
}
