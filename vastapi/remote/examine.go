package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// shellMark is what the last step lets the instance say. A login message cannot be
// taken for it.
const shellMark = "vastdeck-shell-works"

// verdict is where one attempt to log in got to.
type verdict int

const (
	loggedIn       verdict = iota // and the command was run
	hostKeyChanged                // ssh refused the instance
	keyRefused                    // the instance refused us
	shellFailed                   // let in, but the command did not run
	broken                        // something else: the connection, or ssh itself
	unfit                         // the ssh of this machine cannot do what is asked of it
)

// loginLimit is how long an attempt to log in may take.
const loginLimit = 20 * time.Second

// Examine finds out why ssh to an instance does not work: it goes through the steps in
// their order, reports each one when it is done, and returns all of them. The direct way
// is tried first, and the proxy when the direct one does not answer. It has nothing to do
// with the shared connection, whose being up would hide what is wrong. When ctx ends, the
// steps that are left fail or are skipped.
func (c *Client) Examine(ctx context.Context, s Subject, report func(Check)) []Check {
	x := &examiner{
		subject: s, report: report, login: c.tryLogin, ready: c.ready, agent: c.agentKeys, usable: c.usable, identity: c.o.Identity,
		dial: func(ctx context.Context, e Endpoint) (net.Conn, error) {
			if err := e.check(c.o.AllowHosts); err != nil {
				return nil, err
			}
			return c.Dial(ctx, "tcp", e.Address())
		},
	}
	return x.run(ctx)
}

// ready is what is wrong with the ssh of this machine, nil when it can be used.
func (c *Client) ready(ctx context.Context, t Target) *Failure {
	if t.Direct.check(c.o.AllowHosts) != nil && t.Proxy.check(c.o.AllowHosts) != nil {
		return nil // ssh is not asked about an address that it is not given
	}
	v, err := c.Version(ctx)
	if f := FailureOf(err); f != nil && f.Kind == FailStart {
		return f
	}
	if err == nil && v.Major > 0 && !v.Enough() {
		f := failureOfKind(FailOptions, nil)
		f.Detail = v.Text
		return f
	}
	return nil
}

// FirstFailed is the step that has to be mended, and false when there is none.
func FirstFailed(checks []Check) (Check, bool) {
	i := slices.IndexFunc(checks, func(c Check) bool { return c.State == CheckFailed })
	if i < 0 {
		return Check{}, false
	}
	return checks[i], true
}

// tryLogin logs in once by a connection of its own and lets the instance say a word.
func (c *Client) tryLogin(ctx context.Context, t Target, e Endpoint) (verdict, string) {
	cmd, err := c.LineCommand(t.Instance, e, Own, "echo "+shellMark)
	if err != nil {
		return broken, refusedBad
	}
	r, err := c.Output(ctx, cmd, loginLimit)
	if err != nil {
		if f := FailureOf(err); f != nil {
			return verdictOf(f), f.Sentence
		}
		return broken, "The examination was cancelled."
	}
	if f := Explain(r.Code, r.Err); f != nil {
		return verdictOf(f), withDetail(f)
	}
	if r.Code != 0 || !strings.Contains(r.Out, shellMark) {
		return shellFailed, fmt.Sprintf("The log-in works, but a command does not run: it ended with %d.", r.Code)
	}
	return loggedIn, ""
}

func verdictOf(f *Failure) verdict {
	switch f.Kind {
	case FailHostKey:
		return hostKeyChanged
	case FailDenied:
		return keyRefused
	case FailStart, FailOptions:
		return unfit
	}
	return broken
}

// withDetail adds the line in which ssh said so.
func withDetail(f *Failure) string {
	if f.Detail == "" {
		return f.Sentence
	}
	return f.Sentence + " ssh says: " + f.Detail
}

