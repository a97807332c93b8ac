package command

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// lasting is a command that takes a while.
type lasting struct {
	takes time.Duration
	err   error
}

func (lasting) SetStdin(io.Reader)  {}
func (lasting) SetStdout(io.Writer) {}
func (lasting) SetStderr(io.Writer) {}
func (l lasting) Run() error        { time.Sleep(l.takes); return l.err }

func TestTheTerminalIsNotGivenBackBeforeTheRendererHasStopped(t *testing.T) {
	t.Parallel()
	failed := errors.New("no such program")
	for _, c := range []struct{ takes, want time.Duration }{{0, leastHeld}, {leastHeld / 2, leastHeld}, {time.Second, time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if err := (holding{lasting{c.takes, failed}}).Run(); err != failed || time.Since(began) != c.want {
				t.Errorf("it had the terminal for %v: %v", time.Since(began), err)
			}
		})
	}
}
