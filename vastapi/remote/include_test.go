package remote_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

// config writes the user's own configuration of ssh and returns its path.
func (h *home) config(t *testing.T, text string) string {
	t.Helper()
	must(t, os.MkdirAll(h.options.SSHDir, 0o700))
	must(t, os.WriteFile(h.UserConfig(), []byte(text), 0o640))
	return h.UserConfig()
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return string(data)
}

func TestIncludeAddsOneLineAndExcludeTakesItAway(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "hosts": "Host *\n  User me\n", "no line end": "Host *\n  User me", "crlf": "Host *\r\n  User me\r\n",
		"comment": "# Include elsewhere\n\n\nHost a\n", "bytes": "\xff\xfe\x00Host x\n",
	} {
		h := newHome(t)
		path := h.config(t, text)
		for range 3 {
			must(t, h.Include(path))
			if got, err := h.Included(path); !got || err != nil {
				t.Errorf("%s: not included: %v", name, err)
			}
		}
		if got, want := read(t, path), h.IncludeLine()+"\n"+text; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: the mode became %v, %v", name, info.Mode(), err)
		}
		for range 2 {
			must(t, h.Exclude(path))
		}
		if got := read(t, path); got != text {
			t.Errorf("%s: after Exclude %q", name, got)
		}
		if got, err := h.Included(path); got || err != nil {
			t.Errorf("%s: still included: %v", name, err)
		}
	}
}

func TestIncludeMakesAMissingFile(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	path := h.UserConfig()
	if got, err := h.Included(path); got || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	must(t, h.Exclude(path))
	if _, err := os.Lstat(path); err == nil {
		t.Error("Exclude made a file")
	}
	must(t, h.Include(path))
	if got := read(t, path); got != h.IncludeLine()+"\n" {
		t.Errorf("got %q", got)
	}
	file, err := os.Stat(path)
	must(t, err)
	dir, err := os.Stat(filepath.Dir(path))
	must(t, err)
	if file.Mode().Perm() != 0o600 || dir.Mode().Perm() != 0o700 {
		t.Errorf("modes %v and %v", file.Mode(), dir.Mode())
	}
}

func TestLineInsideABlockDoesNotCount(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, head := range []string{"Host a\n", "match user b\n", "\thost=a\n"} {
		path := h.config(t, head+h.IncludeLine()+"\n")
		if got, err := h.Included(path); got || err != nil {
			t.Errorf("%q: got %v, %v", head, got, err)
		}
		must(t, h.Include(path))
		if got := read(t, path); !strings.HasPrefix(got, h.IncludeLine()+"\n"+head) {
			t.Errorf("%q: got %q", head, got)
		}
		must(t, h.Exclude(path))
		if got := read(t, path); got != head {
			t.Errorf("%q: after Exclude %q", head, got)
		}
	}
}

func TestLinkToTheUsersOwnFileIsFollowed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	real := filepath.Join(h.dir, "dotfiles-config")
	must(t, os.WriteFile(real, []byte("Host a\n"), 0o600))
	must(t, os.Mkdir(h.options.SSHDir, 0o700))
	must(t, os.Symlink(real, h.UserConfig()))
	must(t, h.Include(h.UserConfig()))
	if got := read(t, real); got != h.IncludeLine()+"\nHost a\n" {
		t.Errorf("got %q", got)
	}
	if info, err := os.Lstat(h.UserConfig()); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info.Mode(), err)
	}
}

func TestSuspiciousConfigurationsAreLeftAlone(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*home) error{
		"link to nowhere":  func(h *home) error { return os.Symlink(filepath.Join(h.dir, "nowhere"), h.UserConfig()) },
		"link in a ring":   func(h *home) error { return os.Symlink(h.UserConfig(), h.UserConfig()) },
		"link to a device": func(h *home) error { return os.Symlink("/dev/null", h.UserConfig()) },
		"folder":           func(h *home) error { return os.Mkdir(h.UserConfig(), 0o700) },
		"too large":        func(h *home) error { return os.WriteFile(h.UserConfig(), make([]byte, 5<<20), 0o600) },
		"folder open to others": func(h *home) error {
			if err := os.WriteFile(h.UserConfig(), []byte("Host a\n"), 0o600); err != nil {
				return err
			}
			return os.Chmod(h.options.SSHDir, 0o777)
		},
	} {
		h := newHome(t)
		must(t, os.Mkdir(h.options.SSHDir, 0o700))
		must(t, spoil(h))
		before, beforeErr := os.ReadFile(h.UserConfig())
		if err := h.Include(h.UserConfig()); err == nil {
			t.Errorf("%s: was changed", name)
		}
		if _, err := h.Included(h.UserConfig()); err == nil {
			t.Errorf("%s: was read", name)
		}
		after, afterErr := os.ReadFile(h.UserConfig())
		if string(before) != string(after) || (beforeErr == nil) != (afterErr == nil) {
			t.Errorf("%s: %d bytes became %d", name, len(before), len(after))
		}
	}
}

func TestRelativePathIsNotTouched(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if err := h.Include("config"); err == nil {
		t.Error("a file of the working folder was taken for the configuration")
	}
	if _, err := os.Lstat("config"); err == nil {
		t.Error("it was made")
	}
}

func TestManagedPathThatWouldBeAPatternIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a*", "a?", "[a]", "{a}", "%h"} {
		h := newHome(t, func(o *remote.Options) { o.ConfigFile = filepath.Join(filepath.Dir(o.ConfigFile), name) })
		if err := h.Include(h.UserConfig()); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	h := newHome(t, func(o *remote.Options) { o.ConfigFile = "/home/A User/ssh_config" })
	if got := h.IncludeLine(); got != `Include "/home/A User/ssh_config"` {
		t.Errorf("got %s", got)
	}
}
