package remote_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// world is what a supervisor of tunnels meets: an ssh that plays the shared connection
// of one instance, and a network that plays its ports.
type world struct {
	t *testing.T
	c *remote.Client
	s *remote.Tunnels
	r *remote.Recorder

	mu       sync.Mutex
	dir      string
	target   remote.Target
	known    bool
	pid      int               // of the connection, 0 = it is not up
	pids     int               // that were given out
	forwards map[string]string // that the connection has, by specification
	opens    []string          // when and where it was opened, "12s 203.0.113.7:40022"
	refuse   func(host string) string
	busy     bool // the connection does not answer
	frozen   bool // nothing gets through the connection, which says that it is up
	deaf     bool // the forwarded ports take no connection
	closed   map[string]bool
	used     map[int]bool // ports of this machine
	start    time.Time
}

var (
	directEnd = remote.Endpoint{Way: remote.Direct, Host: "203.0.113.7", Port: 40022}
	proxyEnd  = remote.Endpoint{Way: remote.Proxy, Host: "ssh6.vast.ai", Port: 12345}
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, dir: filepath.Join(t.TempDir(), "run"), known: true, forwards: map[string]string{}, closed: map[string]bool{}, used: map[int]bool{}, start: time.Now(),
		target: remote.Target{Instance: 7, Direct: directEnd, Running: true},
	}
	w.r = &remote.Recorder{Answer: w.answer}
	c, err := remote.New(remote.Options{
		Runner: w.r, Dial: w.dial, Listen: w.listen, SSH: "/usr/bin/ssh", Keygen: "/usr/bin/ssh-keygen", Dir: shortRun(t),
		KnownHosts: filepath.Join(w.dir, "known_hosts"), ConfigFile: filepath.Join(w.dir, "config"), SSHDir: w.dir,
		Environ: func() []string { return []string{"PATH=/usr/bin"} },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.c = c
	w.s = remote.NewTunnels(c, func(vastapi.InstanceID) (remote.Target, bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.target, w.known
	}, remote.TunnelPolicy{Backoff: remote.Backoff{First: time.Second, Most: 30 * time.Second, Jitter: 0.2, Chance: func() float64 { return 0 }}})
	return w
}

// shortRun is a folder whose path is short enough for control sockets everywhere.
func shortRun(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "vd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "r")
}

func (w *world) now() string { return time.Since(w.start).Round(time.Millisecond).String() }

// answer plays ssh.
func (w *world) answer(cmd remote.Command) (remote.Reply, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := strings.Join(cmd.Args, " ")
	socket := ""
	spec := ""
	for i, a := range cmd.Args {
		if path, ok := strings.CutPrefix(a, "ControlPath="); ok {
			socket = path
		}
		if a == "-L" {
			spec = cmd.Args[i+1]
		}
	}
	gone := remote.Reply{Code: 255, Err: "Control socket connect(" + socket + "): Connection refused\n"}
	switch {
	case strings.Contains(all, "-M -N -f"):
		return w.openReply(cmd, socket), true
	case w.pid == 0:
		return gone, true
	case strings.Contains(all, "-O check") && w.busy:
		return remote.Reply{Hang: true}, true
	case strings.Contains(all, "-O check"):
		return remote.Reply{Err: fmt.Sprintf("Master running (pid=%d)\r\n", w.pid)}, true
	case strings.Contains(all, "-O forward"):
		if w.closed[spec] {
			return remote.Reply{Code: 255, Err: "mux_client_forward: forwarding request failed: Port forwarding failed\n"}, true
		}
		w.forwards[spec] = "up"
	case strings.Contains(all, "-O cancel"):
		delete(w.forwards, spec)
	case strings.HasSuffix(all, " true") && w.frozen:
		return remote.Reply{Hang: true}, true
	case strings.Contains(all, "-O exit"):
		w.pid = 0
		clear(w.forwards)
	}
	return remote.Reply{}, true
}

func (w *world) openReply(cmd remote.Command, socket string) remote.Reply {
	host := cmd.Args[len(cmd.Args)-1]
	w.opens = append(w.opens, w.now()+" "+strings.TrimPrefix(host, "root@"))
	if w.refuse != nil {
		if said := w.refuse(host); said != "" {
			return remote.Reply{Code: 255, Err: said}
		}
	}
	w.pids++
	w.pid = 1000 + w.pids
	clear(w.forwards)
	if err := os.WriteFile(socket, nil, 0o600); err != nil {
		w.t.Error(err)
	}
	return remote.Reply{}
}

// dial plays the network: the direct port, and the forwarded ports of this machine.
func (w *world) dial(_ context.Context, _, address string) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if address == directEnd.Address() || address == w.target.Direct.Address() {
		if w.closed[address] {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		}
		near, far := net.Pipe()
		_ = far.Close()
		return near, nil
	}
	if _, port, _ := net.SplitHostPort(address); w.used[number(port)] {
		near, far := net.Pipe()
		_ = far.Close()
		return near, nil
	}
	for spec := range w.forwards {
		if strings.HasPrefix(spec, address+":") && !w.deaf && w.pid != 0 {
			near, far := net.Pipe()
			_ = far.Close()
			return near, nil
		}
	}
	return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
}

