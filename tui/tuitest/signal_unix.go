//go:build unix

package tuitest

import (
	"os"
	"os/signal"
	"syscall"
)

// prepareSignals starts the runtime's signal goroutine. If a bubble started it, the first signal after that bubble
// would end the process with "select on synctest channel from outside bubble".
func prepareSignals() {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGWINCH)
}
