package rental

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// account is an account in memory: a Doer and a Reader. What it does with a
// request can be replaced call by call.
type account struct {
	mu        sync.Mutex
	instances []vastapi.Instance
	offers    []vastapi.Offer
	credit    vastapi.Amount
	next      vastapi.InstanceID

	calls    []vastapi.Call
	reads    []string
	searches []vastapi.OfferSearch
	answer   func(n int, c vastapi.Call) (vastapi.Result, bool) // false = carry it out and say so
	readErr  func(n int) error
	bad      int // unreadable rows in every list
}

func newAccount() *account {
	return &account{credit: 40, next: 9000, offers: []vastapi.Offer{offer(77)}}
}

func (a *account) Do(_ context.Context, c vastapi.Call) vastapi.Result {
	a.mu.Lock()
	n := len(a.calls)
	a.calls = append(a.calls, c)
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		if res, ok := answer(n, c); ok {
			return res
		}
	}
	return a.carryOut(c)
}

// carryOut is what an obedient server does.
func (a *account) carryOut(c vastapi.Call) vastapi.Result {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch c := c.(type) {
	case vastapi.CreateInstance:
		return a.create(c)
	case vastapi.DestroyInstance:
		before := len(a.instances)
		a.instances = slices.DeleteFunc(a.instances, func(i vastapi.Instance) bool { return i.ID == c.ID })
		if len(a.instances) == before {
			return vastapi.Result{Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindNotFound, Status: 404}}
		}
	case vastapi.SetInstanceState:
		if i := findInstance(a.instances, c.ID); i != nil {
			i.Intended = safetext.New(c.State)
		}
	case vastapi.LabelInstance:
		if i := findInstance(a.instances, c.ID); i != nil {
			i.Label = safetext.New(c.Label)
		}
	}
	return vastapi.Result{Outcome: vastapi.OutcomeConfirmed}
}

func (a *account) create(c vastapi.CreateInstance) vastapi.Result {
	o := findOffer(a.offers, c.Offer)
	if o == nil {
		return vastapi.Result{Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: vastapi.KindGone, Status: 410, Code: "no_such_ask"}}
	}
	a.next++
	i := instance(a.next, c.Label)
	i.MachineID, i.GPUName, i.NumGPUs, i.Disk = o.MachineID, o.GPUName, o.NumGPUs, c.Disk
	i.DphBase, i.StorageCost, i.BilledNow = o.DphBase, o.StorageCost, vastapi.Unknown[vastapi.Rate]()
	i.DphTotal = vastapi.Unknown[vastapi.Rate]()
	i.Actual = safetext.New("loading")
	if c.Price != nil {
		i.Bid, i.DphBase = true, *c.Price
	}
	a.instances = append(a.instances, i)
	return vastapi.Result{Outcome: vastapi.OutcomeConfirmed, Contract: i.ID}
}

func (a *account) read(what string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := len(a.reads)
	a.reads = append(a.reads, what)
	if a.readErr != nil {
		return a.readErr(n)
	}
	return nil
}

