package store

import (
	"errors"
	"os"
	"path/filepath"
)

// JournalFolder is a journal folder that is only looked at: nothing is made, locked, cut or adopted
// in it.
type JournalFolder struct{ dir string }

// LookAtJournal returns the journal folder dir for reading alone. It need not exist.
func LookAtJournal(dir string) JournalFolder { return JournalFolder{dir} }

// Append always fails: the folder is only looked at.
func (j JournalFolder) Append([]byte) error {
	return errors.New("write the journal: it is only looked at")
}

// Replay is that of Journal.
func (j JournalFolder) Replay(fn func(line []byte) error) error { return replayFolder(j.dir, fn) }

// Files is how many files of processes the folder has; what was settled long ago is merged into one
// that is not counted.
func (j JournalFolder) Files() (int, error) {
	names, err := journalNames(j.dir)
	return len(names), err
}

// Unwritable says why no file can be made in dir, as far as the rights of the folder tell, or of the
// nearest one above it that exists; "" = nothing speaks against it. It changes nothing.
func Unwritable(dir string) string {
	info, err := os.Stat(dir)
	for os.IsNotExist(err) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	switch {
	case err != nil:
		return err.Error()
	case !info.IsDir():
		return dir + " is a file, and a folder is needed there"
	case ownedByUs(info) && info.Mode().Perm()&0o300 != 0o300 && !modesUnsupported:
		return "the rights of " + dir + " do not let you make files in it"
	case !ownedByUs(info) && info.Mode().Perm()&0o003 != 0o003 && info.Mode().Perm()&0o030 != 0o030 && !modesUnsupported && os.Geteuid() != 0:
		return dir + " belongs to another user and does not let you make files in it"
	}
	return ""
}
