//go:build (system || long) && unix

package rental_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

const (
	asksPath = "/api/v0/asks/"
	listPath = "/api/v1/instances/"

	// mostAtOnce is how many children are alive at a time.
	mostAtOnce = 4
	// fleetEvery so many processes one rents a fleet of up to largestFleet.
	fleetEvery   = 4
	largestFleet = 4
	// recoverEvery so many rents a process looks for what others left, while
	// others rent.
	recoverEvery = 8
	// refuseEvery so many reads of the list one is refused, slowEvery so many
	// one is answered at once but arrives up to slowest later.
	refuseEvery = 17
	slowEvery   = 3
	slowest     = 100 * ms
)

// season is one account on a server, one folder of journals, and a number of
// processes that rent and are killed.
type season struct {
	world   *vastsim.World
	server  *httptest.Server
	folder  string
	divisor int // how much shorter everything lasts than in the product
	policy  rental.Policy
	runs    int
	seed    uint64
	moments []moment
	faults  []chance

	served   atomic.Int64
	lists    atomic.Int64
	overdues atomic.Int64

	mu       sync.Mutex
	children map[string]*child // by the agent they call themselves
	reports  []string          // what survivors said at their end
	files    int               // processes that wrote a record
	tally    tally
}

func newSeason(t *testing.T, seed uint64, runs, divisor int) *season {
	s := &season{
		world: vastsim.New(
			vastsim.WithSeed(int64(seed)), vastsim.WithOffers(2_000), vastsim.WithQuietMarket(),
			vastsim.WithEmptyAccount(), vastsim.WithCredit(1e6),
		),
		folder: t.TempDir(), divisor: divisor, policy: dividedPolicy(divisor), runs: runs, seed: seed, moments: moments, faults: faults,
		children: map[string]*child{}, tally: newTally(),
	}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.server.Close)
	return s
}

// serve is the simulator, with what the sender of the request is to suffer.
func (s *season) serve(rw http.ResponseWriter, r *http.Request) {
	s.served.Add(1)
	s.mu.Lock()
	c := s.children[r.UserAgent()]
	s.mu.Unlock()
	var f vastsim.Fault
	switch {
	case c != nil && r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, asksPath):
		c.passes(pointArrived)
		f = c.fault
		if s.overdue(c) {
			f = vastsim.Fault{Kind: vastsim.Reset}
		}
	case r.Method == http.MethodGet && r.URL.Path == listPath:
		f = listFault(s.lists.Add(1))
	}
	if f.Kind != "" {
		f.Method, f.Path, f.Times = r.Method, r.URL.Path, 1
		defer s.world.Fault(f)()
	}
	s.world.Handler().ServeHTTP(rw, r)
}

// overdue reports whether a request has been on its way for longer than any may
// be. Where all is so much shorter that happens on a loaded machine; it is lost
// then, since a program cannot wait for it.
func (s *season) overdue(c *child) bool {
	<-c.announced // told before the request left
	at := c.announcedAt()
	late := !at.IsZero() && time.Since(at) > s.policy.Wait+s.policy.Request
	if late {
		s.overdues.Add(1)
	}
	return late
}

// listFault is what becomes of the n-th read of the list.
func listFault(n int64) vastsim.Fault {
	switch {
	case n%refuseEvery == 0:
		return vastsim.Fault{Kind: vastsim.Status, Status: http.StatusServiceUnavailable}
	case n%slowEvery == 0:
		return vastsim.Fault{Kind: vastsim.Latency, Delay: slowest * time.Duration(n%refuseEvery) / refuseEvery}
	}
	return vastsim.Fault{}
}

// play lets all processes live and die.
func (s *season) play(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(s.seed, 0))
	free := make(chan struct{}, min(mostAtOnce, runtime.NumCPU()))
	var all sync.WaitGroup
	start := func(c *child) {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			if err := s.live(program, c); err != nil {
				t.Errorf("%s, killed %+v: %v", c.Agent, c.moment, err)
			}
		})
	}
	for n := range s.runs {
		start(s.child(rnd, fmt.Sprintf("rent/%d.%d", s.seed, n), s.moments, false))
		if n%recoverEvery == recoverEvery-1 {
			start(s.child(rnd, fmt.Sprintf("recover/%d.%d", s.seed, n), recoveryMoments, true))
		}
	}
	all.Wait()
}

