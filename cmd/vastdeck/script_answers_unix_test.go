//go:build unix

package main

import (
	"os"
	"syscall"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// controllingTerminal makes standard input the terminal of a session of its own.
func controllingTerminal() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// echoes reports whether a terminal shows what is typed.
func echoes(terminal *os.File) bool {
	state, err := term.GetState(terminal.Fd())
	return err != nil || state.Lflag&unix.ECHO != 0
}
