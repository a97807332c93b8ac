package remote

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi"
)

// Command is a process to start: no shell reads it. Args do not have the program's
// name in front. Env is the whole environment of the child.
type Command struct {
	Path string
	Args []string
	Env  []string
	// Grace is how long the process has to end by itself after it was asked to, when it
	// is given up; 0 = it is ended at once.
	Grace time.Duration
}

// ownConnection is how ssh is told to have nothing to do with a shared connection.
const ownConnection = "ControlPath=none"

// Alone reports whether the command has a connection of its own, which ends with it.
func (c Command) Alone() bool { return slices.Contains(c.Args, ownConnection) }

// Sharing says what a connection has to do with the shared one of its instance.
type Sharing int

// The ways of sharing.
const (
	Use  Sharing = iota // goes through the shared connection when it is up, else by itself
	Make                // the same, and becomes the shared one when there is none
	Own                 // has nothing to do with it
)

// Shell is what an interactive session is to be.
type Shell struct {
	// Line is a command of the remote shell, "" = a log-in shell.
	Line string
	// Batch forbids ssh to ask anything.
	Batch bool
}

const (
	persist        = "10m"
	connectSeconds = 10
	maxLine        = 100 << 10 // bytes of a remote command; Linux takes 128 KiB an argument
)

// Options are the options of a connection to an instance that ssh, scp and sftp take
// alike, without port, user and host.
func (c *Client) Options(id vastapi.InstanceID, s Sharing) []string {
	o := func(name, value string) []string { return []string{"-o", name + "=" + value} }
	var all []string
	add := func(pair []string) { all = append(all, pair...) }
	// A command line comes before the user's files: what stands there for all hosts
	// cannot lend anything of this machine to the other one.
	for _, name := range []string{"ForwardAgent", "ForwardX11", "PermitLocalCommand", "Tunnel"} {
		add(o(name, "no"))
	}
	add(o("RemoteCommand", "none"))
	add(o("ClearAllForwardings", "yes"))
	for _, pair := range c.hostKeyOptions(id) {
		add(o(pair[0], pair[1]))
	}
	add(o("ConnectTimeout", strconv.Itoa(connectSeconds)))
	add(o("ServerAliveInterval", "15"))
	add(o("ServerAliveCountMax", "3"))
	add(c.sharing(id, s))
	for _, pair := range c.identityOptions() {
		add(o(pair[0], pair[1]))
	}
	return all
}

// hostKeyOptions pin the key of an instance under its own name in our own file. The
// address is no part of it: addresses and ports are used again for other machines.
func (c *Client) hostKeyOptions(id vastapi.InstanceID) [][2]string {
	return [][2]string{
		{"UserKnownHostsFile", confPath(c.o.KnownHosts)},
		{"HostKeyAlias", Alias(id)},
		{"StrictHostKeyChecking", "accept-new"},
		{"CheckHostIP", "no"},
		{"HashKnownHosts", "no"}, // there are only our own names in it
	}
}

func (c *Client) sharing(id vastapi.InstanceID, s Sharing) []string {
	switch {
	case s == Own || !CanShare:
		return []string{"-o", "ControlMaster=no", "-o", ownConnection}
	case s == Make:
		return []string{"-o", "ControlMaster=auto", "-o", "ControlPath=" + confPath(c.socket(id)), "-o", "ControlPersist=" + persist}
	}
	return []string{"-o", "ControlMaster=no", "-o", "ControlPath=" + confPath(c.socket(id))}
}

// confPath writes a path as a value of ssh's configuration: %-signs would begin a
// token there and a blank would end the value. Paths with quotes were refused by New.
func confPath(path string) string {
	path = strings.ReplaceAll(filepath.ToSlash(path), "%", "%%")
	if strings.ContainsAny(path, " #=") {
		return `"` + path + `"`
	}
	return path
}

// Destination is "user@host" for an endpoint that has been checked, "user@[host]" for
// an IPv6 address when brackets is asked for, as scp and rsync write it.
func (c *Client) Destination(e Endpoint, brackets bool) (string, error) {
	if err := e.check(c.o.AllowHosts); err != nil {
		return "", err
	}
	host := e.Host
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() && brackets {
		host = "[" + host + "]"
	}
	return c.o.User + "@" + host, nil
}

// ShellCommand is an interactive session by what was chosen: the shared connection is
// used when it is up, and none is ever made, because two programs that make one at once
// leave one that nobody can find. Prepare, or Choose, has to be called before it is
// started; Client.Shell does all that is needed.
func (c *Client) ShellCommand(id vastapi.InstanceID, ch Chosen, s Shell) (Command, error) {
	share, extra := Use, append(c.batch(s.Batch), "-t")
	if ch.Own {
		share = Own
	}
	return c.connect(id, ch.Endpoint, share, extra, s.Line, true)
}

