package tuitest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/vastsim"
)

// sshd is the far end of ssh as the scenarios want it, without a process or a
// socket: what would be run is written down.
type sshd struct {
	*remote.Recorder
	mu     sync.Mutex
	deaf   map[string]bool // addresses at which nobody answers
	shells []string
	status int // with which shells end
	said   *remote.Failure
}

func newSSHD() *sshd {
	s := &sshd{Recorder: (&remote.Recorder{}).ActAsSSH(), deaf: map[string]bool{}}
	s.Answer = func(c remote.Command) (remote.Reply, bool) {
		if len(c.Args) == 0 {
			return remote.Reply{}, false
		}
		text, echo := strings.CutPrefix(c.Args[len(c.Args)-1], "echo ")
		return remote.Reply{Out: text + "\n"}, echo
	}
	return s
}

// dial connects to whatever is not deaf, at once.
func (s *sshd) dial(ctx context.Context, _, address string) (net.Conn, error) {
	s.mu.Lock()
	deaf := s.deaf[address] || s.deaf["direct"] && !strings.HasPrefix(address, "ssh") && !strings.HasPrefix(address, "127.")
	s.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		_, _ = io.WriteString(far, "SSH-2.0-OpenSSH_9.6\r\n")
	}()
	return near, nil
}

// shell is ssh with the terminal.
type shell struct {
	s   *sshd
	out io.Writer
}

func (*shell) SetStdin(io.Reader)      {}
func (e *shell) SetStdout(w io.Writer) { e.out = w }
func (*shell) SetStderr(io.Writer)     {}

// Run takes a while, as a process does: the renderer of the program stops and begins
// again around it, and needs a moment in between.
func (e *shell) Run() error {
	time.Sleep(time.Second)
	return e.s.end()
}

func (s *sshd) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status == 0 {
		return nil
	}
	return &exited{s.status, s.said}
}

// exited is a process that ended with a status.
type exited struct {
	status int
	said   *remote.Failure
}

func (e *exited) Error() string { return fmt.Sprintf("exit status %d", e.status) }
func (e *exited) ExitCode() int { return e.status }
func (e *exited) Unwrap() error {
	if e.said == nil {
		return nil
	}
	return e.said
}

func (s *sshd) terminal(c remote.Command) tea.ExecCommand {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shells = append(s.shells, strings.Join(c.Args, " "))
	return &shell{s: s}
}

func (s *sshd) opened() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.shells...)
}

func (s *sshd) silence(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf[address] = true
}

func (s *sshd) ends(status int, said *remote.Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.said = status, said
}

// overSSH plays a scenario with ssh.
func overSSH(t *testing.T, w, h int, do func(*deck, *sshd), opts ...vastsim.Option) {
	t.Helper()
	s := newSSHD()
	dir := shortDir(t)
	var ssh *command.SSH
	change := func(d *tui.Deps) {
		client, err := remote.New(remote.Options{
			Runner: s.Recorder, Dial: s.dial, SSH: "/usr/bin/ssh", Keygen: "/usr/bin/ssh-keygen", Dir: filepath.Join(dir, "s"), KnownHosts: filepath.Join(dir, "known_hosts"),
			ConfigFile: filepath.Join(dir, "ssh_config"), SSHDir: filepath.Join(dir, ".ssh"), Scope: "test", Getenv: func(string) string { return "" },
			Environ: func() []string { return nil },
			Listen:  func(string, string) (net.Listener, error) { return free{}, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		ssh = command.NewSSH(command.SSHOptions{Client: client, Terminal: s.terminal})
		d.Command.Remote = ssh
	}
	playWith(t, w, h, change, func(d *deck) {
		d.t.Cleanup(func() { ssh.Close(time.Second) })
		do(d, s)
	}, opts...)
}

// shortDir is a folder whose name leaves room for sockets.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "vd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// free is a port of this machine that nobody had.
type free struct{}

func (free) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (free) Close() error              { return nil }
func (free) Addr() net.Addr            { return &net.TCPAddr{} }

// upAndRunning is an instance of the world that runs and has ssh.
func (d *deck) upAndRunning() vastsim.InstanceState {
	d.t.Helper()
	for _, i := range d.world.Instances() {
		if i.Actual == "running" && i.Intended == "running" && strings.Contains(i.Runtype, "ssh") {
			return i
		}
	}
	d.t.Fatal("no instance runs with ssh")
	return vastsim.InstanceState{}
}

func TestAShellIsOpenedFromTheListAndItsEndIsTold(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 36, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		s.ends(3, nil)
		d.Press("s")
		d.UntilHas(10*time.Second, "ended with status 3")
		if got := s.opened(); len(got) != 1 || !strings.Contains(got[0], "-p ") || !strings.Contains(got[0], " -- ") {
			t.Errorf("opened was %q", got)
		}
		d.Has("Instances")
		d.nothingSent()
	})
}

func TestADirectPortThatDoesNotAnswerLeadsThroughTheProxy(t *testing.T) {
	t.Parallel()
	overSSH(t, 160, 36, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		s.silence("direct")
		d.Press("s")
		d.Wait(100 * time.Millisecond)
		d.Has("trying direct")
		d.Until(10*time.Second, func(string) bool { return len(s.opened()) == 1 })
		if got := s.opened()[0]; !strings.Contains(got, ".vast.ai") {
			t.Errorf("opened was %q", got)
		}
	})
}

