package rental

import (
	"errors"
	"time"

	"vastdeck/vastapi"
)

// stage is how far one step is while a plan is carried out.
type stage uint8

const (
	stageUntried  stage = iota
	stageAccepted       // the server said yes; a read shall show it
	stageUnknown        // no answer; reads shall tell
	stageRepeat         // the server said not now; a read, then again
	stageDone
	stageFailed
	stageSkipped
)

// attempt is one step of a plan and what is known about it.
type attempt struct {
	index int
	step  Step
	op    string // its name in the journal
	stage stage

	sends int // how often it may be sent; 0 = it is only looked for
	tries int
	left  time.Time // when it left for the first time
	sent  time.Time // when it may have been on its way the latest
	stamp time.Time // of its latest record
	blind time.Time // when the list that would show it could not be read for the first time
	looks int       // reads since then that did not show the result

	unseeable bool // no read can tell what came of it
	unsent    bool // no byte of it left this machine
	refused   bool // the server said no
	doubted   bool // what is read may be another account: that something is missing there proves nothing

	asked    Asked // what a rent was agreed to be …
	compares bool  // … when that is known

	contract  vastapi.InstanceID
	copies    []vastapi.InstanceID // every instance with this rent's token
	foreign   bool                 // contract is an instance that this rent did not make
	queued    bool
	volume    vastapi.VolumeID // the volume it made
	newest    vastapi.VolumeID // the highest id of a volume that was known before
	key       vastapi.NewKey   // the API key it made
	newestKey int64            // the highest id of an API key that was known before
	output    vastapi.Output   // where what it prints can be read
	said      reply
	verified  bool
	why       string
	err       error
	delivered *vastapi.Instance
	seenAt    time.Time // when delivered was read
	differs   []Difference
}

func (a *attempt) result() StepResult {
	r := StepResult{
		Index: a.index, Step: a.step, Outcome: a.outcome(), Contract: a.contract, Verified: a.verified,
		Queued: a.queued, Why: sentence(a.why), Err: a.err, Delivered: a.delivered, Seen: a.seenAt, Differences: a.differs, Output: a.output, Volume: a.volume,
		Key:    a.key,
		Copies: a.copies, Foreign: a.foreign,
	}
	if a.tries > 0 && !a.unsent {
		r.Sent = a.left
	}
	return r
}

func (a *attempt) outcome() vastapi.Outcome {
	switch a.stage {
	case stageAccepted, stageDone:
		return vastapi.OutcomeConfirmed
	case stageFailed, stageRepeat:
		if a.tries > 0 && !a.unsent {
			return vastapi.OutcomeRejected
		}
	case stageUnknown:
		return vastapi.OutcomeUnknown
	}
	return vastapi.OutcomeNotSent
}

// pending reports whether reading the account may tell more about a.
func (a *attempt) pending() bool {
	return !a.unseeable && (a.stage == stageAccepted || a.stage == stageUnknown || a.stage == stageRepeat)
}

// takes reports whether a has happened or may have.
func (a *attempt) takes() bool {
	return a.stage == stageAccepted || a.stage == stageUnknown || a.stage == stageDone
}

// repeatable reports whether sending the request again can do no harm: it names
// its target and twice comes to the same as once.
func (a *attempt) repeatable() bool {
	switch c := a.step.Call.(type) {
	case vastapi.DestroyInstance, vastapi.DeleteVolume:
		return true
	case vastapi.SetInstanceState:
		return c.State == "stopped"
	}
	return false
}

func isRent(c vastapi.Call) bool {
	_, ok := c.(vastapi.CreateInstance)
	return ok
}

func isDestroy(c vastapi.Call) bool {
	_, ok := c.(vastapi.DestroyInstance)
	return ok
}

// apiError finds the API's error in err.
func apiError(err error) (*vastapi.Error, bool) {
	return errors.AsType[*vastapi.Error](err)
}
