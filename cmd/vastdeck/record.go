package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/tape"
)

// taping is what a run records to and plays from.
type taping struct {
	record, replay string // files, "" = none

	once sync.Once
	file *os.File
	tape *tape.Recorder
	err  error
}

// add gives the flags to all commands.
func (t *taping) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&t.record, "record", "", "write all requests and answers to this new `FILE`, without what is secret, for a bug report")
	f.StringVar(&t.replay, "replay", "", "run from a `FILE` that --record wrote: no account, no key, no network, and nothing is changed")
	root.MarkFlagsMutuallyExclusive("record", "replay")
	root.MarkFlagsMutuallyExclusive("demo", "replay")
	_ = root.MarkPersistentFlagFilename("record")
	_ = root.MarkPersistentFlagFilename("replay")
}

// options are what makes a client one that is recorded; none without --record. The
// file is opened with the first client and must not exist: a recording is of one run.
func (t *taping) options(base string) ([]vastapi.Option, error) {
	if t == nil || t.record == "" {
		return nil, nil
	}
	t.once.Do(func() { t.begin(base) })
	if t.err != nil {
		return nil, t.err
	}
	return []vastapi.Option{vastapi.WithTap(t.tape.Tap)}, nil
}

func (t *taping) begin(base string) {
	at, err := url.Parse(base)
	if err != nil {
		t.err = err
		return
	}
	t.file, err = os.OpenFile(t.record, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		t.err = usagef("%s exists already: name a new file for the recording", t.record)
	case err != nil:
		t.err = usagef("the recording cannot be written: %s", err)
	default:
		t.tape, t.err = tape.NewRecorder(t.file, at.Host, "vastdeck "+version)
	}
}

// end closes the recording and says what became of it; "" when there is none.
func (t *taping) end() string {
	if t == nil || t.tape == nil {
		return ""
	}
	err := t.tape.Err()
	if closed := t.file.Close(); err == nil {
		err = closed
	}
	switch {
	case errors.Is(err, tape.ErrFull):
		return fmt.Sprintf("%s is as long as a recording may be; what came later is not in it.", t.record)
	case err != nil:
		return fmt.Sprintf("the recording in %s is not complete: %s", t.record, err)
	}
	return fmt.Sprintf("recorded to %s. Keys, values, scripts and addresses were left out; names of instances and images are in it.", t.record)
}

// plays reports whether the run is from a recording.
func (t *taping) plays() bool { return t != nil && t.replay != "" }

// player opens the recording that --replay names.
func (t *taping) player() (*tape.Player, error) {
	file, err := os.Open(t.replay)
	if err != nil {
		return nil, usagef("the recording cannot be opened: %s", err)
	}
	defer func() { _ = file.Close() }()
	p, err := tape.Open(file)
	if err != nil {
		return nil, usagef("%s: %s", t.replay, err)
	}
	return p, nil
}

// replayClient answers from a recording and refuses every change.
func (a *app) replayClient() (*vastapi.Client, string, error) {
	p, err := a.taping.player()
	if err != nil {
		return nil, "", err
	}
	a.opt.readOnly = true
	intervals := a.intervals().Divided(demoHaste) // nobody is spared by waiting
	intervals.Between = 0
	api, err := vastapi.New(vastapi.WithTransport(p), vastapi.WithIntervals(intervals),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "replay" })), vastapi.WithReadOnly(true))
	source := "recording of " + p.Started().Format("2006-01-02 15:04 UTC")
	if p.Torn() {
		source += ", which breaks off"
	}
	return api, source, err
}

// replayAccount is the account of a recording, for a verb. Whatever is written
// meanwhile goes into a folder that is removed then.
func (a *app) replayAccount() (*account, error) {
	settings, _, unsettled := a.looks()
	if unsettled != nil && !a.lenient {
		return nil, unsettled
	}
	api, source, err := a.replayClient()
	if err != nil {
		return nil, err
	}
	paths, remove, err := store.Temporary()
	if err != nil {
		return nil, failedf("%s", err)
	}
	a.opt.profile = demoProfile
	s := &session{
		app: a, paths: paths, settings: settings, unsettled: unsettled, base: vastapi.DefaultBaseURL, probe: api, log: slog.New(slog.DiscardHandler),
		close: remove,
	}
	dir, err := paths.Profile(demoProfile)
	if err != nil {
		remove()
		return nil, failedf("%s", err)
	}
	k := &account{session: s, api: api, source: source, demo: true, dir: dir}
	k.keepJournal(paths.JournalDir(demoProfile))
	return k, nil
}

// replay is the program over a recording. It reads the settings that say how things
// look, and all that it writes goes into a folder that is removed at the end.
func (a *app) replay() (deps tui.Deps, fps int, err error) {
	client, source, err := a.replayClient()
	if err != nil {
		return deps, 0, err
	}
	deps, _, settings, err := a.passing(client, source)
	if err != nil {
		return deps, 0, err
	}
	deps.Account, deps.ReadOnly = "REPLAY", true
	deps.Command.TryKey = func(context.Context, string) (command.Connected, error) {
		return command.Connected{}, errors.New("a replay needs no key")
	}
	deps.Command.NoRemote = errors.New("a replay reaches no instances")
	return deps, settings.FPS, nil
}
