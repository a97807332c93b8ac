package vastapi_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// backend is something that answers like the API, with one running instance.
type backend struct {
	api     *vastapi.Client
	running vastapi.InstanceID
	settle  func() // lets what was asked for take effect
}

// recorded answers from testdata/wire.
func recorded(t *testing.T) backend {
	routes := map[string]reply{
		"POST /api/v0/bundles/":               says(200, wire(t, "offers.json")),
		"GET /api/v0/users/current/":          says(200, wire(t, "user.json")),
		"GET /api/v0/volumes/":                says(200, wire(t, "volumes.json")),
		"GET /api/v0/gpu_names/unique/":       says(200, `{"gpu_names":["RTX 4090","RTX 5090"]}`),
		"GET /api/v0/template/":               says(200, wire(t, "templates.json")),
		"GET /api/v0/ssh/":                    says(404, `{"success":false,"error":"no_ssh_key","msg":"No SSH keys found."}`),
		"GET /api/v0/machines/22990/reports/": says(200, `[{"problem":"Slow network","message":"slow","created_at":1710000000}]`),
		"GET /api/v0/instances/18820341/":     says(200, wire(t, "instance.json")),
		"GET /api/v0/instances/987654321/":    says(200, wire(t, "instance_gone.json")),
		"PUT /api/v0/asks/11684738/":          says(200, wire(t, "created.json")),
		"PUT /api/v0/asks/987654321/":         says(404, `{"success":false,"error":"invalid_args","msg":"error 404/3603: no_such_ask Instance type by id 987654321 is not available.","ask_id":987654321}`),
		"GET /api/v0/instances/18830001/":     says(200, wire(t, "instance_gone.json")),
	}
	rt := roundTrip(func(r *http.Request) (*http.Response, error) {
		key := r.Method + " " + r.URL.Path
		switch {
		case strings.HasSuffix(key, "/api/v1/instances/"):
			return recordedPage(t, r)(r)
		case routes[key] != nil:
			return routes[key](r)
		case strings.HasPrefix(r.URL.Path, "/api/v0/instances/") && r.Method != http.MethodGet:
			return says(200, `{"success":true}`)(r)
		}
		t.Errorf("no answer is recorded for %s", key)
		return says(404, "")(r)
	})
	return backend{api: over(t, rt), running: 18820341, settle: func() {}}
}

func recordedPage(t *testing.T, r *http.Request) reply {
	q := r.URL.Query()
	switch {
	case strings.Contains(q.Get("select_filters"), "contract-suite"):
		return says(200, `{"success":true,"instances_found":1,"total_instances":1,"next_token":null,"instances":[{"id":18830001,"label":"contract-suite vx-1","actual_status":null,"intended_status":"running","num_gpus":1,"disk_space":16,"machine_id":22990}]}`)
	case q.Get("after_token") != "":
		return says(200, wire(t, "instances_page2.json"))
	}
	return says(200, wire(t, "instances_page1.json"))
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// simulated is the simulator without a socket.
func simulated(t *testing.T) backend {
	w := vastsim.New(vastsim.WithOffers(300), vastsim.WithQuietMarket())
	b := backend{api: over(t, w.Transport()), settle: func() { time.Sleep(5 * time.Minute) }}
	for _, i := range w.Instances() {
		if i.Actual == "running" {
			b.running = vastapi.InstanceID(i.ID)
		}
	}
	return b
}

func TestTheClientAndItsBackendsAgree(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) backend{"recorded": recorded, "simulated": simulated} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := make(t)
				b.account(t)
				b.market(t)
				b.instances(t)
				b.volumes(t)
				b.catalogue(t)
				b.life(t)
			})
		})
	}
}

func (b backend) account(t *testing.T) {
	u, err := b.api.User(t.Context())
	if err != nil || u.ID <= 0 || !vastapi.Known(u.Credit) || u.Spendable() != u.Credit || u.Email.Empty() {
		t.Errorf("%+v, %v", u, err)
	}
}

