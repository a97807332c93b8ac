package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxJournal is the largest journal file that is read, in bytes: some hundred thousand records.
const maxJournal = 256 << 20

// errTaken says that another process locked a file in the moment between its creation and our
// lock, taking it for one left behind.
var errTaken = errors.New("the file was adopted by another process")

// logFile is what a recordFile needs of *os.File.
type logFile interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
	Stat() (os.FileInfo, error)
	osFile() *os.File
}

// diskFile is the logFile that lies on a disk.
type diskFile struct{ *os.File }

func (f diskFile) osFile() *os.File { return f.File }

// recordFile is a file of framed lines that this process has locked and may append to.
type recordFile struct {
	path   string
	f      logFile
	size   int64 // bytes of whole records
	broken error // why nothing can be appended any more
}

// createRecordFile creates the file at path, locks it and puts its name on the disk.
func createRecordFile(path string, disk journalDisk) (*recordFile, error) {
	f, err := disk.create(path)
	if err != nil {
		return nil, err
	}
	r := &recordFile{path: path, f: f}
	err = r.lock()
	if err == nil {
		err = disk.syncDir(filepath.Dir(path))
	}
	if err != nil {
		if !errors.Is(err, errTaken) {
			r.remove()
		}
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

// lock takes the file's lock and makes sure that the file still stands at its path: whoever held
// the lock before may have removed it.
func (r *recordFile) lock() error {
	got, err := tryLock(r.f.osFile())
	if err != nil {
		return err
	}
	if !got || !r.inPlace() {
		return errTaken
	}
	return nil
}

// inPlace reports whether the path still leads to the open file.
func (r *recordFile) inPlace() bool {
	open, err := r.f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(r.path)
	return err == nil && os.SameFile(open, named)
}

// append writes the framed line and syncs it. After a failed write the file is cut back to its
// whole records, so that a full disk that is emptied again loses nothing.
func (r *recordFile) append(line []byte) error {
	framed, err := frame(line)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if r.broken != nil {
		return fmt.Errorf("write the journal: an earlier write failed: %w", r.broken)
	}
	// Bytes written to a file that has lost its name are lost with the process.
	if !r.inPlace() {
		return fmt.Errorf("write the journal: %s was moved or removed", r.path)
	}
	if _, err := r.f.Write(framed); err != nil {
		return fmt.Errorf("write the journal: %w", errors.Join(err, r.cut()))
	}
	if err := r.f.Sync(); err != nil {
		// After a failed sync the system may have dropped the bytes and still report the next
		// sync as done: this file cannot be trusted again.
		r.broken = err
		return fmt.Errorf("write the journal: %w", errors.Join(err, r.cut()))
	}
	r.size += int64(len(framed))
	return nil
}

// cut shortens the file to its whole records. If that fails, nothing more may be appended: a
// record after a torn one would read as damage.
func (r *recordFile) cut() error {
	err := r.f.Truncate(r.size)
	if err == nil {
		err = r.f.Sync()
	}
	if err != nil && r.broken == nil {
		r.broken = err
	}
	return err
}

// remove takes the file's name away while its lock is held, so that nobody else is using it.
func (r *recordFile) remove() {
	if r.inPlace() {
		_ = os.Remove(r.path)
	}
}

// close releases the lock and closes the file.
func (r *recordFile) close() error {
	unlock(r.f.osFile())
	return r.f.Close()
}
