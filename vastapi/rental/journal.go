package rental

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Journal keeps lines on disk. Append returns only when the line would survive
// a crash; Replay hands over every line of every process of this machine, each
// process's in the order they were appended.
type Journal interface {
	Append(line []byte) error
	Replay(func(line []byte) error) error
}

// The kinds of records.
const (
	recordPlan      = "plan"      // a process claims a plan
	recordIntent    = "intent"    // a request is about to be sent
	recordSent      = "sent"      // from here on it may have happened
	recordConfirmed = "confirmed" // it happened
	recordRejected  = "rejected"  // it did not: the server said so
	recordNotSent   = "notsent"   // it did not: no byte left this machine
	recordUnknown   = "unknown"   // no answer
	recordAbsent    = "absent"    // it did not: it was looked for long enough
)

// record is one line of the journal. It never holds the value of a variable, a
// registry login or a key: what is written here is all that is ever written.
type record struct {
	Kind string    `json:"kind"`
	Time time.Time `json:"t"`
	Plan string    `json:"plan,omitempty"`
	Op   string    `json:"op,omitempty"`

	// plan
	Run     string `json:"run,omitempty"`     // this attempt to carry the plan out
	Process string `json:"process,omitempty"` // the process that makes it

	// intent
	Account  string             `json:"account,omitempty"` // whose account it changes; "" = not told
	Verb     string             `json:"verb,omitempty"`
	Token    string             `json:"token,omitempty"`
	Label    string             `json:"label,omitempty"`
	Offer    vastapi.OfferID    `json:"ask,omitempty"`
	Instance vastapi.InstanceID `json:"instance,omitempty"`
	Machine  vastapi.MachineID  `json:"machine,omitempty"`
	Volume   vastapi.VolumeID   `json:"volume,omitempty"` // what is deleted or copied; with an outcome, what was made
	NewestV  vastapi.VolumeID   `json:"newest_volume,omitempty"`
	State    string             `json:"state,omitempty"` // what a start or a stop asked for
	MaxRate  *vastapi.Rate      `json:"max_dph,omitempty"`
	Bid      *vastapi.Rate      `json:"bid,omitempty"`
	Disk     vastapi.GB         `json:"disk,omitempty"`
	Image    string             `json:"image,omitempty"`
	Newest   vastapi.InstanceID `json:"newest,omitempty"` // the highest id of an instance that was known before
	kept

	// intents about what an instance costs, and what it was then
	Amount   *vastapi.Amount         `json:"amount,omitempty"`     // what is paid ahead
	Deposit  *vastapi.Amount         `json:"deposit,omitempty"`    // what was left of what was paid ahead before
	Increase vastapi.PriceIncreaseID `json:"increase,omitempty"`   // the price increase that is answered
	Was      *vastapi.Rate           `json:"was_dph,omitempty"`    // what it cost while running
	Change   *vastapi.Rate           `json:"change_dph,omitempty"` // what another bid adds to what is billed; below 0 when it saves

	// intents about ssh keys, of which only public halves are known
	Key   string `json:"ssh_key,omitempty"`    // the public key that is added
	KeyID int64  `json:"ssh_key_id,omitempty"` // the key that is taken away

	// intents about API keys and variables of the account, never a key or a value
	About   string          `json:"about,omitempty"`      // the name of the key or the variable, or both ends of a copy
	APIKey  int64           `json:"api_key_id,omitempty"` // the key that is taken away
	NewestK int64           `json:"newest_key,omitempty"` // the highest id of a key that was known before
	Changes bool            `json:"changes,omitempty"`    // the variable was there before
	May     []vastapi.Right `json:"may,omitempty"`        // what the key may do; "all" is everything

	// outcomes
	Contract vastapi.InstanceID `json:"contract,omitempty"`
	Via      string             `json:"via,omitempty"` // "response" or "reading"
	Status   int                `json:"status,omitempty"`
	Error    string             `json:"error,omitempty"` // the kind of error, never its text
	Checks   int                `json:"checks,omitempty"`
	Closed   bool               `json:"closed,omitempty"` // with unknown: it never became known, and is not looked for any more
}

// ErrJournal is why nothing was sent when the journal cannot be used.
var ErrJournal = errors.New("the journal on disk cannot be used, so nothing is sent: make sure there is space and the folder can be written")

// encode is the line for r.
func (r record) encode() ([]byte, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("writing a journal record: %w", err)
	}
	return line, nil
}

// decodeRecord reads one line. A record that is not understood is an error: it
// may be an open operation, and money must not be spent past one.
func decodeRecord(line []byte) (record, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("reading a journal record: %w", err)
	}
	switch r.Kind {
	case recordPlan:
		if r.Plan == "" || r.Run == "" {
			return r, errors.New("reading a journal record: a plan without an id")
		}
	case recordIntent, recordSent, recordConfirmed, recordRejected, recordNotSent, recordUnknown, recordAbsent:
		if r.Op == "" {
			return r, fmt.Errorf("reading a journal record: %s without an operation", r.Kind)
		}
	default:
		return r, fmt.Errorf("reading a journal record: kind %q is not known to this version", r.Kind)
	}
	return r, nil
}

