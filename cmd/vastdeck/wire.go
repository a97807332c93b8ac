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
}

// app is one run of the program.
type app struct {
	opt                   options
	getenv                func(string) string
	stdin, stdout, stderr *os.File
	envKey                string // VAST_API_KEY, which the UI gets over a pipe
	redact                store.Redactor
	code                  int // exit code of the verb
	// fit makes a command fit to have the terminal of the full-screen program.
	fit func(*exec.Cmd) tea.ExecCommand
}

// session is what a run that talks to an account is made of.
type session struct {
	*app
	paths    store.Paths
	settings store.Settings
	base     string // base URL
	host     string // of base; a stored key is only ever sent to its host
	secrets  *store.Secrets
	probe    *vastapi.Client // without a key; all clients of the run share its pacer
	log      *slog.Logger
	close    func()
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
	settings, err := store.LoadSettings(paths.ConfigFile())
	if err != nil {
		return nil, err
	}
	a.opt.readOnly = a.opt.readOnly || settings.ReadOnly || a.getenv("VASTDECK_READ_ONLY") != ""
	s := &session{app: a, paths: paths, settings: settings, close: func() {}}
	s.base = firstOf(a.opt.url, a.getenv("VAST_URL"), settings.Profiles[a.opt.profile].URL, vastapi.DefaultBaseURL)
	// A client without a key checks the address before anybody is asked for one.
	s.probe, err = vastapi.New(vastapi.WithBaseURL(s.base))
	if err != nil {
		return nil, &exitError{exitUsage, err.Error()}
	}
	at, err := url.Parse(s.probe.BaseURL())
	if err != nil {
		return nil, err
	}
	s.base, s.host = s.probe.BaseURL(), at.Host
	s.secrets = store.NewSecrets(store.SystemKeyring(a.getenv), a.getenv)
	return s, s.openLog()
}

func (s *session) openLog() error {
	path := firstOf(s.opt.logFile, s.paths.LogFile())
	log, closeLog, err := store.OpenLog(path, slog.LevelInfo, &s.redact)
	if err != nil {
		return err
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
	return r
}

// client makes the client for a key. The key itself stays in key.
func (s *session) client(key store.Key) (*vastapi.Client, error) {
	s.redact.Add(key)
	return vastapi.New(vastapi.WithBaseURL(s.base), vastapi.WithKey(key), vastapi.WithReadOnly(s.opt.readOnly),
		vastapi.WithUserAgent("vastdeck/"+version), vastapi.WithLog(s.log), vastapi.WithPacerOf(s.probe))
}

// errNoKey is what ErrNoKey means to the user.
var errNoKey = errors.New("no API key was found in the environment or the keyring")

// find looks for a key where keys are kept.
func (s *session) find(ctx context.Context, interactive bool) (store.Key, store.Source, error) {
	key, source, err := s.secrets.Find(ctx, s.request(interactive))
	var unavailable *store.ErrKeyringUnavailable
	switch {
	case errors.Is(err, store.ErrNoKey):
		err = errNoKey
	case errors.As(err, &unavailable):
		err = errors.New(unavailable.Reason + " " + unavailable.Next)
	}
	return key, source, err
}

// connect is find for the full-screen program.
func (s *session) connect(ctx context.Context) (command.Connected, error) {
	key, source, err := s.find(ctx, false)
	if err != nil {
		return command.Connected{}, err
	}
	client, err := s.client(key)
	return command.Connected{API: client, Source: string(source)}, err
}

// try checks a key with one read of the account and keeps it.
func (s *session) try(ctx context.Context, text string) (command.Connected, error) {
	key, err := store.ParseKey(text)
	if err != nil {
		return command.Connected{}, err
	}
	client, err := s.client(key)
	if err != nil {
		return command.Connected{}, err
	}
	if _, err := client.User(ctx); err != nil {
		return command.Connected{}, rejected(err)
	}
	source, note, err := s.keep(ctx, key)
	return command.Connected{API: client, Source: source, Note: note}, err
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
	return "this run only", note, s.secrets.Use(s.opt.profile, s.host, key)
}

// crash writes a report of a mistake of the program.
func (s *session) crash(dir string) func(command.Topic, any, []byte) {
	return func(_ command.Topic, value any, stack []byte) {
		path, err := store.WriteCrash(dir, store.Crash{Version: version, What: value, Stack: stack}, &s.redact)
		s.log.Error("a command panicked", "report", path, "err", err)
	}
}
