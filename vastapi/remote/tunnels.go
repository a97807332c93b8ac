package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"vastdeck/vastapi"
)

// TunnelPolicy says how tunnels are looked after. Zero fields have sensible values.
type TunnelPolicy struct {
	Backoff Backoff // between tries; zero = 1 s, doubled up to 30 s, a fifth by chance
	// Check is how often a connection is asked whether it is up, and how often an
	// instance that does not run is looked at; zero = 3 s.
	Check time.Duration
	// Probe is how often the port on this machine is connected to. Each time the
	// program in the instance sees a connection that says nothing; zero = 30 s.
	Probe time.Duration
}

func (p TunnelPolicy) withDefaults() TunnelPolicy {
	if p.Backoff.First <= 0 {
		p.Backoff = Backoff{First: time.Second, Most: 30 * time.Second, Jitter: 0.2, Chance: p.Backoff.Chance}
	}
	p.Check = cmp.Or(p.Check, 3*time.Second)
	p.Probe = cmp.Or(p.Probe, 30*time.Second)
	return p
}

// Tunnels keeps forwarded ports open: when a connection breaks it is opened anew, by
// whatever way the instance has then. One goroutine looks after each instance that has
// a tunnel. It is safe for use by many goroutines at a time; Close ends all of them.
type Tunnels struct {
	c       *Client
	resolve func(vastapi.InstanceID) (Target, bool)
	policy  TunnelPolicy
	changes chan struct{}

	end     context.CancelFunc
	ctx     context.Context
	running sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	keepers map[vastapi.InstanceID]*keeper
	all     []*tunnel // in the order in which they were added
}

// tunnel is a Tunnel with what is needed to look after it. It is guarded by Tunnels.mu.
type tunnel struct {
	Tunnel
	removed bool      // is to be taken away
	asked   bool      // ssh was asked for it, and may have it whatever the state says
	taken   time.Time // when its port was last connected to
}

// NewTunnels makes a supervisor. resolve tells how an instance is reached now; false
// means that there is no such instance (any more). It is called from other goroutines.
func NewTunnels(c *Client, resolve func(vastapi.InstanceID) (Target, bool), p TunnelPolicy) *Tunnels {
	ctx, end := context.WithCancel(context.Background())
	return &Tunnels{
		c: c, resolve: resolve, policy: p.withDefaults(), changes: make(chan struct{}, 1),
		ctx: ctx, end: end, keepers: map[vastapi.InstanceID]*keeper{},
	}
}

// errTunnelsClosed is what Add returns after Close.
var errTunnelsClosed = errors.New("the program is ending and opens no tunnels any more: start it again")

// Add opens a tunnel and keeps it open. One that is there already is tried again at
// once. Where two forwards want the same port of this machine, the second one fails.
// A forward with Keep goes on after Close, if the connection was opened for it: one that
// was open before may end ten minutes after its last use, which Tunnel.Brief tells.
func (s *Tunnels) Add(f Forward) error {
	f = f.WithDefaults()
	if err := f.Check(); err != nil {
		return fmt.Errorf("opening a tunnel: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errTunnelsClosed
	}
	t := s.find(f)
	if t == nil {
		t = &tunnel{}
		s.all = append(s.all, t)
	}
	if t.State != TunnelUp || t.Forward != f {
		t.Tunnel = Tunnel{Forward: f, Since: time.Now()}
	}
	t.removed = false
	s.wake(f.Instance)
	s.changed()
	return nil
}

// find is the tunnel between the same two ends, nil when there is none.
func (s *Tunnels) find(f Forward) *tunnel {
	for _, t := range s.all {
		if same(t.Forward, f) {
			return t
		}
	}
	return nil
}

// same reports whether two forwards are the same to ssh.
func same(a, b Forward) bool {
	a, b = a.WithDefaults(), b.WithDefaults()
	return a.Instance == b.Instance && a.Bind == b.Bind && a.Local == b.Local && a.Host == b.Host && a.Remote == b.Remote
}

// Remove closes a tunnel and forgets it.
func (s *Tunnels) Remove(f Forward) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.find(f)
	if t == nil || s.closed {
		return
	}
	t.removed = true
	s.wake(f.Instance)
	s.changed()
}

// Wake tries everything that waits again at once, for when it is known that something
// has changed: the network is back, or an instance runs.
func (s *Tunnels) Wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, l := range s.keepers {
		l.next = time.Time{}
		s.wake(id)
	}
	for _, t := range s.all {
		if t.State == TunnelWaiting {
			t.Next = time.Time{}
		}
	}
}

// List is all tunnels as they are now, in the order in which they were added.
func (s *Tunnels) List() []Tunnel {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Tunnel, 0, len(s.all))
	for _, t := range s.all {
		if !t.removed {
			list = append(list, t.Tunnel)
		}
	}
	return list
}

// Changes gets a value when List has changed since the last one was taken, once for any
// number of changes.
func (s *Tunnels) Changes() <-chan struct{} { return s.changes }

func (s *Tunnels) changed() {
	select {
	case s.changes <- struct{}{}:
	default:
	}
}

// wake makes the goroutine of an instance look, and starts one when there is none.
func (s *Tunnels) wake(id vastapi.InstanceID) {
	if s.closed {
		return
	}
	l := s.keepers[id]
	if l == nil {
		l = &keeper{s: s, id: id, woken: make(chan struct{}, 1)}
		s.keepers[id] = l
		s.running.Go(func() { l.run(s.ctx) })
	}
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// closeLimit is how long Close tries to take each forward away.
const closeLimit = 5 * time.Second

// Close ends the looking after and closes every tunnel that is not to be kept. The
// connections stay as they are: sessions may go through them.
func (s *Tunnels) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.running.Wait()

	var taking sync.WaitGroup
	for _, t := range s.all {
		if t.Keep {
			continue
		}
		if t.asked { // whatever became of it: ssh may have taken it without our hearing so
			taking.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
				defer cancel()
				_ = s.c.Cancel(ctx, t.Forward)
			})
		}
	}
	taking.Wait()
	s.mu.Lock()
	for _, t := range s.all {
		if !t.Keep {
			t.set(TunnelClosed, "")
		}
	}
	s.mu.Unlock()
	s.changed()
}

// set changes the state of a tunnel; since when it is so only when it was another one.
func (t *tunnel) set(state TunnelState, why string) {
	if t.State != state {
		t.Since = time.Now()
	}
	t.State, t.Why = state, why
	if state != TunnelWaiting {
		t.Next = time.Time{}
	}
	if state == TunnelUp {
		t.Tries = 0
	}
}

// of are the tunnels of an instance.
func (s *Tunnels) of(id vastapi.InstanceID) []*tunnel {
	return slices.DeleteFunc(slices.Clone(s.all), func(t *tunnel) bool { return t.Instance != id })
}
