package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// demoHaste is by how much the client's pacing is shortened in the demo: its
// server has no limits, and nobody wants to wait for a toy.
const demoHaste = 10

// demo is the program against a simulated world in this very process. Of this
// machine it reads the settings that say how things look, and nothing else; all
// that it writes goes into a folder that is removed at the end.
func (a *app) demo() (deps tui.Deps, fps int, err error) {
	world, err := a.world()
	if err != nil {
		return deps, 0, err
	}
	client, err := a.demoClient(world)
	if err != nil {
		return deps, 0, err
	}
	deps, paths, settings, err := a.passing(client, "demo")
	if err != nil {
		return deps, 0, err
	}
	deps.DemoSpeed = a.opt.demoSpeed
	deps.Demo, deps.Account, deps.ReadOnly = true, "DEMO", a.opt.readOnly
	deps.Command.TryKey = func(context.Context, string) (command.Connected, error) {
		return command.Connected{}, errors.New("the demo needs no key")
	}
	closeSSH, tidy := func() {}, deps.Profiles.Close
	if ssh, done, err := a.openDemoSSH(paths); err == nil {
		deps.Command.Remote, closeSSH = ssh, done
	} else {
		deps.Command.NoRemote = err
	}
	deps.Profiles.Close = func() { closeSSH(); world.Close(); tidy() }
	return deps, settings.FPS, nil
}

// passing is a run that leaves nothing behind: it has a client already, and all that it writes goes into a folder that
// is removed when its profile is closed. Commands of the user's own are for real instances and left out.
func (a *app) passing(client *vastapi.Client, source string) (deps tui.Deps, paths store.Paths, settings store.Settings, err error) {
	settings, mine, err := a.looks()
	if err != nil {
		return deps, paths, settings, err
	}
	keys, _, err := ownKeys(mine)
	if err != nil {
		return deps, paths, settings, err
	}
	paths, remove, err := store.Temporary()
	if err != nil {
		return deps, paths, settings, err
	}
	journal, err := openArchive(paths.JournalDir(demoProfile))
	if err != nil {
		remove()
		return deps, paths, settings, err
	}
	deps = shared(settings)
	deps.Keys = keys
	deps.API, deps.Source = client, source
	deps.Command.Journal, deps.Command.Memory = journal, openMemory(journal.profileDir())
	deps.Command.History.Path = filepath.Join(journal.profileDir(), historyFile)
	deps.Command.Find = func(context.Context) (command.Connected, error) {
		return command.Connected{API: client, Source: source}, nil
	}
	crashLog := &session{app: a, log: slog.New(slog.DiscardHandler)}
	deps.Command.Crash = crashLog.crash(paths.CrashDir())
	deps.Profiles.Close = func() { _ = journal.Close(); remove() }
	return deps, paths, settings, nil
}

// looks are the settings that say how the program looks, without what is about an
// account, and beside them all that config.toml says. Mistakes in it are errors as they
// are in any other run.
func (a *app) looks() (settings, mine store.Settings, err error) {
	settings = store.DefaultSettings()
	paths, err := store.Resolve(a.getenv)
	if err != nil {
		return settings, settings, nil // without a home there are no settings
	}
	mine, err = store.LoadSettings(paths.ConfigFile())
	if err != nil {
		return settings, settings, err
	}
	settings = settings.WithKeysOf(mine)
	settings.ASCII, settings.Mouse = mine.ASCII, mine.Mouse
	settings.Theme, settings.FPS, settings.Delay, settings.Alerts = mine.Theme, mine.FPS, mine.Delay, mine.Alerts
	return settings, mine, nil
}

func (a *app) world() (*vastsim.World, error) {
	opts := []vastsim.Option{vastsim.WithSeed(a.opt.demoSeed), vastsim.WithSpeed(a.opt.demoSpeed), vastsim.WithOffers(a.opt.demoOffers)}
	if a.opt.demoQuiet {
		opts = append(opts, vastsim.WithQuietMarket())
	}
	if a.opt.demoTroubles {
		opts = append(opts, vastsim.WithTroubles())
	}
	world := vastsim.New(opts...)
	for _, text := range a.opt.demoFaults {
		f, err := vastsim.ParseFault(text)
		if err != nil {
			return nil, err
		}
		world.Fault(f)
	}
	return world, nil
}
