package store

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// canary is a key that must appear nowhere.
const canary = "SENTINEL/canary+key=0123456789&abcdef"

// writeEverything lets every part of the package that writes do so, in a home folder, with the
// key in every place where a mistake could put it.
func writeEverything(home string) (err error) {
	key, err := ParseKey(canary)
	if err != nil {
		return err
	}
	paths, err := Resolve(func(name string) string { return map[string]string{"HOME": home, "TMPDIR": home}[name] })
	if err != nil {
		return err
	}
	paths.Runtime = filepath.Join(home, "run") // the one resolved may be outside: a short path comes first
	profile, err := paths.Profile("work")
	if err != nil {
		return err
	}
	redactor := &Redactor{}
	redactor.Add(key)

	if err := paths.MakeRuntime(); err != nil {
		return err
	}
	if _, err := LoadSettings(paths.ConfigFile()); err != nil {
		return err
	}
	state, notice := OpenState(profile)
	if notice != "" {
		return errors.New(notice)
	}
	err = state.Update(func(s *State) {
		s.RentForms = []RentForm{{Image: "pytorch", DiskGB: 20, Name: fmt.Sprint(key), At: time.Now()}}
		s.Notes = map[string]string{"key": fmt.Sprintf("%s %#v %+v", key, key, struct{ k Key }{key})}
	})
	if err != nil {
		return err
	}
	j, err := OpenJournal(paths.JournalDir("work"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	line, err := json.Marshal(map[string]any{"op": 1, "key": key})
	if err != nil {
		return err
	}
	if err := j.Append(line); err != nil {
		return err
	}
	if _, err := Compact(paths.JournalDir("work"), 0, func([][]byte) bool { return true }); err != nil {
		return err
	}
	if err := logEverything(paths.LogFile(), key, redactor); err != nil {
		return err
	}
	_, err = WriteCrash(paths.CrashDir(), Crash{Version: "1", What: errors.New("panic with " + canary)}, redactor)
	return err
}

func logEverything(path string, key Key, r *Redactor) error {
	log, closeLog, err := OpenLog(path, slog.LevelDebug, r)
	if err != nil {
		return err
	}
	header := map[string][]string{"Authorization": {"Bearer " + canary}}
	log.Info("key "+canary, "key", key, "text", canary, canary, "as a name", "bytes", []byte(canary), "error", errors.New(canary))
	log.Info("dump", "header", header, slog.Group(canary, "url", "https://host/?api_key="+canary), "struct", struct{ b []byte }{[]byte(canary)})
	log.Info("forms", "base64", base64.StdEncoding.EncodeToString([]byte("user:"+canary+"\n")), "hex", hex.EncodeToString([]byte(canary)))
	log.With("with", canary).WithGroup("group").Error("end", "json", json.RawMessage(strconv.Quote(canary)))
	return closeLog()
}

// childModes sets the umask given first and writes everything into the home folder given second.
func childModes(args []string) error {
	mask, err := strconv.ParseInt(args[0], 8, 32)
	if err != nil {
		return err
	}
	setUmask(int(mask))
	return writeEverything(args[1])
}

func TestFilesArePrivateUnderAnyUmask(t *testing.T) {
	t.Parallel()
	for _, mask := range []string{"000", "022", "077", "777"} {
		home := t.TempDir()
		if out, err := childCommand(t, "modes", mask, home).CombinedOutput(); err != nil {
			t.Fatalf("umask %s: %v\n%s", mask, err, out)
		}
		files, folders := 0, 0
		eachBelow(t, home, func(path string, info fs.FileInfo) {
			want := fs.FileMode(fileMode)
			if info.IsDir() {
				want = fs.ModeDir | dirMode
				folders++
			} else {
				files++
			}
			if info.Mode() != want {
				t.Errorf("umask %s: %s has mode %v, want %v", mask, path, info.Mode(), want)
			}
		})
		if files < 4 || folders < 6 {
			t.Errorf("umask %s: only %d files and %d folders were written", mask, files, folders)
		}
	}
}

func eachBelow(t *testing.T, root string, do func(path string, info fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		info, err := d.Info()
		if err == nil {
			do(path, info)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoFileEverHoldsTheKey(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := writeEverything(home); err != nil {
		t.Fatal(err)
	}
	encoded := base64.RawStdEncoding.EncodeToString([]byte("user:" + canary))
	forms := []string{
		"canary", "SENTINEL", "0123456789", hex.EncodeToString([]byte("canary")),
		strings.ToUpper(hex.EncodeToString([]byte("canary"))), encoded[8:24], strings.Trim(fmt.Sprint([]byte("canary")), "[]"),
	}
	for before := range 3 {
		forms = append(forms, base64At(base64.RawStdEncoding, "canary+key", before))
	}
	files := 0
	eachBelow(t, home, func(path string, info fs.FileInfo) {
		if info.IsDir() {
			return
		}
		files++
		content := must(os.ReadFile(path))(t)
		for _, form := range forms {
			if bytes.Contains(content, []byte(form)) || strings.Contains(path, form) {
				t.Errorf("%s holds %q:\n%s", path, form, content)
			}
		}
	})
	if files < 4 {
		t.Errorf("only %d files were written", files)
	}
}

func TestReplacingLeavesTheOldFileWhenItFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blocked := filepath.Join(dir, "blocked")
	if err := os.MkdirAll(filepath.Join(blocked, "child"), dirMode); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(blocked, []byte("new")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if names := must(os.ReadDir(dir))(t); len(names) != 1 {
		t.Errorf("files left: %v", names)
	}
}

func TestReplacingDoesNotFollowALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("theirs"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, []byte("ours")); err != nil {
		t.Fatal(err)
	}
	if got := must(os.ReadFile(target))(t); string(got) != "theirs" {
		t.Errorf("the link's target now holds %q", got)
	}
	if info := must(os.Lstat(link))(t); !info.Mode().IsRegular() {
		t.Errorf("the link is still one: %v", info.Mode())
	}
	if _, err := readFile(link, 10); err != nil {
		t.Error(err)
	}
}

func TestReadingFollowsNoLinkAndHasALimit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("12345"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if _, err := readFile(link, 10); err == nil {
		t.Error("a link was followed")
	}
	if _, err := readFile(dir, 10); err == nil {
		t.Error("a folder was read")
	}
	if _, err := readFile(file, 4); err == nil {
		t.Error("five bytes were read with a limit of four")
	}
	if got := must(readFile(file, 5))(t); string(got) != "12345" {
		t.Errorf("read %q", got)
	}
	for _, path := range []string{file, link} {
		if _, err := createNew(path); !errors.Is(err, fs.ErrExist) {
			t.Errorf("creating %s over what is there gave %v", path, err)
		}
	}
}

func TestAnOpenFolderIsClosedToOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := makeDir(dir); err != nil {
		t.Fatal(err)
	}
	if info := must(os.Stat(dir))(t); info.Mode().Perm() != dirMode {
		t.Errorf("mode %v, want %o", info.Mode(), dirMode)
	}
}
