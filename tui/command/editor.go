package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TextEdited answers EditText.
type TextEdited struct {
	Answer
	Form, Key string
	Text      string
}

// EditText hands the terminal to the user's editor with text in a file of its
// own, and gives back what the file holds when the editor has ended. The file is
// readable by the user alone and removed afterwards.
func (l Loads) EditText(form, key, text string) tea.Cmd {
	edit := &editing{open: l.s.cfg.Editor, text: text}
	return giveTerminal(edit, func(err error) tea.Msg {
		a := Answer{Topic: Topic("edit/" + form + "/" + key), Err: err, At: time.Now()}
		return TextEdited{Answer: a, Form: form, Key: key, Text: edit.text}
	})
}

// editing is the editor on its way: all that touches the disk happens in Run,
// while the terminal is the editor's.
type editing struct {
	open        func(path string) (tea.ExecCommand, error)
	text        string
	in          io.Reader
	out, errors io.Writer
}

func (e *editing) SetStdin(r io.Reader)  { e.in = r }
func (e *editing) SetStdout(w io.Writer) { e.out = w }
func (e *editing) SetStderr(w io.Writer) { e.errors = w }

// Run writes the file, waits for the editor and reads the file.
func (e *editing) Run() error {
	if e.open == nil {
		return errors.New("no editor can be started here: type or paste the text")
	}
	dir, err := os.MkdirTemp("", "vastdeck-edit-")
	if err != nil {
		return errors.New("no temporary file can be made for the editor: type or paste the text")
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "onstart.sh")
	if err := os.WriteFile(path, []byte(e.text), 0o600); err != nil {
		return errors.New("no temporary file can be made for the editor: type or paste the text")
	}
	run, err := e.open(path)
	if err != nil {
		return err
	}
	run.SetStdin(e.in)
	run.SetStdout(e.out)
	run.SetStderr(e.errors)
	if err := run.Run(); err != nil {
		return fmt.Errorf("the editor ended with an error, the text is as it was: %w", err)
	}
	text, err := ReadText(path)
	if err != nil {
		return err
	}
	e.text = text
	return nil
}