// listen plays the ports of this machine: those of other programs and the forwarded ones.
func (w *world) listen(_, address string) (net.Listener, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, port, _ := net.SplitHostPort(address)
	taken := w.used[number(port)]
	for spec := range w.forwards {
		taken = taken || strings.HasPrefix(spec, address+":")
	}
	if taken {
		return nil, &net.OpError{Op: "listen", Err: syscall.EADDRINUSE}
	}
	return silent{}, nil
}

func number(port string) int {
	n, _ := strconv.Atoi(port)
	return n
}

func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *world) kill() { w.set(func() { w.pid = 0; clear(w.forwards) }) }

func (w *world) opened() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.opens, ", ")
}

// after lets time go by until all is quiet again.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) add(f remote.Forward) remote.Forward {
	w.t.Helper()
	f.Instance = 7
	if f.Local == 0 {
		f.Local = 20000
	}
	if f.Remote == 0 {
		f.Remote = 8080
	}
	if err := w.s.Add(f); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
	return f
}

func (w *world) only() remote.Tunnel {
	w.t.Helper()
	list := w.s.List()
	if len(list) != 1 {
		w.t.Fatalf("%d tunnels, want 1", len(list))
	}
	return list[0]
}

func (w *world) want(state remote.TunnelState, words string) remote.Tunnel {
	w.t.Helper()
	got := w.only()
	if got.State != state || !strings.Contains(got.Why, words) {
		w.t.Fatalf("at %s the tunnel is %v: %q, want %v: …%s…", w.now(), got.State, got.Why, state, words)
	}
	return got
}

// inBubble runs a test in virtual time, in which no goroutine may be left.
func inBubble(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.s.Close()
		test(t, w)
	})
}

func TestATunnelComesUpAndSaysByWhichWay(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		got := w.want(remote.TunnelUp, "Directly")
		if got.Endpoint != directEnd || !got.Since.Equal(w.start) || got.Bind != "127.0.0.1" || got.Host != "localhost" {
			t.Errorf("%+v", got)
		}
		if len(w.s.Changes()) != 1 {
			t.Error("nothing was told of the change")
		}
	})
}

func TestATunnelThatBreaksIsBackAtTheNextLook(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		for range 5 {
			after(10 * time.Second)
			w.kill()
			after(3 * time.Second)
			w.want(remote.TunnelUp, "")
		}
		if w.pids != 6 {
			t.Errorf("the connection was opened %d times, want 6", w.pids)
		}
	})
}

