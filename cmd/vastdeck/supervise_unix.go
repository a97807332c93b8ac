//go:build linux || darwin

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

const canSupervise = true

// resumePause is how long after a stop a late SIGTSTP is taken for an echo of it.
const resumePause = 250 * time.Millisecond

// supervisor looks after one process that draws. It owns nothing but the state the
// terminal was in before.
type supervisor struct {
	opts    SuperviseOptions
	key     string
	saved   *term.State
	signals chan os.Signal
	process *os.Process
	said    *os.File
	stderr  *stderrKeeper

	mu      sync.Mutex
	asked   syscall.Signal // the first signal that asked the child to end
	overdue bool           // the child was killed because it did not
	stopped bool           // both processes are about to stop or have stopped
	resumed time.Time      // when they were last continued
}

// superviseChild starts this program again as the process that draws and returns
// its exit code, or 128 plus the signal that ended it.
func superviseChild(opts SuperviseOptions) int {
	// The kernel sends the child's death signal when the thread that started it
	// ends, so that thread has to be kept.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	s := &supervisor{opts: opts, key: takeKey(), signals: make(chan os.Signal, 16)}
	// Without a saved state there is nothing to restore; modes are still reset.
	s.saved, _ = term.GetState(os.Stdin.Fd())
	signal.Notify(s.signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP)
	if err := s.start(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: start the process that draws: %v\n", programName, err)
		return 1
	}
	go s.relay()
	status, err := s.wait()
	return s.finish(status, err)
}

// start starts the child with the key in a pipe and its stderr in another, so that
// a crash is not printed over the screen and can be cleaned before it is kept.
func (s *supervisor) start() error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	told, err := encodeHandover(handover{Key: s.key, Suspend: jobControlled()})
	if err != nil {
		return err
	}
	var pipes pipeSet
	defer pipes.closeChildEnds()
	tell, err := pipes.toChild()
	if err != nil {
		return err
	}
	said, err := pipes.fromChild()
	if err != nil {
		return err
	}
	complaints, err := pipes.fromChild()
	if err != nil {
		return err
	}
	cmd := exec.Command(path, os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = childEnvironment(os.Environ())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, pipes.childEnds[2]
	cmd.ExtraFiles = pipes.childEnds[:2]
	cmd.SysProcAttr = childAttributes()
	_, err = tell.Write(told)
	tell.Close()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.process, s.said, s.stderr = cmd.Process, said, keepStderr(complaints)
	return nil
}

// pipeSet makes the pipes between the two processes.
type pipeSet struct{ childEnds []*os.File }

func (p *pipeSet) toChild() (*os.File, error) {
	r, w, err := os.Pipe()
	if err == nil {
		p.childEnds = append(p.childEnds, r)
	}
	return w, err
}

func (p *pipeSet) fromChild() (*os.File, error) {
	r, w, err := os.Pipe()
	if err == nil {
		p.childEnds = append(p.childEnds, w)
	}
	return r, err
}

func (p *pipeSet) closeChildEnds() {
	for _, f := range p.childEnds {
		f.Close()
	}
}

// wait waits until the child has ended and stops together with it on the way. It
// waits by itself, not through os/exec, because that does not report stops.
func (s *supervisor) wait() (syscall.WaitStatus, error) {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(s.process.Pid, &status, syscall.WUNTRACED, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case status.Stopped():
			s.stopToo()
		default:
			return status, nil
		}
	}
}

// relay passes signals on to the child until the program ends.
func (s *supervisor) relay() {
	for sig := range s.signals {
		number, ok := sig.(syscall.Signal)
		if !ok {
			continue
		}
		if number == syscall.SIGTSTP {
			s.passStop()
			continue
		}
		s.passEnd(number)
	}
}

// passEnd asks the child to end, and sees to it that it does: at once when it is
// the second SIGTERM, else after the grace period. Signals that the keyboard may
// have sent have reached the child without help; they come while another program
// has the terminal (ssh asking for a password) and are that program's business.
func (s *supervisor) passEnd(sig syscall.Signal) {
	if (sig == syscall.SIGINT || sig == syscall.SIGQUIT) && keyboardSignals(os.Stdin.Fd()) {
		return
	}
	_ = s.process.Signal(sig)
	s.mu.Lock()
	first := s.asked
	if first == 0 {
		s.asked = sig
	}
	s.mu.Unlock()
	switch {
	case first == 0:
		time.AfterFunc(s.opts.Grace, s.kill)
	case first == syscall.SIGTERM && sig == syscall.SIGTERM:
		s.kill()
	}
}

// kill ends a child that did not end when asked.
func (s *supervisor) kill() {
	s.mu.Lock()
	s.overdue = true
	s.mu.Unlock()
	_ = s.process.Kill()
}

