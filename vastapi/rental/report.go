package rental

import (
	"time"

	"vastdeck/vastapi"
)

// Report is what came of a plan. Every step is in exactly one of the lists.
type Report struct {
	Plan     Plan
	Done     []StepResult
	Failed   []StepResult
	Skipped  []StepResult // not needed any more, or no longer as agreed; nothing was sent
	Unknown  []StepResult // may or may not have happened; the journal keeps them open
	NotTried []StepResult

	Moved []Change // why the whole plan was refused; nothing was sent then
	Lower []Change // prices that turned out lower than shown
	Err   error    // why the plan ended early, nil when it ran to its end
}

// StepResult is what came of one step.
type StepResult struct {
	Index    int // place in Plan.Steps
	Step     Step
	Outcome  vastapi.Outcome
	Contract vastapi.InstanceID // the instance a rent made, failed rents that left one behind included; 0 = none
	Volume   vastapi.VolumeID   // the volume that was made; 0 = none
	Verified bool               // a fresh read has shown the result
	Queued   bool               // a start that waits for the GPU
	Output   vastapi.Output     // where what a command prints can be read: Client.Output
	Key      vastapi.NewKey     // the API key that was made; it is told once
	Why      string             // in the user's words, with a next step; "" when all went as planned
	Err      error              // what the API said, nil when it said yes

	Sent time.Time // when the request left, zero when it did not
	Seen time.Time // when Delivered was read

	// Copies are the instances that carry the token of a rent, Contract among them;
	// nil when none was seen, and more than one when it was rented more than once.
	Copies []vastapi.InstanceID
	// Foreign is set when the answer to a rent named an instance that the rent did
	// not make: Contract is somebody's, and never to be destroyed for this.
	Foreign bool

	Delivered   *vastapi.Instance // what a rent got, nil when it was not seen yet
	Differences []Difference      // where that differs from what was asked for
}

// StepState is how far a step is.
type StepState uint8

// The states of a step.
const (
	StateWaiting  StepState = iota
	StateSending            // the request is on its way
	StateAccepted           // the server said yes; the result is being looked for
	StateVerified           // a fresh read has shown the result
	StateFailed
	StateSkipped
	StateUnknown // no clear answer; the account is being read to find out
)

func (s StepState) String() string {
	return [...]string{"waiting", "sending", "accepted", "verified", "failed", "skipped", "unknown", "?"}[s&7]
}

// Progress is one step of the way, told while a plan is carried out.
type Progress struct {
	Step  int
	State StepState
	Note  string
}

// Rest is the part of the plan that was not carried out: steps that were not
// tried and steps that surely failed. It is what can be planned again.
func (r Report) Rest() []Step {
	var rest []Step
	for _, s := range r.NotTried {
		rest = append(rest, s.Step)
	}
	for _, s := range r.Failed {
		rest = append(rest, s.Step)
	}
	return rest
}