// child draws the life of a process.
func (s *season) child(rnd *rand.Rand, agent string, moments []moment, recovers bool) *child {
	c := &child{
		errand: errand{
			URL: s.server.URL, Journal: s.folder, Agent: agent, Seed: rnd.Uint64(), Recover: recovers, Policy: s.policy, Divisor: s.divisor,
		},
		moment: moments[rnd.IntN(len(moments))],
		fault:  s.faults[rnd.IntN(len(s.faults))](rnd),

		announced: make(chan struct{}),
	}
	c.delay = upTo(rnd, c.moment.after)
	if !recovers && rnd.IntN(fleetEvery) == 0 {
		c.Fleet = 2 + rnd.IntN(largestFleet-1)
		c.Skip = rnd.IntN(c.Fleet)
	}
	c.skip = c.Skip
	if c.moment.hold {
		c.Hold = c.moment.at
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.children[agent] = c
	return c
}

// live starts a process, kills it when its moment has come, and waits for its
// end. An end that is neither a kill nor a success is an error.
func (s *season) live(program string, c *child) error {
	text, err := json.Marshal(c.errand)
	if err != nil {
		return err
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), errandVariable+"="+string(text))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe() // held open: a child that stands still ends with this process
	if err != nil {
		return err
	}
	defer func() { _ = stdin.Close() }()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.born(cmd.Process)
	told := c.listen(stdout)
	err = cmd.Wait()
	c.buried()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	killed := ok && status.Signaled() && status.Signal() == syscall.SIGKILL
	s.ended(c, told, killed)
	if err != nil && !killed {
		return fmt.Errorf("%w: %s", err, stderr.String())
	}
	return nil
}

// child is a process and what is to become of it.
type child struct {
	errand
	moment moment
	delay  time.Duration
	fault  vastsim.Fault

	announced chan struct{} // closed when the process has told, or can no longer tell, …

	mu      sync.Mutex
	at      time.Time // … when it announced its latest request
	skip    int       // so many times its moment passes without harm
	process *os.Process
	doomed  bool
	timer   *time.Timer
}

func (c *child) born(p *os.Process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.process = p
}

func (c *child) buried() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doomed = true
	if c.timer != nil {
		c.timer.Stop()
	}
}

// listen hears what the process tells until it tells no more.
func (c *child) listen(r io.Reader) []string {
	var told []string
	known := sync.OnceFunc(func() { close(c.announced) })
	defer known()
	in := bufio.NewScanner(r)
	for in.Scan() {
		if text, ok := strings.CutPrefix(in.Text(), announces); ok {
			c.announce(text)
			known()
			continue
		}
		told = append(told, in.Text())
		c.passes(of(in.Text()))
	}
	return told
}

func (c *child) announce(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, _ = time.Parse(time.RFC3339Nano, text) // none is never overdue
}

func (c *child) announcedAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// passes kills the process if p is its moment, or a little later.
func (c *child) passes(p point) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doomed || c.process == nil || p != c.moment.at {
		return
	}
	if c.skip--; c.skip >= 0 {
		return
	}
	c.doomed = true
	kill := func() { _ = c.process.Kill() } // it may have come to its end before
	if c.delay == 0 {
		kill()
		return
	}
	c.timer = time.AfterFunc(c.delay, kill)
}

