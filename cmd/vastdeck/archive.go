package main

import (
	"errors"
	"path/filepath"
	"sync"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi/rental"
)

// mergeAfter is how long a settled journal file is kept before it becomes part of
// the one that holds all that is old.
const mergeAfter = 30 * 24 * time.Hour

// archive is the journal of this process together with the files of processes that
// have ended: while it has adopted them, what is found out about their operations
// is written beside what they left open, so that each file tells the whole of its
// operations. Files of living processes are read and never touched.
type archive struct {
	*store.Journal
	dir string

	mu     sync.Mutex
	files  []*store.Orphan
	holder map[string]*store.Orphan // by operation
}

// openArchive opens a journal of this process in dir.
func openArchive(dir string) (*archive, error) {
	journal, err := store.OpenJournal(dir)
	if err != nil {
		return nil, err
	}
	return &archive{Journal: journal, dir: dir, holder: map[string]*store.Orphan{}}, nil
}

// Adopt locks the files whose process has ended. The error names those that are
// damaged, which stay as they are.
func (a *archive) Adopt() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, err := a.Orphans()
	a.files = append(a.files, found...)
	failed := []error{err}
	for _, file := range found {
		failed = append(failed, file.Replay(func(line []byte) error {
			if op := rental.OperationOf(line); op != "" {
				a.holder[op] = file
			}
			return nil
		}))
	}
	return errors.Join(failed...)
}

// Append writes a line about an operation of an adopted file into that file, and
// every other line into the file of this process.
func (a *archive) Append(line []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if file := a.holder[rental.OperationOf(line)]; file != nil {
		return file.Append(line)
	}
	return a.Journal.Append(line)
}

// Tidy gives the adopted files back and merges those that are settled and have not
// been written for 30 days into one.
func (a *archive) Tidy() error {
	failed := []error{a.release()}
	ops, err := rental.Open(a)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	_, err = store.Compact(a.dir, mergeAfter, ops.Settled)
	return errors.Join(append(failed, err)...)
}

// release unlocks the adopted files.
func (a *archive) release() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var failed []error
	for _, file := range a.files {
		failed = append(failed, file.Close())
	}
	a.files = nil
	clear(a.holder)
	return errors.Join(failed...)
}

// Close releases all files.
func (a *archive) Close() error { return errors.Join(a.release(), a.Journal.Close()) }

// profileDir is the folder of the profile whose journal is in dir.
func (a *archive) profileDir() string { return filepath.Dir(a.dir) }
