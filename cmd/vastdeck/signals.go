package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// commandPatience is how long a command that has the terminal may take to end after
// SIGTERM before it is killed.
const commandPatience = time.Second

// commandEcho is how long after a command has ended a keyboard signal is still taken
// for one that was meant for it.
const commandEcho = 500 * time.Millisecond

// resumeEcho is how long after a suspension SIGCONT is still taken for the one that
// ended it: the shell and the supervisor both send one.
const resumeEcho = 500 * time.Millisecond

// rendererLoop is the function of Bubble Tea that draws. Told to end, it stops the ticker
// on its way out, which by then may be that of its successor: nothing would ever be drawn
// again. So nobody may begin to draw before it has ended.
const rendererLoop = "(*Program).startRenderer.func1("

// rendererPatience is how long that may take.
const rendererPatience = 5 * time.Second

// errEnding refuses a command because the program was asked to end.
var errEnding = errors.New("not started: the program is ending")

// uiSignals turns the signals that reach the process that draws into wishes of its
// program. Bubble Tea's own handler must be off (tea.WithoutSignalHandler): it does
// not know HUP and QUIT, swallows TERM while a command has the terminal, and stops
// without leaving the screen when SIGTSTP comes from outside.
type uiSignals struct {
	caught  chan os.Signal
	stopped chan struct{}
	canStop bool

	mu           sync.Mutex
	program      *tea.Program
	asked        os.Signal // the first signal that asked for the end
	pausing      bool      // a suspension is asked for or under way
	resumed      time.Time // when the last one ended
	command      *exec.Cmd // has the terminal now
	commandEnded time.Time // when the last one gave it back
}

// reenterMsg asks for the screen again after the process was continued without
// having left it.
type reenterMsg struct{}

// catchSignals starts to catch HUP, INT, TERM, QUIT, TSTP and CONT. canStop says
// whether a shell would continue the program after a stop; otherwise TSTP is ignored.
func catchSignals(canStop bool) *uiSignals {
	s := &uiSignals{caught: make(chan os.Signal, 16), stopped: make(chan struct{}), canStop: canStop}
	signal.Notify(s.caught, endSignals...)
	if len(stopSignals) > 0 {
		signal.Notify(s.caught, stopSignals...)
	}
	go s.serve()
	return s
}

// Attach names the program that signals are about; it must be made with Filter and
// without Bubble Tea's own signal handler. A signal that asked for the end before is
// obeyed now.
func (s *uiSignals) Attach(program *tea.Program) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.program = program
	if s.asked != nil {
		s.send(tea.QuitMsg{})
	}
}

// send tells the program msg without waiting for it to listen.
func (s *uiSignals) send(msg tea.Msg) {
	if s.program != nil {
		go s.program.Send(msg)
	}
}

// stop ends the catching; signals then do what they do to any process.
func (s *uiSignals) stop() {
	signal.Stop(s.caught)
	close(s.stopped)
}

// exitCode is 128 plus the number of the signal that asked for the end: 129 for HUP,
// 130 for INT, 131 for QUIT, 143 for TERM. It reports false when none did.
func (s *uiSignals) exitCode() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		return 0, false
	}
	return 128 + signalNumber(s.asked), true
}

func (s *uiSignals) serve() {
	for {
		select {
		case <-s.stopped:
			return
		case sig := <-s.caught:
			switch sig {
			case stopSignal:
				s.onStop()
			case continueSignal:
				s.onContinue()
			default:
				s.onEnd(sig)
			}
		}
	}
}

// onEnd asks the program to quit, once. While a command has the terminal, what the
// keyboard sends is meant for that command, also when it ends the command before it
// is heard of here; the other signals end the command first, because the program
// cannot quit before.
func (s *uiSignals) onEnd(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if keyboardInterrupt[sig] && (s.command != nil || time.Since(s.commandEnded) < commandEcho) {
		return
	}
	if s.command != nil {
		s.endCommand(s.command)
	}
	if s.asked != nil {
		return
	}
	s.asked = sig
	s.send(tea.QuitMsg{})
}

// endCommand asks cmd to end and kills it if it does not.
func (s *uiSignals) endCommand(cmd *exec.Cmd) {
	endCommand(cmd, syscall.SIGTERM)
	time.AfterFunc(commandPatience, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.command == cmd {
			endCommand(cmd, syscall.SIGKILL)
		}
	})
}

