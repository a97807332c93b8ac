package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// MaxFile is the largest text file that is read, in bytes.
const MaxFile = 256 << 10

// FileRead answers ReadFile: the text of the file that a form's field names.
type FileRead struct {
	Answer
	Form, Key string // the form and its field
	Path      string // as it was typed
	Text      string
}

// ReadFile reads a text file for a field of a form. Links are not followed: what
// is read is the file that was named. Its text stays in memory.
func (l Loads) ReadFile(form, key, path string) tea.Cmd {
	return Run(l.s.Runner, Topic("file/"+form+"/"+key),
		func(context.Context) (string, error) { return ReadText(path) },
		func(a Answer, text string) tea.Msg {
			return FileRead{Answer: a, Form: form, Key: key, Path: path, Text: text}
		})
}

// ReadText reads a text file of at most MaxFile bytes; ~/ is the home folder. Links are
// not followed: what is read is the file that was named. Its errors are sentences for
// whoever named it.
func ReadText(path string) (string, error) {
	full, err := homed(path)
	if err != nil {
		return "", err
	}
	seen, err := os.Lstat(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("there is no such file: check the path")
	case errors.Is(err, fs.ErrPermission):
		return "", errors.New("this file may not be read: check its permissions")
	case err != nil:
		return "", errors.New("this path cannot be read: check it")
	case seen.Mode()&fs.ModeSymlink != 0:
		return "", errors.New("this is a link, and links are not followed: name the file itself")
	case !seen.Mode().IsRegular():
		return "", errors.New("this is no regular file: name a text file")
	}
	f, err := os.Open(full)
	if err != nil {
		return "", errors.New("this file may not be read: check its permissions")
	}
	defer f.Close()
	if now, err := f.Stat(); err != nil || !os.SameFile(seen, now) {
		return "", errors.New("the file was exchanged while it was read: try again")
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	switch {
	case err != nil:
		return "", errors.New("the file could not be read to its end: try again")
	case len(data) > MaxFile:
		return "", fmt.Errorf("the file is larger than %d KB: name a smaller one", MaxFile>>10)
	case !utf8.Valid(data):
		return "", errors.New("the file is not text in UTF-8: name a text file")
	}
	return string(data), nil
}

// homed is path with a leading ~/ replaced.
func homed(path string) (string, error) {
	path = strings.TrimSpace(path)
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("the home folder is not known: write the whole path")
	}
	return filepath.Join(home, rest), nil
}
