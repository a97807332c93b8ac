package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// listTries bounds how often the folder is read again because another process removed a file
// between the listing and the reading.
const listTries = 100

// journalLines is what one file holds.
type journalLines struct {
	name  string
	lines [][]byte
}

// readFolder reads every line in a journal folder, in the order of Replay. The error comes
// beside what could be read.
func readFolder(dir string) ([]journalLines, error) {
	for range listTries {
		files, err := readFolderOnce(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue // empty and removed, or merged into activity.log: the next look finds it there
		}
		return files, err
	}
	return nil, fmt.Errorf("read the journal: files in %s keep vanishing", dir)
}

func readFolderOnce(dir string) ([]journalLines, error) {
	// The names come first: a file merged after this point is missed in activity.log, but then
	// it is still there, or its absence is seen.
	names, err := journalNames(dir)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	activity, err := readActivity(dir)
	files := activity.files
	var failed []error
	if err != nil {
		failed = append(failed, err)
	}
	for _, name := range names {
		if activity.merged[name] {
			continue // merged by a process that died before it removed the file
		}
		lines, _, err := readRecords(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil {
			failed = append(failed, err)
		}
		files = append(files, journalLines{name: name, lines: lines})
	}
	return files, errors.Join(failed...)
}

// readRecords reads and parses one file; see parse for its results.
func readRecords(path string) (lines [][]byte, good int64, err error) {
	data, err := readFile(path, maxJournal)
	if err != nil {
		return nil, 0, fmt.Errorf("read the journal: %w", err)
	}
	return parse(path, data)
}

// journalNames returns the names of the journal files in dir, oldest first.
func journalNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name, and so by start
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if isJournalName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// isJournalName reports whether name has the form <start>-<pid>.log.
func isJournalName(name string) bool {
	rest, ok := strings.CutSuffix(name, ".log")
	if !ok {
		return false
	}
	start, pid, ok := strings.Cut(rest, "-")
	if !ok || pid == "" || strings.Trim(pid, "0123456789") != "" {
		return false
	}
	_, err := time.Parse(startLayout, start)
	return err == nil
}

// activityName is the file that settled journal files are merged into. Each of its lines is
// preceded by the name of the file it came from, so that a file is never merged twice.
const activityName = "activity.log"

// activityLog is the content of activity.log.
type activityLog struct {
	raw    []byte // the whole records
	files  []journalLines
	merged map[string]bool // names of the files merged
}

// readActivity reads activity.log; a missing one is empty.
func readActivity(dir string) (activityLog, error) {
	path := filepath.Join(dir, activityName)
	log := activityLog{merged: map[string]bool{}}
	data, err := readFile(path, maxJournal)
	if errors.Is(err, fs.ErrNotExist) {
		return log, nil
	}
	if err != nil {
		return log, fmt.Errorf("read the journal: %w", err)
	}
	lines, good, err := parse(path, data)
	log.raw = data[:good]
	for _, l := range lines {
		name, line, _ := bytes.Cut(l, []byte{' '})
		log.add(string(name), line)
	}
	return log, err
}

func (a *activityLog) add(name string, line []byte) {
	if !a.merged[name] {
		a.merged[name] = true
		a.files = append(a.files, journalLines{name: name})
	}
	last := &a.files[len(a.files)-1]
	last.lines = append(last.lines, line)
}
