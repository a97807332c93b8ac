package main

import (
	"log/slog"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// demoAccount is the account of a fresh simulated world, which ends with the verb.
// Whatever is written meanwhile goes into a folder that is removed then.
func (a *app) demoAccount() (*account, error) {
	if a.opt.demoSpeed <= 0 {
		return nil, errDemoSpeed
	}
	settings, _, unsettled := a.looks()
	if unsettled != nil && !a.lenient {
		return nil, unsettled
	}
	world, err := a.world()
	if err != nil {
		return nil, usagef("%s", err)
	}
	paths, remove, err := store.Temporary()
	if err != nil {
		world.Close()
		return nil, failedf("%s", err)
	}
	api, err := a.demoClient(world)
	if err != nil {
		world.Close()
		remove()
		return nil, failedf("%s", err)
	}
	a.opt.profile = demoProfile
	s := &session{
		app: a, paths: paths, settings: settings, unsettled: unsettled, base: vastapi.DefaultBaseURL, probe: api, log: slog.New(slog.DiscardHandler),
		close: func() { world.Close(); remove() },
	}
	dir, err := paths.Profile(demoProfile)
	if err != nil {
		s.close()
		return nil, failedf("%s", err)
	}
	k := &account{session: s, api: api, source: "demo", demo: true, dir: dir}
	k.keepJournal(paths.JournalDir(demoProfile))
	return k, nil
}

// demoProfile is the folder of the demo in its temporary one.
const demoProfile = "demo"

var errDemoSpeed = usagef("--demo-speed must be above 0, e.g. 20 for twenty simulated seconds in a real one")

// demoClient speaks to a simulated world in this very process.
func (a *app) demoClient(world *vastsim.World) (*vastapi.Client, error) {
	intervals := vastapi.DefaultIntervals().Divided(demoHaste)
	intervals.Between = 0
	opts, err := a.taping.options(vastapi.DefaultBaseURL)
	if err != nil {
		return nil, err
	}
	return vastapi.New(append(opts, vastapi.WithTransport(world.Transport()), vastapi.WithIntervals(intervals),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "demo" })), vastapi.WithReadOnly(a.opt.readOnly))...)
}
