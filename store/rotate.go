package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// openTries bounds how often a file is looked for that other processes rename.
const openTries = 10

// rotatingFile appends to a file and renames it to path.1 when it is full. Other processes may
// do the same to the same path.
type rotatingFile struct {
	path string
	max  int64

	mu sync.Mutex
	f  *os.File // nil once closed
}

func openRotating(path string, max int64) (*rotatingFile, error) {
	if err := makeDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	r := &rotatingFile{path: path, max: max}
	return r, r.open()
}

// open opens the file at the path, or creates it. Between the two, another process may create it
// or rename it away.
func (r *rotatingFile) open() error {
	for range openTries {
		f, err := createNew(r.path)
		if errors.Is(err, fs.ErrExist) {
			f, err = openAppend(r.path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := f.Chmod(fileMode); err != nil && !modesUnsupported {
			return errors.Join(err, f.Close())
		}
		r.f = f
		return nil
	}
	return &fs.PathError{Op: "open", Path: r.path, Err: fs.ErrNotExist}
}

// Write appends p as a whole.
func (r *rotatingFile) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return 0, os.ErrClosed
	}
	if err := r.makeRoom(int64(len(p))); err != nil {
		return 0, err
	}
	return r.f.Write(p)
}

// makeRoom follows a rotation by another process, then rotates if n more bytes are too many.
func (r *rotatingFile) makeRoom(n int64) error {
	info, err := r.f.Stat()
	if err != nil {
		return err
	}
	if !r.inPlace(info) {
		return r.reopen()
	}
	if info.Size() == 0 || info.Size()+n <= r.max {
		return nil
	}
	return r.rotate(info)
}

// rotate renames the open file, which info describes, and begins another.
func (r *rotatingFile) rotate(info fs.FileInfo) error {
	// The lock keeps two processes from rotating in a row, which would push the old file out.
	// Who does not get it writes on: the other is just rotating.
	got, err := tryLock(r.f)
	if err != nil || !got {
		return err
	}
	if r.inPlace(info) {
		if err := os.Rename(r.path, r.path+".1"); err != nil {
			return err
		}
	}
	return r.reopen()
}

func (r *rotatingFile) inPlace(info fs.FileInfo) bool {
	named, err := os.Lstat(r.path)
	return err == nil && os.SameFile(info, named)
}

// reopen closes the file, and its lock with it, and opens what now stands at the path.
func (r *rotatingFile) reopen() error {
	old := r.f
	if err := r.open(); err != nil {
		return err
	}
	unlock(old)
	return old.Close()
}

// Close closes the file. Later writes fail.
func (r *rotatingFile) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	return f.Close()
}
