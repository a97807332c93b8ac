//go:build system && linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// badEnd is one way in which the process that draws ends.
type badEnd struct {
	name   string
	key    string         // typed, or
	signal syscall.Signal // sent to the process that draws, or
	parent bool           // to the supervisor
	exit   int
	told   string // part of the sentence on stderr; "" for an end that was asked for
}

var badEnds = []badEnd{
	{name: "panic in Update", key: "u", exit: 1, told: "(exit status 1: panic: in Update"},
	{name: "panic in View", key: "v", exit: 1, told: "(exit status 1: panic: in View)"},
	{name: "panic in a command", key: "c", exit: 1, told: "(exit status 1: panic: in a command)"},
	{name: "panic in a goroutine", key: "g", exit: 2, told: "(exit status 2: panic: in a goroutine)"},
	{name: "concurrent map writes", key: "m", exit: 2, told: "(exit status 2: fatal error: concurrent map"},
	{name: "os.Exit in the middle", key: "x", exit: 3, told: "(exit status 3)"},
	{name: "hostile label in the renderer", key: "l", exit: 2, told: "(exit status 2: panic: runtime error: index out of range"},
	{name: "SIGKILL", signal: unix.SIGKILL, exit: 137, told: "(signal: killed)"},
	{name: "SIGABRT", signal: unix.SIGABRT, exit: 2, told: "(exit status 2: SIGABRT"},
	{name: "SIGSEGV", signal: unix.SIGSEGV, exit: 2, told: "(exit status 2: SIGSEGV"},
	{name: "SIGTERM", signal: unix.SIGTERM, exit: 143},
	{name: "SIGHUP", signal: unix.SIGHUP, exit: 129},
	{name: "SIGQUIT", signal: unix.SIGQUIT, exit: 131},
	{name: "SIGHUP to the supervisor", signal: unix.SIGHUP, parent: true, exit: 129},
	{name: "SIGTERM to the supervisor", signal: unix.SIGTERM, parent: true, exit: 143},
	{name: "SIGINT to the supervisor", signal: unix.SIGINT, parent: true, exit: 130},
	{name: "SIGQUIT to the supervisor", signal: unix.SIGQUIT, parent: true, exit: 131},
	{name: "deaf program and SIGTERM", key: "h", signal: unix.SIGTERM, parent: true, exit: 143, told: "it did not end within 100ms of SIGTERM and was killed"},
}

func TestTerminalIsRestoredAfterEveryKindOfEnd(t *testing.T) {
	for _, end := range badEnds {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			reports := filepath.Join(t.TempDir(), "crash")
			environment := []string{reportsVariable + "=" + reports}
			if end.key == "h" {
				environment = append(environment, graceVariable+"=100ms")
			}
			s := startFragile(t, environment...)
			drawing := s.drawing()
			if end.key != "" {
				s.press(end.key)
			}
			if end.key == "h" {
				s.waitText("is-deaf", 0)
			}
			s.send(end, drawing)
			if got := s.waitExit(); got != end.exit {
				t.Errorf("exit code %d, want %d; written last: %q", got, end.exit, tail(s.output(), 500))
			}
			s.checkGone(drawing)
			s.checkRestored()
			s.checkTold(end.told, reports)
		})
	}
}

func (s *ptySession) send(end badEnd, drawing int) {
	s.t.Helper()
	if end.signal == 0 {
		return
	}
	pid := drawing
	if end.parent {
		pid = s.cmd.Process.Pid
	}
	if err := unix.Kill(pid, end.signal); err != nil {
		s.t.Fatalf("send %v: %v", end.signal, err)
	}
}

// checkGone fails if the process that drew still exists.
func (s *ptySession) checkGone(drawing int) {
	s.t.Helper()
	if state := processState(drawing); state != 0 && state != 'Z' {
		s.t.Errorf("the process that drew (%d) is still there, in state %c", drawing, state)
	}
}

