package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffsetHigh is the upper half of the offset of the locked byte. Windows refuses reads of a locked range to other
// processes, which must read our journal; no file grows to this size.
const lockOffsetHigh = 1 << 30

// tryLock locks f for this process and reports whether it got the lock. It never waits. The lock
// is released when the handle is closed or the process dies.
func tryLock(f *os.File) (bool, error) {
	at := windows.Overlapped{OffsetHigh: lockOffsetHigh}
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &at)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return false, nil
	}
	return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
}

// unlock releases the lock of f.
func unlock(f *os.File) {
	at := windows.Overlapped{OffsetHigh: lockOffsetHigh}
	_ = windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &at)
}
