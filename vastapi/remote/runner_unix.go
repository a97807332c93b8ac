//go:build unix

package remote

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// CanShare reports whether ssh can share connections on this system.
const CanShare = true

// group gives the child a session and with it a process group of its own, and ends the
// whole group when the child is given up: by asking, when it has a grace.
func group(c *exec.Cmd, grace time.Duration) {
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	signal := syscall.SIGKILL
	if grace > 0 {
		signal = syscall.SIGTERM
	}
	c.Cancel = func() error {
		err := syscall.Kill(-c.Process.Pid, signal)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}

// endGroup ends what is left of the group of a child that was given up and is gone.
func endGroup(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }

// exitCode is that of a shell: 128 and the signal for a process that a signal ended.
func exitCode(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return s.ExitCode()
}

// endProcess ends a process and reports whether that could be done.
func endProcess(pid int) bool { return syscall.Kill(pid, syscall.SIGKILL) == nil }
