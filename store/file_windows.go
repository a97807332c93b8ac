package store

import (
	"errors"
	"io/fs"
)

const (
	// Windows opens the target of a link; its state folder is private by inherited rights.
	noFollow = 0
	noBlock  = 0

	// modesUnsupported says that the system has no file modes to set.
	modesUnsupported = true
)

// errLink is never given: links are followed.
var errLink = errors.New("a link")

// syncDir does nothing: Windows cannot sync a folder and journals names itself.
func syncDir(string) error { return nil }

// ownedByUs trusts the inherited rights of the user's own folders.
func ownedByUs(fs.FileInfo) bool { return true }