func TestTheConnectionIsTriedAgainMoreAndMoreSeldom(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.refuse = func(string) string { return "ssh: connect to host 203.0.113.7 port 40022: Connection timed out\n" }
		w.add(remote.Forward{})
		after(2 * time.Minute)
		want := "0s 203.0.113.7, 1s 203.0.113.7, 3s 203.0.113.7, 7s 203.0.113.7, 15s 203.0.113.7, 31s 203.0.113.7, 1m1s 203.0.113.7, 1m31s 203.0.113.7"
		if got := w.opened(); got != want {
			t.Errorf("tried at\n%s\nwant\n%s", got, want)
		}
		waiting := w.want(remote.TunnelWaiting, "It does not answer.")
		if waiting.Tries != 8 || !waiting.Next.Equal(w.start.Add(121*time.Second)) {
			t.Errorf("%+v", waiting)
		}
		w.set(func() { w.refuse = nil })
		w.s.Wake()
		synctest.Wait()
		if got := w.want(remote.TunnelUp, ""); got.Tries != 0 || !got.Next.IsZero() {
			t.Errorf("%+v", got)
		}
	})
}

func TestATunnelWaitsForItsInstanceWithoutTrying(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.target.Running, w.target.Refused = false, "It is not running. Start it first."
		w.add(remote.Forward{})
		after(10 * time.Minute)
		if got := w.want(remote.TunnelWaiting, "waits for the instance to run"); got.Tries != 0 {
			t.Errorf("%+v", got)
		}
		if n := len(w.r.Calls()); n != 0 {
			t.Errorf("%d processes were started meanwhile", n)
		}
		w.set(func() { w.known = false })
		after(3 * time.Second)
		w.want(remote.TunnelWaiting, "not there")
		w.set(func() { w.known, w.target.Running, w.target.Refused = true, true, "" })
		after(3 * time.Second)
		w.want(remote.TunnelUp, "")
	})
}

func TestATunnelTakesTheProxyWhenSSHDoesNotGetThroughDirectly(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.target.Proxy = proxyEnd
		w.refuse = func(host string) string {
			if host == "root@203.0.113.7" {
				return "kex_exchange_identification: Connection closed by remote host\n"
			}
			return ""
		}
		w.add(remote.Forward{})
		if got := w.want(remote.TunnelUp, "Through the proxy. Directly: It hung up before the log-in was done."); got.Endpoint != proxyEnd {
			t.Errorf("%+v", got)
		}
	})
}

func TestATunnelTakesTheProxyWhenTheDirectPortIsClosed(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.target.Proxy = proxyEnd
		w.closed[directEnd.Address()] = true
		w.add(remote.Forward{})
		w.want(remote.TunnelUp, "Through the proxy: its direct port refuses connections.")
		if got := w.opened(); got != "0s ssh6.vast.ai" {
			t.Errorf("opened %s", got)
		}
	})
}

func TestAChangedHostKeyIsNotTriedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.target.Proxy = proxyEnd
		w.refuse = func(string) string {
			return "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n"
		}
		f := w.add(remote.Forward{})
		after(10 * time.Minute)
		w.want(remote.TunnelFailed, "Its host key is another one than before.")
		if got := w.opened(); got != "0s 203.0.113.7" {
			t.Errorf("tried %s", got)
		}
		w.set(func() { w.refuse = nil })
		w.add(f)
		w.want(remote.TunnelUp, "")
	})
}

func TestAnInstanceThatRefusesEveryKeyIsLeftInPeace(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.refuse = func(string) string { return "root@203.0.113.7: Permission denied (publickey).\n" }
		w.add(remote.Forward{})
		after(time.Second)
		w.want(remote.TunnelWaiting, "It takes none of the keys of this machine.")
		after(time.Hour)
		w.want(remote.TunnelFailed, "Attach a key")
		if n := len(w.opens); n != 5 {
			t.Errorf("it was asked %d times, want 5", n)
		}
	})
}

func TestAPortInUseFailsAtOnceWithAFreeOne(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.used[20000], w.used[20001] = true, true
		w.closed["127.0.0.1:20000:localhost:8080"] = true
		w.add(remote.Forward{})
		w.want(remote.TunnelFailed, "Port 20000 on this machine is in use. Port 20002 is free.")
		w.add(remote.Forward{Local: 20002})
		if list := w.s.List(); list[0].State != remote.TunnelFailed || list[1].State != remote.TunnelUp {
			t.Errorf("%+v", list)
		}
	})
}

