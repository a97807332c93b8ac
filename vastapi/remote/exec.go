package remote

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"vastdeck/vastapi"
)

// ExecOptions says how a command is run.
type ExecOptions struct {
	// Timeout is how long the command may take, 0 = as long as it likes.
	Timeout time.Duration
	// MaxBytes is how much of its output is given, both streams together; what comes
	// after that is read and counted. 0 = all of it.
	MaxBytes int
	// Output gets the output in complete lines, with their newlines, as it comes: it is
	// not inert. It is called from one goroutine at a time and may keep what it gets.
	// A line beyond 64 KiB comes in pieces, and the last one may lack its newline.
	Output func(Stream, []byte)
}

// Outcome is how a command ended.
type Outcome struct {
	Code    int // of the command; 128 and the signal when one ended it
	Bytes   int64
	Dropped int64 // bytes beyond MaxBytes
	Took    time.Duration
}

// errTooLong is the cause when a command has had its time.
var errTooLong = errors.New("the command took too long")

// Exec runs one command line of the remote shell without a terminal, over the shared
// connection, which it opens when there is none. The error is a *Failure when ssh could
// not do it (exit code 255), or when the time was up; a command that ends with any other
// code is no error. When ctx ends, the command is ended over there too, and the error is
// the context's cause.
func (c *Client) Exec(ctx context.Context, id vastapi.InstanceID, e Endpoint, line string, o ExecOptions) (Outcome, error) {
	start := time.Now()
	if line == "" {
		return Outcome{}, errors.New("running a command: the line is empty")
	}
	if err := checkLine(line); err != nil {
		return Outcome{}, err
	}
	cmd, err := c.LineCommand(id, e, Use, leashed(line))
	if err != nil {
		return Outcome{}, err
	}
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.Timeout, errTooLong)
		defer cancel()
	}
	if err := c.ensure(ctx, id, e); err != nil {
		return Outcome{Took: time.Since(start)}, tooLong(err, o.Timeout)
	}
	got, err := c.stream(ctx, cmd, o)
	got.Took = time.Since(start)
	return got, tooLong(err, o.Timeout)
}

// ensure opens the shared connection when there is none and the system can share.
func (c *Client) ensure(ctx context.Context, id vastapi.InstanceID, e Endpoint) error {
	if !CanShare {
		return nil
	}
	_, err := c.Open(ctx, id, e, false)
	return err
}

// tooLong puts a limit that was reached into words.
func tooLong(err error, limit time.Duration) error {
	if !errors.Is(err, errTooLong) {
		return err
	}
	return &Failure{
		Kind: FailTimeout, Sentence: fmt.Sprintf("The command did not end within %v and was ended.", limit),
		Next: "Give it more time, or let it run in the background with nohup.", cause: err,
	}
}

// stream runs a command whose output is handed on.
func (c *Client) stream(ctx context.Context, cmd Command, o ExecOptions) (Outcome, error) {
	// The input stays open as long as the command is wanted: its end is how the leash
	// over there learns that it is not.
	in, hold, err := os.Pipe()
	if err != nil {
		return Outcome{}, fmt.Errorf("running a command: %w", err)
	}
	defer func() { _, _ = in.Close(), hold.Close() }()

	m := &meter{give: o.Output, left: o.MaxBytes}
	if m.left <= 0 {
		m.left = math.MaxInt
	}
	out, errs := &lineWriter{stream: Stdout, meter: m}, &lineWriter{stream: Stderr, meter: m}
	said := &Capture{Max: maxOutput}
	code, err := c.o.Runner.Run(ctx, cmd, Streams{In: in, Out: out, Err: both{errs, said}})
	out.flush()
	errs.flush()
	got := Outcome{Code: code, Bytes: m.given, Dropped: m.dropped}
	if err != nil {
		return got, err
	}
	if f := Explain(code, string(said.Bytes())); f != nil {
		return got, f
	}
	return got, nil
}

// both writes to two writers that never fail.
type both struct {
	lines *lineWriter
	kept  *Capture
}

func (b both) Write(p []byte) (int, error) {
	_, _ = b.kept.Write(p)
	return b.lines.Write(p)
}

// leash runs its first argument in the user's shell and ends it, with all that it has
// started, when its own input ends: without a terminal ssh would leave it running. What
// the command has left in the background when it ends by itself goes on.
const leash = `exec 3<&0
if command -v setsid >/dev/null 2>&1; then setsid "${SHELL:-sh}" -c "$1" </dev/null 3<&- & p=$!; g=-$p
else "${SHELL:-sh}" -c "$1" </dev/null 3<&- & p=$!; g=$p; fi
(cat <&3; kill -TERM "$g"; sleep 2; kill -KILL "$g") >/dev/null 2>&1 & w=$!
exec 3<&-
wait "$p"; c=$?
kill "$w" 2>/dev/null
exit "$c"`

// leashed is a command line that runs another one on a leash.
func leashed(line string) string {
	return "exec sh -c " + shellQuote(leash) + " vastdeck " + shellQuote(line)
}

// OnstartLog is where the provider's images write what the onstart script prints. No
// documentation of the API promises it, so it is only where a search begins.
const OnstartLog = "/var/log/onstart.log"

// followLines is how much of a file is shown from before.
const followLines = "200"

// Follow gives the last lines of a file in an instance and whatever is added to it,
// until ctx ends. The file may come into being later, and be replaced. It runs over the
// shared connection, as Exec does.
func (c *Client) Follow(ctx context.Context, id vastapi.InstanceID, e Endpoint, file string, o ExecOptions) (Outcome, error) {
	if file == "" {
		return Outcome{}, errors.New("following a file: it has no name")
	}
	return c.Exec(ctx, id, e, "tail -n "+followLines+" -F -- "+shellQuote(remotePath(file)), o)
}
