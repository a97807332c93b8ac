//go:build unix

package remote

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes a lock, or fails with errLocked. The system gives back the lock of a
// program that has ended, so nothing has to be judged by its age.
func tryLock(path string) (done func(), err error) {
	f, err := openLock(path, 0)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil && stillAt(f, path):
		return func() {
			_ = os.Remove(path) // while it is still ours
			_ = f.Close()
		}, nil
	case err == nil, errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		err = errLocked
	}
	_ = f.Close()
	return nil, err
}
