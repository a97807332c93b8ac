package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// fullScreen runs the program in the terminal.
func (a *app) fullScreen() error {
	if err := checkTerminal(a.stdin, a.stdout, a.getenv); err != nil {
		return &exitError{exitUsage, err.Error()}
	}
	if err := a.opt.looks.check(); err != nil {
		return err
	}
	if a.opt.keyStdin {
		return &exitError{exitUsage, "the full-screen program needs its input for the keyboard: use --api-key-file, VAST_API_KEY or `vastdeck login --api-key-stdin`"}
	}
	if a.opt.demo && a.opt.demoSpeed <= 0 {
		return errDemoSpeed
	}
	reports := ""
	if paths, err := store.Resolve(a.getenv); err == nil && !a.opt.demo {
		reports = paths.CrashDir()
	}
	code := Supervise(SuperviseOptions{Disabled: a.opt.bare, Version: version, Reports: reports}, func(p *uiProcess) (int, error) {
		a.envKey = p.Key
		return a.draw(p)
	})
	if code != 0 {
		return &exitError{code: code}
	}
	return nil
}

// historyFile is the name of the history of prices, in the profile's folder.
const historyFile = "history.db"

// afterSignal is how long requests in flight are waited for when a signal asked
// for the end: less than the supervisor's grace.
const afterSignal = 2 * time.Second

// draw runs the program in this process until it ends.
func (a *app) draw(p *uiProcess) (int, error) {
	a.fit = p.Signals.Command
	a.equip = func(d *tui.Deps) {
		a.opt.looks.apply(d)
		d.CanSuspend = p.CanSuspend
		d.Command.Editor = editor(a.getenv, p.Signals.Command)
		d.Command.Desktop = notifier(a.getenv)
		d.Command.Outsider = outside{a.getenv, p.Signals.Command}
		d.Command.Clipboard = command.SystemClipboard(a.getenv)
	}
	deps, fps, err := a.deps()
	if err != nil {
		fmt.Fprintf(a.stderr, "vastdeck: %s\n", err)
		return exitUsage, nil
	}
	// Most of the memory is offers that live for half a minute; collecting them
	// twice as often costs little and halves what lies about in between.
	debug.SetGCPercent(50)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	model := tui.New(ctx, deps)
	defer model.Close(afterProgram)
	opts := []tea.ProgramOption{tea.WithInput(a.stdin), tea.WithOutput(a.stdout)}
	if profile, forced := forcedProfile(a.getenv); forced {
		opts = append(opts, tea.WithColorProfile(profile))
	}
	program := tui.Program(ctx, model, fps, p.Signals.Filter, opts...)
	p.Signals.Attach(program)
	_, err = program.Run()
	limit := deps.Command.Policy.Quit
	if _, asked := p.Signals.exitCode(); asked {
		limit = min(limit, afterSignal) // the supervisor ends this process soon after
	}
	if !model.Drain(limit) {
		fmt.Fprintln(a.stderr, "vastdeck: a change was still under way; what became of it is looked up at the next start.")
	}
	model.CloseHistory(afterSignal)
	if text := a.taping.end(); text != "" {
		fmt.Fprintln(a.stderr, "vastdeck: "+text)
	}
	if err := model.Keep(); err != nil {
		fmt.Fprintf(a.stderr, "vastdeck: what was changed last is not remembered: %s\n", err)
	}
	if !tui.Ended(err) {
		return exitFailed, err
	}
	return exitDone, nil
}

// deps is what the program is given. Its Profiles.Close gives back what it holds.
func (a *app) deps() (deps tui.Deps, fps int, err error) {
	switch {
	case a.opt.demo:
		deps, fps, err = a.demo()
	case a.taping.plays():
		deps, fps, err = a.replay()
	default:
		return a.real(context.Background(), a)
	}
	if err == nil {
		a.equip(&deps)
	}
	return deps, fps, err
}

// real is what the program is given for an account at Vast.ai. first is the app that
// the run began with, from which other profiles are opened. When ctx has ended nothing
// more is opened.
func (a *app) real(ctx context.Context, first *app) (deps tui.Deps, fps int, err error) {
	if err := ctx.Err(); err != nil {
		return deps, 0, err
	}
	s, err := a.session()
	if err != nil {
		return deps, 0, err
	}
	keys, commands, err := ownKeys(s.settings)
	if err != nil {
		s.close()
		return deps, 0, err
	}
	if err := ctx.Err(); err != nil { // the journal's folder may lie on a slow disk, as the settings do
		s.close()
		return deps, 0, err
	}
	journal, err := openArchive(s.paths.JournalDir(s.opt.profile))
	if err != nil {
		s.close()
		return deps, 0, fmt.Errorf("%w; without a journal nothing can be rented safely", err)
	}
	deps = shared(s.settings)
	deps.Keys, deps.Commands = keys, commands
	deps.Account, deps.Host, deps.ReadOnly = s.opt.profile, s.otherHost(), s.opt.readOnly
	deps.Command.Find, deps.Command.TryKey, deps.Command.Keys = s.connect, s.try, s.keyPlaces()
	deps.Command.Journal, deps.Command.Memory = journal, openMemory(journal.profileDir())
	deps.Command.History.Path = filepath.Join(journal.profileDir(), historyFile)
	deps.Command.Known = func(instances []vastapi.Instance, volumes []vastapi.Volume) error {
		return knownAt(journal.profileDir(), s.host, instances, volumes)
	}
	deps.Command.Crash = s.crash(s.paths.CrashDir())
	deps.Profiles = s.profilesOf(first)
	closeSSH := func() {}
	if ssh, done, err := s.openSSH(); err == nil {
		deps.Command.Remote, closeSSH = ssh, done
	} else {
		s.log.Error("ssh cannot be used", "err", err)
		deps.Command.NoRemote = err
	}
	deps.Profiles.Close = func() {
		closeSSH()
		_ = journal.Close()
		s.close()
		s.held.wipe()
		s.secrets.Wipe()
	}
	a.equip(&deps)
	return deps, s.settings.FPS, nil
}

// shared is what the real program and the demo have in common.
func shared(s store.Settings) tui.Deps {
	return tui.Deps{
		Theme:        s.Theme,
		ASCII:        s.ASCII,
		NoMouse:      !s.Mouse,
		Alerts:       alertsOf(s.Alerts),
		DestroyDelay: time.Duration(s.Delay) * time.Second,
		Caps: rental.Caps{
			Action: vastapi.Rate(s.Caps.PerAction), Total: vastapi.Rate(s.Caps.Total),
			Runway: time.Duration(s.Caps.RunwayHours * float64(time.Hour)),
			Raise:  s.Bids.MostOver / 100,
		},
		Budget: tui.Budget{Day: vastapi.Amount(s.Budget.Day), Month: vastapi.Amount(s.Budget.Month), Block: s.Budget.Block},
		NewID:  rental.NewID,
		Seed:   rand.Uint64(),
		Command: command.Config{
			Policy:    rental.DefaultPolicy(),
			IdleAfter: time.Duration(s.Alerts.IdleAfter) * time.Minute,
			Tidy:      debug.FreeOSMemory,
			History:   command.History{Record: s.History.Record, Search: s.History.Search},
			Market:    command.Market{Limit: s.Market.Limit, Max: s.Market.Max},
		},
	}
}