// onStop suspends the program, or stops this process at once when a command has the
// terminal: then the screen has been left already.
func (s *uiSignals) onStop() {
	s.mu.Lock()
	command, program := s.command, s.program
	if s.pausing || !s.canStop || program == nil {
		s.mu.Unlock()
		return
	}
	s.pausing = true
	s.mu.Unlock()
	if command == nil {
		go program.Send(tea.SuspendMsg{})
		return
	}
	stopSelf()
	s.resume()
}

// resume notes that the suspension is over.
func (s *uiSignals) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pausing, s.resumed = false, time.Now()
}

// onContinue draws the screen again after a stop that nothing here knew of.
func (s *uiSignals) onContinue() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pausing || s.command != nil || time.Since(s.resumed) < resumeEcho {
		return
	}
	s.resumed = time.Now() // the shell's SIGCONT and the supervisor's make one return
	s.send(reenterMsg{})
}

// Filter is the filter of the program (tea.WithFilter). It carries out suspensions
// itself: Bubble Tea would send SIGTSTP to the whole process group, where it is
// caught, and wait for ever where no shell continues the program.
func (s *uiSignals) Filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.SuspendMsg:
		return s.suspend()
	case reenterMsg:
		return s.reenter(func() {})
	}
	return msg
}

// suspend leaves the screen, stops this process and draws again afterwards.
func (s *uiSignals) suspend() tea.Msg {
	s.mu.Lock()
	// SIGTSTP has set pausing already, ctrl+z has not.
	s.pausing = true
	possible := s.canStop && s.program != nil
	s.mu.Unlock()
	defer s.resume()
	if !possible {
		return nil
	}
	return s.reenter(stopSelf)
}

// reenter leaves the screen, does between, and enters the screen again.
func (s *uiSignals) reenter(between func()) tea.Msg {
	if err := s.program.ReleaseTerminal(); err != nil {
		return nil
	}
	between()
	awaitOutside(rendererPatience, rendererLoop)
	if err := s.program.RestoreTerminal(); err != nil {
		return nil
	}
	return tea.ResumeMsg{}
}

// Command makes cmd fit for tea.Exec: signals know that it has the terminal, and the
// modes it left on and the keys typed meanwhile do not reach the program afterwards.
func (s *uiSignals) Command(cmd *exec.Cmd) tea.ExecCommand {
	return &terminalCommand{signals: s, cmd: cmd}
}

// terminalCommand is a command that has the terminal while it runs.
type terminalCommand struct {
	signals *uiSignals
	cmd     *exec.Cmd
}

// SetStdin gives the command r unless it has an input of its own.
func (c *terminalCommand) SetStdin(r io.Reader) {
	if c.cmd.Stdin == nil {
		c.cmd.Stdin = r
	}
}

// SetStdout gives the command w unless it has an output of its own.
func (c *terminalCommand) SetStdout(w io.Writer) {
	if c.cmd.Stdout == nil {
		c.cmd.Stdout = w
	}
}

// SetStderr gives the command its own stdout for its errors, too: this process's
// stderr leads to the supervisor, and what ssh says has to be seen at once.
func (c *terminalCommand) SetStderr(io.Writer) {
	if c.cmd.Stderr == nil {
		c.cmd.Stderr = c.cmd.Stdout
	}
}

// Run runs the command to its end. It starts nothing after the program was asked to
// end.
func (c *terminalCommand) Run() error {
	if err := c.signals.begin(c.cmd); err != nil {
		return err
	}
	err := c.cmd.Wait()
	c.signals.ended()
	if out, ok := c.cmd.Stdout.(*os.File); ok {
		_, _ = out.WriteString(commandReset)
	}
	awaitOutside(rendererPatience, rendererLoop)
	flushInput()
	return err
}

// begin starts cmd and notes that it has the terminal, in one step for signals.
func (s *uiSignals) begin(cmd *exec.Cmd) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked != nil {
		return errEnding
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.command = cmd
	return nil
}

// ended notes that the terminal is the program's again.
func (s *uiSignals) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.command, s.commandEnded = nil, time.Now()
}
