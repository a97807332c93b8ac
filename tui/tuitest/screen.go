package tuitest

import (
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// fps is the renderer's rate, as in the product. In a short run it is half of that: drawing the same once more is
// most of what hours of virtual time take, and two frames still fit into the time in which the screen settles.
func fps() int {
	if testing.Short() {
		return 60
	}
	return 120
}

// afterlife is how long, in virtual time, commands that were still waiting have to end after the program has: more
// than the longest poll interval with its jitter.
const afterlife = 2 * time.Minute

// Screen is a running program and the terminal it runs in. Its methods belong to the test's goroutine.
type Screen struct {
	t       testing.TB
	p       *tea.Program
	term    *terminal
	check   *frameCheck
	typed   *io.PipeWriter
	started time.Time

	// done is closed when the program has ended; err is set before that.
	done chan struct{}
	err  error
	// told is set when the test has taken the program's error itself.
	told bool

	// leaving is set between the message that ends the program and its end; drain is how long that takes.
	leaving atomic.Bool
	drain   atomic.Int64
}

// Start runs m in a terminal of w columns and h rows. It must be called inside synctest.Test. Options may change
// anything but input, output and filter, which belong to the harness. At the end of the test the program is made
// to quit and everything it started is waited for.
//
// Every frame the model draws on the alternate screen must be exactly h lines of w cells, or the test fails.
func Start(t testing.TB, m tea.Model, w, h int, opts ...tea.ProgramOption) *Screen {
	t.Helper()
	keys, typed := io.Pipe()
	s := &Screen{
		t:       t,
		term:    newTerminal(w, h),
		check:   &frameCheck{},
		typed:   typed,
		started: time.Now(),
		done:    make(chan struct{}),
	}
	all := []tea.ProgramOption{
		tea.WithWindowSize(w, h),
		tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}),
		tea.WithFPS(fps()),
		tea.WithoutSignalHandler(),
		tea.WithoutSignals(),
	}
	all = append(all, opts...)
	all = append(all, tea.WithInput(keys), tea.WithOutput(s.term), tea.WithFilter(s.filter))
	s.p = tea.NewProgram(watched{m, s.check}, all...)
	go func() {
		_, s.err = s.p.Run()
		// The program's reader is still in the pipe: only its end lets it go.
		_ = keys.CloseWithError(errEnded)
		close(s.done)
	}()
	t.Cleanup(s.stop)
	s.settle()
	return s
}

var errEnded = errors.New("the program has ended")

// endNow carries a message that ends the program past the filter.
type endNow struct{ msg tea.Msg }

// filter holds the program's end back until its reader has handed over what was typed: the reader of Bubble Tea
// waits for ever when the loop ends while it still has an event to deliver. To the model nothing is different: it
// sees no message after the one that ends the program.
func (s *Screen) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case endNow:
		return msg.msg
	case tea.QuitMsg, tea.InterruptMsg:
		if s.leaving.Swap(true) {
			return nil
		}
		go func() {
			time.Sleep(time.Duration(s.drain.Load()) + time.Millisecond)
			s.p.Send(endNow{msg})
		}()
		return nil
	}
	if s.leaving.Load() {
		return nil
	}
	return msg
}

// stop ends the program at the end of a test and waits for everything it started.
func (s *Screen) stop() {
	s.p.Quit()
	<-s.done
	_ = s.typed.Close()
	s.term.close()
	if s.err != nil && !s.told {
		s.t.Errorf("the program ended with: %v", s.err)
	}
	s.reportFrame()
	time.Sleep(afterlife)
}

// Quit ends the program from outside, as a signal would, waits for its end and gives the error of its Run.
func (s *Screen) Quit() error {
	s.p.Quit()
	return s.Err()
}

// Err waits for the program's end and gives the error of its Run. A test that takes the error decides itself
// whether that is a failure.
func (s *Screen) Err() error {
	<-s.done
	s.told = true
	return s.err
}

// Exited reports whether the program has ended.
func (s *Screen) Exited() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Send hands a message to the program as if a command had returned it.
func (s *Screen) Send(msg tea.Msg) {
	s.p.Send(msg)
	s.settle()
}

// reportFrame fails the test when a frame had a wrong size.
func (s *Screen) reportFrame() {
	s.t.Helper()
	if wrong := s.check.fault(); wrong != "" {
		s.t.Errorf("%s\n%s", wrong, s.describe())
	}
}
