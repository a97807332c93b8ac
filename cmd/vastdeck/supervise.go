package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"
)

// The names that the two processes of one run agree on.
const (
	programName  = "vastdeck"
	keyVariable  = "VAST_API_KEY"
	childMark    = "VASTDECK_CHILD"
	handoverFD   = 3
	farewellFD   = 4
	handoverMax  = 8 << 10
	defaultGrace = 10 * time.Second // longer than ssh that does not answer is waited for: see draw

	// stackPatience is how long goroutines that panicked may take to print their stacks.
	stackPatience = 5 * time.Second
)

// SuperviseOptions says how the process that draws is looked after.
type SuperviseOptions struct {
	// Disabled draws in this very process, without a second one and with core
	// dumps and tracing allowed: what a debugger needs.
	Disabled bool
	// Version of the program, for crash reports.
	Version string
	// Reports is the folder that crash reports are written to; it is made when
	// it is needed. "" writes none.
	Reports string
	// Grace is how long the process that draws may take to end after it was
	// asked to; then it is killed. 0 means 10 s.
	Grace time.Duration
}

// uiProcess is what the process that draws knows about its own surroundings.
type uiProcess struct {
	// Key is the value of VAST_API_KEY, "" when it was not set. It is no longer
	// in the environment.
	Key string
	// CanSuspend reports whether a job-control shell would continue the program after
	// a stop; if not, ctrl+z has to say so.
	CanSuspend bool
	// Signals turns HUP, INT, TERM, QUIT and TSTP into wishes of the program.
	Signals *uiSignals
}

// handover is what the supervisor tells the process that draws, over a pipe that
// is read once: nothing of it stands in an environment or an argument list.
type handover struct {
	Key     string `json:"key,omitempty"`
	Suspend bool   `json:"suspend,omitempty"`
}

// Supervise runs ui and returns the exit code of the program.
//
// On Linux and macOS ui runs in a second process on the same terminal, and this
// one only waits: it passes signals on, stops and continues together with the
// other, and when the other ends without having said goodbye (killed, crashed,
// os.Exit) it restores the terminal, writes a crash report and says so in one
// sentence on stderr. Elsewhere, and with opts.Disabled, ui runs in this process.
//
// ui returns the exit code; a signal that asked the program to end replaces it by
// 128 plus its number. An error from ui means an end that was not meant (a panic
// that the program caught): it goes into the crash report.
//
// Supervise must be called from the main goroutine, after the flags are parsed and
// before anything reads VAST_API_KEY, the keyring or the terminal.
func Supervise(opts SuperviseOptions, ui func(*uiProcess) (int, error)) int {
	if opts.Grace <= 0 {
		opts.Grace = defaultGrace
	}
	told, supervised := takeHandover()
	if canSupervise && !supervised && !opts.Disabled {
		return superviseChild(opts)
	}
	if !supervised {
		told = handover{Key: takeKey(), Suspend: jobControlled()}
	}
	dropTracing()
	if !opts.Disabled {
		hardenProcess()
	}
	return runUI(told, supervised, ui)
}

// runUI runs ui in this process and says goodbye to the supervisor, if there is
// one, unless ui reports an end that was not meant.
func runUI(told handover, supervised bool, ui func(*uiProcess) (int, error)) int {
	p := &uiProcess{Key: told.Key, CanSuspend: told.Suspend, Signals: catchSignals(told.Suspend)}
	code, err := ui(p)
	p.Signals.stop()
	if asked, ok := p.Signals.exitCode(); ok {
		code = asked
	}
	if err != nil {
		// Bubble Tea ends the program first when a command panics, and prints the
		// stack from that command's goroutine meanwhile: this process must not be
		// gone before, or the crash report lacks what it is written for.
		awaitOutside(stackPatience, panicPrinters...)
		fmt.Fprintf(os.Stderr, "%s: %v\n", programName, err)
		return code
	}
	if supervised {
		sayGoodbye()
	}
	return code
}

// panicPrinters are the functions of Bubble Tea that print the stack of a panic.
var panicPrinters = []string{"(*Program).recoverFromGoPanic(", "(*Program).recoverFromPanic("}

// awaitOutside waits until no goroutine is inside one of some functions any more, and at
// most for so long.
func awaitOutside(limit time.Duration, functions ...string) {
	for end := time.Now().Add(limit); anyInside(functions) && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
}

// anyInside reports whether a goroutine is inside one of some functions.
func anyInside(functions []string) bool {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	return slices.ContainsFunc(functions, func(name string) bool { return bytes.Contains(all, []byte(name)) })
}

// takeKey reads VAST_API_KEY and takes it out of this process's environment.
func takeKey() string {
	key := os.Getenv(keyVariable)
	os.Unsetenv(keyVariable)
	return key
}

// takeHandover reads what the supervisor left in the inherited pipe. It reports
// false in a process that no supervisor started, also when somebody merely set
// the variable that marks a child.
func takeHandover() (handover, bool) {
	marked := os.Getenv(childMark) != ""
	os.Unsetenv(childMark)
	if !marked || !inheritedPipe(handoverFD) || !inheritedPipe(farewellFD) {
		return handover{}, false
	}
	pipe := os.NewFile(handoverFD, "handover")
	defer pipe.Close()
	var told handover
	if err := json.NewDecoder(io.LimitReader(pipe, handoverMax)).Decode(&told); err != nil {
		return handover{}, false
	}
	return told, true
}

// sayGoodbye tells the supervisor that this process ends on purpose. Whatever its
// exit code, a process that dies without these words has crashed: exit codes
// alone cannot say it, because a Go program that panics exits with 2, like one
// that was used wrongly.
func sayGoodbye() {
	pipe := os.NewFile(farewellFD, "farewell")
	// A failure means that the supervisor is gone; then nobody waits for it.
	_, _ = io.WriteString(pipe, farewell)
	_ = pipe.Close()
}

// farewell is what a process that ends on purpose writes to the supervisor.
const farewell = "goodbye"

// encodeHandover is the text of the inherited pipe. It must fit the pipe's own
// buffer, because it is written before anybody reads.
func encodeHandover(told handover) ([]byte, error) {
	text, err := json.Marshal(told)
	if err != nil {
		return nil, fmt.Errorf("hand over the key: %w", err)
	}
	if len(text) > handoverMax {
		return nil, errors.New(keyVariable + " is far too long for an API key")
	}
	return text, nil
}