func (b backend) market(t *testing.T) {
	page, err := b.api.SearchOffers(t.Context(), vastapi.OfferSearch{Storage: 5, Order: [][2]string{{"dph_total", "asc"}}})
	if err != nil || len(page.Offers) == 0 || page.Bad != 0 {
		t.Fatalf("%d offers, %d unreadable, %v", len(page.Offers), page.Bad, err)
	}
	for _, o := range page.Offers {
		if o.ID <= 0 || o.MachineID <= 0 || o.HostID <= 0 || o.GPUName.Empty() || o.NumGPUs < 1 || !(o.GPURAM > 1000) || !(o.Reliability > 0) {
			t.Errorf("%+v", o)
		}
		if o.IsBid {
			continue
		}
		if sum := float64(o.DphBase + o.StorageTotal); math.Abs(sum-float64(o.DphTotal)) > 1e-4*sum+1e-5 {
			t.Errorf("offer %v: %v + %v is not %v", o.ID, o.DphBase, o.StorageTotal, o.DphTotal)
		}
	}
}

// catalogue reads what a rent form offers.
func (b backend) catalogue(t *testing.T) {
	names, err := b.api.GPUNames(t.Context())
	if err != nil || len(names) == 0 || names[0].Empty() {
		t.Errorf("%v, %v", names, err)
	}
	templates, err := b.api.Templates(t.Context(), vastapi.TemplateQuery{Recommended: true})
	if err != nil || len(templates) == 0 {
		t.Errorf("%v, %v", templates, err)
	}
	for _, x := range templates {
		if x.Hash == "" || x.Name.Empty() || x.Ref().Empty() || !x.Recommended.Yes() {
			t.Errorf("%+v", x)
		}
	}
	if keys, err := b.api.SSHKeys(t.Context()); err != nil {
		t.Errorf("%v, %v", keys, err)
	}
	page, err := b.api.SearchOffers(t.Context(), vastapi.OfferSearch{Storage: 5})
	if err != nil || len(page.Offers) == 0 {
		t.Fatalf("%+v, %v", page, err)
	}
	o := page.Offers[0]
	if reports, err := b.api.MachineReports(t.Context(), o.MachineID); err != nil || (len(reports) > 0 && reports[0].Problem.Empty()) {
		t.Errorf("%v, %v", reports, err)
	}
	raw, err := b.api.OfferRaw(t.Context(), o.ID, vastapi.OnDemand, 5)
	if err != nil || raw.Len() < 40 || !strings.Contains(raw.At(1), o.ID.String()) {
		t.Errorf("%v, %v", raw, err)
	}
}

func (b backend) instances(t *testing.T) {
	page, err := b.api.Instances(t.Context())
	if err != nil || len(page.Instances) == 0 || page.Bad != 0 || page.Total != len(page.Instances) {
		t.Fatalf("%d of %d instances, %v", len(page.Instances), page.Total, err)
	}
	one, err := b.api.Instance(t.Context(), b.running)
	if err != nil || one == nil || one.ID != b.running || one.Actual.String() != "running" || !vastapi.Known(one.BilledNow) {
		t.Fatalf("%+v, %v", one, err)
	}
	found := false
	for _, i := range page.Instances {
		if i.ID == one.ID {
			found = true
			if i.MachineID != one.MachineID || i.GPUName.String() != one.GPUName.String() || i.Disk != one.Disk || !i.Start.Equal(one.Start) || len(i.Ports) != len(one.Ports) {
				t.Errorf("the list says %+v, the single read %+v", i, *one)
			}
		}
	}
	if !found {
		t.Errorf("#%v is not in the list", b.running)
	}
	if none, err := b.api.Instance(t.Context(), 987654321); none != nil || err != nil {
		t.Errorf("%+v, %v", none, err)
	}
}

func (b backend) volumes(t *testing.T) {
	list, err := b.api.Volumes(t.Context())
	if err != nil || len(list.Volumes) == 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, v := range list.Volumes {
		if v.ID <= 0 || v.MachineID <= 0 || !(v.Size > 0) || !(v.Hourly > 0) {
			t.Errorf("%+v", v)
		}
	}
}

