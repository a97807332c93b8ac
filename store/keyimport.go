package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// answeredName is an empty file in the state folder: the offer to take over another client's key
// was answered, whatever the answer was.
const answeredName = "import-answered"

// OtherKey is a key that another client keeps on this machine, in a file of its own and in the
// clear. The file is read and, when the user says so, removed; nothing else is done to it.
type OtherKey struct {
	Path    string
	Written time.Time // when the file was written last
	Open    bool      // others than its owner may read it
	Also    []string  // other files of that client that hold the same key
	Key     Key
}

// Paths are all the files that hold the key.
func (k OtherKey) Paths() []string { return append([]string{k.Path}, k.Also...) }

// OtherKeyPlaces are the files in which the official client keeps its key, the one that it reads
// first in front: $XDG_CONFIG_HOME/vastai/vast_api_key (by default under ~/.config), and
// ~/.vast_api_key, which older versions wrote and newer ones still copy from.
func OtherKeyPlaces(getenv func(string) string) []string {
	var list []string
	if config, err := base(getenv, "XDG_CONFIG_HOME", ".config"); err == nil {
		list = append(list, filepath.Join(config, "vastai", "vast_api_key"))
	}
	if home, err := base(getenv, "", ""); err == nil {
		list = append(list, filepath.Join(home, ".vast_api_key"))
	}
	return list
}

// FindOtherKey reads the first of the files that is there. It fails with fs.ErrNotExist when there is
// none, and otherwise with a sentence that never repeats what stands in the file. Links, files of
// other users and what is no key are refused.
func FindOtherKey(paths []string) (OtherKey, error) {
	for n, path := range paths {
		found, err := readOtherKey(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			found.Also = holding(paths[n+1:], found.Key)
		}
		return found, err
	}
	return OtherKey{}, fmt.Errorf("look for another client's key: %w", fs.ErrNotExist)
}

// holding are those of the files that hold k.
func holding(paths []string, k Key) []string {
	var list []string
	for _, path := range paths {
		if other, err := readOtherKey(path); err == nil {
			if other.Key.Equal(k) {
				list = append(list, path)
			}
			other.Key.Wipe()
		}
	}
	return list
}

func readOtherKey(path string) (OtherKey, error) {
	f, err := openRegular(path, os.O_RDONLY)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return OtherKey{}, err
	case errors.Is(err, errLink), errors.Is(err, errNotRegular):
		return OtherKey{}, fmt.Errorf("%s is a link or no regular file: read the key with --api-key-file, if it is yours", path)
	case err != nil:
		return OtherKey{}, fmt.Errorf("read another client's key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return OtherKey{}, fmt.Errorf("read another client's key: %w", err)
	}
	if !ownedByUs(info) {
		return OtherKey{}, fmt.Errorf("%s belongs to another user: its key is not taken over", path)
	}
	data, err := readLimited(f, path, maxKeyInput)
	if err != nil {
		return OtherKey{}, fmt.Errorf("read another client's key: %w", err)
	}
	defer clear(data)
	key, err := ParseKey(string(data))
	if err != nil {
		return OtherKey{}, fmt.Errorf("read another client's key in %s: %w", path, err)
	}
	return OtherKey{Path: path, Written: info.ModTime(), Open: info.Mode().Perm()&0o077 != 0 && !modesUnsupported, Key: key}, nil
}

// RemoveOtherKeys deletes those of the files that hold exactly this key, and names them. A file
// that holds anything else by now is left as it is.
func RemoveOtherKeys(paths []string, k Key) (removed []string, err error) {
	var failed []error
	for _, path := range paths {
		found, err := readOtherKey(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			failed = append(failed, err)
			continue
		case !found.Key.Equal(k):
			continue
		}
		if err := os.Remove(path); err != nil {
			failed = append(failed, fmt.Errorf("delete another client's key: %w", err))
			continue
		}
		removed = append(removed, path)
	}
	return removed, errors.Join(failed...)
}

// ImportAnswered reports whether the offer to take over another client's key was answered on this
// machine. When that cannot be known it was: nobody is asked with every start.
func (p Paths) ImportAnswered() bool {
	_, err := os.Lstat(filepath.Join(p.State, answeredName))
	return !errors.Is(err, fs.ErrNotExist)
}

// AnswerImport remembers that the offer was answered.
func (p Paths) AnswerImport() error { return replaceFile(filepath.Join(p.State, answeredName), nil) }
