package command

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// The topics of the calls that poll.
const (
	Offers    Topic = "offers"
	Instances Topic = "instances"
	Volumes   Topic = "volumes"
	User      Topic = "user"
	Journal   Topic = "journal" // not polled
)

// API is what the command layer needs of the client.
type API interface {
	rental.Reader
	rental.Doer
	Texts
	Volumes(context.Context) (vastapi.VolumeList, error)
	SearchVolumes(context.Context, vastapi.OfferSearch) (vastapi.OfferPage, error)
	GPUNames(context.Context) ([]safetext.Text, error)
	MachineReports(context.Context, vastapi.MachineID) ([]vastapi.Report, error)
	OfferRaw(context.Context, vastapi.OfferID, vastapi.RentalType, vastapi.GB) (*safetext.Lines, error)
	VolumeRaw(context.Context, vastapi.VolumeID) (*safetext.Lines, error)
	InstanceRaw(context.Context, vastapi.InstanceID) (*safetext.Lines, error)
	Templates(context.Context, vastapi.TemplateQuery) ([]vastapi.Template, error)
	SSHKeys(context.Context) ([]vastapi.SSHKey, error)
	InstanceSSHKeys(context.Context, vastapi.InstanceID) ([]vastapi.SSHKey, error)
	InstancesByID(context.Context, []vastapi.InstanceID) (vastapi.InstancePage, error)
	PriceIncreases(context.Context) (vastapi.PriceIncreases, error)
	Charges(ctx context.Context, from, to time.Time) (list []vastapi.Charge, cut bool, err error)
	Invoices(ctx context.Context, from, to time.Time) (list []vastapi.Invoice, cut bool, err error)
	AccountReader
}

// Connected is a client that has a key, and where the key came from.
type Connected struct {
	API    API
	Source string // in words: "keyring", "environment VAST_API_KEY", "this run only"
	Note   string // what the user should know about it, "" = nothing
	// Untried says that no account has been read with the key yet: it may be refused.
	Untried bool
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
	Keys    Keys                                             // what else a log-in can do
	Journal rental.Journal
	Policy  rental.Policy
	Market  Market
	Memory  MemoryFile // what is remembered between runs; nil = nothing is
	History History    // what is remembered of the market over time
	Crash   func(Topic, any, []byte)
	// Tidy gives memory back to the system; nil = nobody does.
	Tidy func()
	// Editor makes what runs the user's editor on a file, nil where there is none.
	Editor func(path string) (tea.ExecCommand, error)
	// Outsider runs commands of the user's own; nil in a run that has none.
	Outsider Outsider
	// IdleAfter is how long an unused GPU is no problem; 0 = 15 minutes.
	IdleAfter time.Duration
	// Desktop shows a notice on the user's desktop; nil = there is no such program.
	Desktop func(ctx context.Context, n Notice) error
	// Clipboard puts text on the system's clipboard; nil = only the terminal's is written.
	Clipboard func(ctx context.Context, text string) error
	// Known notes what the account has for the completion of ids in a shell; a list that is nil
	// was not read. It is called away from Update, once at a time. nil = nobody notes it.
	Known func([]vastapi.Instance, []vastapi.Volume) error
	// Remote gets into instances; nil in a run that cannot, and NoRemote says why.
	Remote   Remote
	NoRemote error
}

// Set makes the program's commands. It is used from Update alone.
type Set struct {
	*Runner
	cfg Config
	api API

	memory keeper
	memoir memoir // what is known of the history

	folds    []fold // pages that wait to be taken into the market, in their order
	counting bool   // the page that is being taken in answers a search

	out    bool   // nobody is logged in: nothing is asked for
	before uint64 // calls up to this one were made by whoever was logged in before

	account string // whose key api has, "" until it was read
	stop    context.Context
	halt    context.CancelFunc

	parent  context.Context    // of the program; the calls of this Set have one of their own
	cut     context.CancelFunc // ends that
	leaving *leavings          // profiles that are being given up, of the whole program

	mu      sync.Mutex
	running int                      // plans being carried out
	closing bool                     // no further one begins
	idle    chan struct{}            // closed when closing and none runs
	halts   map[string]chan struct{} // by plan: closed to end it gently

	recent   recent // when facts were read that change seldom
	recentOf API    // from whom

	roster *roster // what readings of instances have come to

	lengths lengths // of answers to searches
	past    int     // the length of an answer whose next window tells whether it was cut; 0 = none

	noted  notedLists            // what was noted last for completion
	follow following             // what ssh was told of instances
	copies int                   // how many copies were begun
	runs   map[string]*broadcast // by id: commands that run on instances
}

// New returns a Set without a client; Use gives it one.
func New(ctx context.Context, cfg Config) *Set {
	s := newSet(ctx, cfg)
	s.leaving = &leavings{}
	return s
}

func newSet(parent context.Context, cfg Config) *Set {
	ctx, cut := context.WithCancel(parent)
	stop, halt := context.WithCancel(context.WithoutCancel(parent))
	return &Set{Runner: NewRunner(ctx, cfg.Crash), parent: parent, cut: cut, cfg: cfg, stop: stop, halt: halt, idle: make(chan struct{}), memory: newKeeper(cfg.Memory), roster: newRoster(cfg.IdleAfter), memoir: newMemoir()}
}

// Use makes api the client of all later commands. What was asked with another
// one is given up: its answers may be another account's. Plans go on.
func (s *Set) Use(api API) {
	s.CancelReads()
	s.folds = nil
	s.forget(api)
	s.roster = newRoster(s.cfg.IdleAfter)
	s.memoir.restart()
	s.api, s.account, s.out, s.before = api, "", false, s.gen
	s.noted = notedLists{}
	s.follow = following{} // what another account has is not gone
}

// LogOut gives up what was asked for the views and what waits to be taken into
// the market, and makes nothing be asked for until the next Use. Plans go on, and
// so does what settles operations of earlier runs.
func (s *Set) LogOut() {
	for _, t := range []Topic{Offers, folding, Typed, Places, PlacesTyped, PlaceReread, Watching, Instances, Some, Increases, Volumes, User, Listings, APIKeys, EnvVars, Audit, TwoFactor, Charges, Invoices, Spent} {
		s.Cancel(t)
		s.Forget(t)
	}
	s.folds, s.out, s.before = nil, true, s.gen
}

// UseAccount tells whose key the client has.
func (s *Set) UseAccount(id string) { s.account = id }

// Account is what UseAccount told, "" before.
func (s *Set) Account() string { return s.account }

// Ready reports whether there is a client.
func (s *Set) Ready() bool { return s.api != nil }

// Loads returns the commands that read, which are all that a view may have.
func (s *Set) Loads() Loads { return Loads{s} }

// Loads are the commands that read. There is none that changes anything. Those
// that ask the account are nil while nobody is logged in.
type Loads struct{ s *Set }

// closed reports whether there is nobody to ask.
func (l Loads) closed() bool { return !l.s.Ready() || l.s.out }

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