// life rents, renames, stops, starts, reboots and destroys.
func (b backend) life(t *testing.T) {
	page, err := b.api.SearchOffers(t.Context(), vastapi.OfferSearch{Filter: vastapi.Filter{"rentable": {"eq": true}}, Storage: 16})
	if err != nil {
		t.Fatal(err)
	}
	create := vastapi.CreateInstance{Offer: page.Offers[0].ID, Image: "ubuntu:22.04", Disk: 16, Label: "contract-suite vx-1", CancelUnavail: true}
	rented := b.api.Do(t.Context(), create)
	if rented.Outcome != vastapi.OutcomeConfirmed || rented.Contract <= 0 {
		t.Fatalf("%+v", rented)
	}
	mine, err := b.api.InstancesByLabel(t.Context(), []string{create.Label})
	if err != nil || len(mine.Instances) != 1 || mine.Instances[0].ID != rented.Contract || mine.Instances[0].Label.Wire() != create.Label {
		t.Fatalf("%+v, %v", mine, err)
	}
	b.settle()
	id := rented.Contract
	for _, call := range []vastapi.Call{
		vastapi.LabelInstance{ID: id, Label: "renamed"}, vastapi.SetInstanceState{ID: id, State: "stopped"},
		vastapi.SetInstanceState{ID: id, State: "running"}, vastapi.RebootInstance{ID: id},
		vastapi.UpdateInstance{ID: id, Image: "ubuntu:24.04", Env: map[string]string{"TZ": "CET"}}, vastapi.RecycleInstance{ID: id}, vastapi.PrepayInstance{ID: id, Amount: 1},
		vastapi.DestroyInstance{ID: id},
	} {
		if res := b.api.Do(t.Context(), call); res.Outcome != vastapi.OutcomeConfirmed {
			t.Errorf("%T: %+v", call, res)
		}
		b.settle()
	}
	if left, err := b.api.Instance(t.Context(), id); left != nil || err != nil {
		t.Errorf("%+v, %v", left, err)
	}
	gone := create
	gone.Offer = 987654321
	if res := b.api.Do(t.Context(), gone); res.Outcome != vastapi.OutcomeRejected || vastapi.KindOf(res.Err) != vastapi.KindGone {
		t.Errorf("%+v", res)
	}
}

func TestTheSimulatorsLimitsAreNeverHit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithOffers(100), vastsim.WithRateLimits(true), vastsim.WithInstances(60))
		api := over(t, w.Transport(), vastapi.WithIntervals(vastapi.DefaultIntervals()))
		span := time.Hour
		if testing.Short() {
			span = 10 * time.Minute
		}
		ctx, cancel := context.WithTimeout(t.Context(), span)
		defer cancel()
		var wg sync.WaitGroup
		for _, read := range reads(api) {
			wg.Go(func() {
				for read(ctx) == nil {
				}
			})
		}
		for i := range 20 {
			wg.Go(func() { api.Do(ctx, vastapi.LabelInstance{ID: vastapi.InstanceID(i + 1), Label: "x"}) })
			wg.Go(func() { api.Do(ctx, vastapi.DestroyInstance{ID: vastapi.InstanceID(i + 1)}) })
		}
		wg.Wait()
		calls := w.Calls("", "")
		for _, c := range calls {
			if c.Status == http.StatusTooManyRequests {
				t.Fatalf("%s %s at %v was too frequent", c.Method, c.Path, c.At)
			}
		}
		if len(calls) < int(span.Minutes())*50 {
			t.Errorf("only %d requests in %v", len(calls), span)
		}
	})
}

func TestAllSearchesOfAProgramShareOneBudgetAndTheUrgentGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := vastsim.New(vastsim.WithOffers(60), vastsim.WithRateLimits(true))
		api := over(t, w.Transport(), vastapi.WithIntervals(vastapi.DefaultIntervals()))
		span := time.Hour
		if testing.Short() {
			span = 10 * time.Minute
		}
		ctx, cancel := context.WithTimeout(t.Context(), span)
		defer cancel()
		var wg sync.WaitGroup
		every := func(d time.Duration, p vastapi.Priority, told func(took time.Duration)) {
			wg.Go(func() {
				for ctx.Err() == nil {
					start := time.Now()
					_, err := api.SearchOffers(vastapi.WithPriority(ctx, p), vastapi.OfferSearch{Limit: 5})
					if err == nil && told != nil {
						told(time.Since(start))
					}
					select {
					case <-ctx.Done():
					case <-time.After(d):
					}
				}
			})
		}
		var mu sync.Mutex
		slowest := time.Duration(0)
		every(47*time.Second, vastapi.PriorityReread, func(took time.Duration) {
			mu.Lock()
			slowest = max(slowest, took)
			mu.Unlock()
		})
		every(19*time.Second, vastapi.PriorityTyped, nil)
		every(30*time.Second, vastapi.PriorityNormal, nil)
		every(time.Second, vastapi.PriorityWatch, nil) // more than there is room for
		every(time.Second, vastapi.PriorityRecorder, nil)
		wg.Go(func() { // the rest of what a program reads
			for ctx.Err() == nil {
				_, _ = api.Instances(ctx)
				_, _ = api.User(ctx)
				time.Sleep(10 * time.Second)
			}
		})
		wg.Wait()
		searches := w.Calls("POST", "/api/v0/bundles/")
		for _, c := range w.Calls("", "") {
			if c.Status == http.StatusTooManyRequests {
				t.Fatalf("%s %s at %v was too frequent", c.Method, c.Path, c.At)
			}
		}
		if n := len(searches); n < int(span.Minutes())*9 || n > int(span.Minutes())*10+1 {
			t.Errorf("%d searches in %v", n, span)
		}
		if slowest > 6200*time.Millisecond {
			t.Errorf("a price that money waits for waited %v behind other searches", slowest)
		}
	})
}

