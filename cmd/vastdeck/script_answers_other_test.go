//go:build !unix

package main

import "syscall"

func controllingTerminal() *syscall.SysProcAttr { return nil }