// ended takes note of the end of a process.
func (s *season) ended(c *child, told []string, killed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.children, c.Agent)
	for _, line := range told {
		what, _, _ := strings.Cut(line, " ")
		switch what {
		case "done", "failed", "untried":
			s.reports = append(s.reports, line)
		case "idle":
			s.tally.idle = append(s.tally.idle, line)
		}
	}
	if slices.ContainsFunc(told, func(line string) bool { return strings.HasPrefix(line, "after ") }) {
		s.files++
	}
	if c.Recover {
		s.tally.recoveries++
		if killed {
			s.tally.recoveriesKilled++
		}
		return
	}
	s.tally.runs++
	if c.Fleet > 0 {
		s.tally.fleets++
	}
	if killed {
		s.tally.kills[window(told)]++
	}
}

// recover does what the next start of the program does: it reads the account
// until the journal leaves nothing open.
func (s *season) recover(t *testing.T) {
	journal, err := store.OpenJournal(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = journal.Close() }()
	s.adopt(t, journal)
	client, err := newClient(s.server.URL, "recover/last", s.divisor)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	deps := rental.Deps{API: client, Read: client, Journal: journal, Policy: s.policy, Account: killedAccount}
	if _, err := rental.Recover(context.Background(), deps, nil); err != nil {
		t.Fatal(err)
	}
	ops, err := rental.Open(journal)
	if err != nil {
		t.Fatal(err)
	}
	page, err := client.Instances(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if orphans := rental.Orphans(page.Instances, ops); len(orphans) > 0 {
		t.Errorf("the program would show instances %v as rented by nobody", orphans)
	}
}

// adopt makes sure that every file that was left behind can be taken over: its
// lock died with its process, and it reads to its end.
func (s *season) adopt(t *testing.T, journal *store.Journal) {
	orphans, err := journal.Orphans()
	if err != nil {
		t.Error(err)
	}
	if len(orphans) < s.files {
		t.Errorf("%d journals can be adopted, %d processes wrote one", len(orphans), s.files)
	}
	for _, o := range orphans {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
}

// history is what has become of the account, and what the journals tell.
func (s *season) history(t *testing.T) history {
	t.Helper()
	journal, err := store.OpenJournal(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = journal.Close() }()
	h := history{instances: s.world.Instances()}
	if err := journal.Replay(h.journal.Append); err != nil {
		t.Fatal(err)
	}
	if kept := len(s.world.Calls("", "")); int64(kept) != s.served.Load() {
		t.Fatalf("the world remembers %d of %d requests: play fewer runs a season", kept, s.served.Load())
	}
	for _, call := range s.world.Calls(http.MethodPut, asksPath) {
		token, err := askedFor(call)
		if err != nil {
			t.Errorf("status %d: %v", call.Status, err)
			continue
		}
		h.asked = append(h.asked, token)
		h.at = append(h.at, call.At)
	}
	return h
}

// check compares, counts, and makes sure that the comparison can fail.
func (s *season) check(t *testing.T) {
	s.server.Close() // nothing is on its way any more
	h := s.history(t)
	found, ops, err := h.compare()
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("season %d: the account and the journal disagree:\n%s", s.seed, found)
		for what, tokens := range found {
			t.Logf("%s: %s\n%s", what, tokens[0], h.story(tokens[0]))
		}
		return
	}
	s.checkReports(t, h)
	s.tally.asked += len(h.asked)
	s.tally.overdue += int(s.overdues.Load())
	s.tally.instances += len(h.instances)
	for _, op := range ops.All() {
		s.tally.ends[op.State]++
	}
	for n, token := range h.asked {
		if op, ok := ops.ByToken(token); ok {
			s.tally.lag = max(s.tally.lag, h.at[n].Sub(op.Sent))
		}
	}
	if s.runs >= enoughRuns {
		checkNoticed(t, h)
	}
}

// checkReports holds what the survivors were told against the account.
func (s *season) checkReports(t *testing.T, h history) {
	for _, line := range s.reports {
		var what, token string
		var contract int64
		_, _ = fmt.Sscan(line, &what, &token, &contract) // no contract is 0
		there := int64(0)
		for _, i := range h.instances {
			if strings.HasSuffix(i.Label, token) {
				there = i.ID
			}
		}
		if there != contract {
			t.Errorf("a survivor said %q, the account holds %d", line, there)
		}
		s.tally.reports++
	}
}