func TestOddAnswersOfTheSimulatorAreReadOrRefusedButNeverEmpty(t *testing.T) {
	t.Parallel()
	good := map[vastsim.Kind]bool{
		vastsim.NullFields: true, vastsim.StringNumbers: true, vastsim.NaN: true, vastsim.BadRow: true,
		vastsim.DuplicateOffers: true, vastsim.DroppedRows: true, vastsim.AbsurdPrices: true, vastsim.ClockSkew: true, vastsim.PortsNull: true, vastsim.Latency: true, vastsim.SlowDrip: true,
		vastsim.Status: false, vastsim.Reset: false, vastsim.LostAnswer: false, vastsim.Truncate: false,
	}
	for kind, ok := range good {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := vastsim.New(vastsim.WithOffers(200), vastsim.WithQuietMarket())
				w.Fault(vastsim.Fault{Kind: kind, Delay: time.Millisecond})
				api := over(t, w.Transport())
				for name, read := range reads(api) {
					err := read(t.Context())
					if (err == nil) != ok && name != "instance" && name != "labels" && name != "keys of one" { // there is no instance 7
						t.Errorf("%s: %v", name, err)
					}
				}
				if !ok {
					return
				}
				offers, _ := api.SearchOffers(t.Context(), vastapi.OfferSearch{})
				instances, _ := api.Instances(t.Context())
				if len(offers.Offers) < 100 || len(instances.Instances) < 4 {
					t.Errorf("%d offers, %d instances", len(offers.Offers), len(instances.Instances))
				}
				if kind == vastsim.BadRow && (offers.Bad == 0 || instances.Bad == 0) {
					t.Error("the row that cannot be read is not counted")
				}
			})
		})
	}
}

func TestARentWhoseAnswerIsLostIsUnknownAndFoundByItsLabel(t *testing.T) {
	t.Parallel()
	for _, kind := range []vastsim.Kind{vastsim.LostAnswer, vastsim.Truncate, vastsim.LateCommit} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := vastsim.New(vastsim.WithOffers(50), vastsim.WithQuietMarket())
				w.Fault(vastsim.Fault{Method: "PUT", Path: "/api/v0/asks/", Kind: kind, Delay: 20 * time.Second})
				api := over(t, w.Transport(), vastapi.WithIntervals(vastapi.DefaultIntervals()))
				label := fmt.Sprintf("job vx-%s", kind)
				res := api.Do(t.Context(), vastapi.CreateInstance{Offer: rentable(t, w), Image: "ubuntu:22.04", Disk: 10, Label: label})
				if res.Outcome != vastapi.OutcomeUnknown || res.Contract != 0 || len(w.Calls("PUT", "/api/v0/asks/")) != 1 {
					t.Fatalf("%+v after %d requests", res, len(w.Calls("PUT", "/api/v0/asks/")))
				}
				time.Sleep(30 * time.Second)
				page, err := api.InstancesByLabel(t.Context(), []string{label})
				if err != nil || len(page.Instances) != 1 {
					t.Errorf("%+v, %v", page, err)
				}
			})
		})
	}
}

func rentable(t *testing.T, w *vastsim.World) vastapi.OfferID {
	for _, o := range w.Offers() {
		if o.Rentable && o.DiskGB > 20 {
			return vastapi.OfferID(o.ID)
		}
	}
	t.Fatal("nothing can be rented")
	return 0
}
