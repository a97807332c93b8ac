package rental

import (
	"fmt"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Mode says how the steps of a Plan hang together.
type Mode uint8

// The modes.
const (
	// Chain: each step needs the one before; the first failure ends the plan.
	Chain Mode = iota
	// Each: the steps are independent; every one is tried.
	Each
	// FirstN: the steps are candidates in order of preference; go on until
	// Plan.Want of them are confirmed.
	FirstN
)

func (m Mode) String() string {
	return [...]string{"chain", "each", "first n", "?"}[m&3]
}

// Undo says how a step can be taken back.
type Undo string

// The ways back.
const (
	UndoNever     Undo = "cannot be undone"
	UndoByStart   Undo = "start brings it back if the GPU is still free"
	UndoByStop    Undo = "stop takes it back"
	UndoByDestroy Undo = "destroy takes it back"
	UndoByRename  Undo = "rename takes it back"
)

// Plan is a change that has not been made. Every text in it is inert, and no
// text from outside stands in one line with a price.
type Plan struct {
	ID     string // unique over all processes; carried out at most once
	Verb   string // "rent", "destroy", "stop", "start", "rename", "reboot", "recycle", "update", "prepay", "bid", "accept", "reject", "ls", "du", "rm", "attach", "detach", "add key", "delete key", "create volume", "clone volume", "delete volume", "create api key", "delete api key", "set variable", "delete variable", "copy data", "cancel copy"
	Title  string // "Destroy 3 instances"
	Button string // what the button that agrees says: "Destroy 3"
	Keep   string // what the safe button says: "Keep them"

	Mode  Mode
	Want  int           // for FirstN: how many steps shall be confirmed
	Least int           // for FirstN: with fewer, Report.Rollback takes back those that were; 0 = any will do
	Takes time.Duration // for FirstN: how long it takes when all goes well; 0 = not worked out
	Steps []Step
	Facts []Line // what and where, for the dialog

	Cost     pricing.Delta
	Warnings []Warning
	Checks   []Check // the caps; a failed one needs its figure typed
	Consent  Consent

	Basis   Basis
	Ceiling Ceiling
}

// Subject is what a step or a fact is about. Ids that do not apply are 0.
type Subject struct {
	Offer    vastapi.OfferID
	Instance vastapi.InstanceID
	Machine  vastapi.MachineID
	Volume   vastapi.VolumeID
}

// Step is one request to the API, in words.
type Step struct {
	Verb   string // "destroy"
	Target string // `#1234 "worker-a"`
	Detail string // `1× "RTX 4090" · machine 512 · disk 40 GB is erased`
	Undo   Undo
	Call   vastapi.Call

	Subject Subject
	Token   string       // for a rent: what its label and its VX_OP carry
	Rate    vastapi.Rate // by how much the step can raise the running total, ≥ 0
	// Was is the target as it was when the plan was made, nil for a rent: what a
	// later reading is held against where the request alone does not tell.
	Was *vastapi.Instance
}

// After names the target as it is once the step is done: a rename's Target
// is its old name, so `#1234: now "worker-b"` for one, and Target for the others.
func (s Step) After() string {
	c, renames := s.Call.(vastapi.LabelInstance)
	if !renames {
		return s.Target
	}
	name, _ := SplitLabel(c.Label)
	return fmt.Sprintf("#%d: now %s", c.ID, named(name))
}

// Line is one labelled fact of a plan.
type Line struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Level is how much a warning matters.
type Level uint8

// The levels.
const (
	Note    Level = iota // good to know
	Caution              // may cost money or time
	Danger               // data is lost, or money is about to run out
)

func (l Level) String() string {
	return [...]string{"note", "caution", "danger", "?"}[l&3]
}

// MarshalText writes the level as a word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Warning is a sentence that has to be read before agreeing, with its numbers.
type Warning struct {
	Level Level  `json:"level"`
	Text  string `json:"text"`
}

// SpendsMoney reports whether the plan can raise what the account is billed.
func (p Plan) SpendsMoney() bool {
	for _, s := range p.Steps {
		if spends(s.Call) {
			return true
		}
	}
	return false
}

// spends reports whether a call can raise what the account is billed.
func spends(c vastapi.Call) bool {
	switch c := c.(type) {
	case vastapi.CreateInstance, vastapi.CreateVolume, vastapi.CloneVolume:
		return true
	case vastapi.SetInstanceState:
		return c.State == "running"
	case vastapi.AcceptPriceIncrease, vastapi.ChangeBid:
		return true
	}
	return false
}
