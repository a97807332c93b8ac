package command

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// The topics of what goes on over ssh.
const (
	Sessions     Topic = "ssh/sessions" // polled while something is open or looked at
	Tunnels      Topic = "ssh/tunnels"  // the one command that waits for the next change
	sshFollowing Topic = "ssh/follow"
	localKeys    Topic = "ssh/keys"
)

// EverySessions is how often connections and tunnels are looked at.
const EverySessions = 5 * time.Second

// Remote is what the command layer needs to get into instances. Its methods may
// be called from several goroutines; those with a context wait.
type Remote interface {
	// Target is what has to be known of an instance to get into it.
	Target(vastapi.Instance) remote.Target
	// Know tells where instances answer now. Tunnels are opened anew by the newest
	// that was told. It does not wait.
	Know([]remote.Target)

	// Choose finds the endpoint by which a target answers. Auto is the way of the
	// settings.
	Choose(context.Context, remote.Target, remote.Way) (remote.Chosen, error)
	// Shell makes what runs an interactive shell in the terminal, and has the shared
	// connection ready for it.
	Shell(context.Context, remote.Target, remote.Chosen) (Opening, error)
	// Windowed reports whether shells are opened in a window of tmux, by Window.
	Windowed() bool
	Window(context.Context, remote.Target, remote.Chosen) error

	// Sessions are the shared connections that are up.
	Sessions(context.Context) ([]remote.Session, error)
	OpenSession(context.Context, remote.Target, remote.Endpoint) error
	CloseSession(context.Context, vastapi.InstanceID) error

	// Tunnels are the supervised forwards, closed ones left out.
	Tunnels() []remote.Tunnel
	// OpenTunnel begins to supervise a forward. A port of this machine that is in
	// use is a *remote.PortInUse.
	OpenTunnel(context.Context, remote.Forward) error
	CloseTunnel(context.Context, remote.Forward) error
	// AwaitTunnels waits until something about tunnels has changed since its last call.
	AwaitTunnels(context.Context) ([]remote.Tunnel, error)
	// FreePort finds a port of an address of this machine that nobody listens on,
	// the wanted one or one near it.
	FreePort(ctx context.Context, bind string, wanted int) (int, error)

	SizeCopy(context.Context, remote.Target, remote.CopyJob) (CopySize, error)
	Copy(context.Context, remote.Target, remote.CopyJob, CopySize, func(remote.CopyProgress)) error

	LocalKeys(context.Context) ([]remote.LocalKey, error)
	ReadPublicKey(ctx context.Context, path string) (remote.LocalKey, error)
	GenerateKey(ctx context.Context, name, comment string) (remote.LocalKey, error)

	// Examine finds out why ssh does not work, and tells each step.
	Examine(context.Context, remote.Subject, func(remote.Check)) []remote.Check

	// Exec runs a command line in a target's shell. An error says why it did not run
	// to its end.
	Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error)
	// Follow gives the last lines of a file and what is added to it, until ctx ends.
	Follow(ctx context.Context, t remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error)

	// ForgetHostKeys drops the pinned host keys of instances.
	ForgetHostKeys(context.Context, []vastapi.InstanceID) error
	// HostNames are the names under which the managed part of ssh's configuration
	// knows targets, as remote.HostNames gives them. It does not wait.
	HostNames([]remote.Target) map[vastapi.InstanceID][]string
	// WriteConfig writes the managed part of ssh's configuration and adds the one line
	// that includes it. Path is of the file with that line.
	WriteConfig(context.Context, []remote.Target) (path string, err error)
	// KeepConfig writes the managed part anew if the rendered text differs, as long as
	// the line that includes it is there; included reports whether it is.
	KeepConfig(context.Context, []remote.Target) (included bool, err error)
	// RemoveConfig takes both away again.
	RemoveConfig(context.Context) (path string, err error)
}

// Opening is a shell that is about to begin.
type Opening struct {
	Run   tea.ExecCommand
	Said  string // the command line as it can be shown
	Alone bool   // it has a connection of its own, which ends with it
}

// News is a message of something that goes on: what has come so far. Whoever takes
// it in asks for what comes after it with Next, which may be nil.
type News interface{ Next() tea.Cmd }

// errNoSSH is what everything over ssh answers in a run without it.
var errNoSSH = errors.New("ssh cannot be used in this run")

// GiveUp ends the call on a topic of ssh: the choice of an endpoint, for one. Its
// answer is told to nobody.
func (l Loads) GiveUp(topic Topic) { l.s.Cancel(topic) }

// End ends the call on a topic, and lets its answer come.
func (s *Set) End(topic Topic) {
	if f, ok := s.live[topic]; ok {
		f.cancel()
	}
}

// overSSH makes a command that asks the Remote; without one it answers with an error.
func overSSH[T any](l Loads, topic Topic, do func(context.Context, Remote) (T, error), wrap func(Answer, T) tea.Msg) tea.Cmd {
	r, why := l.s.cfg.Remote, l.s.cfg.NoRemote
	if why == nil {
		why = errNoSSH
	}
	return Run(l.s.Runner, topic, func(ctx context.Context) (T, error) {
		if r == nil {
			var none T
			return none, why
		}
		return do(ctx, r)
	}, wrap)
}

// target is an instance as ssh knows it; without a way in, why there is none.
func target(r Remote, i vastapi.Instance) (remote.Target, error) {
	t := r.Target(i)
	if t.Refused != "" {
		return t, errors.New(t.Refused)
	}
	return t, nil
}

// doneOf is the value of calls that have none.
type doneOf = struct{}
