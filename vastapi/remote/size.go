package remote

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Amount is how much there is to copy.
type Amount struct {
	Bytes int64
	Files int
	// Partly means that counting was given up at a limit: there is more.
	Partly bool
	// Outside is how many links to files lead out of what is copied: the files are copied
	// in their place, and are part of Bytes and Files. LeftOut is how many lead out to a
	// folder or to nothing: they are left out. OutsideName and LeftName are one of each,
	// inert.
	Outside, LeftOut      int
	OutsideName, LeftName string
}

// Links says in sentences what is to be known of the links, "" when there is nothing.
func (a Amount) Links() string {
	return strings.TrimSpace(followedWords(a.Outside, a.OutsideName) + " " + leftWords(a.LeftOut, a.LeftName))
}

// with adds links to what was counted.
func (a Amount) with(o outward) Amount {
	a.Bytes, a.Files = a.Bytes+o.bytes, a.Files+o.files
	a.Outside, a.OutsideName, a.LeftOut = o.files, o.name, len(o.left)
	if len(o.left) > 0 {
		a.LeftName = safetext.Clean(o.left[0], safetext.MaxRunes)
	}
	return a
}

// Limits of counting.
const (
	maxCounted = 200_000 // files
	countLimit = 30 * time.Second
)

var errCounted = errors.New("enough was counted")

// Size counts what a job would copy before it does: regular files, at most 200,000, for
// at most 30 s. The error is a Failure.
func (c *Client) Size(ctx context.Context, e Endpoint, j CopyJob) (Amount, error) {
	if err := j.Check(); err != nil {
		return Amount{}, &Failure{Kind: FailUnknown, Sentence: "This cannot be copied: " + err.Error() + ".", cause: err}
	}
	if j.Up {
		a, err := countLocal(ctx, j.Local)
		if err != nil {
			return a, err
		}
		links, err := localLinks(ctx, realFolder(j.Local))
		return a.with(links), err
	}
	if err := c.ensure(ctx, j.Instance, e); err != nil {
		return Amount{}, err
	}
	a, err := c.countRemote(ctx, e, j)
	if err != nil {
		return a, err
	}
	links, err := c.remoteLinks(ctx, e, j)
	return a.with(links), err
}

// realFolder is a folder that is named itself by a link.
func realFolder(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

func countLocal(ctx context.Context, root string) (Amount, error) {
	var a Amount
	// A link that is named itself is followed, as the tools do it with a folder's name.
	root = realFolder(root)
	until := time.Now().Add(countLimit)
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil && p == root:
			return err
		case err != nil || !d.Type().IsRegular():
			return nil // what cannot be read is told when it is copied
		case a.Files >= maxCounted || a.Files%1000 == 999 && time.Now().After(until):
			return errCounted
		}
		if info, err := d.Info(); err == nil {
			a.Files++
			a.Bytes += info.Size()
		}
		return nil
	})
	if errors.Is(err, errCounted) {
		a.Partly = true
		return a, nil
	}
	if err != nil && ctx.Err() == nil {
		return Amount{}, &Failure{Kind: FailUnknown, Sentence: inertLine(root) + " cannot be read on this machine.", Next: "Check the path.", cause: err}
	}
	return a, err
}

// countRemote counts with find, whose -printf not every image has, else with du, which
// counts blocks.
func (c *Client) countRemote(ctx context.Context, e Endpoint, j CopyJob) (Amount, error) {
	p := remotePath(j.Remote)
	script := fmt.Sprintf(`p=%s; if [ ! -e "$p" ]; then exit %d; fi
if find -H "$p" -maxdepth 0 -printf '' 2>/dev/null; then
find -H "$p" -type f -printf '%%s\n' 2>/dev/null | head -n %d | awk '{s+=$1} END{printf "%%.0f %%d\n", s, NR}'
else echo "$(($(du -skH "$p" 2>/dev/null | awk '{print $1; exit}')*1024)) $(find -H "$p" -type f | wc -l)"; fi`,
		shellQuote(p), notThere, maxCounted)
	r, err := c.ask(ctx, j, e, script, countLimit)
	if err != nil {
		return Amount{}, err
	}
	if r.Code == notThere {
		return Amount{}, &Failure{Kind: FailUnknown, Sentence: fmt.Sprintf("There is no %s in the instance.", inertLine(p)), Next: "Check the path; one that does not begin with / is looked for in the home folder."}
	}
	// A log-in may have said something before.
	fields := strings.Fields(lastLine(r.Out))
	if len(fields) != 2 {
		return Amount{}, &Failure{Kind: FailUnknown, Sentence: "The instance does not tell how much there is to copy.", Detail: lastLine(r.Err)}
	}
	bytes, badBytes := strconv.ParseInt(fields[0], 10, 64)
	files, badFiles := strconv.Atoi(fields[1])
	if badBytes != nil || badFiles != nil || bytes < 0 || files < 0 {
		return Amount{}, &Failure{Kind: FailUnknown, Sentence: "The instance does not tell how much there is to copy.", Detail: lastLine(r.Out)}
	}
	return Amount{Bytes: bytes, Files: files, Partly: files >= maxCounted}, nil
}
