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
			"ssh's own failure. --print shows the line for ssh and connects to nothing.",
		Example:           "vastdeck ssh 123456\nvastdeck ssh trainer -- nvidia-smi\nvastdeck ssh trainer -- 'cat > /root/data.tar' < data.tar",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			way, err := wayNamed(f.way)
			if err != nil {
				return a.done(err)
			}
			if dash := c.ArgsLenAtDash(); dash != 1 && (dash >= 0 || len(args) > 1) {
				return a.done(usagef("name one instance; a command stands behind --, as in: vastdeck ssh trainer -- nvidia-smi"))
			}
			return a.onAccount(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.ssh(ctx, args[0], args[1:], way, f) })
		},
	}
	f.addProvider(c)
	l := c.Flags()
	l.StringVar(&f.way, "way", "", "how it is reached: auto, direct or proxy (default: ssh.way of config.toml)")
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
func sshLine(e remote.Endpoint) string { return "ssh -p " + strconv.Itoa(e.Port) + " root@" + e.Host }

// sshLineOf is the line for a target: directly when it has a direct port, else through
// the proxy; "" when there is no way.
func sshLineOf(t remote.Target) string {
	switch {
	case t.Refused != "":
		return ""
	case t.Direct.Given():
		return sshLine(t.Direct)
	case t.Proxy.Given():
		return sshLine(t.Proxy)
	}
	return ""
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
	t := k.target(i)
	if f.print {
		return k.printWay(t, way)
	}
	if !t.Running {
		return failedf("instance %s does not run: `vastdeck start %s` starts it, `vastdeck instances` shows how it stands.", i.ID, i.ID)
	}
	line := strings.Join(command, " ")
	if k.demo {
		return k.demoSSH(ctx, t, line)
	}
	if f.way == "" {
		way = wayOf(k.settings.SSH.Way)
	}
	return k.realSSH(ctx, t, way, line, f.tty)
}

// printWay prints the line for ssh.
func (k *account) printWay(t remote.Target, way remote.Way) error {
	line := sshLineOf(t)
	switch {
	case t.Refused != "":
		return failedf("%s", t.Refused)
	case way == remote.Direct && !t.Direct.Given(), way == remote.Proxy && !t.Proxy.Given(), line == "":
		return failedf("there is no such way to instance %s: leave --way out", t.Instance)
	case way == remote.Proxy:
		line = sshLine(t.Proxy)
	}
	_, err := fmt.Fprintln(k.stdout, line)
	return err
}

// realSSH gives the streams to the system's ssh.
func (k *account) realSSH(ctx context.Context, t remote.Target, way remote.Way, line string, tty bool) error {
	ssh, closeSSH, err := k.openSSH()
	if err != nil {
		return failedf("ssh cannot be used: %s", err)
	}
	defer closeSSH()
	chosen, err := ssh.Choose(ctx, t, way)
	if err != nil {
		return failedSSH(err)
	}
	shell := remote.Shell{Line: line, Batch: !k.asks()}
	var cmd remote.Command
	switch {
	case line == "" && term.IsTerminal(k.stdin.Fd()):
		fmt.Fprintln(k.stderr, chosen.Why)
		cmd, err = ssh.Client.Shell(ctx, t.Instance, chosen, shell)
	case tty:
		cmd, err = ssh.Client.ShellCommand(t.Instance, chosen, shell)
	default:
		cmd, err = ssh.Client.PlainCommand(t.Instance, chosen, shell)
	}
	if err != nil {
		return failedSSH(err)
	}
	return k.runSSH(ctx, cmd)
}

// failedSSH is an error of ssh that was not even started.
func failedSSH(err error) error {
	if cancelled(err) {
		return err
	}
	return failedf("%s", err)
}

// runSSH runs a command of ssh in the place of this program, so to say: with its streams,
// and with its exit status. When ssh itself has failed, what it said is explained.
func (k *account) runSSH(ctx context.Context, c remote.Command) error {
	// The death signal is about the thread that has started the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env, cmd.SysProcAttr = c.Env, shellAttributes()
	cmd.Cancel = func() error { return askToEnd(cmd.Process) }
	cmd.WaitDelay = afterProgram
	said := &remote.Capture{Max: maxSaid}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = k.stdin, k.stdout, io.MultiWriter(k.stderr, said)
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
		return k.runSSH(ctx, remote.Command{Path: self, Args: []string{demoVerb, sshLineOf(t)}, Env: []string{"TERM=" + k.getenv("TERM")}})
	}
	answer := demoAnswer(line, 0)
	if _, err := io.WriteString(k.stdout, answer.text); err != nil || answer.code == 0 {
		return err
	}
	return &exitError{code: answer.code}
}
