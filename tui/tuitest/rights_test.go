package tuitest_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/tuitest"
	"vastdeck/vastapi"
	"vastdeck/vastapi/tape"
	"vastdeck/vastapi/vastsim"
)

// keyed is a client of the scenario's world with a key of its own.
func (d *deck) keyed(key string, opts ...vastapi.Option) *vastapi.Client {
	c, err := vastapi.New(append([]vastapi.Option{
		vastapi.WithTransport(d.world.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return key })),
	}, opts...)...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(c.Close)
	return c
}

// playOn is play with what a run is given made from the scenario's own world.
func playOn(t *testing.T, equip func(*deck, *tui.Deps), do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		world := vastsim.New(append([]vastsim.Option{vastsim.WithSeed(7), vastsim.WithQuietMarket()}, opts...)...)
		d := &deck{t: t, world: world, journal: &memory{}}
		deps := d.deps(func(deps *tui.Deps) { equip(d, deps) })
		ctx, cancel := context.WithCancel(t.Context())
		d.model = tui.New(ctx, deps)
		d.Screen = tuitest.Start(t, d.model, 140, 40)
		t.Cleanup(func() { cancel(); world.Close() })
		do(d)
	})
}

func TestAKeyThatMayNotReadIsNeitherLoggedOutNorAskedForEver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rights []string
		status int
		path   string // that is refused
		view   string // what is pressed to see it
		says   string
	}{
		"no instances":       {[]string{"misc", "user_read"}, 401, "/api/v1/instances/", "2", "instance_read"},
		"no instances (403)": {[]string{"misc", "user_read"}, 403, "/api/v1/instances/", "2", "instance_read"},
		"no account":         {[]string{"misc", "instance_read"}, 401, "/api/v0/users/current/", "8", "user_read"},
		"no market":          {[]string{"user_read", "instance_read"}, 401, "/api/v0/bundles/", "1", "misc"},
		"no charges":         {[]string{"misc", "user_read", "instance_read"}, 401, "/api/v0/charges/", "5 b", "billing_read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playOn(t, func(d *deck, deps *tui.Deps) {
				deps.Demo, deps.Source = false, "keyring"
				deps.API = d.keyed(d.world.MakeKey("few", c.rights...))
			}, func(d *deck) {
				d.Wait(40 * time.Second)
				d.Press(strings.Fields(c.view)...)
				d.Wait(10 * time.Second)
				d.Has(c.says)
				d.Wait(20 * time.Minute)
				d.Lacks("Log in")
				if n := len(d.world.Calls("", c.path)); n == 0 || n > 24 {
					t.Errorf("%s was asked for %d times in 20 minutes", c.path, n)
				}
				d.nothingSent()
			}, vastsim.WithRefusal(c.status))
		})
	}
}

func TestAReplayShowsTheScreenOfTheSession(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	shot := func(d *deck) map[string]string {
		shots := map[string]string{}
		d.Wait(40 * time.Second)
		for _, v := range []string{"1", "2", "3"} {
			d.Press(v)
			d.Wait(10 * time.Second)
			lines := d.Lines()
			shots[v] = strings.Join(lines[1:len(lines)-1], "\n") // the header names the account, the footer what may be done
		}
		return shots
	}
	var first map[string]string
	playOn(t, func(d *deck, deps *tui.Deps) {
		rec, err := tape.NewRecorder(&file, "console.vast.ai", "test")
		if err != nil {
			t.Fatal(err)
		}
		deps.API = d.keyed("5en71ne1c0ffee", vastapi.WithTap(rec.Tap))
	}, func(d *deck) { first = shot(d) })
	playOn(t, func(d *deck, deps *tui.Deps) {
		p, err := tape.Open(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		deps.ReadOnly = true
		deps.API = d.keyed("replay", vastapi.WithTransport(p), vastapi.WithReadOnly(true))
	}, func(d *deck) {
		for v, now := range shot(d) {
			if now != first[v] || !strings.Contains(now, "$") {
				t.Errorf("view %s was\n%s\nand is\n%s", v, first[v], now)
			}
		}
		if n := len(d.world.Calls("", "")); n != 0 {
			t.Errorf("%d requests left in a replay", n)
		}
	})
}
