package main

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// The verb ssh as data: how an instance is reached, and what a command printed there.

// wayJSON is how an instance is reached, found out without connecting.
type wayJSON struct {
	Version  int      `json:"version"`
	Provider string   `json:"provider"`
	Instance int64    `json:"instance"`
	Name     *string  `json:"name"`
	User     string   `json:"user"`
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Way      string   `json:"way"` // "direct" or "proxy"
	Why      string   `json:"why"` // a sentence
	Command  []string `json:"command"`
	Line     string   `json:"line"` // what somebody would type
}

// ranJSON is what a command did in an instance.
type ranJSON struct {
	Version    int    `json:"version"`
	Provider   string `json:"provider"`
	Instance   int64  `json:"instance"`
	ExitStatus int    `json:"exit_status"`
	Stdout     string `json:"stdout"` // inert, the first MiB
	Stderr     string `json:"stderr"` // the same
	Truncated  bool   `json:"truncated"`
	// Error is a sentence that explains a status of 255, which is ssh's own or the command's.
	Error string `json:"error,omitempty"`
}

// wayData prints how an instance is reached, or as the plan of what would be run there.
func (k *account) wayData(t remote.Target, way remote.Way, line string, f sshFlags) error {
	found, err := k.wayTo(t, way, line, f.tty)
	if err != nil {
		return err
	}
	k.printed = true
	if !f.plan {
		return printJSON(k.stdout, found)
	}
	out := plansOf(nil)
	out.Reads, out.SSH = "`vastdeck ssh` changes nothing in the account: there is nothing to plan. This would be run; nothing was connected to.", found
	return printJSON(k.stdout, out)
}

// wayTo is how a target is reached, without a look at the network.
func (k *account) wayTo(t remote.Target, way remote.Way, line string, tty bool) (*wayJSON, error) {
	e := endpointOf(t, way)
	if !e.Given() {
		return nil, noWay(t, way)
	}
	out := &wayJSON{
		Version: schemaVersion, Provider: onlyProvider, Instance: int64(t.Instance), Name: words(t.Name),
		User: sshUser, Host: e.Host, Port: e.Port, Way: e.Way.String(), Why: whyWay(t, way), Line: sshLine(e),
	}
	if k.demo {
		out.Command = strings.Fields(out.Line)
		if line != "" {
			out.Command = append(out.Command, line)
		}
		return out, nil
	}
	ssh, closeSSH, err := k.openSSH()
	if err != nil {
		return nil, failedf("ssh cannot be used: %s", err)
	}
	defer closeSSH()
	call := ssh.Client.PlainCommand
	if line == "" || tty {
		call = ssh.Client.ShellCommand
	}
	cmd, err := call(t.Instance, remote.Chosen{Endpoint: e}, remote.Shell{Line: line, Batch: !k.asks()})
	if err != nil {
		return nil, failedSSH(err)
	}
	out.Command = append([]string{cmd.Path}, cmd.Args...)
	return out, nil
}

// whyWay says why a target is reached that way.
func whyWay(t remote.Target, way remote.Way) string {
	switch {
	case way != remote.Auto:
		return "By the " + way.String() + " way, as asked for."
	case !t.Direct.Given():
		return "Through the proxy: it has no direct port."
	case t.Proxy.Given():
		return "Directly: it has a direct port. Whether that answers was not tried; the proxy is taken when it does not."
	}
	return "Directly: it has a direct port and no proxy. Whether the port answers was not tried."
}

// maxKept is how many bytes of each stream of a command are printed as data.
const maxKept = 1 << 20

// sshData runs a command in an instance and prints what it did as data. When ssh itself
// has failed before the command printed anything, that is the error of the verb.
func (k *account) sshData(ctx context.Context, t remote.Target, way remote.Way, line string) error {
	out, errs := &remote.Capture{Max: maxKept}, &remote.Capture{Max: maxKept}
	err := k.captured(ctx, t, way, line, out, errs)
	status, said := 0, ""
	if err != nil {
		var exit *exitError
		if !errors.As(err, &exit) || exit.text != "" && (exit.code != remote.SSHFailed || len(out.Bytes()) == 0) {
			_, _ = k.stderr.Write([]byte(inertText(errs.Bytes())))
			return err
		}
		status, said = exit.code, exit.text
	}
	k.printed = true
	shown := printJSON(k.stdout, ranJSON{
		Version: schemaVersion, Provider: onlyProvider, Instance: int64(t.Instance), ExitStatus: status, Error: said,
		Stdout: inertText(out.Bytes()), Stderr: inertText(errs.Bytes()), Truncated: out.Lost()+errs.Lost() > 0,
	})
	if err == nil {
		return shown
	}
	return err
}

// captured runs a command and keeps what it prints.
func (k *account) captured(ctx context.Context, t remote.Target, way remote.Way, line string, out, errs *remote.Capture) error {
	if k.demo {
		return demoRun(line, out)
	}
	shell := remote.Shell{Line: line, Batch: !k.asks()}
	return k.throughSSH(ctx, t, way, out, errs, func(ssh *remote.Client, chosen remote.Chosen) (remote.Command, error) {
		return ssh.PlainCommand(t.Instance, chosen, shell)
	})
}

// inertChunk is how many bytes are made inert at a time.
const inertChunk = 16 << 10

// inertText is what a command printed, in which nothing acts on a terminal but the ends
// of lines and the tabs, which data needs.
func inertText(text []byte) string {
	var b strings.Builder
	for n := len(text); n > 0; n = len(text) {
		end := chunkEnd(text)
		switch sep := text[0]; sep {
		case '\n', '\t':
			b.WriteByte(sep)
		default:
			b.WriteString(safetext.Clean(string(text[:end]), inertChunk))
		}
		text = text[end:]
	}
	return b.String()
}

// chunkEnd is where the first piece of a text ends: behind a separator that it begins
// with, else before the next one or at the end of a rune after inertChunk bytes.
func chunkEnd(text []byte) int {
	separates := func(c byte) bool { return c == '\n' || c == '\t' }
	if separates(text[0]) {
		return 1
	}
	end := min(len(text), inertChunk)
	for n := range end {
		if separates(text[n]) {
			return n
		}
	}
	for back := end; end < len(text) && back > end-utf8.UTFMax; back-- {
		if utf8.RuneStart(text[back]) {
			return back
		}
	}
	return end
}
