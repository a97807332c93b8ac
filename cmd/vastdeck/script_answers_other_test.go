//go:build !unix

package main

import (
	"os"
	"syscall"
)

func controllingTerminal() *syscall.SysProcAttr { return nil }

func echoes(*os.File) bool { return false }
