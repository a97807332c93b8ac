//go:build (system || long) && unix

package rental_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/rental"
)

// enoughRuns is from when on every window is expected to have been hit.
const enoughRuns = 200

// The windows of a rent in which a process can die.
const (
	beforeIntent = "1 before the intent"
	beforeSent   = "2 between intent and sent"
	onItsWay     = "3 request on its way"
	answered     = "4 answered, not written down"
	reconciling  = "5 looking for a lost answer"
	afterwards   = "6 outcome written down"
)

var windows = []string{beforeIntent, beforeSent, onItsWay, answered, reconciling, afterwards}

// window is where a process was when it was killed.
func window(told []string) string {
	if len(told) == 0 {
		return beforeIntent
	}
	switch told[len(told)-1] {
	case "after intent", "before sent":
		return beforeSent
	case "after sent", string(pointAsked):
		return onItsWay
	case string(pointAnswered), "before confirmed", "before rejected", "before notsent", "before unknown":
		return answered
	case "after unknown", "before absent":
		return reconciling
	case "after confirmed", "after rejected", "after notsent", "after absent", string(pointReported):
		return afterwards
	}
	return beforeIntent
}

// tally counts what happened.
type tally struct {
	runs, fleets, reports        int
	recoveries, recoveriesKilled int
	kills                        map[string]int // by window
	ends                         map[rental.OpState]int
	idle                         []string
	asked, overdue, instances    int
	lag                          time.Duration // longest from a request being announced to its arrival
}

func newTally() tally { return tally{kills: map[string]int{}, ends: map[rental.OpState]int{}} }

func (a *tally) add(b tally) {
	a.runs += b.runs
	a.fleets += b.fleets
	a.reports += b.reports
	a.recoveries += b.recoveries
	a.recoveriesKilled += b.recoveriesKilled
	a.asked += b.asked
	a.overdue += b.overdue
	a.instances += b.instances
	a.lag = max(a.lag, b.lag)
	a.idle = append(a.idle, b.idle...)
	for k, n := range b.kills {
		a.kills[k] += n
	}
	for k, n := range b.ends {
		a.ends[k] += n
	}
}

func (a *tally) killed() int {
	n := 0
	for _, k := range a.kills {
		n += k
	}
	return n
}

func (a *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d processes rented, %d of them fleets, %d were killed, %d told their end, %d began nothing\n", a.runs, a.fleets, a.killed(), a.reports, len(a.idle))
	fmt.Fprintf(&b, "%d processes recovered meanwhile, %d were killed\n", a.recoveries, a.recoveriesKilled)
	for _, w := range slices.Sorted(maps.Keys(a.kills)) {
		fmt.Fprintf(&b, "  killed %-30s %4d\n", w[2:], a.kills[w])
	}
	fmt.Fprintf(&b, "%d requests to rent arrived, at most %s after they were announced, %d of them too late; %d instances\n",
		a.asked, a.lag.Round(ms/10), a.overdue, a.instances)
	for _, state := range slices.Sorted(maps.Keys(a.ends)) {
		fmt.Fprintf(&b, "  %-37s %4d\n", state, a.ends[state])
	}
	return b.String()
}

// check makes sure that the runs have shown something.
func (a *tally) check(t *testing.T) {
	if a.runs < enoughRuns {
		return
	}
	for _, w := range windows {
		if a.kills[w] == 0 {
			t.Errorf("nothing was killed %s", w[2:])
		}
	}
	if a.fleets < a.runs/8 || a.killed() < a.runs/2 || a.instances < a.runs/5 || a.recoveriesKilled == 0 || a.ends[rental.OpAbsent] == 0 {
		t.Error("too little happened")
	}
	if len(a.idle) > a.runs/10 {
		t.Errorf("%d of %d processes could not begin: %s", len(a.idle), a.runs, a.idle[0])
	}
}
