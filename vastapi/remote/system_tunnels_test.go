//go:build system && unix

package remote_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// echo is a program in the instance: to each block that it gets, a length and so many
// bytes, it answers with the block's checksum and then with the block turned around.
func echo(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func answer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	for {
		var size uint32
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		block := make([]byte, size)
		if _, err := io.ReadFull(conn, block); err != nil {
			return
		}
		sum := sha256.Sum256(block)
		slices.Reverse(block)
		if _, err := conn.Write(append(sum[:], block...)); err != nil {
			return
		}
	}
}

// exchange sends a block through a port of this machine and checks what comes back.
func exchange(address string, size int, seed byte) error {
	conn, err := net.DialTimeout("tcp", address, 20*time.Second)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	block := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(block)
	go func() {
		_ = binary.Write(conn, binary.BigEndian, uint32(size))
		_, _ = conn.Write(block)
	}()
	back := make([]byte, sha256.Size+size)
	if _, err := io.ReadFull(conn, back); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if sum := sha256.Sum256(block); !bytes.Equal(back[:sha256.Size], sum[:]) {
		return errors.New("another block arrived there")
	}
	slices.Reverse(back[sha256.Size:])
	if !bytes.Equal(back[sha256.Size:], block) {
		return errors.New("another block came back")
	}
	return nil
}

func (r *rig) forward(port int) remote.Forward {
	return remote.Forward{Instance: instance, Name: "test", Local: freeLoopbackPort(r.t), Remote: port, Host: "127.0.0.1"}
}

// supervise starts tunnels and ends them with the test.
func (r *rig) supervise(resolve func(vastapi.InstanceID) (remote.Target, bool)) *remote.Tunnels {
	if resolve == nil {
		resolve = func(vastapi.InstanceID) (remote.Target, bool) { return r.target(), true }
	}
	s := remote.NewTunnels(r.c, resolve, remote.TunnelPolicy{})
	r.t.Cleanup(s.Close)
	return s
}

// state waits until the only tunnel of a supervisor is in a state.
func state(t *testing.T, s *remote.Tunnels, want remote.TunnelState) remote.Tunnel {
	t.Helper()
	var last remote.Tunnel
	eventually(t, "the tunnel is "+want.String(), func() bool {
		last = s.List()[0]
		return last.State == want
	})
	return last
}

func TestBytesGoThroughATunnelBothWays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.supervise(nil)
	f := r.forward(echo(t))
	start := time.Now()
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	up := state(t, s, remote.TunnelUp)
	t.Logf("the tunnel was up after %v: %s", time.Since(start), up.Why)
	if up.Endpoint != r.endpoint() || up.Why == "" {
		t.Errorf("%+v", up)
	}
	start = time.Now()
	if err := exchange(f.Address(), 32<<20, 1); err != nil {
		t.Fatal(err)
	}
	t.Logf("32 MiB there and back took %v", time.Since(start))
	s.Remove(f)
	eventually(t, "the tunnel is gone", func() bool { return len(s.List()) == 0 && exchange(f.Address(), 1, 1) != nil })
	if _, err := r.c.Check(within(t), instance); err != nil {
		t.Errorf("the connection went with the tunnel: %v", err)
	}
}

func TestAKilledConnectionIsBackInUnderTenSeconds(t *testing.T) {
	r := newRig(t)
	s := r.supervise(nil)
	f := r.forward(echo(t))
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	state(t, s, remote.TunnelUp)
	for range 3 {
		session, err := r.c.Check(within(t), instance)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(session.PID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		took := eventually(t, "bytes go through again", func() bool { return exchange(f.Address(), 1000, 2) == nil })
		slow := slowness(t)
		t.Logf("the tunnel was back after %v; starting ssh takes %.1f times as long as it may", took, slow)
		if limit := time.Duration(slow * float64(10*time.Second)); took > limit {
			t.Errorf("the tunnel was back after %v, more than %v", took, limit)
		}
		eventually(t, "another connection is up", func() bool {
			now, err := r.c.Check(context.Background(), instance)
			return err == nil && now.PID != session.PID
		})
		state(t, s, remote.TunnelUp)
	}
}

func TestATunnelFollowsAnInstanceWhosePortChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var mu sync.Mutex
	target := r.target()
	set := func(change func(*remote.Target)) {
		mu.Lock()
		defer mu.Unlock()
		change(&target)
	}
	s := r.supervise(func(vastapi.InstanceID) (remote.Target, bool) {
		mu.Lock()
		defer mu.Unlock()
		return target, true
	})
	f := r.forward(echo(t))
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	state(t, s, remote.TunnelUp)

	session, err := r.c.Check(within(t), instance)
	if err != nil {
		t.Fatal(err)
	}
	set(func(x *remote.Target) { x.Running, x.Refused = false, "It is not running. Start it first." })
	r.sshd.stop()
	_ = syscall.Kill(session.PID, syscall.SIGKILL)
	waiting := state(t, s, remote.TunnelWaiting)
	eventually(t, "it says that it waits for the instance", func() bool { return strings.Contains(s.List()[0].Why, "waits for the instance to run") })
	if waiting.Tries > 1 {
		t.Errorf("waiting counts as %d tries", waiting.Tries)
	}

	r.sshd.port = freeLoopbackPort(t)
	r.sshd.start()
	set(func(x *remote.Target) { x.Running, x.Refused, x.Direct = true, "", r.endpoint() })
	up := state(t, s, remote.TunnelUp)
	if err := exchange(f.Address(), 1000, 3); err != nil || up.Endpoint != r.endpoint() {
		t.Errorf("%v, %+v", err, up)
	}
}

