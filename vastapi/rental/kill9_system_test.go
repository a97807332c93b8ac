//go:build (system || long) && unix

package rental_test

import (
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// runsVariable sets how many processes rent, in place of the number of the test.
const (
	runsVariable = "VASTDECK_TEST_KILLS"
	maxRuns      = 100_000
)

// TestAProcessKilledWhileRentingLosesNoRental kills real processes with SIGKILL
// at every moment of a rent, while the server does to the answers whatever
// servers do, and holds the account against the journals they left.
func TestAProcessKilledWhileRentingLosesNoRental(t *testing.T) {
	killRenters(t, 300)
}

// TestAbsenceBelievedTooSoonIsNoticed shows that the driver can fail: a program
// that does not wait for a rent that comes late loses it.
func TestAbsenceBelievedTooSoonIsNoticed(t *testing.T) {
	const late = 3 * time.Second
	s := newSeason(t, 1, 16, pace(t))
	s.policy.Settle, s.policy.Checks = 0, 1
	s.moments = []moment{{}}
	s.faults = []chance{anyDelay(vastsim.LateCommit, 0, late, late)}
	s.play(t)
	for all := s.world.Now().Add(late); s.world.Now().Before(all); {
		<-time.After(100 * ms)
	}
	got, ops, err := s.history(t).compare()
	if err != nil {
		t.Fatal(err)
	}
	found := 0 // by processes that did not come to look before
	for _, op := range ops.All() {
		if op.State == rental.OpConfirmed {
			found++
		}
	}
	if there := len(s.world.Instances()); len(got[lost]) == 0 || len(got[lost])+found != there {
		t.Errorf("%d operations made %d instances, %d were found; noticed:\n%s", len(ops.All()), there, found, got)
	}
}

// killRenters plays as many runs as the variable says, or else runs, in seasons
// with an account and a folder each.
func killRenters(t *testing.T, runs int) {
	if text := os.Getenv(runsVariable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxRuns {
			t.Fatalf("%s=%q: want 1 to %d", runsVariable, text, maxRuns)
		}
		runs = n
	}
	const most = 300
	divisor := pace(t)
	begun, all := time.Now(), newTally()
	for seed := uint64(1); all.runs < runs && !t.Failed(); seed++ {
		s := newSeason(t, seed, min(most, runs-all.runs), divisor)
		s.play(t)
		s.recover(t)
		s.check(t)
		all.add(s.tally)
	}
	t.Logf("%s\n%d runs in %s, everything %d times shorter", &all, all.runs, time.Since(begun).Round(time.Millisecond), divisor)
	all.check(t)
}

// pace is how much shorter than in the product everything can last here: a first
// season tells how long a request is on its way on this machine with its disk, as
// loaded as it is, and most of them are to arrive in a fraction of the time in which
// the product gives them up. What the first season did is checked like any other.
func pace(t *testing.T) int {
	t.Helper()
	const runs, first, shortest, longest, room = 24, 250, 500, 50, 4
	s := newSeason(t, 77, runs, first)
	s.play(t)
	s.recover(t)
	s.check(t)
	limit := rental.DefaultPolicy().Wait + rental.DefaultPolicy().Request
	return int(min(max(limit/max(room*s.tally.lag, 1), longest), shortest))
}

// moment is when a process is killed.
type moment struct {
	at    point         // "" = never
	after time.Duration // at most so much later
	hold  bool          // the process stands still there
}

const ms = time.Millisecond

// moments are when processes are killed. Where the window is short the process
// stands still in it, so that it is hit for sure; the rest hits what it hits.
var moments = []moment{
	{}, // lives
	{at: pointStarted, after: 60 * ms},
	{at: pointReady, after: 3 * ms},
	{at: pointReady, after: 60 * ms},
	{at: pointReady, after: 250 * ms},
	{at: pointPlan, after: ms / 2},
	{at: pointPlan, hold: true},
	{at: pointIntent, after: ms / 5},
	{at: pointIntent, hold: true},
	{at: pointSending, after: ms / 5},
	{at: pointSent, after: ms},
	{at: pointSent, hold: true},
	{at: pointAsked, after: ms},
	{at: pointAsked, after: 10 * ms},
	{at: pointArrived},
	{at: pointArrived, after: 2 * ms},
	{at: pointAnswered, hold: true},
	{at: pointAnswered, after: ms / 5},
	{at: pointOutcome, hold: true},
	{at: pointOutcome, after: ms / 5},
	{at: pointOutcome, after: 5 * ms},
	{at: pointOutcome, after: 150 * ms},
}

// recoveryMoments are when processes are killed that look for what others left.
var recoveryMoments = []moment{
	{},
	{at: pointReady, after: 60 * ms},
	{at: pointReady, after: 300 * ms},
	{at: pointOutcome, hold: true},
	{at: pointOutcome, after: 2 * ms},
}

// chance draws what becomes of one request to rent.
type chance func(*rand.Rand) vastsim.Fault

// faults are what becomes of requests to rent. What comes late comes before
// absence may be believed.
var faults = []chance{
	anyDelay("", 0, 0, 0),
	anyDelay("", 0, 0, 0),
	anyDelay(vastsim.LostAnswer, 0, 0, 0),
	anyDelay(vastsim.LateCommit, 0, 0, 150*ms),
	anyDelay(vastsim.LateCommit, 0, 100*ms, 150*ms),
	anyDelay(vastsim.Truncate, 0, 0, 0),
	anyDelay(vastsim.Reset, 0, 0, 0),
	anyDelay(vastsim.Status, http.StatusBadGateway, 0, 0),
	anyDelay(vastsim.Status, http.StatusTooManyRequests, 0, 0),
	anyDelay(vastsim.Latency, 0, 0, 120*ms),
}

// anyDelay is a fault with a delay between least and most.
func anyDelay(kind vastsim.Kind, status int, least, most time.Duration) chance {
	return func(rnd *rand.Rand) vastsim.Fault {
		return vastsim.Fault{Kind: kind, Status: status, Delay: least + upTo(rnd, most-least)}
	}
}

func upTo(rnd *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(rnd.Int64N(int64(most) + 1))
}
