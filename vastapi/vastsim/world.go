package vastsim

import (
	"math"
	"net/http"
	"sync"
	"time"
)

// forever is later than anything that happens.
const forever = time.Duration(math.MaxInt64)

// World is one simulated marketplace with one renter's account. Everything in
// it happens when somebody looks: each request first plays what the clock owes
// since the one before, so a World has no goroutine of its own and costs
// nothing while it is left alone. All methods are safe for concurrent use.
type World struct {
	cfg    config
	born   time.Time // real time at New, which is also the world's time zero
	routes []route

	mu    sync.Mutex
	clock time.Duration // world time since born that has been played

	hosts    []host
	machines []*machine
	byID     map[int64]*machine
	removed  map[int64]bool
	prices   map[int64]float64

	instances map[int64]*instance
	order     []*instance // by id, live ones only
	gone      []*instance // destroyed, still listed for a few seconds
	volumes   []*volume
	shares    []*share    // where network volumes are made
	increases []*increase // without an answer
	lastID    int64

	account account
	ledgers []*ledger
	books   books

	keys      []sshKey
	lastKey   int64
	secrets   map[string]string
	templates []*template
	apiKeys   []apiKey
	revoked   map[string]bool // keys that were deleted
	audit     []auditRow
	results   map[string]*result
	published []string // tokens of results, oldest first
	serial    uint64

	late    []lateCommit
	faults  []*armedFault
	calls   []*Call
	limiter limiter
}

// New makes a world. The same options and the same clock readings give the same
// world; its time zero is the moment of the call.
func New(opts ...Option) *World {
	w := &World{
		cfg: config{
			seed: 1, speed: 1, offers: 2000, maxLimit: 1000, credit: 41.20,
			instances: -1, traffic: true,
		},
		born:      time.Now(),
		byID:      map[int64]*machine{},
		removed:   map[int64]bool{},
		prices:    map[int64]float64{},
		instances: map[int64]*instance{},
		secrets:   map[string]string{},
		results:   map[string]*result{},
		revoked:   map[string]bool{},
		lastID:    21480300,
	}
	for _, o := range opts {
		o(&w.cfg)
	}
	w.limiter.last = map[limitKey]limitState{}
	w.routes = routeTable()
	w.seedHosts()
	w.stock()
	w.seedShares()
	w.seedAccount()
	w.stock() // in place of what the account holds
	return w
}

// Handler serves the API the way the service does, for a listening server.
func (w *World) Handler() http.Handler { return http.HandlerFunc(w.serveHTTP) }

// Transport serves the API without a socket, for an http.Client in the same
// process. It works inside a testing/synctest bubble: waiting happens on plain
// timers and ends with the request's context.
func (w *World) Transport() http.RoundTripper { return transport{w} }

// Close drops scripted faults and commits that have not happened yet. A World
// needs no closing otherwise, because nothing runs in it.
func (w *World) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults, w.late = nil, nil
}

// Now is the world's time: real time at New plus what has passed since, times
// the speed.
func (w *World) Now() time.Time { return w.born.Add(w.elapsed()) }

func (w *World) elapsed() time.Duration {
	return time.Duration(float64(time.Since(w.born)) * w.cfg.speed)
}

// epochSeconds is the world time at in the API's unit.
func (w *World) epochSeconds(at time.Duration) float64 {
	return float64(w.born.Add(at).UnixMicro()) / 1e6
}

// advance plays everything that is due, in the order of its time, and leaves
// the clock at the present. The caller holds mu.
func (w *World) advance() {
	now := w.elapsed()
	if now < w.clock {
		return
	}
	for {
		at, do := w.nextEvent()
		if at > now {
			break
		}
		w.clock = max(w.clock, at)
		do()
	}
	w.clock = now
}

// nextEvent finds what happens next. Ties go to the account first, then to
// requests on their way, then to instances by id, so the order never depends on
// how often somebody looked.
func (w *World) nextEvent() (at time.Duration, do func()) {
	at = forever
	if t := w.brokeAt(); t < at {
		at, do = t, w.runOutOfCredit
	}
	for i := range w.late {
		if w.late[i].at < at {
			at, do = w.late[i].at, func() { w.commitLate(i) }
		}
	}
	for _, in := range w.order {
		if in.due < at {
			at, do = in.due, func() { w.wake(in) }
		}
	}
	for _, v := range w.volumes {
		if v.due < at {
			at, do = v.due, func() { w.settleVolume(v) }
		}
	}
	return at, do
}
