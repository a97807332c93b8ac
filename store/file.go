package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	fileMode = 0o600
	dirMode  = 0o700
)

// errNotRegular is what reading a folder, link, pipe or device in place of a file gives.
var errNotRegular = errors.New("not a regular file")

// makeDir makes sure that dir exists and that only its owner may enter it. Missing parents are
// made with the same mode, as the XDG specification asks; those that exist are left alone. The
// mode is set after each mkdir because an umask of 0777 would take the owner's bits away too.
func makeDir(dir string) error {
	if dir == "" {
		return errors.New("make a folder: no path given")
	}
	if err := makeParents(dir); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("make a folder: %s is a file", dir)
	}
	if info.Mode().Perm()&0o077 == 0 || !ownedByUs(info) {
		return nil
	}
	if err := os.Chmod(dir, dirMode); err != nil {
		return fmt.Errorf("close a folder to others: %w", err)
	}
	return nil
}

// makeParents creates dir and what is missing above it.
func makeParents(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeParents(parent); err != nil {
			return err
		}
	}
	err := os.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrExist) {
		return nil // another copy of the program was faster
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, dirMode); err != nil {
		return err
	}
	return syncDir(parent)
}

// createNew creates path for appending. It fails when something is there, a link included, and
// the mode is 0600 under any umask.
func createNew(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL|noFollow, fileMode)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(fileMode); err != nil && !modesUnsupported {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	return f, nil
}

// openAppend opens an existing regular file of ours for reading and appending.
func openAppend(path string) (*os.File, error) {
	return openRegular(path, os.O_RDWR|os.O_APPEND)
}

// openRegular opens path only if it is a regular file and no link. The flags keep a pipe that
// somebody put there from blocking the open.
func openRegular(path string, flags int) (*os.File, error) {
	f, err := os.OpenFile(path, flags|noFollow|noBlock, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// readFile reads a regular file of at most limit bytes without following a link.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f, path, limit)
}

// readLimited reads r to its end and fails if that is more than limit bytes.
func readLimited(r io.Reader, name string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %s: larger than %d bytes", name, limit)
	}
	return data, nil
}

// replaceFile gives path the content data, entirely or not at all: a crash at any moment leaves
// the old file or the new one. A link at path is replaced, not followed.
func replaceFile(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := makeDir(dir); err != nil {
		return err
	}
	temp := filepath.Join(dir, "."+filepath.Base(path)+"."+rand.Text()[:10]+".new")
	f, err := createNew(temp)
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}
