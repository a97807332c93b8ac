package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Streams are the three streams of a child; nil is an empty input or an output that is
// thrown away. Writers are called from one goroutine each.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Runner starts processes. Run returns when the process has ended, with its exit code;
// the error says that it could not be started or was given up. When ctx ends, the
// process and its children are ended, and the error is the context's cause.
type Runner interface {
	Run(ctx context.Context, cmd Command, s Streams) (code int, err error)
}

// Processes are the system's processes. Each gets a session of its own, so that it
// cannot ask anything on the terminal of this program.
type Processes struct{}

// waitDelay is how long the streams of a child are still read when it has ended or was
// ended: something it started may hold them open.
const waitDelay = time.Second

// Run starts cmd and waits for its end.
func (Processes) Run(ctx context.Context, cmd Command, s Streams) (int, error) {
	if ctx.Err() != nil {
		return -1, context.Cause(ctx)
	}
	c := exec.CommandContext(ctx, cmd.Path, cmd.Args...)
	c.Env = cmd.Env
	if c.Env == nil {
		c.Env = []string{}
	}
	c.Stdin, c.Stdout, c.Stderr = s.In, s.Out, s.Err
	c.WaitDelay = waitDelay + cmd.Grace
	group(c, cmd.Grace)
	if err := c.Start(); err != nil {
		return -1, NotStarted(cmd.Path, err)
	}
	err := c.Wait()
	if ctx.Err() != nil {
		endGroup(c)
		return -1, context.Cause(ctx)
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exitCode(exit.ProcessState), nil
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return -1, fmt.Errorf("running %s: %w", cmd.Path, err)
	}
	return c.ProcessState.ExitCode(), nil
}

// NotStarted says that a program could not be started, and what to install. Kind is
// FailStart.
func NotStarted(program string, cause error) *Failure {
	f := &Failure{Kind: FailStart, Sentence: inertLine(program) + " cannot be started.", Next: "Look whether it is installed, and may be run.", cause: cause}
	if name := packageOf(program); name != "" {
		f.Next = "Install the package " + name + ", or look whether the program may be run."
	}
	return f
}

// packageOf is the package of Debian and its kin that has a program, "" = not known.
func packageOf(program string) string {
	switch name := strings.TrimSuffix(filepath.Base(program), ".exe"); name {
	case "ssh", "scp", "sftp", "ssh-keygen", "ssh-add":
		return "openssh-client"
	case "rsync", "tmux":
		return name
	}
	return ""
}

// Capture keeps the first Max bytes that are written to it and counts the rest. It never
// fails, so that a child is not ended by its own talking. It is for one writer.
type Capture struct {
	Max  int
	kept []byte
	lost int64
}

// Write keeps what there is room for.
func (c *Capture) Write(p []byte) (int, error) {
	n := min(len(p), max(c.Max-len(c.kept), 0))
	c.kept = append(c.kept, p[:n]...)
	c.lost += int64(len(p) - n)
	return len(p), nil
}

// Bytes is what was kept.
func (c *Capture) Bytes() []byte { return c.kept }

// Lost is how many bytes were not kept.
func (c *Capture) Lost() int64 { return c.lost }

// Result is what came of a process whose output was kept.
type Result struct {
	Code int
	Out  string // as it came: not inert
	Err  string // as it came: not inert
	Lost int64  // bytes of both that were not kept
}

// maxOutput is how much of a short command's output is kept.
const maxOutput = 64 << 10

// Output runs cmd for at most limit and keeps up to 64 KiB of each stream.
func (c *Client) Output(ctx context.Context, cmd Command, limit time.Duration) (Result, error) {
	return c.outputUpTo(ctx, cmd, limit, maxOutput)
}

// outputUpTo is Output with another limit of what is kept.
func (c *Client) outputUpTo(ctx context.Context, cmd Command, limit time.Duration, keep int) (Result, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errLimit)
	defer cancel()
	out, errs := Capture{Max: keep}, Capture{Max: keep}
	code, err := c.o.Runner.Run(ctx, cmd, Streams{Out: &out, Err: &errs})
	r := Result{Code: code, Out: string(out.Bytes()), Err: string(errs.Bytes()), Lost: out.Lost() + errs.Lost()}
	if errors.Is(err, errLimit) {
		return r, &Failure{Kind: FailTimeout, Sentence: inertLine(filepath.Base(cmd.Path)) + " did not end within " + limit.String() + ".", Next: "Try again; if it stays so, look with the doctor.", cause: err}
	}
	return r, err
}

var errLimit = errors.New("time limit reached")
