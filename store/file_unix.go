//go:build unix

package store

import (
	"io/fs"
	"os"
	"syscall"
)

const (
	noFollow = syscall.O_NOFOLLOW
	noBlock  = syscall.O_NONBLOCK

	// modesUnsupported says that the system has no file modes to set.
	modesUnsupported = false
)

// errLink is what opening a link with noFollow gives.
const errLink = syscall.ELOOP

// syncDir puts the names in dir on the disk: without it a new file may be gone after a power
// cut although its content was synced.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// ownedByUs reports whether the file belongs to the user who runs the program.
func ownedByUs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
