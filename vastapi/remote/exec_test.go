package remote_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

// lineOf is the last argument of the last call: the command line of the remote shell.
func (h *home) lineOf(t *testing.T) string {
	t.Helper()
	calls := h.recorder.Calls()
	if len(calls) == 0 {
		t.Fatal("nothing was started")
	}
	args := calls[len(calls)-1].Args
	return args[len(args)-1]
}

func TestACommandOpensTheConnectionFirst(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("nvidia-smi", remote.Reply{Code: 3, Out: "a\nb\nc", Err: "oops\n"})
	var got []string
	out, err := h.Exec(t.Context(), 42, direct, "nvidia-smi -L", remote.ExecOptions{Output: func(s remote.Stream, p []byte) {
		got = append(got, [...]string{"out:", "err:"}[s]+string(p))
	}})
	if err != nil || out.Code != 3 || out.Bytes != 10 || out.Dropped != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	if want := "out:a\nb\n|err:oops\n|out:c"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
	lines := strings.Join(h.recorder.Lines(), "\n")
	open, run := strings.Index(lines, "-M -N -f"), strings.Index(lines, "nvidia-smi")
	if open < 0 || run < open {
		t.Errorf("the calls were\n%s", lines)
	}
	if _, err := h.Exec(t.Context(), 42, direct, "true", remote.ExecOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(strings.Join(h.recorder.Lines(), "\n"), "-M -N -f"); n != 1 {
		t.Errorf("the connection was opened %d times", n)
	}
}

func TestTheFailureOfSSHIsNoExitCode(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("true", remote.Reply{Code: 255, Err: "client_loop: send disconnect: Broken pipe\n"})
	_, err := h.Exec(t.Context(), 42, direct, "true", remote.ExecOptions{})
	if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailLost {
		t.Errorf("%v", err)
	}
	h = newHome(t)
	h.recorder.On("-M -N -f", remote.Reply{Code: 255, Err: "root@203.0.113.7: Permission denied (publickey).\n"})
	_, err = h.Exec(t.Context(), 42, direct, "true", remote.ExecOptions{})
	if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailDenied {
		t.Errorf("%v", err)
	}
	for _, call := range h.recorder.Lines() {
		if strings.Contains(call, "vastdeck true") {
			t.Errorf("it went by a connection of its own: %s", call)
		}
	}
}

func TestACommandHasItsTimeAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHome(t)
		h.recorder.On("sleep", remote.Reply{Hang: true})
		start := time.Now()
		out, err := h.Exec(t.Context(), 42, direct, "sleep 1000", remote.ExecOptions{Timeout: time.Minute})
		if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailTimeout || !strings.Contains(f.Sentence, "1m0s") {
			t.Errorf("%v", err)
		}
		if took := time.Since(start); took != time.Minute || out.Took != time.Minute {
			t.Errorf("it took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.Exec(ctx, 42, direct, "sleep 1000", remote.ExecOptions{Timeout: time.Minute}); !errors.Is(err, context.DeadlineExceeded) || remote.FailureOf(err) != nil {
			t.Errorf("%v", err)
		}
	})
}

func TestCommandsThatAreNoneStartNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, line := range []string{"", "-oProxyCommand=x", "a\x00b", strings.Repeat("x", 200<<10)} {
		if _, err := h.Exec(t.Context(), 42, direct, line, remote.ExecOptions{}); err == nil {
			t.Errorf("%.20q was taken", line)
		}
	}
	if _, err := h.Follow(t.Context(), 42, direct, "", remote.ExecOptions{}); err == nil {
		t.Error("a file without a name was followed")
	}
	if calls := h.recorder.Lines(); len(calls) != 0 {
		t.Errorf("started %q", calls)
	}
}