func (a *account) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	if err := a.read("search"); err != nil {
		return vastapi.OfferPage{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.searches = append(a.searches, q)
	var page vastapi.OfferPage
	for _, o := range a.offers {
		if slices.Contains(q.Filter["ask_contract_id"]["in"].([]int64), int64(o.ID)) {
			page.Offers = append(page.Offers, o)
		}
	}
	return page, nil
}

func (a *account) Instances(context.Context) (vastapi.InstancePage, error) {
	if err := a.read("list"); err != nil {
		return vastapi.InstancePage{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return vastapi.InstancePage{Instances: slices.Clone(a.instances), Total: len(a.instances), Bad: a.bad}, nil
}

func (a *account) InstancesByLabel(_ context.Context, labels []string) (vastapi.InstancePage, error) {
	if err := a.read("labels"); err != nil {
		return vastapi.InstancePage{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	page := vastapi.InstancePage{Bad: a.bad}
	for _, i := range a.instances {
		if slices.Contains(labels, i.Label.Wire()) {
			page.Instances = append(page.Instances, i)
		}
	}
	return page, nil
}

func (a *account) Instance(_ context.Context, id vastapi.InstanceID) (*vastapi.Instance, error) {
	if err := a.read("one"); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := findInstance(a.instances, id); i != nil {
		copied := *i
		return &copied, nil
	}
	return nil, nil
}

func (a *account) User(context.Context) (vastapi.User, error) {
	if err := a.read("user"); err != nil {
		return vastapi.User{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return vastapi.User{Credit: a.credit}, nil
}

// sent counts the requests of a type, e.g. sent[vastapi.CreateInstance](a).
func sent[T vastapi.Call](a *account) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, c := range a.calls {
		if _, ok := c.(T); ok {
			n++
		}
	}
	return n
}

// memory is a journal in memory.
type memory struct {
	mu    sync.Mutex
	lines [][]byte
	fails func(n int) error // n appends have succeeded
}

func (m *memory) Append(line []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails != nil {
		if err := m.fails(len(m.lines)); err != nil {
			return err
		}
	}
	m.lines = append(m.lines, slices.Clone(line))
	return nil
}

func (m *memory) Replay(f func([]byte) error) error {
	m.mu.Lock()
	lines := slices.Clone(m.lines)
	m.mu.Unlock()
	for _, l := range lines {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) kinds() []string {
	var out []string
	for _, l := range m.lines {
		r, err := decodeRecord(l)
		if err != nil {
			panic(err)
		}
		out = append(out, r.Kind)
	}
	return out
}

func (m *memory) text() string {
	var b strings.Builder
	for _, l := range m.lines {
		b.Write(append(l, '\n'))
	}
	return b.String()
}

var errLost = &vastapi.Error{Kind: vastapi.KindTransport, Message: "connection reset"}

func lost() vastapi.Result { return vastapi.Result{Outcome: vastapi.OutcomeUnknown, Err: errLost} }

func refused(kind vastapi.Kind, status int) vastapi.Result {
	return vastapi.Result{Outcome: vastapi.OutcomeRejected, Err: &vastapi.Error{Kind: kind, Status: status}}
}

// once answers the first call with res and carries the others out.
func once(res vastapi.Result) func(int, vastapi.Call) (vastapi.Result, bool) {
	return func(n int, _ vastapi.Call) (vastapi.Result, bool) { return res, n == 0 }
}

// afterCommit carries the first call out and then loses the answer.
func afterCommit(a *account) func(int, vastapi.Call) (vastapi.Result, bool) {
	return func(n int, c vastapi.Call) (vastapi.Result, bool) {
		if n > 0 {
			return vastapi.Result{}, false
		}
		a.carryOut(c)
		return lost(), true
	}
}

func offer(id vastapi.OfferID) vastapi.Offer {
	return vastapi.Offer{
		ID: id, MachineID: 512, HostID: 31, GPUName: safetext.New("RTX 4090"), NumGPUs: 1, GPURAM: 24564,
		CUDA: 12.8, DiskSpace: 500, DphBase: 0.4, StorageCost: 0.15, Reliability: 0.9951,
		MinBid: 0.2, InetUpCost: 0.001, InetDownCost: 0.002,
		Verification: safetext.New("verified"), Rentable: vastapi.FlagYes,
		Geolocation: safetext.New("Stockholm, SE"), Country: "SE", Duration: 90 * 24 * time.Hour,
		EndDate: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func instance(id vastapi.InstanceID, label string) vastapi.Instance {
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label),
		Actual: safetext.New("running"), Intended: safetext.New("running"), Cur: safetext.New("running"), Next: safetext.New("running"),
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DiskUsed: vastapi.Unknown[vastapi.GB](),
		DphBase: 0.8, StorageCost: 0.18, DphTotal: 0.82, BilledNow: 0.82, IfRunning: 0.82, StorageTotal: 0.02,
		MinBid: vastapi.Unknown[vastapi.Rate](),
	}
}

func stopped(id vastapi.InstanceID, label string) vastapi.Instance {
	i := instance(id, label)
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), safetext.New("stopped"), safetext.New("stopped"), safetext.New("stopped")
	i.BilledNow = 0.02
	return i
}

// desk is what is known now about a.
func (a *account) desk(t testing.TB) Desk {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	return Desk{
		Now: time.Now(), Caps: DefaultCaps(), Credit: a.credit,
		Burn: pricing.Account(a.instances, nil), Instances: slices.Clone(a.instances), At: time.Now(),
	}
}

func (a *account) deps(j Journal) Deps {
	return Deps{API: a, Read: a, Journal: j, Policy: DefaultPolicy(), Account: "1"}
}

var someOptions = RentOptions{Image: "pytorch/pytorch:latest", Disk: 32, Name: "train"}

func (a *account) rentPlan(t testing.TB) Plan {
	t.Helper()
	p, err := PlanRent(a.offers[0], time.Now(), someOptions, a.desk(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func must(t testing.TB) func(Plan, error) Plan {
	return func(p Plan, err error) Plan {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// bubble runs f on virtual time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func checkCounts(t *testing.T, r Report, done, failed, skipped, unknown, notTried int) {
	t.Helper()
	got := fmt.Sprintf("done %d failed %d skipped %d unknown %d not tried %d",
		len(r.Done), len(r.Failed), len(r.Skipped), len(r.Unknown), len(r.NotTried))
	want := fmt.Sprintf("done %d failed %d skipped %d unknown %d not tried %d", done, failed, skipped, unknown, notTried)
	if got != want {
		t.Errorf("got %s, want %s (err %v)", got, want, r.Err)
	}
}

var errDisk = errors.New("no space left on device")

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 7)) }
