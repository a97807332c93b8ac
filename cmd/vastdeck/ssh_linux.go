package main

import "syscall"

// shellAttributes makes the kernel end a shell when the program that gave it the
// terminal is killed: it would go on reading what is typed there.
func shellAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGHUP}
}
