package rental

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

// cheater changes the rows of instances on their way from the server.
type cheater struct {
	http.RoundTripper
	change func(row map[string]any)
}

func (c *cheater) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.RoundTripper.RoundTrip(r)
	if err != nil || r.Method != http.MethodGet || c.change == nil || !strings.Contains(r.URL.Path, "/instances/") {
		return res, err
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	switch rows := answer["instances"].(type) {
	case []any:
		for _, row := range rows {
			c.change(row.(map[string]any))
		}
	case map[string]any:
		c.change(rows)
	}
	if raw, err = json.Marshal(answer); err != nil {
		return nil, err
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return res, nil
}

func newCheatingMarket(t *testing.T) (*market, *cheater) {
	w := vastsim.New(vastsim.WithQuietMarket(), vastsim.WithOffers(200), vastsim.WithRateLimits(true), vastsim.WithEmptyAccount())
	cheat := &cheater{RoundTripper: w.Transport()}
	c, err := vastapi.New(vastapi.WithTransport(cheat), vastapi.WithKey(vastapi.KeyFunc(func() string { return "sim" })))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &market{t, w, c, &memory{}}, cheat
}

// withGPUs is an offer of so many GPUs.
func (m *market) withGPUs(n int) vastapi.Offer {
	for _, o := range m.offersFor(vastapi.OnDemand) {
		if o.NumGPUs == n {
			return o
		}
	}
	m.t.Fatalf("no offer has %d GPUs", n)
	return vastapi.Offer{}
}

func set(key string, value any) func(map[string]any) {
	return func(row map[string]any) { row[key] = value }
}

func times(factor float64, keys ...string) func(map[string]any) {
	return func(row map[string]any) {
		for _, k := range keys {
			if v, ok := row[k].(float64); ok {
				row[k] = v * factor
			}
		}
	}
}

// TestCheatingIsFoundWithTheFirstFullRow has a server deliver something else than
// was agreed to, in more than twelve ways.
func TestCheatingIsFoundWithTheFirstFullRow(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		bid    bool
		what   string
		money  bool
	}{
		"another GPU":           {set("gpu_name", "GT 710"), false, "GPU", false},
		"fewer GPUs":            {times(0.5, "num_gpus"), false, "GPU count", true},
		"more GPUs":             {set("num_gpus", 64.0), false, "GPU count", false},
		"less disk":             {times(0.5, "disk_space"), false, "disk", false},
		"a dearer GPU":          {times(1.2, "dph_base", "dph_total"), false, "GPU price", true},
		"a dearer disk":         {times(3, "storage_cost", "storage_total_cost"), false, "disk price", true},
		"silently on demand":    {set("is_bid", false), true, "type", false},
		"silently a bid":        {set("is_bid", true), false, "type", false},
		"another machine":       {set("machine_id", 7.0), false, "machine", false},
		"dearer traffic in":     {set("inet_down_cost", 0.5), false, "price of traffic in", false},
		"dearer traffic out":    {set("inet_up_cost", 0.5), false, "price of traffic out", false},
		"another name":          {set("label", "train"), false, "name", false},
		"another image":         {set("image_uuid", "miner/xmrig:6"), false, "image", false},
		"a dearer bid":          {times(1.5, "dph_base", "dph_total"), true, "GPU price", true},
		"no name and less disk": {func(row map[string]any) { row["label"] = nil; row["disk_space"] = 9.0 }, false, "disk", false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m, cheat := newCheatingMarket(t)
				opt := someOptions
				if c.bid {
					bid := m.cheapest(vastapi.Interruptible).MinBid * 1.3
					opt.Bid = &bid
				}
				p := m.rentPlan(opt)
				if name == "fewer GPUs" {
					p = must(t)(PlanRent(m.withGPUs(2), time.Now(), opt, m.desk()))
				}
				cheat.change = c.change
				r := Execute(t.Context(), m.deps(), p, nil)
				checkCounts(t, r, 1, 0, 0, 0, 0)
				if len(r.Done) == 0 {
					return
				}
				s := r.Done[0]
				found := ""
				for _, d := range s.Differences {
					found += d.What + ";"
					if d.What == c.what && c.money != (d.Money() != "") {
						t.Errorf("%s: its effect is said to be %q", d, d.Money())
					}
				}
				if !strings.Contains(found, c.what+";") {
					t.Errorf("found %q in %+v", found, s.Delivered)
				}
				next := s.Next()
				if r.Complete() || next.Trouble != TroubleDelivered || next.Actions[0].Kind != ActDestroy || next.Actions[0].Instances[0] != s.Contract {
					t.Errorf("complete %v, next %+v", r.Complete(), next)
				}
			})
		})
	}
}

