package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// childAttributes is empty: macOS has no death signal for children.
func childAttributes() *syscall.SysProcAttr { return nil }

// forbidTracing does nothing: macOS lets a process read another one's memory only
// with an entitlement.
func forbidTracing() {}

// dropInput throws away what was typed and not yet read, and the terminal's late
// answers with it, so that they do not reach the shell as a command line.
func dropInput(fd uintptr) {
	const read = 1 // FREAD of <sys/fcntl.h>
	_ = unix.IoctlSetPointerInt(int(fd), unix.TIOCFLUSH, read)
}

// parentOf is the parent of process pid, or 0 when that cannot be found out.
func parentOf(pid int) int {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return 0
	}
	return int(info.Eproc.Ppid)
}