// write appends r, with the time of now unless it has one.
func write(j Journal, r record) error {
	if r.Time.IsZero() {
		r.Time = time.Now().UTC()
	}
	line, err := r.encode()
	if err != nil {
		return err
	}
	if err := j.Append(line); err != nil {
		return fmt.Errorf("%w (%w)", ErrJournal, err)
	}
	return nil
}

// intentOf is the record that says what is about to be sent.
func intentOf(account, planID, op string, s Step) record {
	r := record{
		Kind: recordIntent, Plan: planID, Op: op, Account: account, Verb: s.Verb, Token: s.Token,
		Offer: s.Subject.Offer, Instance: s.Subject.Instance, Machine: s.Subject.Machine, Volume: s.Subject.Volume,
	}
	if spends(s.Call) && vastapi.Known(s.Rate) {
		r.MaxRate = &s.Rate
	}
	switch c := s.Call.(type) {
	case vastapi.CreateInstance:
		r.Label, r.Disk, r.Image, r.Bid, r.kept = c.Label, c.Disk, c.Image, c.Price, keptOfRent(c)
	case vastapi.UpdateInstance:
		r.Image, r.kept = c.Image, keptOfUpdate(c)
	case vastapi.PrepayInstance:
		r.Amount = &c.Amount
		if s.Was != nil && vastapi.Known(s.Was.Deposit) {
			r.Deposit = &s.Was.Deposit
		}
	case vastapi.ChangeBid:
		r.Bid, r.Was, r.Change = &c.Price, costOf(s.Was), changeOf(s.Was, c.Price)
	case vastapi.AcceptPriceIncrease:
		r.Increase, r.Was = c.Increase, costOf(s.Was)
	case vastapi.RejectPriceIncrease:
		r.Increase, r.Was = c.Increase, costOf(s.Was)
	case vastapi.CreateVolume:
		r.Disk, r.Label = c.Size, c.Name
	case vastapi.CloneVolume:
		r.Disk = c.Size
	case vastapi.CopyData:
		r.About = c.From.String() + copyArrow + c.To.String()
	case vastapi.AddSSHKey:
		r.Key = c.Key
	case vastapi.AttachSSHKey:
		r.Key = c.Key
	case vastapi.DeleteSSHKey:
		r.KeyID = c.Key
	case vastapi.DetachSSHKey:
		r.KeyID = c.Key
	case vastapi.SetInstanceState:
		r.State = c.State
	case vastapi.LabelInstance:
		r.Label = c.Label
	default:
		r.nameKeysAndVariables(s.Call)
	}
	return r
}

// nameKeysAndVariables keeps what a change of the account's keys and variables is about.
func (r *record) nameKeysAndVariables(call vastapi.Call) {
	switch c := call.(type) {
	case vastapi.CreateAPIKey:
		r.About, r.May = c.Name, mayOf(c.Permissions)
	case vastapi.DeleteAPIKey:
		r.APIKey = c.Key
	case vastapi.CreateEnvVar:
		r.About = c.Key
	case vastapi.UpdateEnvVar:
		r.About, r.Changes = c.Key, true
	case vastapi.DeleteEnvVar:
		r.About = c.Key
	}
}

// mayAll stands in the journal for a key that may do everything.
const mayAll vastapi.Right = "all"

func mayOf(p vastapi.Permissions) []vastapi.Right {
	if p.Full {
		return []vastapi.Right{mayAll}
	}
	return p.Groups
}

func permissionsOf(may []vastapi.Right) vastapi.Permissions {
	if slices.Contains(may, mayAll) {
		return vastapi.Permissions{Full: true}
	}
	return vastapi.Permissions{Groups: may}
}

// costOf is what an instance costs while it runs, nil when that is not known.
func costOf(i *vastapi.Instance) *vastapi.Rate {
	if i == nil {
		return nil
	}
	total := pricing.Running(i).Total()
	if !vastapi.Known(total) {
		return nil
	}
	return &total
}

// changeOf is by how much a bid changes what an instance is billed, nil when that is not
// known.
func changeOf(i *vastapi.Instance, price vastapi.Rate) *vastapi.Rate {
	if i == nil {
		return nil
	}
	change := bidChange(i, price)
	if !vastapi.Known(change) {
		return nil
	}
	return &change
}

// newest is the highest id among the instances that were known, 0 without one:
// what a plan makes has a higher one.
func (b Basis) newest() vastapi.InstanceID {
	var id vastapi.InstanceID
	for _, l := range b.Listed {
		id = max(id, l.Instance)
	}
	return id
}
