package remote_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// count is how many calls had words among their arguments.
func (h *home) count(words string) int {
	n := 0
	for _, line := range h.recorder.Lines() {
		if strings.Contains(line, words) {
			n++
		}
	}
	return n
}

func TestOpenedConnectionIsListedAndClosed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	ctx := t.Context()
	s, err := h.Open(ctx, 42, direct, false)
	if err != nil || s.Instance != 42 || s.Endpoint != direct || s.PID != 4242 || time.Since(s.Since) > time.Minute {
		t.Fatalf("got %+v, %v", s, err)
	}
	again := client(t, h.options) // the program has been started anew
	all, err := again.Sessions(ctx)
	if err != nil || !slices.Equal(all, []remote.Session{s}) {
		t.Errorf("after a restart: got %+v, %v", all, err)
	}
	must(t, again.Close(ctx, 42))
	if all, err := h.Sessions(ctx); err != nil || len(all) != 0 {
		t.Errorf("after closing: got %+v, %v", all, err)
	}
	if left, err := os.ReadDir(h.options.Dir); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	must(t, h.Close(ctx, 42))
}

func TestOpenUsesTheConnectionThatIsUp(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, e := range []remote.Endpoint{direct, proxy, direct} {
		if s, err := h.Open(t.Context(), 42, e, true); err != nil || s.Endpoint != direct {
			t.Errorf("got %+v, %v", s, err)
		}
	}
	if n := h.count("-M -N -f"); n != 1 {
		t.Errorf("%d connections were made", n)
	}
}

func TestConnectionsAskedForAtOnceAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		slow := h.recorder
		slow.On("-M -N -f", remote.Reply{Wait: 3 * time.Second, Do: touchSocket})
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				if s, err := h.Open(t.Context(), 42, direct, false); err != nil || s.PID != 4242 {
					t.Errorf("got %+v, %v", s, err)
				}
			})
		}
		wait.Wait()
		if n := h.count("-M -N -f"); n != 1 {
			t.Errorf("%d connections were made", n)
		}
	})
}

// touchSocket makes a file where ssh would make its control socket.
func touchSocket(c remote.Command) {
	for _, a := range c.Args {
		if path, ok := strings.CutPrefix(a, "ControlPath="); ok {
			_ = os.WriteFile(path, nil, 0o600)
		}
	}
}

func TestWaitingForAnotherOpenCanBeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		h.recorder.On("-M -N -f", remote.Reply{Wait: 10 * time.Second, Do: touchSocket})
		first := make(chan error)
		go func() {
			_, err := h.Open(t.Context(), 42, direct, false)
			first <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.Open(ctx, 42, direct, false); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if _, err := h.Open(t.Context(), 43, direct, false); err != nil {
			t.Errorf("another instance had to wait: %v", err)
		}
		must(t, <-first)
	})
}

func TestTwoProgramsMakeOneConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		h.recorder.On("-M -N -f", remote.Reply{Wait: 3 * time.Second, Do: touchSocket})
		var wait sync.WaitGroup
		for range 5 {
			program := client(t, h.options)
			wait.Go(func() {
				if s, err := program.Open(t.Context(), 42, direct, false); err != nil || s.PID != 4242 {
					t.Errorf("got %+v, %v", s, err)
				}
			})
		}
		wait.Wait()
		if n := h.count("-M -N -f"); n != 1 {
			t.Errorf("%d connections were made", n)
		}
	})
}

func TestWhatAProgramThatDiedHasLeftKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	must(t, h.Prepare())
	mark := filepath.Join(h.options.Dir, "e3b0c442-42.opening")
	must(t, os.WriteFile(mark, nil, 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := h.Open(ctx, 42, direct, false); err != nil {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(mark); err == nil {
		t.Error("the mark is left")
	}
}

func TestTurnIsKeptHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		var running, most atomic.Int32
		h.recorder.On("-M -N -f", remote.Reply{Choose: func(remote.Command) remote.Reply {
			most.Store(max(most.Load(), running.Add(1)))
			return remote.Reply{Code: 255, Err: "Connection timed out\r\n", Wait: 20 * time.Second, Do: func(remote.Command) { running.Add(-1) }}
		}})
		var wait sync.WaitGroup
		for range 5 {
			program := client(t, h.options)
			wait.Go(func() {
				if _, err := program.Open(t.Context(), 42, direct, false); kind(err) != remote.FailTimeout {
					t.Errorf("got %v", err)
				}
			})
		}
		wait.Wait()
		if most.Load() != 1 || h.count("-M -N -f") != 5 {
			t.Errorf("%d at once of %d", most.Load(), h.count("-M -N -f"))
		}
	})
}