func TestAPortThatTheConnectionHoldsAlreadyIsTakenOver(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.used[20000] = true
		w.add(remote.Forward{})
		w.want(remote.TunnelUp, "")
	})
}

func TestAPortThatGoesDeafIsForwardedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		after(10 * time.Second)
		w.set(func() { w.deaf = true })
		after(30 * time.Second)
		w.want(remote.TunnelWaiting, "takes no connection")
		w.set(func() { w.deaf = false })
		after(time.Minute)
		w.want(remote.TunnelUp, "")
		if w.pids != 1 {
			t.Errorf("the connection was opened %d times for a port", w.pids)
		}
	})
}

func TestAConnectionThatSomebodyElseOpenedAnewGetsItsTunnelsBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		w.set(func() { w.pid = 5555; clear(w.forwards) })
		after(3 * time.Second)
		w.want(remote.TunnelUp, "")
		if len(w.forwards) != 1 || w.pids != 1 {
			t.Errorf("forwards %v after %d openings", w.forwards, w.pids)
		}
	})
}

func TestAConnectionThatIsSlowToAnswerIsNotBroken(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		w.set(func() { w.busy = true })
		after(12 * time.Second)
		w.set(func() { w.busy = false })
		after(time.Minute)
		if got := w.want(remote.TunnelUp, ""); !got.Since.Equal(w.start) {
			t.Errorf("it was taken for broken: %+v", got)
		}
		w.set(func() { w.busy = true })
		after(40 * time.Second)
		if got := w.only(); got.State == remote.TunnelUp {
			t.Errorf("a connection that is silent for good counts as up: %+v", got)
		}
		w.set(func() { w.busy = false })
		after(time.Minute)
		w.want(remote.TunnelUp, "")
	})
}

func TestATunnelMovesWithThePortOfItsInstance(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		moved := directEnd
		moved.Port = 40999
		// The old port is gone with the container; ssh itself has not noticed yet.
		w.set(func() { w.target.Direct = moved; w.closed[directEnd.Address()] = true })
		after(4 * time.Second)
		if got := w.want(remote.TunnelUp, ""); got.Endpoint != moved {
			t.Errorf("%+v", got)
		}
	})
}

func TestRemovingATunnelTakesOnlyItsPortAway(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		first, second := w.add(remote.Forward{Remote: 1}), w.add(remote.Forward{Remote: 2, Local: 21000})
		w.s.Remove(first)
		synctest.Wait()
		if got := w.only(); got.Remote != second.Remote || len(w.forwards) != 1 || w.pid == 0 {
			t.Errorf("%+v, %v", got, w.forwards)
		}
		w.s.Remove(second)
		synctest.Wait()
		w.add(first)
		w.want(remote.TunnelUp, "")
	})
}

func TestClosingKeepsWhatIsToBeKept(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		kept := w.add(remote.Forward{Remote: 1, Keep: true})
		w.add(remote.Forward{Remote: 2, Local: 22000})
		w.s.Close()
		list := w.s.List()
		if list[0].State != remote.TunnelUp || list[1].State != remote.TunnelClosed || len(w.forwards) != 1 {
			t.Errorf("%+v, %v", list, w.forwards)
		}
		if err := w.s.Add(kept); err == nil {
			t.Error("a tunnel was added to a closed supervisor")
		}
		held := false
		for _, line := range w.r.Lines() {
			held = held || strings.Contains(line, "-M -N -f -o ControlPersist=yes")
		}
		if !held {
			t.Error("the connection ends after ten minutes")
		}
	})
}

func TestAForwardThatCannotBeIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		for _, f := range []remote.Forward{{Local: 1, Remote: 0}, {Local: 70000, Remote: 1}, {Local: 1, Remote: 1, Host: "-x"}, {Local: 1, Remote: 1, Bind: "example.org"}} {
			if err := w.s.Add(f); err == nil {
				t.Errorf("%+v was taken", f)
			}
		}
		if len(w.s.List()) != 0 || len(w.r.Calls()) != 0 {
			t.Error("something was done all the same")
		}
	})
}

