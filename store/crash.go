package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

const (
	crashFolder = "crash"
	// maxCrash is the length at which a report is cut, in bytes.
	maxCrash = 256 << 10
	// maxCrashes is how many reports are kept; the oldest go.
	maxCrashes = 20
)

// Crash is what is known of the end of the program.
type Crash struct {
	Version string // of the program
	What    any    // the value of the panic, or an error
	Stack   []byte // debug.Stack() where it was caught; nil for that of the caller
}

// WriteCrash writes a report of c into dir, [Paths.CrashDir], and returns its path. What keys the
// redactor knows is taken out, and what is not printable ASCII is escaped. The newest 20 reports
// are kept.
func WriteCrash(dir string, c Crash, r *Redactor) (string, error) {
	if err := makeDir(dir); err != nil {
		return "", fmt.Errorf("write a crash report: %w", err)
	}
	if c.Stack == nil {
		c.Stack = debug.Stack()
	}
	now := time.Now().UTC()
	report := fmt.Sprintf("vastdeck %s, %s, %s/%s\n%s\n\n%s\n\n%s\n", c.Version, runtime.Version(), runtime.GOOS,
		runtime.GOARCH, now.Format(time.RFC3339), describe(c.What), c.Stack)
	path, err := writeNewCrash(dir, now, cleanReport(report, r))
	if err != nil {
		return "", fmt.Errorf("write a crash report: %w", err)
	}
	return path, pruneCrashes(dir)
}

// describe prints the value of a panic. Its methods may panic in turn, which fmt reports.
func describe(what any) string { return fmt.Sprintf("%T: %v", what, what) }

// cleanReport redacts the report and escapes it line by line; the lines themselves are kept.
func cleanReport(report string, r *Redactor) string {
	lines := strings.Split(r.Redact(report), "\n")
	for i, line := range lines {
		lines[i] = printable(strings.ReplaceAll(line, "\t", "    "))
	}
	clean := strings.Join(lines, "\n")
	if len(clean) > maxCrash {
		clean = clean[:maxCrash] + "\n(cut)\n"
	}
	return clean
}

func writeNewCrash(dir string, now time.Time, report string) (string, error) {
	for try := range createTries {
		path := filepath.Join(dir, now.Add(time.Duration(try)).Format(startLayout)+".txt")
		f, err := createNew(path)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.WriteString(report)
		if err == nil {
			err = f.Sync()
		}
		return path, errors.Join(err, f.Close())
	}
	return "", fmt.Errorf("no free name in %s", dir)
}

// pruneCrashes removes the oldest reports above maxCrashes.
func pruneCrashes(dir string) error {
	entries, err := os.ReadDir(dir) // sorted by name, and so by time
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return filepath.Ext(e.Name()) != ".txt" })
	for _, e := range entries[:max(0, len(entries)-maxCrashes)] {
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