// checkTold compares the sentence after the screen was left with what is expected,
// and makes sure that nothing of a crash reaches the terminal raw.
func (s *ptySession) checkTold(want, reports string) {
	s.t.Helper()
	after := s.output()
	after = after[max(0, strings.LastIndex(after, "\x1b[?1049l")):]
	told := strings.Contains(after, "ended unexpectedly")
	if told != (want != "") || !strings.Contains(after, want) {
		s.t.Errorf("want the sentence %q; written after the screen was left: %q", want, after)
	}
	for _, bad := range []string{"goroutine ", "\x1b]52", strings.Repeat("5e", 32)} {
		if strings.Contains(s.output(), bad) {
			s.t.Errorf("%q reached the terminal", bad)
		}
	}
	s.checkReports(reports, strings.Contains(after, "crash report in "+reports))
}

// checkReports looks at the crash reports: there is one when it was promised, only
// the user may read it, and it holds neither secrets nor escape sequences.
func (s *ptySession) checkReports(folder string, promised bool) {
	s.t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || (len(paths) == 1) != promised {
		s.t.Fatalf("crash reports %v (%v), promised: %v", paths, err, promised)
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			s.t.Errorf("crash report: mode %v, %v", info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "goroutine ") {
			s.t.Errorf("crash report: %v, %q", err, text)
		}
		if strings.Contains(string(text), strings.Repeat("5e", 32)) || strings.Contains(string(text), "\x1b") {
			s.t.Errorf("the crash report holds a secret or an escape sequence: %q", text)
		}
	}
}

func TestTerminalIsRestoredAfterRandomSignalsAtRandomTimes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	kinds := []syscall.Signal{unix.SIGKILL, unix.SIGHUP, unix.SIGQUIT, unix.SIGABRT, unix.SIGSEGV, unix.SIGTERM}
	for range 20 {
		sig := kinds[random.IntN(len(kinds))]
		delay := time.Duration(random.IntN(120)) * time.Millisecond
		s := startSession(t, 80, 24, fragileCommand(t))
		drawing := s.drawing()
		<-time.After(delay)
		s.send(badEnd{signal: sig}, drawing)
		code := s.waitExit()
		if code == 0 {
			t.Errorf("%v after %v: exit code 0", sig, delay)
		}
		s.checkGone(drawing)
		s.checkRestored()
		if t.Failed() {
			t.Fatalf("%v after %v: exit code %d", sig, delay, code)
		}
	}
}

func TestKilledSupervisorEndsTheProcessThatDraws(t *testing.T) {
	t.Parallel()
	s := startFragile(t)
	drawing := s.drawing()
	s.send(badEnd{signal: unix.SIGKILL, parent: true}, drawing)
	if got := s.waitExit(); got != 137 {
		t.Errorf("exit code %d, want 137", got)
	}
	s.waitGone(drawing)
	s.checkRestored()
}

