//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks f for this process and reports whether it got the lock. It never waits. The
// lock belongs to the open file: a second descriptor, even in the same process, does not get it,
// and it is released when the descriptor is closed or the process dies, however it dies.
func tryLock(f *os.File) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		}
		return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
}

// unlock releases the lock of f. Closing is not enough at once: a child process that is just
// being started has a copy of the descriptor until its program is loaded.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
