package rental

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// What a run of a fleet may suffer, one request at a time. A fault strikes a
// request to rent; the others strike the market or the reads.
type strike struct {
	name  string
	fault vastsim.Fault
}

func strikes(rnd *rand.Rand) []strike {
	late := time.Duration(rnd.IntN(170_000)) * time.Millisecond
	return []strike{
		{"429", vastsim.Fault{Kind: vastsim.Status, Status: http.StatusTooManyRequests}},
		{"reset", vastsim.Fault{Kind: vastsim.Reset}},
		{"lost answer", vastsim.Fault{Kind: vastsim.LostAnswer}},
		{"late commit", vastsim.Fault{Kind: vastsim.LateCommit, Delay: late}},
		{"502", vastsim.Fault{Kind: vastsim.Status, Status: http.StatusBadGateway}},
		{"500", vastsim.Fault{Kind: vastsim.Status, Status: http.StatusInternalServerError}},
		{"truncated", vastsim.Fault{Kind: vastsim.Truncate}},
		{"capped disk", vastsim.Fault{Kind: vastsim.CappedDisk}},
		{"slow", vastsim.Fault{Kind: vastsim.Latency, Delay: time.Duration(rnd.IntN(90)) * time.Second}},
		{"400", vastsim.Fault{Kind: vastsim.Status, Status: http.StatusBadRequest}},
		{"401", vastsim.Fault{Kind: vastsim.Status, Status: http.StatusUnauthorized}},
		{hasty, vastsim.Fault{}},
		{broken, vastsim.Fault{}},
	}
}

// What something between the server and this program does to a rent that
// happened.
const (
	hasty  = "429 after the commit, and no look-up"
	broken = "500 with a contract whose label is lost"
)

// fleetRun is one seeded run: a world, a plan, what goes wrong, and the account
// afterwards.
type fleetRun struct {
	*market
	rnd    *rand.Rand
	plan   Plan
	report Report
	struck []string
	cap    vastapi.Rate // what everything together may come to
	on     *switched
	halt   chan struct{}
	calm   func()        // lets lists succeed again
	end    time.Duration // after which it is cancelled as a quit would; 0 = never
}

// switched makes a bid an on-demand rental on its way to the server, as a host
// or a middle man might: what is delivered costs its own price. It answers for
// the server, too.
type switched struct {
	http.RoundTripper
	every int

	mu    sync.Mutex
	n     int
	does  map[int]string   // by request to rent: hasty or broken
	rest  time.Duration    // so long no list comes after hasty
	blind time.Time        // no list comes until then
	lost  map[int64]string // tokens of contracts whose label is lost
}

func (s *switched) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/v1/instances/") && time.Now().Before(s.blind):
		return answered(r, http.StatusServiceUnavailable, "{}"), nil
	case r.Method != http.MethodPut || !strings.HasPrefix(r.URL.Path, "/api/v0/asks/"):
		return s.RoundTripper.RoundTrip(r)
	}
	does := s.does[s.n]
	s.n++
	if s.every > 0 && s.n%s.every == 0 {
		r = changed(r, func(body map[string]any) { body["price"] = nil })
	}
	token := ""
	if does == broken {
		r = changed(r, func(body map[string]any) {
			label, _ := body["label"].(string)
			_, token = SplitLabel(label)
			body["label"] = ""
		})
	}
	res, err := s.RoundTripper.RoundTrip(r)
	if err != nil || res.StatusCode != http.StatusOK || does == "" {
		return res, err
	}
	raw, err := io.ReadAll(res.Body)
	res.Body.Close()
	var made struct {
		Contract int64 `json:"new_contract"`
	}
	if err != nil || json.Unmarshal(raw, &made) != nil {
		return answered(r, http.StatusBadGateway, ""), nil
	}
	if does == hasty {
		s.blind = time.Now().Add(s.rest)
		return answered(r, http.StatusTooManyRequests, vastsim.BodyLimitedText), nil
	}
	s.lost[made.Contract] = token
	return answered(r, http.StatusInternalServerError, fmt.Sprintf(`{"success":false,"new_contract":%d}`, made.Contract)), nil
}

