package command

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// SSHOptions says how instances are got into.
type SSHOptions struct {
	Client *remote.Client
	Way    remote.Way // that Auto stands for
	// Terminal makes what runs a command in the terminal of this program, and ends
	// with an error that has an ExitCode and, when ssh itself has failed, a
	// *remote.Failure.
	Terminal func(remote.Command) tea.ExecCommand
	// Tmux is the value of TMUX when shells are opened in a window of it, "" when
	// they take this terminal; TmuxPath is the program, "" = tmux in the PATH.
	Tmux, TmuxPath string
}

// SSH is a Remote that works with the system's OpenSSH.
type SSH struct {
	SSHOptions

	mu      sync.Mutex
	known   map[vastapi.InstanceID]remote.Target // as they were told last
	dropped map[vastapi.InstanceID]bool          // whose host keys were: those that are not known now were destroyed
	tunnelling
}

// NewSSH returns an SSH. Close ends what it keeps open.
func NewSSH(o SSHOptions) *SSH {
	s := &SSH{SSHOptions: o, known: map[vastapi.InstanceID]remote.Target{}, dropped: map[vastapi.InstanceID]bool{}}
	s.tunnelling = newTunnelling(o.Client, s.resolve)
	return s
}

// Target is what has to be known of an instance to get into it.
func (s *SSH) Target(i vastapi.Instance) remote.Target { return s.Client.TargetOf(&i) }

// Know tells where instances answer now.
func (s *SSH) Know(list []remote.Target) {
	known := make(map[vastapi.InstanceID]remote.Target, len(list))
	for _, t := range list {
		known[t.Instance] = t
	}
	s.mu.Lock()
	before := s.known
	s.known = known
	s.mu.Unlock()
	s.moved(before, known)
}

// resolve is where an instance answers, as it was told last.
func (s *SSH) resolve(id vastapi.InstanceID) (remote.Target, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.known[id]
	t.Gone = !ok && s.dropped[id]
	switch { // tunnels take whatever way there is
	case s.Way == remote.Direct && t.Direct.Given():
		t.Proxy = remote.Endpoint{}
	case s.Way == remote.Proxy && t.Proxy.Given():
		t.Direct = remote.Endpoint{}
	}
	return t, ok
}

// Choose finds the endpoint by which a target answers. A connection that is open
// and leads to where the target still answers is taken without a look.
func (s *SSH) Choose(ctx context.Context, t remote.Target, way remote.Way) (remote.Chosen, error) {
	if way == remote.Auto {
		way = s.Way
	}
	if t.Refused != "" {
		return s.Client.Choose(ctx, t, way)
	}
	up, err := s.Client.Check(ctx, t.Instance)
	if open := up.Endpoint; err == nil && leads(t, open, way) {
		return remote.Chosen{Endpoint: open, Why: "Over the connection that is open already, by the " + open.Way.String() + " way."}, nil
	}
	return s.Client.Choose(ctx, t, way)
}

// leads reports whether an endpoint is one of a target, by a way that is wanted.
func leads(t remote.Target, e remote.Endpoint, way remote.Way) bool {
	return e.Given() && (e == t.Direct || e == t.Proxy) && (way == remote.Auto || way == e.Way)
}

// Shell makes what runs an interactive shell in the terminal.
func (s *SSH) Shell(ctx context.Context, t remote.Target, w remote.Chosen) (Opening, error) {
	if s.Terminal == nil {
		return Opening{}, errors.New("no shell can be opened in this terminal")
	}
	cmd, err := s.Client.Shell(ctx, t.Instance, w, remote.Shell{})
	if err != nil {
		return Opening{}, err
	}
	return Opening{Run: s.Terminal(cmd), Said: said(t, cmd), Alone: cmd.Alone()}, nil
}

// said is a command line with what the user wants to see of it: the options that
// are the same each time are left out.
func said(t remote.Target, cmd remote.Command) string {
	name := remote.Alias(t.Instance)
	if t.Name != "" {
		name = t.Name + " (" + name + ")"
	}
	port := slices.Index(cmd.Args, "-p")
	if port < 0 {
		return "Opening a shell in " + name + "."
	}
	return "Opening a shell in " + name + ": " + filepath.Base(cmd.Path) + " " + strings.Join(slices.DeleteFunc(slices.Clone(cmd.Args[port:]), func(a string) bool { return a == "--" }), " ")
}

// Windowed reports whether shells are opened in a window of tmux.
func (s *SSH) Windowed() bool { return s.Tmux != "" }