// A script that started the program keeps the session alive, so that no hangup comes:
// the process that draws has to be ended by the death of its supervisor alone.
func TestKilledSupervisorEndsTheProcessThatDrawsInsideAScript(t *testing.T) {
	t.Parallel()
	program := fragileCommand(t)
	script := exec.Command("sh", "-c", `"$0"; exec sleep 1000`, program.Path)
	script.Dir, script.Env = program.Dir, program.Env
	s := startSession(t, 80, 24, script)
	s.waitUp()
	supervisor := s.onlyChild(s.cmd.Process.Pid)
	drawing := s.onlyChild(supervisor)
	if err := unix.Kill(supervisor, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.waitGone(drawing)
	s.checkRestored()
}

// waitGone waits until a process that is nobody's child here has ended.
func (s *ptySession) waitGone(pid int) {
	s.t.Helper()
	waitGone(s.t, pid)
}

// waitGone waits until a process has ended.
func waitGone(t testing.TB, pid int) {
	t.Helper()
	waitUntil(t, fmt.Sprintf("end of process %d", pid), func() bool {
		state := processState(pid)
		return state == 0 || state == 'Z'
	})
}

func TestSecondTermKillsAtOnce(t *testing.T) {
	t.Parallel()
	s := startFragile(t)
	drawing := s.drawing()
	s.press("h")
	s.waitText("is-deaf", 0)
	// Two signals sent together may arrive as one: a process has no queue of them. One
	// alone would give it an hour.
	waitUntil(t, "end after two signals", func() bool {
		if s.running() {
			_ = unix.Kill(s.cmd.Process.Pid, unix.SIGTERM) // it may be gone by now
		}
		return !s.running()
	})
	if got := s.waitExit(); got != 143 {
		t.Errorf("exit code %d, want 143", got)
	}
	s.checkGone(drawing)
	s.checkRestored()
}

func TestTermEndsTheCommandThatHasTheTerminal(t *testing.T) {
	t.Parallel()
	for _, parent := range []bool{false, true} {
		s := startFragile(t)
		drawing := s.drawing()
		s.press("s")
		s.waitText("command-runs", 0)
		command := s.onlyChild(drawing)
		s.send(badEnd{signal: unix.SIGTERM, parent: parent}, drawing)
		if got := s.waitExit(); got != 143 {
			t.Errorf("exit code %d, want 143", got)
		}
		s.waitGone(command)
		s.checkGone(drawing)
		s.checkRestored()
	}
}

// onlyChild is the one process that pid has started.
func (s *ptySession) onlyChild(pid int) int {
	s.t.Helper()
	children := childrenOf(pid)
	if len(children) != 1 {
		s.t.Fatalf("process %d has %d children, want 1", pid, len(children))
	}
	return children[0]
}

// While a command has the terminal, ctrl+c is its own affair; afterwards the program
// goes on, and what was typed meanwhile does not reach it.
func TestInterruptOfACommandLeavesTheProgramRunning(t *testing.T) {
	t.Parallel()
	s := startFragile(t)
	drawing := s.drawing()
	s.press("s")
	s.waitText("command-runs", 0)
	before, _ := s.length()
	s.press("qqq\x03")
	s.waitText("command-done", before)
	s.press("k")
	if s.endsUnless("key=", before) || processState(drawing) == 0 {
		t.Fatal("the program ended with its command")
	}
	s.press("q")
	if got := s.waitExit(); got != 0 {
		t.Errorf("exit code %d, want 0", got)
	}
	s.checkRestored()
}

func TestKeyTravelsOverAPipeAndNotInTheEnvironment(t *testing.T) {
	t.Parallel()
	const sentinel = "SENTINEL-0f1e2d3c4b5a"
	s := startFragile(t, keyVariable+"="+sentinel, "TEA_TRACE=trace.log", "TEA_DEBUG=1", "GODEBUG=http2debug=2,madvdontneed=1")
	drawing := s.drawing()
	s.press("k")
	s.waitText("key="+sentinel, 0)
	s.waitText(`environment="" mark=""`, 0)
	for _, name := range []string{"environ", "cmdline"} {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(drawing), name))
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{sentinel, "TEA_", "http2debug"} {
			if strings.Contains(string(text), bad) {
				t.Errorf("%s of the process that draws holds %s", name, bad)
			}
		}
	}
	s.press("q")
	if got := s.waitExit(); got != 0 {
		t.Errorf("exit code %d, want 0", got)
	}
	left, err := os.ReadDir(s.cmd.Dir)
	if err != nil || len(left) != 0 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

// A variable that anybody can set must not make a process believe it is a child.
func TestForgedMarkStillGetsASupervisor(t *testing.T) {
	t.Parallel()
	s := startFragile(t, childMark+"=1")
	drawing := s.drawing()
	s.send(badEnd{signal: unix.SIGKILL}, drawing)
	if got := s.waitExit(); got != 137 {
		t.Errorf("exit code %d, want 137", got)
	}
	s.checkRestored()
}

// Without a shell that could continue it, the program must not stop.
func TestSuspendIsIgnoredWithoutAShell(t *testing.T) {
	t.Parallel()
	s := startFragile(t)
	drawing := s.drawing()
	s.press("\x1a")
	s.send(badEnd{signal: unix.SIGTSTP}, drawing)
	s.send(badEnd{signal: unix.SIGTSTP, parent: true}, drawing)
	s.press("k")
	s.waitText("key=", 0)
	s.press("q")
	if got := s.waitExit(); got != 0 {
		t.Errorf("exit code %d, want 0", got)
	}
	s.checkRestored()
}
