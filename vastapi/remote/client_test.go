package remote_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"vastdeck/vastapi/remote"
)

// home is a client with folders of its own, whose processes are recorded and whose
// network is a list of addresses that answer.
type home struct {
	*remote.Client
	recorder *remote.Recorder
	dir      string
	options  remote.Options
	mu       sync.Mutex // answers
	answers  map[string]bool
}

func newHome(t *testing.T, change ...func(*remote.Options)) *home {
	t.Helper()
	dir, err := os.MkdirTemp("", "vd") // t.TempDir is too long for control sockets in some tests
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	h := &home{recorder: new(remote.Recorder).ActAsSSH(), dir: dir, answers: map[string]bool{}}
	h.options = remote.Options{
		Runner: h.recorder, Dial: h.dial, SSH: "/usr/bin/ssh", Keygen: "/usr/bin/ssh-keygen",
		Listen: func(string, string) (net.Listener, error) { return silent{}, nil },
		Dir:    filepath.Join(dir, "run"), KnownHosts: filepath.Join(dir, "state", "known_hosts"),
		ConfigFile: filepath.Join(dir, "state", "ssh_config"), SSHDir: filepath.Join(dir, ".ssh"),
		Environ: func() []string { return []string{"HOME=" + dir, "PATH=/bin", "TERM=xterm-kitty"} },
	}
	for _, c := range change {
		c(&h.options)
	}
	h.Client = client(t, h.options)
	return h
}

func client(t *testing.T, o remote.Options) *remote.Client {
	t.Helper()
	c, err := remote.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// dial answers for the addresses of the home; every other one refuses.
func (h *home) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.answers[address] {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	here, there := net.Pipe()
	_ = there.Close()
	return here, nil
}

// silent is a listener at which nobody ever calls.
type silent struct{}

func (silent) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (silent) Close() error              { return nil }
func (silent) Addr() net.Addr            { return &net.TCPAddr{} }

var (
	direct = remote.Endpoint{Way: remote.Direct, Host: "203.0.113.7", Port: 40022}
	proxy  = remote.Endpoint{Way: remote.Proxy, Host: "ssh6.vast.ai", Port: 10042}
)

func target() remote.Target {
	return remote.Target{Instance: 42, Name: "train", Machine: 7, Direct: direct, Proxy: proxy, Running: true}
}

func TestNewRefusesWhatSSHWouldReadOtherwise(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*remote.Options){
		"relative folder":     func(o *remote.Options) { o.Dir = "run" },
		"no folder":           func(o *remote.Options) { o.Dir = "" },
		"no host keys":        func(o *remote.Options) { o.KnownHosts = "" },
		"variable":            func(o *remote.Options) { o.KnownHosts = "/tmp/${HOME}/x" },
		"backslash":           func(o *remote.Options) { o.KnownHosts = `/tmp/a\b` },
		"newline":             func(o *remote.Options) { o.ConfigFile = "/tmp/a\nHost *" },
		"quote":               func(o *remote.Options) { o.Identity = `/tmp/a"b` },
		"user with an option": func(o *remote.Options) { o.User = "-oProxyCommand=x" },
		"user with a host":    func(o *remote.Options) { o.User = "root@evil" },
		"folder too long":     func(o *remote.Options) { o.Dir = "/" + strings.Repeat("x", 80) },
	} {
		o := remote.Options{Dir: "/run/user/1/vastdeck", KnownHosts: "/home/u/known_hosts"}
		change(&o)
		if _, err := remote.New(o); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestRuntimeFolderFallsBackToTheTemporaryOne(t *testing.T) {
	t.Parallel()
	given := remote.RuntimeDir(func(name string) string { return map[string]string{"XDG_RUNTIME_DIR": "/run/user/1000"}[name] })
	if given != filepath.FromSlash("/run/user/1000/vastdeck") {
		t.Errorf("got %s", given)
	}
	relative := remote.RuntimeDir(func(string) string { return "not/absolute" })
	if !strings.HasPrefix(relative, os.TempDir()) || !strings.Contains(filepath.Base(relative), "vastdeck-") {
		t.Errorf("got %s", relative)
	}
}

func TestFolderOfOthersIsRefused(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	elsewhere := filepath.Join(h.dir, "elsewhere")
	if err := errors.Join(os.Mkdir(elsewhere, 0o700), os.Symlink(elsewhere, h.options.Dir)); err != nil {
		t.Fatal(err)
	}
	if err := h.Prepare(); err == nil {
		t.Error("a link was taken for the folder of control sockets")
	}
	must(t, os.WriteFile(filepath.Join(elsewhere, "e3b0c442-42.sock"), nil, 0o600))
	if all, err := h.Sessions(t.Context()); err == nil {
		t.Errorf("connections of another folder were listed: %v", all)
	}
	if s, err := h.Check(t.Context(), 42); err == nil {
		t.Errorf("a connection of another folder was asked: %v", s)
	}
	if _, err := h.Choose(t.Context(), target(), remote.Auto); err == nil {
		t.Error("an endpoint was chosen all the same")
	}
	if lines := h.recorder.Lines(); len(lines) > 0 {
		t.Errorf("processes were started: %v", lines)
	}
}

func TestFolderIsClosedToOthers(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if err := os.Mkdir(h.options.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := h.Prepare(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(h.options.KnownHosts); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("host keys: %v, %v", info, err)
	}
	for _, dir := range []string{h.options.Dir, filepath.Dir(h.options.KnownHosts)} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
}

func TestHostKeysAreKeptWhenEverythingIsPrepared(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.knows(t, "vast-42 ssh-ed25519 "+hostKey+"\n")
	must(t, h.Prepare())
	if got, err := h.KnownHost(42); err != nil || got == "" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestFolderOfKeysIsThatOfTheHomeFolder(t *testing.T) {
	t.Parallel()
	c := fixed(t, func(o *remote.Options) {
		o.SSHDir, o.Getenv = "", func(name string) string { return map[string]string{"HOME": "/home/other"}[name] }
	})
	if got := c.UserConfig(); got != "/home/other/.ssh/config" {
		t.Errorf("got %s", got)
	}
}