func TestAShellThatWasGivenUpIsNotOpened(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 36, func(d *deck, s *sshd) {
		d.loaded()
		i := d.upAndRunning()
		s.silence("direct")
		d.pick(i)
		d.Press("s", "6", "esc")
		d.Has("given up")
		d.Wait(30 * time.Second)
		if got := s.opened(); len(got) > 0 {
			t.Errorf("opened was %q", got)
		}
	})
}

func TestAChangedHostKeyIsShownLoudlyAndNeverAccepted(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 36, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		s.ends(remote.SSHFailed, remote.Explain(remote.SSHFailed, "Host key verification failed."))
		d.Press("s")
		d.UntilHas(10*time.Second, "THE HOST KEY HAS CHANGED")
		d.Has("somebody stands between you and it", "forget the old host key")
		d.Wait(5 * time.Second)
		d.Press("enter", "space", "y")
		d.Wait(5 * time.Second)
		d.Has("THE HOST KEY HAS CHANGED")
		if n := len(s.opened()); n != 1 {
			t.Errorf("%d shells were opened", n)
		}
		d.Press("H")
		d.Has("Forget the host key of", "no, keep it")
		d.Press("enter")
		d.Has("THE HOST KEY HAS CHANGED")
		d.Press("H", "right", "enter")
		d.UntilHas(10*time.Second, "is forgotten")
		d.Lacks("THE HOST KEY HAS CHANGED")
	})
}

func TestAPortIsForwardedRememberedAndClosed(t *testing.T) {
	t.Parallel()
	overSSH(t, 160, 40, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		d.Press("f")
		d.Has("Forward a port of", "port there", "port here")
		d.Press("ctrl+u")
		d.Type("8888")
		d.Press("ctrl+s")
		d.UntilHas(30*time.Second, "is up: http://127.0.0.1:8888")
		d.Press("6")
		d.Has("● up", "127.0.0.1:8888", "localhost:8888")
		d.Press("/")
		d.Type("tunnel")
		d.Press("enter", "x")
		d.UntilHas(10*time.Second, "saved tunnel")
		d.Has("○ not open", "enter opens it, x forgets it")
		d.Press("enter")
		d.UntilHas(30*time.Second, "● up")
		d.Press("x")
		d.UntilHas(10*time.Second, "○ not open")
		d.Press("x")
		d.Wait(time.Second)
		d.Lacks("saved tunnel")
		d.nothingSent()
	})
}

