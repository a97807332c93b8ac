package remote

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The tools of copying.
const (
	ToolRsync = "rsync"
	ToolSCP   = "scp"
)

// CopyOptions says how a copy is made.
type CopyOptions struct {
	// Total is what Size counted; the zero Amount is not known.
	Total Amount
	// Tool is ToolRsync or ToolSCP to use that one and no other; "" is rsync when both
	// ends have it, else scp.
	Tool string
	// Progress is called about twice a second, from one goroutine at a time, and once
	// more at the end.
	Progress func(CopyProgress)
	// Rsync and SCP are the programs; "" is the one in the PATH, or beside ssh.
	Rsync, SCP string
}

// Stopped says that a copy was cancelled, and in what state that left things.
type Stopped struct {
	State string // a sentence
	cause error
}

// Error is a sentence.
func (s *Stopped) Error() string { return "The copy was stopped. " + s.State }

// Unwrap is the cause of the cancelled context.
func (s *Stopped) Unwrap() error { return s.cause }

// Check reports in a sentence what is wrong with a job before anything is asked. Both
// paths may be relative: the local one to the folder of this program, the remote one to
// the home folder, which "~/" begins with as well.
func (j CopyJob) Check() error {
	source, folder := j.Local, j.Remote
	if !j.Up {
		source, folder = folder, source
	}
	switch {
	case strings.ContainsRune(source, 0) || strings.ContainsRune(folder, 0):
		return errors.New("a path has a zero byte in it")
	case strings.TrimSpace(source) == "":
		return errors.New("there is nothing to copy: name a file or a folder")
	case !namesOne(filepath.ToSlash(source)):
		return errors.New("name the file or folder with its full path, for example /root/results")
	case folder == "":
		return errors.New("name the folder it is to be copied into")
	}
	return nil
}

// Lands is where the copy of a job lies when it is done: below the folder that was
// named, under the name that it had.
func (j CopyJob) Lands() string {
	if j.Up {
		return path.Join(remotePath(j.Remote), filepath.Base(filepath.Clean(j.Local)))
	}
	return filepath.Join(j.Local, path.Base(remotePath(j.Remote)))
}

// Copy copies a file or a folder into a folder at the other end, which is made when it is
// not there. It goes over the shared connection, opened when there is none. What lies
// there under the same name is overwritten, and nothing outside of the folder. rsync
// copies links as links where they lead to something that is copied too; of those that
// lead out of the folder the file is copied in their place, and those that lead to a
// folder elsewhere or to nothing are left out, which is a *Failure although all else is
// copied. No link that leads out is ever made on this machine. scp follows all links.
// With rsync, files that are there already are not moved, and so are not in the count of
// what is done. The last CopyProgress is returned also with an error, which is a
// *Failure, or *Stopped when ctx ended.
func (c *Client) Copy(ctx context.Context, e Endpoint, j CopyJob, o CopyOptions) (CopyProgress, error) {
	t, err := c.begin(ctx, e, j, o)
	if err != nil {
		return CopyProgress{}, stopped(ctx, err, "Nothing was copied.")
	}
	return t.run(ctx)
}

// stopped makes the error of a cancelled context one that says how things lie.
func stopped(ctx context.Context, err error, state string) error {
	if ctx.Err() != nil {
		return &Stopped{State: state, cause: context.Cause(ctx)}
	}
	return err
}

// transfer is one copy under way.
type transfer struct {
	c     *Client
	e     Endpoint
	job   CopyJob // with an absolute local path and a safe remote one
	o     CopyOptions
	link  bool // what is copied is itself a link
	dir   bool // what is copied is a folder, or a link to one
	links outward
	tool  string
	cmd   Command
	clock string // when it began, by the clock over there, seconds since 1970
	began time.Time

	mu   sync.Mutex
	said rsyncOutput
	seen reading // of what was polled, for scp
	pace pace
}

// begin checks everything that can be known before a byte is copied.
func (c *Client) begin(ctx context.Context, e Endpoint, j CopyJob, o CopyOptions) (*transfer, error) {
	if err := j.Check(); err != nil {
		return nil, &Failure{Kind: FailUnknown, Sentence: "This cannot be copied: " + err.Error() + ".", cause: err}
	}
	local, err := filepath.Abs(j.Local)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", j.Local, err)
	}
	j.Local, j.Remote = local, remotePath(j.Remote)
	t := &transfer{c: c, e: e, job: j, o: o, began: time.Now()}
	if err := t.lookHere(); err != nil {
		return nil, err
	}
	if err := c.ensure(ctx, j.Instance, e); err != nil {
		return nil, err
	}
	both, err := t.lookThere(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.choose(ctx, both); err != nil {
		return nil, err
	}
	return t, nil
}

// lookHere checks the end on this machine, and makes the folder that a copy comes into.
func (t *transfer) lookHere() error {
	if t.job.Up {
		info, err := os.Lstat(t.job.Local)
		t.link = err == nil && info.Mode()&fs.ModeSymlink != 0
		real, err := os.Stat(t.job.Local)
		t.dir = err == nil && real.IsDir()
		if err != nil {
			return &Failure{Kind: FailUnknown, Sentence: inertLine(t.job.Local) + " cannot be read on this machine.", Next: "Check the path.", cause: err}
		}
		return nil
	}
	if err := os.MkdirAll(t.job.Local, 0o755); err != nil {
		return &Failure{Kind: FailUnknown, Sentence: "The folder " + inertLine(t.job.Local) + " cannot be made on this machine.", Next: "Choose another one.", cause: err}
	}
	return nil
}