// examiner holds what the steps ask of the world.
type examiner struct {
	dial   func(ctx context.Context, e Endpoint) (net.Conn, error)
	login  func(ctx context.Context, t Target, e Endpoint) (verdict, string)
	ready  func(ctx context.Context, t Target) *Failure
	agent  func(ctx context.Context) []string
	usable func(keys []LocalKey, agent []string) []LocalKey
	report func(Check)
	// identity is the private key that the settings name, "" = none.
	identity string
	// subject is who is examined.
	subject Subject
	checks  []Check
}

func (x *examiner) add(c Check) {
	x.checks = append(x.checks, c)
	if x.report != nil {
		x.report(c)
	}
}

// skip reports the steps that are not tried any more.
func (x *examiner) skip(from Step, way Way) {
	for step := from; step <= StepShell; step++ {
		x.add(Check{Step: step, State: CheckSkipped, Way: way, Text: "not tried"})
	}
}

// run goes through the steps until one fails.
func (x *examiner) run(ctx context.Context) []Check {
	switch {
	case !x.status():
		x.skip(StepPort, Auto)
	case !x.port(ctx):
		x.skip(StepTCP, Auto)
	default:
		x.connect(ctx)
	}
	return x.checks
}

func (x *examiner) status() bool {
	c := Check{Step: StepStatus, Text: x.subject.Status}
	if x.subject.Target.Running {
		if c.Text == "" {
			c.Text = "The instance runs."
		}
		x.add(c)
		return true
	}
	c.State = CheckFailed
	if c.Text == "" {
		c.Text = "The instance does not run."
	}
	c.Fix = Fix{Remedy: RemedyStart, Text: "Start the instance; ssh answers once it runs."}
	if x.subject.Coming {
		c.Fix = Fix{Remedy: RemedyWait, Text: "Wait: it is on its way."}
	}
	x.add(c)
	return false
}

// port looks whether there is anything to connect to, and to connect with.
func (x *examiner) port(ctx context.Context) bool {
	t := x.subject.Target
	if t.Refused != "" || !t.Direct.Given() && !t.Proxy.Given() {
		text := t.Refused
		if text == "" {
			text = "The instance has neither a port of its own for ssh nor one at the proxy."
		}
		x.add(Check{Step: StepPort, State: CheckFailed, Text: text, Fix: Fix{
			Text: "Rent with the run type ssh or jupyter to get in; logs and commands work without it.",
		}})
		return false
	}
	if f := x.ready(ctx, t); f != nil {
		x.add(Check{Step: StepPort, State: CheckFailed, Text: "It has an address, but this machine cannot connect: " + withDetail(f), Fix: Fix{Text: f.Next}})
		return false
	}
	var ways []string
	if t.Direct.Given() {
		ways = append(ways, "direct "+t.Direct.Address())
	}
	if t.Proxy.Given() {
		ways = append(ways, "proxy "+t.Proxy.Address())
	}
	x.add(Check{Step: StepPort, Text: strings.Join(ways, " · ")})
	return true
}

// connect tries the direct way and, when it does not answer, the proxy.
func (x *examiner) connect(ctx context.Context) {
	t := x.subject.Target
	if !t.Direct.Given() {
		x.through(ctx, t.Proxy, false)
		return
	}
	if !t.Proxy.Given() {
		x.through(ctx, t.Direct, false)
		return
	}
	if !x.through(ctx, t.Direct, true) {
		x.through(ctx, t.Proxy, false)
	}
}

// through goes through the steps from TCP on by one way. It returns false when the way
// does not answer and another one is left.
func (x *examiner) through(ctx context.Context, e Endpoint, another bool) bool {
	step, checks := x.greet(ctx, e)
	failed := checks[len(checks)-1].State == CheckFailed
	if failed && another {
		last := &checks[len(checks)-1]
		last.State = CheckWarn
		last.Fix = Fix{Remedy: RemedyUseProxy, Text: "Go through the proxy, which is tried next."}
	}
	for _, c := range checks {
		x.add(c)
	}
	if failed {
		if !another {
			x.skip(step+1, e.Way)
		}
		return !another
	}
	x.logIn(ctx, e)
	return true
}

