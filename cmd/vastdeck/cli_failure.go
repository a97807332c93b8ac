package main

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// failureJSON is what --json prints of a verb that ended without printing anything
// else: a program that reads it finds the same reason that people find on stderr.
type failureJSON struct {
	Version  int    `json:"version"`
	Provider string `json:"provider"`
	Outcome  string `json:"outcome"` // "failed", "refused", "unknown" or "interrupted"
	ExitCode int    `json:"exit_code"`
	Error    string `json:"error"`
}

// fail says on standard error why a verb ended, and prints it as data where data was
// asked for and none was printed.
func (a *app) fail(err error) {
	a.say(a.stderr, err)
	text, code := saidOf(err), exitCode(err)
	if text == "" || a.printed || !asksForJSON(a.args) {
		return
	}
	_ = printJSON(a.stdout, failureJSON{Version: schemaVersion, Provider: onlyProvider, Outcome: outcomeWord(code), ExitCode: code, Error: text})
}

// asksForJSON reports whether a command line asks for data. It is looked up there and
// not among the flags, because a line with a mistake in it has none.
func asksForJSON(args []string) bool {
	if n := slices.Index(args, "--"); n >= 0 {
		args = args[:n]
	}
	asks := false
	for _, arg := range args {
		value, is := strings.CutPrefix(arg, "--json=")
		on, err := strconv.ParseBool(value)
		switch {
		case arg == "--json":
			asks = true
		case is && err == nil:
			asks = on
		}
	}
	return asks
}

// saidOf is what an error says to people.
func saidOf(err error) string {
	text := err.Error()
	var api *vastapi.Error
	if errors.As(err, &api) {
		text = strings.Replace(text, api.Error(), api.Sentence(), 1)
	}
	return text
}

// unprinted is the error of a change that was carried out and whose result could not be
// printed: that nobody takes it for one that failed.
func unprinted(err error) error {
	var file *fs.PathError
	if err == nil || !errors.As(err, &file) {
		return err
	}
	return failedf("it was done, but what came of it could not be printed: %s", ended(err.Error()))
}
