//go:build (system || long) && unix

package rental_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// The test binary rents one offer, or recovers, and nothing else when this variable is set.
const errandVariable = "VASTDECK_TEST_ERRAND"

// errand is what a child process is to do.
type errand struct {
	URL     string
	Journal string // the folder that all of them share
	Agent   string // names the process to the server
	Seed    uint64
	Recover bool          // look for what others left open, and rent nothing
	Fleet   int           // rent so many at once; 0 = one by itself
	Hold    point         // stand still there until killed …
	Skip    int           // … having passed it so many times
	Policy  rental.Policy // of the product, divided …
	Divisor int           // … by this

	passed *int // how often Hold was passed
}

// point is a moment in the life of a child, as it tells it while it passes.
type point string

const (
	pointStarted  point = "started" // the process is there, its journal is not
	pointReady    point = "ready"   // the plan is made
	pointPlan     point = "after plan"
	pointIntent   point = "after intent"
	pointSending  point = "before sent"
	pointSent     point = "after sent"
	pointAsked    point = "asked"   // the request is handed to the client
	pointArrived  point = "arrived" // told by the server: the request is there, nothing is done yet
	pointAnswered point = "answered"
	pointOutcome  point = "after outcome" // what came of the request is written down
	pointReported point = "reported"
)

// announces is how a child tells when it is going to send its request.
const announces = "announces "

// outcomes are the records that say what came of a request.
const outcomes = " confirmed rejected notsent unknown absent "

// of is the point that a told moment stands for: all outcomes are one point.
func of(told string) point {
	when, kind, _ := strings.Cut(told, " ")
	if kind != "" && strings.Contains(outcomes, " "+kind+" ") {
		return point(when + " outcome")
	}
	return point(told)
}

// dividedPolicy is that of the product with everything lasting so much shorter.
func dividedPolicy(divisor int) rental.Policy {
	p := rental.DefaultPolicy()
	for _, d := range []*time.Duration{
		&p.Request, &p.Wait, &p.Quit, &p.Fresh, &p.Refresh, &p.Settle, &p.Pace, &p.Seen, &p.GiveUp,
	} {
		*d /= time.Duration(divisor)
	}
	return p
}

// newClient makes the product's client with the divided intervals. Its own time
// limits stay: dialling or planning on a loaded machine may take longer than a
// thousandth, and what counts here is ended by the contexts of the policy.
func newClient(url, agent string, divisor int) (*vastapi.Client, error) {
	return vastapi.New(
		vastapi.WithBaseURL(url), vastapi.WithUserAgent(agent),
		vastapi.WithIntervals(vastapi.DefaultIntervals().Divided(divisor)),
		vastapi.WithKey(vastapi.KeyFunc(func() string { return "sim" })),
	)
}

// killedAccount is whose account all processes change.
const killedAccount = "1"

