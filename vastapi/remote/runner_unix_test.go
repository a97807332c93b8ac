//go:build unix

package remote_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"vastdeck/vastapi/remote"
)

// sh is a process to try the runner with.
func sh(script string, args ...string) remote.Command {
	return remote.Command{Path: "/bin/sh", Args: append([]string{"-c", script, "sh"}, args...), Env: []string{"PATH=/usr/bin:/bin", "ONLY=this"}}
}

func TestProcessStreamsAndEnds(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code, err := remote.Processes{}.Run(t.Context(), sh(`cat; echo "$1" >&2; exit 7`, "to stderr"),
		remote.Streams{In: strings.NewReader("from stdin"), Out: &out, Err: &errs})
	if code != 7 || err != nil || out.String() != "from stdin" || errs.String() != "to stderr\n" {
		t.Errorf("got %d, %v, %q, %q", code, err, &out, &errs)
	}
}

func TestProcessHasOnlyTheEnvironmentItWasGiven(t *testing.T) {
	t.Setenv("VAST_API_KEY", sentinel)
	for name, env := range map[string][]string{"one": {"ONLY=this"}, "none": nil} {
		var out bytes.Buffer
		code, err := remote.Processes{}.Run(t.Context(), remote.Command{Path: "/usr/bin/env", Env: env}, remote.Streams{Out: &out})
		if got := strings.TrimSpace(out.String()); code != 0 || err != nil || got != strings.Join(env, "") {
			t.Errorf("%s: got %d, %v, %q", name, code, err, got)
		}
	}
}

func TestSignalIsTheExitCodeOfAShell(t *testing.T) {
	t.Parallel()
	code, err := remote.Processes{}.Run(t.Context(), sh("kill -TERM $$"), remote.Streams{})
	if code != 128+int(syscall.SIGTERM) || err != nil {
		t.Errorf("got %d, %v", code, err)
	}
}

func TestMissingProgramIsAFailureWithANextStep(t *testing.T) {
	t.Parallel()
	_, err := remote.Processes{}.Run(t.Context(), remote.Command{Path: "/nowhere/ssh"}, remote.Streams{})
	if kind(err) != remote.FailStart || !errors.Is(err, os.ErrNotExist) || err.Error() != "/nowhere/ssh cannot be started. Install the package openssh-client, or look whether the program may be run." {
		t.Errorf("got %v", err)
	}
}

// notice tells when something was written.
type notice struct {
	io.Writer
	said chan struct{}
}

func (n notice) Write(p []byte) (int, error) {
	defer close(n.said)
	return n.Writer.Write(p)
}

func TestGivingUpEndsTheWholeGroup(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	ctx, cancel := context.WithCancelCause(t.Context())
	said := make(chan struct{})
	go func() {
		<-said
		cancel(errGivenUp)
	}()
	start := time.Now()
	_, err := remote.Processes{}.Run(ctx, sh("sleep 60 & echo $!; wait"), remote.Streams{Out: notice{&out, said}})
	if !errors.Is(err, errGivenUp) || time.Since(start) > 20*time.Second {
		t.Fatalf("after %v: %v", time.Since(start), err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	if !endsSoon(pid) {
		t.Errorf("the grandchild %d lives on", pid)
	}
}

var errGivenUp = errors.New("given up")

// endsSoon waits for a process to be gone or to wait for its parent to notice.
func endsSoon(pid int) bool {
	for range 2000 {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || err == nil && strings.Contains(string(stat), ") Z ") {
			return true
		}
		<-time.After(time.Millisecond)
	}
	return false
}

func TestProcessHasASessionOfItsOwn(t *testing.T) {
	t.Parallel()
	in, write := io.Pipe()
	var out bytes.Buffer
	said := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		_, err := remote.Processes{}.Run(t.Context(), sh("echo $$; cat"), remote.Streams{In: in, Out: notice{&out, said}})
		ended <- err
	}()
	<-said
	pid, err := strconv.Atoi(strings.TrimSpace(out.String()))
	must(t, err)
	// Without a terminal of its own it cannot ask on ours.
	if session, err := unix.Getsid(pid); session != pid || err != nil {
		t.Errorf("process %d is in session %d, %v", pid, session, err)
	}
	must(t, write.Close())
	must(t, <-ended)
}

func TestStreamThatIsHeldOpenDoesNotHoldUp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	start := time.Now()
	code, err := remote.Processes{}.Run(t.Context(), sh("sleep 5 & echo started; exit 3"), remote.Streams{Out: &out})
	if took := time.Since(start); code != 3 || err != nil || out.String() != "started\n" || took > 4*time.Second {
		t.Errorf("after %v: %d, %v, %q", took, code, err, &out)
	}
}

func TestNothingIsStartedWhenItIsTooLate(t *testing.T) {
	t.Parallel()
	mark := filepath.Join(t.TempDir(), "mark")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := remote.Processes{}.Run(ctx, sh(`: > "$1"`, mark), remote.Streams{})
	if _, missing := os.Stat(mark); !errors.Is(err, context.Canceled) || missing == nil {
		t.Errorf("got %v, %v", err, missing)
	}
}

func TestOutputIsBounded(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(o *remote.Options) { o.Runner = remote.Processes{} })
	r, err := h.Output(t.Context(), sh("head -c 1000000 /dev/zero | tr '\\0' x; head -c 100000 /dev/zero >&2"), 20*time.Second)
	if err != nil || len(r.Out) != 64<<10 || len(r.Err) != 64<<10 || r.Lost != 1_100_000-128<<10 {
		t.Errorf("got %d and %d bytes, %d lost, %v", len(r.Out), len(r.Err), r.Lost, err)
	}
	_, err = h.Output(t.Context(), sh("sleep 60"), 50*time.Millisecond)
	if kind(err) != remote.FailTimeout {
		t.Errorf("got %v", err)
	}
}

func TestMissingSSHIsToldByOpen(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(o *remote.Options) { o.Runner, o.SSH = remote.Processes{}, "/nowhere/ssh" })
	if _, err := h.Open(t.Context(), 42, direct, false); kind(err) != remote.FailStart {
		t.Errorf("got %v", err)
	}
	if all, err := h.Sessions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestModesAreThoseThatWereMeantUnderAnyUmask(t *testing.T) {
	h := newHome(t)
	path := h.config(t, "Host a\n")
	h.knows(t, "vast-42 ssh-ed25519 "+hostKey+"\nvast-43 x y\n")
	before := syscall.Umask(0o277)
	defer syscall.Umask(before)
	must(t, h.Include(path))
	_, err := h.ForgetHost(42)
	must(t, err)
	_, err = h.WriteConfig([]remote.Target{target()})
	must(t, err)
	for path, want := range map[string]os.FileMode{path: 0o640, h.options.KnownHosts: 0o600, h.options.ConfigFile: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}
