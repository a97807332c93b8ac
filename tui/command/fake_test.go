package command

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// server is an API in memory. Its instances run until they are stopped or
// destroyed; a gate, when there is one, holds back every change.
type server struct {
	mu        sync.Mutex
	instances []vastapi.Instance
	calls     []vastapi.Call
	searches  []vastapi.OfferSearch
	page      vastapi.OfferPage
	increases vastapi.PriceIncreases
	attached  []vastapi.SSHKey
	err       error
	crash     bool
	reads     int // of what changes seldom
	refused   vastapi.Refusals
	gate      chan struct{}
}

func (s *server) Do(ctx context.Context, c vastapi.Call) vastapi.Result {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	gate, crash := s.gate, s.crash
	s.mu.Unlock()
	if crash {
		panic("a mistake while something is being changed")
	}
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return vastapi.Result{Outcome: vastapi.OutcomeUnknown, Err: ctx.Err()}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := range s.instances {
		switch c := c.(type) {
		case vastapi.SetInstanceState:
			if s.instances[n].ID == c.ID {
				state := safetext.New(c.State)
				s.instances[n].Intended, s.instances[n].Cur, s.instances[n].Next = state, state, state
				s.instances[n].Actual = safetext.New("exited")
			}
		}
	}
	return vastapi.Result{Outcome: vastapi.OutcomeConfirmed}
}

func (s *server) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.searches = append(s.searches, q)
	return s.page, s.err
}

func (s *server) Instances(context.Context) (vastapi.InstancePage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return vastapi.InstancePage{Instances: slices.Clone(s.instances), Total: len(s.instances)}, s.err
}

func (s *server) InstancesByID(_ context.Context, ids []vastapi.InstanceID) (vastapi.InstancePage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	some := slices.DeleteFunc(slices.Clone(s.instances), func(i vastapi.Instance) bool { return !slices.Contains(ids, i.ID) })
	return vastapi.InstancePage{Instances: some, Total: len(some)}, s.err
}

func (s *server) PriceIncreases(context.Context) (vastapi.PriceIncreases, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.increases, s.err
}

func (s *server) InstancesByLabel(ctx context.Context, _ []string) (vastapi.InstancePage, error) {
	return s.Instances(ctx)
}

func (s *server) Instance(_ context.Context, id vastapi.InstanceID) (*vastapi.Instance, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.instances {
		if i.ID == id {
			return &i, s.err
		}
	}
	return nil, s.err
}

func (s *server) User(context.Context) (vastapi.User, error) { return vastapi.User{Credit: 40}, s.err }

func (s *server) Volumes(context.Context) (vastapi.VolumeList, error) {
	return vastapi.VolumeList{Volumes: []vastapi.Volume{{ID: 1, Hourly: 0.25}}}, s.err
}

// Charges are one of a dollar for an instance, whatever the time.
func (s *server) Charges(_ context.Context, from, to time.Time) ([]vastapi.Charge, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return []vastapi.Charge{{Start: from, End: to, Instance: 7, Amount: 1, Items: []vastapi.ChargeItem{{Kind: "gpu", Amount: 1}}}}, false, s.err
}

func (s *server) Invoices(_ context.Context, from, _ time.Time) ([]vastapi.Invoice, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return []vastapi.Invoice{{ID: 1, At: from, Amount: 5}, {ID: 2, At: from.Add(time.Hour), Amount: 6}}, false, s.err
}

// SearchVolumes gives the same page as a search of offers.
func (s *server) SearchVolumes(ctx context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	return s.SearchOffers(ctx, q)
}

func (s *server) GPUNames(context.Context) ([]safetext.Text, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return []safetext.Text{safetext.New("RTX 4090")}, s.err
}

func (s *server) MachineReports(_ context.Context, id vastapi.MachineID) ([]vastapi.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return []vastapi.Report{{Problem: safetext.New("slow network on " + id.String()), Count: 1}}, s.err
}

func (s *server) OfferRaw(context.Context, vastapi.OfferID, vastapi.RentalType, vastapi.GB) (*safetext.Lines, error) {
	lines := safetext.NewLines(10, 1000)
	lines.Add("{}\n")
	return lines, s.err
}

