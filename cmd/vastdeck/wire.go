package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"os/exec"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
)

// options are the flags.
type options struct {
	url, profile, keyFile, logFile string
	readOnly, keyStdin             bool

	demo, demoQuiet, bare bool
	demoTroubles          bool
	demoSeed              int64
	demoSpeed             float64
	demoOffers            int
	demoFaults            []string

	looks lookFlags
}

// app is one run of the program.
type app struct {
	opt                   options
	getenv                func(string) string
	stdin, stdout, stderr *os.File
	envKey                string // VAST_API_KEY, which the UI gets over a pipe
	registryPassword      string // what VASTDECK_REGISTRY_PASSWORD held
	redact                store.Redactor
	code                  int // exit code of the verb
	args                  []string
	printed               bool // the verb has printed its data
	// fit makes a command fit to have the terminal of the full-screen program.
	fit func(*exec.Cmd) tea.ExecCommand
	// pace is shorter than the product's in tests of the verbs.
	pace pace
	// lenient goes on with the usual settings when the user's cannot be read.
	lenient bool
	// equip gives the full-screen program what it needs of this process.
	equip func(*tui.Deps)
	// before is a client of the profile that was switched from, nil for the first one;
	// switched says that the profile is another one than the run was started for.
	before   *vastapi.Client
	switched bool
	taping   *taping // what is recorded, or played; the same for all profiles of the run
}

// session is what a run that talks to an account is made of.
type session struct {
	*app
	paths    store.Paths
	settings store.Settings
	// unsettled is why the usual settings hold in place of the user's, nil = they do not.
	unsettled error
	// astray is why there is no server to ask, nil = there is one.
	astray  error
	base    string // base URL
	host    string // of base; a stored key is only ever sent to its host
	secrets *store.Secrets
	probe   *vastapi.Client // without a key; all clients of the run share its pacer
	log     *slog.Logger
	close   func()
	held    heldKeys // the keys that clients of this session were made with
	offered offeredKey
}

// session reads the settings and opens the log.
func (a *app) session() (*session, error) {
	paths, err := store.Resolve(a.getenv)
	if err != nil {
		return nil, err
	}
	if _, err := paths.Profile(a.opt.profile); err != nil {
		return nil, err
	}
	settings, unsettled := store.LoadSettings(paths.ConfigFile())
	if unsettled != nil && !a.lenient {
		return nil, unsettled
	}
	a.opt.readOnly = a.opt.readOnly || settings.ReadOnly || a.getenv("VASTDECK_READ_ONLY") != ""
	s := &session{app: a, paths: paths, settings: settings, unsettled: unsettled, close: func() {}}
	s.base = a.baseURL(settings.Profiles[a.opt.profile].URL)
	// A client without a key checks the address before anybody is asked for one.
	probe := []vastapi.Option{vastapi.WithBaseURL(s.base), vastapi.WithIntervals(a.intervals())}
	if a.before != nil {
		probe = append(probe, vastapi.WithPacerOf(a.before)) // the server counts by address too
	}
	s.secrets = store.NewSecrets(store.SystemKeyring(a.getenv), a.getenv)
	s.probe, err = vastapi.New(probe...)
	if err != nil && a.lenient {
		s.astray = err
		return s, s.openLog()
	}
	if err != nil {
		return nil, &exitError{exitUsage, err.Error()}
	}
	at, err := url.Parse(s.probe.BaseURL())
	if err != nil {
		return nil, err
	}
	s.base, s.host = s.probe.BaseURL(), at.Host
	return s, s.openLog()
}

