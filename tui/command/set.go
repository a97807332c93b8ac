package command

import (
	"context"
	"sync"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// The topics of the calls that poll.
const (
	Offers    Topic = "offers"
	Instances Topic = "instances"
	Volumes   Topic = "volumes"
	User      Topic = "user"
)

// API is what the command layer needs of the client.
type API interface {
	rental.Reader
	rental.Doer
	Volumes(context.Context) (vastapi.VolumeList, error)
}

// Connected is a client that has a key, and where the key came from.
type Connected struct {
	API    API
	Source string // in words: "keyring", "environment VAST_API_KEY", "this run only"
	Note   string // what the user should know about it, "" = nothing
}

// Market says how the market is loaded.
type Market struct {
	Limit int // offers asked for at once
	Max   int // offers kept at most; the walk through the price windows ends there
}

// Config is what a Set is made from.
type Config struct {
	Find    func(context.Context) (Connected, error)         // looks for a key in its usual places
	TryKey  func(context.Context, string) (Connected, error) // checks a typed key and stores it
	Journal rental.Journal
	Policy  rental.Policy
	Market  Market
	Crash   func(Topic, any, []byte)
}

// Set makes the program's commands. It is used from Update alone.
type Set struct {
	*Runner
	cfg Config
	api API

	account string // whose key api has, "" until it was read
	stop    context.Context
	halt    context.CancelFunc

	mu      sync.Mutex
	running int           // plans being carried out
	closing bool          // no further one begins
	idle    chan struct{} // closed when closing and none runs
}

// New returns a Set without a client; Use gives it one.
func New(ctx context.Context, cfg Config) *Set {
	stop, halt := context.WithCancel(context.WithoutCancel(ctx))
	return &Set{Runner: NewRunner(ctx, cfg.Crash), cfg: cfg, stop: stop, halt: halt, idle: make(chan struct{})}
}

// Use makes api the client of all later commands. What was asked with another
// one is given up: its answers may be another account's. Plans go on.
func (s *Set) Use(api API) {
	s.CancelReads()
	s.api, s.account = api, ""
}

// UseAccount tells whose key the client has.
func (s *Set) UseAccount(id string) { s.account = id }

// Account is what UseAccount told, "" before.
func (s *Set) Account() string { return s.account }

// Ready reports whether there is a client.
func (s *Set) Ready() bool { return s.api != nil }

// Loads returns the commands that read, which are all that a view may have.
func (s *Set) Loads() Loads { return Loads{s} }

// Loads are the commands that read. There is none that changes anything.
type Loads struct{ s *Set }

// Drain asks plans under way to send nothing new, and waits at most limit for
// the requests that have left. What then is still open stays "sent" in the
// journal for the next start. It reports whether all ended.
func (s *Set) Drain(limit time.Duration) bool {
	s.halt()
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		if s.running == 0 {
			close(s.idle)
		}
	}
	s.mu.Unlock()
	select {
	case <-s.idle:
		return true
	case <-time.After(limit):
		return false
	}
}

// enter counts a plan that begins; none does once the program drains.
func (s *Set) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.running++
	return true
}

func (s *Set) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.closing && s.running == 0 {
		close(s.idle)
	}
}
