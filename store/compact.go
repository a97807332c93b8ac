package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Compact merges journal files into activity.log in the same folder and removes them, and
// returns how many. A file is merged when its process has ended, its last write is at least
// olderThan ago, and settled says that its lines leave no operation open. Damaged files stay
// untouched and are named by the error, which does not keep others from being merged. A crash
// half-way loses and doubles nothing: Replay reads a merged file once. When another process is
// compacting the folder, Compact does nothing.
func Compact(dir string, olderThan time.Duration, settled func(lines [][]byte) bool) (int, error) {
	names, err := journalNames(dir)
	if err != nil || len(names) == 0 {
		return 0, wrapCompact(err)
	}
	release, err := lockPath(filepath.Join(dir, "compact.lock"))
	if release == nil || err != nil {
		return 0, wrapCompact(err)
	}
	defer release()

	activity, err := readActivity(dir)
	if err != nil {
		return 0, wrapCompact(err)
	}
	before := time.Now().Add(-olderThan)
	var done []*recordFile
	defer func() {
		for _, f := range done {
			_ = f.close()
		}
	}()
	var failed []error
	merged := activity.raw
	for _, name := range names {
		file, lines, err := takeSettled(filepath.Join(dir, name), before, settled)
		if err != nil {
			failed = append(failed, err)
		}
		if file == nil {
			continue
		}
		done = append(done, file)
		if !activity.merged[name] {
			merged = appendMerged(merged, name, lines)
		}
	}
	if len(merged) > len(activity.raw) {
		if err := replaceFile(filepath.Join(dir, activityName), merged); err != nil {
			return 0, wrapCompact(errors.Join(append(failed, err)...))
		}
	}
	for _, f := range done {
		f.remove()
	}
	if len(done) > 0 {
		failed = append(failed, syncDir(dir))
	}
	return len(done), wrapCompact(errors.Join(failed...))
}

func wrapCompact(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("merge old journals: %w", err)
}

// takeSettled locks the file at path and returns it if it is old enough and settled, else nil.
func takeSettled(path string, before time.Time, settled func([][]byte) bool) (*recordFile, [][]byte, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().After(before) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	file, lines, err := takeFile(path)
	if file == nil || err != nil {
		return nil, nil, err
	}
	if len(lines) > 0 && !settled(lines) {
		return nil, nil, file.close()
	}
	return file, lines, nil
}

// appendMerged appends the lines of the named file as they stand in activity.log.
func appendMerged(to []byte, name string, lines [][]byte) []byte {
	for _, line := range lines {
		to = append(to, frameUnchecked(append([]byte(name+" "), line...))...)
	}
	return to
}

// lockPath creates or opens the lock file at path and locks it. It returns the function that
// releases the lock, or nil when another process holds it. The file stays: removing it would let
// two processes lock two files of one name.
func lockPath(path string) (func(), error) {
	f, err := createNew(path)
	if errors.Is(err, fs.ErrExist) {
		f, err = openAppend(path)
	}
	if err != nil {
		return nil, err
	}
	got, err := tryLock(f)
	if err != nil || !got {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		unlock(f)
		_ = f.Close()
	}, nil
}
