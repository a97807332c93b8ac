package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
)

// app is the name of the program's folder under each base folder.
const app = "vastdeck"

// maxProfile is the length in bytes of the longest profile name: it becomes a folder's name and
// a part of the keyring's account.
const maxProfile = 64

// maxRuntime is the length in bytes of the longest folder for sockets. The system takes 103 bytes
// (macOS) for a socket's path, and ssh adds 58: a separator, 40 digits, and 17 for the name under
// which it creates the socket.
const maxRuntime = 103 - 58

// Paths holds the program's own folders, absolute. None of them need exist: what is written
// creates its folder, with mode 0700.
type Paths struct {
	Config  string // holds config.toml, the user's
	State   string // holds the log, crash reports and one folder per profile
	Runtime string // holds sockets
}

// Resolve works out the folders from the environment that getenv looks up (os.Getenv in the
// program). XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_RUNTIME_DIR count on every system, macOS
// included; as their specification asks, a relative value is ignored. It creates nothing and
// fails only when a home folder is needed and none is named.
func Resolve(getenv func(string) string) (Paths, error) {
	config, err := base(getenv, "XDG_CONFIG_HOME", ".config")
	if err != nil {
		return Paths{}, err
	}
	state, err := base(getenv, "XDG_STATE_HOME", filepath.Join(".local", "state"))
	if err != nil {
		return Paths{}, err
	}
	return Paths{
		Config:  filepath.Join(config, app),
		State:   filepath.Join(state, app),
		Runtime: runtimeDir(getenv),
	}, nil
}

// Temporary makes one folder under the system's temporary one and returns paths inside it, with
// a function that removes it and everything in it. The function may be called more than once.
func Temporary() (Paths, func(), error) {
	dir, err := os.MkdirTemp("", app+"-demo-")
	if err != nil {
		return Paths{}, nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	// MkdirTemp asks for 0700, but an umask may take even the owner's bits away.
	if err := os.Chmod(dir, 0o700); err != nil {
		return Paths{}, nil, errors.Join(fmt.Errorf("make a temporary folder: %w", err), os.RemoveAll(dir))
	}
	var once sync.Once
	remove := func() { once.Do(func() { _ = os.RemoveAll(dir) }) }
	return Paths{
		Config:  filepath.Join(dir, "config"),
		State:   filepath.Join(dir, "state"),
		Runtime: filepath.Join(dir, "run"),
	}, remove, nil
}

// Profile returns the folder of the named profile. The name must be 1 to 64 letters, digits, _
// or -, begin with a letter or digit, and not be that of a folder with another use.
func (p Paths) Profile(name string) (string, error) {
	if err := checkProfile(name); err != nil {
		return "", err
	}
	return filepath.Join(p.State, name), nil
}

// JournalDir returns the folder of the profile's journal files. For a name that [Paths.Profile]
// refuses it is empty, which [OpenJournal] refuses in turn.
func (p Paths) JournalDir(profile string) string {
	dir, err := p.Profile(profile)
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "journal")
}

// ConfigFile returns the path of the user's settings.
func (p Paths) ConfigFile() string { return filepath.Join(p.Config, "config.toml") }

// CrashDir returns the folder of crash reports.
func (p Paths) CrashDir() string { return filepath.Join(p.State, crashFolder) }

// LogFile returns the path of the log.
func (p Paths) LogFile() string { return filepath.Join(p.State, app+".log") }

// MakeRuntime creates the folder for sockets, or checks the one that is there: it must be a
// real folder of this user's which nobody else may enter. Under a temporary folder that
// everybody can write to, another user may have made it first.
func (p Paths) MakeRuntime() error {
	info, err := os.Lstat(p.Runtime)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeDir(p.Runtime); err != nil {
			return err
		}
		info, err = os.Lstat(p.Runtime)
	}
	switch {
	case err != nil:
		return fmt.Errorf("check the folder for sockets: %w", err)
	case !info.IsDir():
		return fmt.Errorf("check the folder for sockets: %s is not a folder", p.Runtime)
	case !ownedByUs(info):
		return fmt.Errorf("check the folder for sockets: %s belongs to another user", p.Runtime)
	}
	return makeDir(p.Runtime)
}

// base returns the folder the variable names, or the fallback under the home folder.
func base(getenv func(string) string, variable, fallback string) (string, error) {
	if dir := getenv(variable); filepath.IsAbs(dir) {
		return filepath.Clean(dir), nil
	}
	home := getenv("HOME")
	if home == "" {
		home = getenv("USERPROFILE") // what Windows calls it
	}
	if !filepath.IsAbs(home) {
		return "", fmt.Errorf("find a place for files: set HOME or %s to an absolute path", variable)
	}
	return filepath.Join(home, fallback), nil
}

// runtimeDir returns the folder for sockets: the first of its places with a path that is short
// enough. The name under a temporary folder carries the user's number, so that two users of one
// machine do not meet.
func runtimeDir(getenv func(string) string) string {
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		if dir = filepath.Join(dir, app); len(dir) <= maxRuntime {
			return dir
		}
	}
	temp := getenv("TMPDIR")
	if !filepath.IsAbs(temp) {
		temp = os.TempDir()
	}
	own := app + "-" + strconv.Itoa(os.Getuid())
	dir := filepath.Join(temp, own)
	if len(dir) > maxRuntime && runtime.GOOS != "windows" {
		dir = filepath.Join("/tmp", own) // TMPDIR of macOS is longer
	}
	return dir
}

// checkProfile refuses a name that could leave the state folder, hide in it, or break the
// keyring's "<profile>@<host>".
func checkProfile(name string) error {
	if name == "" || len(name) > maxProfile {
		return fmt.Errorf("profile name %q: must have 1 to %d characters", name, maxProfile)
	}
	for i := range len(name) {
		c := name[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && (i == 0 || c != '_' && c != '-') {
			return fmt.Errorf("profile name %q: only letters, digits, _ and - are allowed, and the first must be a letter or digit", name)
		}
	}
	if name == crashFolder {
		return fmt.Errorf("profile name %q: this folder holds crash reports", name)
	}
	return nil
}