func TestShellNeverMakesAConnectionToBeShared(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for round := range 2 {
		cmd, err := h.Shell(t.Context(), 42, remote.Chosen{Endpoint: direct}, remote.Shell{})
		line := strings.Join(cmd.Args, " ")
		if err != nil || !strings.Contains(line, "ControlMaster=no") || strings.Contains(line, "ControlPath=none") || cmd.Alone() || h.count("-M -N -f") != 1 {
			t.Errorf("%d: %q, %v", round, line, err)
		}
	}
	if s, err := h.Check(t.Context(), 42); err != nil || s.Endpoint != direct {
		t.Errorf("the connection leads to %+v, %v", s, err)
	}
	own, err := h.Shell(t.Context(), 42, remote.Chosen{Endpoint: proxy, Own: true}, remote.Shell{})
	if line := strings.Join(own.Args, " "); err != nil || !strings.Contains(line, "ControlPath=none") || !own.Alone() || !strings.Contains(line, proxy.Host) {
		t.Errorf("a session of its own: %q, %v", line, err)
	}
	if s, err := h.Check(t.Context(), 42); err != nil || s.Endpoint != direct {
		t.Errorf("a session of its own changed where the connection leads: %+v, %v", s, err)
	}
}

func TestShellGoesByItselfWhereTheOpenConnectionIsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		_, err := h.Open(t.Context(), 42, direct, false)
		must(t, err)
		h.recorder.On("203.0.113.7 true", remote.Reply{Hang: true})
		start := time.Now()
		cmd, err := h.Shell(t.Context(), 42, remote.Chosen{Endpoint: direct}, remote.Shell{})
		if line := strings.Join(cmd.Args, " "); err != nil || !strings.Contains(line, "ControlPath=none") || time.Since(start) != 3*time.Second {
			t.Errorf("after %v: %q, %v", time.Since(start), line, err)
		}
		if h.count("-O exit") != 0 {
			t.Error("the connection was closed: other sessions may go through it")
		}
	})
}

