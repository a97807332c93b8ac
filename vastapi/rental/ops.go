package rental

import (
	"fmt"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// OpState is how far an operation is, as the journal tells.
type OpState string

// The states of an operation.
const (
	OpIntended  OpState = "intended" // nothing was sent
	OpSent      OpState = "sent"     // in flight, or its process died
	OpUnknown   OpState = "unknown"  // no answer came
	OpConfirmed OpState = "confirmed"
	OpRejected  OpState = "rejected"
	OpNotSent   OpState = "not sent"
	OpAbsent    OpState = "absent"
	OpClosed    OpState = "closed" // it never became known, and is not looked for any more
)

// Op is one operation of the journal: one step of one plan.
type Op struct {
	ID, Plan string
	Account  string // as Deps.Account told; "" = not told
	Verb     string
	State    OpState
	Token    string
	Label    string // the full label that was sent
	Image    string
	Disk     vastapi.GB
	Bid      *vastapi.Rate
	Asked    string                  // what a start or a stop asked for
	Amount   vastapi.Amount          // what was paid ahead
	Increase vastapi.PriceIncreaseID // the price increase that was answered
	Key      string                  // the public ssh key that was added or attached, "" = none
	KeyID    int64                   // the ssh key that was deleted or detached, 0 = none
	About    string                  // the name of the API key or the variable of the account that it is about, or both ends of a copy; "" = none
	APIKey   int64                   // the API key that was deleted, 0 = none
	Newest   vastapi.InstanceID      // the highest id of an instance that was known before, 0 = none
	Subject  Subject
	MaxRate  vastapi.Rate // what it may add to the running total; unknown when it spends but did not say

	Intended time.Time
	Sent     time.Time // the latest time it was sent
	Ended    time.Time
	Contract vastapi.InstanceID

	last time.Time // of the record that set State
	said reply     // what was answered when it is OpUnknown
	kept kept

	newestVolume vastapi.VolumeID // the highest id of a volume that was known before
	newestKey    int64            // the highest id of an API key that was known before
	changes      bool             // the variable was there before
	may          []vastapi.Right  // what the new key may do; "all" is everything
	deposit      vastapi.Amount   // what was left of what was paid ahead before, unknown when not told
	was          vastapi.Rate     // what the instance cost while running before, unknown when not told
	change       vastapi.Rate     // by how much another bid changes what is billed, unknown when not told
}

// Open reports whether it is not known what became of the operation.
func (o Op) Open() bool { return o.State == OpSent || o.State == OpUnknown }

// of reports whether the operation is one of account, or may be.
func (o Op) of(account string) bool {
	return o.Account == account || o.Account == "" || account == ""
}

// spends reports whether the operation can raise what the account is billed.
func (o Op) spends() bool {
	return o.Verb == "rent" || o.Verb == "create volume" || o.Verb == "clone volume" || o.Verb == "bid" || o.Verb == "accept" || o.Asked == "running"
}

// Ops is what the journals of this machine tell. It does not change.
type Ops struct {
	list    []Op
	byID    map[string]int
	claims  map[string][]record // by plan
	moments map[string][]Moment // by operation
	byToken map[string]int      // the first rental with a token
}

// Open reads the journal. An error means that it is damaged or written by a
// newer version: nothing may be spent then.
func Open(j Journal) (Ops, error) {
	ops := Ops{byID: map[string]int{}, claims: map[string][]record{}, moments: map[string][]Moment{}, byToken: map[string]int{}}
	err := j.Replay(func(line []byte) error {
		r, err := decodeRecord(line)
		if err == nil {
			ops.apply(r)
		}
		return err
	})
	if err != nil {
		return Ops{}, fmt.Errorf("%w (%w)", ErrJournal, err)
	}
	return ops, nil
}

func (o *Ops) apply(r record) {
	if r.Op != "" {
		o.moments[r.Op] = append(o.moments[r.Op], momentOf(r))
	}
	switch r.Kind {
	case recordPlan:
		o.claims[r.Plan] = append(o.claims[r.Plan], r)
	case recordIntent:
		o.intend(r)
	default:
		o.advance(r)
	}
}

// intend notes what an operation is about. A record of its outcome may have
// been seen before: another process may have settled it, in a journal of its own.
func (o *Ops) intend(r record) {
	op := o.find(r)
	op.Plan, op.Verb, op.Token, op.Label, op.Image = r.Plan, r.Verb, r.Token, r.Label, r.Image
	op.Account = r.Account
	if _, known := o.byToken[r.Token]; r.Token != "" && !known {
		o.byToken[r.Token] = o.byID[r.Op]
	}
	op.Disk, op.Bid, op.Asked, op.Intended = r.Disk, r.Bid, r.State, r.Time
	op.Subject = Subject{Offer: r.Offer, Instance: r.Instance, Machine: r.Machine, Volume: r.Volume}
	op.newestVolume = r.NewestV
	op.Increase, op.Newest, op.kept = r.Increase, r.Newest, r.kept
	op.Key, op.KeyID = r.Key, r.KeyID
	op.About, op.APIKey, op.newestKey, op.changes, op.may = r.About, r.APIKey, r.NewestK, r.Changes, r.May
	op.Amount, op.deposit, op.was, op.change = figureOf(r.Amount), figureOf(r.Deposit), figureOf(r.Was), figureOf(r.Change)
	switch {
	case r.MaxRate != nil:
		op.MaxRate = *r.MaxRate
	case op.spends():
		op.MaxRate = vastapi.Unknown[vastapi.Rate]()
	}
}

// figureOf is a figure of a record, unknown when the record has none.
func figureOf[T ~float64](figure *T) T {
	if figure == nil {
		return vastapi.Unknown[T]()
	}
	return *figure
}

// find returns the operation of r, new if it is.
func (o *Ops) find(r record) *Op {
	n, known := o.byID[r.Op]
	if !known {
		n = len(o.list)
		o.byID[r.Op] = n
		o.list = append(o.list, Op{ID: r.Op, Plan: r.Plan, State: OpIntended})
	}
	return &o.list[n]
}

var stateAfter = map[string]OpState{
	recordSent:      OpSent,
	recordUnknown:   OpUnknown,
	recordConfirmed: OpConfirmed,
	recordRejected:  OpRejected,
	recordNotSent:   OpNotSent,
	recordAbsent:    OpAbsent,
}

// advance moves an operation on. The journals of several processes are read one
// after the other, so it is the time of the records that orders them.
func (o *Ops) advance(r record) {
	op := o.find(r)
	if r.Contract != 0 {
		op.Contract = r.Contract
	}
	if r.Time.Before(op.last) {
		return
	}
	if (r.Kind == recordAbsent || r.Closed) && op.State == OpConfirmed {
		return // another process saw it; this one read before that, or after it was destroyed
	}
	op.last, op.State = r.Time, stateAfter[r.Kind]
	if r.Kind == recordUnknown && r.Closed {
		op.State = OpClosed
	}
	op.said = reply{r.Status, vastapi.Kind(r.Error)}
	switch {
	case r.Kind == recordSent:
		op.Sent = r.Time
	case !op.Open():
		op.Ended = r.Time
	}
}

// All returns every operation, the oldest of each process first.
func (o Ops) All() []Op { return slices.Clone(o.list) }

// Open returns the operations of which it is not known what became of them, of
// all accounts.
func (o Ops) Open() []Op { return o.OpenFor("") }

// Used reports whether the plan was tried before, by any process.
func (o Ops) Used(planID string) bool { return len(o.claims[planID]) > 0 }

// Reserved is what the open operations may add to the running total: they count
// against the caps until it is known what became of them. It takes those of all
// accounts and knows no instance: ReservedFor is exact.
func (o Ops) Reserved() vastapi.Rate { return o.ReservedFor("", nil) }

// ReservedFor is what the open operations of account may add to the running
// total beyond what the given instances Will be billed: a rental that is listed
// already, and a start whose instance is to run already, count there. Operations
// that name no account count for every one, and account "" counts all.
func (o Ops) ReservedFor(account string, instances []vastapi.Instance) vastapi.Rate {
	return o.reserved(account, listed(instances))
}

func (o Ops) reserved(account string, list []Listed) vastapi.Rate {
	var total vastapi.Rate
	for _, op := range o.list {
		if op.Open() && op.of(account) && !counts(list, op) {
			total += op.MaxRate
		}
	}
	return total
}

// OpenFor returns the operations of account of which it is not known what became
// of them; those that name no account are everybody's, and account "" has all.
func (o Ops) OpenFor(account string) []Op {
	var open []Op
	for _, op := range o.list {
		if op.Open() && op.of(account) {
			open = append(open, op)
		}
	}
	return open
}

// ByToken finds the rental that carries token.
func (o Ops) ByToken(token string) (Op, bool) {
	if n, known := o.byToken[token]; known {
		return o.list[n], true
	}
	return Op{}, false
}

// Orphans returns the instances that carry the token of a rental, but not of
// one this machine knows to have happened: a rent that was given up for absent
// and came late, the second of two instances with one token, or one whose
// journal is gone. Rentals that are still being looked for are not among them.
func Orphans(instances []vastapi.Instance, ops Ops) []vastapi.InstanceID {
	var out []vastapi.InstanceID
	for _, s := range Strays(instances, ops) {
		out = append(out, s.Instance)
	}
	return out
}
