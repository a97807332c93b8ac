package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const month = 30 * 24 * time.Hour

func always([][]byte) bool { return true }

func framed(t *testing.T, lines ...string) []byte {
	t.Helper()
	var content []byte
	for _, line := range lines {
		content = append(content, must(frame([]byte(line)))(t)...)
	}
	return content
}

func TestCompactMergesOldSettledFilesInOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	older := deadFile(t, dir, 3*month, framed(t, "a1", "a2"))
	old := deadFile(t, dir, 2*month, append(framed(t, "b1"), "torn"...))
	young := deadFile(t, dir, month/2, framed(t, "c1"))
	mine := openTest(t, dir)
	appendAll(t, mine, "mine")

	if n, err := Compact(dir, month, always); n != 2 || err != nil {
		t.Fatalf("merged %d files (%v), want 2", n, err)
	}
	for _, path := range []string{older, old} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there (%v)", path, err)
		}
	}
	if _, err := os.Stat(young); err != nil {
		t.Error(err)
	}
	got, err := collect(mine.Replay)
	wantLines(t, got, err, "a1", "a2", "b1", "c1", "mine")

	deadFile(t, dir, month+time.Hour, framed(t, "d1"))
	if n, err := Compact(dir, month, always); n != 1 || err != nil {
		t.Fatalf("merged %d files (%v), want 1", n, err)
	}
	got, err = collect(mine.Replay)
	wantLines(t, got, err, "a1", "a2", "b1", "d1", "c1", "mine")
}

func TestCompactLeavesOpenOperationsAndLivingFilesAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deadFile(t, dir, 2*month, framed(t, "open"))
	mine := openTest(t, dir)
	appendAll(t, mine, "mine")
	long := time.Now().Add(-2 * month)
	if err := os.Chtimes(mine.Path(), long, long); err != nil {
		t.Fatal(err)
	}
	n, err := Compact(dir, month, func(lines [][]byte) bool { return string(lines[0]) != "open" })
	if n != 0 || err != nil {
		t.Fatalf("merged %d files (%v), want none", n, err)
	}
	appendAll(t, mine, "still mine")
	got, err := collect(mine.Replay)
	wantLines(t, got, err, "open", "mine", "still mine")
}

func TestCrashBetweenMergingAndRemovingDoublesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content := framed(t, "a1", "a2")
	path := deadFile(t, dir, 2*month, content)
	if _, err := Compact(dir, month, always); err != nil {
		t.Fatal(err)
	}
	// As if the process had died before it removed the file.
	if again := deadFile(t, dir, 2*month, nil); again == path {
		t.Fatal("two files of one name")
	} else if err := os.Rename(again, path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, fileMode); err != nil {
		t.Fatal(err)
	}
	j := openTest(t, dir)
	got, err := collect(j.Replay)
	wantLines(t, got, err, "a1", "a2")
	if orphans, err := j.Orphans(); len(orphans) != 0 || err != nil {
		t.Errorf("a merged file was adopted: %v (%v)", orphans, err)
	}
	long := time.Now().Add(-2 * month)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	if n, err := Compact(dir, month, always); n != 1 || err != nil {
		t.Fatalf("removed %d files (%v), want 1", n, err)
	}
	got, err = collect(j.Replay)
	wantLines(t, got, err, "a1", "a2")
}

func TestDamagedActivityLogRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deadFile(t, dir, 2*month, framed(t, "a1", "a2"))
	if _, err := Compact(dir, month, always); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, activityName)
	content := must(os.ReadFile(path))(t)
	content[len(content)-3] ^= 1
	if err := os.WriteFile(path, content, fileMode); err != nil {
		t.Fatal(err)
	}
	deadFile(t, dir, 2*month, framed(t, "b1"))
	var damage *ErrDamaged
	if _, err := collect(openTest(t, dir).Replay); !errors.As(err, &damage) {
		t.Errorf("replay gave %v, want ErrDamaged", err)
	}
	if _, err := Compact(dir, month, always); !errors.As(err, &damage) {
		t.Errorf("Compact gave %v, want ErrDamaged", err)
	}
	if after := must(os.ReadFile(path))(t); string(after) != string(content) {
		t.Error("the damaged file was changed")
	}
}

func TestCompactOfNothingDoesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "missing")
	if n, err := Compact(dir, 0, always); n != 0 || err != nil {
		t.Errorf("merged %d files (%v) of a folder that is not there", n, err)
	}
}

func TestOnlyOneProcessCompacts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deadFile(t, dir, 2*month, framed(t, "a1"))
	release := must(lockPath(filepath.Join(dir, "compact.lock")))(t)
	if n, err := Compact(dir, month, always); n != 0 || err != nil {
		t.Errorf("merged %d files (%v) while another process was at it", n, err)
	}
	release()
	if n, err := Compact(dir, month, always); n != 1 || err != nil {
		t.Errorf("merged %d files (%v) afterwards, want 1", n, err)
	}
}

func TestReplayDuringCompactionMissesNothing(t *testing.T) {
	t.Parallel()
	const files = 200
	dir := t.TempDir()
	for i := range files {
		deadFile(t, dir, 2*month+time.Duration(i)*time.Second, framed(t, "line"))
	}
	j := openTest(t, dir)
	done := make(chan error, 1)
	go func() {
		n, err := Compact(dir, month, always)
		if err == nil && n != files {
			err = fmt.Errorf("merged %d files, want %d", n, files)
		}
		done <- err
	}()
	for replays := 1; ; replays++ {
		got, err := collect(j.Replay)
		if err != nil || len(got) != files {
			t.Fatalf("replay %d gave %d lines (%v), want %d", replays, len(got), err, files)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
