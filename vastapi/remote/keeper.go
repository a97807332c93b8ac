package remote

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
)

// keeper looks after the connection to one instance and the tunnels through it.
type keeper struct {
	s     *Tunnels
	id    vastapi.InstanceID
	woken chan struct{}

	// These belong to the keeper's own goroutine.
	session Session   // the connection the tunnels go through; PID 0 = none
	watched bool      // a server that is silent ends it soon
	passed  time.Time // when it was last known that something gets through
	way     string    // why it goes by the way it goes
	tries   int       // to connect, that failed in a row
	refused int       // of these, in which no key was taken
	silent  int       // times in a row that the connection gave no answer

	next time.Time // when connecting is tried again; guarded by Tunnels.mu
}

// run looks after the instance until it has no tunnels or ctx ends.
func (l *keeper) run(ctx context.Context) {
	for {
		wait, more := l.step(ctx)
		if !more || ctx.Err() != nil {
			return
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-l.woken:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// step does what is to be done now, and returns when to look again. It returns false
// when there are no tunnels left: the keeper ends then.
func (l *keeper) step(ctx context.Context) (wait time.Duration, more bool) {
	l.takeAway(ctx)
	if !l.any() {
		return 0, false
	}
	target, known := l.s.resolve(l.id)
	if l.session.PID != 0 {
		l.check(ctx, target)
	}
	if l.session.PID == 0 {
		if wait := l.connect(ctx, target, known); wait > 0 {
			return wait, true
		}
	}
	return l.forward(ctx), true
}

// takeAway closes the tunnels that are not wanted any more.
func (l *keeper) takeAway(ctx context.Context) {
	for _, t := range l.tunnels(func(t *tunnel) bool { return t.removed }) {
		if t.asked {
			_ = l.s.c.Cancel(ctx, t.Forward)
		}
		l.s.mu.Lock()
		l.s.all = slices.DeleteFunc(l.s.all, func(x *tunnel) bool { return x.removed && same(x.Forward, t.Forward) })
		if x := l.s.find(t.Forward); x != nil && x.State == TunnelUp {
			x.set(TunnelOpening, "") // it was wanted again in the meantime
		}
		l.s.mu.Unlock()
		l.s.changed()
	}
}

// any reports whether there are tunnels; if not, the keeper takes itself out of the list,
// so that the next tunnel gets a new one.
func (l *keeper) any() bool {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if len(l.s.of(l.id)) > 0 {
		return true
	}
	delete(l.s.keepers, l.id)
	return false
}

// tunnels are copies of those of this instance that are wanted by keep.
func (l *keeper) tunnels(keep func(*tunnel) bool) []tunnel {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	var some []tunnel
	for _, t := range l.s.of(l.id) {
		if keep(t) {
			some = append(some, *t)
		}
	}
	return some
}

// change changes the tunnels of this instance that keep wants.
func (l *keeper) change(keep func(*tunnel) bool, change func(*tunnel)) {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	for _, t := range l.s.of(l.id) {
		if !t.removed && keep(t) {
			before := t.Tunnel
			change(t)
			if t.Tunnel != before {
				l.s.changed()
			}
		}
	}
}

func alive(t *tunnel) bool { return t.State != TunnelFailed && t.State != TunnelClosed }

// check asks whether the connection is up and still the one that was opened: another
// one has none of the forwards.
func (l *keeper) check(ctx context.Context, target Target) {
	now, err := l.s.c.Check(ctx, l.id)
	if ctx.Err() != nil {
		return
	}
	if err == nil && now.PID == l.session.PID && !l.moved(ctx, target) && l.through(ctx) {
		l.silent = 0
		return
	}
	if ctx.Err() != nil {
		return
	}
	// No answer is not "no connection": this machine may be busy with other things.
	if f := FailureOf(err); f != nil && f.Kind == FailTimeout {
		if l.silent < maxSilent {
			l.silent++
			return
		}
		// It would keep its socket for ever, and with it any other connection out.
		l.s.c.endHung(ctx, l.id, l.session.PID)
	}
	l.session, l.silent = Session{}, 0
	l.change(alive, func(t *tunnel) { t.set(TunnelWaiting, "The connection broke; it is opened again.") })
}

// maxSilent is how many times in a row a connection need not answer before it counts as
// broken.
const maxSilent = 2

// through reports whether anything gets through the connection, as far as that is known.
// One that was opened for tunnels ends soon by itself when nothing does; one that was
// opened for something else is tried now and then, and closed when nothing gets through.
func (l *keeper) through(ctx context.Context) bool {
	if l.watched || time.Since(l.passed) < l.s.policy.Probe {
		return true
	}
	for range maxSilent {
		if l.s.c.passes(ctx, l.id, l.session.Endpoint) || !l.session.Endpoint.Given() || ctx.Err() != nil {
			l.passed = time.Now()
			return true
		}
	}
	_ = l.s.c.Close(ctx, l.id)
	return false
}

// moved reports whether the connection leads to a port that the instance does not have
// any more, and closes it then: ssh itself would need most of a minute to notice.
func (l *keeper) moved(ctx context.Context, target Target) bool {
	at := l.session.Endpoint
	if at.Way != Direct || !target.Direct.Given() || target.Direct == at || l.s.c.Probe(ctx, at) == nil || ctx.Err() != nil {
		return false
	}
	_ = l.s.c.Close(ctx, l.id)
	return true
}

// connect opens the connection when it is time to, and returns how long there is
// nothing else to do; 0 = the connection is up.
func (l *keeper) connect(ctx context.Context, target Target, known bool) time.Duration {
	if len(l.tunnels(alive)) == 0 {
		return l.s.policy.Check
	}
	if known && target.Running {
		if wait := time.Until(l.due()); wait > 0 {
			return wait
		}
	} else {
		l.hold(target, known)
		return l.s.policy.Check
	}
	l.change(alive, func(t *tunnel) { t.set(TunnelOpening, ""); t.Tries, t.asked = l.tries, false })
	session, way, err := l.open(ctx, target)
	if ctx.Err() != nil {
		return l.s.policy.Check
	}
	if err != nil {
		return l.failed(err)
	}
	l.session, l.way, l.tries, l.refused = session, way, 0, 0
	l.passed = time.Now()
	return 0
}

func (l *keeper) due() time.Time {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	return l.next
}

// hold lets the tunnels wait for an instance that cannot be reached because it does not
// run. That is no failure, so it does not count as a try.
func (l *keeper) hold(target Target, known bool) {
	if target.Gone {
		l.change(alive, func(t *tunnel) { t.set(TunnelFailed, "The instance was destroyed. Remove the tunnel.") })
		return
	}
	why := "It waits for the instance to run."
	switch {
	case !known:
		why = "The instance is not there; it waits for it to come back."
	case target.Refused != "":
		why += " " + target.Refused
	}
	l.tries, l.refused = 0, 0
	l.s.mu.Lock()
	l.next = time.Time{}
	l.s.mu.Unlock()
	l.change(alive, func(t *tunnel) { t.set(TunnelWaiting, why); t.Tries = 0; t.Next = time.Time{} })
}

// open opens the connection: by the direct way when its port answers, else, or when ssh
// does not get through there, by the proxy.
func (l *keeper) open(ctx context.Context, target Target) (Session, string, error) {
	chosen, err := l.s.c.Choose(ctx, target, Auto)
	if err != nil {
		return Session{}, "", err
	}
	keep := len(l.tunnels(func(t *tunnel) bool { return t.Keep && !t.removed })) > 0
	m := master{hold: keep, watched: true}
	session, fresh, err := l.s.c.open(ctx, l.id, chosen.Endpoint, m)
	l.watched = fresh
	if err == nil || chosen.Endpoint.Way != Direct || !target.Proxy.Given() || !another(err) {
		return session, chosen.Why, err
	}
	session, fresh, second := l.s.c.open(ctx, l.id, target.Proxy, m)
	l.watched = fresh
	if second != nil {
		return Session{}, "", err
	}
	why := "Through the proxy: the direct way does not work."
	if f := FailureOf(err); f != nil {
		why = "Through the proxy. Directly: " + f.Sentence
	}
	return session, why, nil
}

// another reports whether the other way can help against a failure.
func another(err error) bool {
	f := FailureOf(err)
	if f == nil {
		return false
	}
	switch f.Kind {
	case FailTimeout, FailRefused, FailUnreachable, FailClosed, FailLost, FailUnknown:
		return true
	}
	return false
}

// maxDenied is how often an instance may refuse all keys before it is left in peace: a
// key that was just attached works after some seconds, and servers ban who asks forever.
const maxDenied = 5

// failed notes that the connection could not be opened, and returns how long to wait.
func (l *keeper) failed(err error) time.Duration {
	l.tries++
	f := FailureOf(err)
	if f != nil && f.Kind == FailDenied {
		l.refused++
	} else {
		l.refused = 0
	}
	if f != nil && (hopeless(f.Kind) || l.refused >= maxDenied) {
		l.change(alive, func(t *tunnel) { t.set(TunnelFailed, f.Error()); t.Tries = l.tries })
		l.tries, l.refused = 0, 0
		return l.s.policy.Check
	}
	wait := l.s.policy.Backoff.After(l.tries)
	next := time.Now().Add(wait)
	l.s.mu.Lock()
	l.next = next
	l.s.mu.Unlock()
	l.change(alive, func(t *tunnel) { t.set(TunnelWaiting, err.Error()); t.Tries, t.Next = l.tries, next })
	return wait
}

// hopeless are the failures that trying again does not mend.
func hopeless(k FailureKind) bool {
	switch k {
	case FailHostKey, FailStart, FailOptions:
		return true
	case FailNoMaster:
		return !CanShare
	}
	return false
}

// forward opens the tunnels that are not up, looks at those that are, and returns when
// to look again.
func (l *keeper) forward(ctx context.Context) time.Duration {
	wait := l.s.policy.Check
	for _, t := range l.tunnels(alive) {
		if ctx.Err() != nil {
			return wait
		}
		if t.State == TunnelUp {
			// A port that could be listened on is one that another copy of the program,
			// which shares the connection, has taken away.
			if time.Since(t.taken) >= l.s.policy.Probe || l.s.c.listen(t.Bind, t.Local) == nil {
				l.probe(ctx, t)
			}
			continue
		}
		if due := time.Until(t.Next); due > 0 && !t.Next.IsZero() {
			wait = min(wait, due)
			continue
		}
		if again := l.add(ctx, t.Forward); again > 0 {
			wait = min(wait, again)
		}
	}
	return wait
}

// probe connects to the port on this machine.
func (l *keeper) probe(ctx context.Context, t tunnel) {
	limited, cancel := context.WithTimeout(ctx, ProbeLimit)
	defer cancel()
	conn, err := l.s.c.Dial(limited, "tcp", t.Address())
	if err == nil {
		_ = conn.Close()
		l.change(is(t.Forward), func(t *tunnel) { t.taken = time.Now() })
		return
	}
	if ctx.Err() == nil {
		l.change(is(t.Forward), func(t *tunnel) { t.set(TunnelWaiting, "The port takes no connection; it is forwarded again.") })
		_ = l.s.c.Cancel(ctx, t.Forward)
		l.add(ctx, t.Forward)
	}
}

func is(f Forward) func(*tunnel) bool {
	return func(t *tunnel) bool { return same(t.Forward, f) }
}

// add asks for one forward, and returns how long to wait before the next try; 0 = it is
// up, or will not be tried again.
func (l *keeper) add(ctx context.Context, f Forward) time.Duration {
	l.change(is(f), func(t *tunnel) { t.asked = true })
	err := l.s.c.Forward(ctx, f)
	var used *PortInUse
	if errors.As(err, &used) && l.ours(ctx, f) {
		err = nil
	}
	if ctx.Err() != nil {
		return l.s.policy.Check
	}
	failure := FailureOf(err)
	var again time.Duration
	l.change(is(f), func(t *tunnel) {
		t.Endpoint = l.session.Endpoint
		switch {
		case err == nil:
			t.set(TunnelUp, l.why(t.Keep))
			t.Brief = t.Keep && !l.session.Held
			t.taken = time.Now()
		case used != nil || failure != nil && failure.Kind == FailPort:
			t.set(TunnelFailed, err.Error())
			t.Tries++
			t.asked = false // the port is somebody else's
		default:
			t.Tries++
			again = l.s.policy.Backoff.After(t.Tries)
			t.set(TunnelWaiting, err.Error())
			t.Next = time.Now().Add(again)
		}
	})
	return again
}

// why says why a tunnel goes by the way it goes, and that it does not stay when it was
// to be kept.
func (l *keeper) why(keep bool) string {
	if keep && !l.session.Held {
		return strings.TrimSpace(l.way + " " + briefly)
	}
	return l.way
}

// briefly is what is said of a tunnel with Tunnel.Brief.
const briefly = "It ends 10 minutes after its last use: the connection was opened for something else before. Close that connection to have it opened for good."

// ours reports whether a port that is in use is so by this very forward, made in an
// earlier run through the same connection: ssh says yes to a forward that it has, and
// no to one whose port it cannot get.
func (l *keeper) ours(ctx context.Context, f Forward) bool {
	cmd, err := l.s.c.ForwardCommand(f)
	if err != nil {
		return false
	}
	r, err := l.s.c.Output(ctx, cmd, forwardLimit)
	return err == nil && r.Code == 0 && l.s.c.accepts(ctx, f) == nil
}
