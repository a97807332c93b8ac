//go:build unix

package main

import "syscall"

// controllingTerminal makes standard input the terminal of a session of its own.
func controllingTerminal() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Setctty: true}
}
