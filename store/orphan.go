package store

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// Orphan is a journal file whose process has ended, adopted by this one, which holds its lock
// until Close and is its only writer. Its methods may be called from several goroutines.
type Orphan struct {
	Path string // the file

	mu   sync.Mutex
	file *recordFile // nil once closed
}

// adopt locks the file at path, cuts its torn end off and returns it. It returns neither an
// orphan nor an error when the file has an owner, is gone, or holds no whole record, in which
// case it is removed.
func adopt(path string) (*Orphan, error) {
	file, lines, err := takeFile(path)
	if file == nil || err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		file.remove()
		return nil, file.close()
	}
	info, err := file.f.osFile().Stat()
	if err == nil && info.Size() != file.size { // a file that is whole keeps the time of its last write
		err = file.cut()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cut a torn record off %s: %w", path, err), file.close())
	}
	return &Orphan{Path: path, file: file}, nil
}

// takeFile opens and locks an existing file and reads its lines. Without a free lock, or when the
// file has vanished, all results are nil. It changes nothing in the file.
func takeFile(path string) (*recordFile, [][]byte, error) {
	f, err := openAppend(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	file := &recordFile{path: path, f: diskFile{f}}
	if err := file.lock(); err != nil {
		_ = file.close()
		if errors.Is(err, errTaken) {
			return nil, nil, nil
		}
		return nil, nil, err
	}
	lines, good, err := readRecords(path)
	if err != nil {
		_ = file.close()
		return nil, nil, err
	}
	file.size = good
	return file, lines, nil
}

// Replay calls fn with every line of the file in the order it was written. An error of fn ends
// the replay and is returned as it is. The line belongs to fn.
func (o *Orphan) Replay(fn func(line []byte) error) error {
	lines, _, err := readRecords(o.Path)
	for _, line := range lines {
		if err := fn(line); err != nil {
			return err
		}
	}
	return err
}

// Append adds line, which must hold no newline, and returns when it is on the disk. An error
// means that the line does not count.
func (o *Orphan) Append(line []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		return errors.New("write the journal: the adopted file is closed")
	}
	return o.file.append(line)
}

// Close releases the file; it stays where it is, and any process may adopt it again.
func (o *Orphan) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		return nil
	}
	file := o.file
	o.file = nil
	return file.close()
}
