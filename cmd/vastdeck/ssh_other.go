//go:build !linux

package main

import "syscall"

// shellAttributes is empty: only Linux has a death signal for children.
func shellAttributes() *syscall.SysProcAttr { return nil }