func init() {
	text := os.Getenv(errandVariable)
	if text == "" {
		return
	}
	var e errand
	err := json.Unmarshal([]byte(text), &e)
	if err == nil {
		err = e.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// tell says on stdout that the process has come to a moment. Told lines outlive
// the process in the pipe.
func (e errand) tell(moment string) {
	_, _ = io.WriteString(os.Stdout, moment+"\n")
	if e.Hold == "" || of(moment) != e.Hold {
		return
	}
	if *e.passed++; *e.passed > e.Skip {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends when the parent has ended
		os.Exit(1)
	}
}

func (e errand) run() error {
	e.passed = new(int)
	e.tell(string(pointStarted))
	journal, err := store.OpenJournal(e.Journal)
	if err != nil {
		return err
	}
	defer func() { _ = journal.Close() }()
	client, err := newClient(e.URL, e.Agent, e.Divisor)
	if err != nil {
		return err
	}
	deps := rental.Deps{API: openDoer{client, e}, Read: client, Journal: openJournal{journal, e}, Policy: e.Policy, Account: killedAccount}
	if e.Recover {
		e.tell(string(pointReady))
		_, err := rental.Recover(context.Background(), deps, nil)
		e.tell(string(pointReported))
		return err
	}
	plan, err := e.plan(client)
	if err != nil {
		e.tell("idle " + err.Error()) // nothing was begun; the parent allows few of these
		return nil
	}
	e.tell(string(pointReady))
	return e.report(rental.Execute(context.Background(), deps, plan, nil))
}

// plan picks one of the cheapest offers, not the same as the others who are
// doing so at this moment, mostly.
func (e errand) plan(client *vastapi.Client) (rental.Plan, error) {
	const disk = 16
	page, err := client.SearchOffers(context.Background(), vastapi.OfferSearch{
		Filter: vastapi.Filter{"rentable": {"eq": true}, "rented": {"eq": false}, "disk_space": {"gte": 2 * disk}},
		Order:  [][2]string{{"dph_total", "asc"}}, Storage: disk, Limit: 40,
	})
	if err != nil {
		return rental.Plan{}, err
	}
	if len(page.Offers) == 0 {
		return rental.Plan{}, errors.New("the market is empty")
	}
	user, err := client.User(context.Background())
	if err != nil {
		return rental.Plan{}, err
	}
	now := time.Now()
	rnd := rand.New(rand.NewPCG(e.Seed, 9))
	opt := rental.RentOptions{Image: "pytorch/pytorch:latest", Disk: disk, Name: "kill"}
	desk := rental.Desk{
		Now: now, At: now, Credit: user.Spendable(), Burn: pricing.Burn{},
		Caps: rental.Caps{Action: 1e3, Total: 1e6},
	}
	if e.Fleet > 0 {
		rnd.Shuffle(len(page.Offers), func(a, b int) { page.Offers[a], page.Offers[b] = page.Offers[b], page.Offers[a] })
		some := page.Offers[:min(len(page.Offers), 3*e.Fleet)]
		return rental.PlanFleet(some, now, rental.FleetOptions{Rent: opt, Count: e.Fleet, Ceiling: 100}, desk)
	}
	return rental.PlanRent(page.Offers[rnd.IntN(len(page.Offers))], now, opt, desk)
}

// report tells the end of a rent that was survived, for the parent to hold
// against the account.
func (e errand) report(r rental.Report) error {
	if errors.Is(r.Err, rental.ErrJournal) || errors.Is(r.Err, rental.ErrUsed) {
		return r.Err
	}
	w := bufio.NewWriter(os.Stdout)
	for _, s := range r.Done {
		fmt.Fprintf(w, "done %s %d\n", s.Step.Token, s.Contract)
	}
	for _, s := range append(r.Failed, r.Skipped...) {
		fmt.Fprintf(w, "failed %s\n", s.Step.Token)
	}
	for _, s := range r.NotTried {
		fmt.Fprintf(w, "untried %s\n", s.Step.Token)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	e.tell(string(pointReported))
	return nil
}

// openJournal tells of every record before it is written and when it is on disk.
type openJournal struct {
	*store.Journal
	e errand
}

func (j openJournal) Append(line []byte) error {
	var r struct {
		Kind string    `json:"kind"`
		Time time.Time `json:"t"`
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	if r.Kind == "sent" {
		j.e.tell(announces + r.Time.Format(time.RFC3339Nano))
	}
	j.e.tell("before " + r.Kind)
	err := j.Journal.Append(line)
	if err == nil {
		j.e.tell("after " + r.Kind)
	}
	return err
}

// openDoer tells of a request before it is handed to the client and when the
// client says what came of it.
type openDoer struct {
	*vastapi.Client
	e errand
}

func (d openDoer) Do(ctx context.Context, c vastapi.Call) vastapi.Result {
	d.e.tell(string(pointAsked))
	res := d.Client.Do(ctx, c)
	d.e.tell(string(pointAnswered))
	return res
}
