package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLookingAtTheJournalChangesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "journal")
	if n, err := LookAtJournal(dir).Files(); n != 0 || err != nil {
		t.Errorf("%d files, %v in a folder that does not exist", n, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Fatalf("the folder was made: %v", err)
	}
	j, err := OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append([]byte("one")); err != nil {
		t.Fatal(err)
	}
	torn := j.Path()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(torn, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("00000000 to"); err != nil { // a process died while it wrote this
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	look := LookAtJournal(dir)
	var lines []string
	if err := look.Replay(func(line []byte) error { lines = append(lines, string(line)); return nil }); err != nil {
		t.Error(err)
	}
	n, err := look.Files()
	if len(lines) != 1 || lines[0] != "one" || n != 1 || err != nil {
		t.Errorf("%q in %d files, %v", lines, n, err)
	}
	if look.Append([]byte("two")) == nil {
		t.Error("a line was taken")
	}
	if !sameContents(before, contents(t, dir)) {
		t.Errorf("the folder was %v and is %v", before, contents(t, dir))
	}
}

func TestAFolderThatLetsNoFilesBeMadeIsKnownByItsRights(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if why := Unwritable(filepath.Join(dir, "a", "b")); why != "" {
		t.Errorf("a folder that can be made: %s", why)
	}
	if modesUnsupported {
		return
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if why := Unwritable(filepath.Join(closed, "a")); !strings.Contains(why, "rights of "+closed) {
		t.Errorf("below a closed folder: %q", why)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	if why := Unwritable(file); !strings.Contains(why, "is a file") {
		t.Errorf("a file: %q", why)
	}
}
