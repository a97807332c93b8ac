package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func environment(pairs ...string) func(string) string {
	values := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

func TestResolveTakesXDGThenHome(t *testing.T) {
	t.Parallel()
	p := must(Resolve(environment("HOME=/home/ann", "XDG_CONFIG_HOME=/c", "XDG_STATE_HOME=/s/", "XDG_RUNTIME_DIR=/run/user/7")))(t)
	if want := (Paths{Config: "/c/vastdeck", State: "/s/vastdeck", Runtime: "/run/user/7/vastdeck"}); p != want {
		t.Errorf("got %+v, want %+v", p, want)
	}
	p = must(Resolve(environment("HOME=/home/ann", "XDG_CONFIG_HOME=relative", "TMPDIR=/t")))(t)
	if p.Config != "/home/ann/.config/vastdeck" || p.State != "/home/ann/.local/state/vastdeck" || !strings.HasPrefix(p.Runtime, "/t/vastdeck-") {
		t.Errorf("got %+v, want folders under /home/ann and /t", p)
	}
	if p.ConfigFile() != "/home/ann/.config/vastdeck/config.toml" || p.LogFile() != "/home/ann/.local/state/vastdeck/vastdeck.log" ||
		p.CrashDir() != "/home/ann/.local/state/vastdeck/crash" || p.JournalDir("team") != "/home/ann/.local/state/vastdeck/team/journal" {
		t.Errorf("files of %+v are elsewhere", p)
	}
}

func TestSocketsGetAPathTheSystemTakes(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("x", 60)
	for _, env := range [][]string{{"TMPDIR=" + long}, {"XDG_RUNTIME_DIR=" + long, "TMPDIR=" + long}, {"XDG_RUNTIME_DIR=" + long}, {"XDG_RUNTIME_DIR=relative"}} {
		p := must(Resolve(environment(append(env, "HOME=/home/ann")...)))(t)
		if len(p.Runtime) > maxRuntime || !filepath.IsAbs(p.Runtime) || !strings.Contains(p.Runtime, "/vastdeck-") {
			t.Errorf("%v: sockets go to %s", env, p.Runtime)
		}
	}
}

func TestResolveWithoutAHomeSaysWhatToSet(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{nil, {"HOME=relative"}, {"XDG_CONFIG_HOME=/c"}} {
		if _, err := Resolve(environment(env...)); err == nil || !strings.Contains(err.Error(), "HOME") {
			t.Errorf("%v: got %v, want an error that names HOME", env, err)
		}
	}
	if _, err := Resolve(environment("XDG_CONFIG_HOME=/c", "XDG_STATE_HOME=/s")); err != nil {
		t.Errorf("no home folder is needed here: %v", err)
	}
}

func TestProfileNamesCannotLeaveTheirFolder(t *testing.T) {
	t.Parallel()
	p := Paths{State: "/s/vastdeck"}
	for _, name := range []string{"", ".", "..", "../x", "a/b", `a\b`, "a b", "a@b", "-a", "_a", "é", "a\n", "crash", "vastdeck.log", strings.Repeat("a", 65)} {
		if dir, err := p.Profile(name); err == nil {
			t.Errorf("%q was taken as %s", name, dir)
		}
		if dir := p.JournalDir(name); dir != "" {
			t.Errorf("%q has the journal folder %s", name, dir)
		}
	}
	for _, name := range []string{"default", "a", "Work-2_b", "1", strings.Repeat("a", 64)} {
		if dir, err := p.Profile(name); err != nil || dir != "/s/vastdeck/"+name {
			t.Errorf("%q gave %s, %v", name, dir, err)
		}
	}
}

func TestTemporaryFoldersAreRemoved(t *testing.T) {
	t.Parallel()
	p, remove, err := Temporary()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(p.State)
	defer os.RemoveAll(root)
	if info := must(os.Stat(root))(t); info.Mode().Perm() != dirMode {
		t.Errorf("mode %v", info.Mode())
	}
	j := must(OpenJournal(p.JournalDir("demo")))(t)
	appendAll(t, j, "line")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	remove()
	remove()
	if _, err := os.Stat(root); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", root, err)
	}
}

func TestRuntimeFolderOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	elsewhere := filepath.Join(dir, "elsewhere")
	if err := os.Mkdir(elsewhere, 0o755); err != nil {
		t.Fatal(err)
	}
	link, file := filepath.Join(dir, "link"), filepath.Join(dir, "file")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, file} {
		if err := (Paths{Runtime: path}).MakeRuntime(); err == nil {
			t.Errorf("%s was taken as the folder for sockets", path)
		}
	}
	if info := must(os.Stat(elsewhere))(t); info.Mode().Perm() != 0o755 {
		t.Errorf("the link's target now has mode %v", info.Mode())
	}
	if err := (Paths{Runtime: elsewhere}).MakeRuntime(); err != nil {
		t.Fatal(err)
	}
	if info := must(os.Stat(elsewhere))(t); info.Mode().Perm() != dirMode {
		t.Errorf("an open folder kept mode %v", info.Mode())
	}
}
