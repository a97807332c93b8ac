//go:build linux || darwin

package main

import (
	"os"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// dropTyped throws away what was typed on a terminal before a question was asked there:
// it was no answer to it. A process in the background leaves the terminal alone.
func dropTyped(f *os.File) {
	if ownsTerminal(f.Fd()) {
		dropInput(f.Fd())
	}
}

// hideTyped has a terminal not show what is typed; before is the state it is in.
func hideTyped(f *os.File, before *term.State) {
	if ownsTerminal(f.Fd()) {
		hidden := *before
		hidden.Lflag &^= unix.ECHO
		_ = term.Restore(f.Fd(), &hidden)
	}
}
