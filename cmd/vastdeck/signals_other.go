//go:build !linux && !darwin

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// The signals that the process that draws handles itself. None stops a process.
var (
	endSignals        = []os.Signal{os.Interrupt, syscall.SIGTERM}
	keyboardInterrupt = map[os.Signal]bool{os.Interrupt: true}
	stopSignals       []os.Signal
)

const (
	stopSignal     = syscall.Signal(-1)
	continueSignal = syscall.Signal(-2)
)

func stopSelf() {}

// endCommand ends a command; there is no way to ask it.
func endCommand(cmd *exec.Cmd, _ syscall.Signal) { _ = cmd.Process.Kill() }

// signalNumber is the number of sig.
func signalNumber(sig os.Signal) int {
	number, _ := sig.(syscall.Signal)
	return int(number)
}

// flushInput does nothing: type-ahead is dropped only where there are line
// disciplines.
func flushInput() {}
