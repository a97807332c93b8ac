//go:build !unix

package remote

import (
	"os"
	"time"
)

// lockStale is after what time the file of a lock was left behind by a program that
// died: it is longer than anything takes that is done under a lock.
const lockStale = openLimit + 2*checkLimit + 5*time.Second

// tryLock takes a lock, or fails with errLocked. A file that was left behind is removed
// when the file itself is old, however long somebody has waited for it.
func tryLock(path string) (done func(), err error) {
	f, err := openLock(path, os.O_EXCL)
	if err == nil {
		own, statErr := f.Stat()
		_ = f.Close()
		return func() {
			if lies, err := os.Lstat(path); err == nil && statErr == nil && os.SameFile(own, lies) {
				_ = os.Remove(path)
			}
		}, nil
	}
	if info, statErr := os.Lstat(path); statErr == nil && time.Since(info.ModTime()) > lockStale {
		_ = os.Remove(path)
	}
	return nil, err
}