func TestShellAsksByItselfWhereOpeningFails(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("-M -N -f", remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\r\n"})
	cmd, err := h.Shell(t.Context(), 42, remote.Chosen{Endpoint: direct}, remote.Shell{})
	if line := strings.Join(cmd.Args, " "); err != nil || !strings.Contains(line, "ControlPath=none") || strings.Contains(line, "BatchMode") {
		t.Errorf("%q, %v", line, err)
	}
}

func TestClosingDoesNotTakeTheSocketOfAConnectionThatIsBeingOpened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		h.recorder.On("-M -N -f", remote.Reply{Wait: 3 * time.Second, Do: touchSocket})
		opened := make(chan error, 1)
		go func() {
			_, err := h.Open(t.Context(), 42, direct, false)
			opened <- err
		}()
		synctest.Wait()
		must(t, h.Close(t.Context(), 42))
		must(t, <-opened)
		if all, err := h.Sessions(t.Context()); err != nil || len(all) != 1 || all[0].Endpoint != direct {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestConnectionTellsWhetherItStays(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for id, hold := range map[vastapi.InstanceID]bool{42: true, 43: false} {
		s, err := h.Open(t.Context(), id, direct, hold)
		if err != nil || s.Held != hold || s.Endpoint != direct {
			t.Errorf("%d: %+v, %v", id, s, err)
		}
	}
	if s, err := h.Open(t.Context(), 43, direct, true); err != nil || s.Held {
		t.Errorf("one that was open already: %+v, %v", s, err)
	}
}

func TestOpenIsBelievedOnlyWhenTheConnectionSaysSo(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("-M -N -f", remote.Reply{}) // ends with 0 and there is nothing
	if s, err := h.Open(t.Context(), 42, direct, false); kind(err) != remote.FailNoMaster {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestOpenSaysWhatSSHSays(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("-M -N -f", remote.Reply{Code: 255, Err: "root@203.0.113.7: Permission denied (publickey).\r\n"})
	_, err := h.Open(t.Context(), 42, direct, false)
	f := remote.FailureOf(err)
	if f == nil || f.Kind != remote.FailDenied || f.Detail != "root@203.0.113.7: Permission denied (publickey)." {
		t.Errorf("got %+v", f)
	}
	if _, err := os.Stat(h.options.Dir); err != nil {
		t.Error(err)
	}
}

func TestOpenEndsWhenSSHDoesNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		h.recorder.On("-M -N -f", remote.Reply{Hang: true})
		start := time.Now()
		_, err := h.Open(t.Context(), 42, direct, false)
		if took := time.Since(start); kind(err) != remote.FailTimeout || took > 30*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestDeadConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, err := h.Open(t.Context(), 42, proxy, false)
	must(t, err)
	gone := remote.Reply{Code: 255, Err: "Control socket connect(/x): Connection refused\r\n"}
	up := remote.Reply{Err: "Master running (pid=77)\r\n"}
	h.recorder.On("-O check", gone, gone, up) // before its turn, in it, and after opening
	s, err := h.Open(t.Context(), 42, direct, false)
	if err != nil || s.PID != 77 || s.Endpoint != direct || h.count("-M -N -f") != 2 {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestDeadConnectionIsNotListedAndItsSocketGoesWithClose(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, err := h.Open(t.Context(), 42, direct, false)
	must(t, err)
	gone := remote.Reply{Code: 255, Err: "Control socket connect(/x): Connection refused\r\n"}
	h.recorder.On("-O check", gone).On("-O exit", gone)
	if all, err := h.Sessions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("got %+v, %v", all, err)
	}
	must(t, h.Close(t.Context(), 42))
	if left, err := os.ReadDir(h.options.Dir); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

func TestConnectionThatDoesNotEndIsToldAndKept(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, err := h.Open(t.Context(), 42, direct, false)
	must(t, err)
	h.recorder.On("-O exit", remote.Reply{Code: 255, Err: "mux: no\r\n"})
	if err := h.Close(t.Context(), 42); err == nil || remote.FailureOf(err).Detail != "mux: no" {
		t.Errorf("got %v", err)
	}
	if all, err := h.Sessions(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestOnlySocketsOfTheScopeAreListed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	other := client(t, func() remote.Options { o := h.options; o.Scope = "another account"; return o }())
	for _, id := range []vastapi.InstanceID{43, 7, 42} {
		_, err := h.Open(t.Context(), id, direct, false)
		must(t, err)
		_, err = other.Open(t.Context(), id+100, direct, false)
		must(t, err)
	}
	for _, name := range []string{"x.sock", "e3b0c442-0.sock", "e3b0c442-07.sock", "e3b0c442--1.sock", "e3b0c442-1.sock.x"} {
		must(t, os.WriteFile(filepath.Join(h.options.Dir, name), nil, 0o600))
	}
	must(t, os.Symlink("/etc/passwd", filepath.Join(h.options.Dir, "e3b0c442-9.sock")))
	all, err := h.Sessions(t.Context())
	var ids []vastapi.InstanceID
	for _, s := range all {
		ids = append(ids, s.Instance)
	}
	if err != nil || !slices.Equal(ids, []vastapi.InstanceID{7, 42, 43}) {
		t.Errorf("got %v, %v", ids, err)
	}
}

func TestListingEndsAlthoughAConnectionDoesNotAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		for id := range vastapi.InstanceID(20) {
			_, err := h.Open(t.Context(), id+1, direct, false)
			must(t, err)
		}
		h.recorder.On("-7.sock -O check", remote.Reply{Hang: true})
		start := time.Now()
		all, err := h.Sessions(t.Context())
		if took := time.Since(start); err != nil || len(all) != 19 || took != 5*time.Second {
			t.Errorf("%d after %v, %v", len(all), took, err)
		}
	})
}

func TestNotedEndpointIsReadWithCare(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	_, err := h.Open(t.Context(), 42, proxy, false)
	must(t, err)
	notes, err := filepath.Glob(filepath.Join(h.options.Dir, "*.to"))
	if err != nil || len(notes) != 1 {
		t.Fatal(notes, err)
	}
	for text, want := range map[string]remote.Endpoint{
		"proxy ssh6.vast.ai 10042\n": proxy, "direct 203.0.113.7 40022\n": direct,
		"direct -oProxyCommand=x 22": {}, "direct 127.0.0.1 22": {}, "": {}, "x": {}, "proxy ssh6.vast.ai 99999": {},
	} {
		must(t, os.WriteFile(notes[0], []byte(text), 0o600))
		if s, err := h.Check(t.Context(), 42); err != nil || s.Endpoint != want {
			t.Errorf("%q: got %+v, %v", text, s, err)
		}
	}
}