func TestNothingGoesOverSSHWhileLoggedOut(t *testing.T) {
	t.Parallel()
	s := newSSHD()
	dir := shortDir(t)
	change := func(d *tui.Deps) {
		client, err := remote.New(remote.Options{
			Runner: s.Recorder, Dial: s.dial, SSH: "/usr/bin/ssh", Dir: filepath.Join(dir, "s"), KnownHosts: filepath.Join(dir, "known_hosts"),
			ConfigFile: filepath.Join(dir, "ssh_config"), SSHDir: filepath.Join(dir, ".ssh"), Getenv: func(string) string { return "" }, Environ: func() []string { return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		d.API = nil
		d.Command.Remote = command.NewSSH(command.SSHOptions{Client: client, Terminal: s.terminal})
	}
	playWith(t, 120, 36, change, func(d *deck) {
		d.Wait(10 * time.Second)
		d.Press("6", "enter", "f", "x", "K", "esc")
		d.Wait(30 * time.Second)
		if got := s.Lines(); len(got) > 0 || len(s.opened()) > 0 {
			t.Errorf("ssh was asked for %q and %q", got, s.opened())
		}
	})
}

func TestTheExaminationShowsItsSteps(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 36, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		d.Press("d")
		d.UntilHas(time.Minute, "in short")
		d.UntilHas(time.Minute, "ssh works")
		d.Has("status", "banner", "host key", "shell")
		d.Press("esc")
		d.Lacks("banner")
	})
}

func TestTheKeysOfTheAccountAreListedAndAdded(t *testing.T) {
	t.Parallel()
	overSSH(t, 160, 36, func(d *deck, s *sshd) {
		d.loaded()
		d.Press("6", "K")
		d.UntilHas(30*time.Second, "account only")
		d.Press("n")
		d.Has("Add an ssh key to the account")
		d.Type("-----BEGIN OPENSSH PRIVATE KEY-----")
		d.Press("enter")
		d.Has("this is a private key: it must never leave this machine")
		d.Press("ctrl+u")
		d.Type("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEcc9NSOYyZ2hyhIDdm21cVvKLFvkWVY3yHOfTpTFB1M here@laptop")
		d.Press("enter")
		d.UntilHas(10*time.Second, "Add an ssh key")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.Until(30*time.Second, func(string) bool { return d.sent("POST", "/api/v0/ssh/") == 1 })
		d.UntilHas(30*time.Second, "here@laptop")
	})
}

func TestACopyIsMeasuredAskedAboutAndListed(t *testing.T) {
	t.Parallel()
	overSSH(t, 160, 40, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		file := filepath.Join(shortDir(t), "weights.bin")
		if err := os.WriteFile(file, make([]byte, 4096), 0o600); err != nil {
			t.Fatal(err)
		}
		d.Press("p")
		d.Has("Copy files to or from", "direction", "path here", "a GB")
		d.Press("tab")
		d.Type(file)
		d.Press("ctrl+s")
		d.UntilHas(30*time.Second, "no, back to the form")
		d.Has("weights.bin", "4.1 kB in 1 file", "under a second", "under $0.01", "/workspace/weights.bin")
		d.Press("enter")
		d.Has("path here", file)
		d.Press("ctrl+s")
		d.UntilHas(30*time.Second, "no, back to the form")
		d.Press("right", "enter")
		d.UntilHas(30*time.Second, "the upload of weights.bin")
		d.Press("6")
		d.Has("upload", "weights.bin")
		d.nothingSent()
	})
}

func TestSSHConfigIsChangedOnlyAfterConsentAndUndone(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 40, func(d *deck, s *sshd) {
		d.loaded()
		d.Press("6", "I")
		d.Has("~/.ssh/config", "no, leave ~/.ssh/config alone", "undone")
		d.Press("enter")
		d.Wait(5 * time.Second)
		d.Press("I", "right", "enter")
		d.UntilHas(10*time.Second, "ssh knows the instances now")
		d.Press("I")
		d.Has("yes, leave it as it is")
		d.Press("right", "enter")
		d.UntilHas(10*time.Second, "our file are gone")
		d.nothingSent()
	})
}

func TestTheSessionsAreExactAndSayWhatToDoAtEverySize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}, {100, 30}, {160, 45}, {200, 60}} {
		overSSH(t, size[0], size[1], func(d *deck, s *sshd) {
			d.Wait(40 * time.Second)
			d.Press("6")
			d.Wait(time.Second)
			d.Has("Nothing is open to any instance.", "enter opens a shell")
			d.Press("K")
			d.Wait(5 * time.Second)
			d.Press("esc", "f")
			d.Has("Forward a port of")
			d.Press("esc")
		})
	}
}