func (s *session) openLog() error {
	if s.lenient && s.opt.logFile == "" {
		s.log = slog.New(slog.DiscardHandler) // who only looks leaves no trace, and needs no room on the disk
		return nil
	}
	path := firstOf(s.opt.logFile, s.paths.LogFile())
	log, closeLog, err := store.OpenLog(path, slog.LevelInfo, &s.redact)
	if err != nil {
		return usagef("%s Look at the rights of that folder, or name another file with --log; `vastdeck doctor` says what else is wrong there.", ended(err.Error()))
	}
	s.log = log
	s.close = func() { _ = closeLog() }
	return nil
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// otherHost is the host for the header, "" when it is the API's own.
func (s *session) otherHost() string {
	if s.base == vastapi.DefaultBaseURL {
		return ""
	}
	return s.host
}

// request is where a key may come from in this run.
func (s *session) request(interactive bool) store.Request {
	r := store.Request{
		Profile: s.opt.profile, Host: s.host, KeyFile: s.opt.keyFile, Env: s.envKey,
		Command: s.settings.KeyCommandOf(s.opt.profile), Interactive: interactive,
	}
	if s.opt.keyStdin {
		r.Stdin = s.stdin
	}
	r.File, _ = s.keyFile() // a profile without a folder was refused before
	if interactive && s.canAsk() {
		r.Passphrase = s.passphrase
	}
	return r
}

// client makes the client for a key. The key itself stays in key.
func (s *session) client(key store.Key) (*vastapi.Client, error) {
	s.redact.Add(key)
	s.held.add(key)
	opts, err := s.taping.options(s.base)
	if err != nil {
		return nil, err
	}
	client, err := vastapi.New(append(opts, vastapi.WithBaseURL(s.base), vastapi.WithKey(key), vastapi.WithReadOnly(s.opt.readOnly),
		vastapi.WithUserAgent("vastdeck/"+version), vastapi.WithLog(s.log), vastapi.WithPacerOf(s.probe))...)
	if err == nil {
		s.held.use(client)
	}
	return client, err
}

// errNoKey is what ErrNoKey means to the user.
var errNoKey = errors.New("no API key was found in the environment, the keyring or an encrypted file")

// find looks for a key where keys are kept.
func (s *session) find(ctx context.Context, interactive bool) (store.Key, store.Source, error) {
	key, source, err := s.secrets.Find(ctx, s.request(interactive))
	var unavailable *store.ErrKeyringUnavailable
	var file *store.ErrKeyFile
	switch {
	case err == store.ErrNoKey: // where a file was opened for nothing the error says so
		err = errNoKey
	case errors.As(err, &file):
		err = keyFileError(err)
	case errors.As(err, &unavailable):
		err = errors.New(unavailable.Reason + " " + unavailable.Next)
	}
	return key, source, err
}

// connect is find for the full-screen program.
func (s *session) connect(ctx context.Context) (command.Connected, error) {
	key, source, err := s.find(ctx, false)
	var locked *store.ErrKeyFileLocked
	if errors.As(err, &locked) {
		return command.Connected{}, &command.LockedError{Path: locked.Path, Why: locked.Error()}
	}
	if err != nil {
		return command.Connected{}, err
	}
	client, err := s.client(key)
	return command.Connected{API: client, Source: string(source), Untried: true}, err
}

// try checks a typed key with one read of the account and keeps it.
func (s *session) try(ctx context.Context, text string) (command.Connected, error) {
	return s.keyPlaces().Keep(ctx, text, command.KeepKeyring, "")
}

// keep stores a good key in the keyring. When there is none to be had the key
// lasts for this run; it is never written to a file.
func (s *session) keep(ctx context.Context, key store.Key) (source, note string, err error) {
	err = s.secrets.Save(ctx, s.opt.profile, s.host, key)
	var unavailable *store.ErrKeyringUnavailable
	if !errors.As(err, &unavailable) {
		return string(store.SourceKeyring), "", err
	}
	note = "the key is kept for this run only: " + unavailable.Reason
	return runOnly, note, s.secrets.Use(s.opt.profile, s.host, key)
}

// crash writes a report of a mistake of the program.
func (s *session) crash(dir string) func(command.Topic, any, []byte) {
	return func(_ command.Topic, value any, stack []byte) {
		path, err := store.WriteCrash(dir, store.Crash{Version: version, What: value, Stack: stack}, &s.redact)
		s.log.Error("a command panicked", "report", path, "err", err)
	}
}