func (s *server) VolumeRaw(context.Context, vastapi.VolumeID) (*safetext.Lines, error) {
	lines := safetext.NewLines(10, 1000)
	lines.Add("{}\n")
	return lines, s.err
}

func (s *server) Templates(_ context.Context, q vastapi.TemplateQuery) ([]vastapi.Template, error) {
	return []vastapi.Template{{ID: 1, Hash: q.Hash}}, s.err
}

func (s *server) SSHKeys(context.Context) ([]vastapi.SSHKey, error) {
	return []vastapi.SSHKey{{ID: 1, Type: "ssh-ed25519"}}, s.err
}

func (s *server) InstanceSSHKeys(context.Context, vastapi.InstanceID) ([]vastapi.SSHKey, error) {
	return s.attached, s.err
}

// journal keeps lines as long as the test.
type journal struct {
	mu    sync.Mutex
	lines [][]byte
	err   error
}

func (j *journal) Append(line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, slices.Clone(line))
	return j.err
}

func (j *journal) Replay(f func([]byte) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	for _, l := range j.lines {
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}

func running(id vastapi.InstanceID) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 1, Disk: 10, DiskUsed: vastapi.Unknown[vastapi.GB](),
		DphBase: 0.4, StorageCost: 0.18, DphTotal: 0.4025, BilledNow: 0.4025, IfRunning: 0.4025, StorageTotal: 0.0025,
		MinBid: vastapi.Unknown[vastapi.Rate](),
	}
}

// set is a Set over s with a journal of its own.
func set(t *testing.T, s *server, market Market) *Set {
	t.Helper()
	c := New(t.Context(), Config{Journal: &journal{}, Policy: rental.DefaultPolicy(), Market: market})
	if c.Ready() {
		t.Error("ready without a client")
	}
	c.Use(s)
	if !c.Ready() {
		t.Error("not ready with a client")
	}
	return c
}

// stopping plans to stop everything that s runs.
func stopping(t *testing.T, s *server) rental.Plan {
	t.Helper()
	p, err := rental.PlanStop(s.instances, rental.Desk{
		Now: time.Now(), At: time.Now(), NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40,
		Burn: pricing.Account(s.instances, nil), Instances: s.instances,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// batch takes a command apart into those that run side by side.
func batch(t *testing.T, c tea.Cmd, n int) []tea.Cmd {
	t.Helper()
	list, ok := c().(tea.BatchMsg)
	if !ok || len(list) != n {
		t.Fatalf("the command is no batch of %d", n)
	}
	return list
}

// takeIn does with a page what the root does: it is put into the market, unless
// the search failed.
func takeIn(t *testing.T, c *Set, d *feed.Snapshot, found OffersFound) MarketFolded {
	t.Helper()
	if found.Err != nil {
		failed := found.Failed()
		failed.Fold(d)
		return failed
	}
	return folded(t, c, d, c.FoldOffers(d, found, false))
}

// folded runs the command that puts a page into the market, and takes its answer in.
func folded(t *testing.T, c *Set, d *feed.Snapshot, cmd tea.Cmd) MarketFolded {
	t.Helper()
	if cmd == nil {
		t.Fatal("nothing is put into the market")
	}
	m := cmd().(MarketFolded)
	if !c.Current(m) {
		t.Fatal("the market that was worked out is not the newest")
	}
	m.Fold(d)
	return m
}

func (s *server) APIKeys(context.Context) ([]vastapi.APIKey, error) {
	return []vastapi.APIKey{{ID: 7, Name: safetext.New("default"), Grant: vastapi.FullGrant()}}, s.err
}

func (s *server) EnvVars(context.Context) ([]vastapi.EnvVar, error) {
	return []vastapi.EnvVar{{Name: safetext.New("HF_TOKEN"), Set: true}}, s.err
}

func (s *server) AuditLog(context.Context) ([]vastapi.AuditEntry, bool, error) {
	return []vastapi.AuditEntry{{Key: 7, Route: safetext.New("PUT /api/v0/asks/77/")}}, true, s.err
}

func (s *server) TwoFactor(context.Context) (vastapi.TwoFactor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return vastapi.TwoFactor{On: vastapi.FlagYes}, s.err
}

func (s *server) Refusals() vastapi.Refusals { return s.refused }