// TestHonestRentsRaiseNoAlarm rents a thousand machines of all kinds with disks,
// names and images of all kinds, and looks at each twice.
func TestHonestRentsRaiseNoAlarm(t *testing.T) {
	const each = 20
	fleets := 50
	if testing.Short() {
		fleets = 10
	}
	for n := range fleets {
		t.Run(fmt.Sprintf("fleet %d", n), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(uint64(n), 5))
				m := newMarket(t, vastsim.WithSeed(int64(n+1)), vastsim.WithEmptyAccount(), vastsim.WithCredit(1e5), vastsim.WithOffers(400))
				opt := RentOptions{Disk: vastapi.GB(8 + rnd.IntN(92)), Image: []string{
					"pytorch/pytorch", "ubuntu:24.04", "docker.io/library/ubuntu:24.04", "nvidia/cuda:12.4.1-devel-ubuntu22.04",
					"ghcr.io/owner/name:v1", "registry.example.com:5000/a/b", "a/b@sha256:" + strings.Repeat("ab", 32),
				}[rnd.IntN(7)], Name: []string{"", "train", "ünï ☃", strings.Repeat("x", 100)}[rnd.IntN(4)]}
				if rnd.IntN(2) == 0 {
					bid := vastapi.Rate(2 + 3*rnd.Float64())
					opt.Bid = &bid
				}
				r := Execute(t.Context(), m.deps(), m.fleetPlan(FleetOptions{Rent: opt, Count: each, Ceiling: 9}), nil)
				if len(r.Done) < each {
					t.Fatal(r.Summary())
				}
				honest(t, r, m)
				time.Sleep(10 * time.Minute)
				honest(t, r, m)
			})
		})
	}
}

func honest(t *testing.T, r Report, m *market) {
	ops, err := Open(m.j)
	if err != nil {
		t.Fatal(err)
	}
	list := m.desk().Instances
	for _, s := range r.Done {
		i := findInstance(list, s.Contract)
		if i == nil || len(s.Differences) > 0 {
			t.Fatalf("instance %s: %+v", s.Contract, s.Differences)
		}
		asked, _ := r.Plan.Agreed(s.Index)
		op, _ := ops.ByToken(s.Step.Token)
		kept, _ := op.Agreed()
		if d := append(Delivered(asked, i), Delivered(kept, i)...); len(d) > 0 {
			t.Fatalf("instance %s: false alarm %v", s.Contract, d)
		}
	}
}

func TestWhatAnInstanceDoesNotTellIsNoDifference(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(77), noon, someOptions, deskOf()))
	asked, ok := p.Agreed(0)
	if !ok {
		t.Fatal("the plan rents nothing")
	}
	mute := vastapi.Instance{
		ID: 1, Label: safetext.New(asked.Label), DphBase: nan, DphTotal: nan, IfRunning: nan, StorageTotal: nan,
		Disk: vastapi.Unknown[vastapi.GB](), StorageCost: vastapi.Unknown[vastapi.PerGBMonth](),
		InetUpCost: vastapi.Unknown[vastapi.PerGB](), InetDownCost: vastapi.Unknown[vastapi.PerGB](),
	}
	if d := Delivered(asked, &mute); len(d) > 0 || Told(&mute) {
		t.Errorf("told %v, differences %v", Told(&mute), d)
	}
	if _, ok := p.Agreed(1); ok {
		t.Error("a step that is not there was agreed to")
	}
	if _, ok := (Op{Verb: "destroy"}).Agreed(); ok {
		t.Error("a destroy was agreed to be delivered")
	}
}

func TestMoreForTheSameMoneyIsNoDifference(t *testing.T) {
	t.Parallel()
	p := must(t)(PlanRent(offer(77), noon, someOptions, deskOf()))
	asked, _ := p.Agreed(0)
	got := instance(1, asked.Label)
	got.MachineID, got.NumGPUs, got.Disk = 512, 1, 64
	got.DphBase, got.StorageCost, got.DphTotal, got.IfRunning = 0.3, 0.15, nan, nan
	if d := Delivered(asked, &got); len(d) > 0 {
		t.Errorf("differences %v", d)
	}
	got.DphBase = 0.40001 // below what is shown
	got.Disk = 31.8
	if d := Delivered(asked, &got); len(d) > 0 {
		t.Errorf("what rounding leaves is told: %v", d)
	}
	got.Disk, got.DphBase = 3200, 0.4
	if d := Delivered(asked, &got); len(d) != 1 || d[0].What != "price" || d[0].Money() == "" {
		t.Errorf("a hundredfold disk at its price: %v", d)
	}
}

func TestImagesAreComparedWithoutWhatRegistriesAdd(t *testing.T) {
	t.Parallel()
	same := map[string]string{
		"ubuntu": "docker.io/library/ubuntu:latest", "a/b:1": "a/b@sha256:00", "Pytorch/pytorch": "pytorch/pytorch:2",
		"reg:5000/x": "reg:5000/x:3",
	}
	for a, b := range maps.All(same) {
		if imageName(a) != imageName(b) {
			t.Errorf("%s and %s: %s, %s", a, b, imageName(a), imageName(b))
		}
	}
	if imageName("a/b") == imageName("a/c") || imageName("reg:5000/x") == imageName("reg:6000/x") {
		t.Error("different images are taken for one")
	}
}
