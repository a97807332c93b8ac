package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"vastdeck/vastapi"
)

// Dialer opens a TCP connection, as net.Dialer.DialContext does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Options says what a Client works with. The zero Options are right for a user's own
// machine, but for Dir, KnownHosts and ConfigFile, which have no safe default.
type Options struct {
	Runner Runner // nil = the system's processes
	Dial   Dialer // nil = the system's network
	// Listen is how it is found out whether a port of this machine is free; nil = net.Listen.
	Listen func(network, address string) (net.Listener, error)

	SSH    string // the program, "" = ssh in the PATH
	Keygen string // "" = ssh-keygen beside SSH or in the PATH

	Dir        string // folder of control sockets; RuntimeDir finds a good one
	KnownHosts string // our own file of host keys
	ConfigFile string // the managed file that ~/.ssh/config includes
	SSHDir     string // "" = .ssh in the home folder
	Identity   string // path of a private key to use and no other, "" = see FindIdentities
	User       string // "" = "root", which is the user of every instance

	// Scope tells accounts and API hosts with equal ids apart: it is hashed into the
	// names of control sockets.
	Scope string
	// Alias tells them apart for the user in the names of the managed configuration; it is
	// brought down to letters, digits and dashes. "" = the names have no such part.
	Alias string

	Getenv     func(string) string // nil = os.Getenv
	Environ    func() []string     // nil = os.Environ
	AllowHosts []string            // hosts that are taken although they are no public ones; for tests
}

// Client speaks to instances with the system's OpenSSH. It is safe for use by many
// goroutines at a time and has none of its own.
type Client struct {
	o     Options
	scope string
	alias string

	files sync.Mutex // known hosts and configuration are read, changed and replaced

	keys       sync.Mutex
	identities []string // see FindIdentities
}

// maxSocketPath is what the path of a control socket may have, in bytes. A socket's
// address has room for 104 (macOS) or 108 (Linux) with its end, and ssh appends 17
// characters to the path while it makes the socket.
const maxSocketPath = 104 - 1 - 17

// New checks o and returns a Client. It touches neither files nor network.
func New(o Options) (*Client, error) {
	o = o.withDefaults()
	sum := sha256.Sum256([]byte(o.Scope))
	c := &Client{o: o, scope: hex.EncodeToString(sum[:4]), alias: slug(o.Alias)}
	if !userName().MatchString(o.User) {
		return nil, errors.New("setting up ssh: the user is not a plain name")
	}
	for _, p := range []struct{ what, path string }{
		{"folder of control sockets", o.Dir}, {"file of host keys", o.KnownHosts}, {"identity", o.Identity},
		{"managed configuration", o.ConfigFile}, {"ssh folder", o.SSHDir},
	} {
		if err := checkPath(p.path); err != nil {
			return nil, fmt.Errorf("setting up ssh: the %s: %w", p.what, err)
		}
	}
	if o.Dir == "" || o.KnownHosts == "" {
		return nil, errors.New("setting up ssh: no folder for control sockets or no file of host keys was given")
	}
	if n := len(c.socket(1 << 40)); n > maxSocketPath {
		return nil, fmt.Errorf("setting up ssh: the folder of control sockets %s is too long by %d bytes: set XDG_RUNTIME_DIR or TMPDIR to a shorter one", o.Dir, n-maxSocketPath)
	}
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Environ == nil {
		o.Environ = os.Environ
	}
	if o.Runner == nil {
		o.Runner = Processes{}
	}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Listen == nil {
		o.Listen = net.Listen
	}
	if o.User == "" {
		o.User = "root"
	}
	if o.SSHDir == "" {
		o.SSHDir = sshDir(o.Getenv)
	}
	o.SSH = programOr(o.SSH, "ssh")
	o.Keygen = programOr(o.Keygen, besides(o.SSH, "ssh-keygen"))
	return o
}

// sshDir is .ssh in the home folder, "" when there is none.
func sshDir(getenv func(string) string) string {
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		var err error
		if home, err = os.UserHomeDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(home, ".ssh")
}

// programOr finds a program in the PATH. One that is not there keeps its plain name:
// starting it fails with a sentence that says so.
func programOr(given, name string) string {
	if given != "" {
		return given
	}
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	return name
}

// besides prefers the program that was installed together with ssh.
func besides(ssh, name string) string {
	path := filepath.Join(filepath.Dir(ssh), name)
	if filepath.IsAbs(ssh) && isRegular(path) {
		return path
	}
	return name
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// checkPath refuses what ssh would read otherwise than it is written: control
// characters and quotes, and ${…}, for which it has no escape.
func checkPath(path string) error {
	switch {
	case path == "":
		return nil
	case !filepath.IsAbs(path):
		return errors.New("the path is not absolute")
	case filepath.Separator == '/' && strings.Contains(path, `\`):
		return errors.New("the path has a backslash in it")
	case strings.Contains(path, "${"):
		return errors.New("the path has a variable in it")
	}
	for _, r := range path {
		if r < ' ' || r == 0x7f || r == '"' || r == '\'' {
			return errors.New("the path has a character that ssh cannot be told")
		}
	}
	return nil
}

// TargetOf is TargetOf with the hosts this client allows.
func (c *Client) TargetOf(i *vastapi.Instance) Target { return TargetOf(i, c.o.AllowHosts...) }

// SSH is the path of the program that is used.
func (c *Client) SSH() string { return c.o.SSH }

// Runner is what starts processes for this client.
func (c *Client) Runner() Runner { return c.o.Runner }

// Dial opens a TCP connection with the dialer of this client.
func (c *Client) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return c.o.Dial(ctx, network, address)
}