// see lets lists come again.
func (s *switched) see() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blind = time.Time{}
}

func answered(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func newFleetRun(t *testing.T, seed uint64) *fleetRun {
	rnd := rand.New(rand.NewPCG(seed, 3))
	w := vastsim.New(vastsim.WithSeed(int64(seed%16)+1), vastsim.WithQuietMarket(), vastsim.WithOffers(60),
		vastsim.WithInstances(rnd.IntN(3)), vastsim.WithRateLimits(true), vastsim.WithCredit(500), vastsim.WithTraffic(false))
	on := &switched{
		RoundTripper: w.Transport(), does: map[int]string{}, lost: map[int64]string{},
		rest: time.Duration(1+rnd.IntN(200)) * time.Second,
	}
	c, err := vastapi.New(vastapi.WithTransport(on), vastapi.WithKey(vastapi.KeyFunc(func() string { return "sim" })))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	r := &fleetRun{market: &market{t, w, c, &memory{}}, rnd: rnd, on: on, halt: make(chan struct{}), calm: func() {}}
	r.planIt()
	r.arm()
	return r
}

// planIt plans a fleet of two to six machines.
func (r *fleetRun) planIt() {
	kind := vastapi.OnDemand
	opt := FleetOptions{Rent: someOptions, Count: 2 + r.rnd.IntN(5), Ceiling: 3, Hosts: r.rnd.IntN(2) == 0, Spread: r.rnd.IntN(2) == 0}
	if r.rnd.IntN(3) == 0 {
		opt.Least = 1 + r.rnd.IntN(opt.Count)
	}
	if r.rnd.IntN(3) == 0 {
		bid := vastapi.Rate(0.5 + r.rnd.Float64())
		opt.Rent.Bid, kind = &bid, vastapi.Interruptible
	}
	page, err := r.client.SearchOffers(r.t.Context(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"rentable": {"eq": true}, "disk_space": {"gte": 100}}, Type: kind, Storage: 32,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	read, d := time.Now(), r.desk()
	d.Caps = Caps{Action: 1000, Total: 1000, Runway: time.Hour}
	p, err := PlanFleet(page.Offers, read, opt, d)
	if errors.As(err, new(FieldError)) || err != nil && opt.Least == 0 {
		r.t.Fatal(err)
	}
	if err != nil {
		opt.Least = 0
		p = must(r.t)(PlanFleet(page.Offers, read, opt, d))
	}
	r.plan, r.cap = p, p.Cost.After
	if r.rnd.IntN(4) == 0 { // a cap below the worst case, as if something else had begun since
		r.cap = p.Cost.Before + (p.Cost.After-p.Cost.Before)*vastapi.Rate(r.rnd.Float64())
		r.plan.Ceiling.Total = r.cap
	}
	time.Sleep(time.Duration(r.rnd.IntN(20)) * time.Second)
}

// arm decides what will go wrong.
func (r *fleetRun) arm() {
	note := func(format string, args ...any) { r.struck = append(r.struck, fmt.Sprintf(format, args...)) }
	for n := range 8 {
		if r.rnd.IntN(3) > 0 {
			continue
		}
		all := strikes(r.rnd)
		s := all[r.rnd.IntN(len(all))]
		note("%d: %s", n, s.name)
		if s.name == hasty || s.name == broken {
			r.on.does[n] = s.name
			if s.name == hasty {
				note("lists fail")
			}
			continue
		}
		s.fault.Method, s.fault.Path, s.fault.After, s.fault.Times = http.MethodPut, "/api/v0/asks/", n, 1
		r.world.Fault(s.fault)
	}
	for _, s := range r.plan.Steps {
		if r.rnd.IntN(6) == 0 {
			r.world.RemoveOffer(int64(s.Subject.Offer))
			note("offer %d vanishes", s.Subject.Offer)
		}
	}
	if r.rnd.IntN(4) == 0 {
		r.calm = r.world.Fault(vastsim.Fault{Kind: vastsim.Status, Status: 503, Method: http.MethodGet, Path: "/api/v1/instances/", After: r.rnd.IntN(4), Times: 1 + r.rnd.IntN(6)})
		note("lists fail")
	}
	if r.rnd.IntN(6) == 0 {
		time.AfterFunc(time.Duration(r.rnd.IntN(30))*time.Second, func() {
			for _, s := range r.plan.Steps {
				r.world.SetOfferPrice(int64(s.Subject.Offer), 2.5)
			}
		})
		note("prices rise")
	}
	switch wait := time.Duration(r.rnd.IntN(40_000)) * time.Millisecond; r.rnd.IntN(10) {
	case 0:
		time.AfterFunc(wait, func() { close(r.halt) })
		note("halted after %s", wait)
	case 1:
		r.end = wait
		note("ended after %s", wait)
	}
	if r.rnd.IntN(4) == 0 {
		r.on.every = 1 + r.rnd.IntN(3)
		note("silently on-demand, every %d", r.on.every)
	}
}

// play carries the plan out, takes back what came out short, lets what is late come, and looks for what is open.
func (r *fleetRun) play() {
	ctx, cancel := context.WithCancel(r.t.Context())
	defer cancel()
	if r.end > 0 {
		defer time.AfterFunc(r.end, cancel).Stop()
	}
	deps := r.deps()
	deps.Halt = r.halt
	r.report = Execute(ctx, deps, r.plan, nil)
	r.calm()
	r.on.see()
	if !slices.Contains(r.struck, "lists fail") { // else reads may rest for a while
		r.bill()
	}
	time.Sleep(4 * time.Minute)
	if _, err := Recover(r.t.Context(), r.deps(), nil); err != nil {
		r.t.Errorf("recovering: %v", err)
	}
}

// bill holds the money that the report says was spent against the world's bill.
func (r *fleetRun) bill() {
	d := r.desk()
	var truth float64
	loading := true
	for _, list := range r.mine() {
		for _, i := range list {
			truth += i.Spent
			loading = loading && (i.Actual == "" || i.Actual == "created" || i.Actual == "loading")
		}
	}
	shown := float64(r.report.Spent(d))
	if len(r.report.Unknown) > 0 {
		return // what may be there is in no sum
	}
	const exact = 1e-4
	if shown < truth-exact || loading && shown > truth+0.002 {
		r.t.Errorf("%.5f spent, shown %.5f; all loading: %v", truth, shown, loading)
	}
}

// takeBack carries out what a plan that came out short offers, and whether
// anything stays.
func (r *fleetRun) takeBack() {
	if !r.report.Short() || len(r.report.Done)+len(r.report.Leftovers()) == 0 {
		return
	}
	if marked := slices.ContainsFunc(slices.Concat(r.report.Done, r.report.Leftovers()), func(s StepResult) bool { return r.on.lost[int64(s.Contract)] == "" }); !marked {
		return // none is surely ours: what lost its mark is not taken back
	}
	p := must(r.t)(r.report.Rollback(r.desk()))
	if p.Consent.Kind != ConsentType || !strings.Contains(p.Title, "Take back") {
		r.t.Errorf("consent %+v, title %q", p.Consent, p.Title)
	}
	back := Execute(r.t.Context(), r.deps(), p, nil)
	if !back.Complete() || back.Err != nil {
		r.t.Errorf("taking back: %s: %v", back.Label(), back.Err)
	}
	for _, list := range r.mine() {
		if slices.ContainsFunc(p.Steps, func(s Step) bool { return int64(s.Subject.Instance) == list[0].ID }) {
			r.t.Errorf("instance %d is still there", list[0].ID)
		}
	}
}

// mine are the contracts of the world that carry a token of the plan.
func (r *fleetRun) mine() map[string][]vastsim.InstanceState {
	out := map[string][]vastsim.InstanceState{}
	for _, i := range r.world.Instances() {
		_, token := SplitLabel(i.Label)
		if lost := r.on.lost[i.ID]; lost != "" {
			token = lost
		}
		if slices.ContainsFunc(r.plan.Steps, func(s Step) bool { return s.Token == token && token != "" }) {
			out[token] = append(out[token], i)
		}
	}
	return out
}

// check holds the report and the journal against the world.
func (r *fleetRun) check() {
	mine := r.mine()
	r.checkAccounted(mine)
	r.checkMoney(mine)
	r.checkDelivered(mine)
	if got := len(r.report.Done) + len(r.report.Unknown); got > r.plan.Want {
		r.t.Errorf("%d of %d confirmed or unknown", got, r.plan.Want)
	}
	if len(mine) > r.plan.Want+len(r.report.Leftovers()) {
		r.t.Errorf("%d machines for %d wanted", len(mine), r.plan.Want)
	}
	if total := len(r.report.Done) + len(r.report.Failed) + len(r.report.Skipped) + len(r.report.Unknown) + len(r.report.NotTried); total != len(r.plan.Steps) {
		r.t.Errorf("the report has %d of %d steps", total, len(r.plan.Steps))
	}
}

// checkAccounted: nothing twice, nothing that the journal and the report do not
// know, nothing in them that is not there, nothing left open.
func (r *fleetRun) checkAccounted(mine map[string][]vastsim.InstanceState) {
	ops, err := Open(r.j)
	if err != nil {
		r.t.Fatal(err)
	}
	sent := map[string]int{}
	for _, c := range r.world.Calls(http.MethodPut, "/api/v0/asks/") {
		sent[c.Path]++
	}
	for path, n := range sent {
		if n > 1 {
			r.t.Errorf("%s was sent %d times", path, n)
		}
	}
	for token, list := range mine {
		if len(list) > 1 {
			r.t.Errorf("%d machines for one intent", len(list))
		}
		op, known := ops.ByToken(token)
		if !known || int64(op.Contract) != list[0].ID {
			r.t.Errorf("instance %d is unaccounted for: %+v", list[0].ID, op)
		}
	}
	for _, op := range ops.All() {
		if op.State == OpConfirmed && len(mine[op.Token]) == 0 {
			r.t.Errorf("the journal has %s, the account does not", op.Label)
		}
		if op.Open() {
			r.t.Errorf("%s is still open", op.Label)
		}
	}
	said := map[vastapi.InstanceID]bool{}
	for _, s := range slices.Concat(r.report.Done, r.report.Leftovers()) {
		said[s.Contract] = true
	}
	for token, list := range mine {
		unknown := slices.ContainsFunc(r.report.Unknown, func(s StepResult) bool { return s.Step.Token == token })
		if !said[vastapi.InstanceID(list[0].ID)] && !unknown {
			r.t.Errorf("the report does not speak of instance %d", list[0].ID)
		}
	}
	if len(said) != len(mine)-r.open(mine) {
		r.t.Errorf("the report speaks of %d machines, there are %d", len(said), len(mine))
	}
}

// open counts the machines that the report leaves open.
func (r *fleetRun) open(mine map[string][]vastsim.InstanceState) int {
	n := 0
	for _, s := range r.report.Unknown {
		n += len(mine[s.Step.Token])
	}
	return n
}

// checkMoney: what was agreed to is never exceeded, by what was asked for. What a
// server delivers dearer than that is told.
func (r *fleetRun) checkMoney(mine map[string][]vastsim.InstanceState) {
	total := r.plan.Cost.Before
	for _, s := range r.plan.Steps {
		if len(mine[s.Token]) > 0 {
			total += s.Rate
		}
	}
	if float64(total) > float64(r.cap)+1e-6 {
		r.t.Errorf("all together comes to %.4f, agreed to was %.4f", total, r.cap)
	}
}

// checkDelivered: every machine that is not what was asked for is told to be so,
// and none of the others.
func (r *fleetRun) checkDelivered(mine map[string][]vastsim.InstanceState) {
	dearer := 0
	for _, s := range r.report.Done {
		list := mine[s.Step.Token]
		if len(list) == 0 {
			r.t.Errorf("%s is not there", s.Step.Target)
			continue
		}
		call := s.Step.Call.(vastapi.CreateInstance)
		agreed, _ := r.plan.Agreed(s.Index)
		dear := list[0].DPHBase > float64(agreed.Price.GPU)+0.001
		if dear && call.Price == nil {
			dearer++
		}
		cheats := dear || r.on.lost[list[0].ID] != "" || list[0].DiskGB != float64(call.Disk) || list[0].Bid != (call.Price != nil)
		if s.Verified && cheats != (len(s.Differences) > 0) {
			r.t.Errorf("instance %d: disk %g, bid %v; told: %v", s.Contract, list[0].DiskGB, list[0].Bid, s.Differences)
		}
	}
	// One may be on its way before the first is seen to be dearer, and one that
	// comes late comes at the price of then.
	most := 2
	for _, what := range r.struck {
		if strings.Contains(what, "late") || strings.Contains(what, "slow") {
			most++
		}
	}
	if reads := !slices.Contains(r.struck, "lists fail"); reads && dearer > most {
		r.t.Errorf("%d machines were rented dearer than offered", dearer)
	}
}

// TestAThousandFleetsLoseNothing plays seeded runs with everything that servers
// do to requests, on virtual time.
func TestAThousandFleetsLoseNothing(t *testing.T) {
	const parts = 8
	runs := uint64(1_000)
	if testing.Short() {
		runs = 200
	}
	var all fleetTally
	t.Cleanup(func() { all.check(t) })
	for part := range parts {
		t.Run(fmt.Sprintf("part %d", part), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(part); seed < runs && !t.Failed(); seed += parts {
				synctest.Test(t, func(t *testing.T) { playFleet(t, seed, &all) })
			}
		})
	}
}

func playFleet(t *testing.T, seed uint64, all *fleetTally) {
	r := newFleetRun(t, seed)
	r.play()
	r.check()
	all.add(r)
	r.takeBack()
	if t.Failed() {
		t.Logf("seed %d, %s, suffered %v\n%s%s\n%s", seed, r.plan.Title, r.struck, r.report.Text(), r.report.Summary(), r.j.text())
	}
}

// fleetTally makes sure that the runs have shown something.
type fleetTally struct {
	mu                                                                                                    sync.Mutex
	runs, full, short, skipped, failed, leftovers, differ, stopped, rented, found, unknown, hasty, broken int
}

func (n *fleetTally) add(r *fleetRun) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.runs++
	n.rented += len(r.report.Done)
	n.skipped += len(r.report.Skipped)
	n.failed += len(r.report.Failed)
	n.leftovers += len(r.report.Leftovers())
	n.unknown += len(r.report.Unknown)
	if r.report.Complete() {
		n.full++
	}
	if r.report.Short() {
		n.short++
	}
	if r.report.Err != nil {
		n.stopped++
	}
	for _, s := range r.report.Done {
		if len(s.Differences) > 0 {
			n.differ++
		}
		if strings.Contains(s.Why, "but it was rented") {
			n.found++
		}
		if strings.Contains(s.Why, "slow down (429), but it was rented") {
			n.hasty++
		}
		if r.on.lost[int64(s.Contract)] != "" {
			n.broken++
		}
	}
}

func (n *fleetTally) check(t *testing.T) {
	if t.Failed() {
		return
	}
	t.Logf("%d fleets: %d came out whole, %d short, %d were stopped; %d machines, %d of them found without an answer, %d not as asked for; %d candidates skipped, %d refused, %d left behind, %d left open",
		n.runs, n.full, n.short, n.stopped, n.rented, n.found, n.differ, n.skipped, n.failed, n.leftovers, n.unknown)
	if n.full < n.runs/5 || n.short == 0 || n.stopped == 0 || n.skipped == 0 || n.failed == 0 || n.differ == 0 || n.found == 0 || n.hasty == 0 || n.broken == 0 || n.leftovers == 0 || n.unknown == 0 {
		t.Error("too little happened")
	}
}

// changed is the request with its body changed by f.
func changed(r *http.Request, f func(map[string]any)) *http.Request {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return r
	}
	var body map[string]any
	if json.Unmarshal(raw, &body) == nil {
		f(body)
		if changed, err := json.Marshal(body); err == nil {
			raw = changed
		}
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return r
}
