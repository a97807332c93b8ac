//go:build linux || darwin

package main

import (
	"os"
	"reflect"
	"time"

	"github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// restorePatience is how long a terminal that does not read may hold up the end.
const restorePatience = time.Second

// restoreTerminal brings the terminal back to how it was before the child started
// and reports whether it could. A terminal that a shell has taken back meanwhile
// is left alone.
func (s *supervisor) restoreTerminal() bool {
	if !ownsTerminal(os.Stdin.Fd()) {
		return false
	}
	restored := s.restoreState()
	written := make(chan bool, 1)
	go func() {
		_, err := os.Stdout.WriteString(crashReset)
		written <- err == nil
	}()
	select {
	case ok := <-written:
		restored = restored && ok
	case <-time.After(restorePatience):
		restored = false
	}
	dropInput(os.Stdin.Fd())
	return restored
}

// restoreState restores the line discipline if it differs from the saved one.
func (s *supervisor) restoreState() bool {
	if s.stateIsSaved() {
		return true
	}
	fd := os.Stdin.Fd()
	return s.saved != nil && ownsTerminal(fd) && term.Restore(fd, s.saved) == nil
}

// stateIsSaved reports whether the line discipline is as it was at the start.
func (s *supervisor) stateIsSaved() bool {
	now, err := term.GetState(os.Stdin.Fd())
	return err == nil && s.saved != nil && reflect.DeepEqual(now, s.saved)
}

// ownsTerminal reports whether this process group is the one in the foreground.
// Changing the terminal from the background would stop this process.
func ownsTerminal(fd uintptr) bool {
	group, err := unix.IoctlGetInt(int(fd), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// keyboardSignals reports whether ctrl+c and ctrl+\ at this terminal send signals.
// They do not while the program itself draws.
func keyboardSignals(fd uintptr) bool {
	state, err := term.GetState(fd)
	return err == nil && state.Lflag&unix.ISIG != 0
}
