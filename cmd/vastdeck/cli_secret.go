package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/charmbracelet/x/term"

	"vastdeck/store"
)

// What a verb asks for on the terminal without showing it.

// errNoTerminal is why nothing can be asked.
var errNoTerminal = errors.New("there is no terminal to ask on")

// tty is the terminal to ask on: what is typed comes from in, questions go to out. The
// input or the error output may be a pipe: the terminal that controls this process
// stands in for it.
type tty struct {
	in, out *os.File
	own     *os.File // to be closed, nil = none
}

func (t tty) close() {
	if t.own != nil {
		_ = t.own.Close()
	}
}

// terminal finds the terminal to ask on.
func (a *app) terminal() (tty, error) {
	t := tty{in: a.stdin, out: a.stderr}
	typed, shown := term.IsTerminal(a.stdin.Fd()), term.IsTerminal(a.stderr.Fd())
	if typed && shown {
		return t, nil
	}
	if runtime.GOOS == "windows" {
		if typed {
			return t, nil
		}
		return t, errNoTerminal
	}
	own, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	switch {
	case err != nil && !typed:
		return t, errNoTerminal
	case err != nil:
		return t, nil // it is asked where errors go
	}
	t.own = own
	if !typed {
		t.in = own
	}
	if !shown {
		t.out = own
	}
	return t, nil
}

// canAsk reports whether somebody can be asked for a secret.
func (a *app) canAsk() bool {
	t, err := a.terminal()
	t.close()
	return err == nil
}

// secret asks for one line that is not shown while it is typed, and that is typed after it
// was asked for. In the end, and when ctx ends first, the terminal shows again what is typed.
func (a *app) secret(ctx context.Context, prompt string) (string, error) {
	t, err := a.terminal()
	if err != nil {
		return "", err
	}
	defer t.close()
	before, err := term.GetState(t.in.Fd())
	if err != nil {
		return "", fmt.Errorf("ask on the terminal: %w", err)
	}
	defer func() { _ = term.Restore(t.in.Fd(), before) }()
	// Who reads the question types at once: by then nothing may be shown any more.
	hideTyped(t.in, before)
	dropTyped(t.in)
	fmt.Fprint(t.out, prompt)
	defer fmt.Fprintln(t.out)
	type typed struct {
		text []byte
		err  error
	}
	read := make(chan typed, 1)
	go func() {
		text, err := term.ReadPassword(t.in.Fd())
		read <- typed{text, err}
	}()
	select {
	case got := <-read:
		defer clear(got.text)
		if errors.Is(got.err, io.EOF) {
			return "", errors.New("nothing was typed")
		}
		return string(got.text), got.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// passphrase asks for the passphrase of the encrypted key file, and says why it asks again.
func (s *session) passphrase(ctx context.Context, wrong error) (string, error) {
	if wrong != nil {
		fmt.Fprintf(s.stderr, "vastdeck: %s\n", ended(wrong.Error()))
	}
	file, err := s.keyFile()
	if err != nil {
		return "", err
	}
	return s.secret(ctx, fmt.Sprintf("Passphrase of %s (not shown while typed): ", s.shortened(file.Path())))
}

// newPassphrase asks for a passphrase twice.
func (s *session) newPassphrase(ctx context.Context) (string, error) {
	fmt.Fprintln(s.stderr, "The key is kept in a file that a passphrase encrypts. Without the passphrase the file is worthless: nobody can recover it.")
	first, err := s.secret(ctx, "New passphrase, at least 8 characters (not shown while typed): ")
	if err != nil {
		return "", err
	}
	if err := store.CheckPassphrase(first); err != nil {
		return "", err
	}
	second, err := s.secret(ctx, "The same passphrase once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passphrases differ: nothing was kept")
	}
	return first, nil
}

// yes asks a question that only y or yes answers with yes, if it is typed after it was
// asked. Without a terminal nobody says yes.
func (a *app) yes(ctx context.Context, question string) (bool, error) {
	t, err := a.terminal()
	if err != nil {
		return false, nil
	}
	defer t.close()
	dropTyped(t.in)
	fmt.Fprint(t.out, question+" [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(t.in, 100)).ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case text := <-answer:
		return text == "y" || text == "yes", nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}
