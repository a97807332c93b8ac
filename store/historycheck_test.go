package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// contents are the files of a folder with what is in them, and the rights of each.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		text := info.Mode().String()
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += string(data)
		}
		all[path] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameContents(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for path, text := range a {
		if got, there := b[path]; !there || got != text {
			return false
		}
	}
	return true
}

func TestLookingAtTheHistoryChangesNothing(t *testing.T) {
	t.Parallel()
	write := func(text string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(text), fileMode); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := func(t *testing.T, path string) {
		h, _, err := OpenHistory(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		make  func(*testing.T, string)
		newer bool
		err   error
	}{
		"none":      {func(*testing.T, string) {}, false, fs.ErrNotExist},
		"sound":     {made, false, nil},
		"no SQLite": {write("this is a letter, and by no means a database of anything at all"), false, ErrHistoryDamaged},
		"empty":     {write(""), false, nil},
		"newer": {func(t *testing.T, path string) {
			made(t, path)
			h, err := openHistory(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
				t.Fatal(err)
			}
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
		}, true, nil},
		"cut short": {func(t *testing.T, path string) {
			made(t, path)
			if err := os.Truncate(path, 100); err != nil {
				t.Fatal(err)
			}
		}, false, ErrHistoryDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "history.db")
			c.make(t, path)
			before := contents(t, dir)
			newer, err := CheckHistory(t.Context(), path)
			if newer != c.newer || !errors.Is(err, c.err) {
				t.Errorf("newer %t, %v; want %t, %v", newer, err, c.newer, c.err)
			}
			if !sameContents(before, contents(t, dir)) {
				t.Errorf("the folder was %v and is %v", before, contents(t, dir))
			}
		})
	}
}

func TestTheHistoryOfARunningProgramIsLookedAt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	h, _, err := OpenHistory(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if newer, err := CheckHistory(t.Context(), path); newer || err != nil {
		t.Errorf("newer %t, %v", newer, err)
	}
}

func TestLookingAtALinkInPlaceOfTheHistoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "history.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := CheckHistory(t.Context(), filepath.Join(dir, "history.db")); !errors.Is(err, errLink) {
		t.Errorf("%v", err)
	}
}
