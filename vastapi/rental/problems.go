package rental

import (
	"fmt"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// ProblemKind is what is wrong with an instance.
type ProblemKind string

// The kinds of problems.
const (
	ProblemHopeless ProblemKind = "hopeless"       // it will not come up by itself
	ProblemStuck    ProblemKind = "stuck"          // its start has not moved for long
	ProblemSlow     ProblemKind = "slow"           // its start takes longer than usual
	ProblemExited   ProblemKind = "exited"         // its container ended by itself
	ProblemLost     ProblemKind = "offline"        // its machine cannot be reached
	ProblemOutbid   ProblemKind = "outbid"         // somebody bids more
	ProblemTaken    ProblemKind = "GPU taken"      // it shall run, but somebody else has the GPU
	ProblemIdle     ProblemKind = "idle"           // it is billed and computes nothing
	ProblemDisk     ProblemKind = "low disk"       // its disk is nearly full
	ProblemEnd      ProblemKind = "end"            // its contract ends soon, or has
	ProblemPrice    ProblemKind = "price increase" // its host asks for more
)

// The actions that a problem may lead to beside those of a rent.
const (
	ActBid     ActionKind = "bid"     // plan another bid: PlanBid
	ActStart   ActionKind = "start"   // PlanStart
	ActStop    ActionKind = "stop"    // PlanStop
	ActReboot  ActionKind = "reboot"  // PlanReboot
	ActRecycle ActionKind = "recycle" // PlanRecycle
	ActCopyOut ActionKind = "copy"    // copy its data somewhere else
	ActRun     ActionKind = "run"     // run Action.Field on it: PlanExecute
	ActAccept  ActionKind = "accept"  // PlanAcceptIncrease
	ActReject  ActionKind = "reject"  // PlanRejectIncrease
)

// When something becomes a problem.
const (
	idleAfter  = 15 * time.Minute
	takenAfter = 30 * time.Second
	endsAmber  = 72 * time.Hour
	endsRed    = 24 * time.Hour
	diskAmber  = 0.90
	diskRed    = 0.97
)

// Problem is something about an instance that wants looking at.
type Problem struct {
	Kind     ProblemKind
	Level    Level
	Instance vastapi.InstanceID
	// Evidence says what was seen, with its figures, in one inert sentence.
	Evidence string
	// Wasted is what it has cost so far for nothing; 0 = nothing or not known.
	Wasted  vastapi.Amount
	Actions []Action // the likeliest first

	detail string // what tells one problem of a kind from the next
}

// Key is the same for as long as it is the same problem: what was told once under
// a key need not be told again.
func (p Problem) Key() string { return fmt.Sprintf("%d/%s/%s", p.Instance, p.Kind, p.detail) }

// Over reports whether the end has come that the problem is about: the contract is
// not merely near its end.
func (p Problem) Over() bool { return p.Kind == ProblemEnd && p.detail == contractOver }

// contractOver tells the end that has come from the one that comes near.
const contractOver = "over"

// Background is what is known of an instance beside its present reading. Every part may
// be left at its zero value.
type Background struct {
	Watched   Watched
	Usual     time.Duration           // how long this host usually takes to start
	Increases []vastapi.PriceIncrease // what its host asks for
	Idle      time.Duration           // how long an unused GPU is no problem; 0 = 15 minutes
}

// Problems lists what is wrong with i, read at now, the worst first. There are
// none about one that is being destroyed.
func Problems(i *vastapi.Instance, now time.Time, past Background) []Problem {
	state := past.Watched.state(i, now)
	if state.Class == ClassTerminal {
		return nil
	}
	f := finder{i: i, now: now, past: past, state: state}
	f.starting()
	f.waiting()
	f.ends()
	f.idle()
	f.disk()
	f.price()
	return f.sorted()
}

// finder collects the problems of one instance.
type finder struct {
	i     *vastapi.Instance
	now   time.Time
	past  Background
	state State
	found []Problem
}

func (f *finder) add(p Problem, evidence string, actions ...Action) {
	p.Instance, p.Evidence = f.i.ID, sentence(evidence)
	p.Actions = append(p.Actions, actions...)
	f.found = append(f.found, p)
}

// act is an action on the instance.
func (f *finder) act(kind ActionKind, text string) Action {
	return Action{Kind: kind, Text: text, Instances: []vastapi.InstanceID{f.i.ID}, Machine: f.i.MachineID}
}

// sorted is what was found, dangers before cautions before notes.
func (f *finder) sorted() []Problem {
	var out []Problem
	for _, level := range []Level{Danger, Caution, Note} {
		for _, p := range f.found {
			if p.Level == level {
				out = append(out, p)
			}
		}
	}
	return out
}

// starting looks at an instance that shall run and does not.
func (f *finder) starting() {
	s := f.past.Watched.Startup
	if s.LastAt.IsZero() {
		s = s.Seen(f.i, f.now)
	}
	switch f.state.Class {
	case ClassFailed:
		switch f.state.Word {
		case "EXITED":
			f.exited()
			return
		case "ENDED":
			return // told by the end of the contract
		}
	case ClassStopped:
		if f.i.Intended.String() == "running" && f.i.Actual.String() == "stopped" {
			f.exited()
		}
		return
	case ClassMoving:
		if f.state.Word != "LOADING" && f.state.Word != "CREATING" {
			return
		}
	default:
		return
	}
	if s.Ready() {
		s = Startup{}.Seen(f.i, f.now)
	}
	v := s.Verdict(f.now, f.past.Usual)
	kinds := map[VerdictKind]Problem{
		VerdictHopeless: {Kind: ProblemHopeless, Level: Danger},
		VerdictStuck:    {Kind: ProblemStuck, Level: Danger},
		VerdictSlow:     {Kind: ProblemSlow, Level: Caution},
	}
	p, bad := kinds[v.Kind]
	if !bad {
		return
	}
	p.detail = fmt.Sprint(s.Began.Unix())
	f.add(p, strings.TrimSuffix(v.Evidence, "."), v.Actions...)
}

// exited: the container ended by itself while it was to run.
func (f *finder) exited() {
	evidence := "the container ended by itself; its disk is billed on"
	if f.state.Word == "STOPPED" {
		evidence = "its container is stopped although it shall run; its disk is billed on"
	}
	if !f.i.Status.Empty() {
		evidence += "; the host says " + safetext.Quote(f.i.Status.String(), maxMessage)
	}
	f.add(Problem{Kind: ProblemExited, Level: Danger}, evidence,
		f.act(ActLog, "Show its log"), f.act(ActReboot, "Reboot it"), f.act(ActStop, "Stop it"), f.act(ActDestroy, "Destroy it"))
}

// waiting looks at an instance that somebody or something else keeps from running.
func (f *finder) waiting() {
	since := f.past.Watched.Since()
	took := time.Duration(0)
	if !since.IsZero() {
		took = f.now.Sub(since)
	}
	rent, destroy := f.act(ActRentNext, "Rent the next best"), f.act(ActDestroy, "Destroy it")
	copyOut, wait := f.act(ActCopyOut, "Copy its data out"), Action{Kind: ActWait, Text: "Wait on"}
	switch {
	case f.state.Class == ClassLost:
		evidence := f.state.Why
		if took > 0 {
			evidence = fmt.Sprintf("for %s: %s", span(took), evidence)
		}
		f.add(Problem{Kind: ProblemLost, Level: Danger}, evidence, wait, rent, destroy)
	case f.state.Word == "OUTBID":
		f.add(Problem{Kind: ProblemOutbid, Level: Caution}, f.state.Why, f.act(ActBid, "Bid more"), wait, rent, copyOut, destroy)
	case f.state.Class == ClassWaiting && (took >= takenAfter || since.IsZero()):
		evidence := f.state.Why
		if took > 0 {
			evidence = fmt.Sprintf("it waits for %s: %s", span(took), evidence)
		}
		f.add(Problem{Kind: ProblemTaken, Level: Caution}, evidence,
			wait, copyOut, rent, f.act(ActStop, "Stop waiting"), destroy)
	}
}

// ends looks at the end of the contract.
func (f *finder) ends() {
	left := f.i.End.Sub(f.now)
	copyOut := f.act(ActCopyOut, "Copy its data out")
	switch {
	case f.i.End.IsZero() || left >= endsAmber:
	case left <= 0:
		f.add(Problem{Kind: ProblemEnd, Level: Danger, detail: contractOver},
			"the contract has ended: it cannot be started again, and its disk may be deleted 48 hours after the end", copyOut, f.act(ActDestroy, "Destroy it"))
	case left < endsRed:
		f.add(Problem{Kind: ProblemEnd, Level: Danger, detail: "red"},
			"the contract ends in "+span(left)+"; it is stopped for good then", copyOut, f.act(ActRentNext, "Rent the next best"))
	default:
		f.add(Problem{Kind: ProblemEnd, Level: Caution, detail: "amber"},
			"the contract ends in "+span(left)+"; it is stopped for good then", copyOut, f.act(ActRentNext, "Rent the next best"))
	}
}

// idle looks at what is billed and does nothing.
func (f *finder) idle() {
	since := f.past.Watched.IdleSince
	if since.IsZero() || !unused(f.i) || f.now.Sub(since) < f.patience() {
		return
	}
	idle, rate := f.now.Sub(since), pricing.Now(f.i)
	p := Problem{Kind: ProblemIdle, Level: Caution, detail: fmt.Sprint(since.Unix())}
	evidence := "the GPU has not been used for " + span(idle)
	if vastapi.Known(rate) {
		p.Wasted = rate.For(idle)
		evidence += fmt.Sprintf(": %s so far, %s a day", pricing.Money(p.Wasted), pricing.Money(rate.Day()))
	}
	f.add(p, evidence, f.act(ActStop, "Stop it"), f.act(ActLog, "Show its log"), f.act(ActDestroy, "Destroy it"))
}

// patience is how long an unused GPU is no problem.
func (f *finder) patience() time.Duration {
	if f.past.Idle > 0 {
		return f.past.Idle
	}
	return idleAfter
}

// disk looks at how full the disk is.
func (f *finder) disk() {
	share := float64(f.i.DiskUsed) / float64(f.i.Disk)
	if !(share >= diskAmber) {
		return
	}
	p := Problem{Kind: ProblemDisk, Level: Caution, detail: "amber"}
	if share >= diskRed {
		p.Level, p.detail = Danger, "red"
	}
	du := f.act(ActRun, "See what takes the room")
	du.Field = "du -s /workspace"
	f.add(p, fmt.Sprintf("the disk is %.0f%% full: %s of %s are left", min(share, 1)*100, used(max(0, f.i.Disk-f.i.DiskUsed)), gb(f.i.Disk)), du)
}

// price looks at what the host asks for.
func (f *finder) price() {
	for _, inc := range f.past.Increases {
		if inc.Instance != f.i.ID {
			continue
		}
		rise := RiseOf(f.i, inc)
		evidence := fmt.Sprintf("the host asks for %s while it runs, now it is %s: %s a month",
			pricing.Shown(rise.New.Total()), pricing.Shown(rise.Old.Total()), signed(rise.Change().Month()))
		f.add(Problem{Kind: ProblemPrice, Level: Caution, detail: inc.ID.String()}, evidence,
			f.act(ActAccept, "Accept"), f.act(ActReject, "Reject"), f.act(ActRentNext, "Rent the next best"))
	}
}