// greet looks whether ssh answers at an endpoint.
func (x *examiner) greet(ctx context.Context, e Endpoint) (Step, []Check) {
	start := time.Now()
	dialing, cancel := context.WithTimeout(ctx, ProbeLimit)
	conn, err := x.dial(dialing, e)
	cancel()
	tcp := Check{Step: StepTCP, Way: e.Way, Took: time.Since(start)}
	if err != nil {
		tcp.State, tcp.Text, tcp.Fix = CheckFailed, fmt.Sprintf("%s does not answer: %s.", e.Address(), dialTrouble(err)), unreachable(e)
		return StepTCP, []Check{tcp}
	}
	tcp.Text = e.Address() + " answers."
	defer func() { _ = conn.Close() }()
	start = time.Now()
	line, err := readBanner(ctx, conn)
	banner := Check{Step: StepBanner, Way: e.Way, Text: line, Took: time.Since(start)}
	if err == nil {
		return StepBanner, []Check{tcp, banner}
	}
	banner.State = CheckFailed
	banner.Text = "The port is open, but no ssh server speaks there yet."
	banner.Fix = Fix{Remedy: RemedyWait, Text: "Wait: the container may still be starting its ssh server, which takes up to a minute. If it stays so, reboot the instance or look at its logs."}
	if errors.Is(err, errNotSSH) {
		banner.Text = "Something else than ssh answers at this port."
		banner.Fix = Fix{Text: "Look at the ports of the instance: another program of the image listens on port 22."}
	}
	return StepBanner, []Check{tcp, banner}
}

// dialTrouble says in words why nothing answers.
func dialTrouble(err error) string {
	switch dialFailure(err).Kind {
	case FailTimeout:
		return fmt.Sprintf("nothing came back within %v", ProbeLimit)
	case FailRefused:
		return "the connection is refused"
	}
	return safetext.Clean(err.Error(), safetext.MaxRunes)
}

func unreachable(e Endpoint) Fix {
	if e.Way == Direct {
		return Fix{Remedy: RemedyWait, Text: "Wait a minute when the instance has just started; else the machine's firewall is closed: reboot the instance, or rent another machine."}
	}
	return Fix{Remedy: RemedyWait, Text: "Wait a minute when the instance has just started; else look whether this network lets ssh out."}
}

// logIn does the last three steps with one ssh.
func (x *examiner) logIn(ctx context.Context, e Endpoint) {
	start := time.Now()
	got, text := x.login(ctx, x.subject.Target, e)
	took := time.Since(start)
	hostKey := Check{Step: StepHostKey, Way: e.Way, Text: "The host key is the one that was pinned, or the first one seen."}
	auth := Check{Step: StepAuth, Way: e.Way, Text: "A key of this machine is let in.", Took: took}
	shell := Check{Step: StepShell, Way: e.Way, Text: "A command runs."}
	switch got {
	case hostKeyChanged:
		hostKey.State, hostKey.Text, hostKey.Took = CheckFailed, text, took
		hostKey.Fix = Fix{Remedy: RemedyForgetHostKey, Text: "If the instance was recycled or rebuilt, forget the old host key; if not, do not go in: somebody may stand in between."}
		x.add(hostKey)
		x.skip(StepAuth, e.Way)
		return
	case unfit:
		hostKey.State, hostKey.Text, hostKey.Took = CheckFailed, "Nothing is wrong with the instance, but with the ssh of this machine: "+text, took
		hostKey.Fix = Fix{Text: "Install OpenSSH 7.6 or newer on this machine (the package openssh-client), and look what its own configuration asks of it."}
		x.add(hostKey)
		x.skip(StepAuth, e.Way)
		return
	case keyRefused:
		if x.subject.Recall != nil {
			x.subject.Recall(ctx, &x.subject)
		}
		auth.State, auth.Text, auth.Fix = CheckFailed, text, x.keyFix(ctx)
		x.add(hostKey)
		x.add(auth)
		x.skip(StepShell, e.Way)
		return
	case shellFailed:
		shell.State, shell.Text = CheckFailed, text
		shell.Fix = Fix{Text: "Look at the logs of the instance, and reboot it when its disk is full or its shell is broken."}
	case broken:
		hostKey.State, hostKey.Text, hostKey.Took = CheckFailed, text, took
		hostKey.Fix = Fix{Remedy: RemedyWait, Text: "Try again in a minute; the connection ended before a key was asked for."}
		x.add(hostKey)
		x.skip(StepAuth, e.Way)
		return
	}
	x.add(hostKey)
	x.add(auth)
	x.add(shell)
}

