package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui/command"
	"vastdeck/vastapi/remote"
)

func TestOnlyAServerOnThisMachineMayNameThisMachine(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1:8787": true, "localhost:1": true, "LOCALHOST": true, "[::1]:80": true, "::1": true, "127.9.9.9": true,
		"console.vast.ai": false, "192.0.2.1:80": false, "localhost.evil.example": false, "127.0.0.1.evil.example:80": false, "": false, "0.0.0.0": false,
	} {
		if got := onThisMachine(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

func TestSettingsOfSSHBecomeWhatTheyMean(t *testing.T) {
	t.Parallel()
	getenv := func(name string) string { return map[string]string{"TMUX": "/t,1,0", "HOME": "/home/x"}[name] }
	if got := tmuxOf(store.SSH{Window: "tmux"}, getenv); got != "/t,1,0" {
		t.Errorf("inside tmux: %q", got)
	}
	if got := tmuxOf(store.SSH{Window: "here"}, getenv); got != "" {
		t.Errorf("here: %q", got)
	}
	if got := tmuxOf(store.SSH{Window: "tmux"}, func(string) string { return "" }); got != "" {
		t.Errorf("outside of tmux: %q", got)
	}
	for text, want := range map[string]remote.Way{"auto": remote.Auto, "direct": remote.Direct, "proxy": remote.Proxy} {
		if got := wayOf(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for path, want := range map[string]string{"~/.ssh/vast": "/home/x/.ssh/vast", "/k": "/k", "": ""} {
		if got := homed(getenv, path); got != want {
			t.Errorf("%q: %q", path, got)
		}
	}
}

// plain is a command without a program around it.
type plain struct{ *exec.Cmd }

func (p plain) SetStdin(io.Reader)  {}
func (p plain) SetStdout(io.Writer) {}
func (p plain) SetStderr(io.Writer) {}

func TestFailureOfSSHIsExplainedFromWhatItSaid(t *testing.T) {
	t.Parallel()
	out, err := os.Create(filepath.Join(t.TempDir(), "screen"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	a := &app{stdout: out, fit: func(c *exec.Cmd) tea.ExecCommand { return plain{c} }}
	run := func(script string) error {
		return a.inTerminal(remote.Command{Path: "/bin/sh", Args: []string{"-c", script}, Env: []string{"PATH=" + os.Getenv("PATH")}}).Run()
	}
	code := func(err error) int {
		var status interface{ ExitCode() int }
		if !errors.As(err, &status) {
			t.Fatalf("%v has no exit status", err)
		}
		return status.ExitCode()
	}
	err = run("echo 'root@1.2.3.4: Permission denied (publickey).' >&2; exit 255")
	if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailDenied || code(err) != 255 {
		t.Errorf("got %v", err)
	}
	if shown, _ := os.ReadFile(out.Name()); !strings.Contains(string(shown), "Permission denied") {
		t.Errorf("it is not seen: %q", shown)
	}
	if err := run("exit 3"); remote.FailureOf(err) != nil || code(err) != 3 {
		t.Errorf("got %v", err)
	}
	// Something in the background keeps the pipe: the end is not held up by it. It sleeps
	// longer than any test lasts.
	pid := filepath.Join(t.TempDir(), "pid")
	if err := run("sleep 100000 & echo $! > " + pid); err != nil {
		t.Errorf("got %v", err)
	}
	if out, err := exec.Command("sh", "-c", "kill $(cat "+pid+")").CombinedOutput(); err != nil {
		t.Errorf("what is in the background has ended: %v, %s", err, out)
	}
	err = a.inTerminal(remote.Command{Path: filepath.Join(t.TempDir(), "none")}).Run()
	var status interface{ ExitCode() int }
	if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailStart || errors.As(err, &status) {
		t.Errorf("a program that is not there: %v", err)
	}
}

func TestKeyIsInNoEnvironmentOfSSH(t *testing.T) {
	t.Setenv("VAST_API_KEY", "SENTINEL")
	t.Setenv("OTHER_SECRET", "SENTINEL")
	s, closeSSH := realSSH(t, "https://console.vast.ai")
	defer closeSSH()
	e := remote.Endpoint{Way: remote.Direct, Host: "8.8.8.8", Port: 22}
	shell, err := s.Client.ShellCommand(7, remote.Chosen{Endpoint: e}, remote.Shell{})
	if err != nil {
		t.Fatal(err)
	}
	line, err := s.Client.LineCommand(7, e, remote.Use, "ls")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []remote.Command{shell, line, s.Client.CheckCommand(7)} {
		if all := strings.Join(append(c.Env, c.Args...), " "); strings.Contains(all, "SENTINEL") || len(c.Env) == 0 {
			t.Errorf("%v", c.Env)
		}
	}
}

// realSSH is what the real program gets, in folders of its own.
func realSSH(t *testing.T, base string) (*command.SSH, func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "vd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	getenv := func(name string) string {
		return map[string]string{"HOME": dir, "XDG_RUNTIME_DIR": dir}[name]
	}
	a := &app{opt: options{profile: "work", url: base, logFile: filepath.Join(dir, "log")}, getenv: getenv}
	s, err := a.session()
	if err != nil {
		t.Fatal(err)
	}
	ssh, closeSSH, err := s.openSSH()
	if err != nil {
		t.Fatal(err)
	}
	name := "known_hosts"
	if !strings.HasSuffix(base, "console.vast.ai") {
		name += "@127.0.0.1_8787"
	}
	info, err := os.Stat(filepath.Join(dir, ".local/state/vastdeck/work", name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of host keys: %v, %v", info, err)
	}
	return ssh, func() { closeSSH(); s.close() }
}

func TestHostsOfThisMachineAreTakenFromASimulatorAlone(t *testing.T) {
	t.Parallel()
	here := remote.Endpoint{Way: remote.Direct, Host: "127.0.0.1", Port: 2222}
	for base, want := range map[string]bool{"http://127.0.0.1:8787": true, "https://console.vast.ai": false} {
		s, closeSSH := realSSH(t, base)
		if _, err := s.Client.Destination(here, false); (err == nil) != want {
			t.Errorf("%s: %v", base, err)
		}
		closeSSH()
	}
}

// held is a Runner whose processes run until their context has ended and it is let go.
type held struct{ ended, letGo chan struct{} }

func (h held) Run(ctx context.Context, _ remote.Command, _ remote.Streams) (int, error) {
	<-ctx.Done()
	h.ended <- struct{}{}
	<-h.letGo
	return -1, ctx.Err()
}

func TestProcessesAreWaitedForAtTheEnd(t *testing.T) {
	t.Parallel()
	h := held{make(chan struct{}), make(chan struct{})}
	r := &tended{Runner: h}
	if !r.wait(0) {
		t.Error("there is something to wait for before anything was started")
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { _, _ = r.Run(ctx, remote.Command{}, remote.Streams{}) })
	}
	for {
		r.mu.Lock()
		n := r.running
		r.mu.Unlock()
		if n == 3 {
			break
		}
		runtime.Gosched()
	}
	if r.wait(0) {
		t.Error("three processes were taken for none")
	}
	cancel()
	for range 3 {
		<-h.ended
	}
	if r.wait(0) {
		t.Error("processes that are about to end were taken for ended ones")
	}
	close(h.letGo)
	if !r.wait(hangGuard) {
		t.Error("processes that have ended are waited for")
	}
	all.Wait()
}

// demoSSHOf is what the demo gets.
func demoSSHOf(t *testing.T) (*demoSSH, store.Paths) {
	t.Helper()
	paths, remove, err := store.Temporary()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{getenv: func(string) string { return "" }, fit: func(c *exec.Cmd) tea.ExecCommand { return plain{c} }}
	d, closeSSH, err := a.openDemoSSH(paths)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSSH(); remove() })
	return d, paths
}

func demoTarget() remote.Target {
	return remote.Target{Instance: 7, Name: "train", Running: true, Direct: remote.Endpoint{Way: remote.Direct, Host: "198.51.100.7", Port: 41022}}
}

func TestDemoAnswersEverythingWithoutTheNetwork(t *testing.T) {
	t.Parallel()
	d, _ := demoSSHOf(t)
	target := demoTarget()
	d.Know([]remote.Target{target})
	var said strings.Builder
	out, err := d.Exec(t.Context(), target, "nvidia-smi", remote.ExecOptions{Output: func(_ remote.Stream, text []byte) { said.Write(text) }})
	if err != nil || out.Code != 0 || !strings.Contains(said.String(), "RTX 4090") {
		t.Errorf("%+v, %v: %s", out, err, said.String())
	}
	if out, err := d.Exec(t.Context(), target, "rm -rf /", remote.ExecOptions{}); err != nil || out.Code != 127 {
		t.Errorf("%+v, %v", out, err)
	}
	if list, err := d.Sessions(t.Context()); err != nil || len(list) != 1 || list[0].Instance != 7 {
		t.Errorf("%+v, %v", list, err)
	}
	for _, c := range d.Examine(t.Context(), remote.Subject{Target: target}, func(remote.Check) {}) {
		if c.State != remote.CheckOK {
			t.Errorf("%v: %v, %s", c.Step, c.State, c.Text)
		}
	}
	if err := d.CloseSession(t.Context(), 7); err != nil {
		t.Error(err)
	}
	if list, err := d.Sessions(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	target.Refused = "It is not running. Start it first."
	if _, err := d.Exec(t.Context(), target, "ls", remote.ExecOptions{}); err == nil {
		t.Error("an instance that does not run has answered")
	}
}

func TestTunnelOfTheDemoAnswersAndCloses(t *testing.T) {
	t.Parallel()
	d, _ := demoSSHOf(t)
	d.Know([]remote.Target{demoTarget()})
	f := remote.Forward{Instance: 7, Name: "train", Bind: "127.0.0.1", Local: remote.FreePort(25_000 + os.Getpid()%10_000), Host: "localhost", Remote: 8080}
	if err := d.OpenTunnel(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), hangGuard)
	defer cancel()
	for d.Tunnels()[0].State != remote.TunnelUp {
		if _, err := d.AwaitTunnels(ctx); err != nil {
			t.Fatalf("%v: %+v", err, d.Tunnels())
		}
	}
	a, err := http.Get("http://127.0.0.1:" + strconv.Itoa(f.Local) + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if text, _ := io.ReadAll(a.Body); !strings.HasPrefix(string(text), "demo: ") {
		t.Errorf("it says %q", text)
	}
	if !d.Close(hangGuard) {
		t.Error("the tunnels do not close")
	}
	if conn, err := net.Dial("tcp", f.Address()); err == nil {
		_ = conn.Close()
		t.Error("the port is still open")
	}
}

func TestDemoKeepsAwayFromTheUsersFiles(t *testing.T) {
	t.Parallel()
	d, paths := demoSSHOf(t)
	keys, err := d.LocalKeys(t.Context())
	if err != nil || len(keys) != 1 || keys[0].Private || !strings.HasPrefix(keys[0].Path, paths.State) {
		t.Errorf("keys: %+v, %v", keys, err)
	}
	if _, err := d.ReadPublicKey(t.Context(), keys[0].Path); err != nil {
		t.Error(err)
	}
	own := filepath.Join(t.TempDir(), "id.pub")
	if err := os.WriteFile(own, []byte(demoKey("me")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ReadPublicKey(t.Context(), own); !errors.Is(err, errDemoFiles) {
		t.Errorf("got %v", err)
	}
	if _, err := d.GenerateKey(t.Context(), own, ""); err == nil {
		t.Error("a key was made")
	}
	if path, err := d.WriteConfig(t.Context(), []remote.Target{demoTarget()}); err != nil || !strings.HasPrefix(path, paths.State) {
		t.Errorf("the configuration is %s, %v", path, err)
	}
	target := filepath.Join(t.TempDir(), "in")
	steps := 0
	err = d.Copy(t.Context(), demoTarget(), remote.CopyJob{Instance: 7, Local: target, Remote: "/root/x"}, command.CopySize{Bytes: 100}, func(p remote.CopyProgress) {
		steps++
		if p.Tool != "demo" || !strings.Contains(p.Current, "nothing is copied") {
			t.Errorf("it says %+v", p)
		}
	})
	if _, there := os.Stat(target); err != nil || steps == 0 || there == nil {
		t.Errorf("%v after %d steps; the target: %v", err, steps, there)
	}
}

func TestForwardIsTakenApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"127.0.0.1:80:localhost:8080": {"127.0.0.1:80", "localhost:8080"},
		"[::1]:80:[fe80::1]:8080":     {"[::1]:80", "[fe80::1]:8080"},
		"nonsense":                    {"nonsense", ""},
	} {
		if local, to := splitForward(text); local != want[0] || to != want[1] {
			t.Errorf("%s: %s and %s", text, local, to)
		}
	}
}

func TestAnotherProfileOrHostHasNamesAndFilesOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, q := range []struct{ profile, host, want string }{
		{"default", "", ""}, {"work", "", "work"}, {"default", "api.example:8080", "@api.example_8080"}, {"work", "[::1]:80", "work@___1__80"},
	} {
		got := aliasOf(q.profile, hostPart(q.host))
		if got != q.want || seen[got] || strings.ContainsAny(got, "/:[] ") {
			t.Errorf("%s at %q: got %q, want %q", q.profile, q.host, got, q.want)
		}
		seen[got] = true
	}
}
