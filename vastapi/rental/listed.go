package rental

import (
	"time"

	"vastdeck/vastapi"
)

// Listed is an instance that a reading of the account has shown, so that what it
// will be billed is counted there and not once more as an operation.
type Listed struct {
	Instance vastapi.InstanceID
	Token    string // of the rental that its label carries, "" without one
	Runs     bool   // it is to run
}

func listed(instances []vastapi.Instance) []Listed {
	out := make([]Listed, 0, len(instances))
	for n := range instances {
		i := &instances[n]
		_, token := SplitLabel(i.Label.String())
		out = append(out, Listed{Instance: i.ID, Token: token, Runs: i.Intended.String() == "running"})
	}
	return out
}

// counts reports whether a reading that showed the listed instances has what op
// adds to the running total in it already.
func counts(list []Listed, op Op) bool {
	for _, l := range list {
		switch {
		case op.Verb == "rent" && (op.Token != "" && l.Token == op.Token || op.Contract != 0 && l.Instance == op.Contract):
			return true
		case op.Verb == "start" && l.Instance == op.Subject.Instance:
			return l.Runs
		}
	}
	return false
}

// reading is one reading of the account: whose, when, and what it showed.
type reading struct {
	account string
	at      time.Time
	lag     time.Duration // the list may be so far behind what was done
	listed  []Listed
}

// pending is what the operations of the account may add to a running total that
// was read: those without an answer and those confirmed since, as far as the
// reading does not show them. A rental that was confirmed shortly before counts
// too as long as it is not listed, since the list may have been behind.
func (o Ops) pending(r reading) vastapi.Rate {
	ended := map[vastapi.InstanceID]bool{}
	for _, op := range o.list {
		if op.Verb == "destroy" && op.State == OpConfirmed {
			ended[op.Subject.Instance] = true
		}
	}
	total := o.reserved(r.account, r.listed)
	for _, op := range o.list {
		since := r.at
		if op.Verb == "rent" {
			since = since.Add(-r.lag)
		}
		gone := op.Contract != 0 && ended[op.Contract]
		if op.State == OpConfirmed && op.Ended.After(since) && op.of(r.account) && !gone && !counts(r.listed, op) {
			total += op.MaxRate
		}
	}
	return total
}