func TestATunnelGoesThroughTheProxyWhenTheDirectPortIsClosed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	target := r.target()
	target.Proxy = r.endpoint()
	target.Proxy.Way = remote.Proxy
	target.Direct.Port = freeLoopbackPort(t)
	s := r.supervise(func(vastapi.InstanceID) (remote.Target, bool) { return target, true })
	f := r.forward(echo(t))
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	up := state(t, s, remote.TunnelUp)
	if up.Endpoint != target.Proxy || !strings.Contains(up.Why, "proxy") {
		t.Errorf("%+v", up)
	}
	if err := exchange(f.Address(), 1000, 4); err != nil {
		t.Error(err)
	}
}

func TestAPortThatIsInUseFailsWithAFreeOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	s := r.supervise(nil)
	f := r.forward(echo(t))
	f.Local = taken.Addr().(*net.TCPAddr).Port
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	failed := state(t, s, remote.TunnelFailed)
	if !strings.Contains(failed.Why, "is in use") || !strings.Contains(failed.Why, "is free") {
		t.Errorf("it says %q", failed.Why)
	}
	_ = taken.Close()
	if err := s.Add(f); err != nil {
		t.Fatal(err)
	}
	state(t, s, remote.TunnelUp)
}

func TestAKeptTunnelOutlivesItsSupervisorAndIsTakenOverByTheNext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.supervise(nil)
	kept, other := r.forward(echo(t)), r.forward(echo(t))
	kept.Keep = true
	for _, f := range []remote.Forward{kept, other} {
		if err := s.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "both are up", func() bool {
		return s.List()[0].State == remote.TunnelUp && s.List()[1].State == remote.TunnelUp
	})
	s.Close()
	if err := exchange(kept.Address(), 1000, 5); err != nil {
		t.Errorf("the kept one: %v", err)
	}
	if exchange(other.Address(), 1000, 5) == nil {
		t.Error("the other one is open still")
	}
	next := r.supervise(nil)
	if err := next.Add(kept); err != nil {
		t.Fatal(err)
	}
	state(t, next, remote.TunnelUp)
	next.Remove(kept)
	eventually(t, "the kept one is closed", func() bool { return exchange(kept.Address(), 1, 5) != nil })
}

