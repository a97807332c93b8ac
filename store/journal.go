package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// startLayout is the first part of a journal file's name: a time of fixed width, in UTC, so that
// names sort by age.
const startLayout = "20060102T150405.000000000Z"

// createTries bounds how often another name is tried when one is taken.
const createTries = 1000

// Journal is the write-ahead journal of operations of this process. Its file has one writer,
// this process, which holds the file's lock for life; the folder may hold the files of any number
// of other processes. Its methods may be called from several goroutines.
type Journal struct {
	dir string

	mu   sync.Mutex
	file *recordFile // nil once closed
}

// journalDisk is the part of the file system that a journal relies on, so that tests can put
// failures under it and see the order of its calls.
type journalDisk struct {
	create  func(path string) (logFile, error)
	syncDir func(dir string) error
}

var realDisk = journalDisk{
	create: func(path string) (logFile, error) {
		f, err := createNew(path)
		if err != nil {
			return nil, err
		}
		return diskFile{f}, nil
	},
	syncDir: syncDir,
}

// OpenJournal creates a journal file of this process in dir (made if missing), locks it for as
// long as the process lives or until Close, and puts its name on the disk. The file is named
// <start>-<pid>.log. Any number of processes may do so in one folder. An error means that
// nothing may be spent.
func OpenJournal(dir string) (*Journal, error) { return openJournal(dir, realDisk) }

func openJournal(dir string, disk journalDisk) (*Journal, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	start := time.Now().UTC()
	for try := range createTries {
		// Two journals of one process may start in the same instant.
		name := start.Add(time.Duration(try)).Format(startLayout) + "-" + strconv.Itoa(os.Getpid()) + ".log"
		file, err := createRecordFile(filepath.Join(dir, name), disk)
		if errors.Is(err, fs.ErrExist) || errors.Is(err, errTaken) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open the journal: %w", err)
		}
		return &Journal{dir: dir, file: file}, nil
	}
	return nil, fmt.Errorf("open the journal: no free name in %s", dir)
}

// Path returns the path of this process's own file.
func (j *Journal) Path() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return ""
	}
	return j.file.path
}

// Append adds line, which must hold no newline, and returns when it is on the disk. When it
// returns an error the line does not count, and the caller must not send what it announced.
func (j *Journal) Append(line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return errors.New("write the journal: it is closed")
	}
	return j.file.append(line)
}

// Replay calls fn with every line of every file in the folder: first what was merged into
// activity.log, then the files of this and other processes, oldest file first, each in the order
// it was written. A torn record at the end of a file is left out. If a file is damaged or cannot
// be read, fn still gets what is sound before the damage, so that it can be shown, and Replay
// returns an error (errors.As with *ErrDamaged): the caller must refuse to spend. An error of fn
// ends the replay and is returned as it is. The line belongs to fn.
func (j *Journal) Replay(fn func(line []byte) error) error { return replayFolder(j.dir, fn) }

func replayFolder(dir string, fn func(line []byte) error) error {
	files, err := readFolder(dir)
	for _, f := range files {
		for _, line := range f.lines {
			if err := fn(line); err != nil {
				return err
			}
		}
	}
	return err
}

// Orphans adopts the files whose process has ended: it locks each, cuts a torn record off its
// end, and returns those that hold lines, oldest first. Files of living processes, this one
// included, and files already adopted are passed over, so a file is adopted by one process at a
// time. A file without a whole record announced nothing and is removed. A damaged file is left
// untouched and unlocked and named by the error, which comes beside the orphans that are sound.
// Each orphan must be closed.
func (j *Journal) Orphans() ([]*Orphan, error) {
	names, err := journalNames(j.dir)
	if err != nil {
		return nil, fmt.Errorf("look for journals left behind: %w", err)
	}
	activity, err := readActivity(j.dir)
	if err != nil {
		return nil, err
	}
	var orphans []*Orphan
	var failed []error
	for _, name := range names {
		if activity.merged[name] {
			continue // Replay no longer reads it: what is appended would be lost
		}
		o, err := adopt(filepath.Join(j.dir, name))
		if err != nil {
			failed = append(failed, fmt.Errorf("look for journals left behind: %w", err))
		}
		if o != nil {
			orphans = append(orphans, o)
		}
	}
	return orphans, errors.Join(failed...)
}

// Close releases the file. From then on any process may adopt it. A file that holds no line is
// removed.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	if file.size == 0 {
		file.remove()
	}
	return file.close()
}