// MasterCommand opens the shared connection in the background: it ends with 0 once the
// connection is up. hold keeps it until it is closed; else it ends 10 minutes after the
// last use. (A look at it, -O check, counts as use.)
func (c *Client) MasterCommand(id vastapi.InstanceID, e Endpoint, hold bool) (Command, error) {
	return c.masterCommand(id, e, master{hold: hold})
}

func (c *Client) masterCommand(id vastapi.InstanceID, e Endpoint, m master) (Command, error) {
	extra := append(c.batch(true), "-M", "-N", "-f")
	if m.hold {
		extra = append(extra, "-o", "ControlPersist=yes")
	}
	if m.watched {
		extra = append(extra, "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2")
	}
	return c.connect(id, e, Make, extra, "", false)
}

// LineCommand runs one command line of the remote shell without a terminal; its output
// is the command's own and its exit code too, but for 255, which is ssh's.
func (c *Client) LineCommand(id vastapi.InstanceID, e Endpoint, s Sharing, line string) (Command, error) {
	if line == "" {
		return Command{}, errors.New("running a command: the line is empty")
	}
	return c.connect(id, e, s, append(c.batch(true), "-T"), line, false)
}

// batch keeps ssh from asking and lets it say why it fails, which the user's own files
// may have silenced.
func (c *Client) batch(on bool) []string {
	if on {
		return []string{"-o", "BatchMode=yes", "-o", "LogLevel=INFO"}
	}
	return nil
}

// connect puts a call of ssh together. What is special about it comes first, because
// the first value of an option counts.
func (c *Client) connect(id vastapi.InstanceID, e Endpoint, s Sharing, extra []string, line string, term bool) (Command, error) {
	to, err := c.Destination(e, false)
	if err != nil {
		return Command{}, err
	}
	if err := checkLine(line); err != nil {
		return Command{}, err
	}
	args := append([]string{"-a", "-x", "-k"}, extra...)
	args = append(args, c.Options(id, s)...)
	args = append(args, "-p", strconv.Itoa(e.Port), "--", to)
	if line != "" {
		args = append(args, line)
	}
	return Command{Path: c.o.SSH, Args: args, Env: c.environ(term)}, nil
}

// checkLine refuses a line that begins with a dash: ssh looks for options behind the
// host too, in spite of the two dashes before it.
func checkLine(line string) error {
	switch {
	case strings.HasPrefix(line, "-"):
		return errors.New("running a command: the line begins with a dash, ssh would take it for an option")
	case strings.ContainsRune(line, 0):
		return errors.New("running a command: the line has a NUL byte in it")
	case len(line) > maxLine:
		return fmt.Errorf("running a command: the line is longer than %d bytes: copy a script over and run that", maxLine)
	}
	return nil
}

// CheckCommand asks the shared connection whether it is up.
func (c *Client) CheckCommand(id vastapi.InstanceID) Command { return c.control(id, "check") }

// ExitCommand ends the shared connection and everything that goes through it.
func (c *Client) ExitCommand(id vastapi.InstanceID) Command { return c.control(id, "exit") }

// ForwardCommand adds a forwarded port to the shared connection.
func (c *Client) ForwardCommand(f Forward) (Command, error) { return c.forwarding(f, "forward") }

// CancelCommand takes a forwarded port away from the shared connection.
func (c *Client) CancelCommand(f Forward) (Command, error) { return c.forwarding(f, "cancel") }

func (c *Client) forwarding(f Forward, verb string) (Command, error) {
	spec, err := f.spec()
	if err != nil {
		return Command{}, err
	}
	return c.control(f.Instance, verb, "-L", spec), nil
}

// control speaks to the shared connection through its socket. No configuration is read,
// because forwards that stand in the user's own would be asked for as well, and
// ClearAllForwardings is left out, because it would take away the one that is asked for
// and end with 0 all the same. The host is only a name: nothing is connected to.
func (c *Client) control(id vastapi.InstanceID, verb string, extra ...string) Command {
	args := append([]string{"-F", "none", "-a", "-x", "-k"}, "-o", "ForwardAgent=no", "-o", "PermitLocalCommand=no")
	args = append(args, "-o", "BatchMode=yes", "-o", "ControlPath="+confPath(c.socket(id)), "-O", verb)
	args = append(args, extra...)
	return Command{Path: c.o.SSH, Args: append(args, "--", Alias(id)), Env: c.environ(false)}
}

// spec is the forward as the option -L takes it.
func (f Forward) spec() (string, error) {
	f = f.WithDefaults()
	if err := f.Check(); err != nil {
		return "", err
	}
	return net.JoinHostPort(f.Bind, strconv.Itoa(f.Local)) + ":" + net.JoinHostPort(f.Host, strconv.Itoa(f.Remote)), nil
}