// openFiles are the file descriptors of this process and of another one.
func openFiles(t *testing.T, pid int) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("/proc", fmt.Sprint(pid), "fd"))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestTwentyTunnelsRunWithoutLeaks(t *testing.T) {
	r := newRig(t)
	s := r.supervise(nil)
	remotePort := echo(t)
	var forwards []remote.Forward
	for range 20 {
		forwards = append(forwards, r.forward(remotePort))
	}
	for _, f := range forwards {
		if err := s.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	eventually(t, "all are up", func() bool {
		return !slices.ContainsFunc(s.List(), func(x remote.Tunnel) bool { return x.State != remote.TunnelUp })
	})
	t.Logf("20 tunnels were up after %v", time.Since(start))
	ctx := within(t)
	session, err := r.c.Check(ctx, instance)
	if err != nil {
		t.Fatal(err)
	}
	var rounds, moved atomic.Int64
	round := func() {
		var all sync.WaitGroup
		for i, f := range forwards {
			all.Go(func() {
				size := 1000 * (i + 1)
				if err := exchange(f.Address(), size, byte(i)); err != nil {
					t.Errorf("round %d, tunnel %d: %v", rounds.Load(), i, err)
				}
				moved.Add(int64(2 * size))
			})
		}
		all.Wait()
		rounds.Add(1)
	}
	for range 5 { // whatever is made on first use
		round()
	}
	quiet := func() (mine, master, sshs int) {
		return openFiles(t, os.Getpid()), openFiles(t, session.PID), len(processes(t, r.home))
	}
	mine, master, sshs := quiet()
	for range 40 { // connections that were closed just now take a moment to go
		<-time.After(50 * time.Millisecond)
		m, n, p := quiet()
		mine, master, sshs = min(mine, m), min(master, n), min(sshs, p)
	}
	end := time.After(tunnelTime)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for running := true; running; {
		select {
		case <-end:
			running = false
		case <-tick.C:
			round()
		}
	}
	var mineAfter, masterAfter, sshsAfter int
	eventually(t, "no more files and processes than before", func() bool {
		mineAfter, masterAfter, sshsAfter = quiet()
		return mineAfter <= mine && masterAfter <= master && sshsAfter <= sshs
	})
	t.Logf("%v: %d rounds, %d MB; files here %d → %d, of the connection %d → %d, processes %d → %d",
		tunnelTime, rounds.Load(), moved.Load()/1e6, mine, mineAfter, master, masterAfter, sshs, sshsAfter)
	now, err := r.c.Check(within(t), instance)
	if err != nil || now.PID != session.PID {
		t.Errorf("it is another connection: %+v, %v", now, err)
	}
	s.Close()
	if err := r.c.Close(within(t), instance); err != nil {
		t.Error(err)
	}
	eventually(t, "no process is left", func() bool { return len(processes(t, filepath.Join(r.home, "run"))) == 0 })
}

// masters are the processes of ssh that hold a connection of this rig.
func (r *rig) masters() []int {
	var all []int
	for _, pid := range processes(r.t, r.home) {
		line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		if name, _, _ := strings.Cut(string(line), "\x00"); strings.HasPrefix(filepath.Base(name), "ssh") {
			all = append(all, pid)
		}
	}
	return all
}

func TestShellsAndOpeningAtOnceLeaveNoConnectionBehind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for round := range 6 {
		ctx := within(t)
		var all sync.WaitGroup
		for n := range 3 {
			all.Go(func() {
				<-time.After(time.Duration(n*round) * 10 * time.Millisecond)
				if n == 0 {
					if _, err := r.client(r.key).Open(ctx, instance, r.endpoint(), false); err != nil {
						t.Error(err)
					}
					return
				}
				cmd, err := r.client(r.key).Shell(ctx, instance, remote.Chosen{Endpoint: r.endpoint()}, remote.Shell{Line: "true", Batch: true})
				if err == nil {
					_, err = remote.Processes{}.Run(ctx, cmd, remote.Streams{})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		must(t, r.c.Close(ctx, instance))
		eventually(t, fmt.Sprintf("no connection is left in round %d", round), func() bool { return len(r.masters()) == 0 })
	}
}

func TestConnectionThatGotNoSocketIsEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := within(t)
	must(t, r.c.Prepare())
	// Somebody who takes no turn gets the socket first, while Open is on its way.
	raw, err := r.c.MasterCommand(instance, r.endpoint(), false)
	must(t, err)
	slow := r.endpoint()
	slow.Port = throttled(t, r.endpoint().Address(), 2<<10)
	opened := make(chan error, 1)
	go func() {
		_, err := r.client(r.key).Open(ctx, instance, slow, false)
		opened <- err
	}()
	eventually(t, "Open is on its way", func() bool { return len(r.masters()) > 0 })
	if code, err := (remote.Processes{}).Run(ctx, raw, remote.Streams{}); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	must(t, <-opened)
	s, err := r.c.Check(ctx, instance)
	must(t, err)
	eventually(t, "one connection is left", func() bool { left := r.masters(); return len(left) == 1 && left[0] == s.PID })
}

func TestTunnelComesBackWhenTheServerOrTheConnectionFreezes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	tunnels := remote.NewTunnels(r.c, func(vastapi.InstanceID) (remote.Target, bool) { return r.target(), true }, remote.TunnelPolicy{})
	defer tunnels.Close()
	must(t, tunnels.Add(remote.Forward{Instance: instance, Local: freeLoopbackPort(t), Host: "127.0.0.1", Remote: r.sshd.port}))
	state := func(want remote.TunnelState) func() bool {
		return func() bool { return tunnels.List()[0].State == want }
	}
	eventually(t, "it is up", state(remote.TunnelUp))
	s, err := r.c.Check(within(t), instance)
	must(t, err)
	must(t, syscall.Kill(s.PID, syscall.SIGSTOP))
	took := eventually(t, "another connection is up", func() bool {
		now, err := r.c.Check(context.Background(), instance)
		return err == nil && now.PID != s.PID && state(remote.TunnelUp)()
	})
	t.Logf("a connection that froze was replaced after %v", took)
	if syscall.Kill(s.PID, 0) == nil {
		line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.PID), "cmdline"))
		if len(line) > 0 {
			t.Errorf("the frozen connection is left: %q", line)
		}
	}
	frozen := append(below(t, r.sshd.cmd.Process.Pid, "sshd"), r.sshd.cmd.Process.Pid)
	for _, pid := range frozen {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
	took = eventually(t, "it is seen that nothing gets through", func() bool { return !state(remote.TunnelUp)() })
	t.Logf("a server that froze was noticed after %v", took)
	for _, pid := range frozen {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
	eventually(t, "it is up again", state(remote.TunnelUp))
}
