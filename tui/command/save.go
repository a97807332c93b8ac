package command

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"
)

// FileWritten answers WriteFile.
type FileWritten struct {
	Answer
	Form     string // the form that asked for it
	Path     string // where the text is, as a whole path
	Replaced bool   // there was a file before
}

// ErrExists is the error of WriteFile when a file is there that may not be replaced.
var ErrExists = errors.New("a file of that name is there: choose another name, or say that it may be replaced")

// WriteFile writes a text into a file that only the user may read. A file that is
// there is kept unless replace says otherwise; it is then replaced whole, so that
// it is never half written. Only the root has this command.
func (s *Set) WriteFile(form, path, text string, replace bool) tea.Cmd {
	type written struct {
		path     string
		replaced bool
	}
	return Run(s.Runner, Topic("save/"+form),
		func(context.Context) (written, error) {
			full, replaced, err := writeText(path, text, replace)
			return written{full, replaced}, err
		},
		func(a Answer, w written) tea.Msg {
			return FileWritten{Answer: a, Form: form, Path: w.path, Replaced: w.replaced}
		})
}

func writeText(path, text string, replace bool) (full string, replaced bool, err error) {
	if full, err = homed(path); err != nil {
		return "", false, err
	}
	if full == "" {
		return "", false, errors.New("the path is empty: name a file")
	}
	if full, err = filepath.Abs(full); err != nil {
		return "", false, errors.New("the current folder is not known: write the whole path")
	}
	seen, err := os.Lstat(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return full, false, writeNew(full, text)
	case err != nil:
		return full, false, errors.New("this path cannot be used: check it and its permissions")
	case !seen.Mode().IsRegular():
		return full, false, errors.New("this is no regular file: choose another name")
	case !replace:
		return full, false, ErrExists
	}
	return full, true, writeOver(full, text)
}

// writeNew makes a file that was not there; one that has come meanwhile is kept.
func writeNew(full, text string) error {
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder: check the path")
	case err != nil:
		return errors.New("a file cannot be made here: check the path and its permissions")
	}
	return filled(f, text)
}

// writeOver puts a new file in place of the old one.
func writeOver(full, text string) error {
	f, err := os.CreateTemp(filepath.Dir(full), ".vastdeck-*") // of mode 0600
	if err != nil {
		return errors.New("a file cannot be made here: check the permissions of the folder")
	}
	if err := filled(f, text); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), full); err != nil {
		_ = os.Remove(f.Name())
		return errors.New("the file cannot be replaced: check its permissions")
	}
	return nil
}

// filled writes text into f and closes it; what could not be written whole is
// taken away again.
func filled(f *os.File, text string) error {
	_, err := f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return errors.New("the file could not be written whole and was taken away again: is the disk full?")
	}
	return nil
}
