package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// sshFlags are the flags of the verb ssh.
type sshFlags struct {
	verbFlags
	way        string
	print, tty bool
}

func (a *app) sshCommand() *cobra.Command {
	var f sshFlags
	c := &cobra.Command{
		Use:   "ssh INSTANCE [-- COMMAND…]",
		Short: "Open a shell in an instance, or run a command there",
		Long: "ssh goes directly to the instance when its port answers, else through the proxy, with the\n" +
			"system's OpenSSH and a host key file of its own. An instance is named by its id or its name.\n" +
			"With a command its streams are passed on and its exit status becomes this one's; 255 is\n" +
			"ssh's own failure. --print shows the line for ssh and connects to nothing; --json says the\n" +
			"same as data. With --json and a command, what it printed is one JSON document.",
		Example:           "vastdeck ssh 123456\nvastdeck ssh trainer -- nvidia-smi\nvastdeck ssh trainer -- 'cat > /root/data.tar' < data.tar",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			way, err := wayNamed(f.way)
			if err != nil {
				return a.done(err)
			}
			if f.json && f.tty {
				return a.done(usagef("--json keeps what the command prints, so there is no terminal to give it: leave --tty out"))
			}
			if dash := c.ArgsLenAtDash(); dash != 1 && (dash >= 0 || len(args) > 1) {
				return a.done(usagef("name one instance; a command stands behind --, as in: vastdeck ssh trainer -- nvidia-smi"))
			}
			return a.onAccount(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.ssh(ctx, args[0], args[1:], way, f) })
		},
	}
	f.addProvider(c)
	f.addJSON(c)
	f.addPlan(c, "print how it would be reached and what would be run, as data, and connect to nothing")
	addNoYes(c)
	l := c.Flags()
	l.StringVar(&f.way, "way", "", "how it is reached: `WAY` is auto, direct or proxy (default: ssh.way of config.toml)")
	l.BoolVar(&f.print, "print", false, "print the line for ssh and connect to nothing")
	l.BoolVarP(&f.tty, "tty", "t", false, "give the command a terminal, for programs that draw")
	_ = c.RegisterFlagCompletionFunc("way", cobra.FixedCompletions([]string{"auto", "direct", "proxy"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func wayNamed(name string) (remote.Way, error) {
	switch name {
	case "", "auto":
		return remote.Auto, nil
	case "direct":
		return remote.Direct, nil
	case "proxy":
		return remote.Proxy, nil
	}
	return 0, usagef("--way is auto, direct or proxy, not %s", safetext.Quote(name, 40))
}

// sshLine is what somebody would type to get to an endpoint.
func sshLine(e remote.Endpoint) string {
	return "ssh -p " + strconv.Itoa(e.Port) + " " + sshUser + "@" + e.Host
}

// sshUser is who one is in an instance.
const sshUser = "root"

// sshLineOf is the line for a target: directly when it has a direct port, else through
// the proxy; "" when there is no way.
func sshLineOf(t remote.Target) string {
	if e := endpointOf(t, remote.Auto); e.Given() {
		return sshLine(e)
	}
	return ""
}

// endpointOf is where a target is reached when nobody looks at the network: Auto is
// directly when it has a direct port, else through the proxy. It is the zero Endpoint
// when there is no such way.
func endpointOf(t remote.Target, way remote.Way) remote.Endpoint {
	switch {
	case t.Refused != "":
		return remote.Endpoint{}
	case way == remote.Direct, way == remote.Auto && t.Direct.Given():
		return t.Direct
	}
	return t.Proxy
}

// target is an instance as ssh knows it. Addresses of this machine are believed only
// from a server that runs on it.
func (k *account) target(i *vastapi.Instance) remote.Target {
	if onThisMachine(k.host) {
		return remote.TargetOf(i, loopback...)
	}
	return remote.TargetOf(i)
}

func (k *account) ssh(ctx context.Context, arg string, command []string, way remote.Way, f sshFlags) error {
	i, err := k.findInstance(ctx, arg)
	if err != nil {
		return err
	}
	t, line := k.target(i), strings.Join(command, " ")
	if !t.Running {
		return notRunning(i)
	}
	if f.way == "" && !f.print {
		way = wayOf(k.settings.SSH.Way)
	}
	switch {
	case f.plan, f.json && (f.print || line == ""):
		return k.wayData(t, way, line, f)
	case f.print:
		return k.printWay(t, way)
	case f.json:
		return k.sshData(ctx, t, way, line)
	case k.demo:
		return k.demoSSH(ctx, t, line)
	}
	return k.realSSH(ctx, t, way, line, f.tty)
}

// notRunning says why an instance that does not run cannot be reached, and what helps.
func notRunning(i *vastapi.Instance) error {
	state := rental.Display(*i)
	is := fmt.Sprintf("instance %s is %s", i.ID, strings.ToLower(state.Word))
	if state.Why != "" {
		is += ", " + state.Why
	}
	switch {
	case state.Class == rental.ClassStopped:
		return failedf("instance %s does not run: `vastdeck start %s` starts it, `vastdeck instances` shows how it stands.", i.ID, i.ID)
	case state.Word == "EXITED":
		return failedf("%s. `vastdeck logs %s` prints it, `vastdeck reboot %s` runs it again.", is, i.ID, i.ID)
	case state.Class == rental.ClassMoving && i.Intended.String() == "running":
		return failedf("%s: it can be reached once it runs, `vastdeck instances` shows how far it is.", is)
	}
	return failedf("%s. `vastdeck instances` shows how it stands.", is)
}

// printWay prints the line for ssh.
func (k *account) printWay(t remote.Target, way remote.Way) error {
	e := endpointOf(t, way)
	if !e.Given() {
		return noWay(t, way)
	}
	_, err := fmt.Fprintln(k.stdout, sshLine(e))
	return err
}

// noWay says that a target cannot be reached, or not by the way that is asked for.
func noWay(t remote.Target, way remote.Way) error {
	switch {
	case t.Refused != "":
		return failedf("%s", t.Refused)
	case way == remote.Auto:
		return failedf("there is no way to instance %s: it has no direct port and no proxy.", t.Instance)
	}
	return failedf("there is no %s way to instance %s: --way auto takes any that there is.", way, t.Instance)
}

// realSSH gives the streams to the system's ssh.
func (k *account) realSSH(ctx context.Context, t remote.Target, way remote.Way, line string, tty bool) error {
	shell := remote.Shell{Line: line, Batch: !k.asks()}
	return k.throughSSH(ctx, t, way, k.stdout, k.stderr, func(ssh *remote.Client, chosen remote.Chosen) (remote.Command, error) {
		switch {
		case line == "" && term.IsTerminal(k.stdin.Fd()):
			fmt.Fprintln(k.stderr, chosen.Why)
			return ssh.Shell(ctx, t.Instance, chosen, shell)
		case tty:
			return ssh.ShellCommand(t.Instance, chosen, shell)
		}
		return ssh.PlainCommand(t.Instance, chosen, shell)
	})
}

// throughSSH chooses how a target is reached and runs what call makes of that.
func (k *account) throughSSH(ctx context.Context, t remote.Target, way remote.Way, out, errs io.Writer, call func(*remote.Client, remote.Chosen) (remote.Command, error)) error {
	ssh, closeSSH, err := k.openSSH()
	if err != nil {
		return failedf("ssh cannot be used: %s", err)
	}
	defer closeSSH()
	chosen, err := ssh.Choose(ctx, t, way)
	if err != nil {
		return failedSSH(err)
	}
	cmd, err := call(ssh.Client, chosen)
	if err != nil {
		return failedSSH(err)
	}
	return k.runSSH(ctx, cmd, out, errs)
}

// failedSSH is an error of ssh that was not even started.
func failedSSH(err error) error {
	if cancelled(err) {
		return err
	}
	return failedf("%s", err)
}

// runSSH runs a command of ssh in the place of this program, so to say: with its input,
// and with its exit status. When ssh itself has failed, what it said is explained.
func (k *account) runSSH(ctx context.Context, c remote.Command, out, errs io.Writer) error {
	// The death signal is about the thread that has started the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env, cmd.SysProcAttr = c.Env, shellAttributes()
	cmd.Cancel = func() error { return askToEnd(cmd.Process) }
	cmd.WaitDelay = afterProgram
	said := &remote.Capture{Max: maxSaid}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = k.stdin, out, io.MultiWriter(errs, said)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil
	case !errors.As(err, &exit):
		return failedf("%s", remote.NotStarted("ssh", err))
	case exit.ExitCode() < 0:
		return failedf("ssh was ended by a signal.")
	}
	if f := remote.Explain(exit.ExitCode(), string(said.Bytes())); f != nil {
		return &exitError{exit.ExitCode(), f.Error()}
	}
	return &exitError{code: exit.ExitCode()}
}

// askToEnd asks a process to end, where that can be asked.
func askToEnd(p *os.Process) error {
	if err := p.Signal(syscall.SIGTERM); err == nil {
		return nil
	}
	return p.Kill()
}

// demoSSH lets the toy of the demo answer.
func (k *account) demoSSH(ctx context.Context, t remote.Target, line string) error {
	if line == "" {
		self, err := os.Executable()
		if err != nil {
			return failedf("%s", err)
		}
		return k.runSSH(ctx, remote.Command{Path: self, Args: []string{demoVerb, sshLineOf(t)}, Env: []string{"TERM=" + k.getenv("TERM")}}, k.stdout, k.stderr)
	}
	return demoRun(line, k.stdout)
}

// demoRun lets the toy of the demo answer to one line.
func demoRun(line string, out io.Writer) error {
	answer := demoAnswer(line, 0)
	if _, err := io.WriteString(out, answer.text); err != nil || answer.code == 0 {
		return err
	}
	return &exitError{code: answer.code}
}