func TestOneLookADozenTunnels(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		for i := range 12 {
			w.add(remote.Forward{Remote: 1 + i, Local: 23000 + 10*i})
		}
		before := len(w.r.Calls())
		after(29 * time.Second)
		if n := len(w.r.Calls()) - before; n > 10 {
			t.Errorf("%d processes in 29 s for 12 tunnels", n)
		}
	})
}

func TestStopIsTheCauseOfItsContext(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("copying: %w", &remote.Stopped{State: "x"})
	var s *remote.Stopped
	if !errors.As(err, &s) || s.Error() != "The copy was stopped. x" {
		t.Errorf("%v", err)
	}
}

func TestATunnelWhosePortAnotherCopyHasClosedComesBackAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{})
		w.want(remote.TunnelUp, "")
		w.set(func() { clear(w.forwards) }) // the connection stays up
		after(4 * time.Second)
		got := w.want(remote.TunnelUp, "Directly")
		if got.Since.Equal(w.start) || strings.Contains(w.opened(), ",") || len(w.forwards) != 1 {
			t.Errorf("%+v, opened %s, forwards %v", got, w.opened(), w.forwards)
		}
	})
}

func TestATunnelOfADestroyedInstanceFailsForGood(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.set(func() { w.known = false; w.target = remote.Target{Gone: true} })
		w.add(remote.Forward{Remote: 80})
		after(time.Minute)
		w.want(remote.TunnelFailed, "The instance was destroyed.")
		if n := len(w.opens); n != 0 {
			t.Errorf("%d connections were tried", n)
		}
	})
}

func TestClosingTakesAwayAForwardThatWasAskedForAndNotSeenYet(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.set(func() { w.deaf = true }) // ssh has taken it, and nothing accepts yet
		w.add(remote.Forward{Remote: 80})
		after(time.Second)
		if len(w.forwards) != 1 || w.only().State == remote.TunnelUp {
			t.Fatalf("%v, %+v", w.forwards, w.only())
		}
		w.s.Close()
		if len(w.forwards) != 0 {
			t.Errorf("left %v", w.forwards)
		}
	})
}

func TestATunnelThatCannotBeKeptSaysSo(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		if _, err := w.c.Open(t.Context(), 7, directEnd, false); err != nil { // what a command has opened
			t.Fatal(err)
		}
		w.add(remote.Forward{Remote: 80, Keep: true})
		if got := w.want(remote.TunnelUp, "It ends 10 minutes after its last use"); !got.Brief {
			t.Errorf("%+v", got)
		}
	})
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{Remote: 80, Keep: true})
		if got := w.want(remote.TunnelUp, ""); got.Brief || strings.Contains(got.Why, "10 minutes") {
			t.Errorf("%+v", got)
		}
	})
}

func TestAConnectionForTunnelsEndsSoonWhenItsServerIsSilent(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.add(remote.Forward{Remote: 80})
		for _, line := range w.r.Lines() {
			// The first value of an option counts.
			if strings.Contains(line, "-M -N -f") && !(strings.Index(line, "ServerAliveInterval=5") > 0 && strings.Index(line, "ServerAliveInterval=5") < strings.Index(line, "ServerAliveInterval=15")) {
				t.Errorf("opened by %q", line)
			}
		}
	})
}

func TestATunnelOverAnothersConnectionNoticesThatNothingGetsThrough(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		if _, err := w.c.Open(t.Context(), 7, directEnd, false); err != nil {
			t.Fatal(err)
		}
		w.add(remote.Forward{Remote: 80})
		w.set(func() { w.frozen = true })
		after(45 * time.Second)
		w.want(remote.TunnelUp, "")
		if n := len(w.opens); n != 2 {
			t.Errorf("opened %v", w.opens)
		}
	})
}
