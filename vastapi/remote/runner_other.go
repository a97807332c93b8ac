//go:build !unix

package remote

import (
	"os"
	"os/exec"
	"time"
)

// CanShare reports whether ssh can share connections on this system: the one of Windows
// has no control sockets.
const CanShare = false

// group leaves the child as it is: giving it up ends it alone.
func group(*exec.Cmd, time.Duration) {}

func endGroup(*exec.Cmd) {}

func exitCode(s *os.ProcessState) int { return s.ExitCode() }

func endProcess(int) bool { return false }
