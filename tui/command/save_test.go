package command

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestFileIsWrittenForTheUserAloneAndKeptUnlessReplaced(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	path := filepath.Join(t.TempDir(), "fleet.tsv")
	write := func(text string, replace bool) FileWritten {
		return c.WriteFile("form", path, text, replace)().(FileWritten)
	}
	if w := write("one", false); w.Err != nil || w.Replaced || w.Path != path || w.Form != "form" {
		t.Fatalf("it answered %+v", w)
	}
	if i, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && i.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", i.Mode(), err)
	}
	if w := write("two", false); !errors.Is(w.Err, ErrExists) {
		t.Errorf("an existing file gave %v", w.Err)
	}
	if text, _ := os.ReadFile(path); string(text) != "one" {
		t.Errorf("it was overwritten with %q", text)
	}
	if w := write("two", true); w.Err != nil || !w.Replaced {
		t.Errorf("replacing gave %+v", w)
	}
	if text, _ := os.ReadFile(path); string(text) != "two" {
		t.Errorf("it holds %q", text)
	}
	if i, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && i.Mode().Perm() != 0o600 {
		t.Errorf("the new file is %v, %v", i.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".vastdeck-*")); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestWhatIsNoPlaceForAFileIsSaid(t *testing.T) {
	t.Parallel()
	c := set(t, &server{}, Market{})
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(secret, link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                                  "name a file",
		dir:                                 "no regular file",
		link:                                "no regular file",
		filepath.Join(dir, "none", "a.tsv"): "no such folder",
		filepath.Join(secret, "a.tsv"):      "cannot be",
	} {
		for _, replace := range []bool{false, true} {
			w := c.WriteFile("form", path, "text", replace)().(FileWritten)
			if w.Err == nil || !strings.Contains(w.Err.Error(), want) {
				t.Errorf("%q: %v, want %q", path, w.Err, want)
			}
		}
	}
	if text, _ := os.ReadFile(secret); string(text) != "mine" {
		t.Errorf("what a link names was overwritten with %q", text)
	}
}
