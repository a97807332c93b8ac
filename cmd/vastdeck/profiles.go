package main

import (
	"context"
	"net/url"
	"slices"
	"sync"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// forProfile is the program for another profile of the same run. What was given for the
// profile that the run began with is given to no other: its key would be another
// account's under a wrong name.
func (a *app) forProfile(name string, before *vastapi.Client) *app {
	b := &app{opt: a.opt, getenv: a.getenv, stdin: a.stdin, stdout: a.stdout, stderr: a.stderr, fit: a.fit, pace: a.pace, equip: a.equip, before: before, taping: a.taping}
	b.opt.profile = name
	if name == a.opt.profile {
		b.envKey = a.envKey
		return b
	}
	b.opt.keyFile, b.opt.keyStdin, b.switched = "", false, true
	return b
}

// baseURL is the server of the profile: the one that the run was started with, or its
// own. A profile that was switched to goes to its own server first.
func (a *app) baseURL(own string) string {
	asked := firstOf(a.opt.url, a.getenv("VAST_URL"))
	if a.switched {
		return firstOf(own, asked, vastapi.DefaultBaseURL)
	}
	return firstOf(asked, own, vastapi.DefaultBaseURL)
}

// profilesOf is what the full-screen program knows of profiles. first is the app that
// the run began with.
func (s *session) profilesOf(first *app) tui.Profiles {
	p := tui.Profiles{Name: s.opt.profile, Color: s.settings.Profiles[s.opt.profile].Color}
	for _, name := range s.paths.ProfileNames(s.settings, usualProfile) {
		own := s.settings.Profiles[name]
		p.All = append(p.All, view.Profile{Name: name, Color: own.Color, Host: hostOf(first.forProfile(name, nil).baseURL(own.URL))})
	}
	if !slices.ContainsFunc(p.All, func(x view.Profile) bool { return x.Name == p.Name }) {
		p.All = append(p.All, view.Profile{Name: p.Name, Color: p.Color, Host: s.otherHost()})
	}
	probe := s.probe
	p.Open = func(ctx context.Context, name string) (tui.Deps, error) {
		deps, _, err := first.forProfile(name, probe).real(ctx, first)
		if err == nil && ctx.Err() != nil { // nobody waits for it any more
			deps.Profiles.Close()
			return tui.Deps{}, ctx.Err()
		}
		return deps, err
	}
	return p
}

// hostOf is the host of a profile's own server, "" when that is the API's own.
func hostOf(base string) string {
	at, err := url.Parse(base)
	if err != nil || base == vastapi.DefaultBaseURL {
		return ""
	}
	return at.Host
}

// heldKeys are keys that are in use, with the clients that have them.
type heldKeys struct {
	mu      sync.Mutex
	keys    []store.Key
	clients []*vastapi.Client
}

func (h *heldKeys) add(k store.Key) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys = append(h.keys, k)
}

// use notes a client, whose connections are closed by wipe.
func (h *heldKeys) use(c *vastapi.Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients = append(h.clients, c)
}

// wipe overwrites all of them, in every client that has them, and closes the connections
// that were made with them and are idle.
func (h *heldKeys) wipe() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, k := range h.keys {
		k.Wipe()
	}
	for _, c := range h.clients {
		c.Close()
	}
	h.keys, h.clients = nil, nil
}