// keyFix finds out which key of this machine would be let in, among those that ssh offers.
func (x *examiner) keyFix(ctx context.Context) Fix {
	agent := x.agent(ctx)
	own := x.usable(x.subject.Keys, agent)
	switch {
	case len(own) > 0:
	case x.identity != "":
		return Fix{Text: "The settings name the key " + inertLine(x.identity) + ", and beside it there is no public half: correct the setting ssh.identity, or write it with ssh-keygen -y."}
	case len(x.subject.Keys) > 0:
		return Fix{Remedy: RemedyGenerateKey, Text: "There are ssh keys on this machine, but none that ssh offers by itself: make one for instances, or name one of them in the setting ssh.identity, or give it to the agent with ssh-add."}
	default:
		return Fix{Remedy: RemedyGenerateKey, Text: "There is no ssh key on this machine: make one, then attach it to the instance."}
	}
	private := func(k LocalKey) string { return strings.TrimSuffix(k.Path, ".pub") }
	silent := func(k LocalKey) bool { // nobody can be asked for its passphrase
		return k.Path != "" && !slices.Contains(agent, k.Fingerprint) && isLocked(private(k))
	}
	locked := func(k LocalKey) (Fix, bool) {
		path := inertLine(private(k))
		return Fix{Key: k, Text: "The key " + path + " is known there, but it has a passphrase and no agent holds it: run ssh-add " + path + ", then try again."}, silent(k)
	}
	among := func(fingerprints []string) (LocalKey, bool) {
		i := slices.IndexFunc(own, func(k LocalKey) bool { return slices.Contains(fingerprints, k.Fingerprint) })
		if i < 0 {
			return LocalKey{}, false
		}
		return own[i], true
	}
	if key, found := among(x.subject.Attached); found {
		if fix, is := locked(key); is {
			return fix
		}
		return Fix{Remedy: RemedyWait, Key: key, Text: "The key " + keyName(key) +
			" is attached to this instance: wait 15 seconds when that was just now, else look whether ssh offers it (ssh-add -l)."}
	}
	if key, found := among(x.subject.Account); found {
		fix := Fix{Remedy: RemedyAttachKey, Key: key, Text: "The key " + keyName(key) +
			" is in your account, but an instance that runs already does not get new keys: attach it to this one."}
		if add, is := locked(key); is { // it may have been there when the instance was made
			fix.Text = add.Text + " If that does not help, attach it to this instance."
		}
		return fix
	}
	fix := Fix{Remedy: RemedyAttachKey, Key: own[0], Text: "None of the keys on this machine is in your account: attach " + keyName(own[0]) + " to this instance."}
	if x.subject.Attached == nil && x.subject.Account == nil {
		fix.Text = "Attach the key " + keyName(own[0]) + " to this instance."
	}
	if silent(own[0]) {
		fix.Text += " It has a passphrase and no agent holds it: run ssh-add " + inertLine(private(own[0])) + " too."
	}
	return fix
}

// keyName is how a key is called in a sentence.
func keyName(k LocalKey) string {
	if k.Path != "" {
		return k.Path
	}
	return k.Fingerprint
}