// passStop asks the child to leave the screen and stop. When the whole group was
// asked, the child has stopped by itself, and with it this process: then the copy of
// the signal that is read here after both went on must not stop the child again. A
// copy that reaches it before does no harm: a pending stop is dropped when a process
// continues.
func (s *supervisor) passStop() {
	s.mu.Lock()
	echo := s.stopped || time.Since(s.resumed) < resumePause
	s.mu.Unlock()
	if !echo {
		_ = s.process.Signal(syscall.SIGTSTP)
	}
}

// stopToo stops this process after the child has stopped, so that the shell sees
// its job stopped and takes the terminal back, and continues the child afterwards.
// A child that was stopped behind its back (SIGSTOP) has left the terminal raw; then
// it is restored here. Where no shell would ever continue it, this process stays
// awake.
func (s *supervisor) stopToo() {
	if !jobControlled() {
		return
	}
	if !s.stateIsSaved() {
		s.restoreTerminal()
	}
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	stopSelf()
	s.mu.Lock()
	s.stopped, s.resumed = false, time.Now()
	s.mu.Unlock()
	_ = s.process.Signal(syscall.SIGCONT)
}

// finish restores what the child left behind and returns the exit code.
func (s *supervisor) finish(status syscall.WaitStatus, waitErr error) int {
	written := s.stderr.text()
	goodbye, _ := io.ReadAll(io.LimitReader(s.said, int64(len(farewell))))
	s.mu.Lock()
	asked, overdue := s.asked, s.overdue
	s.mu.Unlock()

	redactor := redactorOf(s.key)
	lines := inertLines(written, redactor)
	if string(goodbye) == farewell && waitErr == nil && status.Exited() {
		s.restoreState()
		for _, line := range lines {
			fmt.Fprintln(os.Stderr, line)
		}
		return status.ExitStatus()
	}
	end := ending{
		Version:  s.opts.Version,
		Cause:    causeOf(status, waitErr, lines),
		Restored: s.restoreTerminal(),
		Written:  written,
		Redactor: redactor,
	}
	code := exitCodeOf(status, waitErr)
	if overdue {
		end.Cause = fmt.Sprintf("it did not end within %v of %s and was killed", s.opts.Grace, unix.SignalName(asked))
		code = 128 + int(asked)
	}
	end.tell(s.opts.Reports, os.Stderr)
	return code
}

// takeRest copies what is in a pipe without waiting for more. It takes no more than one
// pipe holds at most, which is enough for what a process that has ended left in it.
func takeRest(pipe *os.File, to io.Writer) {
	const most = 1 << 20
	_ = pipe.SetReadDeadline(time.Time{})
	raw, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Read(func(fd uintptr) bool {
		buf := make([]byte, 64<<10)
		for taken := 0; taken < most; {
			n, err := unix.Read(int(fd), buf)
			if err == unix.EINTR {
				continue
			}
			if err != nil || n <= 0 {
				break
			}
			_, _ = to.Write(buf[:n])
			taken += n
		}
		return true
	})
}

// exitCodeOf is the child's own exit code, or 128 plus the signal that ended it.
func exitCodeOf(status syscall.WaitStatus, waitErr error) int {
	switch {
	case waitErr != nil:
		return 1
	case status.Signaled():
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// causeOf says in a few words how the child ended, with the first line of a panic
// when there was one.
func causeOf(status syscall.WaitStatus, waitErr error, lines []string) string {
	switch {
	case errors.Is(waitErr, syscall.ECHILD):
		return "it was gone before it could be waited for"
	case waitErr != nil:
		return waitErr.Error()
	case status.Signaled():
		return "signal: " + status.Signal().String()
	}
	cause := fmt.Sprintf("exit status %d", status.ExitStatus())
	if line := crashLine(lines); line != "" {
		cause += ": " + line
	}
	return cause
}

// inheritedPipe reports whether fd is a pipe, and keeps it from later children.
func inheritedPipe(fd int) bool {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFIFO {
		return false
	}
	unix.CloseOnExec(fd)
	return true
}

// jobControlled reports whether a shell would continue this process group after a
// stop: whether some ancestor outside the group belongs to the same session. In a
// group without one the kernel ignores SIGTSTP, and a program that waited to be
// continued would wait for ever.
func jobControlled() bool {
	group, err := unix.Getpgid(0)
	if err != nil {
		return false
	}
	session, err := unix.Getsid(0)
	if err != nil {
		return false
	}
	for pid := os.Getppid(); pid > 0; pid = parentOf(pid) {
		if pgid, err := unix.Getpgid(pid); err != nil || pgid != group {
			sid, err := unix.Getsid(pid)
			return err == nil && sid == session
		}
	}
	return false
}

// hardenProcess keeps this process's memory, which holds the API key, out of core
// dumps and away from other processes of the user.
func hardenProcess() {
	// Both are best effort: a refusal leaves the program as safe as any other.
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	forbidTracing()
	// Writing an error after the supervisor was killed must not end this process
	// before it has restored the terminal.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
}