// The exit codes by which the look at the other end says what is wrong there.
const (
	notThere     = 44
	cannotMake   = 45
	lookLimit    = 20 * time.Second
	rsyncIsThere = "has-rsync"
	linkIsThere  = "is-link"
	dirIsThere   = "is-folder"
)

// lookThere checks the end in the instance in one call: that what is copied is there, or
// that the folder for it can be made; what time it is there; and whether it has rsync.
func (t *transfer) lookThere(ctx context.Context) (rsync bool, err error) {
	where := shellQuote(t.job.Remote)
	check := fmt.Sprintf("if [ ! -e %s ] && [ ! -L %s ]; then exit %d; fi; [ -L %s ] && echo %s; [ -d %s ] && echo %s", where, where, notThere, where, linkIsThere, where, dirIsThere)
	if t.job.Up {
		into := t.job.Remote
		if t.dir { // rsync finds a name that holds a pattern only when it is there
			into = inFolder(into) + filepath.Base(t.job.Local)
		}
		check = fmt.Sprintf("mkdir -p -- %s || exit %d", shellQuote(into), cannotMake)
	}
	script := check + "; echo time-$(date +%s); command -v rsync >/dev/null 2>&1 && echo " + rsyncIsThere + "; true"
	r, err := t.c.ask(ctx, t.job, t.e, script, lookLimit)
	if err != nil {
		return false, err
	}
	switch r.Code {
	case notThere:
		return false, &Failure{Kind: FailUnknown, Sentence: fmt.Sprintf("There is no %s in the instance.", inertLine(t.job.Remote)), Next: "Check the path; one that does not begin with / is looked for in the home folder."}
	case cannotMake:
		return false, &Failure{Kind: FailUnknown, Sentence: fmt.Sprintf("The folder %s cannot be made in the instance.", inertLine(t.job.Remote)), Next: "Choose another one.", Detail: lastLine(r.Err)}
	}
	// A log-in may have said something too, so only whole lines count.
	for line := range strings.Lines(r.Out) {
		line = strings.TrimSpace(line)
		rsync = rsync || line == rsyncIsThere
		t.link = t.link || line == linkIsThere
		t.dir = t.dir || line == dirIsThere
		if clock, found := strings.CutPrefix(line, "time-"); found && strings.Trim(clock, "0123456789") == "" {
			t.clock = clock
		}
	}
	return rsync, nil
}

// ask runs a short script in the instance over the shared connection, which is up.
func (c *Client) ask(ctx context.Context, j CopyJob, e Endpoint, script string, limit time.Duration) (Result, error) {
	cmd, err := c.LineCommand(j.Instance, e, Use, "exec sh -c "+shellQuote(script))
	if err != nil {
		return Result{}, err
	}
	r, err := c.Output(ctx, cmd, limit)
	if err != nil {
		return r, err
	}
	if f := Explain(r.Code, r.Err); f != nil {
		return r, f
	}
	return r, nil
}

// choose decides on the tool and puts its arguments together.
func (t *transfer) choose(ctx context.Context, rsyncThere bool) error {
	rsync := t.o.Tool != ToolSCP && rsyncThere && t.c.goodRsync(ctx, t.rsync(), t.job.Up)
	switch {
	case t.o.Tool == ToolRsync && !rsync:
		return &Failure{Kind: FailUnknown, Sentence: "rsync is not installed at both ends.", Next: "Install it (apt install rsync; here 3.2.5 or newer), or let scp copy."}
	case rsync && (t.o.Tool == ToolRsync || !twoMeanings(t.job.Remote) && !(t.job.Up && t.dir && twoMeanings(filepath.Base(t.job.Local)))):
		t.tool = ToolRsync
	default:
		t.tool = ToolSCP
	}
	var err error
	if t.tool == ToolRsync {
		if err = t.lookAtLinks(ctx); err != nil {
			return err
		}
		t.cmd, err = t.c.rsyncCommand(t.rsync(), t.e, t.job, t.link, t.dir, t.links)
		return err
	}
	if !t.job.Up {
		if err := noLinks(t.job.Lands()); err != nil {
			return err
		}
	}
	t.cmd, err = t.c.scpCommand(t.scp(), t.e, t.job)
	return err
}

// lookAtLinks finds the links that cannot be copied as links. A folder of this machine
// into which a copy comes must not be a link itself: rsync would write to where it leads.
func (t *transfer) lookAtLinks(ctx context.Context) (err error) {
	if !t.dir {
		return nil
	}
	if t.job.Up {
		t.links, err = localLinks(ctx, realFolder(t.job.Local))
		return err
	}
	if info, err := os.Lstat(t.job.Lands()); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return &Failure{Kind: FailUnknown, Sentence: inertLine(t.job.Lands()) + " is a link, and the copy would be written to where it leads.", Next: "Choose another folder, or remove the link."}
	}
	t.links, err = t.c.remoteLinks(ctx, t.e, t.job)
	return err
}

func (t *transfer) rsync() string { return programOr(t.o.Rsync, ToolRsync) }
func (t *transfer) scp() string   { return programOr(t.o.SCP, besides(t.c.o.SSH, ToolSCP)) }

// noLinks refuses a folder in which a link lies: scp writes through links, and so would
// overwrite what lies outside.
func noLinks(root string) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return &Failure{Kind: FailUnknown, Sentence: inertLine(p) + " cannot be looked at.", Next: "Choose another folder.", cause: err}
		case d.Type()&fs.ModeSymlink != 0:
			return &Failure{Kind: FailUnknown, Sentence: inertLine(p) + " is a link, and scp would write to where it leads.", Next: "Choose an empty folder, or install rsync at both ends."}
		}
		return nil
	})
}
