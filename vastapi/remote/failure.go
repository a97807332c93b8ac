package remote

import (
	"errors"
	"strings"

	"vastdeck/vastapi/safetext"
)

// FailureKind tells what went wrong with ssh.
type FailureKind int

// The kinds of failure.
const (
	FailUnknown     FailureKind = iota
	FailNoWay                   // there is no address to connect to
	FailStart                   // the program could not be started
	FailTimeout                 // no answer in time
	FailRefused                 // nobody listens at the port
	FailUnreachable             // no route, or no such name
	FailHostKey                 // another host key than the one that was pinned
	FailDenied                  // none of the keys is taken
	FailClosed                  // the other side hung up before the log-in
	FailPort                    // a port on this machine is taken or forbidden
	FailForward                 // the forward was accepted but does not work
	FailNoMaster                // there is no shared connection
	FailOptions                 // ssh did not understand its arguments: it is too old
	FailLost                    // the connection broke after the log-in
)

func (k FailureKind) String() string {
	return [...]string{
		"unknown", "no way", "not started", "timed out", "refused", "unreachable", "host key changed", "permission denied",
		"closed", "port in use", "forward failed", "no connection", "options", "lost",
	}[k]
}

// Failure is an error of ssh itself in words for the user. All its texts are inert.
type Failure struct {
	Kind     FailureKind
	Sentence string // what is wrong
	Next     string // what to do about it
	Detail   string // the line of ssh that says so, "" when there is none
	cause    error
}

// Error is the sentence and the next step.
func (f *Failure) Error() string { return strings.TrimSpace(f.Sentence + " " + f.Next) }

// Unwrap is what caused it, nil when only ssh knows.
func (f *Failure) Unwrap() error { return f.cause }

// FailureOf finds the Failure in err, nil when there is none.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// SSHFailed is the exit code by which ssh says that it failed itself. Every other code
// is that of the remote command, which can be 255 as well but rarely is.
const SSHFailed = 255

// Explain reads what ssh said on its standard error when it ended with code. It is nil
// unless the code is 255. What the remote command printed there is not told apart from
// what ssh printed, so nothing may be done on the strength of it without the user.
func Explain(code int, stderr string) *Failure {
	if code != SSHFailed {
		return nil
	}
	for _, s := range signs {
		if line := lineWith(stderr, s.words); line != "" {
			if shown := shownKey(stderr); s.kind == FailHostKey && shown != "" {
				line = shown
			}
			return &Failure{Kind: s.kind, Sentence: s.sentence, Next: s.next, Detail: line}
		}
	}
	line := lastLine(stderr)
	return &Failure{Kind: FailUnknown, Sentence: "ssh failed.", Next: "Run the doctor to see where.", Detail: line}
}

// sign is how a failure is recognised in what OpenSSH prints.
type sign struct {
	words          []string // one of these, lower case
	kind           FailureKind
	sentence, next string
}

// noSocket is how ssh begins when nobody is at a control socket.
const noSocket = "control socket connect"

const (
	sayClosed  = "It hung up before the log-in was done."
	nextClosed = "It may still be starting: wait a little, or try the other way."
)

// signs are looked for in this order: what is certain first, since a changed key is
// followed by a line about permissions.
var signs = []sign{
	{[]string{"remote host identification has changed", "host key verification failed", "host key for vast-"}, FailHostKey,
		"Its host key is another one than before.",
		"If it was recycled or its image changed, forget the old key. If not, somebody may be listening: do not log in."},
	{[]string{"permission denied (", "too many authentication failures", "no more authentication methods"}, FailDenied,
		"It takes none of the keys of this machine.",
		"Attach a key of this machine to it; that works after 15 s."},
	{[]string{"kex_exchange_identification", "banner exchange: "}, FailClosed, sayClosed, nextClosed},
	{[]string{"client_loop: send disconnect", "closed by remote host", "timeout, server"}, FailLost,
		"The connection broke.",
		"Open it again; if the instance was stopped, start it first."},
	{[]string{"connection refused"}, FailRefused,
		"Nobody listens at its ssh port.",
		"It may still be starting: wait a little, or go through the proxy."},
	{[]string{"connection timed out", "operation timed out", "timed out while waiting"}, FailTimeout,
		"It does not answer.",
		"Try the other way, or wait until the host is back."},
	{[]string{"no route to host", "network is unreachable", "could not resolve hostname", "name or service not known", "host is down"}, FailUnreachable,
		"There is no way to its address from here.",
		"Check this machine's network, or try the other way."},
	{[]string{"address already in use", "cannot listen to port", "port forwarding failed", "bind: permission denied", "privileged ports can only"}, FailPort,
		"The port on this machine cannot be used.",
		"Choose another one."},
	{[]string{"connection closed by", "connection reset by", "broken pipe"}, FailClosed, sayClosed, nextClosed},
	{[]string{"bad configuration option", "command-line line", "unknown option", "unsupported option", "illegal option"}, FailOptions,
		"This ssh does not understand what it is asked.",
		"OpenSSH 7.6 or newer is needed."},
	{[]string{noSocket, "mux_client", "muxclient"}, FailNoMaster,
		"There is no open connection to it.",
		"Open one first."},
}

// lineWith is the first line with one of the words. "Connection refused" at a control
// socket is not about the instance: ssh goes on without the socket.
func lineWith(text string, words []string) string {
	for line := range strings.Lines(text) {
		low := strings.ToLower(line)
		for _, w := range words {
			if strings.Contains(low, w) && (w == noSocket || !strings.HasPrefix(low, noSocket)) {
				return inertLine(line)
			}
		}
	}
	return ""
}

// shownKey is what ssh says of the host key that was not expected, by which it can be
// asked for elsewhere, "" when it says nothing. Its fingerprint stands on the next line.
func shownKey(text string) string {
	lines := strings.Split(text, "\n")
	for n, line := range lines[:len(lines)-1] {
		if strings.HasPrefix(line, "The fingerprint for the ") {
			return inertLine(strings.TrimSpace(line) + " " + strings.TrimSpace(lines[n+1]))
		}
	}
	return ""
}

func lastLine(text string) string {
	last := ""
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			last = line
		}
	}
	return inertLine(last)
}

func inertLine(s string) string { return safetext.Clean(strings.TrimSpace(s), safetext.MaxRunes) }
