package main

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui/command"
	"vastdeck/vastapi/remote"
)

// afterProgram is how long the closing of tunnels may take once the program has ended:
// longer than one call of ssh on a machine that is busy.
const afterProgram = 6 * time.Second

// openSSH makes what gets into instances, and what ends it once the program has ended:
// tunnels are closed, but for those that are to be kept, and processes that were still
// under way are waited for. On a system where it cannot be set up the error says why.
func (s *session) openSSH() (*command.SSH, func(), error) {
	if err := s.paths.MakeRuntime(); err != nil {
		return nil, nil, err
	}
	dir, err := s.paths.Profile(s.opt.profile)
	if err != nil {
		return nil, nil, err
	}
	part := hostPart(s.otherHost())
	known := filepath.Join(dir, "known_hosts"+part)
	if err := ownFile(known); err != nil {
		return nil, nil, err
	}
	runner := &tended{Runner: remote.Processes{}}
	options := remote.Options{
		Runner: runner, Dir: s.paths.Runtime, KnownHosts: known, ConfigFile: filepath.Join(dir, "ssh_config"+part),
		Identity: homed(s.getenv, s.settings.SSH.Identity), Scope: s.opt.profile + "@" + s.host, Getenv: s.getenv,
		Alias: aliasOf(s.opt.profile, part),
	}
	if onThisMachine(s.host) {
		options.AllowHosts = loopback
	}
	client, err := remote.New(options)
	if err != nil {
		return nil, nil, err
	}
	client.FindIdentities()
	ssh := command.NewSSH(command.SSHOptions{
		Client: client, Way: wayOf(s.settings.SSH.Way), Terminal: s.inTerminal, Tmux: tmuxOf(s.settings.SSH, s.getenv),
	})
	return ssh, func() {
		ssh.Close(afterProgram)
		runner.wait(afterProgram)
	}, nil
}

// hostPart ends the names of files about the instances of an API host, whose ids another
// host has too; "" for "", which is the provider's own.
func hostPart(host string) string {
	if host == "" {
		return ""
	}
	return "@" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, host)
}

// usualProfile is the profile of who has named none.
const usualProfile = "default"

// aliasOf is what tells the names of a profile's instances apart from those of others in
// the configuration of ssh, "" for the usual profile at the provider's own host.
func aliasOf(profile, part string) string {
	if profile == usualProfile {
		profile = ""
	}
	return profile + part
}

// ownFile makes an empty file that is this user's alone, unless there is one: ssh would
// make it readable by others.
func ownFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(path, 0o600)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// loopback are the addresses of this machine. An API server that runs here may name
// them as those of its instances; any other one may not, because it would make ssh
// speak to this machine.
var loopback = []string{"127.0.0.1", "::1", "localhost"}

// onThisMachine reports whether a host, with or without a port, is this machine.
func onThisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// tmuxOf is the server of tmux in which shells get a window, "" = none.
func tmuxOf(s store.SSH, getenv func(string) string) string {
	if s.Window != "tmux" {
		return ""
	}
	return getenv("TMUX")
}

func wayOf(setting string) remote.Way {
	switch setting {
	case "direct":
		return remote.Direct
	case "proxy":
		return remote.Proxy
	}
	return remote.Auto
}

// homed is a path with a leading ~/ replaced.
func homed(getenv func(string) string, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(getenv("HOME"), rest)
	}
	return path
}

// inTerminal makes what runs a command of ssh in the terminal. What it says of itself
// is kept beside being shown, so that the end can be explained.
func (a *app) inTerminal(c remote.Command) tea.ExecCommand {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = c.Env
	cmd.SysProcAttr = shellAttributes()
	// A shared connection that goes on in the background may hold the pipe open.
	cmd.WaitDelay = pipeDelay
	said := &remote.Capture{Max: maxSaid}
	cmd.Stderr = io.MultiWriter(a.stdout, said)
	return &sshCommand{ExecCommand: a.fit(cmd), said: said}
}

const (
	pipeDelay = time.Second
	maxSaid   = 8 << 10
)

// sshCommand is ssh with the terminal.
type sshCommand struct {
	tea.ExecCommand
	said *remote.Capture
}

// Run runs it. When ssh itself has failed the error says why.
func (c *sshCommand) Run() error {
	// The death signal is about the thread that has started the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.ExecCommand.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return remote.NotStarted("ssh", err)
	case errors.Is(err, exec.ErrWaitDelay):
		return nil // it has ended well, but for the pipe
	case !errors.As(err, &exit):
		return err
	}
	if f := remote.Explain(exit.ExitCode(), string(c.said.Bytes())); f != nil {
		return &sshFailure{exit, f}
	}
	return err
}

// sshFailure is an exit status with its cause.
type sshFailure struct {
	*exec.ExitError
	cause *remote.Failure
}

// Error is the cause.
func (e *sshFailure) Error() string { return e.cause.Error() }

// Unwrap gives both.
func (e *sshFailure) Unwrap() []error { return []error{e.ExitError, e.cause} }
