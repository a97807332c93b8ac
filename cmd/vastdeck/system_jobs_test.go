//go:build system && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// shell is an interactive bash on a terminal that runs the small program as a job.
type shell struct {
	*ptySession
	supervisor, drawing int
}

const prompt = "prompt> "

func startShell(t *testing.T) *shell {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("job control is tested with bash, which is missing: install the package bash")
	}
	cmd := exec.Command(bash, "--norc", "--noprofile", "-i")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "PS1=" + prompt, "HOME=" + cmd.Dir, "HISTFILE="}
	s := &shell{ptySession: startSession(t, 80, 24, cmd)}
	s.waitText(prompt, 0)
	s.press(drawVariable + "=1 " + os.Args[0] + "\r")
	s.waitUp()
	s.supervisor = s.onlyChild(s.cmd.Process.Pid)
	s.drawing = s.onlyChild(s.supervisor)
	return s
}

// checkStopped waits for the shell to report the job stopped and checks that both
// processes are, that the screen was left and that the shell works.
func (s *shell) checkStopped(from int) {
	s.t.Helper()
	s.waitText("Stopped", from)
	s.waitFor("prompt after the stop", from, func(out string) bool {
		return strings.Contains(out[strings.Index(out, "Stopped"):], prompt)
	})
	for name, pid := range map[string]int{"supervisor": s.supervisor, "process that draws": s.drawing} {
		if state := processState(pid); state != 'T' {
			s.t.Errorf("the %s is in state %c, want T", name, state)
		}
	}
	modes := privateModes(s.output())
	if modes[1049] || modes[1003] || modes[1004] {
		s.t.Errorf("modes left on while stopped: %v", modes)
	}
	at, _ := s.length()
	s.press("echo works-$((20+3))\r")
	s.waitText("works-23", at)
}

// resume brings the job back and waits for its screen.
func (s *shell) resume(times int) {
	s.t.Helper()
	at, _ := s.length()
	s.press("fg\r")
	s.waitText(fmt.Sprintf("back-%d", times), at)
	s.waitFullScreen()
	// A stop that was counted twice would come about now. A machine that is slow enough
	// to bring it later makes this see less, not more: then the next step sees it.
	s.settle(300 * time.Millisecond)
	for name, pid := range map[string]int{"supervisor": s.supervisor, "process that draws": s.drawing} {
		if state := processState(pid); state == 'T' {
			s.t.Fatalf("the %s stopped again by itself", name)
		}
	}
}

// waitFullScreen waits until the program has its whole screen again.
func (s *shell) waitFullScreen() {
	s.t.Helper()
	s.waitFor("full screen after fg", 0, func(out string) bool {
		modes := privateModes(out)
		return modes[1049] && modes[1003] && modes[1004] && !modes[25]
	})
}

// quit leaves the program with q and checks its exit code as the shell sees it.
func (s *shell) quit() {
	s.t.Helper()
	at, _ := s.length()
	s.press("q")
	s.waitFor("prompt after q", at, func(out string) bool {
		return strings.Contains(out, prompt)
	})
	s.press("echo status-$?-end\r")
	s.waitText("status-0-end", at)
	s.press("exit\r")
	if code := s.waitExit(); code != 0 {
		s.t.Errorf("the shell's exit code is %d", code)
	}
	s.checkRestored()
}

func TestSuspendWithCtrlZAndResumeWithFg(t *testing.T) {
	t.Parallel()
	s := startShell(t)
	for round := range 3 {
		at, _ := s.length()
		s.press("\x1a")
		s.checkStopped(at)
		s.resume(round + 1)
	}
	s.quit()
}

func TestStopSignalFromOutsideLeavesTheScreenFirst(t *testing.T) {
	t.Parallel()
	targets := map[string]func(*shell) int{
		"the supervisor":           func(s *shell) int { return s.supervisor },
		"the process that draws":   func(s *shell) int { return s.drawing },
		"the whole process group":  func(s *shell) int { return -s.supervisor },
		"the drawing one, by STOP": nil,
	}
	for name, target := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if target == nil {
				testUncatchableStop(t)
				return
			}
			s := startShell(t)
			for round := range 2 {
				at, _ := s.length()
				s.kill(target(s), unix.SIGTSTP)
				s.checkStopped(at)
				s.resume(round + 1)
			}
			s.quit()
		})
	}
}

// testUncatchableStop stops the process that draws behind its back: it cannot leave
// the screen, but the shell gets its terminal back and fg continues both.
func testUncatchableStop(t *testing.T) {
	s := startShell(t)
	at, _ := s.length()
	s.kill(s.drawing, unix.SIGSTOP)
	s.waitText("Stopped", at)
	s.press("fg\r")
	s.waitState(s.drawing, "SR")
	s.waitState(s.supervisor, "SR")
	s.waitFullScreen()
	s.quit()
}

func (s *shell) kill(pid int, sig syscall.Signal) {
	s.t.Helper()
	if err := unix.Kill(pid, sig); err != nil {
		s.t.Fatalf("send %v to %d: %v", sig, pid, err)
	}
}

// waitState waits until process pid is in one of the states.
func (s *shell) waitState(pid int, states string) {
	s.t.Helper()
	waitUntil(s.t, fmt.Sprintf("process %d in one of the states %s", pid, states), func() bool {
		return strings.ContainsRune(states, rune(processState(pid)))
	})
}

// A command that runs in the terminal stops with the program and continues with it.
func TestCtrlZWhileACommandHasTheTerminal(t *testing.T) {
	t.Parallel()
	s := startShell(t)
	s.press("s")
	s.waitText("command-runs", 0)
	command := s.onlyChild(s.drawing)
	at, _ := s.length()
	s.press("\x1a")
	s.waitText("Stopped", at)
	for _, pid := range []int{s.supervisor, s.drawing, command} {
		s.waitState(pid, "T")
	}
	s.press("fg\r")
	for _, pid := range []int{s.supervisor, s.drawing, command} {
		s.waitState(pid, "SR")
	}
	at, _ = s.length()
	s.press("\x03")
	s.waitText("command-done", at)
	s.quit()
}

// A job that is killed while it is stopped must not stop the shell's work: the
// terminal is mended when the job comes back to the foreground.
func TestJobKilledWhileStoppedIsMendedByFg(t *testing.T) {
	t.Parallel()
	s := startShell(t)
	at, _ := s.length()
	s.press("\x1a")
	s.checkStopped(at)
	s.kill(s.drawing, unix.SIGKILL)
	at, _ = s.length()
	s.press("fg\r")
	s.waitText("ended unexpectedly (signal: killed)", at)
	s.waitFor("prompt", at, func(out string) bool { return strings.Contains(out, prompt) })
	s.press("echo status-$?-end\r")
	s.waitText("status-137-end", at)
}
