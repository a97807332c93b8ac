package tuitest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Main runs a package's tests and is all that its TestMain has to call. It makes the runtime's signal goroutine
// before the first bubble does, and fails the run when a goroutine is left over at the end.
func Main(m *testing.M) {
	prepareSignals()
	time.Local = time.UTC // screens with times of day are the same everywhere
	code := m.Run()
	if code == 0 {
		if err := leftOver(); err != nil {
			fmt.Fprintf(os.Stderr, "goroutines left after all tests: %v\n", err)
			code = 1
		}
	}
	os.Exit(code)
}

// leftOver names goroutines that have not ended. One that is about to needs a moment, and on a loaded machine more
// than the half second for which it is looked for at a time.
func leftOver() (err error) {
	for range 20 {
		if err = goleak.Find(); err == nil {
			return nil
		}
	}
	return err
}
