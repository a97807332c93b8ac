package remote

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vastdeck/vastapi"
)

const (
	turnEnd   = ".opening"
	turnPause = 100 * time.Millisecond
)

// turn waits until no other Open of the instance is under way, in this program or in
// another copy of it, and keeps others from beginning until done is called. Two
// connections made at once would leave one that nobody can find or end.
func (c *Client) turn(ctx context.Context, id vastapi.InstanceID) (done func(), err error) {
	return lockFile(ctx, c.turnFile(id))
}

func (c *Client) turnFile(id vastapi.InstanceID) string {
	return strings.TrimSuffix(c.socket(id), socketEnd) + turnEnd
}

// errLocked says that somebody else has the lock.
var errLocked = errors.New("somebody else has the lock")

// lockFile waits for a lock that all copies of the program share, however long its owner
// takes: what a program that died has left behind keeps nobody out. Done gives it back.
func lockFile(ctx context.Context, path string) (done func(), err error) {
	for {
		done, err := tryLock(path)
		switch {
		case err == nil:
			return done, nil
		case !errors.Is(err, errLocked):
			return nil, &Failure{
				Kind: FailUnknown, Sentence: inertLine(path) + " cannot be locked.",
				Next: "Look whether the folder " + inertLine(filepath.Dir(path)) + " can be written, and try again.", cause: err,
			}
		}
		select {
		case <-time.After(turnPause):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// stillAt reports whether an open file is the one that lies at its path now: its owner
// before may have removed it.
func stillAt(f *os.File, path string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	lies, err := os.Lstat(path)
	return err == nil && os.SameFile(open, lies)
}

// openLock opens the file of a lock, and makes it when it is not there.
func openLock(path string, more int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow|more, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errLocked
	}
	return f, err
}
