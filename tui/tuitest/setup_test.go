package tuitest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/tui/tuitest"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// deck is the real program with the real client over a simulated world, in a
// terminal that is a string, on virtual time.
type deck struct {
	*tuitest.Screen
	t       *testing.T
	world   *vastsim.World
	journal *memory
	model   *tui.Model
}

// play runs a scenario in a bubble of its own. The market is quiet unless the
// scenario says otherwise; prices then never move by themselves.
func play(t *testing.T, w, h int, do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	playWith(t, w, h, nil, do, opts...)
}

func playWith(t *testing.T, w, h int, change func(*tui.Deps), do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		world := vastsim.New(append([]vastsim.Option{vastsim.WithSeed(7), vastsim.WithQuietMarket()}, opts...)...)
		d := &deck{t: t, world: world, journal: &memory{}}
		deps := d.deps(change)
		ctx, cancel := context.WithCancel(t.Context())
		d.model = tui.New(ctx, deps)
		d.Screen = tuitest.Start(t, d.model, w, h)
		t.Cleanup(func() { cancel(); world.Close() })
		do(d)
	})
}

func (d *deck) deps(change func(*tui.Deps)) tui.Deps {
	ids := 0
	deps := tui.Deps{
		API: d.client(), Source: "demo", Demo: true, Account: "DEMO", Theme: "dark", Caps: rental.DefaultCaps(), Seed: 1,
		NewID: func() string { ids++; return fmt.Sprintf("plan%020d", ids) },
		Command: command.Config{
			Journal: d.journal, Policy: rental.DefaultPolicy(), Market: command.Market{Limit: 1000, Max: 5000},
			Find: func(context.Context) (command.Connected, error) {
				return command.Connected{}, errors.New("no key is stored")
			},
			TryKey: d.tryKey,
		},
	}
	if change != nil {
		change(&deps)
	}
	return deps
}

func (d *deck) client(opts ...vastapi.Option) *vastapi.Client {
	d.t.Helper()
	all := append([]vastapi.Option{
		vastapi.WithTransport(d.world.Transport()), vastapi.WithKey(vastapi.KeyFunc(func() string { return "test-key" })),
	}, opts...)
	c, err := vastapi.New(all...)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func (d *deck) tryKey(ctx context.Context, key string) (command.Connected, error) {
	c := d.client(vastapi.WithKey(vastapi.KeyFunc(func() string { return key })))
	if _, err := c.User(ctx); err != nil {
		return command.Connected{}, err
	}
	return command.Connected{API: c, Source: "keyring"}, nil
}

// loaded waits until offers and instances are on the screen.
func (d *deck) loaded() {
	d.t.Helper()
	d.UntilHas(30*time.Second, "offers shown")
	d.Wait(8 * time.Second)
}

// sent counts the requests of a method below a path.
func (d *deck) sent(method, path string) int { return len(d.world.Calls(method, path)) }

// nothingSent fails when anything was sent that changes the account.
func (d *deck) nothingSent() {
	d.t.Helper()
	for _, c := range d.world.Calls("", "") {
		if c.Method == "DELETE" || (c.Method == "PUT" && !strings.Contains(c.Path, "request_logs")) {
			d.t.Errorf("%s %s was sent\n%s", c.Method, c.Path, d.Text())
		}
	}
}

// openRent opens the plan of renting the offer under the cursor.
func (d *deck) openRent(name string) {
	d.t.Helper()
	d.Press("r")
	d.Has("Rent ", "image", "disk")
	d.Press("tab", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
	d.Type(name)
	d.Press("ctrl+s")
	d.UntilHas(20*time.Second, "tab switches")
	d.Wait(time.Second)
}

// memory is a journal that lasts as long as the test.
type memory struct {
	mu    sync.Mutex
	lines [][]byte
	err   error // of the next Append
}

func (m *memory) Append(line []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	m.lines = append(m.lines, append([]byte(nil), line...))
	return nil
}

func (m *memory) Replay(fn func([]byte) error) error {
	m.mu.Lock()
	lines := append([][]byte(nil), m.lines...)
	m.mu.Unlock()
	for _, l := range lines {
		if err := fn(l); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func (m *memory) copy() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{lines: append([][]byte(nil), m.lines...)}
}

// forget loses all lines.
func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = nil
}
