//go:build linux || darwin

package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// The signals that the process that draws handles itself.
var (
	endSignals        = []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT}
	keyboardInterrupt = map[os.Signal]bool{syscall.SIGINT: true, syscall.SIGQUIT: true}
	stopSignals       = []os.Signal{stopSignal, continueSignal}
)

const (
	stopSignal     = syscall.SIGTSTP
	continueSignal = syscall.SIGCONT
)

// stopSelf stops this process as ctrl+z does and returns when it is continued. It
// uses SIGSTOP because Go does not give a signal that was once caught its default
// action back: SIGTSTP would be lost.
func stopSelf() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, continueSignal)
	defer signal.Stop(continued)
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	<-continued
}

// endCommand asks a command to end: its whole process group when it has one of its
// own, else the command alone, because its group is then also ours and the shell's.
func endCommand(cmd *exec.Cmd, sig syscall.Signal) {
	pid := cmd.Process.Pid
	if group, err := unix.Getpgid(pid); err == nil && group == pid {
		_ = unix.Kill(-pid, sig)
		return
	}
	_ = cmd.Process.Signal(sig)
}

// signalNumber is the number of sig.
func signalNumber(sig os.Signal) int {
	number, _ := sig.(syscall.Signal)
	return int(number)
}

// flushInput drops what was typed while a command had the terminal, so that no key
// meant for it acts on the account.
func flushInput() { dropInput(os.Stdin.Fd()) }
