//go:build !linux && !darwin

package main

import (
	"io"
	"os"
)

const canSupervise = false

// superviseChild is never called here: the program draws in its first process.
func superviseChild(SuperviseOptions) int { return 1 }

func inheritedPipe(int) bool { return false }

func jobControlled() bool { return false }

func hardenProcess() {}

func takeRest(*os.File, io.Writer) {}