// Sessions are the shared connections that are up.
func (s *SSH) Sessions(ctx context.Context) ([]remote.Session, error) { return s.Client.Sessions(ctx) }

// OpenSession opens a shared connection that stays until it is closed.
func (s *SSH) OpenSession(ctx context.Context, t remote.Target, e remote.Endpoint) error {
	_, err := s.Client.Open(ctx, t.Instance, e, true)
	return err
}

// CloseSession closes a shared connection and all that goes over it.
func (s *SSH) CloseSession(ctx context.Context, id vastapi.InstanceID) error {
	return s.Client.Close(ctx, id)
}

// FreePort finds a port of this machine that nobody listens on.
func (s *SSH) FreePort(_ context.Context, bind string, wanted int) (int, error) {
	if port := s.Client.FreePort(bind, wanted); port != 0 {
		return port, nil
	}
	return 0, errors.New("no port of this machine near that one is free: choose another")
}

// LocalKeys are the public keys that lie on this machine.
func (s *SSH) LocalKeys(context.Context) ([]remote.LocalKey, error) { return s.Client.LocalKeys() }

// ReadPublicKey reads one public key.
func (s *SSH) ReadPublicKey(_ context.Context, path string) (remote.LocalKey, error) {
	return remote.ReadPublicKey(path)
}

// GenerateKey makes a pair of keys.
func (s *SSH) GenerateKey(ctx context.Context, name, comment string) (remote.LocalKey, error) {
	path, usual := name, s.Client.DefaultKeyPath()
	switch {
	case name == "":
		path = usual
	case !strings.ContainsRune(name, filepath.Separator):
		path = filepath.Join(filepath.Dir(usual), name)
	default:
		full, err := homed(name)
		if err != nil {
			return remote.LocalKey{}, err
		}
		path = full
	}
	return s.Client.Generate(ctx, path, comment)
}

// Examine finds out why ssh does not work.
func (s *SSH) Examine(ctx context.Context, who remote.Subject, tell func(remote.Check)) []remote.Check {
	return s.Client.Examine(ctx, who, tell)
}

// Exec runs a command line in a target's shell.
func (s *SSH) Exec(ctx context.Context, t remote.Target, line string, o remote.ExecOptions) (remote.Outcome, error) {
	chosen, err := s.Choose(ctx, t, remote.Auto)
	if err != nil {
		return remote.Outcome{}, err
	}
	return s.Client.Exec(ctx, t.Instance, chosen.Endpoint, line, o)
}

// Follow gives the last lines of a file and what is added to it.
func (s *SSH) Follow(ctx context.Context, t remote.Target, file string, o remote.ExecOptions) (remote.Outcome, error) {
	chosen, err := s.Choose(ctx, t, remote.Auto)
	if err != nil {
		return remote.Outcome{}, err
	}
	return s.Client.Follow(ctx, t.Instance, chosen.Endpoint, file, o)
}

// ForgetHostKeys drops the pinned host keys of instances.
func (s *SSH) ForgetHostKeys(_ context.Context, ids []vastapi.InstanceID) (err error) {
	for _, id := range ids {
		_, e := s.Client.ForgetHost(id)
		err = errors.Join(err, e)
	}
	s.mu.Lock()
	for _, id := range ids {
		s.dropped[id] = true
	}
	s.mu.Unlock()
	return err
}

// HostNames are the names under which ssh's configuration knows targets.
func (s *SSH) HostNames(list []remote.Target) map[vastapi.InstanceID][]string {
	return s.Client.HostNames(list)
}

// WriteConfig writes the managed part of ssh's configuration and includes it.
func (s *SSH) WriteConfig(_ context.Context, list []remote.Target) (string, error) {
	if _, err := s.Client.WriteConfig(list); err != nil {
		return "", err
	}
	path := s.Client.UserConfig()
	return path, s.Client.Include(path)
}

// KeepConfig keeps the managed part current while it is included.
func (s *SSH) KeepConfig(_ context.Context, list []remote.Target) (bool, error) {
	included, err := s.Client.Included(s.Client.UserConfig())
	if err != nil || !included {
		return false, err
	}
	_, err = s.Client.WriteConfig(list)
	return true, err
}

// RemoveConfig takes it away again.
func (s *SSH) RemoveConfig(context.Context) (string, error) {
	path := s.Client.UserConfig()
	if err := s.Client.Exclude(path); err != nil {
		return path, err
	}
	return path, s.Client.RemoveConfig()
}
